/* SPDX-License-Identifier: BSD-2-Clause */
/* Slots and the derivation list that links them: insert, move, swap, delete,
 * revoke. The list is a tree in depth-first order; a slot's children follow it.
 *
 * seL4: src/object/cnode.c (cte*, emptySlot, finaliseSlot, reduceZombie,
 * isMDBParentOf). What is too long for one go stays behind as a zombie, whose
 * slots are cleared one by one with a preemption point after each. */
#include "kernel/internal.h"

void slot_set_cap(struct world *w, paddr_t slot, struct cap cap)
{
    cte_edit(w, slot)->cap = cap;
}

static struct cap slot_cap(const struct world *w, paddr_t slot)
{
    return cte_at(w, slot)->cap;
}

static void set_links(struct world *w, paddr_t slot, word_t previous, word_t next_and_flags)
{
    struct cte *s = cte_edit(w, slot);
    s->mdb_prev = previous;
    s->mdb_next = next_and_flags;
}

static void slot_write(struct world *w, paddr_t slot, struct cap cap, word_t previous,
                       word_t next_and_flags)
{
    *cte_edit(w, slot) =
        (struct cte){ .cap = cap, .mdb_prev = previous, .mdb_next = next_and_flags };
}

static void set_next(struct world *w, paddr_t slot, paddr_t next)
{
    if (!slot) return;
    struct cte *s = cte_edit(w, slot);
    s->mdb_next = next | (s->mdb_next & MDB_FLAGS);
}

static void set_previous(struct world *w, paddr_t slot, paddr_t previous)
{
    if (slot) cte_edit(w, slot)->mdb_prev = previous;
}

static bool slot_is_empty(const struct world *w, paddr_t slot)
{
    const struct cte *s = cte_at(w, slot);
    return cap_type(s->cap) == CAP_NULL && !s->mdb_prev && !cte_next(s);
}

/* Whose badge tells children from strangers; 0 for capabilities without one. */
static word_t cap_badge(struct cap cap)
{
    if (cap_type(cap) == CAP_ENDPOINT) return cap_endpoint_badge(cap);
    if (cap_type(cap) == CAP_NOTIFICATION) return cap_notification_badge(cap);
    return 0;
}

/* isMDBParentOf, for `b` behind `a` in the list. */
static bool slot_is_parent_of(const struct world *w, paddr_t a, paddr_t b)
{
    const struct cte *parent = cte_at(w, a), *child = cte_at(w, b);
    if (!cte_revocable(parent)) return false;
    if (!cap_same_region_as(parent->cap, child->cap)) return false;
    word_t badge = cap_badge(parent->cap);
    return badge == 0 || (badge == cap_badge(child->cap) && !cte_first_badged(child));
}

bool slot_has_children(const struct world *w, paddr_t slot)
{
    paddr_t next = cte_next(cte_at(w, slot));
    return next && slot_is_parent_of(w, slot, next);
}

bool kernel_slot_is_parent(const struct world *w, paddr_t parent, paddr_t child)
{
    return slot_is_parent_of(w, parent, child);
}

paddr_t kernel_slot_parent(const struct world *w, paddr_t slot)
{
    for (paddr_t at = cte_at(w, slot)->mdb_prev; at; at = cte_at(w, at)->mdb_prev)
        if (slot_is_parent_of(w, at, slot)) return at;
    return 0;
}

bool slot_is_final(const struct world *w, paddr_t slot)
{
    const struct cte *s = cte_at(w, slot);
    if (s->mdb_prev && cap_same_object_as(slot_cap(w, s->mdb_prev), s->cap)) return false;
    return !cte_next(s) || !cap_same_object_as(s->cap, slot_cap(w, cte_next(s)));
}

bool slot_deletes_long(const struct world *w, paddr_t slot)
{
    enum cap_type type = cap_type(slot_cap(w, slot));
    bool can = type == CAP_THREAD || type == CAP_ZOMBIE || type == CAP_CNODE;
    return can && slot_is_final(w, slot);
}

/* A copy of a whole untyped makes the original count as used up: its memory is the copy's now. */
static void set_untyped_full(struct world *w, paddr_t source, struct cap copy)
{
    struct cap cap = slot_cap(w, source);
    if (cap_type(cap) != CAP_UNTYPED || cap_type(copy) != CAP_UNTYPED) return;
    word_t bits = cap_untyped_size_bits(cap);
    if (cap_object(cap) != cap_object(copy) || bits != cap_untyped_size_bits(copy)) return;
    cap_untyped_set_free_index(&cap, (word_t)1 << (bits - UNTYPED_MIN_BITS));
    slot_set_cap(w, source, cap);
}

