/* SPDX-License-Identifier: BSD-2-Clause */
/* SSE on packed integers: logic, arithmetic, compares, shifts. Lanes wrap unless the name says that
 * they saturate. */
#include "machine/sse.h"

/* clang-format off */
#define EACH(lanes) for (unsigned i = 0; i < (lanes); i++)

VECTOR(pand, d.u64 &= s.u64)
VECTOR(pandn, d.u64 = ~d.u64 & s.u64)
VECTOR(por, d.u64 |= s.u64)
VECTOR(pxor, d.u64 ^= s.u64)
VECTOR(paddb, d.u8 += s.u8)
VECTOR(paddw, d.u16 += s.u16)
VECTOR(paddd, d.u32 += s.u32)
VECTOR(paddq, d.u64 += s.u64)
VECTOR(psubb, d.u8 -= s.u8)
VECTOR(psubw, d.u16 -= s.u16)
VECTOR(psubd, d.u32 -= s.u32)
VECTOR(psubq, d.u64 -= s.u64)
/* clang-format on */

static inline int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

/* clang-format off */
#define SATURATE(name, field, lanes, type, low, high, operator) \
    VECTOR(name, EACH(lanes) d.field[i] = (type)clamp(d.field[i] operator s.field[i], low, high))
SATURATE(paddsb, i8, 16, int8_t, -128, 127, +)      SATURATE(psubsb, i8, 16, int8_t, -128, 127, -)
SATURATE(paddsw, i16, 8, int16_t, -32768, 32767, +) SATURATE(psubsw, i16, 8, int16_t, -32768, 32767, -)
SATURATE(paddusb, u8, 16, uint8_t, 0, 255, +)       SATURATE(psubusb, u8, 16, uint8_t, 0, 255, -)
SATURATE(paddusw, u16, 8, uint16_t, 0, 65535, +)    SATURATE(psubusw, u16, 8, uint16_t, 0, 65535, -)

VECTOR(pavgb, EACH(16) d.u8[i] = (uint8_t)((d.u8[i] + s.u8[i] + 1) >> 1))
VECTOR(pavgw, EACH(8) d.u16[i] = (uint16_t)((d.u16[i] + s.u16[i] + 1) >> 1))

VECTOR(pmullw, d.u16 *= s.u16)
VECTOR(pmulld, d.u32 *= s.u32)
VECTOR(pmulhw, EACH(8) d.i16[i] = (int16_t)(d.i16[i] * s.i16[i] >> 16))
VECTOR(pmulhuw, EACH(8) d.u16[i] = (uint16_t)((uint32_t)d.u16[i] * s.u16[i] >> 16))
VECTOR(pmulhrsw, EACH(8) d.i16[i] = (int16_t)(((d.i16[i] * s.i16[i] >> 14) + 1) >> 1))
VECTOR(pmuludq, EACH(2) d.u64[i] = (uint64_t)d.u32[2 * i] * s.u32[2 * i])
VECTOR(pmuldq, EACH(2) d.i64[i] = (int64_t)d.i32[2 * i] * s.i32[2 * i])
VECTOR(pmaddwd, EACH(4) d.u32[i] = (uint32_t)(d.i16[2 * i] * s.i16[2 * i]) + (uint32_t)(d.i16[2 * i + 1] * s.i16[2 * i + 1]))
VECTOR(pmaddubsw, EACH(8) d.i16[i] = (int16_t)clamp(d.u8[2 * i] * s.i8[2 * i] + d.u8[2 * i + 1] * s.i8[2 * i + 1], -32768, 32767))

#define CHOOSE(name, field, lanes, operator) VECTOR(name, EACH(lanes) if (s.field[i] operator d.field[i]) d.field[i] = s.field[i])
CHOOSE(pminub, u8, 16, <) CHOOSE(pminuw, u16, 8, <) CHOOSE(pminud, u32, 4, <)
CHOOSE(pminsb, i8, 16, <) CHOOSE(pminsw, i16, 8, <) CHOOSE(pminsd, i32, 4, <)
CHOOSE(pmaxub, u8, 16, >) CHOOSE(pmaxuw, u16, 8, >) CHOOSE(pmaxud, u32, 4, >)
CHOOSE(pmaxsb, i8, 16, >) CHOOSE(pmaxsw, i16, 8, >) CHOOSE(pmaxsd, i32, 4, >)

VECTOR(pcmpeqb, d.i8 = d.i8 == s.i8)
VECTOR(pcmpeqw, d.i16 = d.i16 == s.i16)
VECTOR(pcmpeqd, d.i32 = d.i32 == s.i32)
VECTOR(pcmpeqq, EACH(2) d.u64[i] = d.u64[i] == s.u64[i] ? UINT64_MAX : 0)
VECTOR(pcmpgtb, d.i8 = d.i8 > s.i8)
VECTOR(pcmpgtw, d.i16 = d.i16 > s.i16)
VECTOR(pcmpgtd, d.i32 = d.i32 > s.i32)
VECTOR(pcmpgtq, EACH(2) d.u64[i] = d.i64[i] > s.i64[i] ? UINT64_MAX : 0)

VECTOR(pabsb, EACH(16) d.u8[i] = (uint8_t)(s.i8[i] < 0 ? -s.i8[i] : s.i8[i]))
VECTOR(pabsw, EACH(8) d.u16[i] = (uint16_t)(s.i16[i] < 0 ? -s.i16[i] : s.i16[i]))
VECTOR(pabsd, EACH(4) d.u32[i] = s.i32[i] < 0 ? 0 - s.u32[i] : s.u32[i])
#define SIGN(name, signed_, unsigned_, type, lanes) \
    VECTOR(name, EACH(lanes) d.unsigned_[i] = (type)(s.signed_[i] < 0 ? 0u - d.unsigned_[i] : s.signed_[i] ? d.unsigned_[i] : 0u))
