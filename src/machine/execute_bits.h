/* SPDX-License-Identifier: BSD-2-Clause */
/* Shifts, rotations, bits, multiplication and division of one width: behind execute_alu.h, whose
 * macros it uses and removes. Undefined flags: see flags.h. */

/* Each works on `a` and the masked count `n` (not 0) and gives `r`, `cf` and `of`. */
#define COUNT_MASK (BITS == 64 ? 63 : 31)
#if BITS == 64
#define SHL_CF (a >> (64 - n) & 1)
#else
#define SHL_CF ((word_t)a << n >> BITS & 1)
#endif
/* clang-format off */
#define SHL r = (U)((word_t)a << n); cf = SHL_CF; of = MSB(r) ^ cf
#define SHR r = (U)((word_t)a >> n); cf = (word_t)a >> (n - 1) & 1; of = MSB(r) ^ ((word_t)r >> (BITS - 2) & 1)
#define SAR r = (U)((int64_t)(S)a >> n); cf = (word_t)((int64_t)(S)a >> (n - 1)) & 1; of = 0
#define ROL n %= BITS; r = (U)(n ? a << n | a >> (BITS - n) : a); cf = r & 1; of = MSB(r) ^ cf
#define ROR n %= BITS; r = (U)(n ? a >> n | a << (BITS - n) : a); cf = MSB(r); of = cf ^ ((word_t)r >> (BITS - 2) & 1)
#define RCL n %= BITS < 32 ? BITS + 1 : 64; cf = flag_cf(carry); r = a; \
    while (n--) { word_t out = MSB(r); r = (U)((U)(r << 1) | (U)cf); cf = out; } of = MSB(r) ^ cf
#define RCR n %= BITS < 32 ? BITS + 1 : 64; cf = flag_cf(carry); r = a; \
    while (n--) { word_t out = r & 1; r = (U)(r >> 1 | (U)(cf << (BITS - 1))); cf = out; } \
    of = MSB(r) ^ ((word_t)r >> (BITS - 2) & 1)

#define SHIFT_FLAGS  result = EXTEND(r); carry = carry_from(cf, of)
#define ROTATE_FLAGS carry = (carry & ~CARRY_BOTH) | carry_from(cf, of)

#define SHIFT_BY(count, compute, flags) \
    unsigned n = (unsigned)(count) & COUNT_MASK; U r = a; \
    if (n) { word_t cf, of; compute; flags; }
