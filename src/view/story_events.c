/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands beside an event of a story: in its kernel entry, before it and behind it. */
#include <string.h>

#include "view/story.h"

void story_say(struct story *s, const char *format, ...)
{
    char text[3 * TEXT_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    text_add(s->text, sizeof s->text, "%s%s", *s->text ? "\n" : "", text);
}

const struct event *story_before(const struct story *s, size_t i, enum event_kind kind)
{
    while (i-- > s->from) {
        const struct event *e = session_event(s->s, i);
        if (e->kind == kind) return e;
        if (e->kind == EVENT_TRAP) return NULL;
    }
    return NULL;
}

const struct event *story_after(const struct story *s, size_t i, enum event_kind kind)
{
    while (++i < s->to) {
        const struct event *e = session_event(s->s, i);
        if (e->kind == EVENT_TRAP) return NULL;
        if (e->kind == kind) return e;
    }
    return NULL;
}

size_t story_entry_start(const struct story *s, size_t i)
{
    while (i > s->from && session_event(s->s, i)->kind != EVENT_TRAP) i--;
    return i;
}

bool story_in_fault(const struct story *s, size_t i)
{
    const struct event *fault = story_before(s, i, EVENT_FAULT);
    return fault && fault->thread == session_event(s->s, i)->thread;
}

bool story_in_invocation(const struct story *s, size_t i)
{
    const struct event *call = story_before(s, i, EVENT_CALL);
    return call && event_invocation(s->w, call) && !story_before(s, i, EVENT_MESSAGE) &&
           !story_before(s, i, EVENT_REPLY) && !story_before(s, i, EVENT_FAULT) &&
           !story_before(s, i, EVENT_SIGNAL);
}

bool story_beside_reply(const struct story *s, size_t i)
{
    return story_after(s, i, EVENT_REPLY) || story_before(s, i, EVENT_REPLY) ||
           story_before(s, i, EVENT_CALL);
}

bool story_seat_entered(const struct story *s)
{
    for (size_t i = s->from; i < s->to; i++) {
        const struct event *e = session_event(s->s, i);
        if (e->kind == EVENT_TRAP && e->thread == s->seat) return true;
    }
    return false;
}

/* Not when the thread has entered the kernel for something else in between: a loop has come round. */
bool story_same_fault_again(const struct story *s, paddr_t tcb)
{
    const struct event *last = NULL;
    unsigned entries = 0;
    for (size_t i = s->to, first = session_first_event(s->s); i-- > first;) {
        const struct event *e = session_event(s->s, i);
        if (e->thread != tcb) continue;
        entries += last && e->kind == EVENT_TRAP;
        if (e->kind != EVENT_FAULT) continue;
        if (last) return entries < 2 && memcmp(last->arg, e->arg, sizeof e->arg) == 0;
        last = e;
    }
    return false;
}

word_t story_started_at(const struct story *s, size_t i, paddr_t tcb)
{
    while (++i < s->to) {
        const struct event *e = session_event(s->s, i);
        if (e->kind == EVENT_EXIT && e->arg[0] == tcb) return e->arg[1];
    }
    return thread_next_ip(s->w, tcb);
}
