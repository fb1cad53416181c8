/* SPDX-License-Identifier: BSD-2-Clause */
/* Float and double: a linear system, bodies that attract each other, series, conversions, extremes. */
#include "program.h"

enum { N = 24, BODIES = 5, STEPS = 2000 };

static double root(double x)
{
    __asm__("sqrtsd %0, %0" : "+x"(x));
    return x;
}

static double matrix[N][N + 1];

/* By elimination with pivots. Returns the solution's sum. */
static double solve(uint64_t seed)
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j <= N; j++)
            matrix[i][j] = (double)(next_number(&seed) >> 40) / 4096 - 2048;
    for (int k = 0; k < N; k++) {
        int pivot = k;
        for (int i = k + 1; i < N; i++)
            if (__builtin_fabs(matrix[i][k]) > __builtin_fabs(matrix[pivot][k])) pivot = i;
        for (int j = 0; j <= N; j++) {
            double t = matrix[k][j];
            matrix[k][j] = matrix[pivot][j];
            matrix[pivot][j] = t;
        }
        for (int i = 0; i < N; i++) {
            if (i == k) continue;
            double f = matrix[i][k] / matrix[k][k];
            for (int j = k; j <= N; j++) matrix[i][j] -= f * matrix[k][j];
        }
    }
    double sum = 0;
    for (int i = 0; i < N; i++) sum += matrix[i][N] / matrix[i][i];
    return sum;
}

struct body {
    double at[3], speed[3], mass;
};

static void attract(struct body *a, struct body *b)
{
    double d[3], square = 0;
    for (int i = 0; i < 3; i++) {
        d[i] = a->at[i] - b->at[i];
        square += d[i] * d[i];
    }
    double pull = 0.001 / (square * root(square));
    for (int i = 0; i < 3; i++) {
        a->speed[i] -= d[i] * b->mass * pull;
        b->speed[i] += d[i] * a->mass * pull;
    }
}

static double bodies(void)
{
    struct body b[BODIES];
    uint64_t state = 42;
    for (int i = 0; i < BODIES; i++) {
        for (int k = 0; k < 3; k++) {
            b[i].at[k] = (double)(next_number(&state) % 2000) / 100 - 10;
            b[i].speed[k] = (double)(next_number(&state) % 200) / 1000 - 0.1;
        }
        b[i].mass = (double)(next_number(&state) % 1000) / 100;
    }
    for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < BODIES; i++)
            for (int j = i + 1; j < BODIES; j++) attract(&b[i], &b[j]);
        for (int i = 0; i < BODIES; i++)
            for (int k = 0; k < 3; k++) b[i].at[k] += 0.001 * b[i].speed[k];
    }
    return b[0].at[0] + b[1].at[1] + b[2].at[2];
}

static float mandelbrot(void)
{
    int inside = 0;
    for (int y = 0; y < 48; y++)
        for (int x = 0; x < 64; x++) {
            float cr = (float)x / 24 - 2, ci = (float)y / 20 - 1.2f, r = 0, i = 0;
            int n = 0;
            for (; n < 60 && r * r + i * i < 4; n++) {
                float t = r * r - i * i + cr;
                i = 2 * r * i + ci;
                r = t;
            }
            inside += n;
        }
    return (float)inside;
}

/* Loops that compilers turn into packed instructions. */
static float single[512];
static double wide[512];
static int32_t whole[512];

static void packed(void)
{
    uint64_t state = 7;
    float low = 1e30f, high = -1e30f, sum = 0;
    double square = 0;
    for (int i = 0; i < 512; i++) whole[i] = (int32_t)next_number(&state) >> 8;
    for (int i = 0; i < 512; i++) single[i] = (float)whole[i] * 0.125f + 3;
    for (int i = 0; i < 512; i++) wide[i] = (double)single[i] / 7;
    for (int i = 0; i < 512; i++) whole[i] = (int32_t)wide[i];
    for (int i = 0; i < 512; i++) low = single[i] < low ? single[i] : low;
    for (int i = 0; i < 512; i++) high = single[i] > high ? single[i] : high;
    for (int i = 0; i < 512; i++) sum += single[i], square += wide[i] * whole[i];
    say("%.9g %.9g %.9g %.17g\n", (double)low, (double)high, (double)sum, square);
}

int program(void)
{
    volatile double zero = 0, one = 1, tiny = 4.9e-324, huge = 1.7e308;
    volatile float small = 1.4e-45f;
    for (uint64_t seed = 1; seed < 6; seed++) say("%.17g\n", solve(seed));
    say("%.15e\n%.1f\n", bodies(), (double)mandelbrot());
    packed();
    say("%g %g %g %g\n", one / zero, -one / zero, huge * 10, tiny / 2);
    say("%d %d\n", zero / zero != zero / zero, __builtin_isnan(zero * (one / zero)));
    say("%g %g %g\n", tiny, (double)small, (double)(small / 2));
    for (int i = -6; i < 7; i++) {
        double x = i * 1234567.891;
        say("%d %u %ld %.3f %g %e\n", (int)x, (unsigned)(int64_t)x, (long)(x * 1e6), x, x, x);
    }
    uint64_t big = UINT64_MAX;
    say("%.1f %.1f %lu\n", (double)big, (double)(float)(big >> 3), (uint64_t)1.8e19);
    return 0;
}
