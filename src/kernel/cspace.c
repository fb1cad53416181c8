/* SPDX-License-Identifier: BSD-2-Clause */
/* How a CPtr becomes a slot: from a CNode capability level by level, guard
 * first, then the bits that index the table, until the bits are used up or a
 * slot holds no CNode.
 *
 * seL4: src/kernel/cspace.c. One function resolves a level; the lookups that
 * the kernel does tell each level in an event, those for drawing keep it. */
#include "kernel/internal.h"

enum { WORD_BITS = 64 };

/* A walk: `level` is the one to resolve next, until `done`. */
struct walk {
    struct lookup_level level;
    struct lookup_failure failure;
    paddr_t slot;     /* reached by the last level */
    word_t bits_left; /* behind it */
    bool done;
};

/* The `count` highest of the lowest `bits` bits of a CPtr. */
static word_t cptr_bits(word_t cptr, word_t bits, word_t count)
{
    return cptr >> ((bits - count) & (WORD_BITS - 1)) & CAP_MASK(count);
}

static struct lookup_failure level_resolve(struct lookup_level *level, word_t cptr)
{
    word_t bits = level->bits_left;
    word_t guard = cap_cnode_guard(level->cnode), guard_size = cap_cnode_guard_size(level->cnode);
    word_t radix = cap_cnode_radix(level->cnode);
    INVARIANT(radix + guard_size != 0); /* else a walk would not end */

    level->guard_bits = cptr_bits(cptr, bits, guard_size);
    level->guard_fits = guard_size <= bits && level->guard_bits == guard;
    level->slot = 0;
    if (!level->guard_fits)
        return (struct lookup_failure){ LOOKUP_GUARD_MISMATCH, bits, guard_size, guard };
    if (guard_size + radix > bits)
        return (struct lookup_failure){ LOOKUP_DEPTH_MISMATCH, bits, guard_size + radix, 0 };

    level->index = cptr_bits(cptr, bits - guard_size, radix);
    level->slot = cap_cnode_object(level->cnode) + (level->index << SLOT_BITS);
    return (struct lookup_failure){ LOOKUP_OK, 0, 0, 0 };
}

static struct walk walk_begin(struct cap root, word_t bits)
{
    struct walk walk = { .level = { .cnode = root, .bits_left = bits }, .bits_left = bits };
    if (cap_type(root) != CAP_CNODE) {
        walk.failure.type = LOOKUP_INVALID_ROOT;
        walk.done = true;
    }
    return walk;
}

/* Resolves the level. It is there to be seen until walk_on(). */
static void walk_step(const struct world *w, struct walk *walk, word_t cptr)
{
    const struct lookup_level *level = &walk->level;
    walk->failure = level_resolve(&walk->level, cptr);
    walk->slot = level->slot;
    walk->done = walk->failure.type != LOOKUP_OK;
    if (walk->done) return;

    struct cap cnode = level->cnode;
    walk->bits_left = level->bits_left - cap_cnode_guard_size(cnode) - cap_cnode_radix(cnode);
    walk->done = walk->bits_left == 0 || cap_type(cte_at(w, level->slot)->cap) != CAP_CNODE;
}

/* Sets out for the next level, if there is one. */
static void walk_on(const struct world *w, struct walk *walk)
{
    if (walk->done) return;
    walk->level = (struct lookup_level){ .cnode_slot = walk->slot,
                                         .cnode = cte_at(w, walk->slot)->cap,
                                         .bits_left = walk->bits_left };
}

static void level_tell(const struct world *w, paddr_t thread, const struct lookup_level *level)
{
    event_emit(w, EVENT_LOOKUP_LEVEL, thread, level->cnode_slot, level->bits_left,
               cap_cnode_guard(level->cnode), cap_cnode_guard_size(level->cnode),
               cap_cnode_radix(level->cnode), level->index, level->slot);
}

/* resolveAddressBits, told in the name of `thread`. */
static struct resolved resolve(const struct world *w, paddr_t thread, paddr_t root_slot,
                               struct cap root, word_t cptr, word_t bits)
{
    event_emit(w, EVENT_LOOKUP, thread, cptr, bits, root_slot);
    struct walk walk = walk_begin(root, bits);
    walk.level.cnode_slot = root_slot;
    for (; !walk.done; walk_on(w, &walk)) {
        walk_step(w, &walk, cptr);
        level_tell(w, thread, &walk.level);
    }
    if (walk.failure.type != LOOKUP_OK)
        event_emit(w, EVENT_LOOKUP_FAILED, thread, walk.failure.type, walk.failure.bits_left,
                   walk.failure.bits_found, walk.failure.guard_found);
    return (struct resolved){ walk.failure, walk.slot, walk.bits_left };
}

struct resolved resolve_address_bits(const struct world *w, struct cap root, word_t cptr,
                                     word_t bits)
{
    return resolve(w, kernel_at(w)->current, 0, root, cptr, bits);
}

struct lookup_failure lookup_slot(const struct world *w, paddr_t tcb, word_t cptr, paddr_t *slot)
{
    paddr_t root = tcb_slot(tcb, TCB_CTABLE);
    struct resolved r = resolve(w, tcb, root, cte_at(w, root)->cap, cptr, WORD_BITS);
    *slot = r.slot;
    return r.failure;
}

struct lookup_failure lookup_cap(const struct world *w, paddr_t tcb, word_t cptr, struct cap *cap,
                                 paddr_t *slot)
{
    paddr_t found;
    struct lookup_failure failure = lookup_slot(w, tcb, cptr, &found);
    *cap = failure.type == LOOKUP_OK ? cte_at(w, found)->cap : cap_new(CAP_NULL);
    if (slot) *slot = found;
    return failure;
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
    struct cap root = cte_at(w, tcb_slot(tcb, TCB_CTABLE))->cap;
    struct walk walk = walk_begin(root, WORD_BITS);
    for (; !walk.done; walk_on(w, &walk)) walk_step(w, &walk, cptr);
    *slot = walk.slot;
    return walk.failure;
}

unsigned kernel_lookup_levels(const struct world *w, struct cap root, word_t cptr, unsigned depth,
                              struct lookup_level level[LOOKUP_LEVELS_MAX],
                              struct lookup_failure *failure)
{
    unsigned count = 0;
    struct walk walk = walk_begin(root, depth);
    for (; !walk.done && count < LOOKUP_LEVELS_MAX; walk_on(w, &walk)) {
        walk_step(w, &walk, cptr);
        level[count++] = walk.level;
    }
    *failure = walk.failure;
    if (walk.failure.type == LOOKUP_OK) failure->bits_left = walk.bits_left;
    return count;
}
