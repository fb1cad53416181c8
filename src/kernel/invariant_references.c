/* SPDX-License-Identifier: BSD-2-Clause */
/* The rule that nothing outlives its last capability: what threads, queues, interrupts, ports and page
 * tables lead to has a capability somewhere that answers for it. Worlds that were built by boot keep it;
 * it is a check of its own, since a test's world may hold objects that nobody has a capability to.
 *
 * seL4 proves this as valid_objs, valid_idle, valid_irq_node and the arch invariants. */
#include "kernel/invariant.h"
#include "kernel/vspace.h"

#include <string.h>

enum { KNOWN_MAX = 8192, BUCKETS = 1024, NO_MORE = 0xffff };

/* All capabilities that there are, findable by object. */
struct known {
    struct cap cap[KNOWN_MAX];
    uint16_t next[KNOWN_MAX], bucket[BUCKETS];
    unsigned count;
    bool overflows;
    word_t ports[65536 / 64]; /* that capabilities name */
    word_t irqs[IRQ_COUNT / 64];
};

static unsigned bucket_of(paddr_t object)
{
    return (unsigned)((object >> 4 ^ object >> 14) % BUCKETS);
}

static const char *know(void *context, const struct world *w, paddr_t slot)
{
    struct known *k = context;
    struct cap cap = cte_at(w, slot)->cap;
    if (cap_type(cap) == CAP_NULL) return NULL;
    k->overflows |= k->count == KNOWN_MAX;
    if (k->overflows) return NULL;
    uint16_t *bucket = &k->bucket[bucket_of(cap_object(cap))];
    k->next[k->count] = *bucket;
    k->cap[k->count] = cap;
    *bucket = (uint16_t)k->count++;
    return NULL;
}

/* The next capability of a type to an object, from number `at` on; NO_MORE. */
static unsigned known_from(const struct known *k, unsigned at, enum cap_type type, paddr_t object)
{
    while (at != NO_MORE && !(cap_type(k->cap[at]) == type && cap_object(k->cap[at]) == object))
        at = k->next[at];
    return at;
}

static bool is_known(const struct known *k, enum cap_type type, paddr_t object)
{
    return known_from(k, k->bucket[bucket_of(object)], type, object) != NO_MORE;
}

static bool is_known_thread(const struct known *k, paddr_t tcb)
{
    return is_known(k, CAP_THREAD, tcb);
}

/* ---- Threads and who they wait for ---- */

static const char *check_thread_refers(const struct known *known, const struct world *w,
                                       paddr_t tcb)
{
    const struct tcb *t = tcb_at(w, tcb);
    CHECK(is_known_thread(known, tcb), "a thread is listed that nobody has a capability to");
    if (t->bound_notification)
        CHECK(is_known(known, CAP_NOTIFICATION, t->bound_notification),
              "a thread is bound to a notification that is gone");
    if (t->state == TCB_BLOCKED_ON_SEND || t->state == TCB_BLOCKED_ON_RECEIVE)
        CHECK(is_known(known, CAP_ENDPOINT, t->blocking_object),
              "a thread waits at an endpoint that is gone");
    if (t->state == TCB_BLOCKED_ON_NOTIFICATION)
        CHECK(is_known(known, CAP_NOTIFICATION, t->blocking_object),
              "a thread waits at a notification that is gone");
    return NULL;
}

static const char *check_waiter(const struct known *known, const struct world *w, paddr_t object,
                                paddr_t tcb)
{
    CHECK(is_known_thread(known, tcb), "a queue begins with a thread that is gone");
    CHECK(tcb_at(w, tcb)->blocking_object == object,
          "a queue begins with one that waits elsewhere");
    return NULL;
}

static const char *check_notification(const struct known *known, const struct world *w, paddr_t at)
{
    const struct notification *n = notification_at(w, at);
    if (n->bound_tcb) {
        CHECK(is_known_thread(known, n->bound_tcb),
              "a notification is bound to a thread that is gone");
        CHECK(tcb_at(w, n->bound_tcb)->bound_notification == at,
              "a notification's thread is bound to another");
    }
    bool waited = notification_state(w, at) == NOTIFICATION_WAITING;
    CHECK(waited == (n->head != 0), "a notification's queue and state differ");
    return waited ? check_waiter(known, w, at, n->head) : NULL;
}

