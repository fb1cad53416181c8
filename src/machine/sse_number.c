/* SPDX-License-Identifier: BSD-2-Clause */
/* Arithmetic on single and double precision: see sse_number.h.
 *
 * A finite number is taken apart into sign, exponent and a significand whose leading bit is bit 63;
 * results are rounded once, in number_pack. A lowest bit that is set stands for all that was lost
 * below it ("jammed"). NaNs: the first operand's, quieted, else the second's. */
#include "machine/sse_number.h"

#include <stddef.h>

__extension__ typedef unsigned __int128 wide_number;

const struct format format_single = { .fraction = 23, .bias = 127 };
const struct format format_double = { .fraction = 52, .bias = 1023 };

enum kind { KIND_ZERO, KIND_FINITE, KIND_INFINITE, KIND_QUIET, KIND_SIGNALING };

struct number {
    enum kind kind;
    bool sign, is_denormal;
    int exponent; /* of the leading bit */
    uint64_t significand;
};

#define TOP (UINT64_C(1) << 63)

/* --- bits ------------------------------------------------------------------------------------------- */

static unsigned exponent_bits(const struct format *f)
{
    return f->fraction == 52 ? 11 : 8;
}

static uint64_t exponent_max(const struct format *f)
{
    return (UINT64_C(1) << exponent_bits(f)) - 1;
}

static uint64_t sign_bit(const struct format *f, bool sign)
{
    return (uint64_t)sign << (f->fraction + exponent_bits(f));
}

static uint64_t infinity(const struct format *f, bool sign)
{
    return sign_bit(f, sign) | exponent_max(f) << f->fraction;
}

static uint64_t quiet_bit(const struct format *f)
{
    return UINT64_C(1) << (f->fraction - 1);
}

/* What invalid operations give: the negative quiet NaN without payload. */
static uint64_t default_nan(const struct format *f)
{
    return infinity(f, true) | quiet_bit(f);
}

static struct number unpack(const struct format *f, uint64_t a, const struct fp *fp)
{
    uint64_t fraction = a & ((UINT64_C(1) << f->fraction) - 1);
    uint64_t biased = a >> f->fraction & exponent_max(f);
    struct number n = { .kind = KIND_FINITE,
                        .sign = a >> (f->fraction + exponent_bits(f)) & 1,
                        .exponent = (int)biased - f->bias,
                        .significand = TOP | fraction << (63 - f->fraction) };
    if (biased == exponent_max(f)) {
        n.kind = !fraction ? KIND_INFINITE : fraction & quiet_bit(f) ? KIND_QUIET : KIND_SIGNALING;
    } else if (biased == 0 && (fraction == 0 || fp->mxcsr & MXCSR_DAZ)) {
        n.kind = KIND_ZERO;
    } else if (biased == 0) {
        unsigned shift = (unsigned)__builtin_clzll(fraction);
        n.is_denormal = true;
        n.significand = fraction << shift;
        n.exponent = 1 - f->bias - (int)(shift - (63 - f->fraction));
    }
    return n;
}

static bool is_nan(const struct number *n)
{
    return n->kind >= KIND_QUIET;
}

static uint64_t raise_invalid(const struct format *f, struct fp *fp)
{
    fp->flags |= MXCSR_IE;
    return default_nan(f);
}

static uint64_t choose_nan(const struct format *f, uint64_t a, const struct number *x, uint64_t b,
                           const struct number *y, struct fp *fp)
{
    if (x->kind == KIND_SIGNALING || y->kind == KIND_SIGNALING) fp->flags |= MXCSR_IE;
    return (is_nan(x) ? a : b) | quiet_bit(f);
}

static void note_denormal(const struct number *x, const struct number *y, struct fp *fp)
{
    if (x->is_denormal || (y && y->is_denormal)) fp->flags |= MXCSR_DE;
}

static uint64_t shift_jam(uint64_t value, unsigned count)
{
    if (count == 0) return value;
    if (count > 63) return value != 0;
    return value >> count | (value << (64 - count) != 0);
}

