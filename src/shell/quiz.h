/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions without end: each is a small machine, set up by chance, whose answer is found by running
 * it. The same seed and number make the same question. The person's own machine is not touched. */
#ifndef FAULTLINE_SHELL_QUIZ_H
#define FAULTLINE_SHELL_QUIZ_H

#include "shell/shell.h"

enum { QUIZ_TEXT = 2048, QUIZ_ANSWER = 64, QUIZ_COLUMNS = 78 };

struct quiz_question {
    const char *kind;         /* "slot": quiz_kind_name() */
    char text[QUIZ_TEXT];     /* whole lines of at most 78 columns */
    char answer[QUIZ_ANSWER]; /* one word */
    char why[256];            /* the rule */
};

/* What sorts there are: NULL behind the last. */
const char *quiz_kind_name(unsigned i);

/* Makes question `number` (from 1) of a seed; `kind` is NULL for any. False: the host has no room. */
bool quiz_make(uint64_t seed, unsigned number, const char *kind, struct quiz_question *q);

/* Whether an answer is the right one: numbers by their value, words without regard to case. */
bool quiz_is_right(const struct quiz_question *q, const char *answer);

#endif
