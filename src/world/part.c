/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the machines of two branches part, as opposed to what was typed on them: the same steps are visited on
 * one and on the other, at first each, then ever fewer, and what lies between two of them is looked
 * through again. The session is where it was afterwards. */
#include <string.h>

#include "world/inside.h"
#include "world/part.h"

enum { VISITS = 64, EACH_AT_FIRST = 16 };

/* Steps that are visited, and the states there. */
struct visits {
    unsigned count;
    word_t step[VISITS];
    struct state_hash hash[2][VISITS];
};

static bool is_interrupted(const struct session *s)
{
    return s->interrupt && *s->interrupt;
}

/* Names, seat and variables are people's: they make no other machine. */
static bool is_same_machine(const struct state_hash *a, const struct state_hash *b)
{
    struct state_hash one = *a, other = *b;
    one.part[PART_NAMES] = other.part[PART_NAMES] = 0;
    return state_hash_is_same(&one, &other);
}

static void visit(struct session *s, word_t step)
{
    struct moment to = travel_landing(s, step);
    travel(s, &to);
}

static void visit_all(struct session *s, size_t branch, struct visits *v, struct state_hash *hash)
{
    session_branch_go(s, branch);
    for (unsigned i = 0; i < v->count && !is_interrupted(s); i++) {
        visit(s, v->step[i]);
        hash[i] = state_hash(&s->world);
    }
}

/* From `from` to `to`: each at first, then twice as far every time. */
static void choose_first(struct visits *v, word_t from, word_t to)
{
    word_t step = from, distance = 1;
    for (v->count = 0; step < to && v->count + 1 < VISITS; step += distance) {
        if (v->count > EACH_AT_FIRST) distance *= 2;
        v->step[v->count++] = step;
    }
    v->step[v->count++] = to;
}

/* Between two, behind the first. */
static void choose_between(struct visits *v, word_t from, word_t to)
{
    word_t distance = (to - from + VISITS - 2) / (VISITS - 1);
    for (v->count = 0; from + distance < to; from += distance)
        v->step[v->count++] = from + distance;
    v->step[v->count++] = to;
}

/* The number of the first visit at which the machines differ; v->count: none. */
static unsigned compare_at(struct session *s, const size_t branch[2], struct visits *v)
{
    unsigned i = 0;
    for (unsigned n = 0; n < 2; n++) visit_all(s, branch[n], v, v->hash[n]);
    while (i < v->count && is_same_machine(&v->hash[0][i], &v->hash[1][i])) i++;
    return i;
}

static bool find_step(struct session *s, const size_t branch[2], word_t from, word_t to,
                      word_t *found)
{
    struct visits v;
    choose_first(&v, from, to);
    for (word_t before = from;;) {
        unsigned first = compare_at(s, branch, &v);
        if (first == v.count || is_interrupted(s)) return false;
        *found = v.step[first];
        if (first > 0) before = v.step[first - 1];
        if (*found <= before + 1) return true;
        choose_between(&v, before, *found);
    }
}

static bool copy_world(struct world *to, const struct world *from)
{
    if (!world_open(to, from->memory_size)) return false;
    for (uint64_t page = 0; page < arena_size(from) >> PAGE_BITS; page++) {
        if (!(from->mark[page] & MARK_USED)) continue;
        memcpy(arena_edit(to, page << PAGE_BITS, PAGE_SIZE), arena_at(from, page << PAGE_BITS),
               PAGE_SIZE);
    }
    return true;
}

static void keep_both(struct session *s, const size_t branch[2], word_t step,
                      struct branches_part *out)
{
    out->differs = true;
    for (unsigned n = 0; n < 2; n++) {
        session_branch_go(s, branch[n]);
        visit(s, step);
        out->differs &= copy_world(&out->world[n], &s->world);
    }
}

/* Nobody hears what happens again on the way: it has been told. */
struct silence {
    struct stand stand;
    size_t branch;
    struct event_log log; /* who listens */
};

static void leave(struct session *s, struct silence *was)
{
    stand_leave(s, &was->stand);
    was->branch = s->journal.branch_at;
    was->log = s->log;
    s->log.tap = NULL;
}

static void come_back(struct session *s, struct silence *was)
{
    s->interrupt = NULL;
    session_branch_go(s, was->branch);
    s->log.tap = was->log.tap;
    stand_return(s, &was->stand);
}

bool session_branch_part(struct session *s, size_t a, size_t b, struct branches_part *out)
{
    struct silence was;
    const char *next[2];
    const size_t branch[2] = { a, b };
    word_t origin = s->journal.origin_steps, step;
    *out = (struct branches_part){ .differs = false };
    word_t from = session_branch_compare(s, a, b, next).step;
    word_t to[2] = { session_branch(s, a).end.step, session_branch(s, b).end.step };
    out->at.step = to[0] < to[1] ? to[0] : to[1];
    if (from > out->at.step) from = out->at.step;
    leave(s, &was);
    if (find_step(s, branch, from + origin, out->at.step + origin, &step) && !is_interrupted(s)) {
        out->at.step = step - origin;
        keep_both(s, branch, step, out);
    }
    bool finished = !is_interrupted(s);
    come_back(s, &was);
    return finished;
}

void branches_part_close(struct branches_part *part)
{
    for (unsigned n = 0; n < 2; n++)
        if (part->world[n].arena) world_close(&part->world[n]);
}
