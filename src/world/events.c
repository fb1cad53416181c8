/* SPDX-License-Identifier: BSD-2-Clause */
/* What happened: hears the kernel's events, keeps the newest of them and what guests printed, and
 * notes what a run waits for. Memory is bounded: the oldest events are dropped. */
#include <stdlib.h>
#include <string.h>

#include "world/inside.h"

static struct event *event_place(const struct event_log *log, size_t i)
{
    return &log->chunk[i / EVENT_CHUNK % EVENT_CHUNKS][i % EVENT_CHUNK];
}

static void event_drop(struct event *e)
{
    free((char *)(uintptr_t)e->text);
    e->text = NULL;
}

static void chunk_open(struct event_log *log, size_t i)
{
    log->chunk[i] = host_allocate(EVENT_CHUNK * sizeof *log->chunk[i]);
    log->step[i] = host_allocate(EVENT_CHUNK * sizeof *log->step[i]);
    log->phase[i] = host_allocate(EVENT_CHUNK * sizeof *log->phase[i]);
}

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
    if (log->count - log->first == EVENT_CHUNK * EVENT_CHUNKS)
        for (unsigned i = 0; i < EVENT_CHUNK; i++) event_drop(event_place(log, log->first++));
    struct event **chunk = &log->chunk[log->count / EVENT_CHUNK % EVENT_CHUNKS];
    if (!*chunk) chunk_open(log, log->count / EVENT_CHUNK % EVENT_CHUNKS);
    struct position at = event_here(s, e);
    log->step[log->count / EVENT_CHUNK % EVENT_CHUNKS][log->count % EVENT_CHUNK] = at.step;
    log->phase[log->count / EVENT_CHUNK % EVENT_CHUNKS][log->count % EVENT_CHUNK] = at.phase;
    if (e->kind == EVENT_FAULT) fault_append(log, at);
    struct event *kept = event_place(log, log->count++);
    *kept = *e;
    if (e->text) kept->text = host_copy_text(e->text);
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

static void serial_write(const struct event_log *log, const char *text, size_t length,
                         bool from_kernel)
{
    if (log->serial) log->serial(log->serial_context, text, length, from_kernel);
}

static void hear_print(struct event_log *log, const struct event *e, bool is_new)
{
    char c = (char)e->arg[0];
    if (e->kind == EVENT_KERNEL_PRINT) {
        if (is_new) serial_write(log, e->text, strlen(e->text), true);
        return;
    }
    if (log->console_seen++ < console_total(log)) return;
    console_append(log, c);
    serial_write(log, &c, 1, false);
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
    if (is_new) event_append(s, e);
    s->log.seen++;
    s->in_phase += s->in_entry && event_table[e->kind].phase;
    if (is_new && s->log.tap) s->log.tap(s->log.tap_context, s, s->log.count - 1, e);
    switch (e->kind) {
    case EVENT_CONSOLE:
    case EVENT_KERNEL_PRINT: hear_print(&s->log, e, is_new); break;
    case EVENT_MESSAGE: hear_message(&s->heard, e->arg[0], e->arg[5]); break;
    case EVENT_REPLY: /* to a fault it writes registers; to a call it is a message */
        if (e->arg[3] == FAULT_NONE) hear_message(&s->heard, e->arg[0], FAULT_NONE);
        break;
    case EVENT_FAULT: s->met.seat_faulted |= e->thread == s->goal_seat; break;
    case EVENT_CAP_DELETE:
    case EVENT_OBJECT_CREATE: s->heard.objects_changed = true; break;
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
    while (log->count > log->seen && log->count > log->first)
        event_drop(event_place(log, --log->count));
    if (log->count > log->seen) log->first = log->count = log->seen;
    while (log->fault_count && log->fault[log->fault_count - 1] >= log->seen) log->fault_count--;
    size_t seen = log->console_seen;
    if (seen < log->console_dropped) log->console_dropped = seen;
    if (console_total(log) > seen) log->console_length = seen - log->console_dropped;
}

void events_close(struct session *s)
{
    events_rewind(s, 0, 0);
    events_forget_ahead(s);
    for (unsigned i = 0; i < EVENT_CHUNKS; i++) {
        free(s->log.chunk[i]);
        free(s->log.step[i]);
        free(s->log.phase[i]);
    }
    free(s->log.fault);
    free(s->log.fault_at);
    free(s->log.console);
}

size_t session_event_count(const struct session *s)
{
    return phases_shown(s) ? s->phases.list[s->phases.at - 1].events : s->log.seen;
}

const struct event *session_event(const struct session *s, size_t i)
{
    static const struct event dropped = { .kind = EVENT_TICK };
    if (i < s->log.first || i >= s->log.count) return &dropped;
    return event_place(&s->log, i);
}

size_t session_events_known(const struct session *s)
{
    return s->log.count;
}

struct position event_position(const struct session *s, size_t i)
{
    struct position at = { 0 };
    if (i < s->log.first || i >= s->log.count) return at;
    at.step = s->log.step[i / EVENT_CHUNK % EVENT_CHUNKS][i % EVENT_CHUNK];
    at.phase = s->log.phase[i / EVENT_CHUNK % EVENT_CHUNKS][i % EVENT_CHUNK];
    return at;
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
    return s->log.first;
}

size_t session_command_events(const struct session *s)
{
    return s->log.command < s->log.first ? s->log.first : s->log.command;
}

const char *session_console(const struct session *s, size_t *length)
{
    size_t seen = phases_shown(s) ? s->phases.list[s->phases.at - 1].console : s->log.console_seen;
    *length = seen < s->log.console_dropped ? 0 : seen - s->log.console_dropped;
    return s->log.console ? s->log.console : "";
}

void session_serial(struct session *s, void (*write)(void *, const char *, size_t, bool),
                    void *context)
{
    s->log.serial = write;
    s->log.serial_context = context;
}

void session_events_tap(struct session *s,
                        void (*hear)(void *, const struct session *, size_t, const struct event *),
                        void *context)
{
    s->log.tap = hear;
    s->log.tap_context = context;
}
