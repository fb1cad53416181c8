/* SPDX-License-Identifier: BSD-2-Clause */
/* The tightest of loops: a few additions and a branch, all in registers. */
#include "bench.h"

int main(void)
{
    uint64_t start = bench_clock(), sum = 0;
    for (uint64_t i = 0; i < 100000000; i++) {
        sum += i ^ sum >> 3;
        __asm__ volatile("" : "+r"(sum));
    }
    bench_end(bench_clock() - start, sum);
    return 0;
}
