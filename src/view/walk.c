/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking what there is: threads, CSpaces, queues, names. Every walk is bounded, so that a world in
 * any state can be looked at. */
#include "view/internal.h"

/* The oldest thread stands at the end of the debug list. */
static paddr_t threads_oldest(const struct world *w)
{
    paddr_t tcb = kernel_at(w)->debug_tcbs;
    for (uint64_t left = w->memory_size >> TCB_BITS; tcb && left > 0; left--) {
        paddr_t next = tcb_debug_at(w, tcb)->next;
        if (!next) break;
        tcb = next;
    }
    return tcb;
}

paddr_t threads_next(const struct world *w, paddr_t tcb)
{
    paddr_t idle = kernel_at(w)->idle;
    if (tcb && tcb == idle) return 0;
    tcb = tcb ? tcb_debug_at(w, tcb)->prev : threads_oldest(w);
    if (tcb && tcb == idle) tcb = tcb_debug_at(w, tcb)->prev;
    return tcb ? tcb : idle;
}

struct cap thread_cspace(const struct world *w, paddr_t tcb)
{
    return tcb ? cte_at(w, tcb_slot(tcb, TCB_CTABLE))->cap : cap_new(CAP_NULL);
}

unsigned cnode_slot_count(struct cap cnode)
{
    return cap_type(cnode) == CAP_CNODE ? 1u << cap_cnode_radix(cnode) : 0;
}

bool cnode_holds(struct cap cnode, paddr_t slot)
{
    if (cap_type(cnode) != CAP_CNODE) return false;
    paddr_t start = cap_object(cnode);
    return slot >= start && slot < start + ((paddr_t)cnode_slot_count(cnode) << SLOT_BITS);
}

/* Whether a capability names an object itself: not the memory under it, nor the caller of a reply. */
static bool cap_names(struct cap cap, paddr_t object)
{
    switch (cap_type(cap)) {
    case CAP_NULL:
    case CAP_UNTYPED:
    case CAP_REPLY:
    case CAP_ZOMBIE:
    case CAP_IRQ_HANDLER: return false;
    default: return cap_object(cap) == object;
    }
}

paddr_t object_named_slot(const struct session *s, paddr_t object)
{
    const struct world *w = session_world_at(s);
    const struct world_state *state = world_state_at(w);
    struct cap own = thread_cspace(w, session_seat(s));
    paddr_t best = 0;
    bool best_is_badged = false;
    for (word_t i = 0; i < state->names_used && i < NAMES_MAX; i++) {
        paddr_t slot = state->names[i].slot;
        if (!slot || !memory_holds(w, slot, sizeof(struct cte))) continue;
        struct cap cap = cte_at(w, slot)->cap;
        if (!cap_names(cap, object)) continue;
        bool badged = cap_type(cap) == CAP_ENDPOINT && cap_endpoint_badge(cap);
        bool here = cnode_holds(own, slot);
        if (here && !badged) return slot;
        if (!best || (here && !cnode_holds(own, best)) ||
            (best_is_badged && !badged && !cnode_holds(own, best))) {
            best = slot;
            best_is_badged = badged;
        }
    }
    return best;
}

paddr_t queue_next(const struct world *w, struct cap cap, paddr_t tcb)
{
    if (tcb) return tcb_at(w, tcb)->ep_next;
    if (cap_type(cap) == CAP_ENDPOINT) return endpoint_at(w, cap_object(cap))->head;
    if (cap_type(cap) == CAP_NOTIFICATION) return notification_at(w, cap_object(cap))->head;
    return 0;
}

paddr_t thread_owes_reply(const struct world *w, paddr_t tcb)
{
    if (kernel_config(w)->mcs) return 0;
    struct cap cap = cte_at(w, tcb_slot(tcb, TCB_CALLER))->cap;
    return cap_type(cap) == CAP_REPLY && !cap_reply_is_master(cap) ? cap_object(cap) : 0;
}

paddr_t thread_reply_slot(const struct world *w, paddr_t tcb)
{
    if (kernel_config(w)->mcs || tcb_at(w, tcb)->state != TCB_BLOCKED_ON_REPLY) return 0;
    paddr_t slot = cte_next(cte_at(w, tcb_slot(tcb, TCB_REPLY))); /* the only child of the master */
    if (!slot || !memory_holds(w, slot, sizeof(struct cte))) return 0;
    struct cap cap = cte_at(w, slot)->cap;
    bool answers = cap_type(cap) == CAP_REPLY && !cap_reply_is_master(cap);
    return answers && cap_object(cap) == tcb ? slot : 0;
}

paddr_t slot_thread(const struct world *w, paddr_t slot)
{
    for (paddr_t t = threads_next(w, 0); slot && t; t = threads_next(w, t))
        if (slot == tcb_slot(t, TCB_CALLER) || cnode_holds(thread_cspace(w, t), slot)) return t;
    return 0;
}

paddr_t thread_saved_reply(const struct world *w, paddr_t tcb, paddr_t *by)
{
    paddr_t slot = thread_reply_slot(w, tcb);
    *by = slot_thread(w, slot);
    return *by && slot == tcb_slot(*by, TCB_CALLER) ? 0 : slot;
}

enum context_reg thread_goes_on_at(const struct tcb *t)
{
    /* A thread that restarts, or may only do that, goes back to the instruction; the kernel copies that
     * address into the next one when it activates the thread. */
    bool restarts =
        t->state == TCB_RESTART || t->state == TCB_INACTIVE || t->fault.kind != FAULT_NONE;
    return restarts ? CTX_FAULT_IP : CTX_NEXT_IP;
}

word_t thread_next_ip(const struct world *w, paddr_t tcb)
{
    return thread_register(w, tcb, thread_goes_on_at(tcb_at(w, tcb)));
}
