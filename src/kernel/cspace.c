/* SPDX-License-Identifier: BSD-2-Clause */
/* How a CPtr becomes a slot: from a CNode capability level by level, guard
 * first, then the bits that index the table, until the bits are used up or a
 * slot holds no CNode.
 *
 * seL4: src/kernel/cspace.c. A level is resolved in one place; the lookups that
 * the kernel does tell each level in an event, those for drawing keep it. */
#include "kernel/internal.h"

enum { WORD_BITS = 64 };

/* The `count` highest of the lowest `bits` bits of a CPtr. */
static inline word_t cptr_bits(word_t cptr, word_t bits, word_t count)
{
    return cptr >> ((bits - count) & (WORD_BITS - 1)) & CAP_MASK(count);
}

static inline word_t level_bits(struct cap cnode)
{
    word_t bits = cap_cnode_guard_size(cnode) + cap_cnode_radix(cnode);
    INVARIANT(bits != 0); /* else a walk would not end */
    return bits;
}

/* A level: a CNode, and how many bits of the CPtr are left for it and those below. */
static inline bool guard_fits(struct cap cnode, word_t bits, word_t cptr)
{
    word_t size = cap_cnode_guard_size(cnode);
    return size <= bits && cptr_bits(cptr, bits, size) == cap_cnode_guard(cnode);
}

static inline word_t level_index(struct cap cnode, word_t bits, word_t cptr)
{
    return cptr_bits(cptr, bits - cap_cnode_guard_size(cnode), cap_cnode_radix(cnode));
}

/* The slot that a level leads to; 0 when it fails. */
static inline paddr_t level_slot(struct cap cnode, word_t bits, word_t cptr)
{
    if (!guard_fits(cnode, bits, cptr) || level_bits(cnode) > bits) return 0;
    return cap_cnode_object(cnode) + (level_index(cnode, bits, cptr) << SLOT_BITS);
}

/* Why it does. */
static struct lookup_failure level_failure(struct cap cnode, word_t bits, word_t cptr)
{
    word_t guard = cap_cnode_guard(cnode), guard_size = cap_cnode_guard_size(cnode);
    if (cap_type(cnode) != CAP_CNODE) return (struct lookup_failure){ .type = LOOKUP_INVALID_ROOT };
    if (!guard_fits(cnode, bits, cptr))
        return (struct lookup_failure){ LOOKUP_GUARD_MISMATCH, bits, guard_size, guard };
    return (struct lookup_failure){ LOOKUP_DEPTH_MISMATCH, bits, level_bits(cnode), 0 };
}

/* As it is told and drawn. */
static struct lookup_level level_shown(struct cap cnode, paddr_t cnode_slot, word_t bits,
                                       word_t cptr)
{
    struct lookup_level shown = { .cnode_slot = cnode_slot, .cnode = cnode, .bits_left = bits };
    shown.guard_bits = cptr_bits(cptr, bits, cap_cnode_guard_size(cnode));
    shown.guard_fits = guard_fits(cnode, bits, cptr);
    shown.slot = level_slot(cnode, bits, cptr);
    if (shown.slot) shown.index = level_index(cnode, bits, cptr);
    return shown;
}

static __attribute__((cold)) void level_tell(const struct world *w, paddr_t thread,
                                             struct lookup_level level)
{
    event_emit(w, EVENT_LOOKUP_LEVEL, thread, level.cnode_slot, level.bits_left,
               cap_cnode_guard(level.cnode), cap_cnode_guard_size(level.cnode),
               cap_cnode_radix(level.cnode), level.index, level.slot);
}

static __attribute__((cold)) void failure_tell(const struct world *w, paddr_t thread,
                                               struct lookup_failure failure)
{
    event_emit(w, EVENT_LOOKUP_FAILED, thread, failure.type, failure.bits_left, failure.bits_found,
               failure.guard_found);
}

/* Where a walk begins, and where it has come to: `bits` are left. */
struct walk {
    paddr_t cnode_slot;
    struct cap cnode;
    word_t bits;
};

