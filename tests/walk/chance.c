/* SPDX-License-Identifier: BSD-2-Clause */
/* Operations by chance, mostly such as could succeed: what stands in a parameter is drawn by its name in
 * the table of invocations. A draw looks at the world to find capabilities of the right type, but what
 * comes out of it is fixed numbers. */
#include "walk/walk.h"

#include <string.h>

#include "kernel/internal.h"
#include "walk/edges.h"

enum { IO_APIC_LINES = 24 };

word_t roll(struct dice *d, word_t sides)
{
    d->state ^= d->state << 13;
    d->state ^= d->state >> 7;
    d->state ^= d->state << 17;
    return (d->state * UINT64_C(0x2545f4914f6cdd1d) >> 11) % sides;
}

static struct cap cap_in(const struct world *w, word_t slot)
{
    struct cap root = cte_at(w, tcb_slot(kernel_at(w)->current, TCB_CTABLE))->cap;
    if (cap_type(root) != CAP_CNODE || slot >> cap_cnode_radix(root)) return cap_new(CAP_NULL);
    return cte_at(w, cap_object(root) + (slot << SLOT_BITS))->cap;
}

static word_t anything(struct dice *d)
{
    if (roll(d, 4) == 0) return roll(d, UINT64_C(1) << 52) << roll(d, 13);
    return edges[roll(d, EDGES)];
}

static word_t any_slot(struct dice *d)
{
    if (roll(d, 400) == 0) return roll(d, 100); /* what boot and the prompt hold */
    return WINDOW + roll(d, WINDOW_SLOTS);
}

/* A slot of the window that holds such a capability, if there is one: CAP_NULL an empty one. */
static word_t slot_with(const struct machine *m, struct dice *d, enum cap_type type)
{
    word_t from = roll(d, WINDOW_SLOTS);
    if (roll(d, 60) == 0) return any_slot(d);
    for (word_t i = 0; i < WINDOW_SLOTS; i++) {
        word_t slot = WINDOW + (from + i) % WINDOW_SLOTS;
        if (cap_type(cap_in(&m->w, slot)) == type) return slot;
    }
    return any_slot(d);
}

static word_t address(struct dice *d)
{
    static const word_t base[] = { 0x10000000, 0x600000, 0x800000, UINT64_C(1) << 39, 0x40000000 };
    if (roll(d, 20) == 0) return anything(d);
    return base[roll(d, 5)] + (roll(d, 3) ? roll(d, 4) << PAGE_BITS : roll(d, 4) << 21);
}

static word_t port(struct dice *d)
{
    static const word_t ports[] = {
        0x40, 0x42, 0x43, 0x61, 0x3f8, 0x3f9, 0x3fa, 0x3fd, 0x3ff, 0x80
    };
    return roll(d, 10) ? ports[roll(d, 10)] : anything(d);
}

static word_t badge_or_guard(struct dice *d)
{
    switch (roll(d, 4)) {
    case 0: return 0;
    case 1: return 64 - roll(d, 11); /* a guard of so many zero bits */
    case 2: return roll(d, 8) << 6 | roll(d, 12);
    default: return 1 + roll(d, 7);
    }
}

static word_t duration(struct dice *d)
{
    return roll(d, 6) ? roll(d, 4) : anything(d);
}

static word_t one(struct dice *d)
{
    return 1 + (roll(d, 4) ? 0 : roll(d, 3));
}

static word_t size_bits(struct dice *d)
{
    return 4 + roll(d, roll(d, 5) ? 6 : 20);
}

static word_t ip(struct dice *d)
{
    return roll(d, 5) ? HAND_PAGE + 2 : roll(d, 2) ? HAND_PAGE : anything(d);
}

static word_t rights(struct dice *d)
{
    return roll(d, 2) ? 15 : roll(d, 16);
}

static word_t zero(struct dice *d)
{
    return roll(d, 30) ? 0 : anything(d);
}

static word_t depth(struct dice *d)
{
    return roll(d, 60) ? 64 : anything(d);
}

static word_t priority(struct dice *d)
{
    return roll(d, 256);
}

static word_t small(struct dice *d)
{
    return roll(d, 20) ? roll(d, 5) : anything(d);
}

static word_t line(struct dice *d)
{
    return roll(d, 20) ? (roll(d, 2) ? 4 : roll(d, IO_APIC_LINES)) : anything(d);
}

