/* SPDX-License-Identifier: BSD-2-Clause */
/* What the bench programs share: instructions by the deterministic clock, and the closing lines. */
#pragma once
#ifndef BENCH_NATIVE /* the same program for the host, to see how much slower the simulator is */
#include <sel4/sel4.h>
#include <sel4runtime.h>
#endif
#include <stdint.h>
#include <stdio.h>

static inline uint64_t bench_clock(void)
{
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

static inline void bench_end(uint64_t count, uint64_t result)
{
    printf("result=%lx\ncount=%lu\nbench ends\n", (unsigned long)result, (unsigned long)count);
}
