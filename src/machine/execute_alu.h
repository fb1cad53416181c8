/* SPDX-License-Identifier: BSD-2-Clause */
/* Arithmetic and moves of one width: included for BITS 8, 16, 32 and 64, in both forms (execute.h).
 * Names end in the form of the operands and the width: add_rm_32. */
#define PASTE_(a, b)  a##_##b
#define PASTE(a, b)   PASTE_(a, b)
#define N(name)       PASTE(name, BITS)
#define U             PASTE(uint, BITS)
#define S             PASTE(int, BITS)
#define P             PASTE(memory, BITS)
#define GET(offset)   (*(const P *)((const uint8_t *)m->reg + (offset)))
#define MSB(value)    ((word_t)(value) >> (BITS - 1) & 1)
#define EXTEND(value) ((word_t)(int64_t)(S)(value))
#if BITS == 32
#define PUT(offset, value) (AT(64, offset) = (uint32_t)(value))
#else
#define PUT(offset, value) (*(P *)((uint8_t *)m->reg + (offset)) = (value))
#endif

#define SET_LOGIC                                                                                  \
    result = EXTEND(r);                                                                            \
    carry = 0
#define SET_SUM                                                                                    \
    result = EXTEND(r);                                                                            \
    carry = carry_of_sum(a, b, r, BITS)
#define SET_DIFFERENCE                                                                             \
    result = EXTEND(r);                                                                            \
    carry = carry_of_difference(a, b, r, BITS)

/* clang-format off */
#define ADD r = (U)(a + b); SET_SUM
#define ADC r = (U)(a + b + (U)flag_cf(carry)); SET_SUM
#define SUB r = (U)(a - b); SET_DIFFERENCE
#define SBB r = (U)(a - b - (U)flag_cf(carry)); SET_DIFFERENCE
#define AND r = (U)(a & b); SET_LOGIC
#define OR  r = (U)(a | b); SET_LOGIC
#define XOR r = (U)(a ^ b); SET_LOGIC
#define NEG U b = a; a = 0; r = (U)(0 - b); SET_DIFFERENCE
#define NOT r = (U)~a
/* INC and DEC keep CF. */
#define INC U b = 1; word_t cf = flag_cf(carry); r = (U)(a + 1); SET_SUM; carry = carry_with_cf(carry, cf)
#define DEC U b = 1; word_t cf = flag_cf(carry); r = (U)(a - 1); SET_DIFFERENCE; carry = carry_with_cf(carry, cf)

