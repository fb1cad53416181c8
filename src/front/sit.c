/* SPDX-License-Identifier: BSD-2-Clause */
/* The ways to sit at a machine: prompt, screen, lesson, script. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "course/list.h"
#include "front/front.h"
#include "screen/screen.h"
#include "shell/leave.h"
#include "shell/recording.h"
#include "world/path.h"

static void greet(void)
{
    puts("Faultline " FAULTLINE_VERSION ": seL4 on a simulated x86-64, kernel without MCS.\n");
}

/* Keys from a file, for which no terminal is needed. */
static int replay(struct shell *sh, const struct options *o)
{
    struct replay_form form = { .columns = 80, .rows = 24, .ascii = o->ascii, .svg = o->svg };
    char rest;
    if (!o->keys) return front_usage("--dump-screen wants keys: ", "--keys FILE");
    if (o->size && sscanf(o->size, "%4dx%4d%c", &form.columns, &form.rows, &rest) != 2)
        return front_usage("--size wants COLUMNSxROWS, not ", o->size);
    return replay_run(sh, o->keys, &form, stdout);
}

/* A person at a terminal, or lines from a pipe; the screen first if that was asked for. */
static int converse(struct shell *sh, const struct options *o)
{
    if (o->keys || o->dump) return replay(sh, o);
    if (o->screen && !o->plain) {
        sh->started = time(NULL);
        enum outcome outcome = terminal_run(sh);
        if (outcome == OUTCOME_QUIT || leave_wanted()) return 0;
        if (outcome == OUTCOME_FAILED) return EXIT_USAGE;
    }
    if (o->screen && o->plain)
        puts("In the plain form there is no screen: this is the prompt of the same machine.\n");
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !o->plain)
        sh->host.open_screen = terminal_run;
    if (!isatty(STDIN_FILENO)) return outcome_status(script_run(sh, stdin, "stdin"));
    sh->started = time(NULL);
    return prompt_run(sh);
}

static int run_file(struct shell *sh, const char *path)
{
    struct problem p;
    enum outcome outcome = script_file(sh, path, &p);
    if (outcome == OUTCOME_FAILED && p.text[0]) return front_say(&p, EXIT_SCRIPT);
    return outcome_status(outcome);
}

/* A lesson in a machine of its own: its shell is ready, its first page not yet shown. */
static bool lesson_start(struct shell *sh, struct lesson_run *run, const char *folder,
                         const struct options *o, int *status)
{
    struct problem p;
    *run = (struct lesson_run){ .lesson = lesson_load(folder, &p) };
    *status = EXIT_SCRIPT;
    if (!run->lesson) return front_say(&p, EXIT_SCRIPT), false;
    if (!lesson_translate(run->lesson, lesson_language(o->language), &p)) {
        lesson_free(run->lesson);
        return front_say(&p, EXIT_SCRIPT), false;
    }
    lesson_draw(run->lesson, o->variant);
    if (!machine_open(sh, o, &p)) {
        *status = front_say(&p, EXIT_BUG);
    } else {
        const char *slash = strrchr(run->lesson->folder, '/');
        const char *name = slash ? slash + 1 : run->lesson->folder;
        sh->recorder = machine_recorder(o, name);
        if (lesson_open(sh, run, &p)) {
            machine_record(sh, o, name);
            return true;
        }
        *status = front_say(&p, session_is_at_limit(sh->session) ? EXIT_LIMIT : EXIT_SCRIPT);
        machine_close(sh, o);
    }
    lesson_free(run->lesson);
    return false;
}

static void lesson_end(struct shell *sh, struct lesson_run *run, const struct options *o)
{
    machine_close(sh, o);
    lesson_free(run->lesson);
}

/* A script in a lesson's folder plays in that lesson, and has to reach its goals. */
static int run_in_lesson(const struct options *o, const char *folder)
{
    struct shell sh;
    struct lesson_run run;
    int status;
    if (!lesson_start(&sh, &run, folder, o, &status)) return status;
    status = run_file(&sh, o->operand);
    if (status == 0) lesson_judge_end(&run, sh.session, stdout);
    if (status == 0 && !run.done) {
        fprintf(stderr, "faultline: %s: not all goals are reached\n", o->operand);
        status = EXIT_CHECK;
    }
    lesson_end(&sh, &run, o);
    return status;
}

int run_script(const struct options *o)
{
    struct shell sh;
    struct problem p;
    char folder[600];
    if (!o->operand) return front_usage("run what? ", "faultline run FILE");
    if (lesson_folder_of(o->operand, folder, sizeof folder)) return run_in_lesson(o, folder);
    if (!machine_open(&sh, o, &p)) return front_say(&p, EXIT_BUG);
    sh.recorder = machine_recorder(o, "");
    machine_record(&sh, o, "");
    int status = run_file(&sh, o->operand);
    machine_close(&sh, o);
    return status;
}

