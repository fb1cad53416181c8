/* SPDX-License-Identifier: BSD-2-Clause */
/* How often something happened on this branch. Whatever was asked once is counted on as it happens, so
 * that asking again takes no time however long history is: goals are judged after every command. What is kept
 * holds for the whole branch, what lies ahead included, and is cut where a branch is left; so
 * going back asks only for a shorter part of it. */
#include <stdlib.h>
#include <string.h>

#include "world/inside.h"

/* ---- events ---- */

/* A first count, over [tally.from, end). */
struct first_count {
    struct tally tally;
    size_t next; /* the event that comes next */
    bool has_gap;
};

/* What happened before the first checkpoint is not heard again, ever: that is no gap. */
static bool is_gap(const struct session *s, const struct first_count *first, size_t i)
{
    return i != first->next && !(s->checkpoints.count && i == s->checkpoints.list[0].events);
}

static bool count_one(void *context, const struct session *s, size_t i, const struct event *e)
{
    struct first_count *first = context;
    first->has_gap |= is_gap(s, first, i);
    first->next = i + 1;
    if (watch_matches(&s->world, &first->tally.watch, e)) marks_add(&first->tally.marks, i);
    return false;
}

static bool is_same_watch(const struct watch *a, const struct watch *b)
{
    bool is_same_label =
        a->label && b->label ? strcmp(a->label, b->label) == 0 : a->label == b->label;
    return is_same_label && a->kind == b->kind && a->fault_kind == b->fault_kind &&
           a->error == b->error && a->thread == b->thread && a->receiver == b->receiver &&
           a->endpoint == b->endpoint && a->has_badge == b->has_badge &&
           (!a->has_badge || a->badge == b->badge);
}

static struct tally *tally_of(struct tallies *all, const struct watch *watch, size_t from)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->list[i].from <= from && is_same_watch(&all->list[i].watch, watch))
            return &all->list[i];
    return NULL;
}

/* Room for one more; where there is none, the one goes that was asked for longest ago. */
static struct tally *tally_room(struct tallies *all)
{
    if (all->count < TALLIES) return &all->list[all->count++];
    struct tally *oldest = &all->list[0];
    for (size_t i = 1; i < all->count; i++)
        if (all->list[i].asked < oldest->asked) oldest = &all->list[i];
    marks_close(&oldest->marks);
    return oldest;
}

static void tally_keep(struct tallies *all, const struct tally *tally)
{
    if (!all->list) all->list = host_allocate(TALLIES * sizeof all->list[0]);
    struct tally *kept = tally_room(all);
    *kept = *tally;
    kept->asked = ++all->asked;
    all->kinds |= watch_events(&tally->watch);
}

size_t session_event_tally(const struct session *s, const struct watch *watch, size_t from,
                           size_t to)
{
    /* what is kept is no state of the machine: whoever only looks may have it made */
    struct tallies *all = &((struct session *)(uintptr_t)s)->log.tallies;
    struct tally *kept = tally_of(all, watch, from);
    if (kept) {
        kept->asked = ++all->asked;
        return marks_between(&kept->marks, from, to);
    }
    struct first_count first = { .tally = { .watch = *watch, .from = from }, .next = from };
    size_t end = session_events_known(s);
    struct event_search q = {
        .from = from, .to = end, .most = 1, .takes = count_one, .context = &first
    };
    session_events_find(s, &q);
    size_t found = marks_between(&first.tally.marks, from, to);
    if (first.next >= end && !first.has_gap)
        tally_keep(all, &first.tally);
    else /* interrupted */
        marks_close(&first.tally.marks);
    return found;
}

void tallies_hear(struct session *s, size_t number, const struct event *e)
{
    struct tallies *all = &s->log.tallies;
    if (!(all->kinds >> e->kind & 1)) return;
    for (size_t i = 0; i < all->count; i++)
        if (watch_matches(&s->world, &all->list[i].watch, e))
            marks_add(&all->list[i].marks, number);
}

/* ---- what was printed: a text is marked where it ends ---- */

static struct printed *printed_of(struct tallies *all, const char *text)
{
    for (size_t i = 0; i < PRINTED; i++)
        if (all->printed[i].text && strcmp(all->printed[i].text, text) == 0)
            return &all->printed[i];
    struct printed *p = &all->printed[all->printed_next++ % PRINTED];
    marks_close(&p->marks);
    free(p->text);
    *p = (struct printed){ .text = host_copy_text(text) };
    return p;
}

size_t session_printed_count(const struct session *s, const char *text)
{
    struct tallies *all = &((struct session *)(uintptr_t)s)->log.tallies;
    size_t n = strlen(text), length, dropped = s->log.console_dropped;
    const char *console = session_console(s, &length);
    if (n == 0 || length < n) return 0;
    struct printed *p = printed_of(all, text);
    size_t first = dropped + n - 1, end = dropped + length;
    for (size_t i = p->to > first ? p->to : first; i < end; i++)
        if (memcmp(console + (i - first), text, n) == 0) marks_add(&p->marks, i);
    if (p->to < end) p->to = end;
    return marks_between(&p->marks, first, end);
}

/* ---- both ---- */

void tallies_cut(struct session *s, size_t events, size_t console)
{
    struct tallies *all = &s->log.tallies;
    for (size_t i = 0; i < all->count; i++) marks_cut(&all->list[i].marks, events);
    for (size_t i = 0; i < PRINTED; i++) {
        marks_cut(&all->printed[i].marks, console);
        if (all->printed[i].to > console) all->printed[i].to = console;
    }
}

void tallies_close(struct session *s)
{
    struct tallies *all = &s->log.tallies;
    for (size_t i = 0; i < all->count; i++) marks_close(&all->list[i].marks);
    for (size_t i = 0; i < PRINTED; i++) {
        marks_close(&all->printed[i].marks);
        free(all->printed[i].text);
    }
    free(all->list);
}
