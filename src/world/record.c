/* SPDX-License-Identifier: BSD-2-Clause */
/* What writers and readers of recordings share: the hash of a state in parts, and words. */
#include "world/record.h"

#include <stdio.h>
#include <string.h>

static uint32_t fold(uint64_t hash)
{
    return (uint32_t)(hash ^ hash >> 32);
}

struct state_hash state_hash(const struct world *w)
{
    static const uint64_t from[STATE_PARTS + 1] = { ARENA_MACHINE, ARENA_KERNEL, ARENA_WORLD,
                                                    ARENA_MEMORY };
    struct state_hash h;
    for (unsigned i = 0; i < STATE_PARTS; i++) {
        uint64_t to = i + 1 < STATE_PARTS ? from[i + 1] : arena_size(w);
        h.part[i] = fold(arena_hash_piece(w, from[i], to));
    }
    return h;
}

bool state_hash_is_same(const struct state_hash *a, const struct state_hash *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

const char *state_part_name(enum state_part part)
{
    static const char *const name[STATE_PARTS] = { "processor", "kernel", "names", "memory" };
    return name[part];
}

void state_hash_text(const struct state_hash *h, char text[STATE_TEXT])
{
    for (unsigned i = 0; i < STATE_PARTS; i++)
        snprintf(text + 9 * i, STATE_TEXT - 9 * i, "%08x%s", h->part[i],
                 i + 1 < STATE_PARTS ? "-" : "");
}

const char *record_outcome_name(enum record_outcome outcome)
{
    static const char *const name[RECORD_OUTCOMES] = { "done", "failed", "check", "limit",
                                                       "interrupted" };
    return name[outcome];
}
