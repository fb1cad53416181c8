/* SPDX-License-Identifier: BSD-2-Clause */
/* DebugSnapshot: objects, capabilities and interrupts in the words of capDL, but for those of the root
 * task and the idle thread. Ends early where the real kernel does not come through.
 * seL4: src/machine/capdl.c, src/arch/x86/machine/capdl.c, debug_capDL. */
#include "kernel/capdl.h"

#include <inttypes.h>
#include <string.h>

static const char structures_gen_h[] = "generated/arch/object/structures_gen.h";

/* The capability that a thread finds at a CPtr. */
static struct cap found_cap(const struct capdl *c, paddr_t tcb, word_t cptr, paddr_t *slot)
{
    bool found = kernel_lookup_slot(c->w, tcb, cptr, slot).type == LOOKUP_OK;
    return found ? cte_at(c->w, *slot)->cap : cap_new(CAP_NULL);
}

static struct cap tcb_cap(const struct capdl *c, paddr_t tcb, enum tcb_slot slot)
{
    return cte_at(c->w, tcb_slot(tcb, slot))->cap;
}

static word_t object_pointer(struct cap cap)
{
    return kernel_pointer(cap_object(cap));
}

/* "0x…_word". */
static void print_name(struct capdl *c, word_t pointer, const char *word)
{
    capdl_say(c, CAPDL_P "_%s", CAPDL_PTR(pointer), word);
}

/* ---- capabilities ---- */

static void print_badge(struct capdl *c, word_t badge)
{
    if (badge) {
        capdl_say(c, ", badge: %" PRIu64 ")\n", badge);
    } else {
        capdl_say(c, ")\n");
    }
}

static void print_endpoint(struct capdl *c, struct cap cap)
{
    print_name(c, object_pointer(cap), "ep ");
    capdl_say(c, "(%s%s%s%s", cap_endpoint_can_receive(cap) ? "R" : "",
              cap_endpoint_can_send(cap) ? "W" : "", cap_endpoint_can_grant(cap) ? "G" : "",
              cap_endpoint_can_grant_reply(cap) ? "P" : "");
    print_badge(c, cap_endpoint_badge(cap));
}

static void print_notification(struct capdl *c, struct cap cap)
{
    print_name(c, object_pointer(cap), "notification ");
    capdl_say(c, "(%s%s", cap_notification_can_receive(cap) ? "R" : "",
              cap_notification_can_send(cap) ? "W" : "");
    print_badge(c, cap_notification_badge(cap));
}

static void print_cnode(struct capdl *c, struct cap cap)
{
    print_name(c, object_pointer(cap), "cnode ");
    capdl_say(c, "(guard: %" PRIu64 ", guard_size: %" PRIu64 ")\n", cap_cnode_guard(cap),
              cap_cnode_guard_size(cap));
}

static void print_io_port_name(struct capdl *c, struct cap cap)
{
    capdl_say(c, CAPDL_P, CAPDL_PTR(cap_io_port_first(cap)));
    print_name(c, cap_io_port_last(cap), "io_port");
}

static void print_unknown(struct capdl *c, const char *what, struct cap cap)
{
    capdl_say(c, "[unknown %s %u]\n", what, (unsigned)cap_type(cap));
}

static void print_reply(struct capdl *c, struct cap cap)
{
    if (cap_reply_is_object(cap)) {
        print_name(c, object_pointer(cap), "reply\n");
    } else {
        print_unknown(c, "cap", cap);
    }
}

