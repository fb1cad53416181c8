/* SPDX-License-Identifier: BSD-2-Clause */
/* The files of an exercise: the student's copy, what the compiler makes of it, the editor. */
#include "shell/exercise.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lesson/progress.h"
#include "world/compile.h"
#include "world/own.h"
#include "world/path.h"

extern char **environ;

enum { SOURCE_MAX = 1 << 20 };

/* ---- Where ---- */

static const char *choose_file(const struct lesson *lesson, const char *file)
{
    if (!*file) return lesson->exercise_count == 1 ? lesson->exercise[0] : NULL;
    for (unsigned i = 0; i < lesson->exercise_count; i++)
        if (strcmp(lesson->exercise[i], file) == 0) return lesson->exercise[i];
    return NULL;
}

static bool refuse_file(const struct lesson *lesson, struct problem *p)
{
    char list[200] = "edit";
    if (!lesson->exercise_count)
        return problem_set(p, "`faultline lesson` lists the lessons",
                           "this lesson has no program to complete");
    for (unsigned i = 0; i < lesson->exercise_count; i++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s %.40s", i ? " |" : "", lesson->exercise[i]);
    }
    return problem_set(p, list, "which program?");
}

static bool is_plain_name(const char *name)
{
    size_t n = strlen(name);
    return n > 2 && n < 60 && !strchr(name, '/') && name[0] != '.' &&
           strcmp(name + n - 2, ".c") == 0;
}

static bool own_place(const struct exercise *x, const char *ending, char path[EXERCISE_PATH])
{
    char name[200];
    snprintf(name, sizeof name, "work/%.100s/%.60s%s", lesson_name(x->lesson), x->stem, ending);
    return own_state(path, EXERCISE_PATH, name);
}

bool exercise_find(const struct lesson *lesson, const char *file, struct exercise *x,
                   struct problem *p)
{
    const char *found = choose_file(lesson, file);
    if (!found) return refuse_file(lesson, p);
    if (!is_plain_name(found))
        return problem_set(p, "exercise NAME.c", "`%.60s` is no C file of the lesson", found);
    *x = (struct exercise){ .lesson = lesson };
    snprintf(x->file, sizeof x->file, "%.63s", found);
    snprintf(x->stem, sizeof x->stem, "%.*s", (int)(strlen(x->file) - 2), x->file);
    snprintf(x->programs, sizeof x->programs, "%s/programs", lesson->folder);
    if (own_place(x, ".c", x->source) && own_place(x, ".elf", x->elf)) return true;
    return problem_set(p, "XDG_STATE_HOME names the folder for it",
                       "there is no place for your programs: %s", strerror(errno));
}

bool exercise_program(const struct lesson *lesson, const char *name, char *path, size_t size)
{
    struct exercise x;
    struct problem unused;
    char file[64];
    size_t n = strlen(name);
    if (n < 5 || n > sizeof file || strcmp(name + n - 4, ".elf") != 0) return false;
    snprintf(file, sizeof file, "%.*s.c", (int)(n - 4), name);
    return exercise_find(lesson, file, &x, &unused) && access(x.elf, R_OK) == 0 &&
           (size_t)snprintf(path, size, "%s", x.elf) < size;
}

/* ---- The copy ---- */

bool exercise_copy(const struct exercise *x, bool *is_new, struct problem *p)
{
    char from[EXERCISE_PATH + 80];
    *is_new = access(x->source, F_OK) != 0;
    if (!*is_new) return true;
    snprintf(from, sizeof from, "%s/%s", x->programs, x->file);
    char *text = malloc(SOURCE_MAX);
    FILE *in = fopen(from, "r"), *out = in && text ? fopen(x->source, "wx") : NULL;
    bool copied = out != NULL;
    if (copied) {
        size_t n = fread(text, 1, SOURCE_MAX, in);
        copied = fwrite(text, 1, n, out) == n;
        copied = fclose(out) == 0 && copied;
        if (!copied) unlink(x->source);
    }
    if (!copied) problem_set(p, "", "%.120s cannot be copied: %s", from, strerror(errno));
    if (in) fclose(in);
    free(text);
    return copied;
}

/* ---- The compiler ---- */

static char *word(const char *text)
{
    return (char *)(uintptr_t)text; /* compile_main() changes nothing */
}

