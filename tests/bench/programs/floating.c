/* SPDX-License-Identifier: BSD-2-Clause */
/* Floating point: bodies that attract each other, in double precision, and products of matrices of
 * singles, which the compiler may pack. */
#include "bench.h"

enum { BODIES = 5, STEPS = 30000, SIZE = 48, PRODUCTS = 40 };

struct body {
    double at[3], speed[3], mass;
};
static struct body body[BODIES];
static float left[SIZE][SIZE], right[SIZE][SIZE], product[SIZE][SIZE];

static double root(double x)
{
    double r;
    __asm__("sqrtsd %1, %0" : "=x"(r) : "x"(x));
    return r;
}

static void attract(struct body *a, struct body *b, double time)
{
    double d[3], square = 0;
    for (int k = 0; k < 3; k++) {
        d[k] = a->at[k] - b->at[k];
        square += d[k] * d[k];
    }
    double pull = time / (square * root(square));
    for (int k = 0; k < 3; k++) {
        a->speed[k] -= d[k] * b->mass * pull;
        b->speed[k] += d[k] * a->mass * pull;
    }
}

static void step(double time)
{
    for (int i = 0; i < BODIES; i++)
        for (int j = i + 1; j < BODIES; j++) attract(&body[i], &body[j], time);
    for (int i = 0; i < BODIES; i++)
        for (int k = 0; k < 3; k++) body[i].at[k] += time * body[i].speed[k];
}

static void multiply(void)
{
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) product[i][j] = 0;
    for (int i = 0; i < SIZE; i++)
        for (int k = 0; k < SIZE; k++)
            for (int j = 0; j < SIZE; j++) product[i][j] += left[i][k] * right[k][j];
}

int main(void)
{
    uint64_t start = bench_clock();
    for (int i = 0; i < BODIES; i++)
        body[i] = (struct body){ .at = { i, i * 0.7 - 1, 2 - i * 0.3 },
                                 .speed = { 0.1 * i, -0.05, 0.02 * i },
                                 .mass = 0.1 + 0.01 * i };
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            left[i][j] = (float)(i - j) / 7;
            right[i][j] = (float)(i * j % 11) / 3;
        }
    for (int n = 0; n < STEPS; n++) step(0.001);
    for (int n = 0; n < PRODUCTS; n++) multiply();
    double sum = body[0].at[0] * 1e6 + (double)product[3][5];
    bench_end(bench_clock() - start, (uint64_t)(int64_t)sum);
    return 0;
}
