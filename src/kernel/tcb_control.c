/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations on a thread's running: priorities, Suspend, Resume, the notification bound to it.
 * seL4: src/object/tcb.c decodeSetPriority and the functions around it. */
#include "kernel/internal.h"

#include <inttypes.h>

/* ---- priorities ---- */

enum { SET_PRIORITY = 1, SET_MCP = 2 };

static enum progress invoke_set_sched(struct world *w, const struct invocation *i)
{
    if (i->arg[0] & SET_MCP) tcb_set_mcp(w, i->target, i->arg[1]);
    if (i->arg[0] & SET_PRIORITY) tcb_set_priority(w, i->target, i->arg[2]);
    return PROGRESS_DONE;
}

/* A bound on what is asked for: the authority's MCP, not the target's. */
static bool above_authority(const struct world *w, const struct call_message *m, word_t priority,
                            struct decoded *d, const char *where, const char *text)
{
    word_t max = tcb_at(w, cap_object(m->extra[0]))->mcp;
    if (priority <= max) return false;
    *d = refuse(SEL4_RangeError, where, text);
    d->refusal.word[1] = d->refusal.text_word[1] = max;
    d->refusal.text_word[0] = priority;
    return true;
}

static bool authority_refused(const struct call_message *m, unsigned words, struct decoded *d,
                              const char *where, const char *truncated, const char *no_tcb)
{
    if (m->length < words || !m->extra_slot[0]) {
        *d = refuse(SEL4_TruncatedMessage, where, truncated);
        return true;
    }
    if (cap_type(m->extra[0]) == CAP_THREAD) return false;
    *d = refuse(SEL4_InvalidCapability, where, no_tcb);
    d->refusal.word[0] = 1;
    return true;
}

static struct decoded accept_sched(const struct call_message *m, word_t update, word_t mcp,
                                   word_t priority)
{
    struct decoded d = tcb_accept(m, invoke_set_sched);
    d.invocation.arg[0] = update;
    d.invocation.arg[1] = mcp;
    d.invocation.arg[2] = priority;
    return d;
}

struct decoded decode_tcb_set_priority(const struct world *w, const struct call_message *m)
{
    static const char where[] = "decodeSetPriority";
    struct decoded d;
    if (authority_refused(m, 1, &d, where, "TCB SetPriority: Truncated message.",
                          "Set priority: authority cap not a TCB."))
        return d;
    word_t priority = message_word(w, m, 0);
    if (above_authority(w, m, priority, &d, where,
                        "TCB SetPriority: Requested priority %" PRIu64 " too high (max %" PRIu64
                        ")."))
        return d;
    return accept_sched(m, SET_PRIORITY, 0, priority);
}

struct decoded decode_tcb_set_mc_priority(const struct world *w, const struct call_message *m)
{
    static const char where[] = "decodeSetMCPriority";
    struct decoded d;
    if (authority_refused(m, 1, &d, where, "TCB SetMCPriority: Truncated message.",
                          "TCB SetMCPriority: authority cap not a TCB."))
        return d;
    word_t mcp = message_word(w, m, 0);
    if (above_authority(w, m, mcp, &d, where,
                        "TCB SetMCPriority: Requested maximum controlled priority %" PRIu64
                        " too high (max %" PRIu64 ")."))
        return d;
    return accept_sched(m, SET_MCP, mcp, 0);
}

struct decoded decode_tcb_set_sched_params(const struct world *w, const struct call_message *m)
{
    static const char where[] = "decodeSetSchedParams";
    struct decoded d;
    if (kernel_config(w)->mcs) return decode_unmodelled(w, m);
    if (authority_refused(m, 2, &d, where, "TCB SetSchedParams: Truncated message.",
                          "TCB SetSchedParams: authority cap not a TCB."))
        return d;
    word_t mcp = message_word(w, m, 0), priority = message_word(w, m, 1);
    if (above_authority(w, m, mcp, &d, where,
                        "TCB SetSchedParams: Requested maximum controlled priority %" PRIu64
                        " too high (max %" PRIu64 ").") ||
        above_authority(w, m, priority, &d, where,
                        "TCB SetSchedParams: Requested priority %" PRIu64 " too high (max %" PRIu64
                        ")."))
        return d;
    return accept_sched(m, SET_MCP | SET_PRIORITY, mcp, priority);
}

/* ---- Suspend, Resume ---- */

static enum progress invoke_suspend(struct world *w, const struct invocation *i)
{
    thread_suspend(w, i->target);
    return PROGRESS_DONE;
}

struct decoded decode_tcb_suspend(const struct world *w, const struct call_message *m)
{
    (void)w;
    return tcb_accept(m, invoke_suspend);
}

static enum progress invoke_resume(struct world *w, const struct invocation *i)
{
    thread_restart(w, i->target);
    return PROGRESS_DONE;
}

struct decoded decode_tcb_resume(const struct world *w, const struct call_message *m)
{
    (void)w;
    return tcb_accept(m, invoke_resume);
}

/* ---- bound notifications ---- */

static enum progress invoke_bind_notification(struct world *w, const struct invocation *i)
{
    notification_bind(w, i->target, i->arg[0]);
    return PROGRESS_DONE;
}

struct decoded decode_tcb_bind_notification(const struct world *w, const struct call_message *m)
{
    static const char where[] = "decodeBindNotification";
    if (!m->extra_slot[0])
        return refuse(SEL4_TruncatedMessage, where, "TCB BindNotification: Truncated message.");
    if (tcb_at(w, cap_object(m->cap))->bound_notification)
        return refuse(SEL4_IllegalOperation, where,
                      "TCB BindNotification: TCB already has a bound notification.");
    if (cap_type(m->extra[0]) != CAP_NOTIFICATION)
        return refuse(SEL4_IllegalOperation, where,
                      "TCB BindNotification: Notification is invalid.");
    if (!cap_notification_can_receive(m->extra[0]))
        return refuse(SEL4_IllegalOperation, where,
                      "TCB BindNotification: Insufficient access rights");
    const struct notification *n = notification_at(w, cap_object(m->extra[0]));
    if (n->head || n->bound_tcb)
        return refuse(SEL4_IllegalOperation, where,
                      "TCB BindNotification: Notification cannot be bound.");
    struct decoded d = tcb_accept(m, invoke_bind_notification);
    d.invocation.arg[0] = cap_object(m->extra[0]);
    return d;
}

static enum progress invoke_unbind_notification(struct world *w, const struct invocation *i)
{
    notification_unbind_tcb(w, i->target);
    return PROGRESS_DONE;
}

struct decoded decode_tcb_unbind_notification(const struct world *w, const struct call_message *m)
{
    if (!tcb_at(w, cap_object(m->cap))->bound_notification)
        return refuse(SEL4_IllegalOperation, "decodeUnbindNotification",
                      "TCB UnbindNotification: TCB already has no bound Notification.");
    return tcb_accept(m, invoke_unbind_notification);
}
