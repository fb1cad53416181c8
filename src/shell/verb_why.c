/* SPDX-License-Identifier: BSD-2-Clause */
/* Verbs that answer questions: explain, why, who, lost. They look only. */
#include <stdio.h>
#include <string.h>

#include "shell/commands.h"
#include "view/explain.h"

enum { ROWS_MAX = 16 };

static enum outcome explain_event(struct shell *sh, struct args *a)
{
    struct view v = shell_view(sh);
    const struct event *e = event_just_shown(sh->session);
    const struct explanation *row = e ? explanation_of(e) : NULL;
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
    fprintf(sh->out, "  explain %s, or another of these words, says more\n", list[0]->word);
    return OUTCOME_DONE;
}
