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
                     word(source), word("-o"),  new,        NULL };
    fflush(stdout);
    int status = compile_main(7, argv);
    if (status == 0 && rename(new, elf) == 0) return true;
    unlink(new);
    return problem_set(p, "the compiler's messages say where",
                       status == 2 ? "%.150s is not compiled" : "%.150s does not compile", source);
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

bool editor_run(const char *path, struct problem *p)
{
    pid_t child;
    int status;
    char *argv[] = { word("sh"), word("-c"), word("exec ${VISUAL:-${EDITOR:-vi}} \"$0\""),
                     word(path), NULL };
    int error = posix_spawnp(&child, "sh", NULL, NULL, argv, environ);
    if (error)
        return problem_set(p, "EDITOR names it", "the editor does not start: %s", strerror(error));
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return problem_set(p, "", "the editor is lost: %s", strerror(errno));
    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
           problem_set(p, "EDITOR names it: export EDITOR=nano",
                       "the editor ended badly; nothing was compiled");
}
