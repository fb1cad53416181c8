/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual memory as instructions use it: translations, and accesses that the fast path leaves.
 *
 * A translation that allows writing exists only for pages that are marked dirty and used and carry no
 * watch, so a store that hits needs no door. Whoever watches a page (code, tables) voids those first.
 * Tables that translations came from are watched, too: after a write to one all translations go.
 *
 * Pages without memory behind them are devices. They have no translations; accesses to them go through
 * the bounce buffers, in the careful form only. SIMPLIFIED: a store to a device's register reads it
 * first, and an access that crosses a page's edge does not reach the device. */
#include "machine/core.h"
#include "machine/device.h"
#include "machine/walk.h"

#include <string.h>

#define PAGE_OF(address)   ((address) & ~(word_t)(PAGE_SIZE - 1))
#define OFFSET_IN(address) ((address) & (word_t)(PAGE_SIZE - 1))

/* --- translating ---------------------------------------------------------------------------------- */

static void raise_bad_address(struct core *m, const struct op *op)
{
    core_raise(m, op && (op->flags & OP_FLAG_STACK) ? VECTOR_SS : VECTOR_GP, 0);
}

static void raise_page_fault(struct core *m, word_t address, uint64_t code)
{
    m->cpu->cr2 = address;
    core_raise(m, VECTOR_PF, code);
}

/* With EFLAGS.AC set and CR0.AM, an access is to lie at a multiple of its size (of 8 for 10 bytes). */
static bool is_misaligned(const struct core *m, word_t address, unsigned size)
{
    if (!m->is_aligning) return false;
    unsigned unit = size & (size - 1) ? size == 10 ? 8 : 4 : size;
    return address % unit && address_is_canonical(address);
}

static void entry_set(struct core *m, paddr_t table, word_t index, word_t bits)
{
    paddr_t at = table + index * sizeof(word_t);
    uint8_t *mark = &m->world->mark[(ARENA_MEMORY + table) >> PAGE_BITS];
    if ((memory_word(m->world, at) & bits) == bits) return;
    if (*mark & MARK_CODE) memory_edit(m->world, at, sizeof(word_t));
    *mark |= MARK_DIRTY | MARK_USED;
    *(word_t *)(void *)(m->memory + at) |= bits;
}

/* Marks what the walk used as accessed, and what is to be written as dirty. That makes no translation
 * stale, so it passes by the door's bell, though not by its marks. */
static void entries_touch(struct core *m, const struct walk *walk, word_t address, uint64_t access)
{
    unsigned last = walk->levels - 1;
    word_t dirty = access & FAULT_WRITE ? ENTRY_DIRTY : 0;
    for (unsigned i = 0; i <= last; i++)
        entry_set(m, walk->table[i], address >> (39 - 9 * i) & 511,
                  ENTRY_ACCESSED | (i == last ? dirty : 0));
}

/* The physical page behind an address, remembered in the translations if it is memory. */
static bool translate(struct core *m, const struct op *op, word_t address, uint64_t access,
                      paddr_t *page)
{
    if (!address_is_canonical(address)) {
        raise_bad_address(m, op);
        return false;
    }
    struct walk walk = walk_tables(m->world, m->space->cr3, address, access, m->features & CPU_NX);
    if (walk.fault) {
        raise_page_fault(m, address, walk.fault);
        return false;
    }
    for (unsigned i = 0; i < walk.levels; i++) memory_watch(m, walk.table[i], MARK_TABLE);
    entries_touch(m, &walk, address, access);
    *page = walk.page;
    if (walk.is_device) return true;

    struct translation *t = translation_of(m, address);
    if (t->read != PAGE_OF(address)) t->write = NO_TAG;
    t->read = PAGE_OF(address);
    t->host = (uintptr_t)(m->memory + walk.page) - PAGE_OF(address);
    if (m->debug.on_write && debug_withholds(m, address)) t->read = t->write = NO_TAG;
    return true;
}

static uint8_t marks_of(const struct core *m, paddr_t page)
{
    return m->world->mark[(ARENA_MEMORY + page) >> PAGE_BITS];
}

