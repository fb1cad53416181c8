/* SPDX-License-Identifier: BSD-2-Clause */
/* A printf for floating point: a long double is taken apart by long double arithmetic into digits of
 * base 10^9, so every digit printed is right. */
#include "program.h"

enum { BASE = 1000000000, PLACES = 2432, POINT = 560 };

/* digit[POINT - 1] is the unit; fractions follow it. */
struct decimal {
    uint32_t digit[PLACES];
    int first, end;
};

struct spec {
    int width, precision;
    int zero, is_long, is_long_double;
};

static void put_text(const char *text)
{
    while (*text) putchar(*text++);
}

static void put_padded(const char *text, size_t length, const struct spec *s)
{
    for (int i = (int)length; i < s->width; i++) putchar(s->zero ? '0' : ' ');
    for (size_t i = 0; i < length; i++) putchar(text[i]);
}

static void multiply(struct decimal *d, uint32_t factor)
{
    uint64_t carry = 0;
    for (int i = d->end - 1; i >= d->first; i--) {
        uint64_t v = (uint64_t)d->digit[i] * factor + carry;
        d->digit[i] = (uint32_t)(v % BASE);
        carry = v / BASE;
    }
    if (carry) d->digit[--d->first] = (uint32_t)carry;
}

static void divide(struct decimal *d, unsigned shift)
{
    uint64_t rest = 0;
    for (int i = d->first; i < d->end; i++) {
        uint64_t v = rest * BASE + d->digit[i];
        d->digit[i] = (uint32_t)(v >> shift);
        rest = v & ((1u << shift) - 1);
    }
    if (rest) d->digit[d->end++] = (uint32_t)(rest * BASE >> shift);
}

/* |x| is finite: x = m * 2^e with m of 64 bits. */
static void decimal_from(struct decimal *d, long double x)
{
    int exponent = 0;
    while (x >= 18446744073709551616.0L) x /= 65536, exponent += 16;
    while (x != 0 && x < 140737488355328.0L) x *= 65536, exponent -= 16;
    while (x != (long double)(uint64_t)x) x *= 2, exponent--;
    uint64_t m = (uint64_t)x;
    for (int i = 0; i < PLACES; i++) d->digit[i] = 0;
    d->first = POINT - 3;
    d->end = POINT;
    for (int i = POINT - 1; m; i--, m /= BASE) d->digit[i] = (uint32_t)(m % BASE);
    for (; exponent > 0; exponent -= exponent > 8 ? 8 : exponent)
        multiply(d, 1u << (exponent > 8 ? 8 : exponent));
    for (; exponent < 0; exponent += exponent < -8 ? 8 : -exponent)
        divide(d, exponent < -8 ? 8 : (unsigned)-exponent);
    while (d->first < POINT - 1 && d->digit[d->first] == 0) d->first++;
}

/* All digits as text, the point behind `whole` of them. */
static int decimal_text(const struct decimal *d, char *text, int *whole)
{
    int length = 0;
    for (int i = d->first; i < d->end || i < POINT; i++) {
        uint32_t v = d->digit[i], unit = BASE / 10;
        for (; unit; unit /= 10) text[length++] = (char)('0' + v / unit % 10);
        if (i == POINT - 1) *whole = length;
    }
    return length;
}

/* Rounds to `keep` digits, halves to even. Returns 1 if a digit came in front. */
static int round_text(char *text, int length, int keep)
{
    if (keep >= length) {
        for (int i = length; i < keep; i++) text[i] = '0';
        return 0;
    }
    int up = 0;
    if (keep >= 0 && text[keep] >= '5') {
        up = text[keep] > '5';
        for (int i = keep + 1; i < length; i++) up |= text[i] != '0';
        if (!up) up = keep > 0 && (text[keep - 1] & 1);
    }
    for (int i = keep - 1; up && i >= 0; i--) {
        up = text[i] == '9';
        text[i] = up ? '0' : (char)(text[i] + 1);
    }
    if (!up) return 0;
    for (int i = keep; i > 0; i--) text[i] = text[i - 1];
    text[0] = '1';
    return 1;
}

static char digits[PLACES * 9 + 512], out[PLACES * 9 + 512];

static size_t fixed(int length, int whole, int precision, int is_negative)
{
    size_t n = 0;
    int start = 0;
    while (start < whole - 1 && digits[start] == '0') start++;
    char *d = digits + start;
    whole -= start;
    whole += round_text(d, length - start, whole + precision);
    if (is_negative) out[n++] = '-';
    for (int i = 0; i < whole; i++) out[n++] = d[i];
    if (precision) out[n++] = '.';
    for (int i = 0; i < precision; i++) out[n++] = d[whole + i];
    return n;
}

