/* SPDX-License-Identifier: BSD-2-Clause */
/* What there is to learn, and how far the user has come. */
#ifndef FAULTLINE_COURSE_LIST_H
#define FAULTLINE_COURSE_LIST_H

#include <stdio.h>

#include "lesson/lesson.h"

/* Number, title, minutes, done or not, a line each. `language`: what --lang says; NULL: nothing. */
void course_list(const char *language, bool plain, FILE *out);
/* Says on standard error, if --lang names a language that the lesson has no texts in, that they are English;
 * *told: it was said before. */
void course_say_language(const char *folder, const char *language, bool *told);
/* The folder of the first lesson that is not done; false: all are. */
bool course_next(char *folder, size_t size);
/* The user's progress written to a file; a file's facts added to it. */
bool course_export(const char *file, struct problem *p);
bool course_import(const char *file, struct problem *p);

#endif