static word_t buffer(struct dice *d)
{
    return roll(d, 4) ? HAND_BUFFER : address(d);
}

/* Words, by the ends of their parameters' names; the first that fits counts. */
/* clang-format off */
static const struct {
    const char *ending;
    word_t (*draw)(struct dice *d);
} words[] = {
    { "size_bits", size_bits }, { "num_objects", one },  { "node_index", zero },  { "node_depth", zero },
    { "depth", depth },         { "rights", rights },
    { "badge", badge_or_guard }, { "_data", zero },       { "buffer", buffer },
    { "priority", priority },   { "mcp", priority },     { "vaddr", address },    { "attr", zero },
    { "tls_base", address },    { "regs", ip },          { "count", small },      { "duration", duration },
    { "first_port", port },     { "last_port", port },   { "port", port },        { "pin", line },
    { "vector", line },         { "ioapic", zero },      { "level", zero },       { "polarity", zero },
    { "domain", small },        { "type", small },       { "size", small },       { "rw", small },
    { "bp_num", small },        { "arch_flags", zero },  { "num_instructions", small },
};
/* clang-format on */

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), n = strlen(ending);
    return length >= n && strcmp(text + length - n, ending) == 0;
}

static word_t word_for(struct dice *d, const char *name)
{
    if (roll(d, 200) == 0) return anything(d);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (ends_with(name, words[i].ending)) return words[i].draw(d);
    return roll(d, 2);
}

/* clang-format off */
static const struct {
    const char *name; /* of the type, or the end of the parameter's */
    enum cap_type type;
} caps[] = {
    { "seL4_TCB", CAP_THREAD },  { "seL4_Untyped", CAP_UNTYPED }, { "seL4_X64_PML4", CAP_PML4 },
    { "vspace", CAP_PML4 },      { "vspace_root", CAP_PML4 },     { "notification", CAP_NOTIFICATION },
    { "bufferFrame", CAP_FRAME }, { "authority", CAP_THREAD },
};
/* clang-format on */

static word_t cap_for(const struct machine *m, struct dice *d, const struct parameter *p)
{
    if (strcmp(p->type, "seL4_CNode") == 0 || strcmp(p->name, "cspace_root") == 0)
        return roll(d, 30) ? SLOT_CNODE : slot_with(m, d, CAP_CNODE);
    if (strcmp(p->name, "authority") == 0 && roll(d, 4)) return SLOT_OWN_TCB;
    if (strncmp(p->name, "vspace", 6) == 0 && roll(d, 4)) return SLOT_VSPACE;
    for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++)
        if (strcmp(caps[i].name, p->type) == 0 || strcmp(caps[i].name, p->name) == 0)
            return slot_with(m, d, caps[i].type);
    return any_slot(d);
}

/* A slot that holds something. */
static word_t full_slot(const struct machine *m, struct dice *d)
{
    word_t from = roll(d, WINDOW_SLOTS);
    for (word_t i = 0; i < WINDOW_SLOTS; i++) {
        word_t slot = WINDOW + (from + i) % WINDOW_SLOTS;
        if (cap_type(cap_in(&m->w, slot)) != CAP_NULL) return slot;
    }
    return any_slot(d);
}

/* Where something comes from is full as a rule, where it goes to is empty. */
static word_t slot_for(const struct machine *m, struct dice *d, const char *name)
{
    if (roll(d, 8) == 0) return any_slot(d);
    if (strncmp(name, "dest", 4) == 0 || strcmp(name, "node_offset") == 0)
        return slot_with(m, d, CAP_NULL);
    return strcmp(name, "index") == 0 && roll(d, 3) ? any_slot(d) : full_slot(m, d);
}

/* ---- Invocations ---- */

/* Types by weight: a letter of the list is drawn. */
static word_t service_by_chance(const struct machine *m, struct dice *d)
{
    static const enum cap_type often[] = { CAP_UNTYPED,     CAP_THREAD,  CAP_THREAD, CAP_FRAME,
                                           CAP_IRQ_HANDLER, CAP_IO_PORT, CAP_CNODE };
    word_t kind = roll(d, 100);
    if (kind < 40) return SLOT_CNODE;
    if (kind < 85) return slot_with(m, d, often[roll(d, sizeof often / sizeof often[0])]);
    if (kind < 90) return WINDOW + roll(d, WINDOW_SLOTS);
    if (kind < 99) return 4 + roll(d, 8); /* control capabilities */
    return any_slot(d);
}

