/* SPDX-License-Identifier: BSD-2-Clause */
/* `edit`: the student's program in an editor; what is saved is compiled, and all that was done since the
 * program was loaded is done again with the new one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/commands.h"
#include "shell/exercise.h"
#include "world/names.h"

enum { AGAIN_MAX = 256 };

/* A line that is to be done again, and in whose seat. */
struct again {
    char *line;
    char seat[NAME_SIZE];
};

/* Whether a line loads the exercise's program. */
static bool loads(const char *line, const char *stem)
{
    char wanted[80];
    snprintf(wanted, sizeof wanted, "load %s.elf", stem);
    const char *at = strstr(line, wanted);
    return at && (at == line || at[-1] == ' ');
}

/* The lines since the program was loaded first, oldest first; 0: it was not. */
static unsigned lines_since_load(const struct shell *sh, const char *stem,
                                 struct again again[AGAIN_MAX])
{
    struct past past;
    unsigned count = 0, first = 0;
    while (count < AGAIN_MAX && session_past(sh->session, count, &past)) {
        count++;
        if (loads(past.line, stem)) first = count;
    }
    for (unsigned i = 0; i < first; i++) {
        session_past(sh->session, first - 1 - i, &past);
        again[i].line = strdup(past.line);
        snprintf(again[i].seat, NAME_SIZE, "%s",
                 past.seat ? thread_name(session_world_at(sh->session), past.seat) : "");
    }
    return first;
}

/* A line as if it were typed now. */
static enum outcome type_line(struct shell *sh, const char *format, const char *word)
{
    char line[LINE_SIZE];
    snprintf(line, sizeof line, format, word);
    return shell_line(sh, line);
}

static enum outcome do_again(struct shell *sh, const struct again *again, unsigned count)
{
    char number[16];
    enum outcome outcome;
    snprintf(number, sizeof number, "%u", count);
    outcome = type_line(sh, "undo %s", number);
    for (unsigned i = 0; i < count && outcome == OUTCOME_DONE; i++) {
        const char *seat = thread_name(session_world_at(sh->session), session_seat(sh->session));
        if (again[i].seat[0] && strcmp(seat, again[i].seat) != 0)
            outcome = type_line(sh, "as %s", again[i].seat);
        if (outcome != OUTCOME_DONE) break;
        fprintf(sh->out, "> %s\n", again[i].line);
        outcome = type_line(sh, "%s", again[i].line);
    }
    return outcome;
}

static enum outcome restart(struct shell *sh, const struct exercise *x)
{
    struct again *again = calloc(AGAIN_MAX, sizeof *again);
    enum outcome outcome = OUTCOME_DONE;
    if (!again) return OUTCOME_FAILED;
    unsigned count = lines_since_load(sh, x->stem, again);
    if (count) {
        shell_say(sh, "  Compiled. Once more from before it was loaded:");
        outcome = do_again(sh, again, count);
    } else {
        shell_say(sh, "  Compiled. `load %s.elf NAME` takes it from now on.", x->stem);
    }
    for (unsigned i = 0; i < count; i++) free(again[i].line);
    free(again);
    return outcome;
}

/* The editor has the terminal until it ends. */
static bool write_program(struct shell *sh, const struct exercise *x, struct problem *p)
{
    fflush(sh->out);
    sh->host.lend(sh, true);
    bool written = editor_run(x->source, p);
    sh->host.lend(sh, false);
    return written;
}

enum outcome verb_edit(struct shell *sh, struct args *a)
{
    struct exercise x;
    bool is_new;
    const char *file = arg_more(a) ? a->word[a->at++] : "";
    if (!arg_end(a)) return OUTCOME_FAILED;
    if (!sh->lesson) {
        problem_set(&a->problem, "`faultline lesson` lists them", "no lesson is open");
        return OUTCOME_FAILED;
    }
    if (!exercise_find(sh->lesson->lesson, file, &x, &a->problem)) return OUTCOME_FAILED;
    if (!sh->host.lend || !sh->typed || sh->file) {
        problem_set(&a->problem, "type it; or faultline lesson N --watch, beside an editor",
                    "an editor wants a terminal of its own");
        return OUTCOME_FAILED;
    }
    if (!exercise_copy(&x, &is_new, &a->problem)) return OUTCOME_FAILED;
    shell_say(sh, "  Your %s: %s", is_new ? "copy" : "program", x.source);
    x.colour = sh->colour;
    if (!write_program(sh, &x, &a->problem)) return OUTCOME_FAILED;
    if (!exercise_compile_said(&x, sh->err, &a->problem)) {
        if (!a->problem.tip[0])
            snprintf(a->problem.tip, sizeof a->problem.tip,
                     "`edit` opens it again; if you delete it, you get a new copy");
        return OUTCOME_FAILED;
    }
    return restart(sh, &x);
}
