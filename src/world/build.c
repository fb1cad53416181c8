/* SPDX-License-Identifier: BSD-2-Clause */
/* Building by invocations: slots, untyped memory, page tables, frames. Each step is a call by the
 * seat's thread; the first that is refused ends it. */
#include "world/builder.h"

#include <stdio.h>
#include <string.h>

bool build_refused(struct builder *b)
{
    b->b.ok = false;
    return false;
}

/* A CNode capability in the root CNode that names the root CNode itself. */
static bool find_own_root(struct builder *b)
{
    struct cap root = cte_at(b->w, tcb_slot(b->seat, TCB_CTABLE))->cap;
    b->root = root;
    if (cap_type(root) == CAP_CNODE)
        b->root_cptr = build_need(b, CAP_CNODE, cap_cnode_object(root), "its own CSpace");
    else
        problem_set(&b->b.problem, "", "%s has no CSpace", thread_name(b->w, b->seat));
    return b->root_cptr != 0;
}

struct builder builder_start(struct session *s)
{
    struct builder b = {
        .s = s, .w = session_world(s), .seat = session_seat(s), .b = { .ok = true }
    };
    session_finish_phases(s);
    if (!hand_can_act(s, &b.b.problem) || !find_own_root(&b)) {
        b.b.ok = false;
        return b;
    }
    paddr_t slot = 0;
    kernel_lookup_slot(b.w, b.seat, b.root_cptr, &slot);
    b.root = cte_at(b.w, slot)->cap;
    b.spare = ((word_t)1 << cap_cnode_radix(b.root)) / 2;
    return b;
}

/* Breakpoints and `slowly` wait until the whole is built: nobody could go on in the middle of it. */
static bool build_do(struct builder *b, struct stop *stop)
{
    bool addresses = b->s->break_addresses, events = b->s->break_events;
    b->s->break_addresses = b->s->break_events = b->s->slowly = false;
    bool done = call_do(b->s, &b->b.last, stop, &b->b.result, &b->b.problem);
    b->s->break_addresses = addresses;
    b->s->break_events = events;
    return done;
}

/* What a call holds beside its arguments, registers and a name, is put there before. */
static bool build_find(struct builder *b, const char *function)
{
    struct call call;
    if (!call_find(b->w, function, &call))
        return problem_set(&b->b.problem, "", "this kernel has no %s", function);
    memcpy(call.context, b->b.last.context, sizeof call.context);
    memcpy(call.text, b->b.last.text, sizeof call.text);
    b->b.last = call;
    return true;
}

bool build_call(struct builder *b, const char *function, word_t service, const word_t *arg,
                unsigned argc)
{
    struct stop stop;
    if (!b->b.ok) return false;
    if (!build_find(b, function)) return build_refused(b);
    b->b.last.service = service;
    b->b.last.argc = argc;
    for (unsigned i = 0; i < argc; i++) b->b.last.arg[i] = arg[i];
    b->b.calls += b->b.last.invocation != NULL;
    if (!build_do(b, &stop)) return build_refused(b);
    if (stop.kind != STOP_DONE) {
        problem_set(&b->b.problem, "`undo` takes back what was made",
                    "the machine stopped in the middle of %s", function);
        return build_refused(b);
    }
    return b->b.result.error == SEL4_NoError ? true : build_refused(b);
}

/* ---- slots ---- */

static paddr_t slots_begin(const struct builder *b)
{
    return cap_cnode_object(b->root);
}

static word_t slots_count(const struct builder *b)
{
    return (word_t)1 << cap_cnode_radix(b->root);
}

paddr_t build_spare_slot(struct builder *b)
{
    if (!b->b.ok) return 0;
    for (; b->spare < slots_count(b); b->spare++) {
        paddr_t slot = slots_begin(b) + (b->spare << SLOT_BITS);
        if (slot_is_free(b->w, slot)) {
            b->spare++;
            return slot;
        }
    }
    return build_named_slot(b);
}

