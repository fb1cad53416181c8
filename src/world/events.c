/* SPDX-License-Identifier: BSD-2-Clause */
/* What happened: hears the kernel's events, keeps the newest of them and what guests printed, and
 * notes what a run waits for. Memory is bounded; what is held no more happens again when somebody goes
 * there, or looks for it (rehear.c). */
#include <stdlib.h>
#include <string.h>

#include "world/inside.h"

/* A kernel entry is counted before it begins: what happens in it happens where it began. */
static struct position event_here(const struct session *s, const struct event *e)
{
    word_t steps = world_state_at(&s->world)->steps;
    if (!s->in_entry) return (struct position){ .step = steps };
    unsigned phase = s->in_phase + event_table[e->kind].phase;
    return (struct position){ .step = steps - 1, .phase = phase ? phase : 1 };
}

static void fault_append(struct event_log *log, struct position at)
{
    if (log->fault_count == log->fault_room) {
        log->fault_room = log->fault_room ? 2 * log->fault_room : 64;
        log->fault = host_resize(log->fault, log->fault_room * sizeof log->fault[0]);
        log->fault_at = host_resize(log->fault_at, log->fault_room * sizeof log->fault_at[0]);
    }
    log->fault[log->fault_count] = log->count;
    log->fault_at[log->fault_count++] = at;
}

static void event_append(struct session *s, const struct event *e)
{
    struct event_log *log = &s->log;
    struct position at = event_here(s, e);
    if (e->kind == EVENT_FAULT) fault_append(log, at);
    tallies_hear(s, log->count, e);
    window_append(&log->newest, log->count++, e, at);
}

/* It happens again. */
static void event_again(struct session *s, const struct event *e)
{
    struct event_log *log = &s->log;
    if (log->seen >= log->newest.first || log->hearing == HEARING_NONE) return;
    struct event_window *w = log->hearing == HEARING_PAST ? &log->past : &log->aside;
    if (!window_holds(w, log->seen)) window_append(w, log->seen, e, event_here(s, e));
}

static void hear_made(struct heard *heard, paddr_t object, paddr_t slot)
{
    if (heard->made_count == heard->made_room) {
        heard->made_room = heard->made_room ? 2 * heard->made_room : 64;
        heard->made = host_resize(heard->made, heard->made_room * sizeof heard->made[0]);
    }
    heard->made[heard->made_count++] = (struct made){ object, slot };
    heard->objects_changed = true;
}

static size_t console_total(const struct event_log *log)
{
    return log->console_dropped + log->console_length;
}

static void console_append(struct event_log *log, char c)
{
    if (log->console_length == CONSOLE_BYTES) {
        log->console_length /= 2;
        log->console_dropped += CONSOLE_BYTES - log->console_length;
        memmove(log->console, log->console + CONSOLE_BYTES - log->console_length,
                log->console_length);
    }
    if (log->console_length == log->console_room) {
        log->console_room = log->console_room ? 2 * log->console_room : 4096;
        log->console = host_resize(log->console, log->console_room);
    }
    log->console[log->console_length++] = c;
}

static void hear_console(struct event_log *log, const struct event *e)
{
    if (log->console_seen++ >= console_total(log)) console_append(log, (char)e->arg[0]);
}

static void hear_message(struct heard *heard, paddr_t receiver, word_t fault_kind)
{
    if (heard->messages == MESSAGES_AN_ENTRY) return;
    heard->message[heard->messages].receiver = receiver;
    heard->message[heard->messages].fault_kind = fault_kind;
    heard->messages++;
}

/* What a run waits for: the first match of each sort counts. */
static void hear_watched(struct session *s, const struct event *e)
{
    const struct watch *until = s->until ? s->until->watch : NULL;
    struct met *met = &s->met;
    if (until && !met->until && watch_matches(&s->world, until, e)) {
        met->until = true;
        met->event = *e;
    }
    for (size_t i = 0; s->break_events && i < s->break_count && !met->number; i++) {
        const struct breakpoint *b = &s->breaks[i];
        if (b->on_address || b->on_change || !watch_matches(&s->world, &b->watch, e)) continue;
        met->number = b->number;
        if (!met->until) met->event = *e;
    }
    met->event.text = NULL;
}

