/* SPDX-License-Identifier: BSD-2-Clause */
/* How the story of a command ends: where the kernel said nothing, for what the seat's thread waits, and what
 * made the run stop. */
#include <inttypes.h>
#include <string.h>

#include "view/story.h"
#include "view/why.h"

/* Whether the last entry of the seat's thread went by without a word: looked up, and that was all. */
static bool entered_silently(const struct story *s)
{
    bool looked_up = false;
    for (size_t i = s->to; i-- > s->from;) {
        const struct event *e = session_event(s->s, i);
        switch (e->kind) {
        case EVENT_TRAP: return looked_up && e->thread == s->seat;
        case EVENT_LOOKUP: looked_up = true; break;
        case EVENT_LOOKUP_LEVEL:
        case EVENT_SWITCH:
        case EVENT_CAP_DELETE:
        case EVENT_EXIT: break;
        case EVENT_CALL:
            if (event_invocation(s->w, e)) return false; /* an invocation, not a message */
            break;
        case EVENT_STATE:
            if (e->thread == s->seat) break;
            return false;
        default: return false;
        }
    }
    return false;
}

/* Which system call it was still stands in RDX. */
void story_silence(struct story *s)
{
    const struct syscall_desc *row = NULL;
    if (s->stop && s->stop->kind == STOP_DONE && entered_silently(s))
        row = syscall_row(&kernel_at(s->w)->numbers, thread_register(s->w, s->seat, CTX_RDX));
    if (!row) return;
    word_t badge = thread_register(s->w, s->seat, CTX_BADGE);
    if (row->id == SYS_NBSend)
        story_say(s, "Nobody was waiting to receive: the message is dropped.");
    else if (row->id == SYS_NBRecv && !badge)
        story_say(s, "Nothing was there: the badge is 0, label and words are what they were.");
    else if (row->direction == RECEIVE)
        story_say(s, "A signal was there: badge %#" PRIx64 ".", badge);
}

/* Whether the seat's thread sent a message by Call, whose number still stands in RDX. */
static bool called_by_seat(const struct story *s)
{
    word_t number = thread_register(s->w, s->seat, CTX_RDX);
    const struct syscall_desc *row = syscall_row(&kernel_at(s->w)->numbers, number);
    bool sent = false;
    for (size_t i = s->from; i < s->to; i++) {
        const struct event *e = session_event(s->s, i);
        sent |= e->kind == EVENT_MESSAGE && e->thread == s->seat;
    }
    return sent && row && row->id == SYS_Call;
}

/* The object that the seat's thread waits at, by the name of the capability that it used. */
static void object_used(const struct story *s, paddr_t object, char *text, size_t size)
{
    paddr_t used = 0;
    for (size_t i = s->from; i < s->to; i++) {
        const struct event *e = session_event(s->s, i);
        if (e->kind == EVENT_LOOKUP_LEVEL && e->thread == s->seat) used = e->arg[6];
    }
    const char *name = used ? name_of_slot(s->w, used) : NULL;
    if (name)
        snprintf(text, size, "%s", name);
    else
        view_object_name(s->s, object, text, size);
}

void story_blocked(struct story *s)
{
    const struct tcb *t = tcb_at(s->w, s->seat);
    bool queued = false;
    for (size_t i = s->from; i < s->to; i++) {
        const struct event *e = session_event(s->s, i);
        queued |= e->kind == EVENT_STATE && e->thread == s->seat && e->arg[1] == t->state;
    }
    if (!queued || (t->state == TCB_BLOCKED_ON_SEND && t->fault.kind)) return;
    char name[48], object[64];
    view_thread_name(s->s, s->seat, name, sizeof name);
    object_used(s, t->blocking_object, object, sizeof object);
    if (t->state == TCB_BLOCKED_ON_RECEIVE)
        story_say(s, "%s is blocked on recv: nobody has sent anything yet.", name);
    else if (t->state == TCB_BLOCKED_ON_NOTIFICATION)
        story_say(s, "%s is blocked on ntfn: nobody has signalled yet.", name);
    else if (t->state == TCB_BLOCKED_ON_SEND)
        story_say(s, "%s is blocked on send: nobody receives on %s yet.", name, object);
    else if (t->state == TCB_BLOCKED_ON_REPLY && !t->fault.kind)
        story_say(s, "%s is blocked on reply: its call has arrived, the answer is to come.", name);
    else if (t->state == TCB_INACTIVE && !t->fault.kind && called_by_seat(s))
        story_say(s, "%s becomes inactive: by a capability with neither g nor p nobody may answer.",
                  name);
}

static void tell_change(struct story *s)
{
    const struct breakpoint *list;
    const char *what = "what is watched";
    char before[96], after[96], at[48];
    size_t count = session_breaks(s->s, &list);
    view_position(session_position(s->s), at, sizeof at);
    for (size_t i = 0; i < count; i++)
        if (list[i].number == s->stop->number) what = list[i].spot.text;
    reading_text(&s->stop->before, before, sizeof before);
    reading_text(&s->stop->after, after, sizeof after);
    if (s->stop->is_ahead)
        story_say(s, "Watchpoint %u: with what comes next %s goes from %s to %s.", s->stop->number,
                  what, before, after);
    else
        story_say(s, "Watchpoint %u, at %s: %s was %s and is %s.", s->stop->number, at, what,
                  before, after);
}

void story_stop(struct story *s)
{
    char name[48], text[2 * TEXT_SIZE];
    paddr_t thread = s->stop->thread ? s->stop->thread : kernel_at(s->w)->current;
    view_thread_name(s->s, thread, name, sizeof name);
    switch (s->stop->kind) {
    case STOP_BREAK:
        if (s->stop->changed) {
            tell_change(s);
            break;
        }
        story_say(s, "Breakpoint %u: %s at 0x%" PRIx64 ".", s->stop->number, name,
                  thread_next_ip(s->w, thread));
        break;
    case STOP_UNTIL:
        if (!s->stop->event.thread) break;
        event_text(s->s, &s->stop->event, text, sizeof text);
        story_say(s, "Stopped here: %s.", text);
        break;
    case STOP_YOUR_TURN: story_say(s, "Your turn: all that can run is driven by hand."); break;
    case STOP_IDLE: story_say(s, "No thread can run any more."); break;
    case STOP_LIMIT: story_say(s, "Stopped at the limit on steps."); break;
    case STOP_INTERRUPTED:
        story_say(s, "Interrupted: %s at 0x%" PRIx64 ".", name, thread_next_ip(s->w, thread));
        break;
    case STOP_HALTED: story_say(s, "The machine is halted: undo, or start again."); break;
    case STOP_PHASE: {
        unsigned count = 0;
        struct event e;
        unsigned at = session_phase(s->s, &count, &e);
        if (!at) break;
        event_text(s->s, &e, text, sizeof text);
        story_say(s, "phase %u of %u: %s.", at, count, text);
        break;
    }
    case STOP_DONE:
    case STOP_BLOCKED:
    case STOP_FAULTED: break;
    }
}
