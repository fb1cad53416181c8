/* SPDX-License-Identifier: BSD-2-Clause */
/* Hashes: FNV, CRC-32, Adler, SHA-256, SipHash. */
#include "program.h"

enum { SIZE = 20000 };
static uint8_t data[SIZE];

static uint64_t fnv(const uint8_t *p, size_t n)
{
    uint64_t h = 14695981039346656037u;
    while (n--) h = (h ^ *p++) * 1099511628211u;
    return h;
}

static uint32_t crc(const uint8_t *p, size_t n)
{
    uint32_t c = ~0u;
    while (n--) {
        c ^= *p++;
        for (int k = 0; k < 8; k++) c = c >> 1 ^ (0xedb88320u & (0 - (c & 1)));
    }
    return ~c;
}

static uint32_t adler(const uint8_t *p, size_t n)
{
    uint32_t a = 1, b = 0;
    while (n--) a = (a + *p++) % 65521, b = (b + a) % 65521;
    return b << 16 | a;
}

static uint32_t right(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

/* The fractions of the first primes' roots, found by searching: no table. */
static uint32_t fraction_of_root(unsigned prime, int degree)
{
    unsigned __int128 low = 0, high = (unsigned __int128)32 << 32;
    while (high - low > 1) {
        unsigned __int128 mid = (low + high) / 2, p = mid >> 0;
        int below = degree == 2 ? p * p <= (unsigned __int128)prime << 64
                                : p * p / ((unsigned __int128)1 << 32) * p <=
                                      (unsigned __int128)prime << 64;
        if (below)
            low = mid;
        else
            high = mid;
    }
    return (uint32_t)low;
}

static void sha256_block(uint32_t *h, const uint8_t *p, const uint32_t *k)
{
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 |
               (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (right(a, 7) ^ right(a, 18) ^ a >> 3) +
               (right(b, 17) ^ right(b, 19) ^ b >> 10);
    }
    for (int i = 0; i < 8; i++) v[i] = h[i];
    for (int i = 0; i < 64; i++) {
        uint32_t e = v[4], a = v[0];
        uint32_t t = v[7] + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) +
                     ((e & v[5]) ^ (~e & v[6])) + k[i] + w[i];
        uint32_t u =
            (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        for (int j = 7; j > 0; j--) v[j] = v[j - 1];
        v[4] += t;
        v[0] = t + u;
    }
    for (int i = 0; i < 8; i++) h[i] += v[i];
}

static void sha256(void)
{
    uint32_t k[64], h[8];
    for (unsigned n = 2, i = 0; i < 64; n++) {
        int prime = 1;
        for (unsigned d = 2; d * d <= n; d++) prime &= n % d != 0;
        if (!prime) continue;
        if (i < 8) h[i] = fraction_of_root(n, 2);
        k[i++] = fraction_of_root(n, 3);
    }
    for (size_t at = 0; at + 64 <= SIZE; at += 64) sha256_block(h, data + at, k);
    for (int i = 0; i < 8; i++) say("%08x", h[i]);
    say("\n");
}

static uint64_t left(uint64_t x, int n)
{
    return x << n | x >> (64 - n);
}

static void sip_round(uint64_t *v)
{
    v[0] += v[1], v[1] = left(v[1], 13) ^ v[0], v[0] = left(v[0], 32);
    v[2] += v[3], v[3] = left(v[3], 16) ^ v[2];
    v[0] += v[3], v[3] = left(v[3], 21) ^ v[0];
    v[2] += v[1], v[1] = left(v[1], 17) ^ v[2], v[2] = left(v[2], 32);
}

static uint64_t sip(void)
{
    uint64_t v[4] = { 0x736f6d6570736575, 0x646f72616e646f6d, 0x6c7967656e657261,
                      0x7465646279746573 };
    for (size_t at = 0; at + 8 <= SIZE; at += 8) {
        uint64_t word = 0;
        for (int i = 7; i >= 0; i--) word = word << 8 | data[at + (size_t)i];
        v[3] ^= word;
        sip_round(v), sip_round(v);
        v[0] ^= word;
    }
    for (int i = 0; i < 4; i++) sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

int program(void)
{
    uint64_t state = 1;
    for (int i = 0; i < SIZE; i++) data[i] = (uint8_t)next_number(&state);
    say("%lx %x %x\n", fnv(data, SIZE), crc(data, SIZE), adler(data, SIZE));
    sha256();
    say("%lx\n", sip());
    return 0;
}