SIGN(psignb, i8, u8, uint8_t, 16) SIGN(psignw, i16, u16, uint16_t, 8) SIGN(psignd, i32, u32, uint32_t, 4)

/* --- shifts ----------------------------------------------------------------------------------------- */

/* The count is the whole low half of the source, or the immediate. */
#define SHIFT_REGISTER(...) { uint64_t count = s.u64[0]; __VA_ARGS__; }
#define SHIFT(name, ...) \
    VECTOR(name, SHIFT_REGISTER(__VA_ARGS__)) \
    SSE_HANDLER(name##_ri) COMPUTE(uint64_t count = IMMEDIATE, __VA_ARGS__)
SHIFT(psllw, EACH(8) d.u16[i] = (uint16_t)(count > 15 ? 0 : d.u16[i] << count))
SHIFT(pslld, EACH(4) d.u32[i] = count > 31 ? 0 : d.u32[i] << count)
SHIFT(psllq, EACH(2) d.u64[i] = count > 63 ? 0 : d.u64[i] << count)
SHIFT(psrlw, EACH(8) d.u16[i] = (uint16_t)(count > 15 ? 0 : d.u16[i] >> count))
SHIFT(psrld, EACH(4) d.u32[i] = count > 31 ? 0 : d.u32[i] >> count)
SHIFT(psrlq, EACH(2) d.u64[i] = count > 63 ? 0 : d.u64[i] >> count)
SHIFT(psraw, EACH(8) d.i16[i] = (int16_t)(d.i16[i] >> (count > 15 ? 15 : count)))
SHIFT(psrad, EACH(4) d.i32[i] = d.i32[i] >> (count > 31 ? 31 : count))

SSE_HANDLER(pslldq_ri) COMPUTE(union lanes s = xmm_get(m, op->dst), EACH(16) d.u8[i] = i >= IMMEDIATE ? s.u8[(i - IMMEDIATE) & 15] : 0)
SSE_HANDLER(psrldq_ri) COMPUTE(union lanes s = xmm_get(m, op->dst), EACH(16) d.u8[i] = i + IMMEDIATE < 16 ? s.u8[(i + IMMEDIATE) & 15] : 0)

/* --- across lanes ----------------------------------------------------------------------------------- */

/* Pairs of the destination below, of the source above. */
#define PAIRS(name, field, half, expression) \
    VECTOR(name, union lanes out; \
        EACH(half) { \
            union lanes a = d; \
            out.field[i] = expression; \
            a = s; \
            out.field[i + half] = expression; \
        } \
        d = out)
PAIRS(phaddw, u16, 4, (uint16_t)(a.u16[2 * i] + a.u16[2 * i + 1]))
PAIRS(phsubw, u16, 4, (uint16_t)(a.u16[2 * i] - a.u16[2 * i + 1]))
PAIRS(phaddd, u32, 2, a.u32[2 * i] + a.u32[2 * i + 1])
PAIRS(phsubd, u32, 2, a.u32[2 * i] - a.u32[2 * i + 1])
PAIRS(phaddsw, i16, 4, (int16_t)clamp(a.i16[2 * i] + a.i16[2 * i + 1], -32768, 32767))
PAIRS(phsubsw, i16, 4, (int16_t)clamp(a.i16[2 * i] - a.i16[2 * i + 1], -32768, 32767))
    /* clang-format on */

    static unsigned difference(unsigned a, unsigned b)
{
    return a > b ? a - b : b - a;
}

/* Sum of the distances of `count` bytes. */
static uint16_t distance(union lanes a, unsigned at, union lanes b, unsigned bt, unsigned count)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < count; i++)
        sum += difference(a.u8[(at + i) & 15], b.u8[(bt + i) & 15]);
    return (uint16_t)sum;
}

/* Four bytes of the source (immediate bits 0, 1) against those at eight places of the destination
 * (bit 2). */
static union lanes distances(union lanes d, union lanes s, unsigned choice)
{
    union lanes out;
    for (unsigned i = 0; i < 8; i++)
        out.u16[i] = distance(d, (choice & 4) + i, s, (choice & 3) * 4, 4);
    return out;
}

static union lanes minimum_word(union lanes s)
{
    unsigned at = 0;
    for (unsigned i = 1; i < 8; i++)
        if (s.u16[i] < s.u16[at]) at = i;
    return (union lanes){ .u64 = { s.u16[at] | (uint64_t)at << 16, 0 } };
}

/* clang-format off */
VECTOR(psadbw, EACH(2) d.u64[i] = distance(d, 8 * i, s, 8 * i, 8))
VECTOR(mpsadbw, d = distances(d, s, IMMEDIATE))
VECTOR(phminposuw, d = minimum_word(s))

/* ZF: no bit is in both; CF: no bit is in the source only; the other arithmetic flags are cleared. */
#define TEST(source) \
    { \
        CHECK_FPU; \
        source; \
        union lanes d = xmm_get(m, op->dst), both, rest; \
        both.u64 = d.u64 & s.u64; \
        rest.u64 = ~d.u64 & s.u64; \
        word_t flags = both.u64[0] | both.u64[1] ? 0 : FLAG_ZF; \
        flags |= rest.u64[0] | rest.u64[1] ? 0 : FLAG_CF; \
        result = flags_result(flags); \
        carry = flags_carry(flags); \
        NEXT; \
    }
SSE_HANDLER(ptest_rr) TEST(SOURCE_REGISTER)
SSE_HANDLER(ptest_rm) TEST(SOURCE_MEMORY(16, true))
    /* clang-format on */
