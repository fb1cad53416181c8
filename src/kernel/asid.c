/* SPDX-License-Identifier: BSD-2-Clause */
/* Address space identifiers: the table of pools, X86_ASIDControl_MakePool and X86_ASIDPool_Assign.
 * An address space can be used only while the identifier in its capability leads back to it.
 * seL4: src/arch/x86/kernel/vspace.c (decodeX86MMUInvocation, deleteASID, findVSpaceForASID). */
#include <string.h>

#include "kernel/vspace.h"

enum { ASID_POOL_BITS = 12, MAP_IS_VSPACE = 1 };

static const char where[] = "decodeX86MMUInvocation";

void asid_install(struct world *w, word_t base, paddr_t pool)
{
    KERNEL_EDIT(w, asid_table)[base >> ASID_LOW_BITS] = pool;
}

void asid_assign(struct world *w, paddr_t pool, word_t asid, paddr_t pml4)
{
    memory_set_word(w, pool_entry(pool, asid), pml4 | MAP_IS_VSPACE);
}

void asid_delete(struct world *w, word_t asid, paddr_t pml4)
{
    if (asid_find(w, asid) != pml4) return;
    memory_set_word(w, pool_entry(kernel_at(w)->asid_table[asid >> ASID_LOW_BITS], asid), 0);
    vspace_switch_to(w, kernel_at(w)->current);
}

void asid_pool_delete(struct world *w, word_t base, paddr_t pool)
{
    if (kernel_at(w)->asid_table[base >> ASID_LOW_BITS] != pool) return;
    asid_install(w, base, 0);
    vspace_switch_to(w, kernel_at(w)->current);
}

static enum progress asid_make_pool(struct world *w, const struct invocation *i)
{
    paddr_t parent = i->slot[0], pool = i->target;
    struct cap untyped = cte_at(w, parent)->cap, cap = cap_new(CAP_ASID_POOL);
    cap_untyped_set_free_index(&untyped, UINT64_C(1) << (ASID_POOL_BITS - 4));
    slot_set_cap(w, parent, untyped);
    memset(memory_edit(w, pool, 1 << ASID_POOL_BITS), 0, 1 << ASID_POOL_BITS);
    cap_asid_pool_set_object(&cap, pool);
    cap_asid_pool_set_base(&cap, i->arg[0]);
    slot_insert(w, cap, parent, i->slot[1]);
    asid_install(w, i->arg[0], pool);
    return PROGRESS_DONE;
}

static word_t first_free_pool(const struct world *w)
{
    word_t i = 0;
    while (i < ASID_HIGH_COUNT && kernel_at(w)->asid_table[i]) i++;
    return i;
}

struct decoded decode_x86_asid_control_make_pool(const struct world *w,
                                                 const struct call_message *m)
{
    if (m->length < 2 || !m->extra_slot[0] || !m->extra_slot[1])
        return refuse(SEL4_TruncatedMessage, where, NULL);
    word_t pool = first_free_pool(w);
    if (pool == ASID_HIGH_COUNT)
        return refuse(SEL4_DeleteFirst, where, "ASIDControlMakePool: No unallocated pools found.");
    struct cap untyped = m->extra[0];
    if (cap_type(untyped) != CAP_UNTYPED || cap_untyped_size_bits(untyped) != ASID_POOL_BITS ||
        cap_untyped_is_device(untyped))
        return refuse_with((struct refusal){ .error = SEL4_InvalidCapability, .word[0] = 1 });
    if (slot_has_children(w, m->extra_slot[0])) return refuse(SEL4_RevokeFirst, where, NULL);

    paddr_t slot;
    struct refusal r = lookup_slot_for_cnode_op(w, false, m->extra[1], message_word(w, m, 0),
                                                message_word(w, m, 1), &slot);
    if (r.error) return refuse_with(r);
    if (cap_type(cte_at(w, slot)->cap) != CAP_NULL) return refuse(SEL4_DeleteFirst, where, NULL);
    return accept((struct invocation){
        .invoke = asid_make_pool,
        .target = cap_object(untyped),
        .slot = { m->extra_slot[0], slot },
        .arg[0] = pool << ASID_LOW_BITS,
    });
}

static enum progress asid_pool_assign(struct world *w, const struct invocation *i)
{
    struct cap vspace = cte_at(w, i->slot[0])->cap;
    cap_pml4_set_asid(&vspace, i->arg[0]);
    cap_pml4_set_is_mapped(&vspace, 1);
    slot_set_cap(w, i->slot[0], vspace);
    asid_assign(w, i->target, i->arg[0], cap_object(vspace));
    return PROGRESS_DONE;
}

/* The first identifier of a pool that is free; number 0 is never given out. */
static word_t first_free_asid(const struct world *w, paddr_t pool, word_t base)
{
    word_t i = 0, count = UINT64_C(1) << ASID_LOW_BITS;
    while (i < count && (base + i == 0 || memory_word(w, pool_entry(pool, i)))) i++;
    return i;
}

struct decoded decode_x86_asid_pool_assign(const struct world *w, const struct call_message *m)
{
    if (!m->extra_slot[0]) return refuse(SEL4_TruncatedMessage, where, NULL);
    struct cap vspace = m->extra[0];
    if (cap_type(vspace) != CAP_PML4 || cap_pml4_asid(vspace)) {
        struct decoded d =
            refuse(SEL4_InvalidCapability, where, "X86ASIDPool: Invalid vspace root.");
        d.refusal.word[0] = 1;
        return d;
    }
    word_t base = cap_asid_pool_base(m->cap);
    paddr_t pool = kernel_at(w)->asid_table[base >> ASID_LOW_BITS];
    if (!pool)
        return refuse_with(
            (struct refusal){ .error = SEL4_FailedLookup, .lookup.type = LOOKUP_INVALID_ROOT });
    if (pool != cap_object(m->cap)) return refuse(SEL4_InvalidCapability, where, NULL);
    word_t free = first_free_asid(w, pool, base);
    if (free >> ASID_LOW_BITS) return refuse(SEL4_DeleteFirst, where, NULL);
    return accept((struct invocation){
        .invoke = asid_pool_assign,
        .target = pool,
        .slot[0] = m->extra_slot[0],
        .arg[0] = base + free,
    });
}