/* --- rounding --------------------------------------------------------------------------------------- */

/* `value` without its lowest `drop` bits (1 to 63). */
static uint64_t round_bits(uint64_t value, unsigned drop, bool sign, enum rounding mode,
                           bool *is_inexact)
{
    uint64_t kept = value >> drop, lost = value << (64 - drop);
    bool up = false;
    if (lost) *is_inexact = true;
    switch (mode) {
    case ROUND_NEAREST: up = lost > TOP || (lost == TOP && (kept & 1)); break;
    case ROUND_DOWN: up = sign && lost; break;
    case ROUND_UP: up = !sign && lost; break;
    case ROUND_TO_ZERO: break;
    }
    return kept + up;
}

static uint64_t pack_overflow(const struct format *f, bool sign, struct fp *fp, bool is_inexact)
{
    enum rounding mode = fp_rounding(fp);
    bool is_masked = fp->mxcsr & MXCSR_OM;
    fp->flags |= MXCSR_OE;
    if (is_masked || is_inexact) fp->flags |= MXCSR_PE;
    bool to_infinity = mode == ROUND_NEAREST || mode == (sign ? ROUND_DOWN : ROUND_UP);
    return infinity(f, sign) - !to_infinity;
}

/* A result too small for a normal number, whatever the rounding. */
static uint64_t pack_tiny(const struct format *f, bool sign, int exponent, uint64_t significand,
                          struct fp *fp, bool is_inexact)
{
    if (!(fp->mxcsr & MXCSR_UM)) {
        fp->flags |= MXCSR_UE | (is_inexact ? MXCSR_PE : 0);
        return 0;
    }
    if (fp->mxcsr & MXCSR_FTZ) {
        fp->flags |= MXCSR_UE | MXCSR_PE;
        return sign_bit(f, sign);
    }
    bool is_lost = false;
    significand = shift_jam(significand, (unsigned)(1 - f->bias - exponent));
    uint64_t bits = round_bits(significand, 63 - f->fraction, sign, fp_rounding(fp), &is_lost);
    if (is_lost) fp->flags |= MXCSR_UE | MXCSR_PE;
    return sign_bit(f, sign) | bits;
}

/* The number nearest to 1.significand * 2^exponent; the leading bit is set. */
static uint64_t pack(const struct format *f, bool sign, int exponent, uint64_t significand,
                     struct fp *fp)
{
    bool is_inexact = false;
    uint64_t bits = round_bits(significand, 63 - f->fraction, sign, fp_rounding(fp), &is_inexact);
    int rounded = exponent + (int)(bits >> (f->fraction + 1));
    if (rounded + f->bias < 1) return pack_tiny(f, sign, exponent, significand, fp, is_inexact);
    if (rounded + f->bias >= (int)exponent_max(f)) return pack_overflow(f, sign, fp, is_inexact);
    if (is_inexact) fp->flags |= MXCSR_PE;
    /* The leading bit, or a carry beyond it, adds to the exponent. */
    return sign_bit(f, sign) | (((uint64_t)(exponent + f->bias - 1) << f->fraction) + bits);
}

static uint64_t pack_wide(const struct format *f, bool sign, int exponent, uint64_t significand,
                          struct fp *fp)
{
    int shift = __builtin_clzll(significand);
    return pack(f, sign, exponent - shift, significand << shift, fp);
}

/* --- sums ------------------------------------------------------------------------------------------- */

static uint64_t add_finite(const struct format *f, struct number x, struct number y, struct fp *fp)
{
    bool is_less =
        x.exponent < y.exponent || (x.exponent == y.exponent && x.significand < y.significand);
    if (is_less) {
        struct number swap = x;
        x = y;
        y = swap;
    }
    /* One bit above for the carry, plenty below for what is lost. */
    uint64_t a = x.significand >> 1;
    uint64_t b = shift_jam(y.significand >> 1, (unsigned)(x.exponent - y.exponent));
    uint64_t sum = x.sign == y.sign ? a + b : a - b;
    if (!sum) return sign_bit(f, fp_rounding(fp) == ROUND_DOWN);
    return pack_wide(f, x.sign, x.exponent + 1, sum, fp);
}

