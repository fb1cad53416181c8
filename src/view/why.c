/* SPDX-License-Identifier: BSD-2-Clause */
/* Why a thread is where it is: the event that brought it there, who could bring it on, and with which
 * capability; where nobody can, what became of the capability. */
#include "view/why.h"

#include <inttypes.h>
#include <string.h>

#include "view/explain.h"
#include "view/internal.h"
#include "view/picture.h"

enum { NOT_FOUND = -1, TEXT = 3 * TEXT_SIZE };

struct why {
    const struct view *v;
    const struct session *s;
    const struct world *w;
    paddr_t tcb;
    const struct tcb *t;
    char name[48];
};

/* ---- Events ---- */

/* What an event has to be. */
struct sought {
    enum event_kind kind;
    paddr_t thread; /* 0: anybody */
    unsigned field;
    word_t value;
};

static bool is_sought(void *context, const struct session *s, size_t i, const struct event *e)
{
    const struct sought *sought = context;
    (void)s, (void)i;
    return e->kind == sought->kind && (!sought->thread || e->thread == sought->thread) &&
           e->arg[sought->field] == sought->value;
}

/* The last event of a kind about the thread; NOT_FOUND: none. Others may be held no more then. */
static long last_event(const struct why *y, enum event_kind kind, unsigned field, word_t value)
{
    struct sought sought = { kind, kind == EVENT_STATE ? y->tcb : 0, field, value };
    size_t found = session_event_last(y->s, session_event_count(y->s), is_sought, &sought);
    return found == EVENT_NONE ? NOT_FOUND : (long)found;
}

/* The event of a kind in the same kernel entry; NULL: none. */
static const struct event *beside(const struct why *y, long at, enum event_kind kind)
{
    size_t count = session_event_count(y->s);
    size_t from = (size_t)at;
    while (from > 0 && session_event_is_held(y->s, from) &&
           session_event(y->s, from)->kind != EVENT_TRAP)
        from--;
    for (size_t i = from; i < count; i++) {
        const struct event *e = session_event(y->s, i);
        if (i > (size_t)at && (e->kind == EVENT_TRAP || !session_event_is_held(y->s, i))) break;
        if (e->kind == kind) return e;
    }
    return NULL;
}

static void position_add(const struct why *y, char *text, const char *before, long event)
{
    char at[48];
    if (event == NOT_FOUND) return;
    if (!view_event_position(y->s, (size_t)event, at, sizeof at) && strcmp(before, "at") == 0)
        before = "";
    text_add(text, TEXT, "%s%s %s", *before ? " " : "", before, at);
}

/* ---- Who could ---- */

static unsigned tell_power(const struct why *y, enum power power, const char *can,
                           const char *nobody)
{
    char text[TEXT] = "";
    if (view_powerful(y->s, y->tcb, power, text, sizeof text))
        text_add(text, sizeof text, " %s.", can);
    else
        snprintf(text, sizeof text, "%s", nobody);
    return view_text(y->v, text, INDENT, INDENT, 2);
}

static void tell_resume(const struct why *y, const char *remark, unsigned lines)
{
    char who[TEXT] = "", text[2 * TEXT];
    if (view_powerful(y->s, y->tcb, POWER_RESUME, who, sizeof who))
        snprintf(text, sizeof text, "To resume it%s: %s.", remark, who);
    else
        snprintf(text, sizeof text, "Nobody has its TCB to resume it.");
    view_text(y->v, text, INDENT, INDENT, lines);
}

/* ---- A right to answer that is gone ---- */

static bool is_deletion(void *context, const struct session *s, size_t i, const struct event *e)
{
    paddr_t *slot = context;
    (void)s, (void)i;
    if (e->kind == EVENT_CAP_MOVE && e->arg[1] == *slot) *slot = e->arg[0];
    return e->kind == EVENT_CAP_DELETE && e->arg[0] == *slot && e->arg[1] == CAP_REPLY;
}

/* The event that deleted it: followed from the slot that it was put into, through moves. */
static long reply_deleted_at(const struct why *y, long given)
{
    paddr_t slot = tcb_slot(session_event(y->s, (size_t)given)->arg[1], TCB_CALLER);
    struct event_search q = { .from = (size_t)given,
                              .to = session_event_count(y->s),
                              .most = 1,
                              .takes = is_deletion,
                              .context = &slot };
    bool found = session_events_find(y->s, &q) && q.count && session_event_hold(y->s, q.found[0]);
    return found ? (long)q.found[0] : NOT_FOUND;
}

