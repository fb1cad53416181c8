/* SPDX-License-Identifier: BSD-2-Clause */
/* One line of the command language: what sort it is, who does it, and what is said when it fails. */
#include "shell/shell.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lesson/progress.h"
#include "shell/commands.h"
#include "shell/recording.h"
#include "view/internal.h"
#include "view/palette.h"

enum { ERROR_LINES = 12 };

/* A text in lines that do not break in the middle of a word. Where errors go to the same terminal as all
 * else the first word has its colour. */
static void say_wrapped(const struct shell *sh, const char *word, const char *text, unsigned indent)
{
    char *wrapped = NULL;
    char line[800];
    size_t size = 0, head = indent + strlen(word);
    FILE *out = open_memstream(&wrapped, &size);
    bool tints = sh->colour && word[0] == 'e' && isatty(STDERR_FILENO);
    if (!out) return;
    snprintf(line, sizeof line, "%s %s", word, text);
    unsigned width = sh->plain ? sizeof line : sh->width;
    text_wrap(out, line, width, indent, indent ? (unsigned)head + 1 : 2, ERROR_LINES);
    fclose(out);
    if (tints) look_begin(sh->err, LOOK_FAULT);
    fprintf(sh->err, "%.*s", (int)head, wrapped);
    if (tints) look_end(sh->err);
    fputs(wrapped + head, sh->err);
    free(wrapped);
}

void shell_say_problem(struct shell *sh, const struct problem *p)
{
    fflush(sh->out);
    if (sh->file)
        fprintf(sh->err, "%s:%u: %s\n", sh->file, sh->line, p->text);
    else
        say_wrapped(sh, "error:", p->text, 0);
    if (p->tip[0]) say_wrapped(sh, "tip:", p->tip, sh->plain ? 0 : 2);
}

int problem_say(FILE *out, const char *before, const struct problem *p, int status)
{
    fprintf(out, "%s%s\n", before, p->text);
    if (p->tip[0]) fprintf(out, "  tip: %s\n", p->tip);
    return status;
}

void problem_tip(struct problem *p, const char *tip)
{
    if (!p->tip[0]) snprintf(p->tip, sizeof p->tip, "%s", tip);
}

/* What was cut off by the limit has not failed. */
static enum outcome command_do(struct shell *sh, const struct command *c, struct args *a)
{
    bool was_at_limit = session_is_at_limit(sh->session);
    enum outcome outcome = c->run(sh, a);
    bool is_cut = outcome == OUTCOME_FAILED && !was_at_limit && session_is_at_limit(sh->session);
    return is_cut ? OUTCOME_LIMIT : outcome;
}

enum outcome command_run(struct shell *sh, const struct command *c, char *const *word,
                         unsigned count)
{
    struct args a = { .sc = scope_of_seat(sh->session), .word = word, .count = count };
    sh->from = session_event_count(sh->session);
    enum outcome outcome = command_do(sh, c, &a);
    bool ended = outcome == OUTCOME_FAILED || outcome == OUTCOME_LIMIT;
    if (!ended || !a.problem.text[0]) return outcome;
    if (!a.problem.tip[0])
        snprintf(a.problem.tip, sizeof a.problem.tip, "%s %.200s", c->name, c->arguments);
    shell_say_problem(sh, &a.problem);
    return outcome;
}

/* How a function of libsel4 is written: "seL4_CNode_Copy(_service, dest_index, …)". */
static void write_signature(const char *name, const struct call *call, char *text, size_t size)
{
    struct parameter p[CALL_ARGS_MAX];
    unsigned count = parameters_of(call_parameters(call), p);
    snprintf(text, size, "%s(%s", name, call->invocation ? "_service" : "");
    for (unsigned i = 0; i < count; i++) {
        size_t used = strlen(text);
        snprintf(text + used, size - used, "%s%s", i || call->invocation ? ", " : "", p[i].name);
    }
    strncat(text, ")", size - strlen(text) - 1);
}

