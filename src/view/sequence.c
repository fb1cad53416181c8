/* SPDX-License-Identifier: BSD-2-Clause */
/* The timeline as a sequence: faults, messages, replies, signals, invocations and who waits, taken from
 * the events. Lines stand in the order in which threads first act. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "view/internal.h"
#include "view/picture.h"

enum { KERNEL = 0, NO_LINE = SEQUENCE_LINES };

struct maker {
    const struct session *s;
    const struct world *w;
    struct sequence *q;
    unsigned room; /* steps to keep: the last ones */
};

static unsigned line_of(struct maker *m, paddr_t tcb)
{
    struct sequence *q = m->q;
    for (unsigned i = 0; i < q->lines; i++)
        if (q->line[i].tcb == tcb) return i;
    if (q->lines == SEQUENCE_LINES) return NO_LINE;
    q->line[q->lines].tcb = tcb;
    if (tcb)
        view_thread_name(m->s, tcb, q->line[q->lines].name, sizeof q->line[0].name);
    else
        snprintf(q->line[q->lines].name, sizeof q->line[0].name, "kernel");
    return q->lines++;
}

__attribute__((format(printf, 5, 6))) static void
add(struct maker *m, enum sequence_style style, paddr_t from, paddr_t to, const char *format, ...)
{
    struct sequence *q = m->q;
    struct sequence_step step = { .style = style };
    va_list args;
    step.from = line_of(m, from);
    step.to = line_of(m, to);
    if (step.from == NO_LINE || step.to == NO_LINE) {
        q->left_out++;
        return;
    }
    va_start(args, format);
    vsnprintf(step.label, sizeof step.label, format, args);
    va_end(args);
    if (q->count == m->room) {
        memmove(&q->step[0], &q->step[1], (--q->count) * sizeof q->step[0]);
        q->left_out++;
    }
    q->step[q->count++] = step;
}

static const char *fault_phrase(word_t kind)
{
    return kind > 0 && kind < FAULT_KIND_COUNT ? fault_table[kind].phrase : "fault";
}

static void add_fault(struct maker *m, const struct event *e)
{
    word_t kind = e->arg[0];
    if (kind == FAULT_VM || kind == FAULT_CAP)
        add(m, SEQUENCE_ARROW, e->thread, KERNEL, "%s at 0x%" PRIx64, fault_phrase(kind),
            e->arg[1]);
    else
        add(m, SEQUENCE_ARROW, e->thread, KERNEL, "%s %" PRIu64, fault_phrase(kind), e->arg[1]);
}

static void add_message(struct maker *m, const struct event *e)
{
    unsigned kind = e->arg[5] < FAULT_KIND_COUNT ? (unsigned)e->arg[5] : FAULT_NONE;
    if (kind)
        add(m, SEQUENCE_ARROW, KERNEL, e->arg[0], "%s, badge 0x%" PRIx64, fault_table[kind].name,
            e->arg[3]);
    else if (e->arg[4]) /* an answer has no endpoint, and is told as such */
        add(m, SEQUENCE_ARROW, e->thread, e->arg[0],
            "label %" PRIu64 ", length %" PRIu64 ", badge 0x%" PRIx64, e->arg[1], e->arg[2],
            e->arg[3]);
}

static void add_queue(struct maker *m, const struct event *e)
{
    char name[64];
    view_object_name(m->s, e->arg[0], name, sizeof name);
    add(m, SEQUENCE_NOTE, e->thread, e->thread, "waits %s %s", e->arg[1] ? "to send on" : "on",
        name);
}

static void add_call(struct maker *m, const struct event *e)
{
    const struct invocation_desc *row = event_invocation(m->w, e);
    if (row) add(m, SEQUENCE_ARROW, e->thread, KERNEL, "seL4_%s_%s", row->interface, row->method);
}

/* A right to answer that goes without an answer: the entry has no reply. */
static void add_lost(struct maker *m, size_t at)
{
    const struct event *e = session_event(m->s, at);
    size_t count = session_event_count(m->s), i = at;
    if (e->arg[1] != CAP_REPLY || e->arg[0] != tcb_slot(e->thread, TCB_CALLER)) return;
    while (i > session_first_event(m->s) && session_event(m->s, i)->kind != EVENT_TRAP) i--;
    for (size_t j = i; j < count; j++) {
        const struct event *other = session_event(m->s, j);
        if (j > i && other->kind == EVENT_TRAP) break;
        if (other->kind == EVENT_REPLY && other->thread == e->thread) return;
    }
    add(m, SEQUENCE_NOTE, e->thread, e->thread, "gives up the right to answer");
}

