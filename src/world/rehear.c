/* SPDX-License-Identifier: BSD-2-Clause */
/* Events that are held no more. The machine is taken back to a checkpoint and does again what it did, with
 * an ear on it; then it is where it was. Whoever looks for the last of something goes from
 * checkpoint to checkpoint, the latest piece first. */
#include <string.h>

#include "world/inside.h"

/* What an ear listens for: events of numbers [from, to). */
struct listener {
    struct event_search *search;
    size_t from, to;
    size_t found[EVENTS_SOUGHT]; /* of this piece, in order; backwards the last of them */
    unsigned count;
};

static bool is_interrupted(const struct session *s)
{
    return s->interrupt && *s->interrupt;
}

/* ---- noting ---- */

/* Of the latest ones that fit, the earliest makes room. */
static void note(struct listener *l, size_t number)
{
    unsigned room = l->search->most - l->search->count;
    if (l->count == room) {
        if (!l->search->backwards) return;
        memmove(l->found, l->found + 1, --l->count * sizeof l->found[0]);
    }
    l->found[l->count++] = number;
}

static void listen(void *context, const struct session *s, size_t number, const struct event *e)
{
    struct listener *l = context;
    if (number < l->from || number >= l->to) return;
    if (l->search->takes(l->search->context, s, number, e)) note(l, number);
}

/* What a piece had joins what was found: before it backwards, else behind it. */
static void gather(struct listener *l)
{
    struct event_search *q = l->search;
    size_t *to = q->found + (q->backwards ? 0 : q->count);
    if (q->backwards) memmove(q->found + l->count, q->found, q->count * sizeof q->found[0]);
    memcpy(to, l->found, l->count * sizeof l->found[0]);
    q->count += l->count;
    l->count = 0;
}

/* ---- going there ---- */

/* The last checkpoint that was taken before so many events had happened; the first if there is none. */
static size_t checkpoint_before(const struct session *s, size_t events)
{
    const struct checkpoints *c = &s->checkpoints;
    size_t low = 0, high = c->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (c->list[middle].events < events)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* From the present until so many events have been heard. */
static void hear_until(struct session *s, size_t events)
{
    struct moment end = travel_end(s);
    enum turn turn;
    while (s->log.seen < events && !is_interrupted(s))
        if (travel_advance(s, &end, TRAVEL_PIECE, false, &turn) == ARRIVED) return;
}

/* Hears again what lies between the checkpoint before `to` and there; returns where that began. */
static size_t hear_piece(struct session *s, size_t to)
{
    checkpoint_restore(s, checkpoint_before(s, to));
    size_t began = s->log.seen;
    hear_until(s, to);
    return began;
}

static size_t hear_piece_for(struct session *s, struct listener *l)
{
    s->log.ear = listen;
    s->log.ear_context = l;
    size_t began = hear_piece(s, l->to);
    s->log.ear = NULL;
    gather(l);
    return began;
}

static void search_back(struct session *s, struct event_search *q, size_t to)
{
    struct listener l = { .search = q, .from = q->from, .to = to };
    while (l.to > q->from && q->count < q->most && !is_interrupted(s)) {
        size_t began = hear_piece_for(s, &l);
        if (began >= l.to) return; /* nothing was recorded before it */
        l.to = began;
    }
}

static void search_on(struct session *s, struct event_search *q, size_t from)
{
    struct listener l = { .search = q, .from = from, .to = q->to };
    s->log.ear = listen;
    s->log.ear_context = &l;
    checkpoint_restore(s, checkpoint_before(s, from + 1));
    while (s->log.seen < q->to && l.count < q->most - q->count && !is_interrupted(s)) {
        size_t more = q->to - s->log.seen;
        hear_until(s, s->log.seen + (more < WINDOW_CHUNK ? more : WINDOW_CHUNK));
        if (journal_at_end(s)) break;
    }
    s->log.ear = NULL;
    gather(&l);
}

/* ---- what is held ---- */

/* Looks through what is held; returns where that ends. */
static size_t held_back(const struct session *s, struct event_search *q)
{
    size_t i = q->to;
    for (; i > q->from && q->count < q->most && session_event_is_held(s, i - 1); i--) {
        if (!q->takes(q->context, s, i - 1, session_event(s, i - 1))) continue;
        memmove(q->found + 1, q->found, q->count++ * sizeof q->found[0]);
        q->found[0] = i - 1;
    }
    return i;
}

static size_t held_on(const struct session *s, struct event_search *q)
{
    size_t i = q->from;
    for (; i < q->to && q->count < q->most && session_event_is_held(s, i); i++)
        if (q->takes(q->context, s, i, session_event(s, i))) q->found[q->count++] = i;
    return i;
}

/* A search ends where it began, which is why whoever only looks may ask for one. */
static struct session *traveller(const struct session *s)
{
    return (struct session *)(uintptr_t)s;
}

/* Nobody travels out of the middle of a run. */
static bool is_running(const struct session *s)
{
    const struct journal *j = &s->journal;
    return s->until || (j->now.inside && j->now.at == j->count);
}

bool session_events_find(const struct session *at, struct event_search *q)
{
    struct session *s = traveller(at);
    struct stand stand;
    q->count = 0;
    if (q->most > EVENTS_SOUGHT) q->most = EVENTS_SOUGHT;
    size_t rest = q->backwards ? held_back(s, q) : held_on(s, q);
    if (q->count == q->most || (q->backwards ? rest <= q->from : rest >= q->to)) return true;
    if (is_running(s)) return true;
    stand_leave(s, &stand);
    if (q->backwards)
        search_back(s, q, rest);
    else
        search_on(s, q, rest);
    bool finished = !is_interrupted(s);
    stand_return(s, &stand);
    return finished;
}

bool session_event_hold(const struct session *at, size_t i)
{
    struct session *s = traveller(at);
    struct stand stand;
    size_t behind =
        (s->log.aside.chunk_size ? s->log.aside.chunk_size : WINDOW_CHUNK) * (WINDOW_CHUNKS / 4);
    if (session_event_is_held(s, i)) return true;
    if (i >= s->log.count || is_running(s)) return false;
    stand_leave(s, &stand);
    hear_piece(s, i + 1);
    hear_until(s, s->log.count - i > behind ? i + behind : s->log.count);
    stand_return(s, &stand);
    return session_event_is_held(s, i);
}

size_t session_event_last(const struct session *s, size_t before, event_filter *takes,
                          void *context)
{
    struct event_search q = {
        .to = before, .backwards = true, .most = 1, .takes = takes, .context = context
    };
    bool found = session_events_find(s, &q) && q.count && session_event_hold(s, q.found[0]);
    return found ? q.found[0] : EVENT_NONE;
}
