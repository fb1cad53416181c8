/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules of slots: the derivation list is well formed, capabilities name memory, and what lies in
 * an untyped's memory comes from it. Its cost grows with the number of slots: untypeds are kept by
 * address, so that a capability is held against those around it only.
 *
 * seL4 proves these (l4v: valid_mdb, untyped_mdb, caps_contained). */
#include "kernel/invariant.h"

#include <string.h>

enum { UNTYPEDS_MAX = 256 };

/* ---- A slot by itself ---- */

static const char *check_links(const struct world *w, paddr_t slot, const struct cte *s)
{
    paddr_t next = cte_next(s), previous = s->mdb_prev;
    if (next) {
        CHECK(is_slot(w, next), "a slot's next is no slot");
        CHECK(cte_at(w, next)->mdb_prev == slot, "a slot's next does not point back");
        CHECK(cap_type(cte_at(w, next)->cap) != CAP_NULL, "a slot's next is empty");
    }
    if (previous) {
        CHECK(is_slot(w, previous), "a slot's previous is no slot");
        CHECK(cte_next(cte_at(w, previous)) == slot, "a slot's previous does not point to it");
    }
    return NULL;
}

static bool is_device_memory(struct cap cap)
{
    return (cap_type(cap) == CAP_FRAME && cap_frame_is_device(cap)) ||
           (cap_type(cap) == CAP_UNTYPED && cap_untyped_is_device(cap));
}

/* Where the object begins, and 0 in *bits for capabilities without one. */
static paddr_t object_region(struct cap cap, unsigned *bits)
{
    *bits = cap_object_size_bits(cap);
    return cap_type(cap) == CAP_THREAD ? cap_object(cap) - TCB_OFFSET : cap_object(cap);
}

static const char *check_cap(const struct world *w, struct cap cap)
{
    unsigned bits;
    paddr_t at = object_region(cap, &bits);
    CHECK(cap_type_name(cap_type(cap))[0] != '?', "a capability has an unknown type");
    if (bits == 0 || is_device_memory(cap)) return NULL;
    CHECK(memory_holds(w, at, (word_t)1 << bits), "a capability names what is no memory");
    CHECK((at & CAP_MASK(bits)) == 0, "an object is not aligned to its size");
    if (cap_type(cap) == CAP_UNTYPED)
        CHECK(cap_untyped_free_index(cap) << UNTYPED_MIN_BITS <= (word_t)1 << bits,
              "a watermark is too high");
    if (cap_type(cap) == CAP_ZOMBIE)
        CHECK(cap_zombie_number(cap) <= (word_t)1 << cap_zombie_radix(cap) ||
                  cap_zombie_is_tcb(cap),
              "a zombie has more slots than it was");
    return NULL;
}

/* ---- Untyped memory ---- */

struct untyped {
    paddr_t slot, begin, last, used; /* addresses; `used`: where its free part begins */
    paddr_t head;                    /* of its derivation list, and its place in that */
    unsigned place;
    int around; /* the one that it lies in; -1: none */
};

struct untypeds {
    struct untyped u[UNTYPEDS_MAX];
    int count;
    word_t slots, met; /* that hold something; in lists from their heads */
};

static const char *visit_slot(void *context, const struct world *w, paddr_t slot)
{
    struct untypeds *all = context;
    const struct cte *s = cte_at(w, slot);
    if (cap_type(s->cap) == CAP_NULL) {
        CHECK(!cte_next(s) && !s->mdb_prev, "an empty slot is in the derivation list");
        return NULL;
    }
    all->slots++;
    if (cap_type(s->cap) == CAP_UNTYPED && all->count < UNTYPEDS_MAX)
        all->u[all->count++].slot = slot;
    const char *wrong = check_links(w, slot, s);
    return wrong ? wrong : check_cap(w, s->cap);
}

/* The first slot of a slot's derivation list, and how many stand before it. */
static const char *find_head(const struct world *w, paddr_t slot, paddr_t *head, unsigned *place)
{
    *place = 0;
    for (*head = slot; cte_at(w, *head)->mdb_prev; *head = cte_at(w, *head)->mdb_prev) {
        CHECK(is_slot(w, cte_at(w, *head)->mdb_prev), "a slot's previous is no slot");
        CHECK((*place)++ < LINKS_MAX, "a derivation list begins nowhere");
    }
    return NULL;
}

