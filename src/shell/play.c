/* SPDX-License-Identifier: BSD-2-Clause */
/* Playing scripts in lessons, apart from whoever sits at the prompt. */
#include "shell/play.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/token.h"

#define PLAY_MEMORY (UINT64_C(64) << 20)

static bool open_machine(struct play *p, struct problem *problem)
{
    struct shell *sh = &p->shell;
    sh->session = session_open(&kernel_config_default, PLAY_MEMORY, problem);
    if (!sh->session) return false;
    session_limit(sh->session, PLAY_MAX_STEPS);
    return session_boot_prompt(sh->session, problem) && lesson_open(sh, &p->run, problem);
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

/* The next logical line of a file, joined, and how many lines it has; 0: the file has ended. */
static unsigned next_line(FILE *in, char *whole)
{
    unsigned lines = 0;
    char *line = NULL;
    size_t room = 0, used = 0;
    ssize_t n;
    *whole = '\0';
    while ((n = getline(&line, &room, in)) >= 0) {
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r')) line[--n] = '\0';
        if (used + (size_t)n + 2 > LINE_SIZE) break;
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
    for (unsigned lines; outcome == OUTCOME_DONE && (lines = next_line(in, line));
         p->shell.line += lines) {
        const char *start = line + strspn(line, " \t");
        if (before && *start && *start != '#') before(context, p, start);
        outcome = play_line(p, line);
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
