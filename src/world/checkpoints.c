/* SPDX-License-Identifier: BSD-2-Clause */
/* Checkpoints: pages as they were at moments of the present branch, each only those that changed up to
 * the next. Swapping them in goes from one to the next, either way; from there the machine runs on to
 * where one wants to be. Memory is bounded: the older, the farther apart they are. The first stays. */
#include <stdlib.h>
#include <string.h>

#include "world/inside.h"

enum {
    DISTANCE = 1 << 20,     /* steps between two while the machine runs */
    STEPS_A_PAGE = 1 << 15, /* or so many for each page that changed, if that is more */
    DISTANCE_MAX = 1 << 25,
    CHECKPOINT_BYTES = 1 << 8 /* what one takes beside its pages */
};

static uint64_t bytes_of(const struct checkpoint *c)
{
    return CHECKPOINT_BYTES + (uint64_t)c->other.count * (PAGE_SIZE + sizeof c->other.list[0]);
}

void checkpoints_close(struct session *s)
{
    struct checkpoints *c = &s->checkpoints;
    for (size_t i = 0; i < c->count; i++) delta_clear(&c->list[i].other);
    free(c->list);
    *c = (struct checkpoints){ .limit = c->limit };
}

void session_checkpoint_limit(struct session *s, uint64_t bytes)
{
    s->checkpoints.limit = bytes;
}

/* ---- fewer of them ---- */

/* Those pages of `more` that `d` has not are added to it. Both are used up but for `d`. */
static void delta_unite(struct session *s, struct delta *d, struct delta *more)
{
    enum { HERE = 4 };
    uint8_t *kept = s->history.kept;
    for (size_t i = 0; i < d->count; i++) kept[d->list[i].page] |= HERE;
    for (size_t i = 0; i < more->count; i++)
        if (!(kept[more->list[i].page] & HERE))
            delta_add(d, more->list[i].page, more->list[i].bytes);
    for (size_t i = 0; i < d->count; i++) kept[d->list[i].page] &= (uint8_t)~HERE;
    delta_clear(more);
}

/* Number `i` goes; what lay on both sides of it becomes one distance. */
static void forget(struct session *s, size_t i)
{
    struct checkpoints *c = &s->checkpoints;
    struct checkpoint *here = &c->list[i], *before = &c->list[i - 1];
    c->bytes -= bytes_of(here) + bytes_of(before);
    if (i < c->current) {
        delta_unite(s, &before->other, &here->other);
    } else if (i + 1 == c->count) {
        delta_clear(&before->other); /* nothing lies ahead of the one before any more */
    } else {
        delta_unite(s, &here->other, &before->other);
        before->other = here->other;
    }
    c->bytes += bytes_of(before);
    memmove(here, here + 1, (--c->count - i) * sizeof *here);
    if (i < c->current) c->current--;
}

/* The one that is missed least: its neighbours are near to each other, seen from the present. */
static size_t least_missed(const struct checkpoints *c)
{
    size_t found = 0;
    double least = 0, present = (double)c->list[c->current].moment.steps;
    for (size_t i = 1; i + 1 < c->count; i++) {
        double gap = (double)(c->list[i + 1].moment.steps - c->list[i - 1].moment.steps);
        double far = present - (double)c->list[i].moment.steps;
        double missed = (gap + 1) / ((far < 0 ? -far : far) + 1);
        if (i == c->current || i + 1 == c->current || (found && missed >= least)) continue;
        found = i;
        least = missed;
    }
    return found;
}

static void make_room(struct session *s)
{
    struct checkpoints *c = &s->checkpoints;
    if (c->bytes <= c->limit) return;
    while (c->bytes > c->limit - c->limit / 8) {
        size_t i = least_missed(c);
        if (!i) return;
        forget(s, i);
    }
}

/* ---- one more ---- */

static struct checkpoint *insert(struct checkpoints *c, size_t i)
{
    if (c->count == c->room) {
        c->room = c->room ? 2 * c->room : 16;
        c->list = host_resize(c->list, c->room * sizeof c->list[0]);
    }
    memmove(&c->list[i + 1], &c->list[i], (c->count++ - i) * sizeof c->list[0]);
    c->list[i] = (struct checkpoint){ 0 };
    return &c->list[i];
}

