/* SPDX-License-Identifier: BSD-2-Clause */
/* The queues of threads that wait at endpoints and notifications: first in, first out, whatever the
 * priorities. Every message passes through one, so they are inline.
 * seL4: src/object/tcb.c tcbEPAppend, tcbEPDequeue, include/object/endpoint.h. */
#ifndef FAULTLINE_KERNEL_QUEUE_H
#define FAULTLINE_KERNEL_QUEUE_H

#include "kernel/internal.h"

/* Endpoints and notifications begin alike: the queue of threads, and a state beside its tail. */
static inline struct tcb_queue ipc_queue_at(const struct world *w, paddr_t object)
{
    const struct endpoint *e = endpoint_at(w, object);
    return (struct tcb_queue){ .head = e->head, .tail = e->tail_and_state & ~(paddr_t)3 };
}
static inline void ipc_queue_set(struct world *w, paddr_t object, struct tcb_queue queue,
                                 unsigned state)
{
    struct endpoint *e = (struct endpoint *)memory_edit_within(w, object);
    *e = (struct endpoint){ .head = queue.head, .tail_and_state = queue.tail | state };
}

static inline struct tcb_queue tcb_ep_append(struct world *w, paddr_t tcb, struct tcb_queue queue)
{
    struct tcb *t = tcb_edit(w, tcb);
    t->ep_prev = queue.tail;
    t->ep_next = 0;
    if (queue.tail) {
        tcb_edit(w, queue.tail)->ep_next = tcb;
    } else {
        queue.head = tcb;
    }
    queue.tail = tcb;
    return queue;
}

static inline struct tcb_queue tcb_ep_dequeue(struct world *w, paddr_t tcb, struct tcb_queue queue)
{
    struct tcb *t = tcb_edit(w, tcb);
    if (t->ep_prev) {
        tcb_edit(w, t->ep_prev)->ep_next = t->ep_next;
    } else {
        queue.head = t->ep_next;
    }
    if (t->ep_next) {
        tcb_edit(w, t->ep_next)->ep_prev = t->ep_prev;
    } else {
        queue.tail = t->ep_prev;
    }
    t->ep_next = t->ep_prev = 0;
    return queue;
}

#endif
