/* SPDX-License-Identifier: BSD-2-Clause */
/* What 32-bit code has beside what all code has: its stack, its jumps, and instructions that 64-bit
 * mode gave up. */
#define CAREFUL 1
#include "machine/execute.h"
#include "machine/rare.h"

/* --- stack ------------------------------------------------------------------------------------------ */

static bool any_operand(struct core *m, const struct op *op, word_t *value)
{
    *value = (word_t)op->disp;
    return op->imm == RARE_IMMEDIATE || rare_operand(m, op, op->dst, rare_size(op), value);
}

RARE(push_narrow)
{
    word_t value;
    if (!any_operand(m, op, &value)) STOP;
    if (!stack_push(m, op, &value, 1, rare_size(op))) STOP;
    NEXT;
}

RARE(pop_narrow)
{
    word_t value;
    unsigned size = rare_size(op);
    if (!stack_peek(m, op, &value, 1, size)) STOP;
    if (rare_has_memory(op) && !rare_store(m, op, m->reg[SLOT_TEMP], size, value)) STOP;
    stack_move(m, size);
    if (!rare_has_memory(op)) rare_set(m, op->dst, size, value);
    NEXT;
}

RARE(pushf_narrow)
{
    word_t value = (m->rflags & ~(word_t)(FLAG_RF | FLAG_VM)) | flags_gather(result, carry);
    if (!stack_push(m, op, &value, 1, rare_size(op))) STOP;
    NEXT;
}

RARE(popf_narrow)
{
    word_t value, kept = rare_size(op) == 2 ? POPF_FLAGS & 0xffff : POPF_FLAGS;
    if (!stack_peek(m, op, &value, 1, rare_size(op))) STOP;
    stack_move(m, rare_size(op));
    m->rflags = (m->rflags & ~(kept | FLAG_RF)) | (value & kept);
    result = flags_result(value);
    carry = flags_carry(value);
    RARE_JUMP(op_rip(m, op) + op->length);
}

RARE(push_all)
{
    word_t value[8];
    for (unsigned i = 0; i < 8; i++) value[i] = m->reg[i];
    if (!stack_push(m, op, value, 8, rare_size(op))) STOP;
    NEXT;
}

RARE(pop_all)
{
    word_t value[8];
    unsigned size = rare_size(op);
    if (!stack_peek(m, op, value, 8, size)) STOP;
    stack_move(m, 8 * size);
    for (unsigned i = 0; i < 8; i++) {
        unsigned reg = 7 - i;
        if (reg != REG_RSP) rare_set(m, SLOT_OFFSET(reg), size, value[i]);
    }
    NEXT;
}

/* --- jumps ------------------------------------------------------------------------------------------ */

RARE(jump_narrow)
{
    word_t target;
    if (!any_operand(m, op, &target)) STOP;
    RARE_JUMP(target);
}

RARE(call_narrow)
{
    word_t target, back = op_rip(m, op) + op->length;
    if (!any_operand(m, op, &target)) STOP;
    if (!stack_push(m, op, &back, 1, rare_size(op))) STOP;
    RARE_JUMP(target);
}

RARE(return_narrow)
{
    word_t target;
    if (!stack_peek(m, op, &target, 1, rare_size(op))) STOP;
    stack_move(m, rare_size(op) + (word_t)(op->disp & 0xffff));
    RARE_JUMP(target);
}

/* With CX. imm: 0 LOOP, 1 LOOPNE, 2 LOOPE. */
RARE(loop_narrow)
{
    uint16_t count = (uint16_t)(AT(16, SLOT_OFFSET(REG_RCX)) - 1);
    bool is_taken = count && (op->imm == 0 || flag_zf(result) == (op->imm == 2));
    AT(16, SLOT_OFFSET(REG_RCX)) = count;
    RARE_JUMP(is_taken ? (word_t)op->disp : op_rip(m, op) + op->length);
}

RARE(jump_cx_narrow)
{
    bool is_taken = AT(16, SLOT_OFFSET(REG_RCX)) == 0;
    RARE_JUMP(is_taken ? (word_t)op->disp : op_rip(m, op) + op->length);
}

