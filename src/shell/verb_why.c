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
    struct view v = shell_view(sh);
    const struct event *e = event_just_shown(sh->session);
    const struct explanation *row = e ? explanation_of(sh->session, e) : NULL;
    if (row) {
        view_explanation(&v, row, e);
        return OUTCOME_DONE;
    }
    problem_set(&a->problem, "type a command that does something; or explain fault, explain reply",
                "nothing has happened in the last command");
    return OUTCOME_FAILED;
}

/* explain [WORD]… */
enum outcome verb_explain(struct shell *sh, struct args *a)
{
    const struct explanation *list[ROWS_MAX];
    struct view v = shell_view(sh);
    if (!arg_more(a)) return explain_event(sh, a);
    unsigned count = explanations_find(a->word, a->count, list, ROWS_MAX);
    if (count == 0) {
        problem_set(&a->problem, "explain fault, explain reply, explain badge, explain error",
                    "no explanation speaks of `%.60s`", a->word[0]);
        return OUTCOME_FAILED;
    }
    if (count == 1) {
        view_explanation(&v, list[0], NULL);
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
        cap = slot_cap(&a->sc, &ref);
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
