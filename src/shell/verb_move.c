/* SPDX-License-Identifier: BSD-2-Clause */
/* Verbs that move forwards: step, next, until, continue, slowly; undo; and breakpoints. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/commands.h"

void show_place(struct shell *sh)
{
    struct view v = shell_view(sh);
    const struct world *w = session_world_at(sh->session);
    paddr_t tcb = kernel_at(w)->current;
    bool runs = tcb != kernel_at(w)->idle && thread_is_runnable(w, tcb);
    if (sh->silent || !runs || hand_waits(w, tcb)) return;
    if (session_phase(sh->session, NULL, NULL)) return;
    view_disassemble(&v, tcb, thread_register(w, tcb, CTX_FAULT_IP), 1);
}

static bool goes_on(const struct stop *stop)
{
    return stop->kind == STOP_DONE || stop->kind == STOP_PHASE;
}

/* N times one move; the story is of all of them. */
static enum outcome repeat(struct shell *sh, struct args *a, struct stop (*move)(struct session *s))
{
    word_t count = 1;
    struct stop stop = { 0 };
    if ((arg_more(a) && !arg_word(a, "how often", &count)) || !arg_end(a)) return OUTCOME_FAILED;
    if (count >> 63) return go_back(sh, a, -count, move == session_step);
    act_begin(sh);
    bool inside = session_phase(sh->session, NULL, NULL), past = session_is_past(sh->session);
    while (count-- > 0) {
        stop = move(sh->session);
        if (!goes_on(&stop)) break;
    }
    enum outcome outcome = tell_step(sh, &stop, inside, past);
    show_place(sh);
    return outcome;
}

enum outcome verb_step(struct shell *sh, struct args *a)
{
    return repeat(sh, a, session_step);
}

enum outcome verb_next(struct shell *sh, struct args *a)
{
    return repeat(sh, a, session_next);
}

/* Runs on from the past end where the branch does. */
static void tell_end(const struct shell *sh, const struct stop *stop)
{
    if (stop->kind != STOP_DONE || sh->silent) return;
    shell_say(sh, "  @%llu: here this branch ends; from here on it is new.",
              (unsigned long long)session_position(sh->session).step);
}

enum outcome verb_continue(struct shell *sh, struct args *a)
{
    if (!arg_end(a)) return OUTCOME_FAILED;
    act_begin(sh);
    struct stop stop = session_run(sh->session, NULL);
    enum outcome outcome = tell_story(sh, &stop, 0);
    tell_end(sh, &stop);
    show_place(sh);
    return outcome;
}

static bool condition_holds(void *context)
{
    struct goal *c = context;
    struct scope sc = scope_of_seat(c->session);
    struct value value;
    if (expr_eval(&sc, c->text, &value, &c->problem))
        return value.is_text ? value.text[0] : value.word != 0;
    c->broken = true;
    return true;
}

/* A place is a number or a symbol; what compares is a condition. */
static bool is_condition(const char *text)
{
    return strpbrk(text, "=<>!&|") != NULL;
}

bool goal_parse(struct args *a, struct goal *g)
{
    g->session = a->sc.session;
    g->until = (struct until){ 0 };
    g->broken = false;
    words_join(a->word, a->at, a->count, g->text, sizeof g->text);
    if (is_event_word(a->word[a->at])) {
        g->until.watch = &g->watch;
        return watch_parse(&a->sc, a->word + a->at, a->count - a->at, &g->watch, &a->problem);
    }
    if (is_condition(g->text)) {
        struct value value;
        g->until.holds = condition_holds;
        g->until.context = g;
        return expr_eval(&a->sc, g->text, &value, &a->problem);
    }
    g->until.has_address = true;
    return expr_word(&a->sc, g->text, &g->until.address, &a->problem);
}

