/* SPDX-License-Identifier: BSD-2-Clause */
/* The cache of decoded instructions: superblocks of lowered operations.
 *
 * A block is known by where its bytes lie in physical memory and by the address it runs at. It goes on
 * behind conditional jumps, ends at other jumps and at the page's end; only an instruction across two
 * pages hangs on a second one. Its pages are watched (MARK_CODE): a write to them kills it. When the
 * room is full, all of it is given up: memory stays bounded whatever the guest does. */
#include "machine/core.h"

#include <string.h>

static unsigned bucket_of(paddr_t at, word_t rip, bool is_single, bool is_compat)
{
    uint64_t h = (at ^ rip << 7 ^ (uint64_t)is_single << 40 ^ (uint64_t)is_compat << 41) *
                 UINT64_C(0x9e3779b97f4a7c15);
    return (unsigned)(h >> 50) % BUCKETS;
}

static paddr_t page_of(paddr_t at)
{
    return at & ~(paddr_t)(PAGE_SIZE - 1);
}

/* --- pages of code -------------------------------------------------------------------------------- */

/* Open addressing; entries go only when all go. Returns the page's entry or the free one for it. */
static struct code_page *code_page_slot(struct core *m, paddr_t page)
{
    unsigned i = (unsigned)((page >> PAGE_BITS) * UINT64_C(0x9e3779b97f4a7c15) >> 52) % CODE_PAGES;
    while (m->code_page[i].page != NO_PAGE && m->code_page[i].page != page)
        i = (i + 1) % CODE_PAGES;
    return &m->code_page[i];
}

static uint64_t lines_of(unsigned from, unsigned size)
{
    unsigned first = from / 64, last = (from + size - 1) / 64;
    return (~UINT64_C(0) >> (63 - (last - first))) << first;
}

bool blocks_cover(const struct core *m, paddr_t address, unsigned size)
{
    const struct code_page *page = code_page_slot((struct core *)(uintptr_t)m, page_of(address));
    if (page->page == NO_PAGE) return false;
    return page->lines & lines_of((unsigned)(address % PAGE_SIZE), size);
}

static void code_page_add(struct core *m, uint32_t number, unsigned which, unsigned from,
                          unsigned size)
{
    struct block *b = &m->block[number];
    struct code_page *page = code_page_slot(m, b->page[which]);
    if (page->page == NO_PAGE) {
        *page = (struct code_page){ .page = b->page[which] };
        m->code_pages_used++;
    }
    page->lines |= lines_of(from, size);
    b->sibling[which] = page->first;
    page->first = number;
    memory_watch(m, b->page[which], MARK_CODE);
}

/* --- forgetting ----------------------------------------------------------------------------------- */

void blocks_flush(struct core *m)
{
    for (unsigned i = 0; i < CODE_PAGES; i++) {
        struct code_page *page = &m->code_page[i];
        if (page->page != NO_PAGE && m->world && page->page < m->world->memory_size)
            m->world->mark[(ARENA_MEMORY + page->page) >> PAGE_BITS] &= (uint8_t)~MARK_CODE;
        *page = (struct code_page){ .page = NO_PAGE };
    }
    memset(m->bucket, 0, sizeof m->bucket);
    m->cells_used = m->code_pages_used = 0;
    m->blocks_used = NO_BLOCK + 1;
    m->pending = NULL;
    spaces_restamp(m);
}

static void block_kill(struct core *m, struct block *b)
{
    if (b->is_dead) return;
    paddr_t at = b->page[0] | (b->rip & (PAGE_SIZE - 1));
    uint32_t *from = &m->bucket[bucket_of(at, b->rip, b->is_single, b->is_compat)];
    while (&m->block[*from] != b) from = &m->block[*from].next;
    *from = b->next;
    b->is_dead = true;
}

static void code_page_drop(struct core *m, struct code_page *page)
{
    for (uint32_t n = page->first; n != NO_BLOCK;) {
        struct block *b = &m->block[n];
        n = b->sibling[b->page[0] == page->page ? 0 : 1];
        block_kill(m, b);
    }
    page->first = NO_BLOCK;
    page->lines = 0;
}

void blocks_drop_stale(struct core *m)
{
    for (unsigned i = 0; i < CODE_PAGES; i++) {
        struct code_page *page = &m->code_page[i];
        if (page->page == NO_PAGE || page->first == NO_BLOCK) continue;
        if (m->world->mark[(ARENA_MEMORY + page->page) >> PAGE_BITS] & MARK_CODE) continue;
        code_page_drop(m, page);
    }
    m->pending = NULL;
    spaces_restamp(m);
}

/* --- building ------------------------------------------------------------------------------------- */

struct builder {
    struct block *block;
    union cell *out; /* the next cell */
    word_t rip;      /* of the next instruction */
    unsigned instructions;
    const struct handlers *handlers;
    bool ends;
};

