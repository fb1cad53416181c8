/* SPDX-License-Identifier: BSD-2-Clause */
/* How handlers leave: with where the processor goes on, and whether it has met an exception. The run loop
 * (core.c) and all handlers stand above this. */
#include "machine/core.h"

const struct op *core_leave(struct core *m, word_t rip, word_t result, word_t carry, int64_t left)
{
    m->rip = rip;
    m->result = result;
    m->carry = carry;
    m->left = left;
    return NULL;
}

const struct op *core_stop(struct core *m, const struct op *op, word_t result, word_t carry,
                           int64_t left)
{
    return core_leave(m, op_rip(m, op), result, carry, left - op->before);
}

const struct op *core_stop_after(struct core *m, const struct op *op, word_t result, word_t carry,
                                 int64_t left)
{
    return core_leave(m, op_rip(m, op) + op->length, result, carry, left - op->before - 1);
}

const struct op *core_follow(struct core *m, const struct op *op, word_t result, word_t carry,
                             int64_t left)
{
    m->pending = op_link(op);
    return core_leave(m, m->rip, result, carry, left);
}

void core_raise(struct core *m, uint32_t vector, word_t error_code)
{
    m->trap = (struct trap){ .kind = TRAP_EXCEPTION, .vector = vector, .error_code = error_code };
    m->is_fault = true;
}
