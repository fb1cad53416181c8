/* SPDX-License-Identifier: BSD-2-Clause */
/* Who holds which capability: a walk over all CSpaces, and over what threads can reach. Bounded, so that
 * a world in any state can be asked. */
#include "view/why.h"

#include <stdlib.h>

#include "view/internal.h"

enum { CNODES_MAX = 256 };

/* CNodes to be searched: threads' roots first, so that a slot counts as of the thread whose root it
 * lies in; then those that hang in them. */
struct cnodes {
    unsigned count;
    struct {
        paddr_t thread;
        struct cap cap;
    } list[CNODES_MAX];
};

static void cnodes_add(struct cnodes *c, paddr_t thread, struct cap cap)
{
    if (cap_type(cap) != CAP_CNODE || c->count == CNODES_MAX) return;
    for (unsigned i = 0; i < c->count; i++)
        if (cap_object(c->list[i].cap) == cap_object(cap)) return;
    c->list[c->count].thread = thread;
    c->list[c->count++].cap = cap;
}

typedef bool wanted_fn(struct cap cap, const void *what);

static void holdings_add(struct holdings *out, paddr_t thread, paddr_t slot, struct cap cap)
{
    if (out->count == HOLDINGS_MAX) {
        out->more = true;
        return;
    }
    out->list[out->count++] = (struct holding){ thread, slot, cap };
}

static void cnode_search(const struct world *w, struct cnodes *c, unsigned number,
                         wanted_fn *wanted, const void *what, struct holdings *out)
{
    struct cap cnode = c->list[number].cap;
    for (unsigned i = 0; i < cnode_slot_count(cnode); i++) {
        paddr_t slot = cap_object(cnode) + ((paddr_t)i << SLOT_BITS);
        if (!memory_holds(w, slot, sizeof(struct cte))) return;
        struct cap cap = cte_at(w, slot)->cap;
        if (cap_type(cap) == CAP_NULL) continue;
        cnodes_add(c, c->list[number].thread, cap);
        if (wanted(cap, what)) holdings_add(out, c->list[number].thread, slot, cap);
    }
}

static void search(const struct world *w, wanted_fn *wanted, const void *what, struct holdings *out)
{
    struct cnodes *c = calloc(1, sizeof *c);
    out->count = 0;
    out->more = false;
    if (!c) return;
    for (paddr_t tcb = threads_next(w, 0); tcb; tcb = threads_next(w, tcb)) {
        paddr_t slot = tcb_slot(tcb, TCB_CALLER);
        cnodes_add(c, tcb, thread_cspace(w, tcb));
        if (!kernel_config(w)->mcs && wanted(cte_at(w, slot)->cap, what))
            holdings_add(out, tcb, slot, cte_at(w, slot)->cap);
    }
    for (unsigned i = 0; i < c->count; i++) cnode_search(w, c, i, wanted, what, out);
    free(c);
}

/* ---- To an object ---- */

static bool same_object(struct cap cap, const void *what)
{
    const struct cap *other = what;
    if (cap_type(cap) != cap_type(*other)) return false;
    if (cap_type(cap) == CAP_IRQ_HANDLER || cap_type(cap) == CAP_IO_PORT)
        return cap.word[1] == other->word[1];
    return cap_object(cap) == cap_object(*other);
}

void holdings_of(const struct world *w, struct cap cap, struct holdings *out)
{
    search(w, same_object, &cap, out);
}

static bool is_of_meeting(struct cap cap, const void *unused)
{
    (void)unused;
    switch (cap_type(cap)) {
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION:
    case CAP_THREAD:
    case CAP_CNODE: return true;
    case CAP_REPLY: return !cap_reply_is_master(cap);
    default: return false;
    }
}

void holdings_of_meeting(const struct world *w, struct holdings *out)
{
    search(w, is_of_meeting, NULL, out);
}

/* ---- Over a thread ---- */

struct over {
    paddr_t tcb, object;
    enum power power;
};

static bool has_power(struct cap cap, const void *what)
{
    const struct over *over = what;
    switch (over->power) {
    case POWER_ANSWER:
        return cap_type(cap) == CAP_REPLY && !cap_reply_is_master(cap) &&
               cap_object(cap) == over->tcb;
    case POWER_SEND:
        return cap_type(cap) == CAP_ENDPOINT && cap_object(cap) == over->object &&
               cap_endpoint_can_send(cap);
    case POWER_RECEIVE:
        return cap_type(cap) == CAP_ENDPOINT && cap_object(cap) == over->object &&
               cap_endpoint_can_receive(cap);
    case POWER_SIGNAL:
        return cap_type(cap) == CAP_NOTIFICATION && cap_object(cap) == over->object &&
               cap_notification_can_send(cap);
    case POWER_RESUME: return cap_type(cap) == CAP_THREAD && cap_object(cap) == over->tcb;
    default: return false;
    }
}