/* --- devices -------------------------------------------------------------------------------------- */

static bool is_device(const struct core *m, paddr_t page)
{
    return page >= m->memory_size;
}

/* Only the careful form knows the time and runs one instruction alone. */
static bool meet_device(struct core *m)
{
    m->has_met_device = m->is_careful;
    m->bounce_clock = m->clock_end - (word_t)(m->reserve + m->left);
    if (!m->is_careful) {
        m->is_careful = true;
        return false;
    }
    return true;
}

static const void *device_read(struct core *m, paddr_t place, unsigned size)
{
    if (!meet_device(m)) return NULL;
    device_memory_read(m->world, place, m->bounce_clock, m->bounce_in, size);
    return m->bounce_in;
}

static void *device_write(struct core *m, paddr_t place, unsigned size)
{
    if (!meet_device(m)) return NULL;
    device_memory_read(m->world, place, m->bounce_clock, m->bounce_out, size);
    m->bounce_device = place;
    m->bounce_size = size;
    return m->bounce_out;
}

/* --- places ----------------------------------------------------------------------------------------- */

/* Whether the page of a write is spied on: then it gets no translation, so that each is seen here. */
static bool meet_spy(struct core *m, paddr_t page, unsigned from, unsigned size)
{
    if (LIKELY(page != m->spy.page)) return false;
    m->spy.is_met |= from < m->spy.to && m->spy.from < from + size;
    return true;
}

/* A place for a write inside one page. Watched pages: data beside code is written at once; what hits
 * code or a table waits for the careful form, behind which the core looks at what became stale. */
static uint8_t *write_place(struct core *m, const struct op *op, word_t address, unsigned size)
{
    paddr_t page;
    if (!translate(m, op, address, FAULT_WRITE, &page)) return NULL;
    paddr_t place = page + OFFSET_IN(address);
    if (is_device(m, page)) return device_write(m, place, size);
    uint8_t watch = marks_of(m, page) & (MARK_CODE | MARK_TABLE);
    bool is_spied = meet_spy(m, page, (unsigned)OFFSET_IN(address), size);
    if (watch == MARK_CODE && !cache_covers(m, place, size)) {
        m->world->mark[(ARENA_MEMORY + page) >> PAGE_BITS] |= MARK_DIRTY | MARK_USED;
        return m->memory + place;
    }
    if (watch && !m->is_careful) {
        m->is_careful = true;
        return NULL;
    }
    uint8_t *host = memory_edit(m->world, place, size);
    if (!watch && !is_spied && translation_of(m, address)->read != NO_TAG)
        translation_of(m, address)->write = PAGE_OF(address);
    return host;
}

static bool is_crossing(word_t address, unsigned size)
{
    return OFFSET_IN(address) + size > PAGE_SIZE;
}

static const void *read_crossing(struct core *m, const struct op *op, word_t address, unsigned size)
{
    unsigned head = (unsigned)(PAGE_SIZE - OFFSET_IN(address));
    paddr_t page[2];
    if (!translate(m, op, address, 0, &page[0])) return NULL;
    if (!translate(m, op, address + head, 0, &page[1])) return NULL;
    memset(m->bounce_in, 0xff, size);
    if (!is_device(m, page[0]))
        memcpy(m->bounce_in, m->memory + page[0] + OFFSET_IN(address), head);
    if (!is_device(m, page[1])) memcpy(m->bounce_in + head, m->memory + page[1], size - head);
    return m->bounce_in;
}

static void *write_crossing(struct core *m, const struct op *op, word_t address, unsigned size)
{
    unsigned head = (unsigned)(PAGE_SIZE - OFFSET_IN(address));
    if (!m->is_careful) {
        m->is_careful = true;
        return NULL;
    }
    uint8_t *first = write_place(m, op, address, head);
    if (!first) return NULL;
    bool is_lost = m->bounce_device;
    uint8_t *second = write_place(m, op, address + head, size - head);
    if (!second) return NULL;
    if (is_lost) first = m->bounce_in;
    if (second == m->bounce_out) second = m->bounce_in;
    m->bounce_device = 0;
    memcpy(m->bounce_out, first, head);
    memcpy(m->bounce_out + head, second, size - head);
    m->bounce_to[0] = first;
    m->bounce_to[1] = second;
    m->bounce_split = head;
    m->bounce_size = size;
    return m->bounce_out;
}

