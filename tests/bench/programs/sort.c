/* SPDX-License-Identifier: BSD-2-Clause */
/* Quicksort with calls, branches that cannot be guessed, and a comparison function by pointer. */
#include "bench.h"

enum { COUNT = 100000, ROUNDS = 12 };
static uint32_t value[COUNT];

static int less(uint32_t a, uint32_t b)
{
    return a < b;
}
static int (*volatile compare)(uint32_t, uint32_t) = less;

static void sort(long low, long high)
{
    int (*before)(uint32_t, uint32_t) = compare;
    while (low < high) {
        uint32_t pivot = value[(low + high) / 2];
        long i = low, j = high;
        while (i <= j) {
            while (before(value[i], pivot)) i++;
            while (before(pivot, value[j])) j--;
            if (i <= j) {
                uint32_t swap = value[i];
                value[i++] = value[j];
                value[j--] = swap;
            }
        }
        sort(low, j);
        low = i;
    }
}

int main(void)
{
    uint64_t start = bench_clock(), sum = 0;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint32_t x = round + 1;
        for (int i = 0; i < COUNT; i++) value[i] = x = x * 1664525 + 1013904223;
        sort(0, COUNT - 1);
        sum += value[COUNT / 2];
    }
    bench_end(bench_clock() - start, sum);
    return 0;
}