paddr_t build_named_slot(struct builder *b)
{
    paddr_t slot = b->b.ok ? slot_first_empty(b->w, b->root) : 0;
    if (slot || !b->b.ok) return slot;
    problem_set(&b->b.problem, "`delete` what is not needed", "%s's CSpace is full",
                thread_name(b->w, b->seat));
    build_refused(b);
    return 0;
}

word_t build_cptr(const struct builder *b, paddr_t slot)
{
    word_t cptr = 0;
    slot_cptr(b->w, b->seat, slot, &cptr);
    return cptr;
}

word_t build_depth(const struct builder *b)
{
    return cap_cnode_radix(b->root) + cap_cnode_guard_size(b->root);
}

word_t build_index(const struct builder *b, paddr_t slot)
{
    return cap_cnode_guard(b->root) << cap_cnode_radix(b->root) | slot_index(b->root, slot);
}

word_t build_need(struct builder *b, enum cap_type type, paddr_t object, const char *what)
{
    word_t cptr;
    for (word_t i = 0; b->b.ok && i < slots_count(b); i++) {
        paddr_t slot = slots_begin(b) + (i << SLOT_BITS);
        struct cap cap = cte_at(b->w, slot)->cap;
        bool is_it = cap_type(cap) == type && (!object || cap_object(cap) == object);
        if (is_it && slot_cptr(b->w, b->seat, slot, &cptr)) return cptr;
    }
    if (b->b.ok)
        problem_set(&b->b.problem, "do it as rootserver, which has one: `as rootserver`",
                    "%s has no capability to %s", thread_name(b->w, b->seat), what);
    build_refused(b);
    return 0;
}

bool build_name(struct builder *b, paddr_t slot, const char *thread, const char *ending)
{
    char text[NAME_SIZE + NAME_OF_THREAD];
    snprintf(text, sizeof text, "%s%s", thread, ending);
    if (!b->b.ok) return false;
    if (name_set(session_world(b->s), slot, text)) return true;
    problem_set(&b->b.problem, "letters, digits and _; at most 24 of them",
                "%s is no name for a slot", text);
    return build_refused(b);
}

/* ---- objects ---- */

/* Where the next object would lie in untyped memory. The kernel starts anew with one of which
 * nothing is left. */
static word_t untyped_next(const struct world *w, paddr_t slot)
{
    const struct cte *cte = cte_at(w, slot);
    word_t size = (word_t)1 << cap_untyped_size_bits(cte->cap);
    paddr_t next = cte_next(cte);
    bool used = next && cap_object(cte_at(w, next)->cap) - cap_untyped_object(cte->cap) < size;
    return used ? cap_untyped_free_index(cte->cap) << 4 : 0;
}

static bool untyped_holds(const struct world *w, paddr_t slot, unsigned object_bits)
{
    struct cap cap = cte_at(w, slot)->cap;
    word_t object = (word_t)1 << object_bits, size = (word_t)1 << cap_untyped_size_bits(cap);
    word_t at = (untyped_next(w, slot) + object - 1) & ~(object - 1);
    return at < size && object <= size - at;
}

/* The first of the biggest untyped memories that have room, no device's. */
static word_t best_untyped(struct builder *b, unsigned object_bits)
{
    word_t best = 0, best_bits = 0, cptr;
    for (word_t i = 0; i < slots_count(b); i++) {
        paddr_t slot = slots_begin(b) + (i << SLOT_BITS);
        struct cap cap = cte_at(b->w, slot)->cap;
        if (cap_type(cap) != CAP_UNTYPED || cap_untyped_is_device(cap)) continue;
        if (cap_untyped_size_bits(cap) <= best_bits || !untyped_holds(b->w, slot, object_bits))
            continue;
        if (!slot_cptr(b->w, b->seat, slot, &cptr)) continue;
        best = cptr;
        best_bits = cap_untyped_size_bits(cap);
    }
    return best ? best : build_need(b, CAP_UNTYPED, ~(paddr_t)0, "enough untyped memory");
}