/* An instruction of which only the head lies on the page at `rip`: its tail is on the next one. */
static enum decoded decode_crossing(struct core *m, const uint8_t *head, unsigned available,
                                    word_t rip, paddr_t *second, struct instruction *out)
{
    uint8_t bytes[16];
    memcpy(bytes, head, available);
    if (!memory_fetch(m, rip + available, second)) return DECODED_CUT_SHORT;
    memcpy(bytes + available, m->memory + *second, 16 - available);
    *second = page_of(*second);
    return decode(bytes, 16, rip, m->is_compat, out);
}

static bool builder_decode(struct core *m, struct builder *b, struct instruction *out)
{
    unsigned from = (unsigned)(b->rip % PAGE_SIZE), available = PAGE_SIZE - from;
    const uint8_t *bytes = m->memory + b->block->page[0] + from;
    paddr_t second = NO_PAGE;
    enum decoded d = decode(bytes, available < 16 ? available : 16, b->rip, m->is_compat, out);

    if (d == DECODED_CUT_SHORT && available < 16) {
        if (b->instructions) return false; /* it gets a block of its own */
        d = decode_crossing(m, bytes, available, b->rip, &second, out);
        if (d == DECODED_CUT_SHORT) return false;
        b->block->page[1] = second;
    }
    if (d == DECODED_TOO_LONG)
        *out = (struct instruction){ .operation = OP_PRIVILEGED, .length = 15 };
    return true;
}

static void builder_end(struct builder *b)
{
    struct instruction end = { .operation = OP_CONTINUE };
    bool ends;
    b->out += lower(&end, b->handlers, b->rip, b->instructions, b->out, &ends);
}

/* False if there is not even one instruction: core.trap says why. */
static bool builder_run(struct core *m, struct builder *b, bool is_single)
{
    unsigned limit = is_single ? 1 : BLOCK_INSTRUCTIONS;
    while (!b->ends && b->instructions < limit) {
        struct instruction i;
        if (b->instructions && b->rip % PAGE_SIZE == 0) break;
        if (!builder_decode(m, b, &i)) break;
        b->out += lower(&i, b->handlers, b->rip, b->instructions, b->out, &b->ends);
        b->rip += i.length;
        b->instructions++;
        if (b->block->page[1] != NO_PAGE || (b->rip >> 32) != (b->block->rip >> 32)) break;
    }
    if (b->instructions && !b->ends) builder_end(b);
    return b->instructions;
}

static bool has_room(const struct core *m)
{
    return m->blocks_used < BLOCKS && m->cells_used + BLOCK_CELLS <= CELLS &&
           m->code_pages_used + 2 <= CODE_PAGES * 3 / 4;
}

static const struct op *block_build(struct core *m, paddr_t at, bool is_single)
{
    if (!has_room(m)) blocks_flush(m);
    uint32_t number = m->blocks_used;
    struct block *b = &m->block[number];
    *b = (struct block){ .rip = m->rip,
                         .page = { page_of(at), NO_PAGE },
                         .first = m->cells_used,
                         .is_compat = m->is_compat,
                         .is_single = is_single };
    struct builder builder = { .block = b,
                               .out = &m->cell[m->cells_used],
                               .rip = m->rip,
                               .handlers = is_single ? &handlers_careful : &handlers_fast };
    if (!builder_run(m, &builder, is_single)) return NULL;

    b->bytes = (uint16_t)(builder.rip - b->rip);
    m->cells_used = (uint32_t)(builder.out - m->cell);
    m->blocks_used++;
    unsigned from = (unsigned)(b->rip % PAGE_SIZE);
    unsigned here = from + b->bytes > PAGE_SIZE ? PAGE_SIZE - from : b->bytes;
    code_page_add(m, number, 0, from, here);
    unsigned there = b->bytes - here;
    if (b->page[1] == b->page[0])
        code_page_slot(m, b->page[0])->lines |= lines_of(0, there);
    else if (b->page[1] != NO_PAGE)
        code_page_add(m, number, 1, 0, there ? there : 1);
    uint32_t *head = &m->bucket[bucket_of(at, b->rip, is_single, b->is_compat)];
    b->next = *head;
    *head = number;
    return &m->cell[b->first].op;
}

/* Whether the block's second page is still the one behind the first in this space. */
static bool block_fits(struct core *m, const struct block *b)
{
    paddr_t second;
    if (b->page[1] == NO_PAGE) return true;
    word_t next = (b->rip | (PAGE_SIZE - 1)) + 1;
    return memory_fetch(m, next, &second) && second == b->page[1];
}

const struct op *block_find(struct core *m, bool is_single)
{
    paddr_t at;
    if (!memory_fetch(m, m->rip, &at)) return NULL;
    for (uint32_t n = m->bucket[bucket_of(at, m->rip, is_single, m->is_compat)]; n != NO_BLOCK;) {
        struct block *b = &m->block[n];
        n = b->next;
        bool is_it = b->rip == m->rip && b->is_single == is_single &&
                     b->is_compat == m->is_compat && b->page[0] == page_of(at);
        if (!is_it) continue;
        if (block_fits(m, b)) return &m->cell[b->first].op;
        if (m->trap.kind) return NULL;
    }
    return block_build(m, at, is_single);
}