static uint64_t add_signed(const struct format *f, uint64_t a, uint64_t b, uint64_t flip,
                           struct fp *fp)
{
    struct number x = unpack(f, a, fp), y = unpack(f, b, fp);
    if (is_nan(&x) || is_nan(&y)) return choose_nan(f, a, &x, b, &y, fp);
    y.sign ^= flip != 0;
    if (x.kind == KIND_INFINITE && y.kind == KIND_INFINITE && x.sign != y.sign)
        return raise_invalid(f, fp);
    note_denormal(&x, &y, fp);
    if (x.kind == KIND_INFINITE) return infinity(f, x.sign);
    if (y.kind == KIND_INFINITE) return infinity(f, y.sign);
    if (x.kind == KIND_ZERO && y.kind == KIND_ZERO) {
        bool sign = x.sign == y.sign ? x.sign : fp_rounding(fp) == ROUND_DOWN;
        return sign_bit(f, sign);
    }
    if (x.kind == KIND_ZERO) return pack(f, y.sign, y.exponent, y.significand, fp);
    if (y.kind == KIND_ZERO) return pack(f, x.sign, x.exponent, x.significand, fp);
    return add_finite(f, x, y, fp);
}

uint64_t number_add(const struct format *f, uint64_t a, uint64_t b, struct fp *fp)
{
    return add_signed(f, a, b, 0, fp);
}

uint64_t number_subtract(const struct format *f, uint64_t a, uint64_t b, struct fp *fp)
{
    return add_signed(f, a, b, 1, fp);
}

/* --- products --------------------------------------------------------------------------------------- */

uint64_t number_multiply(const struct format *f, uint64_t a, uint64_t b, struct fp *fp)
{
    struct number x = unpack(f, a, fp), y = unpack(f, b, fp);
    bool sign = x.sign ^ y.sign;
    if (is_nan(&x) || is_nan(&y)) return choose_nan(f, a, &x, b, &y, fp);
    bool has_zero = x.kind == KIND_ZERO || y.kind == KIND_ZERO;
    bool has_infinity = x.kind == KIND_INFINITE || y.kind == KIND_INFINITE;
    if (has_zero && has_infinity) return raise_invalid(f, fp);
    note_denormal(&x, &y, fp);
    if (has_infinity) return infinity(f, sign);
    if (has_zero) return sign_bit(f, sign);
    wide_number product = (wide_number)x.significand * y.significand;
    uint64_t high = (uint64_t)(product >> 64) | ((uint64_t)product != 0);
    return pack_wide(f, sign, x.exponent + y.exponent + 1, high, fp);
}

uint64_t number_divide(const struct format *f, uint64_t a, uint64_t b, struct fp *fp)
{
    struct number x = unpack(f, a, fp), y = unpack(f, b, fp);
    bool sign = x.sign ^ y.sign;
    if (is_nan(&x) || is_nan(&y)) return choose_nan(f, a, &x, b, &y, fp);
    if (x.kind == y.kind && x.kind != KIND_FINITE) return raise_invalid(f, fp);
    if (y.kind == KIND_ZERO && x.kind == KIND_FINITE) {
        fp->flags |= MXCSR_ZE;
        return infinity(f, sign);
    }
    note_denormal(&x, &y, fp);
    if (x.kind == KIND_INFINITE || y.kind == KIND_ZERO) return infinity(f, sign);
    if (y.kind == KIND_INFINITE || x.kind == KIND_ZERO) return sign_bit(f, sign);
    wide_number numerator = (wide_number)(x.significand >> 1) << 64;
    uint64_t quotient = (uint64_t)(numerator / y.significand);
    uint64_t rest = (uint64_t)(numerator - (wide_number)quotient * y.significand);
    return pack_wide(f, sign, x.exponent - y.exponent, quotient | (rest != 0), fp);
}

