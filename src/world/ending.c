/* SPDX-License-Identifier: BSD-2-Clause */
#include "world/ending.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "world/boot.h"
#include "world/names.h"

struct telling {
    const struct world *w;
    const struct ending *ending;
    void (*say)(void *context, const char *text);
    void *context;
    bool any;
};

__attribute__((format(printf, 2, 3))) static void tell(struct telling *t, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    t->say(t->context, text);
}

void ending_hear(struct ending *e, const struct event *event)
{
    if (event->kind != EVENT_DOUBLE_FAULT) return;
    unsigned i = 0;
    while (i < e->count && e->fault[i].tcb != event->thread) i++;
    if (i == ENDING_FAULTS) i = 0;
    if (i == e->count) e->count++;
    e->fault[i].tcb = event->thread;
    e->fault[i].kind = event->arg[0];
}

/* ---- Threads ---- */

static const char *unhandled_fault(const struct telling *t, paddr_t tcb)
{
    for (unsigned i = 0; t->ending && i < t->ending->count; i++)
        if (t->ending->fault[i].tcb == tcb && t->ending->fault[i].kind < FAULT_KIND_COUNT)
            return fault_table[t->ending->fault[i].kind].phrase;
    return NULL;
}

static void tell_handler(struct telling *t, paddr_t tcb)
{
    word_t cptr = tcb_at(t->w, tcb)->fault_handler;
    if (kernel_config(t->w)->mcs || !cptr)
        tell(t, "  it has no fault handler: nobody is told, and it stays stopped");
    else
        tell(t, "  its fault handler, CPtr 0x%" PRIx64 ", leads to no endpoint it may send to",
             cptr);
}

static bool has_space(const struct world *w, paddr_t tcb)
{
    paddr_t at;
    return cap_type(cte_at(w, tcb_slot(tcb, TCB_VTABLE))->cap) == CAP_PML4 &&
           kernel_translate(w, tcb, thread_register(w, tcb, CTX_FAULT_IP), &at);
}

static void tell_inactive(struct telling *t, paddr_t tcb)
{
    const char *fault = unhandled_fault(t, tcb), *wants = thread_wants_processor(t->w, tcb);
    tell(t, "%s: inactive, at 0x%" PRIx64 ", %s%s", thread_name(t->w, tcb),
         thread_register(t->w, tcb, CTX_FAULT_IP), fault ? "since its " : "",
         fault ? fault : "and nobody resumes it");
    if (fault) tell_handler(t, tcb);
    if (wants) tell(t, "  %s", wants);
    if (fault && thread_register(t->w, tcb, CTX_FAULT_IP) == 0)
        tell(t, "  it went to address 0: a null function pointer, or `main` has returned");
    else if (!has_space(t->w, tcb))
        tell(t,
             "  its address space is gone, or its code is unmapped: no instruction can be fetched");
    if (cap_type(cte_at(t->w, tcb_slot(tcb, TCB_CTABLE))->cap) != CAP_CNODE)
        tell(t, "  its CSpace is gone: none of its capabilities can be found any more");
}

static const char *waits_for(const struct tcb *t)
{
    switch (t->state) {
    case TCB_BLOCKED_ON_SEND: return "until somebody receives at endpoint";
    case TCB_BLOCKED_ON_RECEIVE: return "until somebody sends to endpoint";
    default: return "until somebody signals notification";
    }
}

static void tell_thread(struct telling *t, paddr_t tcb)
{
    const struct tcb *thread = tcb_at(t->w, tcb);
    const char *name = thread_name(t->w, tcb), *state = tcb_state_name(thread->state);
    word_t ip = thread_register(t->w, tcb, CTX_FAULT_IP);
    t->any = true;
    switch (thread->state) {
    case TCB_INACTIVE: tell_inactive(t, tcb); break;
    case TCB_BLOCKED_ON_SEND:
    case TCB_BLOCKED_ON_RECEIVE:
    case TCB_BLOCKED_ON_NOTIFICATION:
        tell(t, "%s: %s, at 0x%" PRIx64 ", %s 0x%" PRIx64, name, state, ip, waits_for(thread),
             thread->blocking_object);
        break;
    case TCB_BLOCKED_ON_REPLY:
        tell(t, "%s: %s, at 0x%" PRIx64 ", until who has its call or fault answers", name, state,
             ip);
        break;
    default:
        tell(t, "%s: %s, at 0x%" PRIx64 ", but its domain's turn never comes", name, state, ip);
        break;
    }
}

void ending_explain(const struct world *w, const struct ending *e,
                    void (*say)(void *context, const char *text), void *context)
{
    struct telling t = { .w = w, .ending = e, .say = say, .context = context };
    const struct kernel *k = kernel_at(w);
    for (paddr_t tcb = k->debug_tcbs; tcb; tcb = tcb_debug_at(w, tcb)->next)
        if (tcb != k->idle) tell_thread(&t, tcb);
    if (!t.any) tell(&t, "there is none: the last capability to the last thread's TCB was deleted");
    tell(
        &t,
        "tip: `faultline boot IMAGE --prompt` and `continue`; there `timeline` and `back` show how "
        "it came to this");
}
