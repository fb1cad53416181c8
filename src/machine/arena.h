/* SPDX-License-Identifier: BSD-2-Clause */
/* The arena: one mapping that holds all simulated state, and the door through
 * which it is changed.
 *
 * `struct world` is the host's handle, passed to every room. The arena behind
 * it has no host pointer inside: first the globals of each room, then physical
 * memory, in which kernel objects lie at their physical addresses. So a
 * snapshot is a copy of pages and equality is bytes.
 *
 * The door: `*_edit` functions give a writable pointer and mark the page;
 * everything else reads through const. Marks feed snapshots and the core's
 * caches, and are no part of the state. */
#ifndef FAULTLINE_MACHINE_ARENA_H
#define FAULTLINE_MACHINE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t word_t;  /* a word of the simulated machine */
typedef uint64_t paddr_t; /* a physical address; kernel objects are named by theirs, 0 is none */

enum {
    PAGE_BITS = 12,
    PAGE_SIZE = 1 << PAGE_BITS,
};

/* Each room's globals have a fixed place in front of physical memory (bytes from the arena's start). */
enum arena_layout {
    ARENA_MACHINE = 0x0,
    ARENA_DEVICES = 0x1000,
    ARENA_KERNEL = 0x2000,
    ARENA_WORLD = 0x40000,
    ARENA_MEMORY = 0x200000, /* physical address 0 */
};

/* What is known of a page besides its bytes. One byte a page, outside the arena. */
enum mark {
    MARK_DIRTY = 1, /* changed since arena_clean() */
    MARK_CODE = 2,  /* the core holds decoded instructions of it */
    MARK_TABLE = 4, /* the core holds translations that were read from it */
    MARK_USED = 8,  /* changed since boot: pages without it are zero */
};

enum { STALE_PAGES = 8 };

struct event; /* src/kernel/event.h */

struct world {
    uint8_t *arena;
    uint8_t *mark;
    uint64_t memory_size; /* bytes of physical memory, whole pages */
    uint32_t stale;       /* which of MARK_CODE, MARK_TABLE were written to since the core looked */
    uint32_t marks_cleaned; /* how often arena_clean() ran: voids translations for writing */
    /* Like a mark: since the kernel filled cpu.fpu nobody has changed it, so it need not be saved. Whoever
     * asks to change the processor's page clears this, unless he says that he leaves `fpu` alone. */
    bool fpu_is_kept;
    /* Which pages lost MARK_CODE since the core looked; with more than STALE_PAGES, not all are here. */
    uint32_t stale_pages;
    uint64_t stale_page[STALE_PAGES];
    /* Who is told what happens. No part of the state: a step never reads it. */
    void (*hear)(void *listener, const struct event *e);
    void *listener;
    uint64_t deaf; /* bit n: events of kind n are not told */
};

static inline uint64_t arena_size(const struct world *w)
{
    return ARENA_MEMORY + w->memory_size;
}

/* Marks what a write of `length` bytes at arena offset `at` changes. Slow part of the door: a page that
 * is not marked yet, or that the core watches. Mostly there is nothing to do, and then nothing is
 * written: a mark would be read again by the next touch, before it has reached memory. */
void arena_touch_first(struct world *w, uint64_t page);

static inline void arena_touch(struct world *w, uint64_t at, size_t length)
{
    if (at < ARENA_DEVICES) w->fpu_is_kept = false;
    for (uint64_t page = at >> PAGE_BITS; page <= (at + length - 1) >> PAGE_BITS; page++) {
        if (w->mark[page] != (MARK_DIRTY | MARK_USED)) arena_touch_first(w, page);
    }
}

/* Reading and changing `length` bytes at arena offset `at`. The range must lie inside the arena. */
static inline const void *arena_at(const struct world *w, uint64_t at)
{
    return w->arena + at;
}

static inline void *arena_edit(struct world *w, uint64_t at, size_t length)
{
    arena_touch(w, at, length);
    return w->arena + at;
}

/* The same of bytes that lie in one page: of a word, or an object that is aligned to its size. */
static inline void *arena_edit_within(struct world *w, uint64_t at)
{
    uint64_t page = at >> PAGE_BITS;
    if (__builtin_expect(w->mark[page] != (MARK_DIRTY | MARK_USED), 0)) arena_touch_first(w, page);
    return w->arena + at;
}

/* Whether [address, address + length) is physical memory. */
static inline bool memory_holds(const struct world *w, paddr_t address, uint64_t length)
{
    return address < w->memory_size && length <= w->memory_size - address;
}

static inline const void *memory_at(const struct world *w, paddr_t address)
{
    return arena_at(w, ARENA_MEMORY + address);
}

static inline void *memory_edit(struct world *w, paddr_t address, size_t length)
{
    return arena_edit(w, ARENA_MEMORY + address, length);
}

static inline void *memory_edit_within(struct world *w, paddr_t address)
{
    return arena_edit_within(w, ARENA_MEMORY + address);
}

/* A word of physical memory, 8-byte aligned. */
static inline word_t memory_word(const struct world *w, paddr_t address)
{
    return *(const word_t *)memory_at(w, address);
}

static inline void memory_set_word(struct world *w, paddr_t address, word_t value)
{
    *(word_t *)memory_edit_within(w, address) = value;
}

/* Forgets which pages are dirty. (Who maps and unmaps an arena: world/world.h.) */
void arena_clean(struct world *w);

/* A number that depends on every byte of state: equal states, equal numbers. Independent of
 * compiler and host; untouched zero pages cost nothing. */
uint64_t arena_hash(const struct world *w);
/* The same of the pages that begin in [from, to), arena offsets. Hashes of pieces add up. */
uint64_t arena_hash_piece(const struct world *w, uint64_t from, uint64_t to);

#endif