static size_t put_exponent(size_t n, int exponent)
{
    out[n++] = 'e';
    out[n++] = exponent < 0 ? '-' : '+';
    if (exponent < 0) exponent = -exponent;
    if (exponent >= 1000) out[n++] = (char)('0' + exponent / 1000);
    if (exponent >= 100) out[n++] = (char)('0' + exponent / 100 % 10);
    out[n++] = (char)('0' + exponent / 10 % 10);
    out[n++] = (char)('0' + exponent % 10);
    return n;
}

static size_t scientific(int length, int whole, int precision, int is_negative, char kind)
{
    size_t n = 0;
    int start = 0;
    while (start < length - 1 && digits[start] == '0') start++;
    int exponent = whole - start - 1;
    if (digits[start] == '0') exponent = 0;
    if (kind == 'g' && precision == 0) precision = 1;
    int keep = kind == 'g' ? precision : precision + 1;
    exponent += round_text(digits + start, length - start, keep);
    char *d = digits + start;
    if (kind == 'g')
        while (keep > 1 && d[keep - 1] == '0') keep--;
    if (is_negative) out[n++] = '-';
    if (kind == 'g' && exponent >= -4 && exponent < precision) {
        if (exponent < 0) {
            out[n++] = '0', out[n++] = '.';
            for (int i = -1; i > exponent; i--) out[n++] = '0';
        }
        for (int i = 0; i < keep || i <= exponent; i++) {
            out[n++] = i < keep ? d[i] : '0';
            if (i == exponent && i + 1 < keep) out[n++] = '.';
        }
        return n;
    }
    out[n++] = d[0];
    if (keep > 1) out[n++] = '.';
    for (int i = 1; i < keep; i++) out[n++] = d[i];
    return put_exponent(n, exponent);
}

static void put_floating(long double x, char kind, const struct spec *s)
{
    static struct decimal d;
    union {
        long double x;
        struct {
            uint64_t significand;
            uint16_t high;
        } part;
    } bits = { x };
    int is_negative = bits.part.high >> 15, whole = 0;
    if (x != x) {
        put_padded(is_negative ? "-nan" : "nan", is_negative ? 4 : 3, s);
        return;
    }
    if (is_negative) x = -x;
    if (x > 1.18973149535723176502e+4932L) {
        put_padded(is_negative ? "-inf" : "inf", is_negative ? 4 : 3, s);
        return;
    }
    decimal_from(&d, x);
    int length = decimal_text(&d, digits, &whole);
    int precision = s->precision < 0 ? 6 : s->precision;
    size_t n = kind == 'f' ? fixed(length, whole, precision, is_negative)
                           : scientific(length, whole, precision, is_negative, kind);
    put_padded(out, n, s);
}

static void put_integer(uint64_t value, int is_negative, unsigned base, const struct spec *s)
{
    char text[24];
    size_t at = sizeof text;
    do text[--at] = "0123456789abcdef"[value % base];
    while (value /= base);
    if (is_negative) text[--at] = '-';
    put_padded(text + at, sizeof text - at, s);
}

static const char *read_spec(const char *f, struct spec *s)
{
    *s = (struct spec){ .precision = -1 };
    if (*f == '0') s->zero = 1, f++;
    while (*f >= '0' && *f <= '9') s->width = s->width * 10 + *f++ - '0';
    if (*f == '.')
        for (s->precision = 0, f++; *f >= '0' && *f <= '9'; f++)
            s->precision = s->precision * 10 + *f - '0';
    for (; *f == 'l' || *f == 'L'; f++) *(*f == 'l' ? &s->is_long : &s->is_long_double) = 1;
    return f;
}

void say(const char *f, ...)
{
    va_list a;
    struct spec s;
    va_start(a, f);
    for (; *f; f++) {
        if (*f != '%') {
            putchar(*f);
            continue;
        }
        f = read_spec(f + 1, &s);
        if (*f == 'd') {
            int64_t v = s.is_long ? va_arg(a, long) : va_arg(a, int);
            put_integer(v < 0 ? -(uint64_t)v : (uint64_t)v, v < 0, 10, &s);
        } else if (*f == 'u' || *f == 'x') {
            uint64_t v = s.is_long ? va_arg(a, unsigned long) : va_arg(a, unsigned);
            put_integer(v, 0, *f == 'u' ? 10 : 16, &s);
        } else if (*f == 's') {
            put_text(va_arg(a, const char *));
        } else if (*f == 'c') {
            putchar(va_arg(a, int));
        } else if (*f == 'f' || *f == 'e' || *f == 'g') {
            put_floating(s.is_long_double ? va_arg(a, long double) : va_arg(a, double), *f, &s);
        } else {
            putchar(*f);
        }
    }
    va_end(a);
}

int main(void)
{
    say(BEGIN);
    int code = program();
    say("code %d\n" END, code);
    return 0;
}
