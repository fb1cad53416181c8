/* SPDX-License-Identifier: BSD-2-Clause */
/* The words behind `faultline lesson`. */
#include "course/course.h"

#include <stdio.h>
#include <string.h>

#include "course/check.h"
#include "course/list.h"
#include "shell/shell.h"

enum { FOLDER_SIZE = 600 };

static int usage(const char *problem, const char *word)
{
    fprintf(stderr, "faultline lesson: %s%s\n  tip: faultline --help\n", problem, word);
    return EXIT_USAGE;
}

/* ---- check ---- */

struct tally {
    unsigned lessons, complaints;
};

static void check_one(void *context, const char *folder)
{
    struct tally *tally = context;
    unsigned complaints = lesson_check(folder, stdout);
    const char *slash = strrchr(folder, '/');
    tally->lessons++;
    tally->complaints += complaints;
    if (complaints)
        printf("%s: %u complaint%s\n", slash ? slash + 1 : folder, complaints,
               complaints == 1 ? "" : "s");
    else
        printf("%s: well\n", slash ? slash + 1 : folder);
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
    if (how(argv[1], &p)) return 0;
    fprintf(stderr, "faultline: %s\n", p.text);
    if (p.tip[0]) fprintf(stderr, "  tip: %s\n", p.tip);
    return EXIT_CHECK;
}

static int run_export(int argc, char **argv)
{
    return carry(argc, argv, course_export);
}

static int run_import(int argc, char **argv)
{
    return carry(argc, argv, course_import);
}

/* ---- Words ---- */

static const struct {
    const char *word;
    int (*run)(int argc, char **argv);
} words[] = {
    { "check", run_check },
    { "export", run_export },
    { "import", run_import },
};

bool course_main(int argc, char **argv, int *status)
{
    for (size_t i = 0; argc > 1 && i < sizeof words / sizeof *words; i++) {
        if (strcmp(argv[1], words[i].word) != 0) continue;
        *status = words[i].run(argc - 1, argv + 1);
        return true;
    }
    return false;
}
