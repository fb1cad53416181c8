/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks, lessons, scripts within scripts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/commands.h"
#include "shell/quiz_main.h"
#include "shell/recording.h"

enum outcome verb_expect(struct shell *sh, struct args *a)
{
    char text[2048], own[256] = "";
    unsigned end = 0;
    bool holds;
    while (end < a->count && strcmp(a->word[end], "else") != 0) end++;
    if (end == 0) {
        problem_set(&a->problem, "expect faulter.rax == 0, expect once fault vm", "expect what?");
        return OUTCOME_FAILED;
    }
    if (end + 1 < a->count) word_unquote(a->word[end + 1], own, sizeof own);
    words_join(a->word, 0, end, text, sizeof text);
    if (!predicate_judge(&a->sc, text, sh->start, &holds, &a->problem)) return OUTCOME_FAILED;
    if (holds) return OUTCOME_DONE;
    struct problem p;
    problem_set(&p, own, "check failed: %.120s%s%.90s", text, a->problem.text[0] ? ": " : "",
                a->problem.text);
    shell_say_problem(sh, &p);
    return OUTCOME_CHECK;
}

static bool in_lesson(const struct shell *sh, struct args *a)
{
    return sh->lesson ||
           problem_set(&a->problem, "`faultline lesson 1` starts the first", "no lesson is open");
}

enum outcome verb_goals(struct shell *sh, struct args *a)
{
    if (!in_lesson(sh, a) || !arg_end(a)) return OUTCOME_FAILED;
    lesson_goals(sh->lesson, sh->out);
    unsigned goal = lesson_open_goal(sh->lesson);
    if (goal == sh->lesson->lesson->item_count) return OUTCOME_DONE;
    shell_say(sh, "  The next one is not reached:");
    lesson_explain(sh->lesson, sh->session, goal, sh->out);
    return OUTCOME_DONE;
}

enum outcome verb_task(struct shell *sh, struct args *a)
{
    if (!in_lesson(sh, a) || !arg_end(a)) return OUTCOME_FAILED;
    lesson_task(sh->lesson, sh->out);
    return OUTCOME_DONE;
}

enum outcome verb_hint(struct shell *sh, struct args *a)
{
    if (!in_lesson(sh, a) || !arg_end(a)) return OUTCOME_FAILED;
    lesson_hint(sh->lesson, sh->out);
    return OUTCOME_DONE;
}

/* Without a lesson an answer is nothing, so that a lesson's solution runs as a script. */
enum outcome verb_answer(struct shell *sh, struct args *a)
{
    char text[256];
    words_join(a->word, 0, a->count, text, sizeof text);
    if (!a->count) {
        problem_set(&a->problem, "`task` shows the question", "which answer?");
        return OUTCOME_FAILED;
    }
    if (quiz_answered(sh, text)) return OUTCOME_DONE;
    if (!sh->lesson && !sh->typed) return OUTCOME_DONE;
    if (!in_lesson(sh, a)) return OUTCOME_FAILED;
    return lesson_answer(sh->lesson, sh->session, text, sh->out, &a->problem) ? OUTCOME_DONE
                                                                              : OUTCOME_FAILED;
}

enum outcome verb_source(struct shell *sh, struct args *a)
{
    const char *word;
    char name[1024], path[2048];
    if (!arg_text(a, "a file", &word) || !arg_end(a)) return OUTCOME_FAILED;
    word_unquote(word, name, sizeof name);
    if (sh->depth == SOURCE_DEPTH_MAX) {
        problem_set(&a->problem, "does it source itself?", "scripts are nested more than %d deep",
                    SOURCE_DEPTH_MAX);
        return OUTCOME_FAILED;
    }
    if (!shell_read_file(sh, name, path, sizeof path, &a->problem)) return OUTCOME_FAILED;
    /* What goes wrong inside is said there; the problem is one of the file. */
    sh->depth++;
    enum outcome outcome = script_file(sh, path, &a->problem);
    sh->depth--;
    return outcome;
}

/* Another lesson begins in a machine of its own. */
enum outcome verb_lesson(struct shell *sh, struct args *a)
{
    const char *word;
    char folder[600];
    if (!a->count) {
        problem_set(&a->problem, "`lesson 1`; `faultline lesson` in a shell lists them all",
                    "which lesson?");
        return OUTCOME_FAILED;
    }
    if (!arg_text(a, "a lesson's number", &word) || !arg_end(a)) return OUTCOME_FAILED;
    if (!lesson_find(word, folder, sizeof folder, &a->problem)) return OUTCOME_FAILED;
    if (!sh->typed || sh->depth) {
        problem_set(&a->problem, "`faultline lesson N < script` plays a script in a lesson",
                    "a lesson is opened at the prompt, not in a script");
        return OUTCOME_FAILED;
    }
    snprintf(sh->next, sizeof sh->next, "%s", word);
    return OUTCOME_QUIT;
}

enum outcome verb_quit(struct shell *sh, struct args *a)
{
    (void)sh;
    return arg_end(a) ? OUTCOME_QUIT : OUTCOME_FAILED;
}
