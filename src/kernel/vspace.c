/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces: the walk through page tables, their entries, what becomes of mappings when
 * capabilities are copied or deleted, and which tables the processor uses.
 * The real kernel has one copy of this for each level; the levels differ by a number, so here there is one.
 * No flushes: the core watches the pages that it read translations from.
 * seL4: src/arch/x86/64/kernel/vspace.c, src/arch/x86/kernel/vspace.c, src/arch/x86/object/objecttype.c. */
#include "kernel/vspace.h"

#include <inttypes.h>

/* Bits of seL4_X86_VMAttributes, and where they go in an entry. */
enum { ATTRIBUTE_PWT = 1, ATTRIBUTE_PCD = 2, ATTRIBUTE_PAT = 4 };
enum { ENTRY_PWT = 8, ENTRY_PAT = 128, ENTRY_LARGE_PAT = 4096 };

struct lookup_failure vspace_lookup(const struct world *w, paddr_t pml4, word_t vaddr,
                                    enum table_level level, paddr_t *entry)
{
    paddr_t table = pml4;
    for (unsigned at = LEVEL_PML4;; at--) {
        unsigned shift = level_shift((enum table_level)at);
        *entry = table + (vaddr >> shift) % TABLE_ENTRIES * sizeof(word_t);
        if (at == level) return (struct lookup_failure){ .type = LOOKUP_OK };
        word_t value = memory_word(w, *entry);
        if (!(value & ENTRY_PRESENT) || entry_is_page(value, (enum table_level)at))
            return (struct lookup_failure){ .type = LOOKUP_MISSING_CAPABILITY, .bits_left = shift };
        table = value & ENTRY_ADDRESS;
    }
}

static word_t entry_cache_bits(word_t attributes)
{
    return (attributes & ATTRIBUTE_PWT ? ENTRY_PWT : 0u) |
           (attributes & ATTRIBUTE_PCD ? ENTRY_PCD : 0u);
}

word_t entry_for_table(paddr_t table, word_t attributes)
{
    return table | entry_cache_bits(attributes) | ENTRY_USER | ENTRY_WRITE | ENTRY_PRESENT;
}

word_t entry_for_page(paddr_t frame, enum table_level level, word_t attributes,
                      enum vm_rights rights)
{
    word_t entry = frame | entry_cache_bits(attributes) | ENTRY_PRESENT;
    if (rights != VM_READ_ONLY) entry |= ENTRY_WRITE;
    if (rights != VM_KERNEL_ONLY) entry |= ENTRY_USER;
    if (level != LEVEL_PT) entry |= ENTRY_LARGE;
    if (attributes & ATTRIBUTE_PAT && level == LEVEL_PT) entry |= ENTRY_PAT;
    if (attributes & ATTRIBUTE_PAT && level == LEVEL_PD) entry |= ENTRY_LARGE_PAT;
    return entry;
}

paddr_t entry_target(word_t entry, enum table_level level)
{
    paddr_t target = entry & ENTRY_ADDRESS;
    if (entry_is_page(entry, level)) target &= ~CAP_MASK(level_shift(level));
    return target;
}

void entry_map(struct world *w, paddr_t at, word_t entry, word_t vaddr, enum table_level level)
{
    memory_set_word(w, at, entry);
    event_emit(w, EVENT_MAP, kernel_at(w)->current, vaddr, entry_target(entry, level), level);
}

static void entry_unmap(struct world *w, paddr_t at, word_t vaddr, enum table_level level)
{
    paddr_t was = entry_target(memory_word(w, at), level);
    memory_set_word(w, at, 0);
    event_emit(w, EVENT_UNMAP, kernel_at(w)->current, vaddr, was, level);
}

/* seL4: unmapPage, unmapPageTable, unmapPageDirectory, unmapPDPT. */
void vspace_unmap(struct world *w, word_t asid, word_t vaddr, enum table_level level, bool is_page,
                  paddr_t what)
{
    paddr_t pml4 = asid_find(w, asid), at;
    if (!pml4 || vspace_lookup(w, pml4, vaddr, level, &at).type != LOOKUP_OK) return;
    word_t entry = memory_word(w, at);
    if (!(entry & ENTRY_PRESENT) || entry_is_page(entry, level) != is_page) return;
    if (entry_target(entry, level) != what) return;
    entry_unmap(w, at, vaddr, level);
}

