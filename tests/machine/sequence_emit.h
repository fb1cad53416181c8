/* SPDX-License-Identifier: BSD-2-Clause */
/* What every family of random instructions is written with. */
#ifndef FAULTLINE_TESTS_SEQUENCE_EMIT_H
#define FAULTLINE_TESTS_SEQUENCE_EMIT_H

#include "machine/sequence.h"

static inline bool chance(struct sequence *s, unsigned percent)
{
    return sequence_below(s, 100) < percent;
}

static inline void byte(struct sequence *s, uint64_t value)
{
    s->code[s->length++] = (uint8_t)value;
}

/* So many bytes of a value, the lowest first. */
static inline void bytes(struct sequence *s, unsigned count, uint64_t value)
{
    for (unsigned i = 0; i < count; i++) byte(s, value >> (8 * i));
}

#endif
