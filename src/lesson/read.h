/* SPDX-License-Identifier: BSD-2-Clause */
/* How lesson files are read, for the files of this room that do it: bytes (source.c), meaning
 * (parse.c), another language (translate.c). */
#ifndef FAULTLINE_LESSON_READ_H
#define FAULTLINE_LESSON_READ_H

#include "lesson/lesson.h"

/* Reads FOLDER/NAME, at most a mebibyte. */
bool source_read(struct lesson_source *source, const char *folder, const char *name,
                 struct problem *p);
void source_free(struct lesson_source *source);

/* Pages, goals and questions of lesson->file. A translation may leave out what is no text: its goals
 * need no predicates, and an `if` no more than its words. */
bool lesson_parse(struct lesson *lesson, bool is_translation, struct problem *p);

#endif
