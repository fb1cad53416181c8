/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces in the words of capDL: page tables, frames, and the capabilities to them. The real
 * kernel has this once for each level of the tables; here it is one walk. A table or frame is named
 * after the entry that points to it.
 * seL4: src/arch/x86/64/machine/capdl.c. SIMPLIFIED: the kernel's own half of each address space,
 * whose addresses are those of one compiled kernel, is not printed. */
#include <inttypes.h>

#include "kernel/capdl.h"

static const char capdl_c[] = "src/arch/x86/64/machine/capdl.c";

/* What an entry of a level points to, unless it is a page; how large a page of it is. */
static const char *const table_word[] = {
    [LEVEL_PML4] = "pdpt", [LEVEL_PDPT] = "pd", [LEVEL_PD] = "pt", [LEVEL_PT] = NULL
};
static const char *const page_size_word[] = {
    [LEVEL_PML4] = NULL, [LEVEL_PDPT] = "1G", [LEVEL_PD] = "2M", [LEVEL_PT] = "4k"
};

static word_t index_of(word_t vaddr, enum table_level level)
{
    return (vaddr >> level_shift(level)) % TABLE_ENTRIES;
}

/* An entry of a table, and what it holds. */
struct entry {
    paddr_t at;
    word_t index, value;
    bool is_page;
};

static struct entry entry_of(const struct capdl *c, paddr_t table, word_t index,
                             enum table_level level)
{
    struct entry e = { .at = table + index * sizeof(word_t), .index = index };
    e.value = memory_word(c->w, e.at);
    e.is_page = entry_is_page(e.value, level);
    return e;
}

/* ---- objects ---- */

static void print_tables(struct capdl *c, paddr_t table, enum table_level level)
{
    for (word_t i = 0; i < TABLE_ENTRIES; i++) {
        struct entry e = entry_of(c, table, i, level);
        if (!(e.value & ENTRY_PRESENT)) continue;
        paddr_t target = entry_target(e.value, level);
        word_t pointer = kernel_pointer(e.at);
        if (e.is_page) {
            capdl_say(c, "frame_" CAPDL_P "_%04" PRIu64 " = frame ", CAPDL_PTR(pointer), i);
            capdl_say(c, "(%s, paddr: 0x" CAPDL_P ")\n", page_size_word[level], CAPDL_PTR(target));
        } else {
            capdl_say(c, "%s_" CAPDL_P "_%04" PRIu64 " = %s\n", table_word[level],
                      CAPDL_PTR(pointer), i, table_word[level]);
            print_tables(c, target, (enum table_level)(level - 1));
        }
    }
}

void capdl_vspace_objects(struct capdl *c, struct cap vspace)
{
    if (!cap_is_valid_vtable_root(vspace) || capdl_seen(c, vspace)) return;
    paddr_t pml4 = cap_object(vspace);
    capdl_say(c, CAPDL_P "_pd = pml4\n", CAPDL_PTR(kernel_pointer(pml4)));
    print_tables(c, pml4, LEVEL_PML4);
}

/* ---- capabilities ---- */

static void print_frame_rights(struct capdl *c, word_t entry)
{
    const char *rights = entry & ENTRY_WRITE ? "RW" : entry & ENTRY_USER ? "R" : "";
    capdl_say(c, "(%sX%s)\n", rights, entry & ENTRY_PCD ? ", uncached" : "");
}

static void print_frame(struct capdl *c, struct entry e)
{
    capdl_say(c, "frame_" CAPDL_P "_%04" PRIu64 " ", CAPDL_PTR(kernel_pointer(e.at)), e.index);
    print_frame_rights(c, e.value);
}

static void print_entry(struct capdl *c, struct entry e, enum table_level level)
{
    capdl_say(c, "0x%" PRIx64 ": ", e.index);
    if (e.is_page) {
        print_frame(c, e);
    } else {
        capdl_say(c, "%s_" CAPDL_P "_%04" PRIu64 "\n", table_word[level],
                  CAPDL_PTR(kernel_pointer(e.at)), e.index);
    }
}

/* What a table holds; then, one by one, the tables below it. */
static void print_slots(struct capdl *c, paddr_t table, enum table_level level)
{
    for (word_t i = 0; i < TABLE_ENTRIES; i++) {
        struct entry e = entry_of(c, table, i, level);
        if (e.value & ENTRY_PRESENT) print_entry(c, e, level);
    }
    capdl_say(c, "}\n");
    for (word_t i = 0; i < TABLE_ENTRIES; i++) {
        struct entry e = entry_of(c, table, i, level);
        if (!(e.value & ENTRY_PRESENT) || e.is_page) continue;
        capdl_say(c, "%s_" CAPDL_P "_%04" PRIu64 " {\n", table_word[level],
                  CAPDL_PTR(kernel_pointer(e.at)), i);
        print_slots(c, entry_target(e.value, level), (enum table_level)(level - 1));
    }
}

