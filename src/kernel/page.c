/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations of frames: X86_Page_Map, _Unmap, _GetAddress.
 * seL4: src/arch/x86/kernel/vspace.c decodeX86FrameInvocation and what it performs. */
#include "kernel/vspace.h"

static const char where[] = "decodeX86FrameInvocation";

enum { MAP_VADDR, MAP_ENTRY, MAP_LEVEL };

static enum progress page_map(struct world *w, const struct invocation *i)
{
    slot_set_cap(w, i->target, i->cap[0]);
    entry_map(w, i->slot[0], i->arg[MAP_ENTRY], i->arg[MAP_VADDR],
              (enum table_level)i->arg[MAP_LEVEL]);
    return PROGRESS_DONE;
}

/* A frame that is mapped may be mapped again where it is, with other rights, and nowhere else. */
static struct refusal check_place(struct cap frame, word_t vaddr, word_t asid)
{
    struct refusal r = { .error = SEL4_NoError };
    if (!cap_frame_is_mapped(frame)) {
        word_t top = vaddr + (UINT64_C(1) << frame_size_bits(frame));
        if (vaddr <= USER_TOP && top <= USER_TOP) return r;
        return (struct refusal){ .error = SEL4_InvalidArgument,
                                 .where = where,
                                 .text = "X86Frame: Mapping address too high." };
    }
    if (cap_frame_asid(frame) != asid)
        return (struct refusal){ .error = SEL4_InvalidCapability, .word[0] = 1 };
    if (cap_frame_address(frame) == vaddr) return r;
    return (struct refusal){ .error = SEL4_InvalidArgument,
                             .where = where,
                             .text = "X86Frame: Attempting to map frame into multiple addresses" };
}

/* seL4: createSafeMappingEntries_PTE, _PDE, _PDPTE. A small page replaces whatever was mapped there;
 * a large one does not replace a table. */
static struct refusal find_entry(const struct world *w, paddr_t pml4, word_t vaddr,
                                 enum table_level level, paddr_t *entry)
{
    struct lookup_failure failure = vspace_lookup(w, pml4, vaddr, level, entry);
    if (failure.type != LOOKUP_OK)
        return (struct refusal){ .error = SEL4_FailedLookup, .lookup = failure };
    word_t present = memory_word(w, *entry);
    if (present & ENTRY_PRESENT && !entry_is_page(present, level))
        return (struct refusal){ .error = SEL4_DeleteFirst };
    return (struct refusal){ .error = SEL4_NoError };
}

struct decoded decode_x86_page_map(const struct world *w, const struct call_message *m)
{
    if (m->length < 3 || !m->extra_slot[0]) return refuse(SEL4_TruncatedMessage, where, NULL);
    word_t vaddr = message_word(w, m, 0), rights = message_word(w, m, 1),
           attributes = message_word(w, m, 2);
    struct cap frame = m->cap, vspace = m->extra[0];
    if (!cap_is_valid_vtable_root(vspace)) {
        struct decoded d =
            refuse(SEL4_InvalidCapability, where,
                   "X86FrameMap: Attempting to map frame into invalid page directory cap.");
        d.refusal.word[0] = 1;
        return d;
    }
    struct refusal r = check_place(frame, vaddr, cap_pml4_asid(vspace));
    if (!r.error) r = asid_check_vspace(w, vspace);
    if (r.error) return refuse_with(r);

    enum vm_rights have = (enum vm_rights)cap_frame_vm_rights(frame);
    frame_rights_print(w, frame, rights);
    if (vaddr & CAP_MASK(frame_size_bits(frame))) return refuse(SEL4_AlignmentError, where, NULL);
    enum table_level level = frame_level(frame);
    paddr_t entry;
    r = find_entry(w, cap_object(vspace), vaddr, level, &entry);
    if (r.error) return refuse_with(r);

    cap_frame_set_is_mapped(&frame, 1);
    cap_frame_set_asid(&frame, cap_pml4_asid(vspace));
    cap_frame_set_address(&frame, vaddr);
    word_t value =
        entry_for_page(cap_object(frame), level, attributes, vm_rights_mask(have, rights));
    return accept((struct invocation){
        .invoke = page_map,
        .target = m->slot,
        .slot[0] = entry,
        .cap[0] = frame,
        .arg = { [MAP_VADDR] = vaddr, [MAP_ENTRY] = value, [MAP_LEVEL] = level },
    });
}

static enum progress page_unmap(struct world *w, const struct invocation *i)
{
    struct cap frame = cte_at(w, i->target)->cap;
    if (!cap_frame_is_mapped(frame)) return PROGRESS_DONE;
    vspace_unmap(w, cap_frame_asid(frame), cap_frame_address(frame), frame_level(frame), true,
                 cap_object(frame));
    cap_frame_set_address(&frame, 0);
    cap_frame_set_asid(&frame, 0);
    cap_frame_set_is_mapped(&frame, 0);
    slot_set_cap(w, i->target, frame);
    return PROGRESS_DONE;
}

struct decoded decode_x86_page_unmap(const struct world *w, const struct call_message *m)
{
    (void)w;
    return accept((struct invocation){ .invoke = page_unmap, .target = m->slot });
}

static enum progress page_get_address(struct world *w, const struct invocation *i)
{
    reply_words(w, i, &i->target, 1);
    return PROGRESS_REPLIED;
}

struct decoded decode_x86_page_get_address(const struct world *w, const struct call_message *m)
{
    (void)w;
    return accept((struct invocation){ .invoke = page_get_address, .target = cap_object(m->cap) });
}
