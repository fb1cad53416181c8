/* SPDX-License-Identifier: BSD-2-Clause */
/* A line while it is typed: editing, history and completion, in memory. */
#ifndef FAULTLINE_SCREEN_LINE_H
#define FAULTLINE_SCREEN_LINE_H

#include "shell/shell.h"

enum { LINE_BYTES = 4096 };

struct line {
    char text[LINE_BYTES];
    size_t length, cursor; /* bytes */
    size_t at;             /* of the history, from its end: which line is shown; 0: a new one */
};

/* The row of the text in which the cursor is: a line goes on behind an open bracket. */
void line_row(const struct line *l, size_t *from, size_t *to);
void line_set(struct line *l, const char *text);
void line_insert(struct line *l, const char *text);
/* Keeps the line in the history, which the prompt has, too, and empties it. */
void line_keep(struct line *l);
/* One editing key; false: it is none. */
bool line_key(struct line *l, int key);
/* Completes the last word. Writes what there is to choose from when it is several. */
void line_complete(struct line *l, const struct shell *sh, FILE *choices);

#endif