/* A result that is kept, and one that only sets flags. */
#define BINARY(name, compute) \
    HANDLER(N(name##_rr)) { U a = GET(op->dst), b = GET(op->src), r; compute; PUT(op->dst, r); NEXT; } \
    HANDLER(N(name##_ri)) { U a = GET(op->dst), b = (U)op->imm, r; compute; PUT(op->dst, r); NEXT; } \
    HANDLER(N(name##_rm)) { READ(P, p, EFFECTIVE_ADDRESS); U a = GET(op->dst), b = *p, r; compute; PUT(op->dst, r); NEXT; } \
    HANDLER(N(name##_mr)) { WRITE(P, p, EFFECTIVE_ADDRESS); U a = *p, b = GET(op->src), r; compute; *p = r; NEXT; } \
    HANDLER(N(name##_mi)) { WRITE(P, p, EFFECTIVE_ADDRESS); U a = *p, b = (U)op->imm, r; compute; *p = r; NEXT; }
#define COMPARE(name, compute) \
    HANDLER(N(name##_rr)) { U a = GET(op->dst), b = GET(op->src), r; compute; NEXT; } \
    HANDLER(N(name##_ri)) { U a = GET(op->dst), b = (U)op->imm, r; compute; NEXT; } \
    HANDLER(N(name##_rm)) { READ(P, p, EFFECTIVE_ADDRESS); U a = GET(op->dst), b = *p, r; compute; NEXT; } \
    HANDLER(N(name##_mr)) { READ(P, p, EFFECTIVE_ADDRESS); U a = *p, b = GET(op->src), r; compute; NEXT; } \
    HANDLER(N(name##_mi)) { READ(P, p, EFFECTIVE_ADDRESS); U a = *p, b = (U)op->imm, r; compute; NEXT; }
#define UNARY(name, compute) \
    HANDLER(N(name##_r)) { U a = GET(op->dst), r; compute; PUT(op->dst, r); NEXT; } \
    HANDLER(N(name##_m)) { WRITE(P, p, EFFECTIVE_ADDRESS); U a = *p, r; compute; *p = r; NEXT; }

BINARY(add, ADD) BINARY(adc, ADC) BINARY(sub, SUB) BINARY(sbb, SBB)
BINARY(and, AND) BINARY(or, OR)   BINARY(xor, XOR)
COMPARE(cmp, SUB) COMPARE(test, AND)
UNARY(inc, INC)  UNARY(dec, DEC)  UNARY(neg, NEG)  UNARY(not, NOT)

HANDLER(N(mov_rr)) { PUT(op->dst, GET(op->src)); NEXT; }
HANDLER(N(mov_ri)) { PUT(op->dst, (U)op->disp); NEXT; }
HANDLER(N(mov_rm)) { READ(P, p, EFFECTIVE_ADDRESS); PUT(op->dst, *p); NEXT; }
HANDLER(N(mov_mr)) { WRITE(P, p, EFFECTIVE_ADDRESS); *p = GET(op->src); NEXT; }
HANDLER(N(mov_mi)) { WRITE(P, p, EFFECTIVE_ADDRESS); *p = (U)op->imm; NEXT; }
/* clang-format on */

HANDLER(N(xchg_rr))
{
    U a = GET(op->dst), b = GET(op->src);
    PUT(op->dst, b);
    PUT(op->src, a);
    NEXT;
}

HANDLER(N(xchg_mr))
{
    WRITE(P, p, EFFECTIVE_ADDRESS);
    U a = *p;
    *p = GET(op->src);
    PUT(op->src, a);
    NEXT;
}

HANDLER(N(xadd_rr))
{
    U a = GET(op->dst), b = GET(op->src), r;
    ADD;
    PUT(op->src, a);
    PUT(op->dst, r);
    NEXT;
}

HANDLER(N(xadd_mr))
{
    WRITE(P, p, EFFECTIVE_ADDRESS);
    U a = *p, b = GET(op->src), r;
    ADD;
    PUT(op->src, a);
    *p = r;
    NEXT;
}

/* One of the two is written, never both: the other keeps even its upper half. */
HANDLER(N(cmpxchg_rr))
{
    U a = GET(SLOT_OFFSET(REG_RAX)), b = GET(op->dst), new = GET(op->src), r;
    SUB;
    if (a == b)
        PUT(op->dst, new);
    else
        PUT(SLOT_OFFSET(REG_RAX), b);
    NEXT;
}

HANDLER(N(cmpxchg_mr))
{
    WRITE(P, p, EFFECTIVE_ADDRESS);
    U a = GET(SLOT_OFFSET(REG_RAX)), b = *p, new = GET(op->src), r;
    SUB;
    if (a == b)
        *p = new;
    else
        PUT(SLOT_OFFSET(REG_RAX), b);
    NEXT;
}

#if BITS != 8
HANDLER(N(lea_rm))
{
    PUT(op->dst, (U)EFFECTIVE_ADDRESS);
    NEXT;
}

/* clang-format off */
#define MOVE_IF(code) \
    HANDLER(PASTE(N(cmov_rr), code)) { U a = GET(op->src); if (!condition_holds(code, result, carry)) a = GET(op->dst); PUT(op->dst, a); NEXT; } \
    HANDLER(PASTE(N(cmov_rm), code)) { READ(P, p, EFFECTIVE_ADDRESS); U a = *p; if (!condition_holds(code, result, carry)) a = GET(op->dst); PUT(op->dst, a); NEXT; }
CONDITIONS(MOVE_IF)
#undef MOVE_IF

/* Widening moves from each narrower width. */
#define WIDENING(name, from, type) \
    HANDLER(PASTE(N(name##_rr), from)) { PUT(op->dst, (U)(S)(type)AT(from, op->src)); NEXT; } \
    HANDLER(PASTE(N(name##_rm), from)) { READ(memory_##from, p, EFFECTIVE_ADDRESS); PUT(op->dst, (U)(S)(type)*p); NEXT; }
WIDENING(movzx, 8, uint8_t) WIDENING(movsx, 8, int8_t)
WIDENING(movzx, 16, uint16_t) WIDENING(movsx, 16, int16_t)
#if BITS >= 32
WIDENING(movsx, 32, int32_t)
#endif
/* clang-format on */
#undef WIDENING

        HANDLER(N(push_r))
{
    word_t to = m->reg[REG_RSP] - sizeof(U);
    WRITE(P, p, to);
    *p = GET(op->dst);
    m->reg[REG_RSP] = to;
    NEXT;
}

HANDLER(N(push_i))
{
    word_t to = m->reg[REG_RSP] - sizeof(U);
    WRITE(P, p, to);
    *p = (U)op->imm;
    m->reg[REG_RSP] = to;
    NEXT;
}

/* The immediate tells which exception a bad address of the operand is; the stack's is #SS. */
#define CHECK_OPERAND(where)                                                                       \
    if (UNLIKELY(!address_is_canonical(where))) RAISE(op->imm ? VECTOR_SS : VECTOR_GP, 0)

HANDLER(N(push_m))
{
    word_t from = EFFECTIVE_ADDRESS, to = m->reg[REG_RSP] - sizeof(U);
    CHECK_OPERAND(from);
    READ_ANY(P, p, from);
    U value = *p;
    WRITE_ANY(P, q, to);
    *q = value;
    m->reg[REG_RSP] = to;
    NEXT;
}

HANDLER(N(pop_r))
{
    READ(P, p, m->reg[REG_RSP]);
    U value = *p;
    m->reg[REG_RSP] += sizeof(U);
    PUT(op->dst, value);
    NEXT;
}

HANDLER(N(pop_m))
{
    word_t to = EFFECTIVE_ADDRESS;
    READ_ANY(P, p, m->reg[REG_RSP]);
    U value = *p;
    CHECK_OPERAND(to);
    WRITE_ANY(P, q, to);
    *q = value;
    m->reg[REG_RSP] += sizeof(U);
    NEXT;
}
#endif
