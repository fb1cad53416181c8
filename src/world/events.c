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

static void event_append(struct event_log *log, const struct event *e)
{
    if (log->count - log->first == EVENT_CHUNK * EVENT_CHUNKS)
        for (unsigned i = 0; i < EVENT_CHUNK; i++) event_drop(event_place(log, log->first++));
    struct event **chunk = &log->chunk[log->count / EVENT_CHUNK % EVENT_CHUNKS];
    if (!*chunk) *chunk = host_allocate(EVENT_CHUNK * sizeof **chunk);
    struct event *kept = event_place(log, log->count++);
    *kept = *e;
    if (e->text) kept->text = host_copy_text(e->text);
}

static void console_append(struct event_log *log, char c)
{
    if (log->console_length == CONSOLE_BYTES) {
        log->console_length /= 2;
        memmove(log->console, log->console + log->console_length, log->console_length);
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

static void hear_print(struct event_log *log, const struct event *e)
{
    char c = (char)e->arg[0];
    if (e->kind == EVENT_KERNEL_PRINT) {
        serial_write(log, e->text, strlen(e->text), true);
        return;
    }
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
        if (b->on_address || !watch_matches(&s->world, &b->watch, e)) continue;
        met->number = b->number;
        if (!met->until) met->event = *e;
    }
    met->event.text = NULL;
}

void events_hear(void *session, const struct event *e)
{
    struct session *s = session;
    event_append(&s->log, e);
    if (s->log.tap) s->log.tap(s->log.tap_context, s, s->log.count - 1, e);
    switch (e->kind) {
    case EVENT_CONSOLE:
    case EVENT_KERNEL_PRINT: hear_print(&s->log, e); break;
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

void events_truncate(struct session *s, size_t events, size_t console)
{
    struct event_log *log = &s->log;
    while (log->count > events && log->count > log->first)
        event_drop(event_place(log, --log->count));
    if (log->count > events) log->first = log->count = events;
    if (log->console_length > console) log->console_length = console;
}

void events_close(struct session *s)
{
    events_truncate(s, 0, 0);
    for (unsigned i = 0; i < EVENT_CHUNKS; i++) free(s->log.chunk[i]);
    free(s->log.console);
}

size_t session_event_count(const struct session *s)
{
    return phases_shown(s) ? s->phases.list[s->phases.at - 1].events : s->log.count;
}

const struct event *session_event(const struct session *s, size_t i)
{
    static const struct event dropped = { .kind = EVENT_TICK };
    if (i < s->log.first || i >= s->log.count) return &dropped;
    return event_place(&s->log, i);
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
    *length = phases_shown(s) ? s->phases.list[s->phases.at - 1].console : s->log.console_length;
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
