/* SPDX-License-Identifier: BSD-2-Clause */
/* The cache of decoded instructions: which blocks there are, on which pages of memory, and what is given
 * up for new ones.
 *
 * The pages of a block are watched (MARK_CODE): a write to them kills it. The room is in REGIONS. New
 * blocks fill one; when it is full, the region that was used least recently is given up and filled
 * next, so memory stays bounded whatever the guest does. Blocks that lead to each other by links are
 * not asked for here; a new region voids all links, so whatever still runs is asked for again in each
 * such round. */
#include "machine/core.h"

#include <string.h>

enum {
    REGION_CELLS = CELLS / REGIONS,
    REGION_BLOCKS = BLOCKS / REGIONS,
    /* Each page that is in use has been counted by a region that is: so the table cannot overflow. */
    REGION_PAGES = (CODE_PAGES - 1) / REGIONS,
};

static unsigned region_of(uint32_t block)
{
    return block / REGION_BLOCKS;
}

uint32_t *cache_bucket(struct core *m, paddr_t at, word_t rip, bool is_single, bool is_compat)
{
    uint64_t h = (at ^ rip << 7 ^ (uint64_t)is_single << 40 ^ (uint64_t)is_compat << 41) *
                 UINT64_C(0x9e3779b97f4a7c15);
    return &m->bucket[(unsigned)(h >> 48) % BUCKETS];
}

void cache_use(struct core *m, const struct block *b)
{
    struct region *r = &m->region[region_of((uint32_t)(b - m->block))];
    if (r->last_used != m->round) r->finds = 0;
    r->last_used = m->round;
    r->finds++;
}

/* --- pages of code -------------------------------------------------------------------------------- */

static uint32_t *code_page_bucket(struct core *m, paddr_t page)
{
    uint64_t h = (page >> PAGE_BITS) * UINT64_C(0x9e3779b97f4a7c15);
    return &m->code_page_bucket[(unsigned)(h >> 52) % CODE_PAGES];
}

/* NULL if nothing is known of the page. */
static struct code_page *code_page_find(struct core *m, paddr_t page)
{
    uint32_t n = *code_page_bucket(m, page);
    while (n != NO_CODE_PAGE && m->code_page[n].page != page) n = m->code_page[n].next;
    return n == NO_CODE_PAGE ? NULL : &m->code_page[n];
}

static struct code_page *code_page_new(struct core *m, paddr_t page)
{
    uint32_t n = m->free_code_page, *bucket = code_page_bucket(m, page);
    m->free_code_page = m->code_page[n].next;
    m->code_page[n] = (struct code_page){ .page = page, .region = REGIONS, .next = *bucket };
    *bucket = n;
    return &m->code_page[n];
}

static uint64_t lines_of(unsigned from, unsigned size)
{
    unsigned first = from / 64, last = (from + size - 1) / 64;
    return (~UINT64_C(0) >> (63 - (last - first))) << first;
}

/* The lines of its page that the `which`th part of a block takes. */
static uint64_t block_lines(const struct block *b, unsigned which)
{
    unsigned from = (unsigned)(b->rip % PAGE_SIZE);
    unsigned here = from + b->bytes > PAGE_SIZE ? PAGE_SIZE - from : b->bytes;
    unsigned there = b->bytes - here;
    return which ? lines_of(0, there ? there : 1) : lines_of(from, here);
}

/* Both parts may lie on one page, mapped twice. */
static uint64_t lines_on(const struct block *b, paddr_t page)
{
    uint64_t lines = b->page[0] == page ? block_lines(b, 0) : 0;
    return b->page[1] == page ? lines | block_lines(b, 1) : lines;
}

static uint32_t *sibling_on(struct block *b, paddr_t page)
{
    return &b->sibling[b->page[0] == page ? 0 : 1];
}

bool cache_covers(const struct core *m, paddr_t address, unsigned size)
{
    paddr_t page = address & ~(paddr_t)(PAGE_SIZE - 1);
    const struct code_page *p = code_page_find((struct core *)(uintptr_t)m, page);
    return p && p->lines & lines_of((unsigned)(address % PAGE_SIZE), size);
}

static void code_page_add(struct core *m, struct block *b, paddr_t page)
{
    struct code_page *p = code_page_find(m, page);
    if (!p) p = code_page_new(m, page);
    if (p->region != m->region_now) {
        p->region = m->region_now;
        m->region[m->region_now].pages++;
    }
    p->lines |= lines_on(b, page);
    *sibling_on(b, page) = p->first;
    p->first = (uint32_t)(b - m->block);
    memory_watch(m, page, MARK_CODE);
}

/* --- forgetting ----------------------------------------------------------------------------------- */

static void block_kill(struct core *m, struct block *b)
{
    if (b->is_dead) return;
    uint32_t *from = cache_bucket(m, block_at(b), b->rip, b->is_single, b->is_compat);
    while (&m->block[*from] != b) from = &m->block[*from].next;
    *from = b->next;
    b->is_dead = true;
}

static void code_page_drop(struct core *m, struct code_page *p)
{
    for (uint32_t n = p->first; n != NO_BLOCK;) {
        struct block *b = &m->block[n];
        n = *sibling_on(b, p->page);
        block_kill(m, b);
    }
    p->first = NO_BLOCK;
    p->lines = 0;
}

