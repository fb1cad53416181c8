/* SPDX-License-Identifier: BSD-2-Clause */
/* The words behind `faultline lesson`. */
#include "course/course.h"

#include <stdio.h>
#include <string.h>

#include "course/check.h"
#include "course/list.h"
#include "course/sheet.h"
#include "course/skeleton.h"
#include "course/watch.h"
#include "shell/shell.h"
#include "world/option.h"
#include "world/path.h"

enum { FOLDER_SIZE = 600 };

static int usage(const char *problem, const char *word)
{
    fprintf(stderr, "faultline lesson: %s%s\n  tip: faultline --help\n", problem, word);
    return EXIT_USAGE;
}

static int say(const struct problem *p, int status)
{
    return problem_say(stderr, "faultline: ", p, status);
}

/* ---- check ---- */

struct tally {
    unsigned lessons, complaints;
};

static void check_one(void *context, const char *folder)
{
    struct tally *tally = context;
    unsigned complaints = lesson_check(folder, stdout);
    tally->lessons++;
    tally->complaints += complaints;
    if (complaints)
        printf("%s: %u complaint%s\n", path_name(folder), complaints, complaints == 1 ? "" : "s");
    else
        printf("%s: well\n", path_name(folder));
    fflush(stdout);
}

static int run_check(int argc, char **argv)
{
    struct tally tally = { 0 };
    char folder[FOLDER_SIZE];
    struct problem p;
    if (argc == 2 && strcmp(argv[1], "all") == 0) argc = 1;
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-') return usage("what is ", argv[i]);
        if (lesson_find(argv[i], folder, sizeof folder, &p))
            check_one(&tally, folder);
        else
            check_one(&tally, argv[i]); /* says what is missing there */
    }
    if (argc == 1) lessons_each(check_one, &tally);
    if (!tally.lessons) return usage("there are no lessons to check", "");
    return tally.complaints ? EXIT_CHECK : 0;
}

/* ---- export, import ---- */

static int carry(int argc, char **argv, bool (*how)(const char *file, struct problem *p))
{
    struct problem p;
    if (argc != 2) return usage(argv[0], " wants a file");
    return how(argv[1], &p) ? 0 : say(&p, EXIT_CHECK);
}

static int run_export(int argc, char **argv)
{
    return carry(argc, argv, course_export);
}

static int run_import(int argc, char **argv)
{
    return carry(argc, argv, course_import);
}

/* ---- new ---- */

static int run_new(int argc, char **argv)
{
    struct problem p;
    if (argc != 2 || argv[1][0] == '-')
        return usage("new wants a name: ", "new " LESSON_NAME_EXAMPLE);
    if (!lesson_new(argv[1], &p)) return say(&p, EXIT_CHECK);
    const char *before = strchr("./", argv[1][0]) ? "" : "./"; /* a folder, whatever its name is */
    printf("%s is a lesson now. docs/teaching.md says how to go on:\n"
           "  faultline lesson %s%s          as a student sees it\n"
           "  faultline lesson check %s%s    whether it is whole\n",
           argv[1], before, argv[1], before, argv[1]);
    return 0;
}

/* ---- print ---- */

/* One lesson, or "3-5" of them. */
static int print_range(const char *word, struct sheet_options *o)
{
    unsigned from, to;
    char which[32], folder[FOLDER_SIZE], rest;
    struct problem p;
    if (sscanf(word, "%4u-%4u%c", &from, &to, &rest) != 2) {
        if (!lesson_find(word, folder, sizeof folder, &p)) return say(&p, EXIT_USAGE);
        course_say_language(folder, o->language, &o->told);
        return sheet_write(folder, o, stdout, &p) ? 0 : say(&p, EXIT_USAGE);
    }
    if (from > to || !from) return usage("lessons are named 1-8, not ", word);
    for (int status = 0; from <= to; from++) {
        snprintf(which, sizeof which, "%u", from);
        if ((status = print_range(which, o))) return status;
    }
    return 0;
}

static int run_print(int argc, char **argv)
{
    struct sheet_options o = { .variant = NULL };
    int printed = 0, status = 0;
    for (int i = 1; i < argc; i++) {
        const char *value;
        if (strcmp(argv[i], "--answers") == 0)
            o.answers = true;
        else if ((value = option_value(argc, argv, &i, "--variant")))
            o.variant = value;
        else if ((value = option_value(argc, argv, &i, "--lang")))
            o.language = value;
        else if (argv[i][0] == '-')
            return usage("what is ", argv[i]);
        else
            argv[++printed] = argv[i]; /* those in front were read */
    }
    if (!printed) return usage("print wants lessons: ", "print 1-8");
    for (int i = 1; i <= printed && !status; i++) status = print_range(argv[i], &o);
    return status;
}

/* ---- N --watch ---- */

/* lesson N [FILE.c] --watch [--once]: false: that is not what was asked for. */
static bool wants_watch(int argc, char **argv, int *status)
{
    char folder[FOLDER_SIZE];
    const char *which = NULL, *file = "", *variant = NULL, *value;
    bool watch = false, once = false;
    struct problem p;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--watch") == 0)
            watch = true;
        else if (strcmp(argv[i], "--once") == 0)
            once = true;
        else if ((value = option_value(argc, argv, &i, "--variant")))
            variant = value;
        else if (argv[i][0] != '-' && !which)
            which = argv[i];
        else if (argv[i][0] != '-')
            file = argv[i];
    }
    if (!watch) return false;
    if (!which)
        *status = usage("--watch wants a lesson: ", "faultline lesson 11 --watch");
    else if (!lesson_find(which, folder, sizeof folder, &p))
        *status = say(&p, EXIT_USAGE);
    else
        *status = exercise_watch(folder, file, variant, once, stdout);
    return true;
}

/* ---- Words ---- */

static const struct {
    const char *word;
    int (*run)(int argc, char **argv);
} words[] = {
    { "check", run_check }, { "export", run_export }, { "import", run_import },
    { "new", run_new },     { "print", run_print },
};

bool course_main(int argc, char **argv, int *status)
{
    for (size_t i = 0; argc > 1 && i < sizeof words / sizeof *words; i++) {
        if (strcmp(argv[1], words[i].word) != 0) continue;
        argc--;
        options_drop_form(&argc, ++argv);
        *status = words[i].run(argc, argv);
        return true;
    }
    return wants_watch(argc, argv, status);
}
