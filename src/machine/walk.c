/* SPDX-License-Identifier: BSD-2-Clause */
/* 4-level paging, walked in physical memory as the processor walks it at user level.
 *
 * Accessed and dirty bits are for who uses the walk (memory.c).
 *
 * SIMPLIFIED: reserved bits are not looked at: nothing here sets them. A table outside memory is
 * "not present". */
#include "machine/walk.h"

#define ENTRY_NX (UINT64_C(1) << 63)

/* Base of a large page: bits below the page's size mean other things. */
static paddr_t large_base(word_t entry, unsigned shift)
{
    return entry & ENTRY_ADDRESS & ~((UINT64_C(1) << shift) - 1);
}

static struct walk walk_fault(uint64_t access, uint64_t present, bool has_nx)
{
    uint64_t fetch = has_nx ? access & FAULT_FETCH : 0;
    return (struct walk){ .fault = FAULT_USER | (access & FAULT_WRITE) | fetch | present };
}

struct walk walk_tables(const struct world *w, paddr_t cr3, word_t address, uint64_t access,
                        bool has_nx)
{
    struct walk walk = { .page = cr3 & ENTRY_ADDRESS };
    word_t allowed = ENTRY_WRITE | ENTRY_USER, nx = 0;

    if (!address_is_canonical(address)) return walk_fault(access, 0, has_nx);
    for (unsigned shift = 39; shift >= PAGE_BITS; shift -= 9) {
        if (!memory_holds(w, walk.page, PAGE_SIZE)) return walk_fault(access, 0, has_nx);
        walk.table[walk.levels++] = walk.page;
        word_t entry = memory_word(w, walk.page + (address >> shift & 511) * 8);
        if (!(entry & ENTRY_PRESENT)) return walk_fault(access, 0, has_nx);
        allowed &= entry;
        nx |= entry & ENTRY_NX;
        walk.page = entry & ENTRY_ADDRESS;
        if ((entry & ENTRY_LARGE) && (shift == 21 || shift == 30)) {
            word_t inside = address & ((UINT64_C(1) << shift) - 1) & ~(word_t)(PAGE_SIZE - 1);
            walk.page = large_base(entry, shift) | inside;
            break;
        }
    }
    bool is_refused = !(allowed & ENTRY_USER) ||
                      ((access & FAULT_WRITE) && !(allowed & ENTRY_WRITE)) ||
                      ((access & FAULT_FETCH) && has_nx && nx);
    if (is_refused) return walk_fault(access, FAULT_PRESENT, has_nx);
    walk.is_device = !memory_holds(w, walk.page, PAGE_SIZE);
    walk.can_write = allowed & ENTRY_WRITE;
    return walk;
}

uint64_t page_walk(const struct world *w, paddr_t cr3, word_t address, uint64_t access,
                   paddr_t *out)
{
    bool has_nx = cpu_at(w)->features & CPU_NX;
    struct walk walk = walk_tables(w, cr3, address, access, has_nx);
    if (walk.is_device) return walk_fault(access, 0, has_nx).fault;
    if (!walk.fault) *out = walk.page | (address & (PAGE_SIZE - 1));
    return walk.fault;
}