/* The root of significand * 2^63 or 2^62 by digits; all 64 of them, and whether a rest is left. */
static uint64_t root_of(wide_number value)
{
    wide_number rest = 0;
    uint64_t root = 0;
    for (unsigned i = 0; i < 64; i++) {
        rest = rest << 2 | (wide_number)(value >> 126);
        value <<= 2;
        wide_number trial = (wide_number)root << 2 | 1;
        root <<= 1;
        if (rest < trial) continue;
        rest -= trial;
        root |= 1;
    }
    return root | (rest != 0);
}

uint64_t number_sqrt(const struct format *f, uint64_t a, struct fp *fp)
{
    struct number x = unpack(f, a, fp);
    if (is_nan(&x)) return choose_nan(f, a, &x, a, &x, fp);
    if (x.kind == KIND_ZERO) return sign_bit(f, x.sign);
    if (x.sign) return raise_invalid(f, fp);
    note_denormal(&x, NULL, fp);
    if (x.kind == KIND_INFINITE) return a;
    bool is_odd = x.exponent & 1;
    wide_number value = (wide_number)x.significand << (is_odd ? 64 : 63);
    return pack(f, false, (x.exponent - is_odd) / 2, root_of(value), fp);
}

/* --- order ------------------------------------------------------------------------------------------ */

/* A number that orders as the finite or infinite number does. */
static int64_t order_of(const struct format *f, uint64_t a, const struct number *x)
{
    int64_t magnitude = x->kind == KIND_ZERO ? 0 : (int64_t)(a & (sign_bit(f, true) - 1));
    return x->sign ? -magnitude : magnitude;
}

enum relation number_compare(const struct format *f, uint64_t a, uint64_t b, bool signals,
                             struct fp *fp)
{
    struct number x = unpack(f, a, fp), y = unpack(f, b, fp);
    if (is_nan(&x) || is_nan(&y)) {
        bool is_signaling = x.kind == KIND_SIGNALING || y.kind == KIND_SIGNALING;
        if (signals || is_signaling) fp->flags |= MXCSR_IE;
        return RELATION_UNORDERED;
    }
    note_denormal(&x, &y, fp);
    int64_t left = order_of(f, a, &x), right = order_of(f, b, &y);
    return left < right ? RELATION_LESS : left > right ? RELATION_GREATER : RELATION_EQUAL;
}

/* A denormal operand that counts as zero is one. */
static uint64_t operand_of(const struct format *f, uint64_t a, const struct fp *fp)
{
    struct number x = unpack(f, a, fp);
    return x.kind == KIND_ZERO ? sign_bit(f, x.sign) : a;
}

/* If they are equal or not ordered it is the second, as it stands. */
uint64_t number_min(const struct format *f, uint64_t a, uint64_t b, struct fp *fp)
{
    bool is_first = number_compare(f, a, b, true, fp) == RELATION_LESS;
    return operand_of(f, is_first ? a : b, fp);
}

uint64_t number_max(const struct format *f, uint64_t a, uint64_t b, struct fp *fp)
{
    bool is_first = number_compare(f, a, b, true, fp) == RELATION_GREATER;
    return operand_of(f, is_first ? a : b, fp);
}

/* --- conversions ------------------------------------------------------------------------------------ */

/* The magnitude of x, rounded to an integer; x is below 2^64. */
static uint64_t integer_of(const struct number *x, enum rounding mode, bool *is_inexact)
{
    if (x->exponent == 63) return x->significand;
    /* Below one, two bits say all: a half or more, and the rest. */
    if (x->exponent < -1) return round_bits(1, 2, x->sign, mode, is_inexact);
    if (x->exponent == -1)
        return round_bits(x->significand == TOP ? 2 : 3, 2, x->sign, mode, is_inexact);
    return round_bits(x->significand, (unsigned)(63 - x->exponent), x->sign, mode, is_inexact);
}