static const char *check_endpoint(const struct known *known, const struct world *w, paddr_t at)
{
    const struct endpoint *e = endpoint_at(w, at);
    bool waited = endpoint_state(w, at) != ENDPOINT_IDLE;
    CHECK(waited == (e->head != 0), "an endpoint's queue and state differ");
    return waited ? check_waiter(known, w, at, e->head) : NULL;
}

/* ---- Interrupts and ports ---- */

static const char *check_irq_handler(struct known *known, const struct world *w, word_t irq)
{
    CHECK(irq < IRQ_COUNT, "a handler is of no interrupt");
    CHECK(kernel_at(w)->irq_state[irq] == IRQ_SIGNAL, "an interrupt with a handler is inactive");
    known->irqs[irq / 64] |= UINT64_C(1) << irq % 64;
    return NULL;
}

static void note_ports(struct known *known, struct cap cap)
{
    for (word_t port = cap_io_port_first(cap); port <= cap_io_port_last(cap); port++)
        known->ports[port / 64] |= UINT64_C(1) << port % 64;
}

/* What is left of a thread may stay for long: a zombie that waits in its own first slot. */
static const char *check_cap_refers(struct known *known, const struct world *w, struct cap cap)
{
    switch (cap_type(cap)) {
    case CAP_NOTIFICATION: return check_notification(known, w, cap_object(cap));
    case CAP_ENDPOINT: return check_endpoint(known, w, cap_object(cap));
    case CAP_IRQ_HANDLER: return check_irq_handler(known, w, cap_irq_handler_irq(cap));
    case CAP_IO_PORT: note_ports(known, cap); return NULL;
    case CAP_REPLY:
        CHECK(cap_reply_is_object(cap) || is_known_thread(known, cap_object(cap)) ||
                  is_known(known, CAP_ZOMBIE, tcb_slot(cap_object(cap), TCB_CTABLE)),
              "a reply capability names a thread that is gone");
        return NULL;
    case CAP_ASID_POOL:
        CHECK(kernel_at(w)->asid_table[cap_asid_pool_base(cap) >> 9] == cap_object(cap),
              "an ASID pool is not where its capability says");
        return NULL;
    default: return NULL;
    }
}

static const char *check_lines(const struct known *known, const struct world *w)
{
    const struct kernel *k = kernel_at(w);
    for (word_t irq = 0; irq < IRQ_COUNT; irq++) {
        bool handled = known->irqs[irq / 64] >> irq % 64 & 1;
        CHECK(handled || k->irq_state[irq] != IRQ_SIGNAL,
              "an interrupt is active without a handler");
    }
    CHECK(memcmp(known->ports, k->io_ports, sizeof known->ports) == 0,
          "the ports given out are not those that capabilities name");
    return NULL;
}

/* ---- Address spaces ---- */

struct space {
    const struct known *known;
    const struct world *w;
    word_t asid;
};

static enum cap_type type_of_table(enum table_level level)
{
    return level == LEVEL_PT ? CAP_PAGE_TABLE : level == LEVEL_PD ? CAP_PAGE_DIRECTORY : CAP_PDPT;
}

/* Whether a capability says that this is mapped there. */
static bool is_mapped(const struct space *s, enum cap_type type, paddr_t what, word_t vaddr)
{
    const struct known *k = s->known;
    unsigned at = k->bucket[bucket_of(what)];
    while ((at = known_from(k, at, type, what)) != NO_MORE) {
        struct cap cap = k->cap[at];
        bool fits = type == CAP_FRAME
                        ? cap_frame_is_mapped(cap) && cap_frame_asid(cap) == s->asid &&
                              cap_frame_address(cap) == vaddr
                        : cap_table_is_mapped(cap) && cap_table_asid(cap) == s->asid &&
                              cap_table_address(cap) == vaddr;
        if (fits) return true;
        at = k->next[at];
    }
    return false;
}