static void add_signal(struct maker *m, const struct event *e)
{
    char name[64];
    view_object_name(m->s, e->arg[0], name, sizeof name);
    add(m, SEQUENCE_ARROW, e->thread, KERNEL, "signal %s, badge 0x%" PRIx64, name, e->arg[1]);
}

static void add_event(struct maker *m, size_t i)
{
    const struct event *e = session_event(m->s, i);
    switch (e->kind) {
    case EVENT_FAULT: add_fault(m, e); break;
    case EVENT_DOUBLE_FAULT:
        add(m, SEQUENCE_ANSWER, KERNEL, e->thread, "no fault handler: inactive");
        break;
    case EVENT_MESSAGE: add_message(m, e); break;
    case EVENT_REPLY:
        add(m, SEQUENCE_ANSWER, e->thread, e->arg[0], "reply: label %" PRIu64 ", length %" PRIu64,
            e->arg[1], e->arg[2]);
        break;
    case EVENT_REPLY_NOBODY:
        add(m, SEQUENCE_NOTE, e->thread, e->thread, "replies, but nobody waits");
        break;
    case EVENT_WRITE_BACK:
        add(m, SEQUENCE_NOTE, e->arg[0], e->arg[0], "%" PRIu64 " registers written", e->arg[2]);
        break;
    case EVENT_QUEUE: add_queue(m, e); break;
    case EVENT_CALL: add_call(m, e); break;
    case EVENT_ERROR:
        add(m, SEQUENCE_ANSWER, KERNEL, e->thread, "%s",
            e->arg[0] < SEL4_ERROR_COUNT ? error_table[e->arg[0]].name : "error");
        break;
    case EVENT_CAP_DELETE: add_lost(m, i); break;
    case EVENT_SIGNAL: add_signal(m, e); break;
    default: break;
    }
}

/* ---- Events that are held no more ---- */

static bool is_drawn(void *context, const struct session *s, size_t i, const struct event *e)
{
    (void)context, (void)s, (void)i;
    switch (e->kind) {
    case EVENT_FAULT:
    case EVENT_DOUBLE_FAULT:
    case EVENT_MESSAGE:
    case EVENT_REPLY:
    case EVENT_REPLY_NOBODY:
    case EVENT_WRITE_BACK:
    case EVENT_QUEUE:
    case EVENT_CALL:
    case EVENT_ERROR:
    case EVENT_SIGNAL: return true;
    default: return false;
    }
}

/* The last events of number `from` and more that are drawn, the latest first; how many. */
static unsigned find_drawn(const struct session *s, size_t from, unsigned most, size_t *list)
{
    struct event_search q = {
        .from = from, .to = session_event_count(s), .backwards = true, .takes = is_drawn
    };
    unsigned count = 0;
    while (count < most) {
        q.most = most - count < EVENTS_SOUGHT ? most - count : EVENTS_SOUGHT;
        bool finished = session_events_find(s, &q);
        for (unsigned i = q.count; i > 0; i--) list[count++] = q.found[i - 1];
        if (!finished || q.count < q.most) break;
        q.to = q.found[0];
    }
    return count;
}

/* What happened long ago is heard again. */
static void add_again(struct maker *m, size_t from)
{
    size_t list[SEQUENCE_STEPS];
    for (unsigned left = find_drawn(m->s, from, m->room, list); left > 0; left--)
        if (session_event_hold(m->s, list[left - 1])) add_event(m, list[left - 1]);
}

void sequence_make(const struct session *s, size_t from, unsigned steps, struct sequence *q)
{
    struct maker m = { s, session_world_at(s), q, steps };
    size_t first = session_first_event(s);
    memset(q, 0, sizeof *q);
    if (m.room > SEQUENCE_STEPS) m.room = SEQUENCE_STEPS;
    if (m.room == 0) m.room = 1;
    for (size_t i = from > first ? from : first; i < session_event_count(s); i++) add_event(&m, i);
    if (first <= from || q->count == m.room) return;
    memset(q, 0, sizeof *q);
    add_again(&m, from);
}