enum vm_rights vm_rights_mask(enum vm_rights have, word_t rights)
{
    if (!(rights & RIGHT_READ) || have == VM_KERNEL_ONLY) return VM_KERNEL_ONLY;
    return have == VM_READ_WRITE && rights & RIGHT_WRITE ? VM_READ_WRITE : VM_READ_ONLY;
}

/* What maskVMRights prints while it makes of "write only" a frame that is the kernel's alone. */
void frame_rights_print(const struct world *w, struct cap cap, word_t rights)
{
    if (cap_type(cap) == CAP_FRAME && cap_frame_vm_rights(cap) == VM_READ_WRITE &&
        (rights & (RIGHT_READ | RIGHT_WRITE)) == RIGHT_WRITE)
        user_error(w, "maskVMRights", "Attempted to make unsupported write only mapping");
}

struct cap frame_mask_rights(struct cap cap, word_t rights)
{
    cap_frame_set_vm_rights(&cap, vm_rights_mask((enum vm_rights)cap_frame_vm_rights(cap), rights));
    return cap;
}

bool cap_is_valid_vtable_root(struct cap cap)
{
    return cap_type(cap) == CAP_PML4 && cap_pml4_is_mapped(cap);
}

static paddr_t vtable_pml4(const struct world *w, struct cap vtable)
{
    if (!cap_is_valid_vtable_root(vtable)) return 0;
    paddr_t pml4 = cap_object(vtable);
    return asid_find(w, cap_pml4_asid(vtable)) == pml4 ? pml4 : 0;
}

struct refusal asid_check_vspace(const struct world *w, struct cap vspace)
{
    paddr_t pml4 = asid_find(w, cap_pml4_asid(vspace));
    if (!pml4)
        return (struct refusal){ .error = SEL4_FailedLookup, .lookup.type = LOOKUP_INVALID_ROOT };
    if (pml4 != cap_object(vspace))
        return (struct refusal){ .error = SEL4_InvalidCapability, .word[0] = 1 };
    return (struct refusal){ .error = SEL4_NoError };
}

void vspace_switch_to(struct world *w, paddr_t tcb)
{
    paddr_t pml4 = vtable_pml4(w, cte_at(w, tcb_slot(tcb, TCB_VTABLE))->cap);
    if (!pml4) pml4 = KERNEL_VSPACE;
    if (cpu_at(w)->cr3 != pml4) cpu_edit_but_fpu(w)->cr3 = pml4;
}

bool vspace_translate(const struct world *w, struct cap vtable, word_t vaddr, paddr_t *out)
{
    if (cap_type(vtable) != CAP_PML4 || !address_is_canonical(vaddr)) return false;
    for (unsigned level = LEVEL_PDPT; level >= LEVEL_PT; level--) {
        paddr_t at;
        if (vspace_lookup(w, cap_object(vtable), vaddr, (enum table_level)level, &at).type !=
            LOOKUP_OK)
            return false;
        word_t entry = memory_word(w, at);
        if (!(entry & ENTRY_PRESENT)) return false;
        if (!entry_is_page(entry, (enum table_level)level)) continue;
        *out = entry_target(entry, (enum table_level)level) |
               (vaddr & CAP_MASK(level_shift((enum table_level)level)));
        return memory_holds(w, *out, 1);
    }
    return false;
}

bool kernel_translate(const struct world *w, paddr_t tcb, word_t vaddr, paddr_t *out)
{
    struct cap vtable = cte_at(w, tcb_slot(tcb, TCB_VTABLE))->cap;
    return cap_type(vtable) == CAP_PML4 && vspace_translate(w, vtable, vaddr, out);
}

