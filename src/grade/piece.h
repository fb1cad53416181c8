/* SPDX-License-Identifier: BSD-2-Clause */
/* What one file is that was handed in (piece.c). */
#ifndef FAULTLINE_GRADE_PIECE_H
#define FAULTLINE_GRADE_PIECE_H

#include <stdbool.h>
#include <sys/types.h>

#include "lesson/lesson.h"

/* Between a lesson's name and its program's in a hand-in: "20-a-demand-pager--pager.c". */
#define HAND_IN_BETWEEN "--"

enum { PIECE_HEAD = 4096 };

/* The beginning of a regular file, ended by a zero; -1: it is none, or cannot be read. */
ssize_t piece_head(const char *path, char head[PIECE_HEAD]);

/* Whether that is the beginning of a recording. */
bool is_recording(const char *head);
/* Whether a file is a recording of a session in that lesson. */
bool is_recording_of(const char *path, const struct lesson *lesson);
/* By its name: "01-first-fault.fl", "1.fl", "01.fl". */
bool is_script_for(const char *name, const struct lesson *lesson);
/* By its name: that of an exercise, or of one in a hand-in. */
bool is_exercise_of(const char *name, const struct lesson *lesson);

/* "# variant ID" at the head of a script, "#: variant ID" at that of a hand-in. False: it says none. */
bool script_variant(const char *path, char *variant, size_t size);

#endif