static void print_cap(struct capdl *c, struct cap cap)
{
    switch (cap_type(cap)) {
    case CAP_ENDPOINT: print_endpoint(c, cap); break;
    case CAP_NOTIFICATION: print_notification(c, cap); break;
    case CAP_CNODE: print_cnode(c, cap); break;
    case CAP_UNTYPED: print_name(c, object_pointer(cap), "untyped\n"); break;
    case CAP_THREAD: print_name(c, object_pointer(cap), "tcb\n"); break;
    case CAP_ASID_POOL: print_name(c, object_pointer(cap), "asid_pool\n"); break;
    case CAP_SCHED_CONTEXT: print_name(c, object_pointer(cap), "sc\n"); break;
    case CAP_REPLY: print_reply(c, cap); break;
    case CAP_SCHED_CONTROL: capdl_say(c, "0_sched_control\n"); break;
    case CAP_IRQ_CONTROL: capdl_say(c, "irq_control\n"); break;
    case CAP_ASID_CONTROL: capdl_say(c, "asid_control\n"); break;
    case CAP_IRQ_HANDLER: print_name(c, cap_irq_handler_irq(cap), "0_irq\n"); break;
    case CAP_IO_PORT:
        print_io_port_name(c, cap);
        capdl_say(c, "\n");
        break;
    case CAP_FRAME:
    case CAP_PAGE_TABLE:
    case CAP_PAGE_DIRECTORY:
    case CAP_PDPT:
    case CAP_PML4: capdl_cap_of_vspace(c, cap); break;
    default: print_unknown(c, "cap", cap); break;
    }
}

/* ---- objects, as threads' CSpaces name them ---- */

/* The real kernel looks at the first child for ever. */
static void print_untyped_object(struct capdl *c, struct cap cap, paddr_t slot)
{
    word_t bits = cap_untyped_size_bits(cap);
    capdl_say(c, CAPDL_P "_%" PRIu64 "_untyped = ut (%" PRIu64 " bits, paddr: " CAPDL_P ") {",
              CAPDL_PTR(object_pointer(cap)), bits, bits, CAPDL_PTR(object_pointer(cap)));
    if (slot_has_children(c->w, slot) && c->end.how == CAPDL_DONE) c->end.how = CAPDL_LOOP;
    capdl_say(c, "}\n");
}

/* Scheduling contexts: SIMPLIFIED: without their period and budget. */
static void print_object(struct capdl *c, struct cap cap)
{
    switch (cap_type(cap)) {
    case CAP_ENDPOINT: print_name(c, object_pointer(cap), "ep = ep\n"); break;
    case CAP_NOTIFICATION:
        print_name(c, object_pointer(cap), "notification = notification\n");
        break;
    case CAP_IRQ_HANDLER: print_name(c, cap_irq_handler_irq(cap), "0_irq = irq\n"); break;
    case CAP_ASID_POOL:
        print_name(c, object_pointer(cap), "asid_pool = asid_pool ");
        capdl_say(c, "(asid_high: 0x%" PRIx64 ")\n", cap_asid_pool_base(cap) >> 9);
        break;
    case CAP_IO_PORT:
        print_io_port_name(c, cap);
        capdl_say(c, " = io_port (ports: (%" PRIu64 ", %" PRIu64 "))\n", cap_io_port_first(cap),
                  cap_io_port_last(cap));
        break;
    case CAP_SCHED_CONTEXT: print_name(c, object_pointer(cap), "sc = sc \n"); break;
    case CAP_REPLY:
        if (cap_reply_is_object(cap))
            print_name(c, object_pointer(cap), "reply = rtreply\n");
        else
            print_unknown(c, "object", cap);
        break;
    case CAP_THREAD: /* told with the list of all TCBs */
    case CAP_FRAME:  /* these with the address spaces */
    case CAP_PAGE_TABLE:
    case CAP_PAGE_DIRECTORY:
    case CAP_PDPT:
    case CAP_PML4: break;
    default: print_unknown(c, "object", cap); break;
    }
}

static void print_cspace_objects(struct capdl *c, paddr_t tcb)
{
    struct cap root = tcb_cap(c, tcb, TCB_CTABLE);
    if (cap_type(root) != CAP_CNODE || capdl_seen(c, root)) return;
    print_name(c, object_pointer(root), "cnode = cnode ");
    capdl_say(c, "(%" PRIu64 " bits)\n", cap_cnode_radix(root));
    for (word_t i = 0; i < (word_t)1 << cap_cnode_radix(root); i++) {
        paddr_t slot;
        struct cap cap = found_cap(c, tcb, i, &slot);
        if (cap_type(cap) == CAP_UNTYPED) {
            print_untyped_object(c, cap, slot);
        } else if (cap_type(cap) != CAP_CNODE && cap_type(cap) != CAP_NULL) {
            print_object(c, cap);
        }
    }
}

