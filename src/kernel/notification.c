/* SPDX-License-Identifier: BSD-2-Clause */
/* Notifications: a word that signals are ORed into, a queue of threads that wait for it, and perhaps
 * a thread bound to it that is told while it waits for a message.
 * seL4: src/object/notification.c. */
#include "kernel/queue.h"

static struct notification *notification_edit(struct world *w, paddr_t notification)
{
    return (struct notification *)memory_edit_within(w, notification);
}

static void state_set(struct world *w, paddr_t notification, enum notification_state state,
                      word_t badge)
{
    ipc_queue_set(w, notification, ipc_queue_at(w, notification), state);
    notification_edit(w, notification)->badge = badge;
}

static void wake(struct world *w, paddr_t tcb, word_t badge)
{
    tcb_set_state(w, tcb, TCB_RUNNING);
    tcb_set_reg(w, tcb, CTX_BADGE, badge);
    possible_switch_to(w, tcb);
}

static void dequeue(struct world *w, paddr_t notification, paddr_t tcb)
{
    INVARIANT(notification_state(w, notification) == NOTIFICATION_WAITING);
    struct tcb_queue queue = tcb_ep_dequeue(w, tcb, ipc_queue_at(w, notification));
    ipc_queue_set(w, notification, queue, queue.head ? NOTIFICATION_WAITING : NOTIFICATION_IDLE);
}

static void signal_idle(struct world *w, paddr_t notification, word_t badge)
{
    paddr_t bound = notification_at(w, notification)->bound_tcb;
    if (bound && tcb_at(w, bound)->state == TCB_BLOCKED_ON_RECEIVE) {
        endpoint_cancel(w, bound);
        wake(w, bound, badge);
    } else {
        state_set(w, notification, NOTIFICATION_ACTIVE, badge);
    }
}

void notification_signal(struct world *w, paddr_t notification, word_t badge)
{
    paddr_t head = notification_at(w, notification)->head;
    switch (notification_state(w, notification)) {
    case NOTIFICATION_IDLE: signal_idle(w, notification, badge); break;
    case NOTIFICATION_WAITING:
        dequeue(w, notification, head);
        wake(w, head, badge);
        break;
    case NOTIFICATION_ACTIVE: notification_edit(w, notification)->badge |= badge; break;
    }
    event_emit(w, EVENT_SIGNAL, kernel_at(w)->current, notification, badge);
}

void notification_receive(struct world *w, paddr_t tcb, struct cap cap, bool blocking)
{
    paddr_t notification = cap_object(cap);
    if (notification_state(w, notification) == NOTIFICATION_ACTIVE) {
        notification_complete(w, notification, tcb);
        return;
    }
    if (!blocking) {
        nb_recv_failed(w, tcb);
        return;
    }
    struct tcb_queue queue = tcb_ep_append(w, tcb, ipc_queue_at(w, notification));
    ipc_queue_set(w, notification, queue, NOTIFICATION_WAITING);
    tcb_edit(w, tcb)->blocking_object = notification;
    tcb_set_state(w, tcb, TCB_BLOCKED_ON_NOTIFICATION);
}

void notification_complete(struct world *w, paddr_t notification, paddr_t tcb)
{
    INVARIANT(notification_state(w, notification) == NOTIFICATION_ACTIVE);
    tcb_set_reg(w, tcb, CTX_BADGE, notification_at(w, notification)->badge);
    state_set(w, notification, NOTIFICATION_IDLE, 0);
}

void notification_cancel(struct world *w, paddr_t tcb, paddr_t notification)
{
    dequeue(w, notification, tcb);
    tcb_set_state(w, tcb, TCB_INACTIVE);
}

void notification_cancel_all(struct world *w, paddr_t notification)
{
    if (notification_state(w, notification) != NOTIFICATION_WAITING) return;
    while (notification_state(w, notification) == NOTIFICATION_WAITING) {
        paddr_t tcb = notification_at(w, notification)->head;
        dequeue(w, notification, tcb);
        tcb_set_state(w, tcb, TCB_RESTART);
        tcb_sched_enqueue(w, tcb);
    }
    reschedule_required(w);
}

void notification_bind(struct world *w, paddr_t tcb, paddr_t notification)
{
    notification_edit(w, notification)->bound_tcb = tcb;
    tcb_edit(w, tcb)->bound_notification = notification;
}

void notification_unbind_tcb(struct world *w, paddr_t tcb)
{
    paddr_t notification = tcb_at(w, tcb)->bound_notification;
    if (!notification) return;
    notification_edit(w, notification)->bound_tcb = 0;
    tcb_edit(w, tcb)->bound_notification = 0;
}

void notification_unbind_maybe(struct world *w, paddr_t notification)
{
    paddr_t tcb = notification_at(w, notification)->bound_tcb;
    if (tcb) notification_unbind_tcb(w, tcb);
}