/* Where the sources are that its pages speak of. */
static void tell_files(const struct lesson *lesson)
{
    if (lesson_has_file(lesson->folder, "programs"))
        printf("%sprograms/ is in %s\n", lesson->plain ? "" : "  ", lesson->folder);
}

/* The first page, or the one on which the user goes on. */
static void show_page(struct shell *sh, const struct lesson_run *run)
{
    greet();
    lesson_begin(run, stdout);
    tell_files(run->lesson);
    if (sh->news[0]) printf("%s%s\n", run->lesson->plain ? "" : "  ", sh->news);
    sh->news[0] = '\0';
    putchar('\n');
}

static void offer_again(struct shell *sh, const struct lesson *lesson, const struct options *o)
{
    bool on_screen = o->screen && !o->plain;
    snprintf(sh->news, sizeof sh->news,
             "To go on where you left it: `faultline lesson %u --again%s`", lesson->number,
             on_screen ? " --screen" : "");
}

/* Who leaves with goals taken back hears of it; what is only looked back from still counts. */
static void tell_undone(struct shell *sh, const struct lesson_run *run)
{
    if (session_is_past(sh->session)) session_goto_end(sh->session);
    lesson_tell_undone(run, sh->session, stdout);
}

/* One lesson; into `which`, of so many bytes, the one that is wanted then, or "". `goes_on`: somebody has
 * just typed its number. */
static int sit_in_lesson(const char *folder, const struct options *o, struct playback *last,
                         bool goes_on, char *which, size_t size)
{
    struct shell sh;
    struct lesson_run run;
    char path[1024];
    int status;
    bool was_left = !last && record_newest_of(path_name(folder), path, sizeof path);
    if (!lesson_start(&sh, &run, folder, o, &status)) return which[0] = '\0', status;
    run.lesson->plain = o->plain;
    run.is_kept = isatty(STDIN_FILENO) && !o->keys;
    if (last) again_do(&sh, last);
    if (was_left && run.is_kept && lesson_is_begun(run.lesson)) offer_again(&sh, run.lesson, o);
    if (!o->keys && !o->dump && (!o->screen || o->plain)) show_page(&sh, &run);
    sh.opens_line = goes_on;
    if (o->screen) snprintf(sh.layout, sizeof sh.layout, "lesson");
    status = converse(&sh, o);
    snprintf(which, size, "%s", sh.next);
    if (run.is_kept) tell_undone(&sh, &run);
    lesson_end(&sh, &run, o);
    return status;
}

/* `lesson N` at the prompt of a lesson goes on with another one. */
static int run_lessons(const struct options *o, bool goes_on)
{
    struct problem p;
    char folder[600], which[600];
    bool told = false;
    int status = 0;
    snprintf(which, sizeof which, "%s", o->operand ? o->operand : "next");
    if (strcmp(which, "next") == 0) {
        if (course_next(folder, sizeof folder))
            snprintf(which, sizeof which, "%s", folder);
        else
            snprintf(which, sizeof which, "1");
    }
    for (bool again = o->again; which[0]; again = false, goes_on = true) {
        if (!lesson_find(which, folder, sizeof folder, &p)) return front_say(&p, EXIT_USAGE);
        course_say_language(folder, o->language, &told);
        struct playback *last = again ? again_open(o, folder, &p) : NULL;
        if (again && !last) return front_say(&p, EXIT_USAGE);
        status = sit_in_lesson(folder, o, last, goes_on, which, sizeof which);
        playback_close(last);
        if (o->keys) break; /* the file would be played in the next one, too, and for ever */
    }
    return status;
}

int run_lesson(const struct options *o)
{
    return run_lessons(o, false);
}

/* The prompt or the screen; on the screen a script may have gone before. */
int run_prompt(const struct options *o)
{
    struct shell sh;
    struct problem p;
    if (!machine_open(&sh, o, &p)) return front_say(&p, o->image ? EXIT_USAGE : EXIT_BUG);
    sh.recorder = machine_recorder(o, o->image ? path_name(o->image) : "");
    machine_record(&sh, o, "");
    if (isatty(STDIN_FILENO) && !o->keys && (!o->screen || o->plain)) {
        greet();
        puts(o->image
                 ? "The root task stands before its first instruction. `step` and `continue` let "
                   "it run;\n"
                   "`type TEXT` is a line on its serial port; `help` shows more.\n"
                 : "You sit in rootserver, the first thread. New here? `lesson 1` takes ten "
                   "minutes.\n"
                   "`help` shows the first ten words.\n");
    }
    int status = o->operand ? run_file(&sh, o->operand) : 0;
    if (status == 0) status = converse(&sh, o);
    machine_close(&sh, o);
    struct options lesson = *o;
    lesson.operand = sh.next;
    return sh.next[0] ? run_lessons(&lesson, true) : status;
}
