/* SPDX-License-Identifier: BSD-2-Clause */
/* A new lesson. */
#ifndef FAULTLINE_COURSE_SKELETON_H
#define FAULTLINE_COURSE_SKELETON_H

#include "lesson/lesson.h"

#define LESSON_NAME_EXAMPLE "23-my-lesson"

/* Makes the folder with a small lesson in it that passes its check. It must not be there yet. */
bool lesson_new(const char *folder, struct problem *p);

#endif