static unsigned tell_deleted(const struct why *y, long at)
{
    char text[TEXT] = "Nobody can answer it", name[48];
    if (at != NOT_FOUND) {
        const struct event *e = session_event(y->s, (size_t)at), *call = beside(y, at, EVENT_CALL);
        view_thread_name(y->s, e->thread, name, sizeof name);
        text_add(text, sizeof text, ": the reply capability was deleted");
        position_add(y, text, "at", at);
        const struct invocation_desc *row = call ? event_invocation(y->w, call) : NULL;
        if (row)
            text_add(text, sizeof text, ", by %s's seL4_%s_%s", name, row->interface, row->method);
        else
            text_add(text, sizeof text, ", when %s received again without answering", name);
    }
    text_add(text, sizeof text, ".");
    return view_text(y->v, text, INDENT, INDENT, 2);
}

/* ---- States ---- */

/* Its last fault, when it was one of receiving through what does not fit. */
static void unfit_add(const struct why *y, char *text, size_t size)
{
    struct sought sought = { EVENT_FAULT, y->tcb, 0, FAULT_CAP };
    struct unfit unfit;
    size_t i = session_event_last(y->s, session_event_count(y->s), is_sought, &sought);
    if (i != EVENT_NONE && session_event_hold(y->s, i) && view_fault_unfit(y->s, i, &unfit))
        text_add(text, size, ", while receiving: %s", unfit.text);
}

static void fault_add(const struct why *y, char *text)
{
    const struct fault *f = &y->t->fault;
    if (f->kind == FAULT_NONE || f->kind >= FAULT_KIND_COUNT) return;
    text_add(text, TEXT, "%s", fault_table[f->kind].phrase);
    if (f->kind == FAULT_VM || f->kind == FAULT_CAP)
        text_add(text, TEXT, " at 0x%" PRIx64, f->word[0]);
    if (f->kind == FAULT_UNKNOWN_SYSCALL)
        text_add(text, TEXT, f->word[0] <= SYSCALL_COUNTED_MOST ? " %" PRIu64 : " %#" PRIx64,
                 f->word[0]);
    if (f->kind == FAULT_CAP) unfit_add(y, text, TEXT);
}

static unsigned tell_first(const struct why *y, const char *what, unsigned lines)
{
    char text[TEXT];
    snprintf(text, sizeof text, "%s is %s", y->name, tcb_state_name(y->t->state));
    position_add(y, text, "since", last_event(y, EVENT_STATE, 1, y->t->state));
    text_add(text, sizeof text, ": %s.", what);
    return view_text(y->v, text, INDENT, INDENT, lines);
}

/* Within the entry that answers: the right is used up, and the thread waits a few phases longer. */
static void tell_answered(const struct why *y, long at)
{
    char what[TEXT], name[48];
    view_thread_name(y->s, session_event(y->s, (size_t)at)->thread, name, sizeof name);
    snprintf(what, sizeof what, "%s answers it in this very kernel entry, which is not over yet",
             name);
    tell_first(y, what, 2);
}

static void why_reply(const struct why *y)
{
    char what[TEXT] = "", unused[TEXT] = "";
    bool can = view_powerful(y->s, y->tcb, POWER_ANSWER, unused, sizeof unused);
    long given = can ? NOT_FOUND : last_event(y, EVENT_REPLY_CAP, 0, y->tcb);
    long deleted = given == NOT_FOUND ? NOT_FOUND : reply_deleted_at(y, given);
    if (deleted != NOT_FOUND && deletion_answers(y->s, (size_t)deleted)) {
        tell_answered(y, deleted);
        return;
    }
    fault_add(y, what);
    if (!*what) snprintf(what, sizeof what, "its call has arrived and waits for the answer");
    unsigned lines = tell_first(y, what, 2);
    if (can)
        lines += tell_power(y, POWER_ANSWER, "can answer", "");
    else
        lines += tell_deleted(y, deleted);
    tell_resume(y, " (nothing is written back)", lines < 2 ? 4 - lines : 2);
}

/* Who waits for a message is woken by a signal of the notification that is bound to it, too. */
static void tell_bound(const struct why *y)
{
    char who[TEXT] = "", object[64], text[2 * TEXT];
    view_object_name(y->s, y->t->bound_notification, object, sizeof object);
    if (view_powerful(y->s, y->tcb, POWER_SIGNAL, who, sizeof who))
        snprintf(text, sizeof text, "A signal of %s, bound to it, wakes it, too: %s.", object, who);
    else
        snprintf(text, sizeof text, "%s is bound to it, but nobody else can signal.", object);
    view_text(y->v, text, INDENT, INDENT, 1);
}

static void why_endpoint(const struct why *y)
{
    char what[TEXT] = "", object[64];
    bool sends = y->t->state == TCB_BLOCKED_ON_SEND;
    view_object_name(y->s, y->t->blocking_object, object, sizeof object);
    if (sends) fault_add(y, what);
    text_add(what, sizeof what, "%s%s %s", *what ? ", and " : "",
             sends ? "nobody receives on" : "nobody has sent on", object);
    tell_first(y, what, 2);
    tell_power(y, sends ? POWER_RECEIVE : POWER_SEND,
               sends ? "can receive there" : "can send there",
               sends ? "Nobody else can receive there: nobody has the right to."
                     : "Nobody else can send there: nobody has the right to.");
    if (!sends && y->t->bound_notification) tell_bound(y);
}