static const char *check_table(const struct space *s, paddr_t table, enum table_level level,
                               word_t vaddr)
{
    const char *wrong = NULL;
    unsigned entries = level == LEVEL_PML4 ? TABLE_ENTRIES / 2 : TABLE_ENTRIES;
    for (unsigned i = 0; i < entries && !wrong; i++) {
        word_t entry = memory_word(s->w, table + i * sizeof(word_t));
        if (!(entry & ENTRY_PRESENT)) continue;
        word_t at = vaddr + ((word_t)i << level_shift(level));
        paddr_t target = entry_target(entry, level);
        if (entry_is_page(entry, level)) {
            CHECK(is_mapped(s, CAP_FRAME, target, at), "a page is mapped without a capability");
            continue;
        }
        enum table_level below = (enum table_level)(level - 1);
        CHECK(is_mapped(s, type_of_table(below), target, at),
              "a page table is mapped without a capability");
        wrong = check_table(s, target, below, at);
    }
    return wrong;
}

static bool is_space(const struct known *k, paddr_t pml4, word_t asid)
{
    unsigned at = k->bucket[bucket_of(pml4)];
    while ((at = known_from(k, at, CAP_PML4, pml4)) != NO_MORE) {
        if (cap_pml4_is_mapped(k->cap[at]) && cap_pml4_asid(k->cap[at]) == asid) return true;
        at = k->next[at];
    }
    return false;
}

static const char *check_pool(const struct known *known, const struct world *w, word_t base,
                              paddr_t pool)
{
    const char *wrong = NULL;
    CHECK(is_known(known, CAP_ASID_POOL, pool), "an ASID pool is in use that is gone");
    for (word_t i = 0; i < TABLE_ENTRIES && !wrong; i++) {
        struct space s = { .known = known, .w = w, .asid = base + i };
        paddr_t pml4 = memory_word(w, pool + i * sizeof(word_t)) & ENTRY_ADDRESS;
        if (!pml4) continue;
        CHECK(is_space(known, pml4, s.asid), "an address space is in use that is gone");
        wrong = check_table(&s, pml4, LEVEL_PML4, 0);
    }
    return wrong;
}

static const char *check_spaces(const struct known *known, const struct world *w)
{
    const char *wrong = NULL;
    for (word_t i = 0; i < ASID_HIGH_COUNT && !wrong; i++)
        if (kernel_at(w)->asid_table[i])
            wrong = check_pool(known, w, i * TABLE_ENTRIES, kernel_at(w)->asid_table[i]);
    return wrong;
}

/* ---- All of it ---- */

static const char *check_threads_refer(const struct known *known, const struct world *w)
{
    const struct kernel *k = kernel_at(w);
    const char *wrong = NULL;
    paddr_t tcb = k->debug_tcbs;
    for (unsigned links = 0; tcb && links < LINKS_MAX && !wrong; links++) {
        if (tcb != k->idle) wrong = check_thread_refers(known, w, tcb);
        tcb = tcb_debug_at(w, tcb)->next;
    }
    if (wrong) return wrong;
    CHECK(k->current == k->idle || is_known_thread(known, k->current),
          "the current thread is gone");
    CHECK(!k->fpu_owner || k->fpu_owner == k->idle || is_known_thread(known, k->fpu_owner),
          "the FPU belongs to a thread that is gone");
    return NULL;
}

const char *kernel_check_references(const struct world *w)
{
    struct survey s;
    struct known known;
    survey_begin(&s, w);
    known.count = 0;
    known.overflows = false;
    memset(known.bucket, 0xff, sizeof known.bucket);
    memset(known.ports, 0, sizeof known.ports);
    memset(known.irqs, 0, sizeof known.irqs);
    const char *wrong = survey_visit(&s, know, &known);
    if (wrong || known.overflows || s.runs == CNODES_MAX) return wrong;
    for (unsigned i = 0; i < known.count && !wrong; i++)
        wrong = check_cap_refers(&known, w, known.cap[i]);
    if (!wrong) wrong = check_lines(&known, w);
    if (!wrong) wrong = check_spaces(&known, w);
    return wrong ? wrong : check_threads_refer(&known, w);
}