struct cap vspace_finalise(struct world *w, struct cap cap, bool final)
{
    switch (cap_type(cap)) {
    case CAP_FRAME: /* each capability to a frame has a mapping of its own, which goes with it */
        if (cap_frame_is_mapped(cap))
            vspace_unmap(w, cap_frame_asid(cap), cap_frame_address(cap), frame_level(cap), true,
                         cap_object(cap));
        break;
    case CAP_PAGE_TABLE:
    case CAP_PAGE_DIRECTORY:
    case CAP_PDPT:
        if (final && cap_table_is_mapped(cap)) {
            enum table_level level = cap_type(cap) == CAP_PAGE_TABLE       ? LEVEL_PD
                                     : cap_type(cap) == CAP_PAGE_DIRECTORY ? LEVEL_PDPT
                                                                           : LEVEL_PML4;
            vspace_unmap(w, cap_table_asid(cap), cap_table_address(cap), level, false,
                         cap_object(cap));
        }
        break;
    case CAP_PML4:
        if (final && cap_pml4_is_mapped(cap)) asid_delete(w, cap_pml4_asid(cap), cap_object(cap));
        break;
    case CAP_ASID_POOL:
        if (final) asid_pool_delete(w, cap_asid_pool_base(cap), cap_object(cap));
        break;
    default: break;
    }
    return cap_new(CAP_NULL);
}

static struct refusal derive_mapped(bool is_mapped, const char *where, const char *text)
{
    if (is_mapped) return (struct refusal){ .error = SEL4_NoError };
    return (struct refusal){ .error = SEL4_IllegalOperation, .where = where, .text = text };
}

static struct refusal derive_check(struct cap cap)
{
    switch (cap_type(cap)) {
    case CAP_PAGE_TABLE:
        return derive_mapped(cap_table_is_mapped(cap), "Arch_deriveCap",
                             "Deriving an unmapped PT cap");
    case CAP_PAGE_DIRECTORY:
        return derive_mapped(cap_table_is_mapped(cap), "Arch_deriveCap",
                             "Deriving a PD cap without an assigned ASID");
    case CAP_PDPT:
        return derive_mapped(cap_table_is_mapped(cap), "Mode_deriveCap",
                             "Deriving an unmapped PTPD cap");
    case CAP_PML4:
        return derive_mapped(cap_pml4_is_mapped(cap), "Mode_deriveCap",
                             "Deriving a PML4 cap without an assigned ASID");
    default: return (struct refusal){ .error = SEL4_NoError };
    }
}

struct refusal vspace_derive(const struct world *w, paddr_t slot, struct cap cap, struct cap *out)
{
    (void)w, (void)slot;
    struct refusal r = derive_check(cap);
    *out = r.error || cap_type(cap) == CAP_IO_PORT_CONTROL ? cap_new(CAP_NULL) : cap;
    if (cap_type(cap) == CAP_FRAME) { /* the copy is a capability to the same frame, not mapped */
        cap_frame_set_is_mapped(out, 0);
        cap_frame_set_asid(out, 0);
        cap_frame_set_address(out, 0);
    }
    return r;
}

/* The memory of tables is zero. SIMPLIFIED: a PML4 has no entries for the kernel's half: user code
 * sees the same faults there. */
struct cap vspace_create(struct world *w, const struct object_desc *type, paddr_t at,
                         bool is_device)
{
    (void)w;
    struct cap cap = cap_new(type->cap);
    cap.word[0] |= at & CAP_MASK(48);
    if (type->cap == CAP_FRAME) {
        cap_frame_set_size(&cap, (type->size_bits - PAGE_BITS) / 9);
        cap_frame_set_vm_rights(&cap, VM_READ_WRITE);
        cap_frame_set_is_device(&cap, is_device);
    }
    return cap;
}

/* seL4: checkValidIPCBuffer. */
struct refusal cap_check_ipc_buffer(word_t vaddr, struct cap frame)
{
    static const char where[] = "checkValidIPCBuffer";
    if (cap_type(frame) != CAP_FRAME)
        return (struct refusal){ .error = SEL4_IllegalOperation,
                                 .where = where,
                                 .text = "IPC Buffer is an invalid cap." };
    if (cap_frame_is_device(frame))
        return (struct refusal){
            .error = SEL4_IllegalOperation,
            .where = where,
            .text = "Specifying a device frame as an IPC buffer is not permitted."
        };
    if (vaddr % 1024)
        return (struct refusal){ .error = SEL4_AlignmentError,
                                 .where = where,
                                 .text = "IPC Buffer vaddr 0x%" PRIx64 " is not aligned.",
                                 .text_word[0] = (uint32_t)vaddr };
    return (struct refusal){ .error = SEL4_NoError };
}
