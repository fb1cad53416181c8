/* SPDX-License-Identifier: BSD-2-Clause */
/* Primes by crossing out: loops over bytes. */
#include "bench.h"

enum { LIMIT = 1 << 20, ROUNDS = 40 };
static uint8_t crossed[LIMIT];

static unsigned count_primes(void)
{
    unsigned primes = 0;
    for (unsigned i = 2; i < LIMIT; i++) crossed[i] = 0;
    for (unsigned i = 2; i < LIMIT; i++) {
        if (crossed[i]) continue;
        primes++;
        for (unsigned j = i * 2; j < LIMIT; j += i) crossed[j] = 1;
    }
    return primes;
}

int main(void)
{
    uint64_t start = bench_clock(), sum = 0;
    for (int i = 0; i < ROUNDS; i++) sum += count_primes();
    bench_end(bench_clock() - start, sum);
    return 0;
}