static const char *untyped_fill(const struct world *w, struct untyped *u)
{
    struct cap cap = cte_at(w, u->slot)->cap;
    u->begin = cap_object(cap);
    u->last = u->begin + CAP_MASK(cap_untyped_size_bits(cap));
    u->used = u->begin + (cap_untyped_free_index(cap) << UNTYPED_MIN_BITS);
    return find_head(w, u->slot, &u->head, &u->place);
}

static bool comes_before(const struct untyped *a, const struct untyped *b)
{
    return a->begin != b->begin ? a->begin < b->begin : a->last > b->last;
}

/* By address, and those around others first; they come in nearly that order. */
static void untypeds_sort(struct untypeds *all)
{
    for (int i = 1; i < all->count; i++) {
        struct untyped u = all->u[i];
        int at = i;
        for (; at > 0 && comes_before(&u, &all->u[at - 1]); at--) all->u[at] = all->u[at - 1];
        all->u[at] = u;
    }
}

static const char *untypeds_nest(struct untypeds *all)
{
    int around = -1;
    for (int i = 0; i < all->count; i++) {
        while (around >= 0 && all->u[around].last < all->u[i].begin) around = all->u[around].around;
        CHECK(around < 0 || all->u[i].last <= all->u[around].last, "two untypeds overlap");
        all->u[i].around = around;
        around = i;
    }
    return NULL;
}

/* The innermost untyped that begins at or before an address, -1 for none. */
static int untyped_before(const struct untypeds *all, paddr_t at)
{
    int low = -1, high = all->count;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (all->u[middle].begin <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* What lies in an untyped's memory comes from it: behind it in the list, below its watermark. Before
 * it in the list stands only a copy of a whole one. */
static const char *check_origin(const struct untypeds *all, const struct world *w, paddr_t slot,
                                paddr_t head, unsigned place)
{
    unsigned bits;
    paddr_t at = object_region(cte_at(w, slot)->cap, &bits), last = at + CAP_MASK(bits);
    if (bits == 0) return NULL;
    for (int i = untyped_before(all, at); i >= 0; i = all->u[i].around) {
        const struct untyped *u = &all->u[i];
        if (u->slot == slot || last > u->last || at < u->begin) continue;
        CHECK(u->head == head, "a capability names memory that is free");
        if (u->place > place) continue;
        CHECK(last < u->used, "an object lies above its untyped's watermark");
    }
    return NULL;
}

/* A slot that begins a list: the list from there. */
static const char *visit_list(void *context, const struct world *w, paddr_t head)
{
    struct untypeds *all = context;
    const struct cte *s = cte_at(w, head);
    if (cap_type(s->cap) == CAP_NULL || s->mdb_prev) return NULL;
    unsigned place = 0;
    for (paddr_t slot = head; slot; slot = cte_next(cte_at(w, slot))) {
        CHECK(is_slot(w, slot), "a slot's next is no slot");
        CHECK(place < LINKS_MAX, "a derivation list ends nowhere");
        const char *wrong = check_origin(all, w, slot, head, place++);
        if (wrong) return wrong;
    }
    all->met += place;
    return NULL;
}

/* Any slot, wherever its list begins. */
static const char *visit_alone(void *context, const struct world *w, paddr_t slot)
{
    paddr_t head;
    unsigned place;
    if (cap_type(cte_at(w, slot)->cap) == CAP_NULL) return NULL;
    const char *wrong = find_head(w, slot, &head, &place);
    return wrong ? wrong : check_origin(context, w, slot, head, place);
}

/* The root task's first CNode, if only a slot of its own names it, is not found, nor are lists that
 * begin in it. */
const char *check_slots(const struct world *w)
{
    struct survey s;
    struct untypeds all;
    survey_begin(&s, w);
    all.count = 0;
    all.slots = all.met = 0;
    const char *wrong = survey_visit(&s, visit_slot, &all);
    for (int i = 0; i < all.count && !wrong; i++) wrong = untyped_fill(w, &all.u[i]);
    if (wrong) return wrong;
    untypeds_sort(&all);
    wrong = untypeds_nest(&all);
    if (!wrong) wrong = survey_visit(&s, visit_list, &all);
    if (!wrong && all.met < all.slots) wrong = survey_visit(&s, visit_alone, &all);
    return wrong;
}