static void print_tcb_object(struct capdl *c, paddr_t tcb)
{
    const struct tcb *t = tcb_at(c->w, tcb);
    print_name(c, kernel_pointer(tcb), "tcb = tcb ");
    capdl_say(c,
              "(addr: 0x%" PRIx64 ", ip: 0x%" PRIx64 ", sp: 0x%" PRIx64 ", prio: %u, max_prio: %u",
              t->ipc_buffer, t->context[CTX_FAULT_IP], t->context[CTX_RSP], t->priority, t->mcp);
    struct cap handler = tcb_cap(c, tcb, TCB_MCS_FAULT_HANDLER);
    if (kernel_config(c->w)->mcs && cap_type(handler) != CAP_NULL)
        capdl_say(c, ", fault_ep: " CAPDL_P, CAPDL_PTR(object_pointer(handler)));
    capdl_say(c, ", dom: %u)\n", t->domain);
}

/* ---- what is in their slots ---- */

static bool irq_is_active(const struct capdl *c, word_t irq)
{
    return kernel_at(c->w)->irq_state[irq] != IRQ_INACTIVE;
}

static struct cap irq_cap(const struct capdl *c, word_t irq)
{
    return cte_at(c->w, kernel_at(c->w)->irq_node + (irq << SLOT_BITS))->cap;
}

static void print_irq_slots(struct capdl *c, word_t irq)
{
    if (!irq_is_active(c, irq)) return;
    capdl_say(c, "0x%" PRIx64 "_0_irq {\n", irq);
    if (cap_type(irq_cap(c, irq)) != CAP_NULL) {
        capdl_say(c, "0x0: ");
        print_cap(c, irq_cap(c, irq));
    }
    capdl_say(c, "}\n");
}

static void print_cspace_slots(struct capdl *c, paddr_t tcb)
{
    struct cap root = tcb_cap(c, tcb, TCB_CTABLE);
    paddr_t slot;
    if (cap_type(root) != CAP_CNODE || capdl_seen(c, root)) return;
    word_t slots = (word_t)1 << cap_cnode_radix(root);
    print_name(c, object_pointer(root), "cnode {\n");
    for (word_t i = 0; i < slots; i++) {
        struct cap cap = found_cap(c, tcb, i, &slot);
        if (cap_type(cap) == CAP_NULL) continue;
        capdl_say(c, "0x%" PRIx64 ": ", i);
        print_cap(c, cap);
    }
    capdl_say(c, "}\n");
    for (word_t i = 0; i < slots; i++) {
        struct cap cap = found_cap(c, tcb, i, &slot);
        if (cap_type(cap) == CAP_IRQ_HANDLER) print_irq_slots(c, cap_irq_handler_irq(cap));
    }
}

/* The frame of the IPC buffer, by the page table entry of its address. */
static void print_buffer_slot(struct capdl *c, paddr_t tcb)
{
    struct cap vspace = tcb_cap(c, tcb, TCB_VTABLE);
    if (cap_type(cte_at(c->w, tcb_buffer_slot(c->w, tcb))->cap) == CAP_NULL) return;
    capdl_say(c, "ipc_buffer_slot: ");
    if (cap_type(vspace) == CAP_PML4) {
        capdl_frame_at(c, asid_find(c->w, cap_pml4_asid(vspace)), tcb_at(c->w, tcb)->ipc_buffer);
    } else {
        capdl_fail(c, "((cap.words[0] >> 59) & 0x1f) == cap_pml4_cap", structures_gen_h,
                   "cap_pml4_cap_get_capPML4MappedASID");
    }
}

static void print_handler_slot(struct capdl *c, const char *name, struct cap cap)
{
    if (cap_type(cap) == CAP_NULL) return;
    capdl_say(c, "%s: ", name);
    print_endpoint(c, cap);
}

static void print_mcs_slots(struct capdl *c, paddr_t tcb)
{
    paddr_t context = tcb_at(c->w, tcb)->sched_context;
    print_handler_slot(c, "fault_ep_slot", tcb_cap(c, tcb, TCB_MCS_FAULT_HANDLER));
    if (context) {
        capdl_say(c, "sc_slot: ");
        print_name(c, kernel_pointer(context), "sc\n");
    }
    print_handler_slot(c, "temp_fault_ep_slot", tcb_cap(c, tcb, TCB_MCS_TIMEOUT_HANDLER));
}

