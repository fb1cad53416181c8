/* SPDX-License-Identifier: BSD-2-Clause */
/* A line while it is typed: editing, history and completion, in memory. */
#ifndef FAULTLINE_SCREEN_LINE_H
#define FAULTLINE_SCREEN_LINE_H

#include "shell/shell.h"

enum { LINE_BYTES = 1024, LINES_KEPT = 200 };

struct line {
    char text[LINE_BYTES];
    size_t length, cursor; /* bytes */
    char *kept[LINES_KEPT];
    size_t kept_count, at; /* at: the one that is shown; kept_count: a new one */
};

void line_set(struct line *l, const char *text);
void line_insert(struct line *l, const char *text);
/* Keeps the line in the history and empties it. */
void line_keep(struct line *l);
void line_free(struct line *l);
/* One editing key; false: it is none. */
bool line_key(struct line *l, int key);
/* Completes the last word. Writes what there is to choose from when it is several. */
void line_complete(struct line *l, const struct shell *sh, FILE *choices);

#endif
