/* SPDX-License-Identifier: BSD-2-Clause */
/* Factorials of many digits: 64-bit multiply and divide, carries. */
#include "bench.h"

enum { LIMBS = 400, ROUNDS = 40 };
static uint64_t number[LIMBS];

static void multiply(uint64_t factor)
{
    unsigned __int128 carry = 0;
    for (int i = 0; i < LIMBS; i++) {
        carry += (unsigned __int128)number[i] * factor;
        number[i] = (uint64_t)carry;
        carry >>= 64;
    }
}

static uint64_t remainder_by(uint64_t divisor)
{
    uint64_t rest = 0;
    for (int i = LIMBS - 1; i >= 0; i--) {
        uint64_t low, high = rest;
        __asm__("divq %4" : "=a"(low), "=d"(rest) : "a"(number[i]), "d"(high), "r"(divisor) : "cc");
        number[i] ^= low & 1;
    }
    return rest;
}

int main(void)
{
    uint64_t start = bench_clock(), sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < LIMBS; i++) number[i] = 0;
        number[0] = 1;
        for (uint64_t n = 2; n < 1800; n++) multiply(n);
        sum += remainder_by(UINT64_C(1000000007));
    }
    bench_end(bench_clock() - start, sum);
    return 0;
}