/* A capability to a caller is taken for one to a thread, which an assertion notices. */
static void print_reply_slots(struct capdl *c, paddr_t tcb)
{
    struct cap reply = tcb_cap(c, tcb, TCB_REPLY);
    if (cap_type(reply) != CAP_NULL) {
        capdl_say(c, "reply_slot: ");
        print_name(c, object_pointer(reply), "reply\n");
    }
    if (cap_type(tcb_cap(c, tcb, TCB_CALLER)) != CAP_NULL)
        capdl_fail(c, "((cap.words[0] >> 59) & 0x1f) == cap_thread_cap", structures_gen_h,
                   "cap_thread_cap_get_capTCBPtr");
}

static void print_tcb_slots(struct capdl *c, paddr_t tcb)
{
    struct cap cspace = tcb_cap(c, tcb, TCB_CTABLE), vspace = tcb_cap(c, tcb, TCB_VTABLE);
    print_name(c, kernel_pointer(tcb), "tcb {\n");
    if (cap_type(cspace) != CAP_NULL) {
        capdl_say(c, "cspace: ");
        print_cnode(c, cspace);
    }
    if (cap_type(vspace) != CAP_NULL) {
        capdl_say(c, "vspace: ");
        print_name(c, object_pointer(vspace), "pd\n");
    }
    print_buffer_slot(c, tcb);
    if (kernel_config(c->w)->mcs) {
        print_mcs_slots(c, tcb);
    } else {
        print_reply_slots(c, tcb);
    }
    capdl_say(c, "}\n");
}

/* ---- the whole ---- */

/* The next TCB of the list that is printed. The real kernel knows the others by their names. */
static paddr_t shown_from(const struct capdl *c, paddr_t tcb)
{
    for (; tcb; tcb = tcb_debug_at(c->w, tcb)->next) {
        const char *name = tcb_debug_at(c->w, tcb)->name;
        if (strcmp(name, "rootserver") != 0 && strcmp(name, "idle_thread") != 0) break;
    }
    return tcb;
}

static paddr_t first_shown(const struct capdl *c)
{
    return shown_from(c, kernel_at(c->w)->debug_tcbs);
}

static paddr_t next_shown(const struct capdl *c, paddr_t tcb)
{
    return shown_from(c, tcb_debug_at(c->w, tcb)->next);
}

static void print_objects(struct capdl *c)
{
    for (paddr_t tcb = first_shown(c); tcb; tcb = next_shown(c, tcb))
        capdl_vspace_objects(c, tcb_cap(c, tcb, TCB_VTABLE));
    for (paddr_t tcb = first_shown(c); tcb; tcb = next_shown(c, tcb)) {
        print_tcb_object(c, tcb);
        print_cspace_objects(c, tcb);
    }
}

static void print_caps(struct capdl *c)
{
    for (paddr_t tcb = first_shown(c); tcb; tcb = next_shown(c, tcb)) {
        print_cspace_slots(c, tcb);
        capdl_vspace_caps(c, tcb_cap(c, tcb, TCB_VTABLE));
        print_tcb_slots(c, tcb);
    }
}

static void print_irq_maps(struct capdl *c)
{
    capdl_say(c, "irq maps {\n");
    for (word_t irq = 0; irq <= IRQ_OF_TIMER; irq++)
        if (irq_is_active(c, irq) && cap_type(irq_cap(c, irq)) != CAP_NULL)
            capdl_say(c, "%" PRIu64 ": 0x%" PRIx64 "_0_irq\n", irq, irq);
    capdl_say(c, "}\n");
}

/* What was seen is forgotten between the two parts, and not before the first. */
struct capdl_end capdl_print(struct world *w)
{
    struct capdl c = { .w = w, .end = { .how = CAPDL_DONE } };
    if (!kernel_config(w)->printing) return c.end;
    capdl_say(&c, "arch x86_64\nobjects {\n");
    print_objects(&c);
    capdl_say(&c, "}\ncaps {\n");
    if (c.end.how == CAPDL_DONE) {
        memset(&KERNEL_EDIT(w, seen), 0, sizeof(struct cap[CAPDL_SEEN]));
        KERNEL_EDIT(w, seen_count) = 0;
    }
    print_caps(&c);
    capdl_say(&c, "}\n");
    print_irq_maps(&c);
    return c.end;
}
