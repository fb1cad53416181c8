/* SPDX-License-Identifier: BSD-2-Clause */
/* Typed calls that have not ended when their line is done: looked at phase by phase, or blocked. What they
 * bring is said, and put into the variables that were named, as soon as the thread is back. Going back
 * to before that makes them pending again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/commands.h"

struct pending *pending_find(struct shell *sh, paddr_t tcb)
{
    for (unsigned i = 0; i < PENDING_MAX; i++)
        if (sh->pending[i].tcb == tcb) return &sh->pending[i];
    return NULL;
}

void pending_forget(struct shell *sh, paddr_t tcb)
{
    struct pending *p = tcb ? pending_find(sh, tcb) : NULL;
    if (p) *p = (struct pending){ 0 };
}

void pending_take_over(struct shell *sh, const struct shell *from, bool has_history)
{
    memcpy(sh->pending, from->pending, sizeof sh->pending);
    sh->pending_next = from->pending_next;
    for (unsigned i = 0; i < PENDING_MAX && !has_history; i++) {
        struct pending *p = &sh->pending[i];
        if (p->is_done) *p = (struct pending){ 0 };
        p->step = 0; /* steps are counted from here */
    }
}

struct pending *pending_add(struct shell *sh, paddr_t tcb, const struct call *call)
{
    struct pending *p = &sh->pending[sh->pending_next++ % PENDING_MAX];
    *p = (struct pending){ .tcb = tcb, .call = *call };
    p->step = session_position(sh->session).step;
    return p;
}

static void put(struct shell *sh, const char *name, word_t value)
{
    if (!name[0] || session_is_past(sh->session)) return;
    if (!variable_set(session_world(sh->session), name, value) || sh->silent) return;
    shell_say(sh, "  %s = %#llx", name, (unsigned long long)value);
}

static void finish(struct shell *sh, struct pending *p)
{
    struct call_result *r = calloc(1, sizeof *r);
    if (!r) return;
    call_decode_result(sh->session, &p->call, p->tcb, r);
    r->refusal.text = view_reason(sh->session, sh->from);
    if (p->call.invocation) tell_result(sh, &p->call, r);
    put(sh, p->badge, r->badge);
    for (unsigned i = 0; i < PENDING_TARGETS && i < r->word_count; i++)
        put(sh, p->target[i], r->word[i]);
    free(r);
}

void pending_look(struct shell *sh)
{
    struct position at = session_position(sh->session);
    for (unsigned i = 0; i < PENDING_MAX; i++) {
        struct pending *p = &sh->pending[i];
        if (p->tcb && at.step < p->step) *p = (struct pending){ 0 };
        if (p->is_done && at.step < p->done_at) p->is_done = false;
        if (!p->tcb || p->is_done || at.phase || at.step <= p->step) continue;
        if (!hand_waits(session_world_at(sh->session), p->tcb)) continue;
        p->is_done = true;
        p->done_at = at.step;
        finish(sh, p);
    }
}
