/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules that hold between any two kernel operations, checked from outside:
 * the derivation list is well formed, no capability names memory that is free,
 * every queue agrees with the states of its threads, one thread is current.
 *
 * seL4 proves these (l4v: spec/design, valid_mdb, valid_queues …); here they
 * are looked at. Bounded whatever the arena holds: at most so many CNodes,
 * untypeds and links are followed. */
#include "kernel/internal.h"

#include <assert.h>

enum { CNODES_MAX = 256, UNTYPEDS_MAX = 256, LINKS_MAX = 1 << 16 };

/* abort() with a message, as assert() does it: the one way out of a broken world. */
void invariant_broken(const char *what, const char *file, int line)
{
    __assert_fail(what, file, (unsigned)line, "kernel");
}

/* The CNodes found so far, each looked into once, and the untypeds on the way. */
struct survey {
    const struct world *w;
    struct cap cnode[CNODES_MAX];
    unsigned cnodes, cnodes_seen;
    paddr_t untyped[UNTYPEDS_MAX]; /* slots */
    unsigned untypeds;
};

#define CHECK(condition, what)                                                                     \
    do {                                                                                           \
        if (!(condition)) return what;                                                             \
    } while (0)

/* ---- Slots ---- */

static bool is_slot(const struct world *w, paddr_t slot)
{
    return slot % sizeof(struct cte) == 0 && memory_holds(w, slot, sizeof(struct cte));
}

static bool is_tcb(const struct world *w, paddr_t tcb)
{
    return tcb % (2 * TCB_OFFSET) == TCB_OFFSET && memory_holds(w, tcb, TCB_OFFSET);
}

static const char *check_links(const struct world *w, paddr_t slot)
{
    const struct cte *s = cte_at(w, slot);
    paddr_t next = cte_next(s), previous = s->mdb_prev;
    if (cap_type(s->cap) == CAP_NULL) {
        CHECK(!next && !previous, "an empty slot is in the derivation list");
        return NULL;
    }
    if (next) {
        CHECK(is_slot(w, next), "a slot's next is no slot");
        CHECK(cte_at(w, next)->mdb_prev == slot, "a slot's next does not point back");
        CHECK(cap_type(cte_at(w, next)->cap) != CAP_NULL, "a slot's next is empty");
    }
    if (previous) {
        CHECK(is_slot(w, previous), "a slot's previous is no slot");
        CHECK(cte_next(cte_at(w, previous)) == slot, "a slot's previous does not point to it");
    }
    return NULL;
}

static bool is_device_memory(struct cap cap)
{
    return (cap_type(cap) == CAP_FRAME && cap_frame_is_device(cap)) ||
           (cap_type(cap) == CAP_UNTYPED && cap_untyped_is_device(cap));
}

/* Where the object begins, and 0 in *bits for capabilities without one. */
static paddr_t object_region(struct cap cap, unsigned *bits)
{
    *bits = cap_object_size_bits(cap);
    return cap_type(cap) == CAP_THREAD ? cap_object(cap) - TCB_OFFSET : cap_object(cap);
}

static const char *check_cap(const struct world *w, struct cap cap)
{
    unsigned bits;
    paddr_t at = object_region(cap, &bits);
    CHECK(cap_type_name(cap_type(cap))[0] != '?', "a capability has an unknown type");
    if (bits == 0 || is_device_memory(cap)) return NULL;
    CHECK(memory_holds(w, at, (word_t)1 << bits), "a capability names what is no memory");
    CHECK((at & CAP_MASK(bits)) == 0, "an object is not aligned to its size");
    if (cap_type(cap) == CAP_UNTYPED)
        CHECK(cap_untyped_free_index(cap) << UNTYPED_MIN_BITS <= (word_t)1 << bits,
              "a watermark is too high");
    if (cap_type(cap) == CAP_ZOMBIE)
        CHECK(cap_zombie_number(cap) <= (word_t)1 << cap_zombie_radix(cap) ||
                  cap_zombie_is_tcb(cap),
              "a zombie has more slots than it was");
    return NULL;
}

