/* SPDX-License-Identifier: BSD-2-Clause */
/* Sweeps through history: back place by place, forward place by place. */
#include "world/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

bool sweep_is_whole(void)
{
    const char *wish = getenv("FAULTLINE_SWEEP");
    return wish && strcmp(wish, "all") == 0;
}

static uint64_t hash(const struct session *s)
{
    return arena_hash(session_world_at(s));
}

static bool is_same(struct position a, struct position b)
{
    return a.step == b.step && a.phase == b.phase;
}

/* Events may lie behind the end of the last entry, where nobody stands: then its step is meant. */
static bool go(struct session *s, struct position to, struct problem *p)
{
    p->text[0] = '\0';
    return session_goto(s, to, p) && is_same(session_position(s), to);
}

void sweep_places(struct session *s, struct swept *list, size_t count)
{
    struct problem p;
    session_goto_end(s);
    uint64_t last = hash(s);
    for (size_t i = count; i-- > 0;) {
        if (!go(s, list[i].at, &p))
            fail_msg("@%llu.%u cannot be gone to: %s", (unsigned long long)list[i].at.step,
                     list[i].at.phase, p.text);
        uint64_t now = hash(s);
        if (list[i].hash && list[i].hash != now)
            fail_msg("backwards, @%llu.%u is not what it was", (unsigned long long)list[i].at.step,
                     list[i].at.phase);
        list[i].hash = now;
    }
    for (size_t i = 0; i < count; i++)
        if (!go(s, list[i].at, &p) || hash(s) != list[i].hash)
            fail_msg("forwards, @%llu.%u is another machine", (unsigned long long)list[i].at.step,
                     list[i].at.phase);
    session_goto_end(s);
    if (hash(s) != last) fail_msg("at the end it is another machine");
}

/* Places of events, each once, in order: where an event has no phase of its own, its step. */
static size_t places_of(const struct session *s, size_t first, struct swept *list)
{
    size_t count = 0;
    if (first < session_first_event(s)) first = session_first_event(s);
    for (size_t i = first; i < session_event_count(s); i++) {
        struct position at = session_event_position(s, i);
        if (count && is_same(list[count - 1].at, at)) continue;
        list[count++] = (struct swept){ .at = at };
    }
    return count;
}

size_t sweep_events(struct session *s, size_t first, size_t most)
{
    size_t events = session_event_count(s), kept = 0;
    struct swept *list = calloc(events + 1, sizeof *list);
    assert_non_null(list);
    size_t count = places_of(s, first, list), stride = count / most + 1;
    if (sweep_is_whole()) stride = 1;
    for (size_t i = (count + stride - 1) % stride; i < count; i += stride) list[kept++] = list[i];
    sweep_places(s, list, kept);
    free(list);
    return kept;
}