void slot_insert(struct world *w, struct cap cap, paddr_t source, paddr_t destination)
{
    INVARIANT(slot_is_empty(w, destination));
    paddr_t next = cte_next(cte_at(w, source));
    bool revocable = cap_is_revocable(cap, slot_cap(w, source));
    set_untyped_full(w, source, cap);
    slot_write(w, destination, cap, source, next | (revocable ? MDB_FLAGS : 0));
    set_next(w, source, destination);
    set_previous(w, next, destination);
    event_emit(w, EVENT_CAP_INSERT, kernel_at(w)->current, destination, source);
}

void slot_insert_new(struct world *w, paddr_t parent, paddr_t slot, struct cap cap)
{
    paddr_t next = cte_next(cte_at(w, parent));
    slot_write(w, slot, cap, parent, next | MDB_FLAGS);
    set_previous(w, next, slot);
    set_next(w, parent, slot);
}

void slot_write_initial(struct world *w, paddr_t slot, struct cap cap)
{
    slot_write(w, slot, cap, 0, MDB_FLAGS);
}

void slot_setup_reply_master(struct world *w, paddr_t tcb)
{
    paddr_t slot = tcb_slot(tcb, TCB_REPLY);
    if (cap_type(slot_cap(w, slot)) != CAP_NULL) return;
    struct cap master = cap_new(CAP_REPLY);
    cap_reply_set_object(&master, tcb);
    cap_reply_set_is_master(&master, true);
    cap_reply_set_can_grant(&master, true);
    slot_write_initial(w, slot, master);
}

void slot_move(struct world *w, struct cap cap, paddr_t source, paddr_t destination)
{
    INVARIANT(slot_is_empty(w, destination));
    struct cte was = *cte_at(w, source);
    slot_write(w, destination, cap, was.mdb_prev, was.mdb_next);
    slot_write(w, source, cap_new(CAP_NULL), 0, 0);
    set_next(w, was.mdb_prev, destination);
    set_previous(w, cte_next(&was), destination);
    event_emit(w, EVENT_CAP_MOVE, kernel_at(w)->current, destination, source);
}

/* The second pair of links is read after the first was rewritten: so it is right for neighbours, too. */
void slot_swap(struct world *w, struct cap a, paddr_t slot_a, struct cap b, paddr_t slot_b)
{
    slot_set_cap(w, slot_a, b);
    slot_set_cap(w, slot_b, a);

    struct cte was_a = *cte_at(w, slot_a);
    set_next(w, was_a.mdb_prev, slot_b);
    set_previous(w, cte_next(&was_a), slot_b);

    struct cte was_b = *cte_at(w, slot_b);
    set_links(w, slot_a, was_b.mdb_prev, was_b.mdb_next);
    set_links(w, slot_b, was_a.mdb_prev, was_a.mdb_next);
    set_next(w, was_b.mdb_prev, slot_a);
    set_previous(w, cte_next(&was_b), slot_a);

    event_emit(w, EVENT_CAP_MOVE, kernel_at(w)->current, slot_b, slot_a);
    event_emit(w, EVENT_CAP_MOVE, kernel_at(w)->current, slot_a, slot_b);
}

/* emptySlot: out of the list; a first-badged mark goes on to the next. */
static void slot_empty(struct world *w, paddr_t slot, struct cap cleanup)
{
    struct cte was = *cte_at(w, slot);
    if (cap_type(was.cap) == CAP_NULL) return;

    paddr_t next = cte_next(&was);
    set_next(w, was.mdb_prev, next);
    set_previous(w, next, was.mdb_prev);
    if (next && cte_first_badged(&was)) cte_edit(w, next)->mdb_next |= MDB_FIRST_BADGED;
    slot_write(w, slot, cap_new(CAP_NULL), 0, 0);
    event_emit(w, EVENT_CAP_DELETE, kernel_at(w)->current, slot, cap_type(was.cap));
    cap_post_delete(w, cleanup);
}

