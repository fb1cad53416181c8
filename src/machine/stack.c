/* SPDX-License-Identifier: BSD-2-Clause */
/* The stack as rare instructions use it: operands of any width, a pointer of the mode's width. */
#define CAREFUL 1
#include "machine/execute.h"
#include "machine/rare.h"

#include <string.h>

static word_t cut(const struct core *m, word_t address)
{
    return m->is_compat ? (uint32_t)address : address;
}

bool rare_load(struct core *m, const struct op *op, word_t address, unsigned size, word_t *value)
{
    const void *from = memory_read(m, op, cut(m, address), size);
    *value = 0;
    if (from) memcpy(value, from, size);
    return from;
}

bool rare_probe(struct core *m, const struct op *op, word_t address, unsigned size)
{
    uint8_t hits = m->debug.hits; /* this is no write for a breakpoint */
    const void *to = memory_write(m, op, cut(m, address), size);
    m->bounce_size = 0;
    m->debug.hits = hits;
    return to;
}

bool rare_store(struct core *m, const struct op *op, word_t address, unsigned size, word_t value)
{
    void *to = memory_write(m, op, cut(m, address), size);
    if (!to) return false;
    memcpy(to, &value, size);
    memory_commit(m);
    return true;
}

bool rare_operand(struct core *m, const struct op *op, uint8_t reg, unsigned size, word_t *value)
{
    if (rare_has_memory(op)) return rare_load(m, op, m->reg[SLOT_TEMP], size, value);
    *value = 0;
    memcpy(value, (const uint8_t *)m->reg + reg, size);
    return true;
}

void rare_set(struct core *m, uint8_t reg, unsigned size, word_t value)
{
    if (size == 4) value = (uint32_t)value;
    memcpy((uint8_t *)m->reg + reg, &value, size == 4 ? 8 : size);
}

/* `offset` bytes above the stack pointer. */
static word_t stack_at(const struct core *m, word_t offset)
{
    return cut(m, m->reg[REG_RSP] + offset);
}

void stack_move(struct core *m, word_t offset)
{
    m->reg[REG_RSP] = stack_at(m, offset);
}

bool stack_push(struct core *m, const struct op *op, const word_t *value, unsigned count,
                unsigned size)
{
    for (unsigned i = 1; i <= count; i++)
        if (!rare_probe(m, op, stack_at(m, 0 - (word_t)(i * size)), size)) return false;
    for (unsigned i = 1; i <= count; i++)
        if (!rare_store(m, op, stack_at(m, 0 - (word_t)(i * size)), size, value[i - 1]))
            return false;
    stack_move(m, 0 - (word_t)(count * size));
    return true;
}

bool stack_peek(struct core *m, const struct op *op, word_t *value, unsigned count, unsigned size)
{
    for (unsigned i = 0; i < count; i++)
        if (!rare_load(m, op, stack_at(m, i * size), size, &value[i])) return false;
    return true;
}

/* --- frames ----------------------------------------------------------------------------------------- */

/* disp: bytes for variables; imm: the nesting level, so many frame pointers are copied. */
RARE(enter_narrow)
{
    unsigned size = rare_size(op), levels = (unsigned)op->imm & 31;
    word_t rsp = m->reg[REG_RSP], rbp = m->reg[REG_RBP], frame = rsp - size, value = rbp;
    for (unsigned i = 0; i <= levels; i++) {
        if (i > 0 && i < levels && !rare_load(m, op, rbp - size * i, size, &value)) STOP;
        if (!rare_probe(m, op, frame - size * i, size)) STOP;
    }
    for (unsigned i = 0; i <= levels; i++) {
        value = i == 0 ? rbp : frame;
        if (i > 0 && i < levels && !rare_load(m, op, rbp - size * i, size, &value)) STOP;
        if (!rare_store(m, op, frame - size * i, size, value)) STOP;
    }
    word_t top = frame - size * levels - (word_t)(op->disp & 0xffff);
    if (!rare_probe(m, op, top, size)) STOP;
    rare_set(m, SLOT_OFFSET(REG_RBP), size, frame);
    m->reg[REG_RSP] = cut(m, top);
    NEXT;
}

RARE(leave_narrow)
{
    word_t from = m->reg[REG_RBP], value;
    unsigned size = rare_size(op);
    if (!rare_load(m, op, from, size, &value)) STOP;
    rare_set(m, SLOT_OFFSET(REG_RBP), size, value);
    m->reg[REG_RSP] = cut(m, from + size);
    NEXT;
}
