/* SPDX-License-Identifier: BSD-2-Clause */
/* A script played in a lesson, in a machine of its own, with all that was said kept: what the lint, a
 * lesson's `solution` and grading do. Nothing of it reaches the person's machine. */
#ifndef FAULTLINE_SHELL_PLAY_H
#define FAULTLINE_SHELL_PLAY_H

#include "shell/shell.h"

enum { PLAY_MAX_STEPS = 20000000 };

struct play {
    struct shell shell;
    struct lesson_run run;
    FILE *out;
    char *said; /* play_said() */
    size_t said_size;
    const char *from,
        *to;           /* play_lines(): the first of these texts in a line is replaced; or NULL */
    unsigned replaced; /* where that happened first: the goal that was open, counted from 1 */
};

/* Opens the lesson for a student (`variant` may be NULL), set-up done. On failure nothing is open. */
bool play_begin(struct play *p, const char *folder, const char *variant, struct problem *problem);
void play_end(struct play *p);

/* Plays a file. What is wrong with it is said; only a file that cannot be read is a problem. */
enum outcome play_file(struct play *p, const char *path, struct problem *problem);
/* Plays it line by line: `before` each logical line (comments and blank lines are none) it is told;
 * `before` may be NULL. */
enum outcome play_lines(struct play *p, const char *path,
                        void (*before)(void *context, const struct play *p, const char *line),
                        void *context, struct problem *problem);
/* Everything that was said until now; valid until something is played. */
const char *play_said(struct play *p);
/* Where in that file the script stopped, and why; false: nothing was said of it. */
bool play_reason(struct play *p, const char *path, unsigned *line, struct problem *why);

#endif
