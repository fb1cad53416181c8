/* SPDX-License-Identifier: BSD-2-Clause */
/* What somebody has reached in all lessons: a file of lines in the user's state folder, one a fact. Facts
 * only grow: two files become one by taking all of both, so nothing is lost between two windows, by a
 * kill or by a full disk. Grading never reads it. */
#ifndef FAULTLINE_LESSON_PROGRESS_H
#define FAULTLINE_LESSON_PROGRESS_H

#include "lesson/lesson.h"

enum { PROGRESS_FACTS = 8192, PROGRESS_WORD = 48 };

enum fact_kind {
    FACT_GOAL,     /* reached: at this time first */
    FACT_ANSWER,   /* what was answered first */
    FACT_HINT,     /* how many hints were taken */
    FACT_SOLUTION, /* how many moves of the solution were shown */
    FACT_KINDS
};

struct fact {
    enum fact_kind kind;
    char lesson[PROGRESS_WORD]; /* folder's name */
    char id[PROGRESS_WORD];     /* of the goal or question */
    char value[PROGRESS_WORD];  /* answer or number; "-" for a goal */
    long long time;             /* seconds on the host's clock */
};

struct facts {
    size_t count;
    struct fact *fact;
    char *unknown; /* lines that a newer version wrote: kept as they are */
};

/* An empty one; never fails but for want of memory, which is the host's end. */
struct facts *progress_new(void);
void progress_free(struct facts *p);

/* Takes a fact; the earlier answer and the larger number stay. */
void progress_add(struct facts *p, const struct fact *fact);
/* NULL: there is none. */
const struct fact *progress_find(const struct facts *p, enum fact_kind kind, const char *lesson,
                                 const char *id);

/* Adds what a file holds. A missing file holds nothing, if `may_be_missing`. */
bool progress_read(struct facts *p, const char *path, bool may_be_missing, struct problem *problem);
/* Its lines. */
void progress_show(const struct facts *p, FILE *file);
/* Writes a file of its own, atomically. */
bool progress_write(const struct facts *p, const char *path, struct problem *problem);
/* Adds to the file at `path` whatever it does not have yet, and takes what it has: under a lock,
 * atomically. When it fails the file is as it was. */
bool progress_merge(struct facts *p, const char *path, struct problem *problem);

/* The user's own file, and saving a run into it. */
bool progress_path(char *path, size_t size, struct problem *problem);
bool progress_keep(const struct lesson_run *run, long long now, struct problem *problem);

/* How many of a lesson's goals are reached, and how many there are. */
unsigned progress_goals(const struct facts *p, const struct lesson *lesson, unsigned *all);

#endif
