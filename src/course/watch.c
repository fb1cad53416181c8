/* SPDX-License-Identifier: BSD-2-Clause */
/* Watching a student's program: compiled and judged after each time it is saved. */
#include "course/watch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "lesson/progress.h"
#include "shell/exercise.h"

enum { PAUSE = 200000000, SAID_MAX = 12 }; /* nanoseconds; lines */

static int say(const struct problem *p, FILE *out, int status)
{
    return problem_say(out, "  ", p, status);
}

/* The last lines of what was said on the way. */
static void say_tail(struct play *play, FILE *out)
{
    const char *said = play_said(play), *at = said + strlen(said);
    for (unsigned lines = 0; at > said; at--)
        if (at[-1] == '\n' && ++lines > SAID_MAX) break;
    fputs(at, out);
}

/* Into the progress goes what the program was there for: goals before it was loaded were the solution's. */
static void keep(struct play *play, FILE *out)
{
    struct problem p;
    struct lesson_run *run = &play->run;
    for (unsigned i = 0; i + 1 < play->replaced; i++) run->reached[i] = false;
    memset(run->said, 0, sizeof run->said);
    if (play->replaced && !progress_keep(run, time(NULL), &p)) say(&p, out, 0);
}

/* What the program reaches; a run that stops is as good as one that ends. */
static int judge(const struct exercise *x, const char *variant, FILE *out)
{
    struct play play;
    struct problem p;
    if (!play_begin(&play, x->lesson->folder, variant, &p)) return say(&p, out, EXIT_SCRIPT);
    enum outcome outcome = exercise_play(&play, x, x->elf, &p);
    unsigned goal = lesson_open_goal(&play.run);
    int status = goal == play.run.lesson->item_count ? 0 : EXIT_CHECK;
    if (status || outcome != OUTCOME_DONE) say_tail(&play, out);
    lesson_goals(&play.run, out);
    if (status) {
        fputs("  The next one is not reached:\n", out);
        lesson_explain(&play.run, play.shell.session, goal, out);
    } else {
        fputs("  All goals are reached.\n", out);
        keep(&play, out);
    }
    play_end(&play);
    return status;
}

static int look(const struct exercise *x, const char *variant, FILE *out)
{
    struct problem p;
    fprintf(out, "---- %s\n", x->file);
    fflush(out);
    bool compiled = exercise_compile_said(x, out, &p);
    if (!compiled && !p.tip[0]) snprintf(p.tip, sizeof p.tip, "the compiler's messages say where");
    int status = compiled ? judge(x, variant, out) : say(&p, out, EXIT_CHECK);
    fflush(out);
    return status;
}

static bool is_newer(const char *path, struct timespec *seen)
{
    struct stat about;
    if (stat(path, &about) != 0) return false; /* an editor is putting it in place */
    bool newer = about.st_mtim.tv_sec != seen->tv_sec || about.st_mtim.tv_nsec != seen->tv_nsec;
    *seen = about.st_mtim;
    return newer;
}

int exercise_watch(const char *folder, const char *file, const char *variant, bool once, FILE *out)
{
    struct problem p;
    struct exercise x;
    bool is_new;
    struct timespec seen = { 0 };
    struct lesson *lesson = lesson_load(folder, &p);
    int status = EXIT_SCRIPT;
    if (!lesson || !exercise_find(lesson, file, &x, &p) || !exercise_copy(&x, &is_new, &p)) {
        status = say(&p, out, status);
    } else {
        fprintf(out,
                "Your program: %s\n"
                "Whenever you save it, it is compiled and tried; Ctrl-C ends.\n",
                x.source);
        do {
            if (is_newer(x.source, &seen)) status = look(&x, variant, out);
            if (!once) nanosleep(&(struct timespec){ .tv_nsec = PAUSE }, NULL);
        } while (!once);
    }
    lesson_free(lesson);
    return status;
}