void holdings_with_power(const struct world *w, paddr_t tcb, enum power power, struct holdings *out)
{
    const struct tcb *t = tcb_at(w, tcb);
    bool by_bound = power == POWER_SIGNAL && t->state == TCB_BLOCKED_ON_RECEIVE;
    struct over over = { tcb, by_bound ? t->bound_notification : t->blocking_object, power };
    search(w, has_power, &over, out);
}

/* What would wake the thread from the state that it is in, beside being resumed. */
static enum power power_that_wakes(const struct world *w, paddr_t tcb)
{
    switch (tcb_at(w, tcb)->state) {
    case TCB_BLOCKED_ON_REPLY: return POWER_ANSWER;
    case TCB_BLOCKED_ON_RECEIVE: return POWER_SEND;
    case TCB_BLOCKED_ON_SEND: return POWER_RECEIVE;
    case TCB_BLOCKED_ON_NOTIFICATION: return POWER_SIGNAL;
    default: return POWER_NONE;
    }
}

/* Whether the thread's CSpace has the holding. */
static bool thread_has(const struct world *w, paddr_t tcb, const struct holding *h)
{
    return h->thread == tcb || cnode_holds(thread_cspace(w, tcb), h->slot);
}

/* ---- Hope ---- */

enum { THREADS_MAX = 512 };

struct crowd {
    const struct world *w;
    unsigned count;
    paddr_t thread[THREADS_MAX];
    bool wakes[THREADS_MAX]; /* it can run, or can be woken by one that is so */
};

/* A device may signal: interrupts need no thread. */
static bool irq_signals(const struct world *w, paddr_t notification)
{
    paddr_t node = kernel_at(w)->irq_node;
    for (unsigned i = 0; node && i < IRQ_COUNT; i++) {
        struct cap cap = cte_at(w, node + ((paddr_t)i << SLOT_BITS))->cap;
        if (cap_type(cap) == CAP_NOTIFICATION && cap_object(cap) == notification) return true;
    }
    return false;
}

static bool somebody_has(const struct crowd *c, unsigned but, const struct holdings *h)
{
    for (unsigned i = 0; i < c->count; i++)
        for (unsigned j = 0; i != but && c->wakes[i] && j < h->count; j++)
            if (thread_has(c->w, c->thread[i], &h->list[j])) return true;
    return false;
}

static bool can_be_woken(const struct crowd *c, unsigned i, bool resume, struct holdings *h)
{
    const struct tcb *t = tcb_at(c->w, c->thread[i]);
    enum power power = power_that_wakes(c->w, c->thread[i]);
    paddr_t bound = t->state == TCB_BLOCKED_ON_RECEIVE ? t->bound_notification : 0;
    if (power == POWER_SIGNAL && irq_signals(c->w, t->blocking_object)) return true;
    if (bound && irq_signals(c->w, bound)) return true;
    if (power) {
        holdings_with_power(c->w, c->thread[i], power, h);
        if (somebody_has(c, i, h)) return true;
    }
    if (bound) {
        holdings_with_power(c->w, c->thread[i], POWER_SIGNAL, h);
        if (somebody_has(c, i, h)) return true;
    }
    if (!resume) return false;
    holdings_with_power(c->w, c->thread[i], POWER_RESUME, h);
    return somebody_has(c, i, h);
}

/* Until nobody new can be woken. A thread that was never started waits for nothing: it is resumed. */
static void crowd_wake(struct crowd *c, bool resume, struct holdings *h)
{
    for (bool more = true; more;) {
        more = false;
        for (unsigned i = 0; i < c->count; i++) {
            if (c->wakes[i]) continue;
            const struct tcb *t = tcb_at(c->w, c->thread[i]);
            bool unstarted = t->state == TCB_INACTIVE && !t->fault.kind;
            c->wakes[i] = can_be_woken(c, i, resume || unstarted, h);
            more |= c->wakes[i];
        }
    }
}

unsigned threads_hope(const struct world *w, enum hope *hope, unsigned max)
{
    struct crowd *c = calloc(1, sizeof *c);
    struct holdings *h = malloc(sizeof *h);
    unsigned count = 0;
    if (c) c->w = w;
    for (paddr_t tcb = threads_next(w, 0); c && tcb; tcb = threads_next(w, tcb)) {
        if (c->count == THREADS_MAX || c->count == max) break;
        c->thread[c->count] = tcb;
        c->wakes[c->count++] = thread_is_runnable(w, tcb) || tcb == kernel_at(w)->idle;
    }
    for (int resume = 0; c && h && resume < 2; resume++) {
        crowd_wake(c, resume, h);
        for (unsigned i = 0; i < c->count; i++) {
            if (resume == 0) hope[i] = c->wakes[i] ? HOPE_RUNS : HOPE_NONE;
            if (resume == 1 && c->wakes[i] && hope[i] == HOPE_NONE) hope[i] = HOPE_RESUME;
        }
        count = c->count;
    }
    free(c);
    free(h);
    return count;
}
