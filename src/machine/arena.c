/* SPDX-License-Identifier: BSD-2-Clause */
/* The slow side of the arena's door, and what is asked of all pages at once. */
#include "machine/arena.h"

#include <string.h>

/* The core sees by the marks that are gone which pages were written to, and sets them anew when it looks
 * at the page again. */
void arena_touch_first(struct world *w, uint64_t page)
{
    w->stale |= w->mark[page] & (MARK_CODE | MARK_TABLE);
    if (w->mark[page] & MARK_CODE) {
        if (w->stale_pages < STALE_PAGES) w->stale_page[w->stale_pages] = page;
        if (w->stale_pages <= STALE_PAGES) w->stale_pages++;
    }
    w->mark[page] = MARK_DIRTY | MARK_USED;
}

void arena_clean(struct world *w)
{
    uint64_t pages = arena_size(w) >> PAGE_BITS;
    uint64_t page = 0, eight;
    for (; page + 8 <= pages; page += 8) {
        memcpy(&eight, w->mark + page, 8);
        eight &= ~(MARK_DIRTY * UINT64_C(0x0101010101010101));
        memcpy(w->mark + page, &eight, 8);
    }
    for (; page < pages; page++) w->mark[page] &= (uint8_t)~MARK_DIRTY;
    w->marks_cleaned++;
}

/* Four lanes of multiply and rotate over 64-bit words: fast enough to hash megabytes between two
 * keystrokes, and the same on every host of either kind. */
static uint64_t page_hash(const uint8_t *bytes, uint64_t page)
{
    const uint64_t *word = (const uint64_t *)(const void *)bytes;
    uint64_t lane[4] = { page + 1, page ^ UINT64_C(0x9e3779b97f4a7c15), ~page, page * 3 };
    uint64_t any = 0;
    for (unsigned i = 0; i < PAGE_SIZE / 8; i++) {
        uint64_t *l = &lane[i % 4];
        any |= word[i];
        *l = (*l ^ word[i]) * UINT64_C(0xff51afd7ed558ccd);
        *l = *l << 31 | *l >> 33;
    }
    if (!any) return 0; /* a page written back to zero equals one never touched */
    uint64_t h = lane[0] ^ lane[1] * 3 ^ lane[2] * 5 ^ lane[3] * 7;
    h ^= h >> 29;
    return h * UINT64_C(0xc4ceb9fe1a85ec53);
}

uint64_t arena_hash_piece(const struct world *w, uint64_t from, uint64_t to)
{
    uint64_t sum = 0, end = to >> PAGE_BITS;
    for (uint64_t page = from >> PAGE_BITS; page < end; page++)
        if (w->mark[page] & MARK_USED) sum += page_hash(w->arena + (page << PAGE_BITS), page);
    return sum;
}

uint64_t arena_hash(const struct world *w)
{
    return arena_hash_piece(w, 0, arena_size(w));
}
