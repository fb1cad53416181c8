/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-256 (FIPS 180-4), by which recordings and saved machines name files. */
#ifndef FAULTLINE_WORLD_SHA256_H
#define FAULTLINE_WORLD_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32, SHA256_TEXT = 2 * SHA256_BYTES + 1 };

struct sha256 {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    uint8_t block[64];
};

void sha256_begin(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *bytes, size_t size);
void sha256_end(struct sha256 *h, uint8_t digest[SHA256_BYTES]);

/* 64 hexadecimal digits. */
void sha256_text(const uint8_t digest[SHA256_BYTES], char text[SHA256_TEXT]);

void sha256_of(const void *bytes, size_t size, char text[SHA256_TEXT]);

/* Of a file that can be read to its end, directories and devices excluded; else false, errno set. */
bool sha256_file(const char *path, char text[SHA256_TEXT]);

#endif
