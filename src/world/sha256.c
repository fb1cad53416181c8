/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-256. A hundred lines of our own weigh less than a library of cryptography. */
#include "world/sha256.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* clang-format off */
static const uint32_t round_constant[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};
/* clang-format on */

static uint32_t rotate(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static void expand(const uint8_t *block, uint32_t w[64])
{
    for (unsigned i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (unsigned i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
               (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
}

static void add_block(struct sha256 *h, const uint8_t *block)
{
    uint32_t w[64], v[8];
    expand(block, w);
    memcpy(v, h->state, sizeof v);
    for (unsigned i = 0; i < 64; i++) {
        uint32_t a = v[0], e = v[4];
        uint32_t one = v[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
                       ((e & v[5]) ^ (~e & v[6])) + round_constant[i] + w[i];
        uint32_t two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
                       ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof v[0]);
        v[4] += one;
        v[0] = one + two;
    }
    for (unsigned i = 0; i < 8; i++) h->state[i] += v[i];
}

void sha256_begin(struct sha256 *h)
{
    *h = (struct sha256){ .state = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                                     0x9b05688c, 0x1f83d9ab, 0x5be0cd19 } };
}

void sha256_add(struct sha256 *h, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    while (size > 0) {
        size_t used = h->length % sizeof h->block, room = sizeof h->block - used;
        size_t n = size < room ? size : room;
        memcpy(h->block + used, at, n);
        h->length += n;
        at += n;
        size -= n;
        if (used + n == sizeof h->block) add_block(h, h->block);
    }
}

void sha256_end(struct sha256 *h, uint8_t digest[SHA256_BYTES])
{
    static const uint8_t padding[64] = { 0x80 };
    uint64_t bits = h->length * 8;
    uint8_t length[8];
    for (unsigned i = 0; i < 8; i++) length[i] = (uint8_t)(bits >> (56 - 8 * i));
    sha256_add(h, padding, 1 + (119 - h->length % 64) % 64);
    sha256_add(h, length, sizeof length);
    for (unsigned i = 0; i < SHA256_BYTES; i++)
        digest[i] = (uint8_t)(h->state[i / 4] >> (24 - 8 * (i % 4)));
}

void sha256_text(const uint8_t digest[SHA256_BYTES], char text[SHA256_TEXT])
{
    for (unsigned i = 0; i < SHA256_BYTES; i++) snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

void sha256_of(const void *bytes, size_t size, char text[SHA256_TEXT])
{
    struct sha256 h;
    uint8_t digest[SHA256_BYTES];
    sha256_begin(&h);
    sha256_add(&h, bytes, size);
    sha256_end(&h, digest);
    sha256_text(digest, text);
}

/* Reads to the end; false when that fails. */
static bool add_file(struct sha256 *h, FILE *file)
{
    char piece[8192];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, file)) > 0) sha256_add(h, piece, n);
    return !ferror(file);
}

bool sha256_file(const char *path, char text[SHA256_TEXT])
{
    struct sha256 h;
    uint8_t digest[SHA256_BYTES];
    struct stat about;
    if (stat(path, &about) != 0) return false;
    errno = EINVAL;
    if (!S_ISREG(about.st_mode)) return false; /* a pipe would wait for its other end */
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    sha256_begin(&h);
    bool whole = add_file(&h, file);
    int error = errno;
    fclose(file);
    errno = error;
    if (!whole) return false;
    sha256_end(&h, digest);
    sha256_text(digest, text);
    return true;
}
