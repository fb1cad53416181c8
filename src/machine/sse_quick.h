/* SPDX-License-Identifier: BSD-2-Clause */
/* Arithmetic by the host where its result is surely that of sse_number.h: normal numbers in, a normal
 * number out, rounded to nearest, and MXCSR has PE set and masked already, so that nothing is left to
 * report. The host's operators are IEEE's; its own status is neither read nor changed. */
#ifndef FAULTLINE_MACHINE_SSE_QUICK_H
#define FAULTLINE_MACHINE_SSE_QUICK_H

#include "machine/sse_number.h"

#include <string.h>

static inline bool fp_is_quick(const struct fp *fp)
{
    return (fp->mxcsr & (MXCSR_RC | MXCSR_PM | MXCSR_PE)) == (MXCSR_PM | MXCSR_PE);
}

/* clang-format off */
static inline double double_of(uint64_t a) { double d; memcpy(&d, &a, sizeof d); return d; }
static inline uint64_t double_bits(double d) { uint64_t a; memcpy(&a, &d, sizeof a); return a; }
static inline float single_of(uint32_t a) { float d; memcpy(&d, &a, sizeof d); return d; }
static inline uint32_t single_bits(float d) { uint32_t a; memcpy(&a, &d, sizeof a); return a; }

static inline bool double_is_normal(uint64_t a) { return (a >> 52 & 0x7ff) - 1 < 0x7fe; }
static inline bool single_is_normal(uint32_t a) { return (a >> 23 & 0xff) - 1 < 0xfe; }
/* Not even rounded to the smallest normal number. */
static inline bool double_is_safe(uint64_t a) { return (a >> 52 & 0x7ff) - 2 < 0x7fd; }
static inline bool single_is_safe(uint32_t a) { return (a >> 23 & 0xff) - 2 < 0xfd; }
static inline bool double_is_plain(uint64_t a) { return double_is_normal(a) || !(a << 1); }
static inline bool single_is_plain(uint32_t a) { return single_is_normal(a) || !(a << 1); }

#define QUICK_BINARY(type, bits, name, operator) \
    static inline uint##bits##_t type##_##name(uint##bits##_t a, uint##bits##_t b, struct fp *fp) \
    { \
        uint##bits##_t r = type##_bits(type##_of(a) operator type##_of(b)); \
        bool is_quick = fp_is_quick(fp) && type##_is_normal(a) && type##_is_normal(b) && type##_is_safe(r); \
        if (__builtin_expect(is_quick, 1)) return r; \
        return (uint##bits##_t)number_##name(&format_##type, a, b, fp); \
    }
QUICK_BINARY(double, 64, add, +)      QUICK_BINARY(single, 32, add, +)
QUICK_BINARY(double, 64, subtract, -) QUICK_BINARY(single, 32, subtract, -)
QUICK_BINARY(double, 64, multiply, *) QUICK_BINARY(single, 32, multiply, *)
QUICK_BINARY(double, 64, divide, /)   QUICK_BINARY(single, 32, divide, /)

#define QUICK_CHOICE(type, bits, name, operator) \
    static inline uint##bits##_t type##_##name(uint##bits##_t a, uint##bits##_t b, struct fp *fp) \
    { \
        bool is_plain = type##_is_plain(a) && type##_is_plain(b); \
        if (__builtin_expect(is_plain, 1)) return type##_of(a) operator type##_of(b) ? a : b; \
        return (uint##bits##_t)number_##name(&format_##type, a, b, fp); \
    }
QUICK_CHOICE(double, 64, min, <) QUICK_CHOICE(single, 32, min, <)
QUICK_CHOICE(double, 64, max, >) QUICK_CHOICE(single, 32, max, >)

#define QUICK_UNARY(type, bits) \
    static inline uint##bits##_t type##_sqrt(uint##bits##_t a, struct fp *fp) \
    { \
        bool is_quick = fp_is_quick(fp) && type##_is_normal(a) && !(a >> (bits - 1)); \
        if (__builtin_expect(is_quick, 1)) return type##_bits(QUICK_SQRT_##type(type##_of(a))); \
        return (uint##bits##_t)number_sqrt(&format_##type, a, fp); \
    } \
    static inline enum relation type##_compare(uint##bits##_t a, uint##bits##_t b, bool signals, struct fp *fp) \
    { \
        bool is_plain = type##_is_plain(a) && type##_is_plain(b); \
        if (__builtin_expect(!is_plain, 0)) return number_compare(&format_##type, a, b, signals, fp); \
        if (type##_of(a) < type##_of(b)) return RELATION_LESS; \
        return type##_of(a) > type##_of(b) ? RELATION_GREATER : RELATION_EQUAL; \
    }
#define QUICK_SQRT_double __builtin_sqrt
#define QUICK_SQRT_single __builtin_sqrtf
QUICK_UNARY(double, 64) QUICK_UNARY(single, 32)
/* clang-format on */

#endif
