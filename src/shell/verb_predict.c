/* SPDX-License-Identifier: BSD-2-Clause */
/* predict: a command that is one system call, or such a call in C, decoded and told of. */
#include <string.h>

#include "shell/commands.h"

/* Whether a text is one call of libsel4: its first bracket closes at its end. */
static bool is_one_call(const char *text)
{
    int depth = 0;
    if (strncmp(text, "seL4_", 5) != 0) return false;
    for (const char *at = text; *at; at++) {
        depth += *at == '(';
        depth -= *at == ')';
        if (*at == ')' && depth == 0) return at[1 + strspn(at + 1, " ;")] == '\0';
    }
    return false;
}

static enum outcome refuse_command(struct args *a)
{
    problem_set(&a->problem, "predict mint ep x badge 3, predict seL4_Signal(note)",
                "only a command that is one call of libsel4 can be predicted");
    return OUTCOME_FAILED;
}

enum outcome verb_predict(struct shell *sh, struct args *a)
{
    char text[LINE_SIZE];
    words_join(a->word, 0, a->count, text, sizeof text);
    bool c = is_one_call(text);
    if (!arg_more(a) || (is_c(text) && !c)) return refuse_command(a);
    const struct command *command = c ? NULL : command_find(a->word[0], sh->typed, &a->problem);
    if (!c && !command) return OUTCOME_FAILED;
    if (!c && !(command->flags & CALLS)) return refuse_command(a);
    sh->predicts = true;
    enum outcome outcome =
        c ? c_run(sh, text) : command_run(sh, command, a->word + 1, a->count - 1);
    bool told = !sh->predicts;
    sh->predicts = false;
    return told ? OUTCOME_DONE : outcome;
}
