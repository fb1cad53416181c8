/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt lines: which pin of the I/O APIC brings which interrupt, and which of them waits.
 * An edge that comes while its interrupt is masked is lost, as that chip loses it. A pin that looks at
 * levels brings its interrupt again and again while its line is high.
 * seL4: src/plat/pc99/machine/ioapic.c; the local APIC's order of vectors. */
#include "kernel/internal.h"

static word_t lowest_line(word_t lines)
{
    return (word_t)__builtin_ctzll(lines);
}

static bool is_masked(const struct kernel *k, word_t irq)
{
    return k->irq_masked[irq / 64] >> irq % 64 & 1;
}

void line_connect(struct world *w, word_t line, word_t irq, bool by_level)
{
    word_t bit = UINT64_C(1) << line;
    KERNEL_EDIT(w, lines) |= bit;
    KERNEL_EDIT(w, level_lines) &= ~bit;
    if (by_level) KERNEL_EDIT(w, level_lines) |= bit;
    KERNEL_EDIT(w, line_irq)[line] = (uint8_t)irq;
    device_edges_pass(w, (unsigned)line);
}

void line_disconnect(struct world *w, word_t irq)
{
    for (word_t lines = kernel_at(w)->lines; lines; lines &= lines - 1) {
        word_t line = lowest_line(lines);
        if (kernel_at(w)->line_irq[line] == irq) KERNEL_EDIT(w, lines) &= ~(UINT64_C(1) << line);
    }
}

void line_edges_pass(struct world *w, word_t irq)
{
    for (word_t lines = kernel_at(w)->lines; lines; lines &= lines - 1) {
        word_t line = lowest_line(lines);
        if (kernel_at(w)->line_irq[line] == irq) device_edges_pass(w, (unsigned)line);
    }
}

bool kernel_hears_line(const struct world *w, unsigned line)
{
    const struct kernel *k = kernel_at(w);
    return k->lines >> line & 1 && !is_masked(k, k->line_irq[line]);
}

/* When a line asks, or did: now, if its level does. */
static word_t line_asks_at(const struct world *w, word_t line)
{
    word_t edge = device_edge_at(w, (unsigned)line), now = cpu_at(w)->clock;
    bool is_high = kernel_at(w)->level_lines >> line & 1 && device_line_is_high(w, (unsigned)line);
    return is_high && now < edge ? now : edge;
}

word_t kernel_next_line(const struct world *w)
{
    const struct kernel *k = kernel_at(w);
    word_t next = DEVICE_NEVER;
    for (word_t lines = k->lines; lines; lines &= lines - 1) {
        word_t line = lowest_line(lines), at = line_asks_at(w, line);
        if (!is_masked(k, k->line_irq[line]) && at < next) next = at;
    }
    return next;
}

static word_t highest_irq_of_lines(const struct world *w)
{
    const struct kernel *k = kernel_at(w);
    word_t irq = IRQ_NONE;
    for (word_t lines = k->lines; lines; lines &= lines - 1) {
        word_t line = lowest_line(lines), of = k->line_irq[line];
        bool waits = !is_masked(k, of) && line_asks_at(w, line) <= cpu_at(w)->clock;
        if (waits && (irq == IRQ_NONE || of > irq)) irq = of;
    }
    return irq;
}

word_t line_waiting_irq(const struct world *w)
{
    const struct kernel *k = kernel_at(w);
    word_t irq = k->lines ? highest_irq_of_lines(w) : IRQ_NONE;
    for (word_t i = IRQ_COUNT / 64; i-- > 0;) {
        word_t waiting = k->irq_pending[i] & ~k->irq_masked[i];
        if (!waiting) continue;
        word_t highest = i * 64 + 63 - (word_t)__builtin_clzll(waiting);
        return irq == IRQ_NONE || highest > irq ? highest : irq;
    }
    return irq;
}

/* ---- What is due ---- */

/* The timer's vector is the highest, so it comes first. */
word_t interrupt_active(const struct world *w)
{
    return cpu_at(w)->clock >= kernel_at(w)->tick_due ? IRQ_OF_TIMER : line_waiting_irq(w);
}

/* A trap of the instruction before comes first. */
bool kernel_interrupt_due(const struct world *w)
{
    const struct kernel *k = kernel_at(w);
    if (cpu_at(w)->debug_pending && !cpu_at(w)->has_loaded_stack) return false;
    return !k->halted && (cpu_at(w)->clock >= k->tick_due || line_waits(w));
}

word_t kernel_next_event(const struct world *w)
{
    const struct kernel *k = kernel_at(w);
    word_t tick = k->tick_due, edge = k->lines ? kernel_next_line(w) : DEVICE_NEVER;
    if (k->halted) return ~(word_t)0;
    return edge < tick ? edge : tick;
}