#define SHIFT(name, compute, flags) \
    HANDLER(N(name##_rr)) { U a = GET(op->dst); SHIFT_BY(AT(8, op->src), compute, flags) PUT(op->dst, r); NEXT; } \
    HANDLER(N(name##_ri)) { U a = GET(op->dst); SHIFT_BY(op->imm, compute, flags) PUT(op->dst, r); NEXT; } \
    HANDLER(N(name##_mr)) { WRITE(P, p, EFFECTIVE_ADDRESS); U a = *p; SHIFT_BY(AT(8, op->src), compute, flags) *p = r; NEXT; } \
    HANDLER(N(name##_mi)) { WRITE(P, p, EFFECTIVE_ADDRESS); U a = *p; SHIFT_BY(op->imm, compute, flags) *p = r; NEXT; }

SHIFT(shl, SHL, SHIFT_FLAGS) SHIFT(shr, SHR, SHIFT_FLAGS) SHIFT(sar, SAR, SHIFT_FLAGS)
SHIFT(rol, ROL, ROTATE_FLAGS) SHIFT(ror, ROR, ROTATE_FLAGS)
SHIFT(rcl, RCL, ROTATE_FLAGS) SHIFT(rcr, RCR, ROTATE_FLAGS)

#if BITS != 8
/* Double shifts. With 16 bits, counts above 16 go on into the destination again. */
#if BITS == 16
#define TRIPLE ((word_t)a << 32 | (word_t)b << 16 | a)
#define SHLD r = (U)(TRIPLE << n >> 32); cf = TRIPLE >> (48 - n) & 1
#define SHRD r = (U)(TRIPLE >> n); cf = TRIPLE >> (n - 1) & 1
#else
#define SHLD r = (U)(a << n | b >> (BITS - n)); cf = a >> (BITS - n) & 1
#define SHRD r = (U)(a >> n | b << (BITS - n)); cf = a >> (n - 1) & 1
#endif
#define DOUBLE_BY(count, compute) \
    U b = GET(op->src); SHIFT_BY(count, compute; of = MSB(r) ^ MSB(a), SHIFT_FLAGS)
#define DOUBLE(name, compute) \
    HANDLER(N(name##_rri)) { U a = GET(op->dst); DOUBLE_BY(op->imm, compute) PUT(op->dst, r); NEXT; } \
    HANDLER(N(name##_rrr)) { U a = GET(op->dst); DOUBLE_BY(m->reg[REG_RCX], compute) PUT(op->dst, r); NEXT; } \
    HANDLER(N(name##_mri)) { WRITE(P, p, EFFECTIVE_ADDRESS); U a = *p; DOUBLE_BY(op->imm, compute) *p = r; NEXT; } \
    HANDLER(N(name##_mrr)) { WRITE(P, p, EFFECTIVE_ADDRESS); U a = *p; DOUBLE_BY(m->reg[REG_RCX], compute) *p = r; NEXT; }
DOUBLE(shld, SHLD) DOUBLE(shrd, SHRD)

/* Bit tests: in memory a register counts bits from the operand on, in both directions. */
#define BIT_ADDRESS (EFFECTIVE_ADDRESS + (word_t)((int64_t)(S)GET(op->src) >> __builtin_ctz(BITS)) * sizeof(U))
#define BIT_OF(n)   U bit = (U)((U)1 << ((word_t)(n) & (BITS - 1))); carry = carry_with_cf(carry, (a & bit) != 0)
#define BIT_CHANGE(name, compute) \
    HANDLER(N(name##_rr)) { U a = GET(op->dst); BIT_OF(GET(op->src)); PUT(op->dst, (U)(compute)); NEXT; } \
    HANDLER(N(name##_ri)) { U a = GET(op->dst); BIT_OF(op->imm); PUT(op->dst, (U)(compute)); NEXT; } \
    HANDLER(N(name##_mr)) { WRITE(P, p, BIT_ADDRESS); U a = *p; BIT_OF(GET(op->src)); *p = (U)(compute); NEXT; } \
    HANDLER(N(name##_mi)) { WRITE(P, p, EFFECTIVE_ADDRESS); U a = *p; BIT_OF(op->imm); *p = (U)(compute); NEXT; }
BIT_CHANGE(bts, a | bit) BIT_CHANGE(btr, a & ~bit) BIT_CHANGE(btc, a ^ bit)
HANDLER(N(bt_rr)) { U a = GET(op->dst); BIT_OF(GET(op->src)); NEXT; }
HANDLER(N(bt_ri)) { U a = GET(op->dst); BIT_OF(op->imm); NEXT; }
HANDLER(N(bt_mr)) { READ(P, p, BIT_ADDRESS); U a = *p; BIT_OF(GET(op->src)); NEXT; }
HANDLER(N(bt_mi)) { READ(P, p, EFFECTIVE_ADDRESS); U a = *p; BIT_OF(op->imm); NEXT; }

/* ZF alone changes: of a zero, the destination stays as it is. */
#define SET_ZF(is_zero) \
    do { word_t f = flags_gather(result, carry) & ~(word_t)FLAG_ZF; \
         f |= (is_zero) ? FLAG_ZF : 0; result = flags_result(f); carry = flags_carry(f); } while (0)
#define SCAN(name, compute) \
    HANDLER(N(name##_rr)) { U a = GET(op->src); if (a) PUT(op->dst, (U)(compute)); SET_ZF(!a); NEXT; } \
    HANDLER(N(name##_rm)) { READ(P, p, EFFECTIVE_ADDRESS); U a = *p; if (a) PUT(op->dst, (U)(compute)); SET_ZF(!a); NEXT; }
SCAN(bsf, __builtin_ctzll(a)) SCAN(bsr, 63 - __builtin_clzll(a))

/* All flags but ZF are cleared, PF too. */
#define SET_COUNTED do { word_t f = r ? 0 : FLAG_ZF; result = flags_result(f); carry = flags_carry(f); } while (0)
HANDLER(N(popcnt_rr)) { U r = (U)__builtin_popcountll(GET(op->src)); SET_COUNTED; PUT(op->dst, r); NEXT; }
HANDLER(N(popcnt_rm)) { READ(P, p, EFFECTIVE_ADDRESS); U r = (U)__builtin_popcountll(*p); SET_COUNTED; PUT(op->dst, r); NEXT; }

/* Multiplication of two and three operands: CF and OF tell that the product did not fit. */
#if BITS == 64
#define PRODUCT swide_t full = (swide_t)(S)a * (S)b; U r = (U)full; word_t lost = full != (S)r
#else
#define PRODUCT int64_t full = (int64_t)(S)a * (S)b; U r = (U)full; word_t lost = full != (S)r
#endif
#define MULTIPLY PRODUCT; result = EXTEND(r); carry = carry_from(lost, lost); PUT(op->dst, r); NEXT
HANDLER(N(imul_rr)) { U a = GET(op->dst), b = GET(op->src); MULTIPLY; }
HANDLER(N(imul_rm)) { READ(P, p, EFFECTIVE_ADDRESS); U a = GET(op->dst), b = *p; MULTIPLY; }
HANDLER(N(imul_rri)) { U a = GET(op->src), b = (U)op->imm; MULTIPLY; }
HANDLER(N(imul_rmi)) { READ(P, p, EFFECTIVE_ADDRESS); U a = *p, b = (U)op->imm; MULTIPLY; }
#endif
/* clang-format on */

/* RDX:RAX and its narrower kin; 8 bits use AH and AL. */
#define LOW_OFFSET  SLOT_OFFSET(REG_RAX)
#define HIGH_OFFSET (BITS == 8 ? 1 : SLOT_OFFSET(REG_RDX))
#if BITS == 64
typedef wide_t N(double_u);
typedef swide_t N(double_s);
#else
        typedef uint64_t N(double_u);
typedef int64_t N(double_s);
#endif

static inline void N(multiply)(struct core *m, U b, bool is_signed, word_t *result, word_t *carry)
{
    U a = GET(LOW_OFFSET);
    N(double_u) full = is_signed ? (N(double_u))((N(double_s))(S)a * (S)b) : (N(double_u))a * b;
    U low = (U)full, high = (U)(full >> BITS);
    word_t lost = is_signed ? high != (U)((S)low >> (BITS - 1)) : high != 0;
    PUT(LOW_OFFSET, low);
    PUT(HIGH_OFFSET, high);
    *result = EXTEND(low);
    *carry = carry_from(lost, lost);
}

/* False: #DE. Signed division works on magnitudes, so no quotient overflows here. */
static inline bool N(divide)(struct core *m, U divisor, bool is_signed)
{
    N(double_u) n = (N(double_u))GET(HIGH_OFFSET) << BITS | GET(LOW_OFFSET);
    bool is_negative = is_signed && MSB(GET(HIGH_OFFSET)), flips = is_signed && MSB(divisor);
#if BITS < 32
    if (is_negative) n = (N(double_u))(0 - n) & ((UINT64_C(1) << (2 * BITS)) - 1);
#else
    if (is_negative) n = 0 - n;
#endif
    U d = flips ? (U)(0 - divisor) : divisor;
    if ((n >> BITS) >= d) return false;
    U quotient = (U)(n / d), rest = (U)(n % d);
    bool is_below = is_negative != flips;
    if (is_signed && quotient > (U)((U)1 << (BITS - 1)) - (is_below ? 0 : 1)) return false;
    PUT(LOW_OFFSET, (U)(is_below ? 0 - quotient : quotient));
    PUT(HIGH_OFFSET, (U)(is_negative ? 0 - rest : rest));
    return true;
}

/* clang-format off */
#define MULDIV(name, is_signed) \
    HANDLER(N(name##mul_r)) { N(multiply)(m, GET(op->dst), is_signed, &result, &carry); NEXT; } \
    HANDLER(N(name##mul_m)) { READ(P, p, EFFECTIVE_ADDRESS); N(multiply)(m, *p, is_signed, &result, &carry); NEXT; } \
    HANDLER(N(name##div_r)) { if (!N(divide)(m, GET(op->dst), is_signed)) RAISE(VECTOR_DE, 0); NEXT; } \
    HANDLER(N(name##div_m)) { READ(P, p, EFFECTIVE_ADDRESS); if (!N(divide)(m, *p, is_signed)) RAISE(VECTOR_DE, 0); NEXT; }
MULDIV(u, false) MULDIV(i, true)
/* clang-format on */

#undef PASTE_
#undef PASTE
#undef N
#undef U
#undef S
#undef P
#undef GET
#undef MSB
#undef EXTEND
#undef PUT
#undef SET_LOGIC
#undef SET_SUM
#undef SET_DIFFERENCE
#undef ADD
#undef ADC
#undef SUB
#undef SBB
#undef AND
#undef OR
#undef XOR
#undef NEG
#undef NOT
#undef INC
#undef DEC
#undef BINARY
#undef COMPARE
#undef UNARY
#undef CHECK_OPERAND
#undef COUNT_MASK
#undef SHL_CF
#undef SHL
#undef SHR
#undef SAR
#undef ROL
#undef ROR
#undef RCL
#undef RCR
#undef SHIFT_FLAGS
#undef ROTATE_FLAGS
#undef SHIFT_BY
#undef SHIFT
#undef TRIPLE
#undef SHLD
#undef SHRD
#undef DOUBLE_BY
#undef DOUBLE
#undef BIT_ADDRESS
#undef BIT_OF
#undef BIT_CHANGE
#undef SET_ZF
#undef SCAN
#undef PRODUCT
#undef MULTIPLY
#undef LOW_OFFSET
#undef HIGH_OFFSET
#undef MULDIV
#undef BITS