/* A row that the capability has; false when it has none. */
static bool row_by_chance(const struct machine *m, struct dice *d, word_t service, uint8_t *row)
{
    enum cap_type type = cap_type(cap_in(&m->w, service));
    size_t from = roll(d, invocation_rows);
    for (size_t n = 0; n < invocation_rows; n++) {
        size_t i = (from + n * 7) % invocation_rows;
        const struct invocation_desc *desc = &invocation_table[i];
        if (desc->on != type || !config_has(kernel_config(&m->w), desc->condition)) continue;
        *row = (uint8_t)i;
        return true;
    }
    return false;
}

/* Retype of what is not memory of pages is what a walk lives on; pages take much. */
static void choose_type(const struct machine *m, struct dice *d, struct op *op)
{
    op->arg[0] = roll(d, 3) ? roll(d, 5) : roll(d, 13);
    op->arg[5] = slot_with(m, d, CAP_NULL);
    if (cap_type(cap_in(&m->w, op->service)) != CAP_UNTYPED || roll(d, 8) == 0)
        op->service = WINDOW + 14 + roll(d, 4);
}

/* What takes away is called less often than what gives: rows without a destination or a result. */
static bool takes_away(const struct op *op)
{
    const char *label = invocation_table[op->which].label;
    return strcmp(label, "CNodeRevoke") == 0 || strcmp(label, "CNodeDelete") == 0 ||
           strcmp(label, "CNodeCancelBadgedSends") == 0 ||
           strcmp(label, "TCBUnbindNotification") == 0;
}

static word_t argument(const struct machine *m, struct dice *d, const struct op *op,
                       const struct parameter *p)
{
    if (p->is_cap) return cap_for(m, d, p);
    if (strcmp(p->name, "fault_ep") == 0) return slot_with(m, d, CAP_ENDPOINT);
    bool is_slot = ends_with(p->name, "index") || strcmp(p->name, "node_offset") == 0;
    if (!is_slot || strcmp(p->name, "node_index") == 0) return word_for(d, p->name);
    return invocation_table[op->which].on == CAP_DOMAIN ? small(d) : slot_for(m, d, p->name);
}

static struct op invoke_by_chance(const struct machine *m, struct dice *d)
{
    struct op op = { .kind = OP_INVOKE, .service = service_by_chance(m, d) };
    if (!row_by_chance(m, d, op.service, &op.which)) {
        op.service = SLOT_CNODE;
        if (!row_by_chance(m, d, op.service, &op.which)) op.which = 0;
    }
    if (takes_away(&op) && roll(d, 2)) row_by_chance(m, d, op.service, &op.which);
    const struct parameters *row = &m->row[op.which];
    for (unsigned i = 0; i < row->count && i < OP_ARGS; i++)
        op.arg[i] = argument(m, d, &op, &row->p[i]);
    if (invocation_table[op.which].on == CAP_UNTYPED) choose_type(m, d, &op);
    if (roll(d, 12)) return op;
    op = op_as_message(m, &op); /* by another system call, or cut */
    op.which = roll(d, 2) ? SYS_Send : roll(d, 2) ? SYS_NBSend : SYS_Call;
    if (roll(d, 2)) op.length = (uint8_t)roll(d, 8);
    if (roll(d, 3) == 0) op.caps = (uint8_t)roll(d, 4);
    return op;
}

/* ---- Messages ---- */

static struct op message_by_chance(const struct machine *m, struct dice *d, bool may_block)
{
    static const enum syscall blocks[] = { SYS_Call, SYS_Send, SYS_Recv, SYS_ReplyRecv, SYS_Recv },
                              passes[] = { SYS_NBSend, SYS_Reply, SYS_NBRecv, SYS_Yield };
    struct op op = { .kind = OP_MESSAGE, .label = roll(d, 4), .length = (uint8_t)roll(d, 8) };
    op.which = (uint8_t)(may_block && roll(d, 3) ? blocks[roll(d, 5)] : passes[roll(d, 4)]);
    if (!may_block && op.which == SYS_NBRecv)
        op.which = SYS_NBSend; /* it faults on other objects */
    op.service = slot_with(m, d, roll(d, 3) ? CAP_ENDPOINT : CAP_NOTIFICATION);
    if (roll(d, 10) == 0) op.service = slot_with(m, d, CAP_REPLY);
    if (roll(d, 3) == 0) op.caps = (uint8_t)(1 + roll(d, 3));
    if (roll(d, 40) == 0) op.length = (uint8_t)roll(d, 128);
    for (unsigned i = 0; i < op.length && i < OP_ARGS; i++) op.arg[i] = small(d);
    for (unsigned i = 0; i < op.caps; i++) op.cap[i] = any_slot(d);
    return op;
}

