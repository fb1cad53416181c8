/* SPDX-License-Identifier: BSD-2-Clause */
/* The high-precision timer: one counter of 64 bits, a tick every 10 ns, and three comparators that
 * raise a line when the counter reaches them. SIMPLIFIED: lines are edge-triggered, messages on the
 * bus in place of lines are not offered, and 32-bit mode is not kept. */
#include "machine/device.h"

enum hpet_register {
    CAPABILITIES = 0x0,
    CONFIGURATION = 0x10,
    STATUS = 0x20,
    COUNTER = 0xf0,
    TIMERS = 0x100,
    TIMER_SIZE = 0x20,
};
enum timer_register { TIMER_CONFIG = 0x0, TIMER_COMPARATOR = 0x8, TIMER_ROUTE = 0x10 };

enum { CONFIG_RUN = 1, CONFIG_LEGACY = 2 };
enum {
    TIMER_ENABLE = 1 << 2,
    TIMER_PERIODIC = 1 << 3,
    TIMER_CAN_REPEAT = 1 << 4,
    TIMER_IS_64_BITS = 1 << 5,
    TIMER_SET_VALUE = 1 << 6,
    TIMER_PIN_SHIFT = 9,
    TIMER_PIN_MASK = 31,
};
#define TIMER_WRITABLE (UINT64_C(0x3e00) | TIMER_ENABLE | TIMER_PERIODIC | TIMER_SET_VALUE)
#define TIMER_PINS     (UINT64_C(1) << LINE_PIT << 32)
/* Vendor, the period in femtoseconds, legacy routes, 64 bits, three timers, revision 1. */
#define CAPABILITIES_VALUE                                                                         \
    (UINT64_C(0x8086a001) | (HPET_TIMERS - 1) << 8 | (word_t)HPET_NS * 1000000 << 32)

static word_t counter_at(const struct hpet *h, word_t now)
{
    return h->config & CONFIG_RUN ? h->counter + (now - h->since) / HPET_NS : h->counter;
}

/* Which line a timer raises. With legacy routes the first two replace the PIT and the clock. */
static unsigned line_of(const struct hpet *h, unsigned n)
{
    static const unsigned legacy[] = { LINE_PIT, 8 };
    if (h->config & CONFIG_LEGACY && n < 2) return legacy[n];
    return (unsigned)(h->timer[n].config >> TIMER_PIN_SHIFT & TIMER_PIN_MASK);
}

/* When the counter will meet the comparator; one that it has passed is met no more. */
static void arm(struct hpet *h, struct hpet_timer *t, word_t now)
{
    word_t counter = counter_at(h, now);
    t->edge = 0;
    if (!(h->config & CONFIG_RUN) || !(t->config & TIMER_ENABLE) || t->comparator < counter) return;
    word_t ticks = t->comparator - h->counter;
    if (ticks > (DEVICE_NEVER - h->since) / HPET_NS - 1) return;
    word_t edge = h->since + ticks * HPET_NS;
    t->edge = edge > now ? edge : now + 1;
}

static void arm_all(struct hpet *h, word_t now)
{
    for (unsigned n = 0; n < HPET_TIMERS; n++) arm(h, &h->timer[n], now);
}

/* ---- Registers ---- */

static word_t timer_read(const struct hpet_timer *t, word_t offset)
{
    switch (offset) {
    case TIMER_CONFIG: return t->config | TIMER_CAN_REPEAT | TIMER_IS_64_BITS | TIMER_PINS;
    case TIMER_COMPARATOR: return t->comparator;
    case TIMER_ROUTE: return t->route;
    default: return 0;
    }
}

word_t hpet_read(const struct world *w, word_t offset, word_t now)
{
    const struct hpet *h = &devices_at(w)->hpet;
    switch (offset) {
    case CAPABILITIES: return CAPABILITIES_VALUE;
    case CONFIGURATION: return h->config;
    case STATUS: return h->status;
    case COUNTER: return counter_at(h, now);
    default: break;
    }
    if (offset < TIMERS || offset >= TIMERS + HPET_TIMERS * TIMER_SIZE) return 0;
    return timer_read(&h->timer[(offset - TIMERS) / TIMER_SIZE], (offset - TIMERS) % TIMER_SIZE);
}

static void timer_write(struct hpet *h, struct hpet_timer *t, word_t offset, word_t now,
                        word_t value)
{
    if (offset == TIMER_CONFIG) {
        t->config = value & TIMER_WRITABLE;
    } else if (offset == TIMER_COMPARATOR) {
        bool is_first = t->config & TIMER_SET_VALUE || !(t->config & TIMER_PERIODIC);
        if (is_first) t->comparator = value;
        if (t->config & TIMER_PERIODIC) t->period = value;
        t->config &= ~(word_t)TIMER_SET_VALUE;
    } else if (offset == TIMER_ROUTE) {
        t->route = value;
    }
    arm(h, t, now);
}

void hpet_write(struct world *w, word_t offset, word_t now, word_t value)
{
    struct hpet *h = &devices_edit(w)->hpet;
    if (offset == CONFIGURATION || offset == COUNTER) {
        h->counter = offset == COUNTER ? value : counter_at(h, now);
        h->since = now;
        if (offset == CONFIGURATION) h->config = value & (CONFIG_RUN | CONFIG_LEGACY);
        arm_all(h, now);
    } else if (offset >= TIMERS && offset < TIMERS + HPET_TIMERS * TIMER_SIZE) {
        timer_write(h, &h->timer[(offset - TIMERS) / TIMER_SIZE], (offset - TIMERS) % TIMER_SIZE,
                    now, value);
    }
}

/* ---- Lines ---- */

word_t hpet_edge_at(const struct world *w, unsigned line)
{
    const struct hpet *h = &devices_at(w)->hpet;
    word_t at = DEVICE_NEVER;
    for (unsigned n = 0; n < HPET_TIMERS; n++)
        if (h->timer[n].edge && h->timer[n].edge < at && line_of(h, n) == line)
            at = h->timer[n].edge;
    return at;
}

/* A periodic timer goes on from where its comparator was, over all periods that have gone by. */
static void repeat(struct hpet *h, struct hpet_timer *t, word_t now)
{
    word_t counter = counter_at(h, now);
    if (counter >= t->comparator)
        t->comparator += ((counter - t->comparator) / t->period + 1) * t->period;
    arm(h, t, now);
}

void hpet_edges_pass(struct world *w, unsigned line)
{
    word_t now = cpu_at(w)->clock;
    struct hpet *h = &devices_edit(w)->hpet;
    for (unsigned n = 0; n < HPET_TIMERS; n++) {
        struct hpet_timer *t = &h->timer[n];
        if (!t->edge || t->edge > now || line_of(h, n) != line) continue;
        t->edge = 0;
        if (t->config & TIMER_PERIODIC && t->period) repeat(h, t, now);
    }
}