/* --- checks ----------------------------------------------------------------------------------------- */

static int64_t signed_of(word_t value, unsigned size)
{
    return size == 2 ? (int16_t)value : (int32_t)value;
}

RARE(check_bound)
{
    word_t low, high, at = m->reg[SLOT_TEMP];
    unsigned size = rare_size(op);
    if (!rare_load(m, op, at, size, &low) || !rare_load(m, op, at + size, size, &high)) STOP;
    int64_t index = signed_of(AT(64, op->dst), size);
    if (index < signed_of(low, size) || index > signed_of(high, size)) RAISE(VECTOR_BR, 0);
    NEXT;
}

RARE(trap_overflow)
{
    if (!flag_of(carry)) RARE_JUMP(op_rip(m, op) + op->length);
    if (!(m->cpu->gate_open[0] >> VECTOR_OF & 1)) RAISE(VECTOR_GP, VECTOR_OF * 8 + 2);
    m->trap = (struct trap){ .kind = TRAP_EXCEPTION, .vector = VECTOR_OF };
    return core_stop_after(m, op, result, carry, left);
}

/* --- decimal numbers: what the manual leaves undefined of the flags stays as it was ------------------- */

#define DEFINE_FLAGS(value, mask)                                                                  \
    do {                                                                                           \
        word_t now = (flags_gather(result, carry) & ~(word_t)(mask)) | ((value) & (mask));         \
        result = flags_result(now);                                                                \
        carry = flags_carry(now);                                                                  \
    } while (0)

#define RESULT_FLAGS (FLAG_SF | FLAG_ZF | FLAG_PF)

static word_t flags_of_byte(uint8_t al)
{
    word_t result = (word_t)(int64_t)(int8_t)al;
    return flags_gather(result, 0) & RESULT_FLAGS;
}

RARE(carry_to_al)
{
    AT(8, 0) = flag_cf(carry) ? 0xff : 0;
    NEXT;
}

/* AAA, AAS. imm: enum operation. */
RARE(adjust_ascii)
{
    uint16_t ax = AT(16, 0);
    bool is_adjusted = (ax & 15) > 9 || (carry & CARRY_AF);
    if (is_adjusted) ax = (uint16_t)(op->imm == OP_AAA ? ax + 0x106 : ax - 0x106);
    AT(16, 0) = ax & 0xff0f;
    DEFINE_FLAGS(is_adjusted ? FLAG_AF | FLAG_CF : 0, FLAG_AF | FLAG_CF);
    NEXT;
}

RARE(ascii_multiply)
{
    unsigned base = (uint8_t)op->disp, al = AT(8, 0);
    if (base == 0) RAISE(VECTOR_DE, 0);
    AT(16, 0) = (uint16_t)(al / base << 8 | al % base);
    DEFINE_FLAGS(flags_of_byte(AT(8, 0)), RESULT_FLAGS);
    NEXT;
}

RARE(ascii_divide)
{
    unsigned base = (uint8_t)op->disp;
    AT(16, 0) = (uint8_t)(AT(8, 0) + AT(8, 1) * base);
    DEFINE_FLAGS(flags_of_byte(AT(8, 0)), RESULT_FLAGS);
    NEXT;
}

/* DAA, DAS. imm: enum operation. */
RARE(adjust_decimal)
{
    unsigned al = AT(8, 0), was = al, sign = op->imm == OP_DAA ? 1 : 0u - 1;
    word_t cf = flag_cf(carry), flags = 0;
    if ((al & 15) > 9 || (carry & CARRY_AF)) {
        al += 6 * sign;
        flags |= FLAG_AF | (cf || al > 0xff ? FLAG_CF : 0);
    }
    if (was > 0x99 || cf) {
        al += 0x60 * sign;
        flags |= FLAG_CF;
    }
    if (op->imm == OP_DAA && !(was > 0x99 || cf)) flags &= ~(word_t)FLAG_CF;
    AT(8, 0) = (uint8_t)al;
    DEFINE_FLAGS(flags | flags_of_byte((uint8_t)al), RESULT_FLAGS | FLAG_AF | FLAG_CF);
    NEXT;
}
