/* SPDX-License-Identifier: BSD-2-Clause */
/* Why a thread cannot receive through a capability that its CPtr leads to: the fault message says "missing
 * capability" of all these. seL4: src/api/syscall.c handleRecv. */
#include <string.h>

#include "view/internal.h"

bool view_bound_elsewhere(const struct world *w, struct cap cap, paddr_t thread)
{
    if (cap_type(cap) != CAP_NOTIFICATION) return false;
    paddr_t bound = notification_at(w, cap_object(cap))->bound_tcb;
    return bound && bound != thread;
}

void view_unfit(const struct session *s, struct cap cap, paddr_t thread, char *text, size_t size)
{
    const struct world *w = session_world_at(s);
    char what[64], who[48];
    enum cap_type type = cap_type(cap);
    bool meeting = type == CAP_ENDPOINT || type == CAP_NOTIFICATION;
    bool can = type == CAP_ENDPOINT ? cap_endpoint_can_receive(cap)
                                    : meeting && cap_notification_can_receive(cap);
    *text = '\0';
    if (type == CAP_NULL) {
        snprintf(text, size, "the slot is empty");
    } else if (!meeting) {
        snprintf(text, size, "no endpoint or notification lies there (%s)", cap_type_name(type));
    } else if (!can) {
        view_object_name(s, cap_object(cap), what, sizeof what);
        snprintf(text, size, "the capability to %s has no Read right", what);
    } else if (view_bound_elsewhere(w, cap, thread)) {
        view_object_name(s, cap_object(cap), what, sizeof what);
        view_thread_name(s, notification_at(w, cap_object(cap))->bound_tcb, who, sizeof who);
        snprintf(text, size, "%s is bound to %s, and only %s may receive there", what, who, who);
    }
}

/* The slot that the lookup before a fault found; 0: it found none, or it is held no more. */
static paddr_t found_slot(const struct session *s, size_t i)
{
    paddr_t slot = 0;
    while (i-- > 0 && session_event_is_held(s, i)) {
        const struct event *e = session_event(s, i);
        if (e->kind == EVENT_LOOKUP_FAILED || e->kind == EVENT_TRAP) return 0;
        if (e->kind == EVENT_LOOKUP_LEVEL && !slot) slot = e->arg[6];
        if (e->kind == EVENT_LOOKUP) return slot;
    }
    return 0;
}

/* A double fault speaks of the fault before it in the same entry. */
static size_t fault_of(const struct session *s, size_t i)
{
    if (!session_event_is_held(s, i) || session_event(s, i)->kind != EVENT_DOUBLE_FAULT) return i;
    while (i-- > 0 && session_event_is_held(s, i)) {
        if (session_event(s, i)->kind == EVENT_FAULT) return i;
        if (session_event(s, i)->kind == EVENT_TRAP) break;
    }
    return EVENT_NONE;
}

bool view_fault_unfit(const struct session *s, size_t i, struct unfit *unfit)
{
    const struct world *w = session_world_at(s);
    memset(unfit, 0, sizeof *unfit);
    i = fault_of(s, i);
    if (i == EVENT_NONE || !session_event_is_held(s, i)) return false;
    const struct event *e = session_event(s, i);
    if (e->kind != EVENT_FAULT || e->arg[0] != FAULT_CAP || !e->arg[2]) return false;
    paddr_t slot = found_slot(s, i);
    if (!slot || !memory_holds(w, slot, sizeof(struct cte))) return false;
    struct cap cap = cte_at(w, slot)->cap;
    view_unfit(s, cap, e->thread, unfit->text, sizeof unfit->text);
    unfit->bound_elsewhere = view_bound_elsewhere(w, cap, e->thread);
    return *unfit->text != '\0';
}
