/* SPDX-License-Identifier: BSD-2-Clause */
/* Who there is: every thread with its state in the words of the scheduler's dump, whose turn it is,
 * whose seat is taken, and what each waits for. */
#include <inttypes.h>
#include <string.h>

#include "view/internal.h"

static bool changed_since_command(const struct session *s, paddr_t tcb)
{
    size_t count = session_event_count(s);
    for (size_t i = session_command_events(s); i < count; i++) {
        const struct event *e = session_event(s, i);
        if (e->kind == EVENT_STATE && e->thread == tcb) return true;
    }
    return false;
}

static void waits_for_answer(const struct session *s, paddr_t tcb, char *text, size_t size)
{
    const struct world *w = session_world_at(s);
    paddr_t slot = thread_reply_slot(w, tcb), who = slot_thread(w, slot);
    char name[48];
    view_thread_name(s, who, name, sizeof name);
    if (who)
        snprintf(text, size, "%s's answer", name);
    else
        snprintf(text, size, slot ? "a saved answer" : "nobody can answer it");
}

static void waits_for(const struct session *s, paddr_t tcb, char *text, size_t size)
{
    const struct world *w = session_world_at(s);
    const struct tcb *t = tcb_at(w, tcb);
    text[0] = '\0';
    if (t->state == TCB_BLOCKED_ON_REPLY) {
        waits_for_answer(s, tcb, text, size);
    } else if (t->state == TCB_BLOCKED_ON_SEND || t->state == TCB_BLOCKED_ON_RECEIVE ||
               t->state == TCB_BLOCKED_ON_NOTIFICATION) {
        view_object_name(s, t->blocking_object, text, size);
    }
}

/* With everybody waiting for a person nothing runs: then it is the turn of whose seat is taken. */
static bool has_its_turn(const struct session *s, paddr_t tcb)
{
    const struct world *w = session_world_at(s);
    paddr_t current = kernel_at(w)->current;
    bool anybody = false;
    if (current != kernel_at(w)->idle) return tcb == current;
    for (paddr_t t = threads_next(w, 0); t; t = threads_next(w, t)) anybody |= hand_waits(w, t);
    return anybody ? tcb == session_seat(s) && hand_waits(w, tcb) : tcb == current;
}

void thread_facts(const struct session *s, paddr_t tcb, struct thread_facts *t)
{
    const struct world *w = session_world_at(s);
    *t = (struct thread_facts){
        .tcb = tcb,
        .runs = has_its_turn(s, tcb),
        .seat = session_seat(s) == tcb,
        .yours = hand_waits(w, tcb),
        .changed = changed_since_command(s, tcb),
        .state = tcb_at(w, tcb)->state,
        .priority = tcb_at(w, tcb)->priority,
        .ip = thread_next_ip(w, tcb),
    };
    view_thread_name(s, tcb, t->name, sizeof t->name);
    waits_for(s, tcb, t->waits_for, sizeof t->waits_for);
}

/* The longest IP of all: what is left of the line is for what they wait for. */
static int ip_columns(const struct world *w)
{
    int columns = strlen("0x400000");
    for (paddr_t tcb = threads_next(w, 0); tcb; tcb = threads_next(w, tcb)) {
        int n = snprintf(NULL, 0, "0x%" PRIx64, thread_next_ip(w, tcb));
        columns = n > columns ? n : columns;
    }
    return columns;
}

static void thread_row(const struct view *v, const struct thread_facts *t, const char *state,
                       int columns, enum look look)
{
    char priority[24], ip[24];
    snprintf(priority, sizeof priority, "%" PRIu64, t->priority);
    snprintf(ip, sizeof ip, "0x%" PRIx64, t->ip);
    const struct row_item items[] = {
        { NULL, t->runs ? ">" : "", t->runs ? "runs" : "", 1, 1, false },
        { NULL, t->seat ? "@" : "", t->seat ? "your seat" : "", 0, 1, false },
        { "thread", t->name, NULL, 1, 16, false },
        { "state", state, NULL, 1, 18, false },
        { "priority", priority, NULL, 1, 4, true },
        { NULL, t->changed ? "*" : "", "", 1, 1, false },
        { "ip", ip, NULL, 1, columns, false },
        { "waits for", t->waits_for, NULL, 1, 0, false },
        { "mark", "", t->changed ? "changed" : "", 0, 0, false },
    };
    view_row(v, look, items, sizeof items / sizeof items[0]);
}

void view_threads(const struct view *v)
{
    const struct world *w = view_world(v);
    int columns = ip_columns(w);
    view_heading(v, "    %-16s %-18s prio   %-*s waits for", "name", "state", columns, "ip");
    for (paddr_t tcb = threads_next(w, 0); tcb; tcb = threads_next(w, tcb)) {
        struct thread_facts t;
        char state[32];
        thread_facts(v->session, tcb, &t);
        snprintf(state, sizeof state, "%s%s", tcb_state_name(t.state), t.yours ? ", yours" : "");
        bool faulted = tcb_at(w, tcb)->fault.kind != FAULT_NONE && !thread_is_runnable(w, tcb);
        enum look look = t.runs      ? LOOK_RUNS
                         : faulted   ? LOOK_FAULT
                         : t.changed ? LOOK_CHANGED
                                     : LOOK_PLAIN;
        thread_row(v, &t, state, columns, look);
    }
    view_heading(v, " > runs   @ your seat   * changed");
}