void capdl_vspace_caps(struct capdl *c, struct cap vspace)
{
    if (!cap_is_valid_vtable_root(vspace) || capdl_seen(c, vspace)) return;
    capdl_say(c, CAPDL_P "_pd {\n", CAPDL_PTR(kernel_pointer(cap_object(vspace))));
    print_slots(c, cap_object(vspace), LEVEL_PML4);
}

void capdl_frame_at(struct capdl *c, paddr_t pml4, word_t vaddr)
{
    if (!pml4) {
        capdl_fault(c, index_of(vaddr, LEVEL_PML4) * sizeof(word_t));
        return;
    }
    for (unsigned level = LEVEL_PDPT; level >= LEVEL_PT; level--) {
        struct entry e = { .index = index_of(vaddr, (enum table_level)level) };
        if (vspace_lookup(c->w, pml4, vaddr, (enum table_level)level, &e.at).type != LOOKUP_OK)
            break;
        e.value = memory_word(c->w, e.at);
        if (!(e.value & ENTRY_PRESENT) || !entry_is_page(e.value, (enum table_level)level))
            continue;
        print_frame(c, e);
        return;
    }
    capdl_fail(c, "ptSlot.status == EXCEPTION_NONE && pte_ptr_get_present(ptSlot.ptSlot)", capdl_c,
               "_cap_frame_print_attrs_vptr");
}

static void print_asid(struct capdl *c, word_t asid)
{
    if (asid) {
        capdl_say(c, " (asid: %" PRIu64 ")\n", asid);
    } else {
        capdl_say(c, "\n");
    }
}

/* A page table or directory, by the entry that it is mapped in: 0 when the way there is gone. */
static void print_table_cap(struct capdl *c, struct cap cap, enum table_level level)
{
    word_t vaddr = cap_table_address(cap), asid = cap_table_asid(cap);
    paddr_t pml4 = asid_find(c->w, asid), at = 0;
    if (!pml4) {
        capdl_fault(c, index_of(vaddr, LEVEL_PML4) * sizeof(word_t));
        return;
    }
    bool found = vspace_lookup(c->w, pml4, vaddr, level, &at).type == LOOKUP_OK;
    word_t pointer = found ? kernel_pointer(at) : 0;
    capdl_say(c, "%s_" CAPDL_P "_%04" PRIu64, table_word[level], CAPDL_PTR(pointer),
              index_of(vaddr, level));
    print_asid(c, asid);
}

/* Its entry is only pointed to, not read: even in an address space that is gone. */
static void print_pdpt_cap(struct capdl *c, struct cap cap)
{
    word_t index = index_of(cap_table_address(cap), LEVEL_PML4), asid = cap_table_asid(cap);
    paddr_t pml4 = asid_find(c->w, asid);
    word_t pointer = (pml4 ? kernel_pointer(pml4) : 0) + index * sizeof(word_t);
    capdl_say(c, "pdpt_" CAPDL_P "_%04" PRIu64, CAPDL_PTR(pointer), index);
    print_asid(c, asid);
}

void capdl_cap_of_vspace(struct capdl *c, struct cap cap)
{
    paddr_t pml4;
    switch (cap_type(cap)) {
    case CAP_PAGE_TABLE: print_table_cap(c, cap, LEVEL_PD); break;
    case CAP_PAGE_DIRECTORY: print_table_cap(c, cap, LEVEL_PDPT); break;
    case CAP_PDPT: print_pdpt_cap(c, cap); break;
    case CAP_PML4:
        pml4 = asid_find(c->w, cap_pml4_asid(cap));
        capdl_say(c, CAPDL_P "_pd", CAPDL_PTR(pml4 ? kernel_pointer(pml4) : 0));
        print_asid(c, cap_pml4_asid(cap));
        break;
    default:
        pml4 = asid_find(c->w, cap_frame_asid(cap));
        if (pml4) {
            capdl_frame_at(c, pml4, cap_frame_address(cap));
        } else {
            capdl_fail(c, "find_ret.status == EXCEPTION_NONE", capdl_c, "print_cap_arch");
        }
        break;
    }
}