static void why_notification(const struct why *y)
{
    char what[TEXT], object[64];
    view_object_name(y->s, y->t->blocking_object, object, sizeof object);
    snprintf(what, sizeof what, "nobody has signalled %s", object);
    tell_first(y, what, 2);
    tell_power(y, POWER_SIGNAL, "can signal it", "Nobody else has the right to signal it.");
}

static void inactive_cause(const struct why *y, long at, char *what, size_t size)
{
    const struct event *call = beside(y, at, EVENT_CALL), *reply = beside(y, at, EVENT_REPLY);
    const struct event *found = beside(y, at, EVENT_DOUBLE_FAULT);
    char by[48] = "";
    if (call || reply) view_thread_name(y->s, (call ? call : reply)->thread, by, sizeof by);
    if (found && found->thread == y->tcb) {
        /* The TCB does not keep such a fault: the event does. */
        word_t kind = found->arg[0] < FAULT_KIND_COUNT ? found->arg[0] : FAULT_NONE;
        snprintf(what, size, "it faulted (%s", fault_table[kind].phrase);
        if (kind == FAULT_CAP) unfit_add(y, what, size);
        text_add(what, size, "), and the kernel found no fault handler");
        if (!kernel_config(y->w)->mcs)
            text_add(what, size, " at CPtr %" PRIu64, y->t->fault_handler);
    } else if (reply && reply->arg[0] == y->tcb) {
        snprintf(what, size, "%s's reply had label %" PRIu64 ": only label 0 lets it go on", by,
                 reply->arg[1]);
    } else if (call && event_invocation(y->w, call)) {
        const struct invocation_desc *row = event_invocation(y->w, call);
        snprintf(what, size, "%s's seL4_%s_%s stopped it", by, row->interface, row->method);
    } else if (beside(y, at, EVENT_MESSAGE)) {
        snprintf(what, size, "it called without Grant or GrantReply, so nobody can ever answer it");
    } else {
        snprintf(what, size, "what it waited for was taken away");
    }
}

static void why_inactive(const struct why *y)
{
    char what[TEXT] = "nobody has started it yet";
    long at = last_event(y, EVENT_STATE, 1, TCB_INACTIVE);
    if (at != NOT_FOUND) inactive_cause(y, at, what, sizeof what);
    unsigned lines = tell_first(y, what, 3);
    tell_resume(y, "", lines < 3 ? 2 : 1);
}

static void why_runnable(const struct why *y)
{
    const struct kernel *k = kernel_at(y->w);
    char other[48];
    unsigned phases, phase = session_phase(y->s, &phases, &(struct event){ .kind = EVENT_TRAP });
    if (phase && k->current == y->tcb && y->t->state != TCB_IDLE) {
        view_line(y->v,
                  "  %s is not blocked: it is in the kernel, in phase %u of %u of this entry.",
                  y->name, phase, phases);
    } else if (y->t->state == TCB_IDLE) {
        view_line(y->v, "  %s runs when no other thread can.", y->name);
    } else if (hand_waits(y->w, y->tcb)) {
        view_line(y->v, "  %s is not blocked: it waits for what you type (`as %s`).", y->name,
                  y->name);
    } else if (k->current == y->tcb) {
        view_line(y->v, "  %s is not blocked: it runs, at 0x%" PRIx64 ".", y->name,
                  thread_next_ip(y->w, y->tcb));
    } else {
        view_thread_name(y->s, k->current, other, sizeof other);
        char text[TEXT];
        snprintf(text, sizeof text,
                 "%s is not blocked: it can run. Now %s does (priority %u; %s has %u).", y->name,
                 other, tcb_at(y->w, k->current)->priority, y->name, y->t->priority);
        view_text(y->v, text, INDENT, INDENT, 2);
    }
}

void view_why(const struct view *v, paddr_t tcb)
{
    struct why y = { .v = v, .s = v->session, .w = view_world(v), .tcb = tcb };
    y.t = tcb_at(y.w, tcb);
    view_thread_name(y.s, tcb, y.name, sizeof y.name);
    switch (y.t->state) {
    case TCB_BLOCKED_ON_REPLY: why_reply(&y); return;
    case TCB_BLOCKED_ON_SEND:
    case TCB_BLOCKED_ON_RECEIVE: why_endpoint(&y); return;
    case TCB_BLOCKED_ON_NOTIFICATION: why_notification(&y); return;
    case TCB_INACTIVE: why_inactive(&y); return;
    default: why_runnable(&y); return;
    }
}