uint64_t number_round(const struct format *f, uint64_t a, enum rounding mode, struct fp *fp)
{
    struct number x = unpack(f, a, fp);
    if (is_nan(&x)) return choose_nan(f, a, &x, a, &x, fp);
    if (x.kind == KIND_ZERO) return sign_bit(f, x.sign);
    if (x.kind == KIND_INFINITE || x.exponent >= (int)f->fraction) return a;
    bool is_inexact = false;
    uint64_t value = integer_of(&x, mode, &is_inexact);
    if (is_inexact) fp->flags |= MXCSR_PE;
    if (!value) return sign_bit(f, x.sign);
    return pack_wide(f, x.sign, 63, value, fp);
}

uint64_t number_to_integer(const struct format *f, uint64_t a, unsigned bits, enum rounding mode,
                           struct fp *fp)
{
    struct number x = unpack(f, a, fp);
    uint64_t indefinite = UINT64_C(1) << (bits - 1);
    if (x.kind == KIND_ZERO) return 0;
    bool is_inexact = false, is_huge = x.kind != KIND_FINITE || x.exponent > 63;
    uint64_t value = is_huge ? UINT64_MAX : integer_of(&x, mode, &is_inexact);
    if (value > indefinite - !x.sign) {
        fp->flags |= MXCSR_IE;
        return indefinite;
    }
    if (is_inexact) fp->flags |= MXCSR_PE;
    return x.sign ? 0 - value : value;
}

uint64_t number_from_integer(const struct format *f, int64_t a, struct fp *fp)
{
    if (a == 0) return 0;
    return pack_wide(f, a < 0, 63, a < 0 ? 0 - (uint64_t)a : (uint64_t)a, fp);
}

static uint64_t convert_nan(const struct format *from, const struct format *to, uint64_t a,
                            const struct number *x)
{
    uint64_t payload = (a & (quiet_bit(from) - 1)) << (63 - from->fraction);
    return infinity(to, x->sign) | quiet_bit(to) | payload >> (63 - to->fraction);
}

uint64_t number_convert(const struct format *from, const struct format *to, uint64_t a,
                        struct fp *fp)
{
    struct number x = unpack(from, a, fp);
    if (x.kind == KIND_SIGNALING) fp->flags |= MXCSR_IE;
    if (is_nan(&x)) return convert_nan(from, to, a, &x);
    note_denormal(&x, NULL, fp);
    if (x.kind == KIND_INFINITE) return infinity(to, x.sign);
    if (x.kind == KIND_ZERO) return sign_bit(to, x.sign);
    return pack(to, x.sign, x.exponent, x.significand, fp);
}

/* --- approximations --------------------------------------------------------------------------------- */

/* SIMPLIFIED: RCPPS and RSQRTPS give the exact value rounded to 12 bits; processors differ in which
 * value within 1.5 * 2^-12 of it they give. */
static uint32_t approximate(uint32_t a, bool is_root)
{
    struct fp fp = { .mxcsr = MXCSR_DAZ | MXCSR_FTZ | MXCSR_UM | MXCSR_OM | MXCSR_PM };
    const uint64_t one = UINT64_C(1023) << 52;
    const struct format *f = &format_single, *d = &format_double;
    struct number x = unpack(f, a, &fp);
    if (is_nan(&x)) return a | (uint32_t)quiet_bit(f);
    if (x.kind == KIND_ZERO) return (uint32_t)infinity(f, x.sign);
    if (is_root && x.sign) return (uint32_t)default_nan(f);
    uint64_t divisor = number_convert(f, d, a, &fp);
    if (is_root) divisor = number_sqrt(d, divisor, &fp);
    uint64_t quotient = number_divide(d, one, divisor, &fp);
    quotient = (quotient + (UINT64_C(1) << 39)) & ~((UINT64_C(1) << 40) - 1);
    return (uint32_t)number_convert(d, f, quotient, &fp);
}

uint32_t number_reciprocal(uint32_t a)
{
    return approximate(a, false);
}

uint32_t number_reciprocal_sqrt(uint32_t a)
{
    return approximate(a, true);
}
