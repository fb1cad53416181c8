/* SPDX-License-Identifier: BSD-2-Clause */
/* Exercises in C. A lesson's head names a file of programs/ with holes in it, `exercise my.c`; a student
 * works on a copy in the state folder, work/LESSON/my.c, which is compiled beside it. The lesson's solution
 * loads my_solution.elf: with the student's program in its place it judges that. */
#ifndef FAULTLINE_SHELL_EXERCISE_H
#define FAULTLINE_SHELL_EXERCISE_H

#include "shell/play.h"

enum { EXERCISE_PATH = 1200 };

/* One exercise of a lesson and where the student's files lie. */
struct exercise {
    const struct lesson *lesson;
    char file[64];                /* "my.c" */
    char stem[64];                /* "my" */
    char source[EXERCISE_PATH];   /* the student's copy */
    char elf[EXERCISE_PATH];      /* what it was compiled to */
    char programs[EXERCISE_PATH]; /* the lesson's folder of them */
    bool colour;                  /* in the compiler's messages */
};

/* The lesson's exercise of that name; "" means its only one. */
bool exercise_find(const struct lesson *lesson, const char *file, struct exercise *x,
                   struct problem *p);
/* The student's copy, made if it is not there yet; *is_new when it was made. */
bool exercise_copy(const struct exercise *x, bool *is_new, struct problem *p);
/* Compiles a C file of the exercise's; the compiler's messages go to standard error. The problem has a tip
 * where it is not for them to say: no compiler is here. */
bool exercise_compile(const struct exercise *x, const char *source, const char *elf,
                      struct problem *p);
/* The same of the student's copy; its messages go to `out`, and name files without their folders. */
bool exercise_compile_said(const struct exercise *x, FILE *out, struct problem *p);
/* Plays the lesson's solution with this program in the place of its own. */
enum outcome exercise_play(struct play *play, const struct exercise *x, const char *elf,
                           struct problem *p);

/* The student's compiled program of that name ("my.elf"), if it is one of the lesson's exercises. */
bool exercise_program(const struct lesson *lesson, const char *name, char *path, size_t size);

/* $VISUAL, $EDITOR or what the host has on a file; false when it cannot be started or says no. */
bool editor_run(const char *path, struct problem *p);

#endif
