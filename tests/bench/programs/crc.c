/* SPDX-License-Identifier: BSD-2-Clause */
/* A table-driven checksum: loads, shifts, xors. */
#include "bench.h"

enum { SIZE = 1 << 16, ROUNDS = 400 };
static uint32_t table[256];
static uint8_t data[SIZE];

static uint32_t crc_of(uint32_t crc)
{
    for (unsigned i = 0; i < SIZE; i++) crc = table[(crc ^ data[i]) & 255] ^ crc >> 8;
    return crc;
}

int main(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int bit = 0; bit < 8; bit++) c = c & 1 ? c >> 1 ^ 0xedb88320 : c >> 1;
        table[i] = c;
    }
    for (unsigned i = 0; i < SIZE; i++) data[i] = (uint8_t)(i * 31 + (i >> 7));
    uint64_t start = bench_clock();
    uint32_t crc = ~0u;
    for (int i = 0; i < ROUNDS; i++) crc = crc_of(crc);
    bench_end(bench_clock() - start, crc);
    return 0;
}
