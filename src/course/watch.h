/* SPDX-License-Identifier: BSD-2-Clause */
/* `faultline lesson N --watch`: beside an editor, as rustlings does it. */
#ifndef FAULTLINE_COURSE_WATCH_H
#define FAULTLINE_COURSE_WATCH_H

#include "lesson/lesson.h"

/* Compiles the student's program whenever it is saved, plays the lesson's solution with it and says what
 * is reached. Until Ctrl-C; `once` only once. Returns an exit status: 0 all goals are reached. */
int exercise_watch(const char *folder, const char *file, const char *variant, bool once, FILE *out);

#endif