static void survey_note(struct survey *s, paddr_t slot)
{
    struct cap cap = cte_at(s->w, slot)->cap;
    if (cap_type(cap) == CAP_UNTYPED && s->untypeds < UNTYPEDS_MAX)
        s->untyped[s->untypeds++] = slot;
    if (cap_type(cap) != CAP_CNODE || s->cnodes == CNODES_MAX) return;
    for (unsigned i = 0; i < s->cnodes; i++)
        if (cap_object(s->cnode[i]) == cap_object(cap)) return;
    s->cnode[s->cnodes++] = cap;
}

static const char *survey_slot(struct survey *s, paddr_t slot)
{
    const char *wrong = check_links(s->w, slot);
    if (!wrong) wrong = check_cap(s->w, cte_at(s->w, slot)->cap);
    if (!wrong) survey_note(s, slot);
    return wrong;
}

static const char *survey_slots(struct survey *s, paddr_t first, word_t count)
{
    const char *wrong = NULL;
    for (word_t i = 0; i < count && !wrong; i++) wrong = survey_slot(s, first + (i << SLOT_BITS));
    return wrong;
}

static bool list_has_before(const struct world *w, paddr_t slot, paddr_t wanted)
{
    for (unsigned links = 0; slot && links < LINKS_MAX; links++) {
        if (slot == wanted) return true;
        slot = cte_at(w, slot)->mdb_prev;
    }
    return false;
}

/* What lies in an untyped's memory comes from it: behind it in the list, below its watermark. */
static const char *check_untyped_holds(const struct survey *s, paddr_t untyped, paddr_t slot)
{
    struct cap cap = cte_at(s->w, slot)->cap, from = cte_at(s->w, untyped)->cap;
    if (slot == untyped || !cap_same_region_as(from, cap)) return NULL;
    if (list_has_before(s->w, untyped, slot))
        return NULL; /* the other way round: a copy of a whole one */
    CHECK(list_has_before(s->w, slot, untyped), "a capability names memory that is free");
    unsigned bits;
    paddr_t end = object_region(cap, &bits);
    end += (word_t)1 << bits;
    CHECK(end <= cap_object(from) + (cap_untyped_free_index(from) << UNTYPED_MIN_BITS),
          "an object lies above its untyped's watermark");
    return NULL;
}

static const char *check_untypeds(const struct survey *s, paddr_t first, word_t count)
{
    for (word_t i = 0; i < count; i++) {
        paddr_t slot = first + (i << SLOT_BITS);
        if (cap_type(cte_at(s->w, slot)->cap) == CAP_NULL) continue;
        for (unsigned u = 0; u < s->untypeds; u++) {
            const char *wrong = check_untyped_holds(s, s->untyped[u], slot);
            if (wrong) return wrong;
        }
    }
    return NULL;
}

static const char *check_slots(const struct world *w)
{
    struct survey s = { .w = w };
    const char *wrong = NULL;
    paddr_t tcb = kernel_at(w)->debug_tcbs;
    for (unsigned links = 0; tcb && links < LINKS_MAX && !wrong; links++) {
        CHECK(is_tcb(w, tcb), "the list of all threads holds what is none");
        wrong = survey_slots(&s, tcb_slot(tcb, TCB_CTABLE), TCB_SLOT_COUNT);
        tcb = tcb_debug_at(w, tcb)->next;
    }
    if (!wrong && kernel_at(w)->irq_node)
        wrong = survey_slots(&s, kernel_at(w)->irq_node, IRQ_COUNT);
    for (; s.cnodes_seen < s.cnodes && !wrong; s.cnodes_seen++) {
        struct cap cnode = s.cnode[s.cnodes_seen];
        wrong = survey_slots(&s, cap_object(cnode), (word_t)1 << cap_cnode_radix(cnode));
    }
    for (unsigned i = 0; i < s.cnodes && !wrong; i++)
        wrong =
            check_untypeds(&s, cap_object(s.cnode[i]), (word_t)1 << cap_cnode_radix(s.cnode[i]));
    return wrong;
}

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
