/* SPDX-License-Identifier: BSD-2-Clause */
/* Verbs that answer questions: explain, why, who, lost. They look only. */
#include <stdio.h>
#include <string.h>

#include "shell/commands.h"
#include "view/explain.h"
#include "view/why.h"

enum { ROWS_MAX = 16 };

static enum outcome explain_event(struct shell *sh, struct args *a)
{
    size_t event = event_just_shown(sh->session);
    const struct explanation *row = event == EVENT_NONE ? NULL : explanation_in(sh->session, event);
    if (row) {
        struct view v = shell_view(sh);
        view_explanation(&v, row, session_event(sh->session, event), event);
        return OUTCOME_DONE;
    }
    problem_set(&a->problem, "type a command that does something; or explain fault, explain reply",
                "nothing has happened in the last command");
    return OUTCOME_FAILED;
}

/* A visit of a position: how many events there were before it; then, behind it, what is said of one of them,
 * for its threads have the names that they had. */
struct stay {
    struct shell *sh;
    size_t events, index;
    struct event event;
    const struct explanation *row;
};

static void count_events(void *context)
{
    struct stay *stay = context;
    stay->events = session_event_count(stay->sh->session);
}

static void explain_there(void *context)
{
    const struct stay *stay = context;
    struct view v = shell_view(stay->sh);
    view_explanation(&v, stay->row, &stay->event, stay->index);
}

/* The event of a position that is told, and its row; false: it has none. */
static bool find_event(struct stay *stay, struct position at)
{
    const struct session *s = stay->sh->session;
    size_t i = event_at_position(s, stay->events, at);
    if (i == EVENT_NONE) return false;
    stay->row = explanation_in(s, i);
    stay->event = *session_event(s, i);
    stay->event.text = NULL;
    stay->index = i;
    return stay->row != NULL;
}

/* @POSITION: one goes there to see which events are its own, and stays here. */
static enum outcome explain_position(struct shell *sh, struct args *a)
{
    struct position at, before, behind;
    struct stay stay = { .sh = sh };
    const char *word = a->word[a->at++];
    if (!position_parse(word, &at, &a->problem) || !arg_end(a)) return OUTCOME_FAILED;
    before = (struct position){ .step = at.step };
    behind = (struct position){ .step = at.step + 1 };
    bool arrived = session_visit(sh->session, before, count_events, &stay, &a->problem);
    if (arrived && !find_event(&stay, at)) {
        problem_set(&a->problem, "`timeline` lists what happened, and where",
                    at.phase ? "no phase of a kernel entry begins at %.40s"
                             : "no kernel entry begins at %.40s: an instruction at most",
                    word);
        return OUTCOME_FAILED;
    }
    if (arrived && session_visit(sh->session, behind, explain_there, &stay, &a->problem))
        return OUTCOME_DONE;
    return sh->host.interrupt && *sh->host.interrupt ? OUTCOME_INTERRUPTED : OUTCOME_FAILED;
}

/* explain [@POSITION | WORD…] */
enum outcome verb_explain(struct shell *sh, struct args *a)
{
    const struct explanation *list[ROWS_MAX];
    struct view v = shell_view(sh);
    if (!arg_more(a)) return explain_event(sh, a);
    if (*a->word[a->at] == '@') return explain_position(sh, a);
    unsigned count = explanations_find(a->word, a->count, list, ROWS_MAX);
    if (count == 0) {
        problem_set(&a->problem, "explain fault, explain reply, explain badge, explain error",
                    "no explanation speaks of `%.60s`", a->word[0]);
        return OUTCOME_FAILED;
    }
    if (count == 1) {
        view_explanation(&v, list[0], NULL, EVENT_NONE);
        return OUTCOME_DONE;
    }
    for (unsigned i = 0; i < count && i < ROWS_MAX; i++) view_explanation_line(&v, list[i]);
    shell_say(sh, "  explain %s, or another of these words, says more", list[0]->word);
    return OUTCOME_DONE;
}

enum outcome verb_why(struct shell *sh, struct args *a)
{
    struct view v = shell_view(sh);
    paddr_t tcb = a->sc.seat;
    if ((arg_more(a) && !arg_thread(a, &tcb)) || !arg_end(a)) return OUTCOME_FAILED;
    if (!tcb) {
        problem_set(&a->problem, "why THREAD; `threads` lists them", "you sit nowhere");
        return OUTCOME_FAILED;
    }
    view_why(&v, tcb);
    return OUTCOME_DONE;
}

/* who SLOT | THREAD: a thread is its TCB. */
enum outcome verb_who(struct shell *sh, struct args *a)
{
    struct view v = shell_view(sh);
    struct slot_ref ref;
    paddr_t tcb = arg_more(a) ? thread_find(scope_world(&a->sc), a->word[0]) : 0;
    struct cap cap = cap_new(CAP_THREAD);
    word_t unused;
    if (tcb && !scope_slot_name(&a->sc, a->word[0], &unused)) {
        cap.word[0] |= tcb;
        a->at++;
    } else {
        if (!arg_slot(a, "a slot or a thread", false, &ref)) return OUTCOME_FAILED;
        cap = scope_slot_cap(&a->sc, &ref);
    }
    if (!arg_end(a)) return OUTCOME_FAILED;
    if (cap_type(cap) == CAP_NULL) {
        problem_set(&a->problem, "`caps` shows what lies where",
                    "that slot is empty: it names no object");
        return OUTCOME_FAILED;
    }
    view_who(&v, cap);
    return OUTCOME_DONE;
}

enum outcome verb_lost(struct shell *sh, struct args *a)
{
    struct view v = shell_view(sh);
    if (!arg_end(a)) return OUTCOME_FAILED;
    view_lost(&v);
    return OUTCOME_DONE;
}
