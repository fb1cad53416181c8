/* SPDX-License-Identifier: BSD-2-Clause */
/* Jumps, calls, flags as a word, and what traps: in both forms (execute.h). */

HANDLER(address)
{
    word_t address = EFFECTIVE_ADDRESS;
    if (op->imm & CUT_32) address = (uint32_t)address;
    if (op->imm & CUT_16) address = (uint16_t)address;
    address += AT(64, op->src);
    m->reg[SLOT_TEMP] = op->imm & CUT_SUM ? (uint32_t)address : address;
    NEXT;
}

HANDLER(continue_block)
{
    left -= op->before;
    FOLLOW((word_t)op->disp);
}

HANDLER(nop)
{
    NEXT;
}

/* CLFLUSH is checked like a load. */
HANDLER(touch)
{
    READ(memory_8, p, EFFECTIVE_ADDRESS);
    (void)p;
    NEXT;
}

/* --- jumps ------------------------------------------------------------------------------------------ */

#define JUMP_ON(code)                                                                              \
    HANDLER(jump_##code)                                                                           \
    {                                                                                              \
        if (condition_holds(code, result, carry)) {                                                \
            left -= op->before + 1;                                                                \
            FOLLOW((word_t)op->disp);                                                              \
        }                                                                                          \
        GO(op + 2);                                                                                \
    }                                                                                              \
    HANDLER(set_r_##code)                                                                          \
    {                                                                                              \
        AT(8, op->dst) = (uint8_t)condition_holds(code, result, carry);                            \
        NEXT;                                                                                      \
    }                                                                                              \
    HANDLER(set_m_##code)                                                                          \
    {                                                                                              \
        WRITE(memory_8, p, EFFECTIVE_ADDRESS);                                                     \
        *p = (uint8_t)condition_holds(code, result, carry);                                        \
        NEXT;                                                                                      \
    }
CONDITIONS(JUMP_ON)

/* A conditional jump that must not be taken: imm is the condition. */
HANDLER(jump_nowhere)
{
    if (condition_holds((unsigned)op->imm, result, carry)) RAISE(VECTOR_GP, 0);
    GO(op + 2);
}

HANDLER(jmp_i)
{
    left -= op->before + 1;
    FOLLOW((word_t)op->disp);
}

HANDLER(jmp_r)
{
    word_t target = AT(64, op->dst);
    CHECK_TARGET(target);
    left -= op->before + 1;
    JUMP(target);
}

HANDLER(jmp_m)
{
    READ(memory_64, p, EFFECTIVE_ADDRESS);
    word_t target = *p;
    CHECK_TARGET(target);
    left -= op->before + 1;
    JUMP(target);
}

HANDLER(call_i)
{
    word_t to = m->reg[REG_RSP] - 8;
    WRITE(memory_64, p, to);
    *p = op_rip(m, op) + op->length;
    m->reg[REG_RSP] = to;
    left -= op->before + 1;
    FOLLOW((word_t)op->disp);
}

HANDLER(call_r)
{
    word_t to = m->reg[REG_RSP] - 8, target = AT(64, op->dst);
    CHECK_TARGET(target);
    WRITE(memory_64, p, to);
    *p = op_rip(m, op) + op->length;
    m->reg[REG_RSP] = to;
    left -= op->before + 1;
    JUMP(target);
}

HANDLER(call_m)
{
    word_t from = EFFECTIVE_ADDRESS, to = m->reg[REG_RSP] - 8;
    if (!address_is_canonical(from)) RAISE(op->imm ? VECTOR_SS : VECTOR_GP, 0);
    READ_ANY(memory_64, p, from);
    word_t target = *p;
    CHECK_TARGET(target);
    WRITE_ANY(memory_64, q, to);
    *q = op_rip(m, op) + op->length;
    m->reg[REG_RSP] = to;
    left -= op->before + 1;
    JUMP(target);
}

/* imm: bytes of arguments to be dropped. */
HANDLER(ret)
{
    READ(memory_64, p, m->reg[REG_RSP]);
    word_t target = *p;
    CHECK_TARGET(target);
    m->reg[REG_RSP] += 8 + (word_t)op->imm;
    left -= op->before + 1;
    JUMP(target);
}

/* scale: 0 LOOP, 1 LOOPNE, 2 LOOPE; imm: 32-bit counter; a bad target is known by src. */
HANDLER(loop)
{
    word_t count = m->reg[REG_RCX] - 1;
    if (op->imm) count = (uint32_t)count;
    bool is_taken = count && (op->scale == 0 || flag_zf(result) == (op->scale == 2));
    if (is_taken && op->src) RAISE(VECTOR_GP, 0);
    m->reg[REG_RCX] = count;
    if (is_taken) {
        left -= op->before + 1;
        FOLLOW((word_t)op->disp);
    }
    GO(op + 2);
}

HANDLER(jrcxz)
{
    word_t count = op->imm ? (uint32_t)m->reg[REG_RCX] : m->reg[REG_RCX];
    if (!count && op->src) RAISE(VECTOR_GP, 0);
    if (!count) {
        left -= op->before + 1;
        FOLLOW((word_t)op->disp);
    }
    GO(op + 2);
}

/* --- stack frames ----------------------------------------------------------------------------------- */

HANDLER(leave)
{
    word_t from = m->reg[REG_RBP];
    READ(memory_64, p, from);
    m->reg[REG_RBP] = *p;
    m->reg[REG_RSP] = from + 8;
    NEXT;
}

/* Tries a place on the stack. ENTER's last one is its new top, where nothing is written; that fails
 * only after the frame was pushed, as on the host's processor. */
#define PROBE_STACK(top)                                                                           \
    do {                                                                                           \
        uint8_t hits = m->debug.hits; /* this is no write for a breakpoint */                      \
        WRITE_ANY(memory_64, probed, (top));                                                       \
        (void)probed;                                                                              \
        m->bounce_size = 0;                                                                        \
        m->debug.hits = hits;                                                                      \
    } while (0)

HANDLER(enter)
{
    word_t to = m->reg[REG_RSP] - 8;
    WRITE_ANY(memory_64, p, to);
    *p = m->reg[REG_RBP];
    memory_commit(m);
    PROBE_STACK(to - (word_t)op->imm);
    m->reg[REG_RBP] = to;
    m->reg[REG_RSP] = to - (word_t)op->imm;
    NEXT;
}

/* ENTER with a nesting level (scale): copies that many frame pointers, each read after the one before
 * it was pushed, since the frames may overlap. Every access is tried before anything is written. */
HANDLER(enter_nested)
{
    word_t frame = m->reg[REG_RSP] - 8, rbp = m->reg[REG_RBP];
    unsigned levels = op->scale;
    for (unsigned i = 0; i <= levels; i++) {
        if (i > 0 && i < levels) {
            READ_ANY(memory_64, p, rbp - 8 * i);
            (void)p;
        }
        PROBE_STACK(frame - 8 * i);
    }
    for (unsigned i = 0; i <= levels; i++) {
        word_t value = i == 0 ? rbp : frame;
        if (i > 0 && i < levels) {
            READ_ANY(memory_64, p, rbp - 8 * i);
            value = *p;
        }
        WRITE_ANY(memory_64, q, frame - 8 * i);
        *q = value;
        memory_commit(m);
    }
    PROBE_STACK(frame - 8 * levels - (word_t)op->imm);
    m->reg[REG_RBP] = frame;
    m->reg[REG_RSP] = frame - 8 * levels - (word_t)op->imm;
    GO(op + 1);
}

/* --- flags as a word -------------------------------------------------------------------------------- */

HANDLER(pushf)
{
    word_t to = m->reg[REG_RSP] - 8;
    WRITE(memory_64, p, to);
    *p = (m->rflags & ~(word_t)(FLAG_RF | FLAG_VM)) | flags_gather(result, carry);
    m->reg[REG_RSP] = to;
    NEXT;
}

HANDLER(popf)
{
    READ(memory_64, p, m->reg[REG_RSP]);
    word_t value = *p;
    m->rflags = (m->rflags & ~(POPF_FLAGS | FLAG_RF)) | (value & POPF_FLAGS);
    m->reg[REG_RSP] += 8;
    left -= op->before + 1;
    return core_leave(m, op_rip(m, op) + op->length, flags_result(value), flags_carry(value), left);
}

HANDLER(pushf_16)
{
    word_t to = m->reg[REG_RSP] - 2;
    WRITE(memory_16, p, to);
    *p = (uint16_t)(m->rflags | flags_gather(result, carry));
    m->reg[REG_RSP] = to;
    NEXT;
}

HANDLER(popf_16)
{
    READ(memory_16, p, m->reg[REG_RSP]);
    word_t value = *p, kept = POPF_FLAGS & 0xffff;
    m->rflags = (m->rflags & ~(kept | FLAG_RF)) | (value & kept);
    m->reg[REG_RSP] += 2;
    left -= op->before + 1;
    return core_leave(m, op_rip(m, op) + op->length, flags_result(value), flags_carry(value), left);
}

HANDLER(lahf)
{
    AT(8, 1) = (uint8_t)(flags_gather(result, carry) | FLAG_FIXED);
    NEXT;
}

HANDLER(sahf)
{
    word_t value = (flags_gather(result, carry) & FLAG_OF) | AT(8, 1);
    result = flags_result(value);
    carry = flags_carry(value);
    NEXT;
}

HANDLER(clc)
{
    carry = carry_with_cf(carry, 0);
    NEXT;
}

HANDLER(stc)
{
    carry = carry_with_cf(carry, 1);
    NEXT;
}

HANDLER(cmc)
{
    carry ^= CARRY_BOTH;
    NEXT;
}

HANDLER(cld)
{
    m->rflags &= ~(word_t)FLAG_DF;
    NEXT;
}

HANDLER(std)
{
    m->rflags |= FLAG_DF;
    NEXT;
}

/* --- traps ------------------------------------------------------------------------------------------ */

HANDLER(undefined)
{
    RAISE(VECTOR_UD, 0);
}

HANDLER(privileged)
{
    RAISE(VECTOR_GP, 0);
}

/* The one entry for what the floating-point units will execute. */
HANDLER(floating)
{
    RAISE(m->features & CPU_FPU_DISABLED ? VECTOR_NM : VECTOR_UD, 0);
}

#define TRAP_AFTER(trap_kind, number)                                                              \
    do {                                                                                           \
        m->trap = (struct trap){ .kind = (trap_kind), .vector = (number) };                        \
        return core_stop_after(m, op, result, carry, left);                                        \
    } while (0)

HANDLER(int_i)
{
    unsigned vector = (unsigned)op->disp & 0xff;
    if (vector == VECTOR_BP) TRAP_AFTER(TRAP_EXCEPTION, vector);
    if (m->cpu->gate_open[vector / 64] >> vector % 64 & 1) TRAP_AFTER(TRAP_INTERRUPT, vector);
    RAISE(VECTOR_GP, vector * 8 + 2);
}

HANDLER(int1)
{
    TRAP_AFTER(TRAP_EXCEPTION, VECTOR_DB);
}

HANDLER(int3)
{
    TRAP_AFTER(TRAP_EXCEPTION, VECTOR_BP);
}

HANDLER(syscall_)
{
    m->reg[REG_RCX] = op_rip(m, op) + op->length;
    m->reg[REG_R11] = (m->rflags & ~(word_t)FLAG_RF) | flags_gather(result, carry);
    TRAP_AFTER(TRAP_SYSCALL, 0);
}
