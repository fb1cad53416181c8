/* SPDX-License-Identifier: BSD-2-Clause */
/* What a call would come to, in words. Invocations are told from what the kernel's own decoding found;
 * messages from who stands at the endpoint. seL4: src/api/syscall.c, src/object/endpoint.c. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "view/internal.h"

struct foresight {
    const struct view *v;
    const struct world *w;
    const struct call *call;
    paddr_t seat;
    enum syscall id;
    struct cap cap; /* invoked */
    char name[48];  /* of the seat's thread */
    char text[4 * TEXT_SIZE];
};

__attribute__((format(printf, 2, 3))) static void would(struct foresight *f, const char *format,
                                                        ...)
{
    char text[2 * TEXT_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    text_add(f->text, sizeof f->text, "%s%s", *f->text ? " " : "", text);
}

/* ---- Sending ---- */

static void would_meet_receiver(struct foresight *f, paddr_t receiver)
{
    char other[48];
    view_thread_name(f->v->session, receiver, other, sizeof other);
    would(f, "%s waits there and would get it, with badge 0x%" PRIx64 ".", other,
          cap_endpoint_badge(f->cap));
    if (f->id != SYS_Call) return;
    if (cap_endpoint_can_grant(f->cap) || cap_endpoint_can_grant_reply(f->cap))
        would(f, "%s would wait for its answer.", f->name);
    else
        would(f, "Without Grant or GrantReply nobody could answer: %s would become inactive.",
              f->name);
}

static void would_send(struct foresight *f)
{
    paddr_t endpoint = cap_object(f->cap);
    if (!cap_endpoint_can_send(f->cap))
        would(f, f->id == SYS_Call ? "No Write right: it would be refused, seL4_InvalidCapability."
                                   : "No Write right: nothing would happen, and nobody says so.");
    else if (endpoint_state(f->w, endpoint) == ENDPOINT_RECEIVE)
        would_meet_receiver(f, endpoint_at(f->w, endpoint)->head);
    else if (f->id == SYS_NBSend)
        would(f, "Nobody waits to receive: the message would be dropped.");
    else
        would(f, "Nobody waits to receive: %s would block until somebody does.", f->name);
}

static void would_signal(struct foresight *f)
{
    paddr_t notification = cap_object(f->cap);
    const struct notification *n = notification_at(f->w, notification);
    word_t badge = cap_notification_badge(f->cap);
    paddr_t bound = n->bound_tcb;
    bool bound_waits = bound && tcb_at(f->w, bound)->state == TCB_BLOCKED_ON_RECEIVE;
    bool waits = notification_state(f->w, notification) == NOTIFICATION_WAITING;
    char other[48];
    view_thread_name(f->v->session, waits ? n->head : bound, other, sizeof other);
    if (!cap_notification_can_send(f->cap))
        would(f, "No Write right: no signal would be given.");
    else if (waits || bound_waits)
        would(f, "%s waits for it and would wake up with badge 0x%" PRIx64 ".", other, badge);
    else
        would(f, "Nobody waits: the word would be kept, 0x%" PRIx64 ".",
              badge |
                  (notification_state(f->w, notification) == NOTIFICATION_ACTIVE ? n->badge : 0));
}

/* ---- Replying and receiving ---- */

static bool writes_fault_ip(unsigned kind, unsigned words)
{
    for (unsigned i = 0; i < words; i++)
        if (fault_table[kind].word[i].index == CTX_FAULT_IP) return true;
    return false;
}

static void would_resume_fault(struct foresight *f, const char *other, const struct tcb *t)
{
    word_t kind = t->fault.kind, length = message_length(f->call->info);
    if (kind != FAULT_UNKNOWN_SYSCALL && kind != FAULT_USER_EXCEPTION) {
        would(f, "%s would restart at 0x%" PRIx64 ": the words of the reply are ignored.", other,
              t->context[CTX_FAULT_IP]);
        return;
    }
    unsigned words = 0;
    while (words < length && words < FAULT_WORDS && fault_table[kind].word[words].written_back)
        words++;
    would(f, "%u registers of %s would be written", words, other);
    if (message_label(f->call->info))
        would(f, "and, as the label is not 0, it would become inactive.");
    else if (!writes_fault_ip((unsigned)kind, words))
        would(f, "and it would do the same again at 0x%" PRIx64 ".", t->context[CTX_FAULT_IP]);
    else
        would(f, "and it would go on where the reply's FaultIP says.");
}

static void would_reply(struct foresight *f)
{
    paddr_t caller = thread_owes_reply(f->w, f->seat);
    char other[48];
    if (!caller) {
        would(f, "Nobody waits for %s's answer: nothing would happen.", f->name);
        return;
    }
    view_thread_name(f->v->session, caller, other, sizeof other);
    if (tcb_at(f->w, caller)->fault.kind)
        would_resume_fault(f, other, tcb_at(f->w, caller));
    else
        would(f, "%s would get the answer and go on.", other);
}

static void would_wait(struct foresight *f, bool is_there)
{
    bool blocks = f->id == SYS_Recv || f->id == SYS_ReplyRecv || f->id == SYS_Wait;
    char unfit[TEXT_SIZE];
    view_unfit(f->v->session, f->cap, f->seat, unfit, sizeof unfit);
    if (*unfit)
        would(f, "A capability fault while receiving: %s.", unfit);
    else if (is_there)
        would(f, "Something waits there already: it would come at once.");
    else if (blocks)
        would(f, "Nothing is there: %s would block.", f->name);
    else
        would(f, "Nothing is there: the badge would be 0, all else stay as it is.");
}

static void would_receive(struct foresight *f)
{
    paddr_t owed = f->id == SYS_ReplyRecv ? 0 : thread_owes_reply(f->w, f->seat);
    char other[48];
    view_thread_name(f->v->session, owed, other, sizeof other);
    if (cap_type(f->cap) == CAP_ENDPOINT) {
        paddr_t bound = tcb_at(f->w, f->seat)->bound_notification;
        bool signalled = bound && notification_state(f->w, bound) == NOTIFICATION_ACTIVE;
        would_wait(f, signalled || endpoint_state(f->w, cap_object(f->cap)) == ENDPOINT_SEND);
        if (owed && cap_endpoint_can_receive(f->cap))
            would(f, "%s is not answered yet: the right to would be lost (`savecaller` keeps it).",
                  other);
    } else if (cap_type(f->cap) == CAP_NOTIFICATION) {
        would_wait(f, notification_state(f->w, cap_object(f->cap)) == NOTIFICATION_ACTIVE);
    } else {
        would_wait(f, false);
    }
}

/* ---- Together ---- */

static void would_be_refused(const struct foresight *f, const struct decoded *d)
{
    struct call_result r = { .error = d->refusal.error, .refusal = d->refusal };
    if (f->call->invocation) {
        view_line(f->v, "  It would be refused, and nothing would change:");
        view_error(f->v, f->call, &r);
    } else {
        view_line(f->v, "  It would be refused: %s, %s.", error_table[r.error].name,
                  error_table[r.error].meaning);
    }
}

static bool cannot_be_found(struct foresight *f)
{
    paddr_t slot;
    struct lookup_failure failure = kernel_lookup_slot(f->w, f->seat, f->call->service, &slot);
    f->cap = failure.type == LOOKUP_OK ? cte_at(f->w, slot)->cap : cap_new(CAP_NULL);
    if (failure.type == LOOKUP_OK) return false;
    bool silent = f->id == SYS_NBSend;
    if (silent)
        would(f, "The CPtr cannot be found (%s): NBSend says nothing about that.",
              lookup_failure_name(failure.type));
    else
        would(f, "The CPtr cannot be found (%s): %s would get a capability fault.",
              lookup_failure_name(failure.type), f->name);
    return true;
}

static void would_invoke(struct foresight *f, const struct decoded *d)
{
    if (d->refusal.error != SEL4_NoError)
        would_be_refused(f, d);
    else
        would(f, "The kernel would do it: every check holds. Nothing was done.");
}

static void foresee_message(struct foresight *f, const struct decoded *d)
{
    bool sends = f->id == SYS_Send || f->id == SYS_NBSend || f->id == SYS_Call;
    bool receives = !sends && f->id != SYS_Reply;
    if (f->id == SYS_Reply || f->id == SYS_ReplyRecv) would_reply(f);
    if ((sends || receives) && cannot_be_found(f)) return;
    if (receives)
        would_receive(f);
    else if (sends && cap_type(f->cap) == CAP_ENDPOINT)
        would_send(f);
    else if (sends && cap_type(f->cap) == CAP_NOTIFICATION)
        would_signal(f);
    else if (sends)
        would_invoke(f, d);
}

void view_prediction(const struct view *v, const struct call *call, const struct decoded *d)
{
    struct foresight f = { .v = v, .w = view_world(v), .call = call, .text = "" };
    f.seat = session_seat(v->session);
    f.id = call->syscall ? call->syscall->id : SYS_Call;
    view_thread_name(v->session, f.seat, f.name, sizeof f.name);
    if (call->invocation) {
        if (!cannot_be_found(&f)) would_invoke(&f, d);
    } else if (call->syscall && call->syscall->direction) {
        foresee_message(&f, d);
    } else if (f.id == SYS_Yield) {
        would(&f, "Another thread of the same priority would run, if one can.");
    } else {
        would(&f, "The kernel would do it: it takes no capability.");
    }
    view_text(v, f.text, INDENT, INDENT, 3);
}
