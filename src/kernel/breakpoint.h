/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the hardware debug API share: breakpoint.c keeps a thread's debug registers,
 * debug_exception.c makes faults of what they cause, breakpoint_invoke.c is what calls set them by. */
#ifndef FAULTLINE_KERNEL_BREAKPOINT_H
#define FAULTLINE_KERNEL_BREAKPOINT_H

#include "kernel/internal.h"

/* What calls and messages name. seL4: libsel4/include/sel4/constants.h. */
enum { DATA_BREAKPOINT, INSTRUCTION_BREAKPOINT, SINGLE_STEP, SOFTWARE_BREAK_REQUEST };
enum { BREAK_ON_READ, BREAK_ON_WRITE, BREAK_ON_READ_WRITE };
enum { BREAKPOINT_COUNT = 4 };

/* The thread traps behind so many of its instructions; 0: it no longer does. */
void breakpoint_step(struct world *w, paddr_t tcb, word_t instructions);

/* ---- DR7 ---- */

enum { DR7_INSTRUCTION, DR7_WRITE, DR7_READ_WRITE = 3 };
static const uint8_t dr7_length[4] = { 1, 2, 8, 4 }; /* bytes, by the field's value */

static inline word_t dr7_enable_bit(unsigned number)
{
    return (word_t)2 << 2 * number;
}

static inline word_t dr7_fields(unsigned number, word_t type, word_t length)
{
    return type << (16 + 4 * number) | length << (18 + 4 * number);
}

static inline word_t dr7_type(word_t control, unsigned number)
{
    return control >> (16 + 4 * number) & 3;
}

static inline word_t dr7_size(word_t control, unsigned number)
{
    if (dr7_type(control, number) == DR7_INSTRUCTION) return 0;
    return dr7_length[control >> (18 + 4 * number) & 3];
}

/* What a fault message, or an answer, calls that breakpoint. */
static inline word_t dr7_reason(word_t control, unsigned number)
{
    return dr7_type(control, number) == DR7_INSTRUCTION ? INSTRUCTION_BREAKPOINT : DATA_BREAKPOINT;
}

#endif
