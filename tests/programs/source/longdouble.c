/* SPDX-License-Identifier: BSD-2-Clause */
/* Long double as compilers use it: arithmetic, compares, conversions, and printing. */
#include "program.h"

static long double root(long double x)
{
    long double r = x > 1 ? x : 1;
    for (int i = 0; i < 60; i++) r = (r + x / r) / 2;
    return r;
}

static long double exponential(long double x)
{
    long double sum = 1, term = 1;
    for (int i = 1; i < 60; i++) sum += term *= x / i;
    return sum;
}

static long double logarithm(long double x)
{
    long double y = 0;
    for (int i = 0; i < 40; i++) y += 2 * (x - exponential(y)) / (x + exponential(y));
    return y;
}

static long double power(long double base, int n)
{
    long double r = 1;
    for (unsigned k = n < 0 ? -(unsigned)n : (unsigned)n; k; k >>= 1, base *= base)
        if (k & 1) r *= base;
    return n < 0 ? 1 / r : r;
}

static void compare(long double a, long double b)
{
    say("%.3Lg %.3Lg: %d%d%d%d%d%d%d\n", a, b, a<b, a <= b, a> b, a >= b, a == b, a != b,
        __builtin_isunordered(a, b));
}

static void convert(long double x)
{
    say("%Lg -> %d %ld %lu %u %.9g %.17g\n", x, (int)x, (long)x, (unsigned long)(x < 0 ? -x : x),
        (unsigned)(x < 0 ? -x : x), (double)(float)x, (double)x);
}

static long double sum_of(int count, ...)
{
    va_list a;
    long double sum = 0;
    va_start(a, count);
    for (int i = 0; i < count; i++) sum += i & 1 ? va_arg(a, double) : va_arg(a, long double);
    va_end(a);
    return sum;
}

int program(void)
{
    volatile long double zero = 0, one = 1, huge = 1e4932L, tiny = 3.6e-4951L;
    long double inf = one / zero, nan = zero / zero;
    say("%.20Lf %.20Lf\n", root(2), root(1e10L));
    say("%.19Lf %.19Lf\n", exponential(1), logarithm(10));
    say("%Lg %Lg %Lg\n", power(10, 4000), power(3, -5000), power(-2, 77));
    say("%.25Lf\n%.30Le\n%.3Lf\n", 0.1L, 1 / 3.0L, power(2, 200));
    say("%Lg %Lg %Lg %Lg %Lg\n", inf, -inf, nan, huge * 2, tiny);
    say("%Lg %Lg %Lf %Le %.0Lf %.0Lf\n", zero, -zero, zero, zero, 2.5L, 3.5L);
    say("%20.6Lf|%020.6Lf|%.10Lg|%Lg|%Lg\n", 3.25L, 3.25L, 1e10L / 3, 1e-5L, 123456789.0L);
    const long double values[] = { 0, -1, 1, 2.5L, inf, -inf, nan, 1e-4940L };
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++) compare(values[i], values[j]);
    const long double numbers[] = { 0.4L, -0.6L, 1.5L, -2.5L, 32767, -32000.99L, 1e9L + 0.75L };
    for (int i = 0; i < 7; i++) convert(numbers[i]);
    say("%.6Lf\n", sum_of(6, 1.5L, 2.25, -3.125L, 4e10, 5.5L, 1e-3));
    uint64_t state = 88172645463325252u;
    long double a = 0, b = 1, c = 0;
    for (int i = 0; i < 20000; i++) {
        long double x = (long double)(int64_t)next_number(&state), y = (double)next_number(&state);
        a += x / y;
        b = b * (x > 0 ? 1.0000001L : 0.9999999L);
        c = x > c ? c + 1 : __builtin_fabsl(x - c) / 3;
    }
    say("%.18Lg %.18Lg %.18Lg\n", a, b, c);
    say("%ld %lu\n", (long)(9.2e18L), (unsigned long)(1.8e19L));
    return 0;
}