/* A thread's, slot's or function's name typed alone: what the person wants is near. */
static void tip_for_name(const struct shell *sh, const char *word, struct problem *p)
{
    struct scope sc = scope_of_seat(sh->session);
    struct call call;
    char tip[200];
    word_t value;
    if (thread_find(scope_world(&sc), word)) {
        snprintf(tip, sizeof tip, "`as %.40s` sits in it", word);
        problem_set(p, tip, "`%.40s` is a thread, not a command", word);
    } else if (call_find(scope_world(&sc), word, &call)) {
        write_signature(word, &call, tip, sizeof tip);
        problem_set(p, tip, "`%.60s` is a function of libsel4: it wants its arguments", word);
    } else if (scope_name(&sc, word, &value)) {
        snprintf(tip, sizeof tip, "`print %.40s` shows its value", word);
        problem_set(p, tip, "`%.40s` is a name, not a command", word);
    }
}

bool shell_has_asked(struct shell *sh, const char *question)
{
    if (strcmp(sh->question, question) == 0) return true;
    snprintf(sh->question, sizeof sh->question, "%s", question);
    sh->asked = true;
    return false;
}

/* Whether a person types this line, or did when it was recorded. */
static bool is_by_person(const struct shell *sh)
{
    return sh->typed && (!sh->file || (sh->playback && sh->depth == 0));
}

/* Predict, then see: a person does not act while a question of the lesson is open. That is no error. */
static bool must_answer(const struct shell *sh)
{
    bool holds = sh->lesson && is_by_person(sh) && !sh->silent;
    if (!holds || !lesson_must_answer(sh->lesson, sh->session)) return false;
    lesson_ask_first(sh->lesson, sh->out);
    return true;
}

static enum outcome run_words(struct shell *sh, const char *text)
{
    struct problem p = { .text = "" };
    struct words *words = malloc(sizeof *words);
    enum outcome outcome = OUTCOME_DONE;
    if (words && !words_split(text, words, &p)) outcome = OUTCOME_FAILED;
    if (words && outcome == OUTCOME_DONE && words->count > 0) {
        const struct command *c = command_find(words->word[0], sh->typed && sh->depth == 0, &p);
        if (!c) tip_for_name(sh, words->word[0], &p);
        bool waits = c && command_acts(c) && must_answer(sh);
        outcome =
            c && !waits ? command_run(sh, c, words->word + 1, words->count - 1) : OUTCOME_FAILED;
    }
    free(words);
    if (outcome == OUTCOME_FAILED && p.text[0]) shell_say_problem(sh, &p);
    return outcome;
}

/* Saves what was reached. What cannot be saved now is tried again after the next command. */
static void keep_progress(struct shell *sh)
{
    struct problem p;
    struct lesson_run *run = sh->lesson;
    if (!run->is_kept || !run->unsaved) return;
    bool kept = progress_keep(run, time(NULL), &p);
    if (!kept && !run->trouble) {
        strncat(p.text, ".", sizeof p.text - strlen(p.text) - 1);
        lesson_fill(run->lesson, sh->out, "Your progress is not saved:", p.text);
        if (p.tip[0]) shell_say(sh, "  tip: %s", p.tip);
    }
    if (kept && run->trouble) shell_say(sh, "  Your progress is saved again.");
    run->trouble = !kept;
    run->unsaved = !kept;
}

static void judge_line(struct shell *sh)
{
    struct lesson_effort effort = { .commands = sh->commands };
    if (!sh->lesson || sh->silent) return;
    if (sh->started) effort.minutes = (unsigned)((time(NULL) - sh->started) / 60) + 1;
    lesson_judge(sh->lesson, sh->session, &effort, sh->out);
    keep_progress(sh);
}

bool shell_is_interrupted(const struct shell *sh)
{
    return (sh->stop.lines && sh->lines >= sh->stop.lines) ||
           (sh->host.interrupt && *sh->host.interrupt);
}

bool shell_line_is_open(const char *line)
{
    struct problem unused;
    char *text = malloc(LINE_SIZE);
    bool open = line_is_open(line) || (text && line_strip(line, text, &unused) && c_is_open(text));
    free(text);
    return open;
}

