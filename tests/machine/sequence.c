/* SPDX-License-Identifier: BSD-2-Clause */
/* Chance, and sequences made of one family's instructions with others between them. Flags that an instruction
 * leaves undefined are defined again by the next. */
#include "machine/sequence_emit.h"

uint64_t sequence_random(struct sequence *s)
{
    s->random ^= s->random << 13;
    s->random ^= s->random >> 7;
    s->random ^= s->random << 17;
    return s->random * UINT64_C(0x2545f4914f6cdd1d);
}

uint64_t sequence_below(struct sequence *s, uint64_t limit)
{
    return (sequence_random(s) >> 11) % limit;
}

uint64_t sequence_value(struct sequence *s)
{
    uint64_t bit = UINT64_C(1) << sequence_below(s, 64);
    switch (sequence_below(s, 6)) {
    case 0: return sequence_below(s, 256);
    case 1: return bit - sequence_below(s, 3);
    case 2: return ~sequence_below(s, 256);
    case 3: return bit | sequence_below(s, 65536);
    case 4: return (uint64_t)(int64_t)(int32_t)sequence_random(s);
    default: return sequence_random(s);
    }
}

/* add r10, r11: defines all arithmetic flags. */
static void define_flags(struct sequence *s)
{
    byte(s, 0x4d);
    byte(s, 0x01);
    byte(s, 0xda);
    s->undefined = 0;
}

struct sequence sequence_make(const struct family *family, uint64_t seed)
{
    struct sequence s = { .random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1 };
    for (int i = 0; i < 4; i++) sequence_random(&s);
    for (uint64_t n = 1 + sequence_below(&s, 8); n > 0; n--) {
        if (s.undefined) define_flags(&s);
        const struct family *f =
            chance(&s, 70) ? family
                           : &integer_families[sequence_below(&s, integer_family_count - 1)];
        f->emit(&s);
    }
    byte(&s, 0xcc);
    return s;
}
