/* SPDX-License-Identifier: BSD-2-Clause */
/* Arithmetic on single and double precision as SSE defines it: integers only, the same bits on every
 * host and compiler, exceptions exact.
 *
 * Numbers come and go as their bits (a single in the low half). What an operation raises is added to
 * fp.flags, in the places of MXCSR. Denormal operands, rounding, and flushing are as MXCSR says. */
#ifndef FAULTLINE_MACHINE_SSE_NUMBER_H
#define FAULTLINE_MACHINE_SSE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* clang-format off */
enum mxcsr {
    MXCSR_IE = 1 << 0, MXCSR_DE = 1 << 1, MXCSR_ZE = 1 << 2, MXCSR_OE = 1 << 3, MXCSR_UE = 1 << 4,
    MXCSR_PE = 1 << 5, MXCSR_DAZ = 1 << 6, MXCSR_UM = 1 << 11, MXCSR_OM = 1 << 10,
    MXCSR_PM = 1 << 12, MXCSR_RC = 3 << 13, MXCSR_FTZ = 1 << 15,
    MXCSR_FLAGS = 63, MXCSR_MASK_SHIFT = 7, MXCSR_RC_SHIFT = 13, MXCSR_EARLY = 7 /* IE, DE, ZE */
};
/* clang-format on */

enum rounding { ROUND_NEAREST, ROUND_DOWN, ROUND_UP, ROUND_TO_ZERO };

enum relation { RELATION_LESS, RELATION_EQUAL, RELATION_GREATER, RELATION_UNORDERED };

struct fp {
    uint32_t mxcsr, flags;
};

struct format {
    unsigned fraction; /* bits */
    int bias;
};

extern const struct format format_single, format_double;

uint64_t number_add(const struct format *f, uint64_t a, uint64_t b, struct fp *fp);
uint64_t number_subtract(const struct format *f, uint64_t a, uint64_t b, struct fp *fp);
uint64_t number_multiply(const struct format *f, uint64_t a, uint64_t b, struct fp *fp);
uint64_t number_divide(const struct format *f, uint64_t a, uint64_t b, struct fp *fp);
uint64_t number_sqrt(const struct format *f, uint64_t a, struct fp *fp);
uint64_t number_min(const struct format *f, uint64_t a, uint64_t b, struct fp *fp);
uint64_t number_max(const struct format *f, uint64_t a, uint64_t b, struct fp *fp);

/* `signals`: a quiet NaN is invalid, too. */
enum relation number_compare(const struct format *f, uint64_t a, uint64_t b, bool signals,
                             struct fp *fp);

/* To an integral number. */
uint64_t number_round(const struct format *f, uint64_t a, enum rounding mode, struct fp *fp);

/* To and from signed integers of 32 or 64 bits. */
uint64_t number_to_integer(const struct format *f, uint64_t a, unsigned bits, enum rounding mode,
                           struct fp *fp);
uint64_t number_from_integer(const struct format *f, int64_t a, struct fp *fp);

uint64_t number_convert(const struct format *from, const struct format *to, uint64_t a,
                        struct fp *fp);

/* The approximations of RCPPS and RSQRTPS; they raise nothing. */
uint32_t number_reciprocal(uint32_t a);
uint32_t number_reciprocal_sqrt(uint32_t a);

static inline enum rounding fp_rounding(const struct fp *fp)
{
    return (enum rounding)(fp->mxcsr >> MXCSR_RC_SHIFT & 3);
}

#endif
