/* SPDX-License-Identifier: BSD-2-Clause */
/* `faultline lesson check`: whether a lesson's folder keeps what the format promises. The solution
 * reaches every goal, for every student; each wrong attempt fails at the goal and with the words that
 * it names; every `if` is provoked; texts fit and name nothing that is not there. */
#ifndef FAULTLINE_COURSE_CHECK_H
#define FAULTLINE_COURSE_CHECK_H

#include <stdio.h>

enum {
    CHECK_VARIANTS = 20,
    CHECK_PAGE_LINES = 12,
    CHECK_COLUMNS = 78,
    CHECK_GOAL_COLUMNS = 66,
    CHECK_HINTS = 3
};

/* Writes each complaint as "file:line: what is wrong" and a tip; returns how many there are. */
unsigned lesson_check(const char *folder, FILE *out);

#endif
