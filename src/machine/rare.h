/* SPDX-License-Identifier: BSD-2-Clause */
/* Instructions whose speed does not matter: segments, transfers between them, and what only 32-bit code
 * has. Each has one handler for all operands, compiled once, in the careful manner of execute.h; a
 * block of the fast form may hold it, too.
 *
 * dst, src: registers. base: SLOT_TEMP if there is an operand in memory, whose address is there then;
 * index: it lies in the stack segment. scale: enum width. disp: the immediate, or the offset of a
 * pointer or jump; imm: a second immediate, a segment register, a selector. */
#ifndef FAULTLINE_MACHINE_RARE_H
#define FAULTLINE_MACHINE_RARE_H

#include "machine/core.h"

/* clang-format off */
/* X(operation, handler, whether the block ends behind it) */
#define RARE_LIST(X) \
    X(SGDT, store_table, 0) X(SIDT, store_table, 0) X(SLDT, store_system, 0) X(STR, store_system, 0) \
    X(SMSW, store_system, 0) X(LAR, segment_query, 0) X(LSL, segment_query, 0) X(VERR, segment_query, 0) \
    X(VERW, segment_query, 0) X(LDS, load_pointer, 0) X(LES, load_pointer, 0) X(LFS, load_pointer, 0) \
    X(LGS, load_pointer, 0) X(LSS, load_pointer, 0) X(JMP_FAR, jump_far, 1) X(CALL_FAR, call_far, 1) \
    X(RET_FAR, return_far, 1) X(IRET, interrupt_return, 1) \
    X(ENTER_NARROW, enter_narrow, 0) X(LEAVE_NARROW, leave_narrow, 0) \
    X(PUSH_SEGMENT_NARROW, push_segment_narrow, 0) X(POP_SEGMENT_NARROW, pop_segment_narrow, 1) \
    X(PUSH_NARROW, push_narrow, 0) X(POP_NARROW, pop_narrow, 0) X(PUSHF_NARROW, pushf_narrow, 0) \
    X(POPF_NARROW, popf_narrow, 1) X(JMP_NARROW, jump_narrow, 1) X(CALL_NARROW, call_narrow, 1) \
    X(RET_NARROW, return_narrow, 1) X(LOOP_NARROW, loop_narrow, 1) X(JRCXZ_NARROW, jump_cx_narrow, 1) \
    X(PUSHA, push_all, 0) X(POPA, pop_all, 0) X(BOUND, check_bound, 0) X(INTO, trap_overflow, 1) \
    X(ARPL, adjust_privilege, 0) X(SALC, carry_to_al, 0) X(AAA, adjust_ascii, 0) X(AAS, adjust_ascii, 0) \
    X(AAM, ascii_multiply, 0) X(AAD, ascii_divide, 0) X(DAA, adjust_decimal, 0) X(DAS, adjust_decimal, 0)
/* clang-format on */

enum { RARE_IMMEDIATE = 1 }; /* imm of PUSH, JMP, CALL: the operand is disp */

#define X(operation, name, ends) op_fn rare_##name;
RARE_LIST(X)
#undef X

#define RARE(name)                                                                                 \
    const struct op *rare_##name(struct core *m, const struct op *op, word_t result, word_t carry, \
                                 int64_t left)

/* Leaves for another address, the instruction being complete. */
#define RARE_JUMP(target)                                                                          \
    do {                                                                                           \
        left -= op->before + 1;                                                                    \
        return core_leave(m, (target), result, carry, left);                                       \
    } while (0)

/* Sets ZF, and leaves the other flags. */
#define RARE_SET_ZF(is_set)                                                                        \
    do {                                                                                           \
        word_t flags = flags_gather(result, carry) & ~(word_t)FLAG_ZF;                             \
        if (is_set) flags |= FLAG_ZF;                                                              \
        result = flags_result(flags);                                                              \
        carry = flags_carry(flags);                                                                \
    } while (0)

/* --- stack.c: of the width that the mode has. False: the instruction stops, nothing was changed --- */

bool rare_load(struct core *m, const struct op *op, word_t address, unsigned size, word_t *value);
bool rare_store(struct core *m, const struct op *op, word_t address, unsigned size, word_t value);
/* Whether rare_store will succeed. */
bool rare_probe(struct core *m, const struct op *op, word_t address, unsigned size);

/* The operand: a register, or memory. */
bool rare_operand(struct core *m, const struct op *op, uint8_t reg, unsigned size, word_t *value);
/* Writes to a register; 32 bits clear the upper half. */
void rare_set(struct core *m, uint8_t reg, unsigned size, word_t value);

/* Moves the stack pointer up by `offset` bytes. */
void stack_move(struct core *m, word_t offset);
/* Pushes all values, the first one first, or none. */
bool stack_push(struct core *m, const struct op *op, const word_t *value, unsigned count,
                unsigned size);
/* Reads from the stack's top on; the pointer stays. */
bool stack_peek(struct core *m, const struct op *op, word_t *value, unsigned count, unsigned size);

static inline bool rare_has_memory(const struct op *op)
{
    return op->base == SLOT_OFFSET(SLOT_TEMP);
}

static inline unsigned rare_size(const struct op *op)
{
    return 1u << op->scale;
}

#endif