static struct op fault_by_chance(struct dice *d)
{
    struct op op = { .kind = OP_FAULT, .which = (uint8_t)roll(d, FAULT_WAYS) };
    op.arg[0] = op.which == FAULT_BY_SYSCALL ? 1 + roll(d, 99) : address(d);
    return op;
}

/* Short of the next event, so that it comes in the midst of something, or past it. */
static struct op time_by_chance(const struct machine *m, struct dice *d)
{
    word_t now = cpu_at(&m->w)->clock, next = kernel_next_event(&m->w);
    word_t left = next > now && next - now < 100000000 ? next - now : 2000000,
           early = roll(d, 4000);
    return (
        struct op){ .kind = OP_TIME,
                    .arg = { roll(d, 3) ? left - (early < left ? early : 0) : roll(d, 3000000) } };
}

static uint8_t row_of(const char *label)
{
    for (size_t i = 0; i < invocation_rows; i++)
        if (strcmp(invocation_table[i].label, label) == 0) return (uint8_t)i;
    return 0;
}

/* The caretaker has the lowest priority and runs when all others wait: it sets somebody going again, and
 * gives back what a thread needs to go. */
static struct op care_by_chance(const struct machine *m, struct dice *d)
{
    struct op op = { .kind = OP_INVOKE, .service = slot_with(m, d, CAP_THREAD) };
    word_t kind = roll(d, 10);
    if (kind == 0) {
        op.which = row_of("TCBResume");
    } else if (kind < 3) {
        op.which = row_of("TCBConfigure");
        const word_t arg[] = {
            slot_with(m, d, CAP_ENDPOINT), SLOT_CNODE, 0, SLOT_VSPACE, 0, HAND_BUFFER,
            slot_with(m, d, CAP_FRAME)
        };
        memcpy(op.arg, arg, sizeof arg);
    } else {
        op.which = row_of("TCBWriteRegisters");
        op.arg[0] = 1;
        op.arg[2] = 3;
        op.arg[3] = HAND_PAGE + 2;
    }
    return op;
}

/* An interrupt is near: something that takes so long that it comes in the midst of it. */
static struct op long_by_chance(const struct machine *m, struct dice *d)
{
    struct op op = { .kind = OP_INVOKE, .service = SLOT_CNODE };
    word_t kind = roll(d, 4);
    if (kind == 0) {
        const word_t arg[] = {
            roll(d, 5), 4 + roll(d, 8), SLOT_CNODE, 0, 0, slot_with(m, d, CAP_NULL), 1
        };
        op.which = row_of("UntypedRetype");
        op.service = WINDOW + 14 + roll(d, 4);
        memcpy(op.arg, arg, sizeof arg);
        return op;
    }
    op.which = row_of(kind == 1 ? "CNodeRevoke" : "CNodeDelete");
    op.arg[0] = slot_with(m, d, kind == 1 ? CAP_UNTYPED : kind == 2 ? CAP_CNODE : CAP_ZOMBIE);
    op.arg[1] = 64;
    return op;
}

static bool interrupt_is_near(const struct machine *m)
{
    enum { NEAR_NS = 6000 };
    return kernel_next_event(&m->w) - cpu_at(&m->w)->clock < NEAR_NS;
}

struct op op_by_chance(const struct machine *m, struct dice *d)
{
    const struct kernel *k = kernel_at(&m->w);
    bool cares = k->current == k->root_tcb || k->current == k->idle;
    word_t kind = roll(d, 100);
    if (interrupt_is_near(m) && kind < 60) return long_by_chance(m, d);
    if (kind < 3) return time_by_chance(m, d);
    if (kind < 5) return (struct op){ .kind = OP_BYTE, .arg = { 'a' + roll(d, 26) } };
    if (kind < 8) return (struct op){ .kind = OP_ACCEPT, .service = slot_with(m, d, CAP_NULL) };
    if (cares && kind < 35) return care_by_chance(m, d);
    if (kind < 13 && !cares) return fault_by_chance(d);
    if (kind < 45) return message_by_chance(m, d, !cares);
    return invoke_by_chance(m, d);
}