enum outcome verb_until(struct shell *sh, struct args *a)
{
    struct goal goal;
    if (!arg_more(a)) {
        problem_set(&a->problem,
                    "until fault, until switch, until 0x401000, until faulter.rax == 0",
                    "until what?");
        return OUTCOME_FAILED;
    }
    if (!goal_parse(a, &goal)) return OUTCOME_FAILED;
    act_begin(sh);
    struct stop stop = session_run(sh->session, &goal.until);
    enum outcome outcome = tell_story(sh, &stop, 0);
    tell_end(sh, &stop);
    show_place(sh);
    if (!goal.broken) return outcome;
    a->problem = goal.problem;
    return OUTCOME_FAILED;
}

/* ---- Taking back ---- */

static unsigned undo_depth(const struct shell *sh)
{
    unsigned depth = 0;
    while (session_undo_line(sh->session, depth)) depth++;
    return depth;
}

/* What does not fit is cut at a whole character, with the mark of what is cut. */
static void line_cut(const char *line, size_t columns, char *text, size_t size)
{
    size_t length = strlen(line);
    while (length > 0 && line[length - 1] == ' ') length--; /* where a comment was */
    bool cut = length > columns;
    if (cut) length = columns - 2;
    while (cut && length > 0 && ((unsigned char)line[length] & 0xc0) == 0x80) length--;
    snprintf(text, size, "%.*s%s", (int)length, line, cut ? " ~" : "");
}

static enum outcome take_back(struct shell *sh, struct args *a, word_t count)
{
    unsigned possible = undo_depth(sh);
    char line[68]; /* fits into a line with the words before it */
    if (possible == 0) {
        problem_set(&a->problem, "only commands that changed the machine are taken back",
                    "there is nothing to take back");
        return OUTCOME_FAILED;
    }
    if (count > possible) count = possible;
    line_cut(session_undo_line(sh->session, (unsigned)count - 1), count == 1 ? 64 : 40, line,
             sizeof line);
    unsigned done = session_undo(sh->session, (unsigned)count);
    sh->begun = false;
    if (done == 1)
        shell_say(sh, "  Taken back: %s", line);
    else
        shell_say(sh, "  %u commands taken back, the first: %s", done, line);
    return OUTCOME_DONE;
}

/* How many commands there are from the last that begins so on; 0: none does. */
static unsigned undo_count(const struct shell *sh, const char *beginning)
{
    const char *line;
    for (unsigned i = 0; (line = session_undo_line(sh->session, i)); i++)
        if (strncmp(line, beginning, strlen(beginning)) == 0) return i + 1;
    return 0;
}

static enum outcome undo_to(struct shell *sh, struct args *a)
{
    char beginning[LINE_SIZE];
    words_join(a->word, 0, a->count, beginning, sizeof beginning);
    unsigned count = undo_count(sh, beginning);
    if (count) return take_back(sh, a, count);
    problem_set(&a->problem, "`undo` takes back the last command, `undo N` the last N",
                "no command that could be taken back begins with `%.60s`", beginning);
    return OUTCOME_FAILED;
}

/* All that a sourced file does is one command: to take a line of it back would take back the file. */
static bool is_sourced(const struct shell *sh, struct problem *p)
{
    if (!sh->depth) return false;
    problem_set(p,
                "in a shell, `faultline replay FILE` does a recording line by line, `faultline run "
                "FILE` a script; `faultline lesson N --again` goes on with a session",
                "a sourced file is one command: no line of it can be taken back");
    return true;
}

enum outcome verb_undo(struct shell *sh, struct args *a)
{
    word_t count = 1;
    if (is_sourced(sh, &a->problem)) return OUTCOME_FAILED;
    if (arg_more(a) && !isdigit((unsigned char)a->word[0][0])) return undo_to(sh, a);
    if ((arg_more(a) && !arg_word(a, "how many", &count)) || !arg_end(a)) return OUTCOME_FAILED;
    return count == 0 ? OUTCOME_DONE : take_back(sh, a, count);
}

