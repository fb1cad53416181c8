/* SPDX-License-Identifier: BSD-2-Clause */
/* Superblocks of lowered operations: found in the cache, or built.
 *
 * A block is known by where its bytes lie in physical memory and by the address it runs at. It goes on
 * behind conditional jumps, ends at other jumps and at the page's end; only an instruction across two
 * pages hangs on a second one. */
#include "machine/core.h"

#include <string.h>

static paddr_t page_of(paddr_t at)
{
    return at & ~(paddr_t)(PAGE_SIZE - 1);
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
    unsigned limit = is_single ? 1 : m->unrest ? SHORT_BLOCK : BLOCK_INSTRUCTIONS;
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

static const struct op *block_build(struct core *m, paddr_t at, bool is_single)
{
    struct block *b = cache_room(m);
    *b = (struct block){ .rip = m->rip,
                         .page = { page_of(at), NO_PAGE },
                         .first = b->first,
                         .is_compat = m->is_compat,
                         .is_single = is_single };
    struct builder builder = { .block = b,
                               .out = &m->cell[b->first],
                               .rip = m->rip,
                               .handlers = is_single ? &handlers_careful : &handlers_fast };
    if (!builder_run(m, &builder, is_single)) return NULL;
    if (m->unrest && !is_single) m->unrest--;
    b->bytes = (uint16_t)(builder.rip - b->rip);
    cache_take(m, b, (unsigned)(builder.out - &m->cell[b->first]));
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
    for (uint32_t n = *cache_bucket(m, at, m->rip, is_single, m->is_compat); n != NO_BLOCK;) {
        struct block *b = &m->block[n];
        n = b->next;
        bool is_it = b->rip == m->rip && b->is_single == is_single &&
                     b->is_compat == m->is_compat && b->page[0] == page_of(at);
        if (!is_it) continue;
        if (block_fits(m, b)) {
            cache_use(m, b);
            return &m->cell[b->first].op;
        }
        if (m->trap.kind) return NULL;
    }
    return block_build(m, at, is_single);
}
