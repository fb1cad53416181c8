/* SPDX-License-Identifier: BSD-2-Clause */
/* Playing scripts in lessons, apart from whoever sits at the prompt. */
#include "shell/play.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/token.h"
#include "world/choice.h"

static bool open_machine(struct play *p, struct problem *problem)
{
    struct shell *sh = &p->shell;
    sh->session = choice_boot(&(struct boot_choice){ 0 }, &kernel_config_default, NULL, problem);
    if (!sh->session) return false;
    session_limit(sh->session, PLAY_MAX_STEPS);
    return lesson_open(sh, &p->run, problem);
}

/* The last "\nPATH:LINE: " in what was said; NULL: there is none. */
static const char *last_place(const char *said, const char *path, unsigned *line)
{
    const char *found = NULL;
    size_t n = strlen(path);
    for (const char *at = strstr(said, path); at; at = strstr(at + 1, path)) {
        int end = 0;
        if ((at == said || at[-1] == '\n') && sscanf(at + n, ":%u: %n", line, &end) == 1 && end)
            found = at + n + end;
    }
    return found;
}

/* A text of several lines as one. */
static void join_lines(char *text)
{
    for (char *from = text; *from; from++) {
        bool blank = *from == '\n' || *from == ' ';
        if (blank && (from[1] == ' ' || from[1] == '\n' || !from[1])) continue;
        *text++ = blank ? ' ' : *from;
    }
    *text = '\0';
}

bool play_reason(struct play *p, const char *path, unsigned *line, struct problem *why)
{
    static const char lead[] = "\n  tip: ";
    const char *text = p->out ? last_place(play_said(p), path, line) : NULL;
    if (!text) return false;
    const char *tip = strstr(text, lead);
    int n = (int)(tip ? (size_t)(tip - text) : strlen(text));
    snprintf(why->text, sizeof why->text, "%.*s", n, text);
    snprintf(why->tip, sizeof why->tip, "%s", tip ? tip + strlen(lead) : "");
    join_lines(why->text);
    join_lines(why->tip);
    return true;
}

/* The line of the set-up that failed, in the place of that it failed. */
static void explain_set_up(struct play *p, const char *folder, struct problem *problem)
{
    char path[600];
    unsigned line;
    struct problem why;
    snprintf(path, sizeof path, "%s/setup.fl", folder);
    if (play_reason(p, path, &line, &why))
        problem_set(problem, why.tip, "setup.fl:%u: %.200s", line, why.text);
}

bool play_begin(struct play *p, const char *folder, const char *variant, struct problem *problem)
{
    *p = (struct play){ .run = { .lesson = lesson_load(folder, problem) } };
    if (!p->run.lesson) return false;
    lesson_draw(p->run.lesson, variant);
    p->out = open_memstream(&p->said, &p->said_size);
    p->shell = (struct shell){ .out = p->out, .err = p->out, .width = 80, .top = "" };
    if (!p->out) problem_set(problem, "", "the host has no memory left");
    if (p->out && open_machine(p, problem)) return true;
    explain_set_up(p, folder, problem);
    play_end(p);
    return false;
}

void play_end(struct play *p)
{
    if (p->shell.session) session_close(p->shell.session);
    if (p->out) fclose(p->out);
    lesson_free(p->run.lesson);
    free(p->said);
    *p = (struct play){ .out = NULL };
}

enum outcome play_file(struct play *p, const char *path, struct problem *problem)
{
    return script_file(&p->shell, path, problem);
}

/* The next logical line of a file, joined, and how many lines it has; 0: the file has ended, or goes on
 * with what is no text. */
static unsigned next_line(FILE *in, char *whole, bool *is_text)
{
    unsigned lines = 0;
    char *line = NULL;
    size_t room = 0, used = 0;
    ssize_t n;
    *whole = '\0';
    while ((n = getline(&line, &room, in)) >= 0) {
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r')) line[--n] = '\0';
        *is_text = strlen(line) == (size_t)n && used + (size_t)n + 2 <= LINE_SIZE;
        if (!*is_text) break;
        used += (size_t)snprintf(whole + used, LINE_SIZE - used, "%s%s", used ? "\n" : "", line);
        lines++;
        if (!shell_line_is_open(whole)) break;
    }
    free(line);
    return lines;
}

/* What a solution expects of its own program is not asked of another in its place: goals judge that. */
static bool is_own_check(const struct play *p, const char *line)
{
    return p->from && p->replaced && strncmp(line + strspn(line, " \t"), "expect ", 7) == 0;
}

/* A line, with the text replaced that is to be. */
static enum outcome play_line(struct play *p, const char *line)
{
    const char *at = p->from ? strstr(line, p->from) : NULL;
    if (is_own_check(p, line)) return OUTCOME_DONE;
    if (!at) return shell_line(&p->shell, line);
    if (!p->replaced) p->replaced = lesson_open_goal(&p->run) + 1;
    size_t size = strlen(line) + strlen(p->to) + 1;
    char *other = malloc(size);
    if (!other) abort();
    snprintf(other, size, "%.*s%s%s", (int)(at - line), line, p->to, at + strlen(p->from));
    enum outcome outcome = shell_line(&p->shell, other);
    free(other);
    return outcome;
}

enum outcome play_lines(struct play *p, const char *path,
                        void (*before)(void *context, const struct play *p, const char *line),
                        void *context, struct problem *problem)
{
    enum outcome outcome = OUTCOME_DONE;
    char *line = malloc(LINE_SIZE);
    FILE *in = fopen(path, "r");
    problem->text[0] = problem->tip[0] = '\0';
    if (!in || !line) {
        problem_set(problem, "", "%.150s: %s", path, strerror(errno));
        outcome = OUTCOME_FAILED;
    }
    p->shell.file = path;
    p->shell.line = 1;
    bool is_text = true;
    for (unsigned lines; outcome == OUTCOME_DONE && (lines = next_line(in, line, &is_text));
         p->shell.line += lines) {
        const char *own = line + (p->shell.line == 1 ? script_mark(line) : 0);
        const char *start = own + strspn(own, " \t");
        if (before && *start && *start != '#') before(context, p, start);
        outcome = play_line(p, own);
    }
    if (!is_text) {
        problem_set(problem, "save it as UTF-8", "%.150s:%u: this is no line of text", path,
                    p->shell.line);
        outcome = OUTCOME_FAILED;
    }
    p->shell.file = NULL;
    if (in) fclose(in);
    free(line);
    return outcome;
}

const char *play_said(struct play *p)
{
    fflush(p->out);
    return p->said;
}
