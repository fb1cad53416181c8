/* SPDX-License-Identifier: BSD-2-Clause */
/* What there is to learn, and how far the user has come. */
#ifndef FAULTLINE_COURSE_LIST_H
#define FAULTLINE_COURSE_LIST_H

#include <stdio.h>

#include "lesson/lesson.h"

/* Number, title, minutes, done or not, a line each. */
void course_list(const char *language, bool plain, FILE *out);
/* The folder of the first lesson that is not done; false: all are. */
bool course_next(char *folder, size_t size);
/* The user's progress written to a file; a file's facts added to it. */
bool course_export(const char *file, struct problem *p);
bool course_import(const char *file, struct problem *p);

#endif
