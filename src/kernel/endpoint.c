/* SPDX-License-Identifier: BSD-2-Clause */
/* Endpoints: a queue of threads that wait to send, or of threads that wait to receive. Sending and
 * receiving either meet the head of the queue or join its tail.
 * seL4: src/object/endpoint.c. */
#include "kernel/queue.h"

static void enqueue(struct world *w, paddr_t endpoint, paddr_t tcb, enum endpoint_state state,
                    enum tcb_state to)
{
    struct tcb_queue queue = tcb_ep_append(w, tcb, ipc_queue_at(w, endpoint));
    ipc_queue_set(w, endpoint, queue, state);
    tcb_edit(w, tcb)->blocking_object = endpoint;
    tcb_set_state(w, tcb, to);
    event_emit(w, EVENT_QUEUE, tcb, endpoint, state == ENDPOINT_SEND);
}

/* The host's memory is asked for the thread that is next in the queue: who answers a crowd meets another one
 * each time, which has left all caches. Nothing is read. */
static void expect_thread(const struct world *w, paddr_t tcb)
{
    enum { HOST_LINE = 64 };
    const uint8_t *slots = memory_at(w, tcb_slot(tcb, TCB_CTABLE)), *fields = memory_at(w, tcb);
    for (size_t at = 0; at < TCB_SLOT_COUNT << SLOT_BITS; at += HOST_LINE)
        __builtin_prefetch(slots + at);
    for (size_t at = 0; at < offsetof(struct tcb, breakpoint); at += HOST_LINE)
        __builtin_prefetch(fields + at);
}

static void dequeue(struct world *w, paddr_t endpoint, paddr_t tcb)
{
    enum endpoint_state state = endpoint_state(w, endpoint);
    INVARIANT(state != ENDPOINT_IDLE);
    struct tcb_queue queue = tcb_ep_dequeue(w, tcb, ipc_queue_at(w, endpoint));
    ipc_queue_set(w, endpoint, queue, queue.head ? state : ENDPOINT_IDLE);
    if (queue.head) expect_thread(w, queue.head);
}

static paddr_t dequeue_head(struct world *w, paddr_t endpoint)
{
    paddr_t head = endpoint_at(w, endpoint)->head;
    INVARIANT(head);
    dequeue(w, endpoint, head);
    return head;
}

/* A caller that gave neither Grant nor GrantReply can never be answered. */
static void caller_blocks(struct world *w, paddr_t caller, paddr_t callee, bool may_be_answered,
                          bool reply_can_grant)
{
    if (may_be_answered) {
        tcb_setup_caller_cap(w, caller, callee, reply_can_grant);
    } else {
        tcb_set_state(w, caller, TCB_INACTIVE);
    }
}

static void send_meets_receiver(struct world *w, paddr_t endpoint, paddr_t tcb, struct ipc_send how)
{
    paddr_t receiver = dequeue_head(w, endpoint);
    ipc_transfer(w, tcb, endpoint, how.badge, how.can_grant, receiver);
    bool reply_can_grant = tcb_at(w, receiver)->blocking_can_grant;
    tcb_set_state(w, receiver, TCB_RUNNING);
    possible_switch_to(w, receiver);
    if (how.call)
        caller_blocks(w, tcb, receiver, how.can_grant || how.can_grant_reply, reply_can_grant);
}

void endpoint_send(struct world *w, paddr_t endpoint, paddr_t tcb, struct ipc_send how)
{
    if (endpoint_state(w, endpoint) == ENDPOINT_RECEIVE) {
        send_meets_receiver(w, endpoint, tcb, how);
        return;
    }
    if (!how.blocking) return;
    struct tcb *t = tcb_edit(w, tcb);
    t->blocking_badge = how.badge;
    t->blocking_can_grant = how.can_grant;
    t->blocking_can_grant_reply = how.can_grant_reply;
    t->blocking_is_call = how.call;
    enqueue(w, endpoint, tcb, ENDPOINT_SEND, TCB_BLOCKED_ON_SEND);
}