/* Bytes of the first command of a text: its first lines, up to one that is not open. */
static size_t command_length(const char *text)
{
    for (size_t n = line_length(text);;) {
        const char *next = text + n + strspn(text + n, " \t\n");
        char *line = strndup(text, n);
        bool goes_on = line && *next && (shell_line_is_open(line) || strncmp(next, "else", 4) == 0);
        free(line);
        if (!goes_on) return n;
        n = (size_t)(next - text) + line_length(next);
    }
}

/* Several commands that came as one line, as a terminal pastes them: one after the other. */
static enum outcome run_lines(struct shell *sh, const char *text)
{
    enum outcome outcome = OUTCOME_DONE;
    while (*text && outcome == OUTCOME_DONE) {
        size_t n = command_length(text);
        char *line = strndup(text, n);
        if (!line) return OUTCOME_FAILED;
        outcome = shell_line(sh, line);
        free(line);
        text += n + (text[n] == '\n');
    }
    return outcome;
}

enum outcome shell_line(struct shell *sh, const char *line)
{
    struct problem p;
    char *text = malloc(LINE_SIZE);
    if (!text) return OUTCOME_FAILED;
    if (!line_strip(line, text, &p)) {
        problem_tip(&p, "every \" ( [ { wants its partner");
        shell_say_problem(sh, &p);
        free(text);
        return OUTCOME_FAILED;
    }
    const char *start = text + strspn(text, " \t");
    if (strchr(line, '\n') && line[command_length(line)] == '\n') {
        free(text);
        return run_lines(sh, line);
    }
    bool is_outermost = sh->depth == 0 && !sh->silent;
    bool is_recorded = is_outermost && recording_line(sh, line, start);
    if (is_outermost) {
        sh->top = start;
        sh->begun = false;
        sh->commands += *start != '\0';
        sh->lines = 0;
        sh->stop.between = false;
        sh->stop.before = session_interruptions(sh->session);
    }
    sh->asked = false;
    enum outcome outcome = OUTCOME_FAILED;
    if (++sh->lines == sh->stop.lines && playback_stops(sh, start))
        outcome = OUTCOME_INTERRUPTED;
    else if (!is_c(start))
        outcome = run_words(sh, start);
    else if (!must_answer(sh))
        outcome = c_run(sh, start);
    if (!sh->asked) sh->question[0] = '\0';
    pending_look(sh);
    if (is_recorded) recording_done(sh, outcome);
    if (*start) judge_line(sh);
    if (is_outermost) sh->top = "";
    fflush(sh->out);
    free(text);
    return outcome;
}

size_t shell_first_event(const struct shell *sh)
{
    size_t start = session_start_events(sh->session);
    return sh->start > start ? sh->start : start;
}

bool lesson_open(struct shell *sh, struct lesson_run *run, struct problem *p)
{
    char path[600];
    const struct lesson *l = run->lesson;
    for (unsigned i = 0; i < l->vary_count; i++)
        if (!variable_set(session_world(sh->session), l->vary[i].name, l->vary[i].value))
            return problem_set(p, "", "there is no room for the variable %s", l->vary[i].name);
    snprintf(path, sizeof path, "%s/setup.fl", l->folder);
    sh->folder = l->folder;
    sh->silent = true;
    sh->top = "set-up of the lesson";
    enum outcome outcome = OUTCOME_FAILED;
    if (shell_note_file(sh, "setup.fl", path, p)) outcome = script_file(sh, path, p);
    if (p->text[0]) strcpy(p->tip, "setup.fl builds the lesson's machine; it may be empty");
    sh->silent = false;
    sh->begun = false;
    if (outcome != OUTCOME_DONE)
        return p->text[0] ? false
                          : problem_set(p, "", "the lesson's set-up %s",
                                        outcome == OUTCOME_LIMIT ? "runs to the limit on steps"
                                                                 : "failed");
    session_start(sh->session);
    sh->start = run->from_event = session_event_count(sh->session);
    run->opened_step = session_position(sh->session).step;
    lesson_count(run, sh->session);
    sh->lesson = run;
    return true;
}
