/* SPDX-License-Identifier: BSD-2-Clause */
/* A quarter of a megabyte of code full of branches that go either way: 2,000 functions, called in an
 * order that nobody can guess. What it costs when no loop is hot. */
#include "bench.h"

enum { FUNCTIONS = 2000, CALLS = 4000000 };

/* clang-format off */
#define STEP(x, n, k)                                  \
    if ((x) & 1u << ((n) + (k)) % 29) (x) = (x) * 5 + (n); \
    else (x) ^= (x) >> ((k) + 1);                      \
    if ((x) % 3 == (n) % 3) (x) += 0x9e37u * (k);
#define FUNCTION(n)                                    \
    __attribute__((noinline)) static uint32_t f##n(uint32_t x) \
    {                                                  \
        STEP(x, 1##n, 1) STEP(x, 1##n, 2) STEP(x, 1##n, 3) \
        return x;                                      \
    }
#define TEN(m, n)      m(n##0) m(n##1) m(n##2) m(n##3) m(n##4) m(n##5) m(n##6) m(n##7) m(n##8) m(n##9)
#define HUNDRED(m, n)  TEN(m, n##0) TEN(m, n##1) TEN(m, n##2) TEN(m, n##3) TEN(m, n##4) \
                       TEN(m, n##5) TEN(m, n##6) TEN(m, n##7) TEN(m, n##8) TEN(m, n##9)
#define THOUSAND(m, n) HUNDRED(m, n##0) HUNDRED(m, n##1) HUNDRED(m, n##2) HUNDRED(m, n##3) HUNDRED(m, n##4) \
                       HUNDRED(m, n##5) HUNDRED(m, n##6) HUNDRED(m, n##7) HUNDRED(m, n##8) HUNDRED(m, n##9)
#define ADDRESS(n) f##n,

THOUSAND(FUNCTION, 1) THOUSAND(FUNCTION, 2)

static uint32_t (*const function[FUNCTIONS])(uint32_t) = { THOUSAND(ADDRESS, 1) THOUSAND(ADDRESS, 2) };
/* clang-format on */

int main(void)
{
    uint64_t start = bench_clock();
    uint32_t x = 1, next = 1;
    for (int i = 0; i < CALLS; i++) {
        next = next * 1664525 + 1013904223;
        x = function[(next >> 8) % FUNCTIONS](x);
    }
    bench_end(bench_clock() - start, x);
    return 0;
}