void memory_commit(struct core *m)
{
    if (!m->bounce_size) return;
    if (m->bounce_device) {
        device_memory_write(m->world, m->bounce_device, m->bounce_clock, m->bounce_out,
                            m->bounce_size);
        m->bounce_device = 0;
        m->bounce_size = 0;
        return;
    }
    memcpy(m->bounce_to[0], m->bounce_out, m->bounce_split);
    memcpy(m->bounce_to[1], m->bounce_out + m->bounce_split, m->bounce_size - m->bounce_split);
    m->bounce_size = 0;
}

const void *memory_read(struct core *m, const struct op *op, word_t address, unsigned size)
{
    if (UNLIKELY(is_misaligned(m, address, size))) {
        core_raise(m, VECTOR_AC, 0);
        return NULL;
    }
    const struct translation *t = translation_of(m, address);
    if (LIKELY(t->read == PAGE_OF(address + size - 1))) return (const void *)(t->host + address);
    if (m->debug.on_read && !debug_access(m, address, size, false)) return NULL;
    if (is_crossing(address, size)) return read_crossing(m, op, address, size);
    paddr_t page;
    if (!translate(m, op, address, 0, &page)) return NULL;
    if (is_device(m, page)) return device_read(m, page + OFFSET_IN(address), size);
    return m->memory + page + OFFSET_IN(address);
}

void *memory_write(struct core *m, const struct op *op, word_t address, unsigned size)
{
    if (UNLIKELY(is_misaligned(m, address, size))) {
        core_raise(m, VECTOR_AC, 0);
        return NULL;
    }
    const struct translation *t = translation_of(m, address);
    if (LIKELY(t->write == PAGE_OF(address + size - 1))) return (void *)(t->host + address);
    if (m->debug.on_write && !debug_access(m, address, size, true)) return NULL;
    if (is_crossing(address, size)) return write_crossing(m, op, address, size);
    return write_place(m, op, address, size);
}

bool memory_fetch(struct core *m, word_t address, paddr_t *out)
{
    const struct translation *t = translation_of(m, address);
    if (t->read == PAGE_OF(address) && !(m->features & CPU_NX)) {
        *out = (paddr_t)(t->host + address - (uintptr_t)m->memory);
        return true;
    }
    paddr_t page;
    if (!translate(m, NULL, address, FAULT_FETCH, &page)) return false;
    if (is_device(m, page)) { /* ones are no instruction */
        core_raise(m, VECTOR_UD, 0);
        return false;
    }
    *out = page + OFFSET_IN(address);
    return true;
}

/* --- what the fast form did not find ---------------------------------------------------------------- */

const struct op *core_miss_read(struct core *m, const struct op *op, word_t result, word_t carry,
                                int64_t left)
{
    paddr_t page;
    if (is_crossing(m->miss_address, m->miss_size) || debug_withholds(m, m->miss_address)) {
        m->is_careful = true;
    } else if (translate(m, op, m->miss_address, 0, &page)) {
        m->is_careful = is_device(m, page);
        if (!m->is_careful) return op->run(m, op, result, carry, left);
    }
    return core_stop(m, op, result, carry, left);
}

const struct op *core_miss_write(struct core *m, const struct op *op, word_t result, word_t carry,
                                 int64_t left)
{
    word_t address = m->miss_address;
    if (is_crossing(address, m->miss_size))
        m->is_careful = true;
    else if (write_place(m, op, address, m->miss_size)) {
        if (translation_of(m, address)->write == PAGE_OF(address))
            return op->run(m, op, result, carry, left);
        m->is_careful = true; /* data beside code: no translation for it */
    }
    return core_stop(m, op, result, carry, left);
}