static void drop_unmarked(struct core *m)
{
    for (unsigned i = 0; i < CODE_PAGES; i++) {
        struct code_page *p = &m->code_page[i];
        if (p->first == NO_BLOCK) continue;
        if (m->world->mark[(ARENA_MEMORY + p->page) >> PAGE_BITS] & MARK_CODE) continue;
        code_page_drop(m, p);
    }
}

void cache_drop_stale(struct core *m)
{
    struct world *w = m->world;
    if (w->stale_pages > STALE_PAGES) {
        drop_unmarked(m);
    } else {
        for (unsigned i = 0; i < w->stale_pages; i++) {
            paddr_t page = (w->stale_page[i] << PAGE_BITS) - ARENA_MEMORY;
            struct code_page *p = code_page_find(m, page);
            if (p) code_page_drop(m, p);
        }
    }
    w->stale_pages = 0;
    m->pending = NULL;
    spaces_restamp(m);
}

/* Takes the blocks of a region off a page's list, and looks anew what the others cover. */
static void code_page_leave(struct core *m, struct code_page *p, unsigned region)
{
    uint32_t *from = &p->first;
    p->lines = 0;
    while (*from != NO_BLOCK) {
        struct block *b = &m->block[*from];
        uint32_t *next = sibling_on(b, p->page);
        if (region_of(*from) == region) {
            *from = *next;
        } else {
            p->lines |= lines_on(b, p->page);
            from = next;
        }
    }
    if (p->region == region) p->region = REGIONS;
}

static void code_page_free(struct core *m, uint32_t *from)
{
    uint32_t n = *from;
    struct code_page *p = &m->code_page[n];
    m->world->mark[(ARENA_MEMORY + p->page) >> PAGE_BITS] &= (uint8_t)~MARK_CODE;
    *from = p->next;
    *p = (struct code_page){ .page = NO_PAGE, .next = m->free_code_page };
    m->free_code_page = n;
}

static void region_leave_pages(struct core *m, unsigned region)
{
    for (unsigned i = 0; i < CODE_PAGES; i++) {
        uint32_t *from = &m->code_page_bucket[i];
        while (*from != NO_CODE_PAGE) {
            struct code_page *p = &m->code_page[*from];
            code_page_leave(m, p, region);
            if (p->first == NO_BLOCK)
                code_page_free(m, from);
            else
                from = &p->next;
        }
    }
}

/* Begins a round, in which all blocks have to be asked for again. */
static void region_open(struct core *m, unsigned number)
{
    m->round++;
    m->pending = NULL;
    spaces_restamp(m);
    m->region[number] = (struct region){ .last_used = m->round };
    if (number == 0) m->region[number].blocks = NO_BLOCK + 1;
    m->region_now = number;
}

static void region_give_up(struct core *m, unsigned number)
{
    uint32_t first = number * REGION_BLOCKS;
    for (uint32_t n = number ? 0 : 1; n < m->region[number].blocks; n++)
        block_kill(m, &m->block[first + n]);
    region_leave_pages(m, number);
}

static bool is_older(const struct region *a, const struct region *b)
{
    return a->last_used != b->last_used ? a->last_used < b->last_used : a->finds < b->finds;
}

/* An empty one, or the one used least recently. */
static unsigned region_to_fill(const struct core *m)
{
    unsigned oldest = m->region_now ? 0 : 1;
    for (unsigned i = 0; i < REGIONS; i++) {
        if (i == m->region_now) continue;
        if (!m->region[i].blocks) return i;
        if (is_older(&m->region[i], &m->region[oldest])) oldest = i;
    }
    return oldest;
}

void cache_empty(struct core *m)
{
    for (unsigned i = 0; i < CODE_PAGES; i++) {
        paddr_t page = m->code_page[i].page;
        if (page != NO_PAGE && m->world)
            m->world->mark[(ARENA_MEMORY + page) >> PAGE_BITS] &= (uint8_t)~MARK_CODE;
        m->code_page[i] = (struct code_page){ .page = NO_PAGE, .next = (i + 1) % CODE_PAGES };
    }
    memset(m->bucket, 0, sizeof m->bucket);
    memset(m->code_page_bucket, 0, sizeof m->code_page_bucket);
    memset(m->region, 0, sizeof m->region);
    m->free_code_page = NO_CODE_PAGE + 1;
    region_open(m, 0);
}

/* --- room ------------------------------------------------------------------------------------------- */

static bool region_is_full(const struct region *r)
{
    return r->blocks == REGION_BLOCKS || r->cells + BLOCK_CELLS > REGION_CELLS ||
           r->pages + 2 > REGION_PAGES;
}

struct block *cache_room(struct core *m)
{
    if (region_is_full(&m->region[m->region_now])) {
        unsigned number = region_to_fill(m);
        if (m->region[number].blocks) region_give_up(m, number);
        region_open(m, number);
    }
    const struct region *r = &m->region[m->region_now];
    struct block *b = &m->block[m->region_now * REGION_BLOCKS + r->blocks];
    b->first = m->region_now * REGION_CELLS + r->cells;
    return b;
}

void cache_take(struct core *m, struct block *b, unsigned cells)
{
    struct region *r = &m->region[m->region_now];
    r->cells += cells;
    r->blocks++;
    m->blocks_built++;
    cache_use(m, b);
    code_page_add(m, b, b->page[0]);
    if (b->page[1] != NO_PAGE && b->page[1] != b->page[0]) code_page_add(m, b, b->page[1]);
    uint32_t *head = cache_bucket(m, block_at(b), b->rip, b->is_single, b->is_compat);
    b->next = *head;
    *head = (uint32_t)(b - m->block);
}
