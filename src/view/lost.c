/* SPDX-License-Identifier: BSD-2-Clause */
/* The threads that nobody can wake any more, or that can only be resumed. */
#include "view/internal.h"
#include "view/why.h"

enum { TEXT = 3 * TEXT_SIZE };

static const char *nobody_words(const struct tcb *t)
{
    switch (t->state) {
    case TCB_BLOCKED_ON_REPLY: return "nobody can answer it";
    case TCB_BLOCKED_ON_SEND: return "nobody can receive it";
    case TCB_BLOCKED_ON_RECEIVE: return "nobody can send to it";
    case TCB_BLOCKED_ON_NOTIFICATION: return "nobody can signal it";
    default: return "it is stopped";
    }
}

static void lost_line(const struct view *v, paddr_t tcb, enum hope hope)
{
    const struct tcb *t = tcb_at(view_world(v), tcb);
    char text[TEXT], who[TEXT] = "", name[48];
    view_thread_name(v->session, tcb, name, sizeof name);
    snprintf(text, sizeof text, "%s, %s: %s", name, tcb_state_name(t->state), nobody_words(t));
    unsigned count = view_powerful(v->session, tcb, POWER_RESUME, who, sizeof who);
    if (hope == HOPE_RESUME)
        text_add(text, sizeof text, "; it could be resumed, by %s.", who);
    else
        text_add(text, sizeof text, "%s.",
                 count ? ", and who has its TCB is lost, too" : ", and nobody has its TCB");
    view_text(v, text, INDENT, INDENT, 2);
}

void view_lost(const struct view *v)
{
    enum { MAX = 512 };
    const struct world *w = view_world(v);
    enum hope hope[MAX];
    unsigned count = threads_hope(w, hope, MAX), i = 0, shown = 0;
    for (paddr_t tcb = threads_next(w, 0); tcb && i < count; tcb = threads_next(w, tcb), i++) {
        if (hope[i] == HOPE_RUNS) continue;
        lost_line(v, tcb, hope[i]);
        shown++;
    }
    if (!shown) view_line(v, "  Nobody is lost: every thread can run, or somebody can wake it.");
}