/* A person is asked first: the same word again is a yes. */
enum outcome verb_reset(struct shell *sh, struct args *a)
{
    if (!arg_end(a) || is_sourced(sh, &a->problem)) return OUTCOME_FAILED;
    unsigned depth = undo_depth(sh);
    if (sh->typed && depth && !shell_has_asked(sh, "reset")) {
        shell_say(sh,
                  depth == 1 ? "  This takes back the one command. Type `reset` again to do it."
                             : "  This takes back all %u commands. Type `reset` again to do it.",
                  depth);
        return OUTCOME_DONE;
    }
    enum outcome outcome = take_back(sh, a, depth);
    if (outcome == OUTCOME_DONE && sh->lesson)
        session_sit(sh->session, kernel_at(session_world_at(sh->session))->root_tcb);
    return outcome;
}

enum outcome verb_slowly(struct shell *sh, struct args *a)
{
    char text[LINE_SIZE];
    if (!arg_more(a)) {
        problem_set(&a->problem, "slowly read 0x10000000", "slowly what?");
        return OUTCOME_FAILED;
    }
    words_join(a->word, 0, a->count, text, sizeof text);
    session_slowly(sh->session, true);
    enum outcome outcome;
    if (is_c(text)) {
        outcome = c_run(sh, text);
    } else {
        const struct command *c = command_find(a->word[0], sh->typed, &a->problem);
        outcome = !c                      ? OUTCOME_FAILED
                  : c->run == verb_slowly ? OUTCOME_DONE
                                          : command_run(sh, c, a->word + 1, a->count - 1);
        bool whole = c && (c->run == verb_new || c->run == verb_load || c->run == verb_tables);
        if (outcome == OUTCOME_DONE && whole && !sh->silent)
            shell_say(sh, "  Done at once: `slowly` walks through one call or one instruction.");
    }
    session_slowly(sh->session, false);
    return outcome;
}

/* For lines whose work is known: errors are said, nothing else. */
enum outcome verb_quietly(struct shell *sh, struct args *a)
{
    bool before = sh->silent;
    if (!arg_more(a)) {
        problem_set(&a->problem, "quietly source pair.fl", "quietly what?");
        return OUTCOME_FAILED;
    }
    const struct command *c = command_find(a->word[0], sh->typed, &a->problem);
    if (!c) return OUTCOME_FAILED;
    sh->silent = true;
    enum outcome outcome = command_run(sh, c, a->word + 1, a->count - 1);
    sh->silent = before;
    if (outcome == OUTCOME_DONE && !sh->silent) shell_say(sh, "  Done.");
    return outcome;
}

/* ---- Breakpoints ---- */

enum outcome verb_break(struct shell *sh, struct args *a)
{
    struct breakpoint b = { 0 };
    char text[1024];
    if (!arg_more(a)) return verb_breaks(sh, a);
    if (is_event_word(a->word[0])) {
        if (!watch_parse(&a->sc, a->word, a->count, &b.watch, &a->problem)) return OUTCOME_FAILED;
    } else {
        words_join(a->word, 0, a->count, text, sizeof text);
        b.on_address = true;
        if (!expr_word(&a->sc, text, &b.address, &a->problem)) return OUTCOME_FAILED;
    }
    unsigned number = session_break_add(sh->session, &b);
    words_join(a->word, 0, a->count, text, sizeof text);
    shell_say(sh, "  breakpoint %u: %s", number, text);
    return OUTCOME_DONE;
}

enum outcome verb_breaks(struct shell *sh, struct args *a)
{
    struct view v = shell_view(sh);
    if (!arg_end(a)) return OUTCOME_FAILED;
    view_breakpoints(&v);
    return OUTCOME_DONE;
}

enum outcome verb_delete_break(struct shell *sh, struct args *a)
{
    word_t number;
    if (!arg_word(a, "a breakpoint's number", &number) || !arg_end(a)) return OUTCOME_FAILED;
    if (number <= ~0U && session_break_delete(sh->session, (unsigned)number)) return OUTCOME_DONE;
    problem_set(&a->problem, "`breaks` lists them", "there is no breakpoint %llu",
                (unsigned long long)number);
    return OUTCOME_FAILED;
}
