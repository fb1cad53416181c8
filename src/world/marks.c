/* SPDX-License-Identifier: BSD-2-Clause */
/* Marked numbers out of a growing row. A bit a number, only in blocks where one is marked; each block knows
 * how many are marked before it, so counting takes the same time however long the row is. */
#include <stdlib.h>

#include "world/inside.h"

enum { BLOCK = 4096, WORDS = BLOCK / 64 };

static unsigned bits_in(uint64_t word)
{
    return (unsigned)__builtin_popcountll(word);
}

/* Marked ones of a block with places below `end`. */
static size_t count_in(const struct mark_block *b, size_t end)
{
    size_t found = 0;
    if (!b->bits) return 0;
    for (size_t i = 0; i < end / 64; i++) found += bits_in(b->bits[i]);
    if (end % 64) found += bits_in(b->bits[end / 64] & ((UINT64_C(1) << end % 64) - 1));
    return found;
}

void marks_add(struct marks *m, size_t number)
{
    size_t block = number / BLOCK, place = number % BLOCK;
    if (block >= m->room) {
        m->room = 2 * block + 16;
        m->block = host_resize(m->block, m->room * sizeof m->block[0]);
    }
    while (m->blocks <= block) m->block[m->blocks++] = (struct mark_block){ .before = m->count };
    struct mark_block *b = &m->block[block];
    if (!b->bits) b->bits = host_allocate(WORDS * sizeof b->bits[0]);
    b->bits[place / 64] |= UINT64_C(1) << place % 64;
    m->count++;
}

size_t marks_below(const struct marks *m, size_t end)
{
    size_t block = end / BLOCK;
    if (block >= m->blocks) return m->count;
    return m->block[block].before + count_in(&m->block[block], end % BLOCK);
}

size_t marks_between(const struct marks *m, size_t from, size_t to)
{
    return from < to ? marks_below(m, to) - marks_below(m, from) : 0;
}

void marks_cut(struct marks *m, size_t end)
{
    size_t block = end / BLOCK, place = end % BLOCK;
    if (block >= m->blocks) return;
    m->count = marks_below(m, end);
    while (m->blocks > block + 1) free(m->block[--m->blocks].bits);
    uint64_t *bits = m->block[block].bits;
    if (!bits) return;
    bits[place / 64] &= (UINT64_C(1) << place % 64) - 1;
    for (size_t i = place / 64 + 1; i < WORDS; i++) bits[i] = 0;
}

void marks_close(struct marks *m)
{
    for (size_t i = 0; i < m->blocks; i++) free(m->block[i].bits);
    free(m->block);
    *m = (struct marks){ 0 };
}