void events_hear(void *session, const struct event *e)
{
    struct session *s = session;
    bool is_new = s->log.seen == s->log.count; /* else it happens again */
    if (is_new)
        event_append(s, e);
    else
        event_again(s, e);
    if (s->log.ear) s->log.ear(s->log.ear_context, s, s->log.seen, e);
    s->log.seen++;
    s->in_phase += s->in_entry && event_table[e->kind].phase;
    if (is_new && s->log.tap) s->log.tap(s->log.tap_context, s, s->log.count - 1, e);
    switch (e->kind) {
    case EVENT_CONSOLE: hear_console(&s->log, e); break;
    case EVENT_MESSAGE: hear_message(&s->heard, e->arg[0], e->arg[5]); break;
    case EVENT_REPLY: /* to a fault it writes registers; to a call it is a message */
        if (e->arg[3] == FAULT_NONE) hear_message(&s->heard, e->arg[0], FAULT_NONE);
        break;
    case EVENT_FAULT: s->met.seat_faulted |= e->thread == s->goal_seat; break;
    case EVENT_CAP_DELETE: s->heard.objects_changed = true; break;
    case EVENT_OBJECT_CREATE: hear_made(&s->heard, e->arg[1], e->arg[2]); break;
    default: break;
    }
    if (s->until || s->break_events) hear_watched(s, e);
    phases_hear(s, e);
}

void events_rewind(struct session *s, size_t events, size_t console)
{
    s->log.seen = events;
    s->log.console_seen = console;
}

void events_forget_ahead(struct session *s)
{
    struct event_log *log = &s->log;
    window_cut(&log->past, log->seen);
    window_cut(&log->aside, log->seen);
    if (log->seen < log->newest.first && log->past.end == log->seen) {
        struct event_window newest = log->past;
        log->past = log->newest;
        log->newest = newest;
        window_cut(&log->past, 0);
    }
    window_cut(&log->newest, log->seen);
    log->count = log->seen;
    while (log->fault_count && log->fault[log->fault_count - 1] >= log->seen) log->fault_count--;
    size_t seen = log->console_seen;
    if (seen < log->console_dropped) log->console_dropped = seen;
    if (console_total(log) > seen) log->console_length = seen - log->console_dropped;
    tallies_cut(s, log->seen, seen);
}

void events_close(struct session *s)
{
    window_close(&s->log.newest);
    window_close(&s->log.past);
    window_close(&s->log.aside);
    tallies_close(s);
    free(s->heard.made);
    free(s->log.fault);
    free(s->log.fault_at);
    free(s->log.console);
}

void session_event_limit(struct session *s, size_t most)
{
    size_t chunk = (most < WINDOW_LEAST ? WINDOW_LEAST : most) / WINDOW_CHUNKS;
    struct event_window *window[] = { &s->log.newest, &s->log.past, &s->log.aside };
    for (unsigned i = 0; i < 3; i++) {
        window_close(window[i]);
        window[i]->chunk_size = chunk;
    }
    s->log.newest.first = s->log.newest.end = s->log.count;
}

static const struct event_window *window_with(const struct event_log *log, size_t i)
{
    if (window_holds(&log->newest, i)) return &log->newest;
    if (window_holds(&log->past, i)) return &log->past;
    return window_holds(&log->aside, i) ? &log->aside : NULL;
}

size_t session_event_count(const struct session *s)
{
    return phases_shown(s) ? s->phases.list[s->phases.at - 1].events : s->log.seen;
}

const struct event *session_event(const struct session *s, size_t i)
{
    static const struct event dropped = { .kind = EVENT_TICK };
    const struct event_window *w = window_with(&s->log, i);
    return w ? window_event(w, i) : &dropped;
}

bool session_event_is_held(const struct session *s, size_t i)
{
    return window_with(&s->log, i) != NULL;
}

size_t session_events_known(const struct session *s)
{
    return s->log.count;
}

struct position event_position(const struct session *s, size_t i)
{
    const struct event_window *w = window_with(&s->log, i);
    return w ? window_position(w, i) : (struct position){ 0 };
}

struct position session_event_position(const struct session *s, size_t i)
{
    struct position at = event_position(s, i);
    word_t origin = s->journal.origin_steps;
    at.step = at.step > origin ? at.step - origin : 0;
    return at;
}

size_t session_first_event(const struct session *s)
{
    const struct event_log *log = &s->log;
    const struct event_window *window[] = { &log->newest, &log->past, &log->aside, &log->past };
    size_t first = log->seen;
    for (unsigned i = 0; i < sizeof window / sizeof window[0]; i++)
        if (first >= window[i]->first && first <= window[i]->end) first = window[i]->first;
    return first;
}

size_t session_command_events(const struct session *s)
{
    size_t first = session_first_event(s);
    return s->log.command_begin < first ? first : s->log.command_begin;
}

const char *session_console(const struct session *s, size_t *length)
{
    size_t seen = phases_shown(s) ? s->phases.list[s->phases.at - 1].console : s->log.console_seen;
    *length = seen < s->log.console_dropped ? 0 : seen - s->log.console_dropped;
    return s->log.console ? s->log.console : "";
}

void session_events_tap(struct session *s,
                        void (*hear)(void *, const struct session *, size_t, const struct event *),
                        void *context)
{
    s->log.tap = hear;
    s->log.tap_context = context;
}
