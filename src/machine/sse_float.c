/* SPDX-License-Identifier: BSD-2-Clause */
/* SSE arithmetic and compares, packed and scalar. A packed instruction raises what any of its lanes
 * raises, and changes nothing if one of that is unmasked. */
#include "machine/sse.h"
#include "machine/sse_quick.h"

/* What was raised before results were rounded (IE, DE, ZE) stops an instruction first. */
bool sse_settle(struct core *m, const struct fp *fp)
{
    uint32_t flags = fp->flags, unmasked = flags & ~(fp->mxcsr >> MXCSR_MASK_SHIFT);
    if (unmasked & MXCSR_EARLY) flags &= MXCSR_EARLY;
    mxcsr_set(m, fp->mxcsr | flags);
    if (!unmasked) return false;
    core_raise(m, m->features & CPU_OSXMMEXCPT ? VECTOR_XM : VECTOR_UD, 0);
    return true;
}

/* clang-format off */
#define EACH_32 for (unsigned i = 0; i < 4; i++)
#define EACH_64 for (unsigned i = 0; i < 2; i++)

#define BINARY(name, function) \
    FLOAT(name##ps, 16, true, EACH_32 d.u32[i] = single_##function(d.u32[i], s.u32[i], &fp)) \
    FLOAT(name##pd, 16, true, EACH_64 d.u64[i] = double_##function(d.u64[i], s.u64[i], &fp)) \
    FLOAT(name##ss, 4, false, d.u32[0] = single_##function(d.u32[0], s.u32[0], &fp)) \
    FLOAT(name##sd, 8, false, d.u64[0] = double_##function(d.u64[0], s.u64[0], &fp))
BINARY(add, add) BINARY(sub, subtract) BINARY(mul, multiply) BINARY(div, divide) BINARY(min, min) BINARY(max, max)

FLOAT(sqrtps, 16, true, EACH_32 d.u32[i] = single_sqrt(s.u32[i], &fp))
FLOAT(sqrtpd, 16, true, EACH_64 d.u64[i] = double_sqrt(s.u64[i], &fp))
FLOAT(sqrtss, 4, false, d.u32[0] = single_sqrt(s.u32[0], &fp))
FLOAT(sqrtsd, 8, false, d.u64[0] = double_sqrt(s.u64[0], &fp))

VECTOR(rcpps, EACH_32 d.u32[i] = number_reciprocal(s.u32[i]))
VECTOR(rsqrtps, EACH_32 d.u32[i] = number_reciprocal_sqrt(s.u32[i]))
VECTOR_SIZED(rcpss, 4, false, d.u32[0] = number_reciprocal(s.u32[0]))
VECTOR_SIZED(rsqrtss, 4, false, d.u32[0] = number_reciprocal_sqrt(s.u32[0]))

/* --- sums across lanes ------------------------------------------------------------------------------ */

FLOAT(addsubps, 16, true, EACH_32 d.u32[i] = i % 2 ? single_add(d.u32[i], s.u32[i], &fp) : single_subtract(d.u32[i], s.u32[i], &fp))
FLOAT(addsubpd, 16, true, d.u64[0] = double_subtract(d.u64[0], s.u64[0], &fp); d.u64[1] = double_add(d.u64[1], s.u64[1], &fp))

#define PAIRS_32(function) \
    union lanes a = d; \
    for (unsigned i = 0; i < 2; i++) { \
        d.u32[i] = single_##function(a.u32[2 * i], a.u32[2 * i + 1], &fp); \
        d.u32[i + 2] = single_##function(s.u32[2 * i], s.u32[2 * i + 1], &fp); \
    }
#define PAIRS_64(function) \
    d.u64[0] = double_##function(d.u64[0], d.u64[1], &fp); \
    d.u64[1] = double_##function(s.u64[0], s.u64[1], &fp)
FLOAT(haddps, 16, true, PAIRS_32(add)) FLOAT(hsubps, 16, true, PAIRS_32(subtract))
FLOAT(haddpd, 16, true, PAIRS_64(add)) FLOAT(hsubpd, 16, true, PAIRS_64(subtract))
    /* clang-format on */

    static bool fp_stops(const struct fp *fp)
{
    return fp->flags & ~(fp->mxcsr >> MXCSR_MASK_SHIFT);
}

/* Bits 4 to 7 of the immediate choose factors, bits 0 to 3 where the sum goes. */
static union lanes dot_single(union lanes a, union lanes b, unsigned choice, struct fp *fp)
{
    union lanes product = { .u64 = { 0, 0 } }, out = product;
    EACH_32 if (choice >> (i + 4) & 1) product.u32[i] = single_multiply(a.u32[i], b.u32[i], fp);
    if (fp_stops(fp)) return out;
    uint32_t low = single_add(product.u32[0], product.u32[1], fp);
    uint32_t high = single_add(product.u32[2], product.u32[3], fp);
    if (fp_stops(fp)) return out;
    uint32_t sum = single_add(low, high, fp);
    EACH_32 if (choice >> i & 1) out.u32[i] = sum;
    return out;
}

static union lanes dot_double(union lanes a, union lanes b, unsigned choice, struct fp *fp)
{
    union lanes product = { .u64 = { 0, 0 } }, out = product;
    EACH_64 if (choice >> (i + 4) & 1) product.u64[i] = double_multiply(a.u64[i], b.u64[i], fp);
    if (fp_stops(fp)) return out;
    uint64_t sum = double_add(product.u64[0], product.u64[1], fp);
    EACH_64 if (choice >> i & 1) out.u64[i] = sum;
    return out;
}

/* --- compares --------------------------------------------------------------------------------------- */

/* Predicates as encoded: equal, less, less or equal, unordered, and the four negated. */
static bool predicate_holds(unsigned predicate, enum relation r)
{
    static const uint8_t holds[4] = { 1 << RELATION_EQUAL, 1 << RELATION_LESS,
                                      1 << RELATION_LESS | 1 << RELATION_EQUAL,
                                      1 << RELATION_UNORDERED };
    return (holds[predicate & 3] >> r & 1) ^ (predicate >> 2 & 1);
}

/* Those that ask for an order do not take quiet NaNs. */
static bool predicate_signals(unsigned predicate)
{
    return (predicate & 3) == 1 || (predicate & 3) == 2;
}

static uint32_t single_test(uint32_t a, uint32_t b, unsigned predicate, struct fp *fp)
{
    enum relation r = single_compare(a, b, predicate_signals(predicate), fp);
    return predicate_holds(predicate, r) ? UINT32_MAX : 0;
}

static uint64_t double_test(uint64_t a, uint64_t b, unsigned predicate, struct fp *fp)
{
    enum relation r = double_compare(a, b, predicate_signals(predicate), fp);
    return predicate_holds(predicate, r) ? UINT64_MAX : 0;
}

/* clang-format off */
FLOAT(dpps, 16, true, d = dot_single(d, s, IMMEDIATE, &fp))
FLOAT(dppd, 16, true, d = dot_double(d, s, IMMEDIATE, &fp))

FLOAT(cmpps, 16, true, EACH_32 d.u32[i] = single_test(d.u32[i], s.u32[i], IMMEDIATE, &fp))
FLOAT(cmppd, 16, true, EACH_64 d.u64[i] = double_test(d.u64[i], s.u64[i], IMMEDIATE, &fp))
FLOAT(cmpss, 4, false, d.u32[0] = single_test(d.u32[0], s.u32[0], IMMEDIATE, &fp))
FLOAT(cmpsd, 8, false, d.u64[0] = double_test(d.u64[0], s.u64[0], IMMEDIATE, &fp))

/* ZF, PF, CF tell the relation; the other arithmetic flags are cleared. */
static const uint8_t relation_flags[4] = {
    [RELATION_LESS] = FLAG_CF, [RELATION_EQUAL] = FLAG_ZF, [RELATION_GREATER] = 0,
    [RELATION_UNORDERED] = FLAG_ZF | FLAG_PF | FLAG_CF,
};

#define COMPUTE_FLAGS(source, ...) \
    { \
        CHECK_FPU; \
        source; \
        union lanes d = xmm_get(m, op->dst); \
        struct fp fp = { .mxcsr = mxcsr_get(m), .flags = 0 }; \
        enum relation relation = __VA_ARGS__; \
        if (UNLIKELY(fp.flags) && sse_settle(m, &fp)) STOP; \
        result = flags_result(relation_flags[relation]); \
        carry = flags_carry(relation_flags[relation]); \
        NEXT; \
    }
#define COMPARE(name, size, ...) \
    SSE_HANDLER(name##_rr) COMPUTE_FLAGS(SOURCE_REGISTER, __VA_ARGS__) \
    SSE_HANDLER(name##_rm) COMPUTE_FLAGS(SOURCE_MEMORY(size, false), __VA_ARGS__)
COMPARE(comiss, 4, single_compare(d.u32[0], s.u32[0], true, &fp))
COMPARE(comisd, 8, double_compare(d.u64[0], s.u64[0], true, &fp))
COMPARE(ucomiss, 4, single_compare(d.u32[0], s.u32[0], false, &fp))
COMPARE(ucomisd, 8, double_compare(d.u64[0], s.u64[0], false, &fp))
/* clang-format on */
