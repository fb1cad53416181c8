/* SPDX-License-Identifier: BSD-2-Clause */
/* Random instruction sequences, by family, for comparing the model with a processor. */
#ifndef FAULTLINE_TESTS_SEQUENCE_H
#define FAULTLINE_TESTS_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sequence {
    uint64_t random;    /* state of the generator */
    uint8_t code[1024]; /* ends in int3 */
    size_t length;
    uint32_t undefined; /* arithmetic flags that the last instruction leaves undefined */
    bool masks_all;     /* MXCSR has to mask all exceptions */
    bool is_compat;     /* 32-bit code */
};

struct family {
    const char *name;
    void (*emit)(struct sequence *s); /* one instruction */
    /* The FXSAVE image to begin with, if it matters; given is what is reset. */
    void (*prepare)(struct sequence *s, uint8_t *image);
};
extern const struct family integer_families[];
extern const size_t integer_family_count;
extern const struct family segment_families[];
extern const size_t segment_family_count;
extern const struct family compat_families[]; /* 32-bit code */
extern const size_t compat_family_count;
extern const struct family x87_families[];
extern const size_t x87_family_count;
extern const struct family sse_families[];
extern const size_t sse_family_count;

uint64_t sequence_random(struct sequence *s);
uint64_t sequence_below(struct sequence *s, uint64_t limit);
/* A number as programs have them: small, near a power of two, all ones, or anything. */
uint64_t sequence_value(struct sequence *s);

/* What XMM registers and memory hold: two doubles, four singles, short strings, or integers. */
void sequence_vector(struct sequence *s, uint64_t out[2]);

/* A sequence of 1 to 8 instructions of a family (with some of others between them). */
struct sequence sequence_make(const struct family *family, uint64_t seed);

/* The same of 32-bit code, with nothing of other families between. */
struct sequence sequence_make_compat(const struct family *family, uint64_t seed);

#endif