static const struct object_desc *find_kind(struct builder *b, const char *kind, word_t *type)
{
    for (size_t i = 0; i < object_rows; i++)
        if (strcmp(object_table[i].word, kind) == 0 &&
            object_type(&kernel_at(b->w)->numbers, object_table[i].name, type))
            return &object_table[i];
    problem_set(&b->b.problem,
                "endpoint, notification, tcb, cnode, untyped, frame, pagetable, vspace, thread, …",
                "there is no kind of object \"%s\"", kind);
    build_refused(b);
    return NULL;
}

bool build_retype(struct builder *b, const char *kind, word_t size_bits, paddr_t slot)
{
    word_t type = 0;
    const struct object_desc *row = b->b.ok ? find_kind(b, kind, &type) : NULL;
    if (!row) return false;
    word_t bits = row->size_bits ? row->size_bits : size_bits;
    if (row->cap == CAP_CNODE && bits < 48) bits += SLOT_BITS;
    word_t untyped = bits < 48 ? best_untyped(b, (unsigned)bits)
                               : build_need(b, CAP_UNTYPED, 0, "any untyped memory");
    return BUILD(b, "seL4_Untyped_Retype", untyped, type, size_bits, b->root_cptr, 0, 0,
                 slot_index(b->root, slot), 1);
}

struct build build_object(struct session *s, const char *kind, word_t size_bits,
                          paddr_t destination)
{
    struct builder b = builder_start(s);
    if (b.b.ok) build_retype(&b, kind, size_bits, destination);
    return b.b;
}

/* ---- address spaces ---- */

static bool entry_below(const struct builder *b, paddr_t table, word_t address, unsigned level,
                        word_t *entry)
{
    paddr_t at =
        table + (address >> (PAGE_BITS + level * VSPACE_BITS_TABLE) & 511) * sizeof(word_t);
    if (!memory_holds(b->w, at, sizeof(word_t))) return false;
    *entry = memory_word(b->w, at);
    return *entry & ENTRY_PRESENT;
}

static bool build_missing_tables(struct builder *b, word_t vspace, word_t address)
{
    static const char *const kind[] = { "pagetable", "pagedirectory", "pdpt" };
    static const char *const function[] = { "seL4_X86_PageTable_Map", "seL4_X86_PageDirectory_Map",
                                            "seL4_X86_PDPT_Map" };
    paddr_t slot = 0;
    if (!b->b.ok) return false;
    if (kernel_lookup_slot(b->w, b->seat, vspace, &slot).type != LOOKUP_OK ||
        cap_type(cte_at(b->w, slot)->cap) != CAP_PML4) {
        problem_set(&b->b.problem, "name a VSpace, as `new thread` leaves one: X_vspace",
                    "that is no address space");
        return build_refused(b);
    }
    paddr_t table = cap_pml4_object(cte_at(b->w, slot)->cap);
    for (int level = 2; level >= 0; level--) {
        word_t entry = 0;
        if (!entry_below(b, table, address, (unsigned)level + 1, &entry)) {
            paddr_t spare = build_spare_slot(b);
            if (!build_retype(b, kind[level], 0, spare)) return false;
            if (!BUILD(b, function[level], build_cptr(b, spare), vspace, address, 0)) return false;
            entry_below(b, table, address, (unsigned)level + 1, &entry);
        }
        if (entry & ENTRY_LARGE && level < 2) return true;
        table = entry & ENTRY_ADDRESS;
    }
    return true;
}

struct build build_tables(struct session *s, word_t vspace_cptr, word_t address)
{
    struct builder b = builder_start(s);
    build_missing_tables(&b, vspace_cptr, address);
    return b.b;
}

bool build_page(struct builder *b, word_t vspace, word_t address, paddr_t slot, paddr_t *frame)
{
    bool made = build_missing_tables(b, vspace, address) && build_retype(b, "frame", 0, slot);
    if (!made) return false;
    *frame = cap_frame_object(cte_at(b->w, slot)->cap);
    return BUILD(b, "seL4_X86_Page_Map", build_cptr(b, slot), vspace, address,
                 RIGHT_READ | RIGHT_WRITE, 0);
}