/* Nothing is left of it, or a zombie that holds only itself. */
static bool cap_is_removable(struct cap remainder, paddr_t slot)
{
    if (cap_type(remainder) == CAP_NULL) return true;
    word_t number = cap_zombie_number(remainder);
    return number == 0 || (number == 1 && cap_zombie_object(remainder) == slot);
}

static bool cap_is_cyclic_zombie(struct cap cap, paddr_t slot)
{
    return cap_type(cap) == CAP_ZOMBIE && cap_zombie_object(cap) == slot;
}

/* An exposed zombie loses its last slot. Clearing that may have turned the zombie's own slot into
 * another zombie, or emptied it: then the count is no longer ours to lower. */
static enum progress zombie_clear_last(struct world *w, paddr_t slot)
{
    struct cap zombie = slot_cap(w, slot);
    word_t number = cap_zombie_number(zombie);
    paddr_t last = cap_zombie_object(zombie) + ((number - 1) << SLOT_BITS);
    if (slot_delete(w, last, false) == PROGRESS_PREEMPTED) return PROGRESS_PREEMPTED;

    struct cap now = slot_cap(w, slot);
    if (now.word[0] != zombie.word[0] || now.word[1] != zombie.word[1]) return PROGRESS_DONE;
    cap_zombie_set_number(&now, number - 1);
    slot_set_cap(w, slot, now);
    return PROGRESS_DONE;
}

/* reduceZombie. One inside another object is not cleared here, but put into its own first slot,
 * where it waits to be found again: so deletion never nests deeper than this. */
static enum progress zombie_reduce(struct world *w, paddr_t slot, bool immediate)
{
    struct cap zombie = slot_cap(w, slot);
    INVARIANT(cap_type(zombie) == CAP_ZOMBIE && cap_zombie_number(zombie) > 0);
    if (immediate) return zombie_clear_last(w, slot);

    paddr_t first = cap_zombie_object(zombie);
    INVARIANT(first != slot);
    slot_swap(w, slot_cap(w, first), first, zombie, slot);
    return PROGRESS_DONE;
}

struct slot_finalised {
    enum progress progress;
    bool success; /* the slot may be emptied */
    struct cap cleanup;
};

/* finaliseSlot. */
static struct slot_finalised slot_finalise(struct world *w, paddr_t slot, bool immediate)
{
    while (cap_type(slot_cap(w, slot)) != CAP_NULL) {
        struct finalised f = cap_finalise(w, slot_cap(w, slot), slot_is_final(w, slot), false);
        if (cap_is_removable(f.remainder, slot))
            return (struct slot_finalised){ PROGRESS_DONE, true, f.cleanup };
        slot_set_cap(w, slot, f.remainder);
        if (!immediate && cap_is_cyclic_zombie(f.remainder, slot))
            return (struct slot_finalised){ PROGRESS_DONE, false, f.cleanup };
        if (zombie_reduce(w, slot, immediate) == PROGRESS_PREEMPTED || preemption_point(w))
            return (struct slot_finalised){ PROGRESS_PREEMPTED, false, cap_new(CAP_NULL) };
    }
    return (struct slot_finalised){ PROGRESS_DONE, true, cap_new(CAP_NULL) };
}

enum progress slot_delete(struct world *w, paddr_t slot, bool exposed)
{
    struct slot_finalised f = slot_finalise(w, slot, exposed);
    if (f.progress == PROGRESS_PREEMPTED) return PROGRESS_PREEMPTED;
    if (exposed || f.success) slot_empty(w, slot, f.cleanup);
    return PROGRESS_DONE;
}

void slot_delete_one(struct world *w, paddr_t slot)
{
    struct cap cap = slot_cap(w, slot);
    if (cap_type(cap) == CAP_NULL) return;
    if (cap_type(cap) != CAP_REPLY) { /* on which nothing hangs */
        struct finalised f = cap_finalise(w, cap, slot_is_final(w, slot), true);
        INVARIANT(cap_is_removable(f.remainder, slot) && cap_type(f.cleanup) == CAP_NULL);
    }
    slot_empty(w, slot, cap_new(CAP_NULL));
}

enum progress slot_revoke(struct world *w, paddr_t slot)
{
    while (slot_has_children(w, slot)) {
        paddr_t child = cte_next(cte_at(w, slot));
        if (slot_delete(w, child, true) == PROGRESS_PREEMPTED || preemption_point(w))
            return PROGRESS_PREEMPTED;
    }
    return PROGRESS_DONE;
}
