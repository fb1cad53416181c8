/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel entry seen from inside. A kernel operation is atomic; watching it is not: while it runs,
 * the pages that changed between two events are kept, and afterwards the arena is shown as it was at
 * each, forwards and backwards. The kernel knows nothing of this. */
#include <stdlib.h>

#include "world/inside.h"

static void clear(struct session *s)
{
    struct phases *p = &s->phases;
    for (size_t i = 0; i < p->count; i++) delta_clear(&p->list[i].delta);
    delta_clear(&p->last);
    free(p->list);
    *p = (struct phases){ 0 };
}

void phases_begin(struct session *s)
{
    clear(s);
    history_mark(s, NULL);
    s->phases.recording = true;
}

void phases_hear(struct session *s, const struct event *e)
{
    struct phases *p = &s->phases;
    if (!p->recording || !event_table[e->kind].phase || p->count == PHASES_MAX) return;
    if (p->count == p->room) {
        p->room = p->room ? 2 * p->room : 32;
        p->list = host_resize(p->list, p->room * sizeof p->list[0]);
    }
    struct phase *phase = &p->list[p->count++];
    *phase = (struct phase){ .event = *e, .events = s->log.seen, .console = s->log.console_seen };
    phase->event.text = NULL;
    history_mark(s, &phase->delta);
}

/* The change between position `at` and the one before it. */
static struct delta *delta_to(struct phases *p, size_t at)
{
    return at > p->count ? &p->last : &p->list[at - 1].delta;
}

void phases_end(struct session *s)
{
    struct phases *p = &s->phases;
    p->recording = false;
    if (!p->count) {
        clear(s);
        return;
    }
    history_mark(s, &p->last);
    p->at = p->count + 1;
    while (p->at > 1) session_phase_back(s);
}

bool phases_shown(const struct session *s)
{
    return s->phases.at && s->phases.at <= s->phases.count;
}

bool phases_forward(struct session *s)
{
    struct phases *p = &s->phases;
    if (!phases_shown(s)) return false;
    paddr_t seat = journal_set_aside(s);
    history_swap(s, delta_to(p, ++p->at));
    journal_sit_again(s, seat);
    if (phases_shown(s)) return true;
    clear(s);
    return false;
}

void phases_discard(struct session *s)
{
    while (phases_forward(s)) continue;
    clear(s);
}

void session_finish_phases(struct session *s)
{
    if (!phases_shown(s)) return;
    phases_discard(s);
    entry_settle(s);
}

bool session_phase_back(struct session *s)
{
    struct phases *p = &s->phases;
    if (p->at < 2) return false;
    paddr_t seat = journal_set_aside(s);
    history_swap(s, delta_to(p, p->at--));
    journal_sit_again(s, seat);
    return true;
}

unsigned session_phase(const struct session *s, unsigned *count, struct event *e)
{
    const struct phases *p = &s->phases;
    if (count) *count = (unsigned)p->count;
    if (!phases_shown(s)) return 0;
    if (e) *e = p->list[p->at - 1].event;
    return (unsigned)p->at;
}

void session_slowly(struct session *s, bool on)
{
    s->slowly = on;
}