/* Copies what lies ahead of the checkpoint that the present was reached from to one in between. */
static void split_ahead(struct session *s, struct delta *ahead, struct delta *behind)
{
    struct delta same = { 0 };
    for (size_t i = 0; i < behind->count; i++)
        delta_add(&same, behind->list[i].page, behind->list[i].bytes);
    delta_unite(s, ahead, &same);
}

/* What changed since the current checkpoint, taken out of the history's hands. */
static struct delta take_since(struct session *s)
{
    struct history *h = &s->history;
    struct delta since = h->since;
    for (size_t i = 0; i < since.count; i++)
        h->kept[since.list[i].page] &= (uint8_t)~CHANGED_SINCE_CHECKPOINT;
    h->since = (struct delta){ 0 };
    return since;
}

static void set_due(struct session *s, size_t pages)
{
    word_t distance = (word_t)pages * STEPS_A_PAGE;
    if (distance < DISTANCE) distance = DISTANCE;
    if (distance > DISTANCE_MAX) distance = DISTANCE_MAX;
    s->checkpoints.due = world_state_at(&s->world)->steps + distance;
}

void checkpoint_take(struct session *s)
{
    struct checkpoints *c = &s->checkpoints;
    history_mark(s, NULL);
    set_due(s, s->history.since.count);
    if (c->count && !s->history.since.count) return;
    struct delta since = take_since(s);
    size_t i = c->count ? c->current + 1 : 0;
    struct checkpoint *made = insert(c, i);
    made->moment = moment_now(s);
    made->events = s->log.seen;
    made->console = s->log.console_seen;
    c->bytes += bytes_of(made);
    if (i == 0) {
        delta_clear(&since);
        return;
    }
    c->bytes -= bytes_of(&c->list[i - 1]) + bytes_of(made);
    made->other = c->list[i - 1].other;
    if (i + 1 < c->count) split_ahead(s, &made->other, &since);
    c->list[i - 1].other = since;
    c->bytes += bytes_of(&c->list[i - 1]) + bytes_of(made);
    c->current = i;
    make_room(s);
}

static bool is_same(const struct moment *a, const struct moment *b)
{
    return a->at == b->at && a->inside == b->inside && a->steps == b->steps;
}

/* The present is the checkpoint ahead: what changed on the way is the way back. */
static void arrive(struct session *s)
{
    struct checkpoints *c = &s->checkpoints;
    struct delta *other = &c->list[c->current].other;
    history_mark(s, NULL);
    c->bytes -= bytes_of(&c->list[c->current]);
    delta_clear(other);
    *other = take_since(s);
    c->bytes += bytes_of(&c->list[c->current++]);
    set_due(s, 0);
}

void checkpoints_look(struct session *s)
{
    struct checkpoints *c = &s->checkpoints;
    struct moment now = moment_now(s);
    while (c->current + 1 < c->count && moment_before(&c->list[c->current + 1].moment, &now))
        forget(s, c->current + 1);
    if (c->current + 1 < c->count && is_same(&c->list[c->current + 1].moment, &now))
        arrive(s);
    else if (now.steps >= c->due)
        checkpoint_take(s);
}

/* ---- going there ---- */

void checkpoint_restore(struct session *s, size_t number)
{
    struct checkpoints *c = &s->checkpoints;
    history_mark(s, NULL);
    struct delta since = take_since(s);
    history_swap(s, &since);
    delta_clear(&since);
    while (c->current > number) history_swap(s, &c->list[--c->current].other);
    while (c->current < number) history_swap(s, &c->list[c->current++].other);
    s->journal.now = c->list[number].moment;
    events_rewind(s, c->list[number].events, c->list[number].console);
    set_due(s, 0);
}

void checkpoints_seek(struct session *s, const struct moment *to)
{
    struct checkpoints *c = &s->checkpoints;
    struct moment now = moment_now(s);
    size_t low = 0, high = c->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (moment_before(to, &c->list[middle].moment))
            high = middle;
        else
            low = middle;
    }
    bool is_behind = moment_before(to, &now);
    if (is_behind || moment_before(&now, &c->list[low].moment)) checkpoint_restore(s, low);
}

void checkpoints_forget_ahead(struct session *s)
{
    struct checkpoints *c = &s->checkpoints;
    if (!c->count) return;
    for (size_t i = c->current; i < c->count; i++) {
        c->bytes -= bytes_of(&c->list[i]);
        delta_clear(&c->list[i].other);
    }
    c->count = c->current + 1;
    c->bytes += bytes_of(&c->list[c->current]);
}
