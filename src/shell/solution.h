/* SPDX-License-Identifier: BSD-2-Clause */
/* The moves of a lesson's solution, by the goal that they lead to: what `solution` shows one at a time,
 * and a sheet with answers all at once. */
#ifndef FAULTLINE_SHELL_SOLUTION_H
#define FAULTLINE_SHELL_SOLUTION_H

#include "shell/shell.h"

struct move {
    char *line;    /* with the student's numbers */
    char *pattern; /* the same, but `*` for a number that no goal asks for */
    char **taken;  /* by `undo`: the commands that it takes back, the oldest first */
    char *under;   /* and the one that is the last then; NULL: none */
    unsigned taken_count;
    unsigned goal; /* item that was open when it was made; item_count: all were reached */
    bool leaves;   /* it is among what was done: no view, no `as` */
};

struct solution {
    struct move *move;
    size_t count;
    unsigned depth; /* commands in the past before the last move */
};

/* Plays the solution for the lesson's student. Lines that only check or answer are no moves. */
bool solution_read(const struct lesson *lesson, struct solution *s, struct problem *p);
void solution_free(struct solution *s);

#endif