/* resolveAddressBits, told in the name of `thread`. The slot, or 0 and why. */
static inline paddr_t resolve(const struct world *w, paddr_t thread, struct walk *walk, word_t cptr,
                              struct lookup_failure *failure)
{
    paddr_t slot = 0, cnode_slot = walk->cnode_slot;
    struct cap cnode = walk->cnode;
    word_t bits = walk->bits;
    event_emit(w, EVENT_LOOKUP, thread, cptr, bits, cnode_slot);
    while (cap_type(cnode) == CAP_CNODE) {
        slot = level_slot(cnode, bits, cptr);
        if (event_is_heard(w, EVENT_LOOKUP_LEVEL))
            level_tell(w, thread, level_shown(cnode, cnode_slot, bits, cptr));
        if (!slot) break;
        bits -= level_bits(cnode);
        if (!bits) break;
        cnode_slot = slot;
        cnode = cte_at(w, slot)->cap;
    }
    walk->bits = bits;
    if (slot) return slot;
    *failure = level_failure(cnode, bits, cptr);
    failure_tell(w, thread, *failure);
    return 0;
}

struct resolved resolve_address_bits(const struct world *w, struct cap root, word_t cptr,
                                     word_t bits)
{
    struct walk walk = { 0, root, bits };
    struct resolved r = { .failure.type = LOOKUP_OK };
    r.slot = resolve(w, kernel_at(w)->current, &walk, cptr, &r.failure);
    r.bits_left = walk.bits;
    return r;
}

paddr_t lookup_slot(const struct world *w, paddr_t tcb, word_t cptr, struct lookup_failure *failure)
{
    paddr_t root = tcb_slot(tcb, TCB_CTABLE);
    struct walk walk = { root, cte_at(w, root)->cap, WORD_BITS };
    return resolve(w, tcb, &walk, cptr, failure);
}

static struct refusal refuse_lookup(bool is_source, struct lookup_failure failure)
{
    return (struct refusal){ .error = SEL4_FailedLookup, .word = { is_source }, .lookup = failure };
}

struct refusal lookup_slot_for_cnode_op(const struct world *w, bool is_source, struct cap root,
                                        word_t cptr, word_t depth, paddr_t *slot)
{
    *slot = 0;
    if (cap_type(root) != CAP_CNODE)
        return refuse_lookup(is_source, (struct lookup_failure){ .type = LOOKUP_INVALID_ROOT });
    if (depth < 1 || depth > WORD_BITS)
        return (struct refusal){ .error = SEL4_RangeError, .word = { 1, WORD_BITS } };

    struct resolved r = resolve_address_bits(w, root, cptr, depth);
    if (r.failure.type != LOOKUP_OK) return refuse_lookup(is_source, r.failure);
    if (r.bits_left != 0)
        return refuse_lookup(is_source, (struct lookup_failure){ .type = LOOKUP_DEPTH_MISMATCH,
                                                                 .bits_left = r.bits_left });
    *slot = r.slot;
    return (struct refusal){ .error = SEL4_NoError };
}

/* seL4: src/api/faults.c setMRs_lookup_failure. */
unsigned lookup_failure_words(struct lookup_failure failure, word_t word[4])
{
    word[0] = failure.type;
    word[1] = failure.bits_left;
    switch (failure.type) {
    case LOOKUP_MISSING_CAPABILITY: return 2;
    case LOOKUP_DEPTH_MISMATCH: word[2] = failure.bits_found; return 3;
    case LOOKUP_GUARD_MISMATCH:
        word[2] = failure.guard_found;
        word[3] = failure.bits_found;
        return 4;
    default: return 1;
    }
}

struct lookup_failure kernel_lookup_slot(const struct world *w, paddr_t tcb, word_t cptr,
                                         paddr_t *slot)
{
    struct world deaf = *w;
    struct lookup_failure failure = { .type = LOOKUP_OK };
    deaf.hear = NULL;
    *slot = lookup_slot(&deaf, tcb, cptr, &failure);
    return failure;
}

unsigned kernel_lookup_levels(const struct world *w, struct cap root, word_t cptr, unsigned depth,
                              struct lookup_level shown[LOOKUP_LEVELS_MAX],
                              struct lookup_failure *failure)
{
    struct cap cnode = root;
    word_t bits = depth;
    unsigned count = 0;
    paddr_t slot = 0;
    while (cap_type(cnode) == CAP_CNODE && count < LOOKUP_LEVELS_MAX) {
        shown[count] = level_shown(cnode, slot, bits, cptr);
        slot = shown[count++].slot;
        if (!slot) break;
        bits -= level_bits(cnode);
        if (!bits) break;
        cnode = cte_at(w, slot)->cap;
    }
    *failure = slot ? (struct lookup_failure){ .type = LOOKUP_OK, .bits_left = bits }
                    : level_failure(cnode, bits, cptr);
    return count;
}
