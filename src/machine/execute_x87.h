/* SPDX-License-Identifier: BSD-2-Clause */
/* x87 instructions: in both forms (execute.h). imm: the host's instruction, and from bit 16 on the
 * opcode; bit 31: 16-bit operands. */

typedef struct {
    uint8_t byte[10];
} memory_80;

#define X87_BEGIN                                                                                  \
    if (UNLIKELY(!m->x87.is_live) && !x87_enter(m)) STOP
#define X87_WAIT                                                                                   \
    if (UNLIKELY(m->x87.may_trap) && x87_status() >> 7 & 1) RAISE(VECTOR_MF, 0)
#define X87_SNIPPET ((unsigned)op->imm & 0x3ff)
#define X87_OPCODE  ((uint16_t)(op->imm >> 16 & 0x7ff))
#define X87_RECORD  (m->x87.ip = op_rip(m, op), m->x87.opcode = X87_OPCODE)

HANDLER(x87_register)
{
    X87_BEGIN;
    X87_WAIT;
    x87_run(NULL, X87_SNIPPET);
    X87_RECORD;
    NEXT;
}

HANDLER(x87_flags)
{
    X87_BEGIN;
    X87_WAIT;
    word_t flags = x87_run_flags(NULL, X87_SNIPPET, flags_gather(result, carry) | FLAG_FIXED);
    X87_RECORD;
    result = flags_result(flags);
    carry = flags_carry(flags);
    NEXT;
}

#define X87_MEMORY(bits)                                                                           \
    HANDLER(x87_load_##bits)                                                                       \
    {                                                                                              \
        X87_BEGIN;                                                                                 \
        X87_WAIT;                                                                                  \
        word_t address = EFFECTIVE_ADDRESS;                                                        \
        READ(memory_##bits, p, address);                                                           \
        x87_run((void *)(uintptr_t)p, X87_SNIPPET);                                                \
        X87_RECORD;                                                                                \
        m->x87.data = address;                                                                     \
        NEXT;                                                                                      \
    }                                                                                              \
    HANDLER(x87_store_##bits)                                                                      \
    {                                                                                              \
        X87_BEGIN;                                                                                 \
        X87_WAIT;                                                                                  \
        word_t address = EFFECTIVE_ADDRESS;                                                        \
        WRITE(memory_##bits, p, address);                                                          \
        x87_run(p, X87_SNIPPET);                                                                   \
        X87_RECORD;                                                                                \
        m->x87.data = address;                                                                     \
        NEXT;                                                                                      \
    }
X87_MEMORY(16)
X87_MEMORY(32)
X87_MEMORY(64)
X87_MEMORY(80)

/* --- control: what follows leaves the addresses of the last instruction alone ------------------------ */

HANDLER(x87_load_control)
{
    X87_BEGIN;
    X87_WAIT;
    READ(memory_16, p, EFFECTIVE_ADDRESS);
    x87_set_control(*p);
    x87_look(m);
    NEXT;
}

HANDLER(x87_store_word)
{
    X87_BEGIN;
    WRITE(memory_16, p, EFFECTIVE_ADDRESS);
    x87_run(p, X87_SNIPPET);
    NEXT;
}

HANDLER(x87_status_ax)
{
    X87_BEGIN;
    AT(16, 0) = x87_status();
    NEXT;
}

HANDLER(x87_clear)
{
    X87_BEGIN;
    x87_run(NULL, X87_SNIPPET);
    NEXT;
}

HANDLER(x87_init)
{
    X87_BEGIN;
    x87_run(NULL, X87_SNIPPET);
    x87_reset(m);
    NEXT;
}

/* FNSTENV and FNSAVE (reg 6) do not wait. */
HANDLER(x87_whole)
{
    X87_BEGIN;
    if ((X87_OPCODE >> 3 & 7) != 6) X87_WAIT;
    if (!x87_state(m, op, EFFECTIVE_ADDRESS, X87_OPCODE, op->imm < 0)) STOP;
    NEXT;
}

HANDLER(fwait)
{
    X87_BEGIN;
    X87_WAIT;
    NEXT;
}

HANDLER(emms)
{
    X87_BEGIN;
    X87_WAIT;
    x87_run(NULL, X87_EMMS);
    NEXT;
}

HANDLER(fx_save)
{
    if (!fxsave(m, op, EFFECTIVE_ADDRESS, op->imm)) STOP;
    NEXT;
}

HANDLER(fx_restore)
{
    if (!fxrstor(m, op, EFFECTIVE_ADDRESS, op->imm)) STOP;
    NEXT;
}