bool exercise_compile(const struct exercise *x, const char *source, const char *elf,
                      struct problem *p)
{
    char new[EXERCISE_PATH + 8];
    snprintf(new, sizeof new, "%s.new", elf);
    char *argv[] = { word("cc"),   word("-O1"), word("-I"), word(x->programs),
                     word(source), word("-o"),  new,        NULL,
                     NULL };
    int argc = 7;
    if (x->colour) argv[argc++] = word("-fdiagnostics-color=always");
    fflush(stdout);
    struct problem missing;
    int status = compile_program(argc, argv, &missing);
    if (status == 0 && rename(new, elf) == 0) return true;
    unlink(new);
    if (missing.text[0])
        return problem_set(p, missing.tip, "%.60s is not compiled: %.120s", path_name(source),
                           missing.text);
    return problem_set(p, "", status == 2 ? "%.60s is not compiled" : "%.60s does not compile",
                       path_name(source));
}

/* A line of the compiler's, in which the lesson's files and the student's copy stand without their folders. */
static void say_message(const struct exercise *x, const char *line, FILE *out)
{
    size_t own = strlen(x->source) - strlen(x->file), lesson = strlen(x->programs);
    while (*line)
        if (strncmp(line, x->source, own) == 0)
            line += own;
        else if (strncmp(line, x->programs, lesson) == 0 && line[lesson] == '/')
            line += lesson + 1;
        else
            fputc(*line++, out);
}

bool exercise_compile_said(const struct exercise *x, FILE *out, struct problem *p)
{
    char *line = NULL;
    size_t size = 0;
    FILE *log = tmpfile();
    int before = log ? dup(STDERR_FILENO) : -1;
    fflush(stderr);
    if (before >= 0) dup2(fileno(log), STDERR_FILENO);
    bool compiled = exercise_compile(x, x->source, x->elf, p);
    fflush(stderr);
    if (before >= 0) {
        dup2(before, STDERR_FILENO);
        close(before);
        rewind(log);
        while (getline(&line, &size, log) >= 0) say_message(x, line, out);
    }
    if (log) fclose(log);
    free(line);
    return compiled;
}

enum outcome exercise_play(struct play *play, const struct exercise *x, const char *elf,
                           struct problem *p)
{
    char path[EXERCISE_PATH], from[100], to[EXERCISE_PATH];
    snprintf(from, sizeof from, " %s_solution.elf ", x->stem);
    snprintf(to, sizeof to, " \"%.1150s\" ", elf);
    snprintf(path, sizeof path, "%s/solution.fl", x->lesson->folder);
    play->from = from;
    play->to = to;
    enum outcome outcome = play_lines(play, path, NULL, NULL, p);
    play->from = play->to = NULL;
    return outcome;
}

/* ---- The editor ---- */

/* What a person has chosen, or whoever set up this machine; else what is there. */
static const char editor[] =
    "for e in \"${VISUAL:-$EDITOR}\" editor vi nano; do\n"
    "    [ -n \"$e\" ] || continue\n"
    "    [ \"$e\" = \"${VISUAL:-$EDITOR}\" ] || command -v $e >/dev/null && exec $e \"$0\"\n"
    "done\n"
    "exit 127";

static bool refuse_editor(int status, struct problem *p)
{
    enum { NOT_TO_BE_RUN = 126, NOT_FOUND };
    const char *name = getenv("VISUAL");
    if (!name || !*name) name = getenv("EDITOR");
    if (!WIFEXITED(status) || WEXITSTATUS(status) < NOT_TO_BE_RUN)
        return problem_set(p, "`edit` opens it again",
                           "the editor ended badly; nothing was compiled");
    if (!name || !*name)
        return problem_set(p, "install nano or vim; or faultline lesson N --watch",
                           "no editor is here");
    return problem_set(p, "quit, `export EDITOR=nano`, and come back",
                       "the editor `%.60s` does not start", name);
}

bool editor_run(const char *path, struct problem *p)
{
    pid_t child;
    int status;
    char *argv[] = { word("sh"), word("-c"), word(editor), word(path), NULL };
    int error = posix_spawnp(&child, "sh", NULL, NULL, argv, environ);
    if (error) return problem_set(p, "", "the editor does not start: %s", strerror(error));
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return problem_set(p, "", "the editor is lost: %s", strerror(errno));
    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) || refuse_editor(status, p);
}
