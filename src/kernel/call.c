/* SPDX-License-Identifier: BSD-2-Clause */
/* An invocation from the system call to the answer: the message is read, the
 * capabilities are looked up, the call is decoded (decode.c), carried out and answered (answer.c).
 *
 * seL4: src/api/syscall.c handleInvocation, src/object/tcb.c lookupExtraCaps.
 * Prediction runs the same code, deaf. */
#include "kernel/internal.h"

#include <inttypes.h>
#include <string.h>

_Static_assert(CAP_NULL == 0, "a null capability is all zeros");

/* Where the CPtrs of extra capabilities lie in an IPC buffer, in words. */
enum { BUFFER_EXTRA_CAPS = MESSAGE_MAX_LENGTH + 2 };

_Static_assert(CTX_R15 == CTX_MR0 + MESSAGE_REGISTERS - 1, "message registers are neighbours");

/* ---- The message ---- */

static word_t message_length_cut(word_t info, bool has_buffer)
{
    word_t length = message_length(info);
    if (length > MESSAGE_MAX_LENGTH) length = MESSAGE_MAX_LENGTH;
    return length > MESSAGE_REGISTERS && !has_buffer ? MESSAGE_REGISTERS : length;
}

/* The message of a thread as its registers and buffer hold it; extra capabilities not looked up.
 * Field by field: this is done at each system call, and zeros that are overwritten cost as much. Structures
 * that are made elsewhere and copied cost more: words just written are read again in pairs, which waits. */
static struct call_message call_message_of(const struct world *w, paddr_t tcb)
{
    const word_t *context = tcb_at(w, tcb)->context;
    struct call_message m;
    m.thread = tcb;
    m.cptr = context[CTX_CAP];
    m.buffer = tcb_ipc_buffer(w, tcb, false);
    m.slot = 0;
    memset(&m.cap, 0, sizeof m.cap);
    m.blocking = m.call = false;
    memset(m.extra, 0, sizeof m.extra); /* null capabilities */
    memset(m.extra_slot, 0, sizeof m.extra_slot);
    m.label = message_label(context[CTX_MSG_INFO]);
    m.length = message_length_cut(context[CTX_MSG_INFO], m.buffer != 0);
    for (unsigned i = 0; i < MESSAGE_REGISTERS; i++) m.reg[i] = context[CTX_MR0 + i];
    return m;
}

/* lookupExtraCaps. Stops at the first that cannot be looked up; its CPtr in *cptr. */
static struct lookup_failure lookup_extra_caps(const struct world *w, struct call_message *m,
                                               word_t count, word_t *cptr)
{
    struct lookup_failure failure = { .type = LOOKUP_OK };
    if (!m->buffer) return failure;
    for (unsigned i = 0; i < count; i++) {
        *cptr = memory_word(w, m->buffer + (BUFFER_EXTRA_CAPS + i) * sizeof(word_t));
        m->extra_slot[i] = lookup_slot(w, m->thread, *cptr, &failure);
        if (!m->extra_slot[i]) break;
        m->extra[i] = cte_at(w, m->extra_slot[i])->cap;
    }
    return failure;
}

/* ---- Decode ---- */

static enum progress invoke_endpoint(struct world *w, const struct invocation *i)
{
    struct cap cap = i->cap[0];
    struct ipc_send how = { .blocking = i->blocking,
                            .call = i->call,
                            .can_grant = cap_endpoint_can_grant(cap),
                            .can_grant_reply = cap_endpoint_can_grant_reply(cap),
                            .badge = cap_endpoint_badge(cap) };
    endpoint_send(w, i->target, i->thread, how);
    return PROGRESS_DONE;
}

static enum progress invoke_notification(struct world *w, const struct invocation *i)
{
    notification_signal(w, i->target, cap_notification_badge(i->cap[0]));
    return PROGRESS_DONE;
}

static enum progress invoke_reply(struct world *w, const struct invocation *i)
{
    reply_transfer(w, i->thread, i->target, i->slot[0], cap_reply_can_grant(i->cap[0]));
    return PROGRESS_DONE;
}

/* Capabilities that carry messages: nothing of the message has to be decoded. False: it is none that may
 * be sent to. */
static bool ipc_take(struct cap cap, paddr_t slot, struct invocation *i)
{
    enum cap_type type = cap_type(cap);
    if (type == CAP_ENDPOINT && cap_endpoint_can_send(cap))
        i->invoke = invoke_endpoint;
    else if (type == CAP_NOTIFICATION && cap_notification_can_send(cap))
        i->invoke = invoke_notification;
    else if (type == CAP_REPLY && !cap_reply_is_object(cap) && !cap_reply_is_master(cap))
        i->invoke = invoke_reply;
    else
        return false;
    i->target = cap_object(cap);
    i->slot[0] = slot;
    i->cap[0] = cap;
    return true;
}

static void invocation_begin(const struct call_message *m, struct invocation *i)
{
    i->thread = m->thread;
    i->label = m->label;
    i->call = m->call;
    i->blocking = m->blocking;
}

struct decoded decode_invocation(const struct world *w, const struct call_message *m)
{
    struct decoded d = { .refusal = { .error = SEL4_NoError } };
    if (!ipc_take(m->cap, m->slot, &d.invocation)) d = decode_by_type(w, m);
    invocation_begin(m, &d.invocation);
    return d;
}

