/* SPDX-License-Identifier: BSD-2-Clause */
/* SSE conversions between integers, singles and doubles, and rounding to integral numbers. */
#include "machine/sse.h"
#include "machine/sse_quick.h"

/* --- one number ------------------------------------------------------------------------------------- */

/* An integer that is exactly the number raises nothing, whatever MXCSR says. */
static uint64_t double_to_integer(uint64_t a, unsigned bits, enum rounding mode, struct fp *fp)
{
    double x = double_of(a);
    double limit = bits == 32 ? 0x1p31 : 0x1p63;
    bool is_inside = x < limit && x >= -limit;
    if (LIKELY(is_inside) && double_is_plain(a) && (double)(int64_t)x == x)
        return (uint64_t)(int64_t)x;
    return number_to_integer(&format_double, a, bits, mode, fp);
}

static uint64_t single_to_integer(uint32_t a, unsigned bits, enum rounding mode, struct fp *fp)
{
    float x = single_of(a);
    float limit = bits == 32 ? 0x1p31f : 0x1p63f;
    bool is_inside = x < limit && x >= -limit;
    if (LIKELY(is_inside) && single_is_plain(a) && (float)(int64_t)x == x)
        return (uint64_t)(int64_t)x;
    return number_to_integer(&format_single, a, bits, mode, fp);
}

static uint64_t double_from_integer(int64_t a, struct fp *fp)
{
    if (a == (int32_t)a) return double_bits((double)a);
    return number_from_integer(&format_double, a, fp);
}

static uint32_t single_from_integer(int64_t a, struct fp *fp)
{
    if (a == (int16_t)a) return single_bits((float)a);
    return (uint32_t)number_from_integer(&format_single, a, fp);
}

static uint64_t single_widen(uint32_t a, struct fp *fp)
{
    if (LIKELY(single_is_normal(a))) return double_bits((double)single_of(a));
    return number_convert(&format_single, &format_double, a, fp);
}

static uint32_t double_narrow(uint64_t a, struct fp *fp)
{
    uint32_t r = single_bits((float)double_of(a));
    if (LIKELY(fp_is_quick(fp) && double_is_normal(a) && single_is_safe(r))) return r;
    return (uint32_t)number_convert(&format_double, &format_single, a, fp);
}

/* Immediate of ROUNDxx: bits 0 and 1 the mode, bit 2 MXCSR's instead, bit 3 without PE. */
static uint64_t round_as(const struct format *f, uint64_t a, unsigned how, struct fp *fp)
{
    struct fp own = *fp;
    enum rounding mode = how & 4 ? fp_rounding(fp) : (enum rounding)(how & 3);
    own.flags = 0;
    uint64_t r = number_round(f, a, mode, &own);
    fp->flags |= how & 8 ? own.flags & ~(uint32_t)MXCSR_PE : own.flags;
    return r;
}

/* clang-format off */
#define EACH_32 for (unsigned i = 0; i < 4; i++)
#define EACH_64 for (unsigned i = 0; i < 2; i++)

FLOAT(cvtss2sd, 4, false, d.u64[0] = single_widen(s.u32[0], &fp))
FLOAT(cvtsd2ss, 8, false, d.u32[0] = double_narrow(s.u64[0], &fp))
FLOAT(cvtps2pd, 8, false, EACH_64 d.u64[i] = single_widen(s.u32[i], &fp))
FLOAT(cvtpd2ps, 16, true, EACH_64 d.u32[i] = double_narrow(s.u64[i], &fp); d.u64[1] = 0)
FLOAT(cvtdq2ps, 16, true, EACH_32 d.u32[i] = single_from_integer(s.i32[i], &fp))
FLOAT(cvtdq2pd, 8, false, EACH_64 d.u64[i] = double_from_integer(s.i32[i], &fp))
FLOAT(cvtps2dq, 16, true, EACH_32 d.u32[i] = (uint32_t)single_to_integer(s.u32[i], 32, fp_rounding(&fp), &fp))
FLOAT(cvttps2dq, 16, true, EACH_32 d.u32[i] = (uint32_t)single_to_integer(s.u32[i], 32, ROUND_TO_ZERO, &fp))
FLOAT(cvtpd2dq, 16, true, EACH_64 d.u32[i] = (uint32_t)double_to_integer(s.u64[i], 32, fp_rounding(&fp), &fp); d.u64[1] = 0)
FLOAT(cvttpd2dq, 16, true, EACH_64 d.u32[i] = (uint32_t)double_to_integer(s.u64[i], 32, ROUND_TO_ZERO, &fp); d.u64[1] = 0)

FLOAT(roundps, 16, true, EACH_32 d.u32[i] = (uint32_t)round_as(&format_single, s.u32[i], IMMEDIATE, &fp))
FLOAT(roundpd, 16, true, EACH_64 d.u64[i] = round_as(&format_double, s.u64[i], IMMEDIATE, &fp))
FLOAT(roundss, 4, false, d.u32[0] = (uint32_t)round_as(&format_single, s.u32[0], IMMEDIATE, &fp))
FLOAT(roundsd, 8, false, d.u64[0] = round_as(&format_double, s.u64[0], IMMEDIATE, &fp))

/* --- general registers ------------------------------------------------------------------------------ */

#define IS_WIDE (op->flags & OP_FLAG_WIDE)

/* From a general register or an integer in memory. */
#define SOURCE_GENERAL union lanes s = { .u64 = { AT(64, op->src), 0 } }
#define FROM_INTEGER(name, lane, function) \
    SSE_HANDLER(name##_rr) COMPUTE_FLOAT(SOURCE_GENERAL, d.lane = function(IS_WIDE ? s.i64[0] : s.i32[0], &fp)) \
    SSE_HANDLER(name##_rm) COMPUTE_FLOAT(SOURCE_MEMORY(IS_WIDE ? 8 : 4, false), d.lane = function(IS_WIDE ? s.i64[0] : s.i32[0], &fp))
FROM_INTEGER(cvtsi2ss, u32[0], single_from_integer)
FROM_INTEGER(cvtsi2sd, u64[0], double_from_integer)

/* To a general register; the upper half of a narrow one is cleared. */
#define COMPUTE_INTEGER(source, ...) \
    { \
        CHECK_FPU; \
        source; \
        struct fp fp = { .mxcsr = mxcsr_get(m), .flags = 0 }; \
        unsigned bits = IS_WIDE ? 64 : 32; \
        word_t value = __VA_ARGS__; \
        if (UNLIKELY(fp.flags) && sse_settle(m, &fp)) STOP; \
        AT(64, op->dst) = bits == 64 ? value : (uint32_t)value; \
        NEXT; \
    }
#define TO_INTEGER(name, size, ...) \
    SSE_HANDLER(name##_rr) COMPUTE_INTEGER(SOURCE_REGISTER, __VA_ARGS__) \
    SSE_HANDLER(name##_rm) COMPUTE_INTEGER(SOURCE_MEMORY(size, false), __VA_ARGS__)
TO_INTEGER(cvtss2si, 4, single_to_integer(s.u32[0], bits, fp_rounding(&fp), &fp))
TO_INTEGER(cvttss2si, 4, single_to_integer(s.u32[0], bits, ROUND_TO_ZERO, &fp))
TO_INTEGER(cvtsd2si, 8, double_to_integer(s.u64[0], bits, fp_rounding(&fp), &fp))
TO_INTEGER(cvttsd2si, 8, double_to_integer(s.u64[0], bits, ROUND_TO_ZERO, &fp))
/* clang-format on */
