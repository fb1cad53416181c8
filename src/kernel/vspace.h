/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the address space model offer each other: page table entries and the walk to
 * them, and address space identifiers. seL4: include/arch/x86/arch/kernel/vspace.h. */
#ifndef FAULTLINE_KERNEL_VSPACE_H
#define FAULTLINE_KERNEL_VSPACE_H

#include "kernel/internal.h"

#define USER_TOP UINT64_C(0x00007fffffffffff)

/* Levels of the page tables, by what an entry of theirs maps; enum order is the order of the walk. */
enum table_level { LEVEL_PT = 1, LEVEL_PD = 2, LEVEL_PDPT = 3, LEVEL_PML4 = 4 };

enum { TABLE_BITS = 12, TABLE_ENTRIES = 512, ENTRY_PCD = 16 };

/* Lowest bit of an address that chooses an entry at this level: 12, 21, 30, 39. */
static inline unsigned level_shift(enum table_level level)
{
    return PAGE_BITS + 9 * ((unsigned)level - 1);
}

/* The entry of `level` that is responsible for `vaddr`: its physical address in *entry. Else
 * LOOKUP_MISSING_CAPABILITY with the bits that the level above leaves open. */
struct lookup_failure vspace_lookup(const struct world *w, paddr_t pml4, word_t vaddr,
                                    enum table_level level, paddr_t *entry);

/* Entries as the real kernel makes them. `attributes`: seL4_X86_VMAttributes. */
word_t entry_for_table(paddr_t table, word_t attributes);
word_t entry_for_page(paddr_t frame, enum table_level level, word_t attributes,
                      enum vm_rights rights);

/* What a present entry points to; a page at this level and not a table. */
static inline bool entry_is_page(word_t entry, enum table_level level)
{
    return level == LEVEL_PT || (level != LEVEL_PML4 && (entry & ENTRY_LARGE));
}
paddr_t entry_target(word_t entry, enum table_level level);

/* Writes an entry and says so. */
void entry_map(struct world *w, paddr_t at, word_t entry, word_t vaddr, enum table_level level);

/* Takes a page or table out of the address space `asid`, if it is what is mapped there. */
void vspace_unmap(struct world *w, word_t asid, word_t vaddr, enum table_level level, bool is_page,
                  paddr_t what);

enum vm_rights vm_rights_mask(enum vm_rights have, word_t rights);

/* The level at which a frame's size is mapped. */
static inline enum table_level frame_level(struct cap frame)
{
    return (enum table_level)(cap_frame_size(frame) + 1);
}

/* The checks that all mapping invocations share, on the address space capability that came along:
 * the refusal, or SEL4_NoError. */
struct refusal asid_check_vspace(const struct world *w, struct cap vspace);

/* ---- asid.c ---- */
enum { ASID_LOW_BITS = 9 };
/* A pool is 512 words: the PML4's address above the type in the lowest bits, 0 for none. */
static inline paddr_t pool_entry(paddr_t pool, word_t asid)
{
    return pool + (asid & CAP_MASK(ASID_LOW_BITS)) * sizeof(word_t);
}
/* Its PML4; 0: none. */
static inline paddr_t asid_find(const struct world *w, word_t asid)
{
    paddr_t pool = kernel_at(w)->asid_table[asid >> ASID_LOW_BITS];
    return pool ? memory_word(w, pool_entry(pool, asid)) & ~CAP_MASK(TABLE_BITS) : 0;
}
void asid_delete(struct world *w, word_t asid, paddr_t pml4);
void asid_pool_delete(struct world *w, word_t base, paddr_t pool);
/* Boot: the first pool, and the first address space in it. */
void asid_install(struct world *w, word_t base, paddr_t pool);
void asid_assign(struct world *w, paddr_t pool, word_t asid, paddr_t pml4);

/* The page tables of a thread without an address space of its own, where the recorded kernel has them:
 * nothing is mapped. */
enum { KERNEL_VSPACE = 0xa10000 };

static inline struct decoded refuse_with(struct refusal r)
{
    return (struct decoded){ .refusal = r };
}

static inline struct decoded accept(struct invocation i)
{
    return (struct decoded){ .invocation = i };
}

#endif
