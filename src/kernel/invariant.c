/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules that hold between any two kernel operations, checked from outside:
 * the derivation list is well formed, no capability names memory that is free,
 * every queue agrees with the states of its threads, one thread is current.
 *
 * seL4 proves these (l4v: spec/design, valid_mdb, valid_queues …); here they
 * are looked at. Bounded whatever the arena holds: at most so many CNodes,
 * untypeds and links are followed. */
#include "kernel/invariant.h"

/* ---- Threads ---- */

/* A queue by its ends, linked through ep_next, of threads in `state` waiting on `object`. */
static const char *check_waiters(const struct world *w, paddr_t object, struct tcb_queue queue,
                                 enum tcb_state state, paddr_t wanted)
{
    bool found = false;
    paddr_t previous = 0;
    for (paddr_t tcb = queue.head; tcb; previous = tcb, tcb = tcb_at(w, tcb)->ep_next) {
        CHECK(is_tcb(w, tcb), "a queue holds what is no thread");
        const struct tcb *t = tcb_at(w, tcb);
        CHECK(t->ep_prev == previous, "a queue's links differ");
        CHECK(t->state == state, "a queue holds a thread that does not wait so");
        CHECK(t->blocking_object == object, "a queue holds a thread that waits elsewhere");
        found |= tcb == wanted;
    }
    CHECK(queue.tail == previous, "a queue's tail is not its last");
    CHECK(found, "a thread waits, but is not in the queue");
    return NULL;
}

static const char *check_blocked(const struct world *w, paddr_t tcb)
{
    const struct tcb *t = tcb_at(w, tcb);
    paddr_t object = t->blocking_object;
    CHECK(memory_holds(w, object, sizeof(struct notification)), "a thread waits on no object");
    if (t->state == TCB_BLOCKED_ON_NOTIFICATION) {
        const struct notification *n = notification_at(w, object);
        CHECK(notification_state(w, object) == NOTIFICATION_WAITING,
              "a thread waits on a notification where none does");
        return check_waiters(w, object,
                             (struct tcb_queue){ n->head, n->tail_and_state & ~(word_t)3 },
                             TCB_BLOCKED_ON_NOTIFICATION, tcb);
    }
    const struct endpoint *e = endpoint_at(w, object);
    bool sends = t->state == TCB_BLOCKED_ON_SEND;
    CHECK(endpoint_state(w, object) == (sends ? ENDPOINT_SEND : ENDPOINT_RECEIVE),
          "a thread waits on an endpoint the wrong way");
    return check_waiters(w, object, (struct tcb_queue){ e->head, e->tail_and_state & ~(word_t)3 },
                         (enum tcb_state)t->state, tcb);
}

static const char *check_thread(const struct world *w, paddr_t tcb)
{
    const struct kernel *k = kernel_at(w);
    const struct tcb *t = tcb_at(w, tcb);
    CHECK(t->state < TCB_STATE_COUNT, "a thread is in no state");
    bool runnable = t->state == TCB_RUNNING || t->state == TCB_RESTART;
    bool without_context = k->config.mcs && !t->sched_context;
    CHECK(!t->in_ready_queue || runnable, "a ready queue holds a thread that cannot run");
    CHECK(!runnable || t->in_ready_queue || tcb == k->current || tcb == k->scheduler_action ||
              without_context || t->in_release_queue,
          "a thread could run, but no queue holds it");
    if (t->bound_notification)
        CHECK(notification_at(w, t->bound_notification)->bound_tcb == tcb,
              "a bound notification does not know its thread");
    bool waits = t->state == TCB_BLOCKED_ON_SEND || t->state == TCB_BLOCKED_ON_RECEIVE ||
                 t->state == TCB_BLOCKED_ON_NOTIFICATION;
    return waits ? check_blocked(w, tcb) : NULL;
}

static const char *check_ready_queue(const struct world *w, unsigned domain, unsigned priority,
                                     unsigned *count)
{
    const struct tcb_queue *queue = &kernel_at(w)->ready[domain][priority];
    paddr_t previous = 0;
    for (paddr_t tcb = queue->head; tcb; previous = tcb, tcb = tcb_at(w, tcb)->sched_next) {
        CHECK(is_tcb(w, tcb), "a ready queue holds what is no thread");
        const struct tcb *t = tcb_at(w, tcb);
        CHECK(t->sched_prev == previous, "a ready queue's links differ");
        CHECK(t->in_ready_queue, "a thread does not know that it is in a ready queue");
        CHECK(t->priority == priority && t->domain == domain,
              "a thread is in the wrong ready queue");
        (*count)++;
    }
    CHECK(queue->tail == previous, "a ready queue's tail is not its last");
    word_t bits = kernel_at(w)->ready_level2[domain][priority / 64];
    CHECK((bits >> priority % 64 & 1) == (queue->head != 0),
          "the index of the ready queues does not show a queue");
    return NULL;
}

static const char *check_ready_queues(const struct world *w, unsigned *count)
{
    for (unsigned domain = 0; domain < MAX_DOMAINS; domain++) {
        unsigned before = *count;
        for (unsigned priority = 0; priority < PRIORITY_COUNT; priority++) {
            const char *wrong = check_ready_queue(w, domain, priority, count);
            if (wrong) return wrong;
        }
        CHECK((*count != before) == (kernel_at(w)->ready_level1[domain] != 0),
              "the index of the ready queues is wrong");
    }
    return NULL;
}

static const char *check_threads(const struct world *w)
{
    unsigned queued = 0, flagged = 0;
    const char *wrong = check_ready_queues(w, &queued);
    paddr_t tcb = kernel_at(w)->debug_tcbs;
    for (unsigned links = 0; tcb && links < LINKS_MAX && !wrong; links++) {
        wrong = check_thread(w, tcb);
        flagged += tcb_at(w, tcb)->in_ready_queue;
        tcb = tcb_debug_at(w, tcb)->next;
    }
    if (wrong || !kernel_at(w)->debug_tcbs) return wrong;
    CHECK(queued == flagged, "the ready queues and the threads' marks differ");
    return NULL;
}

static const char *check_current(const struct world *w)
{
    const struct kernel *k = kernel_at(w);
    CHECK(is_tcb(w, k->current), "no thread is current");
    CHECK(is_tcb(w, k->idle), "there is no idle thread");
    CHECK(tcb_at(w, k->idle)->state == TCB_IDLE, "the idle thread is not idle");
    if (k->current == k->idle) return NULL;
    word_t state = tcb_at(w, k->current)->state;
    CHECK(state == TCB_RUNNING || state == TCB_RESTART, "the current thread cannot run");
    return NULL;
}

const char *kernel_check_invariants(const struct world *w)
{
    const char *wrong = check_current(w);
    if (!wrong) wrong = check_slots(w);
    if (!wrong) wrong = check_threads(w);
    return wrong;
}