/* ---- handleInvocation ---- */

static OUT_OF_LINE void fault_in_send_phase(struct world *w, paddr_t thread, bool blocking,
                                            word_t cptr, struct lookup_failure failure)
{
    struct fault fault = { .kind = FAULT_CAP, .word = { cptr, false } };
    if (blocking) fault_handle(w, thread, fault, failure);
}

/* Looks up the other capabilities that the message names. False: the thread has faulted, or would have. */
static bool message_lookup(struct world *w, struct call_message *m, word_t info)
{
    word_t cptr = 0;
    struct lookup_failure failure = lookup_extra_caps(w, m, message_caps(info), &cptr);
    if (failure.type != LOOKUP_OK) {
        user_error(w, "handleInvocation", "Lookup of extra caps failed.");
        fault_in_send_phase(w, m->thread, m->blocking, cptr, failure);
        return false;
    }
    if (message_length(info) > MESSAGE_REGISTERS && !m->buffer)
        user_error(w, "handleInvocation",
                   "Warning: No IPC buffer for thread. Truncating message length to: %d.",
                   MESSAGE_REGISTERS);
    return true;
}

static enum progress carry_out(struct world *w, const struct invocation *i)
{
    tcb_set_state(w, i->thread, TCB_RESTART);
    enum progress progress = i->invoke(w, i);
    if (progress == PROGRESS_PREEMPTED) return progress;
    if (tcb_at(w, i->thread)->state == TCB_RESTART) {
        if (i->call && progress == PROGRESS_DONE) answer_words(w, i->thread, SEL4_NoError, NULL, 0);
        tcb_set_state(w, i->thread, TCB_RUNNING);
    }
    return PROGRESS_DONE;
}

/* The message is read as a whole, decoded and carried out. */
static OUT_OF_LINE enum progress handle_message(struct world *w, struct call_message *m,
                                                word_t info)
{
    if (!message_lookup(w, m, info)) return PROGRESS_DONE;
    event_emit(w, EVENT_CALL, m->thread, m->label, m->slot, m->cptr, cap_type(m->cap));
    struct decoded d = decode_invocation(w, m);
    if (d.refusal.error == SEL4_NoError) return carry_out(w, &d.invocation);
    answer_refusal(w, m, &d.refusal);
    return PROGRESS_DONE;
}

enum progress handle_invocation(struct world *w, bool call, bool blocking)
{
    paddr_t thread = kernel_at(w)->current;
    word_t cptr = tcb_reg(w, thread, CTX_CAP), info = tcb_reg(w, thread, CTX_MSG_INFO);
    struct lookup_failure failure;
    paddr_t slot = lookup_slot(w, thread, cptr, &failure);
    if (!slot) {
        user_error(w, "handleInvocation", "Invocation of invalid cap #%" PRIu64 ".", cptr);
        fault_in_send_phase(w, thread, blocking, cptr, failure);
        return PROGRESS_DONE;
    }

    struct cap cap = cte_at(w, slot)->cap;
    struct invocation ipc; /* of which only so much is filled and read */
    if (!message_needs_buffer(info) && ipc_take(cap, slot, &ipc)) {
        ipc.thread = thread;
        ipc.call = call;
        ipc.blocking = blocking;
        event_emit(w, EVENT_CALL, thread, message_label(info), slot, cptr, cap_type(cap));
        return carry_out(w, &ipc);
    }
    struct call_message m = call_message_of(w, thread);
    m.call = call;
    m.blocking = blocking;
    m.cap = cap;
    m.slot = slot;
    return handle_message(w, &m, info);
}

/* A CPtr that cannot be looked up is a fault, not an error: it comes out as a failed lookup. */
static struct decoded predict_fault(word_t cptr, struct lookup_failure failure, const char *text)
{
    struct decoded d = refuse(SEL4_FailedLookup, "handleInvocation", text);
    d.refusal.lookup = failure;
    d.refusal.text_word[0] = cptr;
    return d;
}

struct decoded kernel_predict(const struct world *w, paddr_t tcb, word_t cptr, word_t info)
{
    struct world deaf = *w;
    deaf.hear = NULL;
    struct call_message m = call_message_of(&deaf, tcb);
    m.cptr = cptr;
    m.label = message_label(info);
    m.length = message_length_cut(info, m.buffer != 0);
    m.call = m.blocking = true;
    for (unsigned i = 0; i < MESSAGE_REGISTERS; i++)
        m.reg[i] = thread_register(&deaf, tcb, CTX_MR0 + i);

    struct lookup_failure failure;
    m.slot = lookup_slot(&deaf, tcb, cptr, &failure);
    if (!m.slot) return predict_fault(cptr, failure, "Invocation of invalid cap #%" PRIu64 ".");
    m.cap = cte_at(w, m.slot)->cap;
    failure = lookup_extra_caps(&deaf, &m, message_caps(info), &cptr);
    if (failure.type != LOOKUP_OK)
        return predict_fault(cptr, failure, "Lookup of extra caps failed.");
    return decode_invocation(&deaf, &m);
}