static void receive_meets_sender(struct world *w, paddr_t endpoint, paddr_t tcb,
                                 bool reply_can_grant)
{
    paddr_t sender = dequeue_head(w, endpoint);
    const struct tcb *s = tcb_at(w, sender);
    ipc_transfer(w, sender, endpoint, s->blocking_badge, s->blocking_can_grant, tcb);
    if (s->blocking_is_call) {
        caller_blocks(w, sender, tcb, s->blocking_can_grant || s->blocking_can_grant_reply,
                      reply_can_grant);
    } else {
        tcb_set_state(w, sender, TCB_RUNNING);
        possible_switch_to(w, sender);
    }
}

void endpoint_receive(struct world *w, paddr_t tcb, struct cap cap, bool blocking)
{
    paddr_t endpoint = cap_object(cap), bound = tcb_at(w, tcb)->bound_notification;
    if (bound && notification_state(w, bound) == NOTIFICATION_ACTIVE) {
        notification_complete(w, bound, tcb);
    } else if (endpoint_state(w, endpoint) == ENDPOINT_SEND) {
        receive_meets_sender(w, endpoint, tcb, cap_endpoint_can_grant(cap));
    } else if (blocking) {
        tcb_edit(w, tcb)->blocking_can_grant = (uint8_t)cap_endpoint_can_grant(cap);
        enqueue(w, endpoint, tcb, ENDPOINT_RECEIVE, TCB_BLOCKED_ON_RECEIVE);
    } else {
        nb_recv_failed(w, tcb);
    }
}

/* The reply capability that lets someone answer `tcb` hangs below its master, if there is one. */
static void cancel_reply(struct world *w, paddr_t tcb)
{
    tcb_edit(w, tcb)->fault = (struct fault){ .kind = FAULT_NONE };
    if (kernel_config(w)->mcs) return;
    paddr_t reply = cte_next(cte_at(w, tcb_slot(tcb, TCB_REPLY)));
    if (reply) slot_delete_one(w, reply);
}

void endpoint_cancel(struct world *w, paddr_t tcb)
{
    const struct tcb *t = tcb_at(w, tcb);
    switch (t->state) {
    case TCB_BLOCKED_ON_SEND:
    case TCB_BLOCKED_ON_RECEIVE:
        dequeue(w, t->blocking_object, tcb);
        tcb_set_state(w, tcb, TCB_INACTIVE);
        break;
    case TCB_BLOCKED_ON_NOTIFICATION: notification_cancel(w, tcb, t->blocking_object); break;
    case TCB_BLOCKED_ON_REPLY: cancel_reply(w, tcb); break;
    default: break;
    }
}

void endpoint_cancel_all(struct world *w, paddr_t endpoint)
{
    if (endpoint_state(w, endpoint) == ENDPOINT_IDLE) return;
    while (endpoint_state(w, endpoint) != ENDPOINT_IDLE) {
        paddr_t tcb = dequeue_head(w, endpoint);
        tcb_set_state(w, tcb, TCB_RESTART);
        tcb_sched_enqueue(w, tcb);
    }
    reschedule_required(w);
}

void endpoint_cancel_badged_sends(struct world *w, paddr_t endpoint, word_t badge)
{
    if (endpoint_state(w, endpoint) != ENDPOINT_SEND) return;
    paddr_t next;
    for (paddr_t tcb = endpoint_at(w, endpoint)->head; tcb; tcb = next) {
        next = tcb_at(w, tcb)->ep_next;
        if (tcb_at(w, tcb)->blocking_badge != badge) continue;
        dequeue(w, endpoint, tcb);
        tcb_set_state(w, tcb, TCB_RESTART);
        tcb_sched_enqueue(w, tcb);
    }
    reschedule_required(w);
}
