/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands in a place, and watching places while the machine runs: the core is asked to tell of
 * stores, a register is looked at behind each instruction of its thread. */
#include <string.h>

#include "world/inside.h"

struct spot spot_register(paddr_t tcb, enum context_reg reg)
{
    return (struct spot){ .kind = SPOT_REGISTER, .tcb = tcb, .reg = reg };
}

bool spot_memory(const struct world *w, paddr_t tcb, word_t address, unsigned size,
                 struct spot *out)
{
    paddr_t at;
    if (!kernel_translate(w, tcb, address, &at) || !memory_holds(w, at, 1)) return false;
    unsigned room = PAGE_SIZE - (unsigned)(at & (PAGE_SIZE - 1));
    *out = (struct spot){ .kind = SPOT_MEMORY, .at = at, .size = size < room ? size : room };
    return true;
}

bool spot_message_word(const struct world *w, paddr_t tcb, word_t i, struct spot *out)
{
    paddr_t buffer = thread_buffer(w, tcb);
    *out = i < MESSAGE_REGISTERS ? spot_register(tcb, (enum context_reg)(CTX_MR0 + i))
                                 : (struct spot){ 0 };
    if (i < MESSAGE_REGISTERS) return true;
    if (!buffer || i >= MESSAGE_MAX_LENGTH) return false;
    paddr_t at = buffer + (BUFFER_MESSAGE + i) * sizeof(word_t);
    *out = (struct spot){ .kind = SPOT_MEMORY, .at = at, .size = sizeof(word_t) };
    return true;
}

static word_t memory_bytes(const struct world *w, paddr_t at, unsigned size)
{
    word_t value = 0;
    if (memory_holds(w, at, size)) memcpy(&value, memory_at(w, at), size);
    return value;
}

void spot_read(const struct session *s, const struct spot *spot, struct reading *out)
{
    const struct world *w = &s->world;
    *out = (struct reading){ 0 };
    if (spot->kind == SPOT_REGISTER)
        out->word = thread_register(w, spot->tcb, spot->reg);
    else if (spot->kind == SPOT_MEMORY)
        out->word = memory_bytes(w, spot->at, spot->size);
    else if (spot->kind == SPOT_EXPRESSION && !spot->evaluate(s, spot->text, out))
        *out = (struct reading){ .is_text = true, .text = "nothing" };
}

bool reading_differs(const struct reading *a, const struct reading *b)
{
    return a->word != b->word || a->is_text != b->is_text || strcmp(a->text, b->text) != 0;
}

bool spot_needs_steps(const struct session *s, const struct spot *spot)
{
    if (spot->kind == SPOT_REGISTER) return spot->tcb == kernel_at(&s->world)->current;
    return spot->kind == SPOT_EXPRESSION;
}

/* ---- watchpoints ---- */

/* The core can spy on one place in memory; with more of them instructions are taken one by one. */
static const struct breakpoint *spied(const struct session *s)
{
    for (size_t i = 0; i < s->break_count; i++)
        if (s->breaks[i].on_change && s->breaks[i].spot.kind == SPOT_MEMORY) return &s->breaks[i];
    return NULL;
}

bool watchpoints_need_steps(const struct session *s)
{
    const struct breakpoint *first = s->break_changes ? spied(s) : NULL;
    for (size_t i = 0; s->break_changes && i < s->break_count; i++) {
        const struct breakpoint *b = &s->breaks[i];
        if (!b->on_change) continue;
        if (spot_needs_steps(s, &b->spot)) return true;
        if (b->spot.kind == SPOT_MEMORY && b != first) return true;
    }
    return false;
}

void watchpoints_begin(struct session *s)
{
    if (!s->break_changes) return;
    const struct breakpoint *b = spied(s);
    for (size_t i = 0; i < s->break_count; i++)
        if (s->breaks[i].on_change) spot_read(s, &s->breaks[i].spot, &s->breaks[i].last);
    if (b) core_spy(s->core, b->spot.at, b->spot.size);
}

void watchpoints_end(struct session *s)
{
    if (s->break_changes) core_spy(s->core, 0, 0);
}

void watchpoints_look(struct session *s)
{
    for (size_t i = 0; s->break_changes && i < s->break_count; i++) {
        struct breakpoint *b = &s->breaks[i];
        struct reading now;
        if (!b->on_change) continue;
        spot_read(s, &b->spot, &now);
        if (!reading_differs(&b->last, &now)) continue;
        if (!s->met.number) {
            s->met.number = b->number;
            s->met.changed = true;
            s->met.before = b->last;
            s->met.after = now;
        }
        b->last = now;
    }
}
