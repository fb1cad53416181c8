/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations of paging structures: Map and Unmap of page tables, page directories and PDPTs.
 * seL4: decodeX86PageTableInvocation (src/arch/x86/kernel/vspace.c), decodeX64PageDirectoryInvocation
 * and decodeX64PDPTInvocation (src/arch/x86/64/kernel/vspace.c): the same three times. */
#include "kernel/vspace.h"

#include <string.h>

/* What differs between them. `level`: whose entries point to such a table. */
struct table_kind {
    enum table_level level;
    const char *where, *truncated, *mapped, *too_high, *shared;
};

/* clang-format off */
static const struct table_kind page_table = {
    LEVEL_PD, "decodeX86PageTableInvocation",
    "X86PageTable: Truncated message.",
    "X86PageTable: Page table is already mapped to a page directory.",
    "X86PageTable: Mapping address too high.",
    "X86PageTable: Cannot unmap if more than one cap exists.",
};
static const struct table_kind page_directory = {
    LEVEL_PDPT, "decodeX64PageDirectoryInvocation",
    "X64PageDirectory: Truncated message.",
    "X64PageDirectory: PD is already mapped to a PML4.",
    "X64PageDirectory: Mapping address too high.",
    "X86PageDirectory: Cannot unmap if more than one cap exist.",
};
static const struct table_kind pdpt = {
    LEVEL_PML4, "decodeX64PDPTInvocation",
    "X64PDPT: Truncated message.",
    "X64PDPT: PDPT is already mapped to a PML4.",
    "X64PDPT: Mapping address too high.",
    "X86PDPT: Cannot unmap if more than one cap exist.",
};
/* clang-format on */

enum { ARG_VADDR, ARG_ENTRY, ARG_LEVEL };

static enum progress table_map(struct world *w, const struct invocation *i)
{
    slot_set_cap(w, i->target, i->cap[0]);
    entry_map(w, i->slot[0], i->arg[ARG_ENTRY], i->arg[ARG_VADDR],
              (enum table_level)i->arg[ARG_LEVEL]);
    return PROGRESS_DONE;
}

static struct decoded decode_map(const struct world *w, const struct call_message *m,
                                 const struct table_kind *kind)
{
    struct cap table = m->cap, vspace = m->extra[0];
    if (m->length < 2 || !m->extra_slot[0])
        return refuse(SEL4_TruncatedMessage, kind->where, kind->truncated);
    if (cap_table_is_mapped(table))
        return refuse(SEL4_InvalidCapability, kind->where, kind->mapped);
    word_t vaddr = message_word(w, m, 0) & ~CAP_MASK(level_shift(kind->level));
    if (!cap_is_valid_vtable_root(vspace))
        return refuse_with((struct refusal){ .error = SEL4_InvalidCapability, .word[0] = 1 });
    if (vaddr > USER_TOP) return refuse(SEL4_InvalidArgument, kind->where, kind->too_high);
    struct refusal r = asid_check_vspace(w, vspace);
    if (r.error) return refuse_with(r);

    paddr_t entry;
    struct lookup_failure failure =
        vspace_lookup(w, cap_object(vspace), vaddr, kind->level, &entry);
    if (failure.type != LOOKUP_OK)
        return refuse_with((struct refusal){ .error = SEL4_FailedLookup, .lookup = failure });
    if (memory_word(w, entry) & ENTRY_PRESENT) return refuse(SEL4_DeleteFirst, kind->where, NULL);

    cap_table_set_is_mapped(&table, 1);
    cap_table_set_asid(&table, cap_pml4_asid(vspace));
    cap_table_set_address(&table, vaddr);
    word_t value = entry_for_table(cap_object(table), message_word(w, m, 1));
    return accept((struct invocation){
        .invoke = table_map,
        .target = m->slot,
        .slot[0] = entry,
        .cap[0] = table,
        .arg = { [ARG_VADDR] = vaddr, [ARG_ENTRY] = value, [ARG_LEVEL] = kind->level },
    });
}

static enum progress table_unmap(struct world *w, const struct invocation *i)
{
    struct cap table = cte_at(w, i->target)->cap;
    if (!cap_table_is_mapped(table)) return PROGRESS_DONE;
    enum table_level level = (enum table_level)i->arg[ARG_LEVEL];
    vspace_unmap(w, cap_table_asid(table), cap_table_address(table), level, false,
                 cap_object(table));
    memset(memory_edit(w, cap_object(table), 1 << TABLE_BITS), 0, 1 << TABLE_BITS);
    cap_table_set_is_mapped(&table, 0);
    slot_set_cap(w, i->target, table);
    return PROGRESS_DONE;
}

static struct decoded decode_unmap(const struct world *w, const struct call_message *m,
                                   const struct table_kind *kind)
{
    if (!slot_is_final(w, m->slot)) return refuse(SEL4_RevokeFirst, kind->where, kind->shared);
    return accept((struct invocation){
        .invoke = table_unmap, .target = m->slot, .arg[ARG_LEVEL] = kind->level });
}

struct decoded decode_x86_page_table_map(const struct world *w, const struct call_message *m)
{
    return decode_map(w, m, &page_table);
}

struct decoded decode_x86_page_table_unmap(const struct world *w, const struct call_message *m)
{
    return decode_unmap(w, m, &page_table);
}

struct decoded decode_x86_page_directory_map(const struct world *w, const struct call_message *m)
{
    return decode_map(w, m, &page_directory);
}

struct decoded decode_x86_page_directory_unmap(const struct world *w, const struct call_message *m)
{
    return decode_unmap(w, m, &page_directory);
}

struct decoded decode_x86_pdpt_map(const struct world *w, const struct call_message *m)
{
    return decode_map(w, m, &pdpt);
}

struct decoded decode_x86_pdpt_unmap(const struct world *w, const struct call_message *m)
{
    return decode_unmap(w, m, &pdpt);
}
