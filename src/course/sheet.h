/* SPDX-License-Identifier: BSD-2-Clause */
/* Lessons on paper. */
#ifndef FAULTLINE_COURSE_SHEET_H
#define FAULTLINE_COURSE_SHEET_H

#include "lesson/lesson.h"

struct sheet_options {
    const char *variant, *language; /* NULL: none */
    bool answers;                   /* for the teacher */
    bool told;                      /* that there is no translation */
};

/* Writes a lesson as an exercise sheet in Markdown: pages, goals with points, questions to tick. */
bool sheet_write(const char *folder, const struct sheet_options *o, FILE *out, struct problem *p);

#endif
