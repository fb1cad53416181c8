/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files that follow a run through a lesson share: run.c knows how far it has come, question.c asks,
 * task.c shows, goal.c judges. */
#ifndef FAULTLINE_LESSON_RUN_H
#define FAULTLINE_LESSON_RUN_H

#include "lesson/lesson.h"

enum { SAY_SIZE = 300 };

/* Goals are counted from 1 for people. */
unsigned goal_number(const struct lesson *lesson, unsigned item);
/* The page on which an item stands. */
unsigned lesson_page_of(const struct lesson *lesson, unsigned item);

/* Asks what is to be answered before the open goal and is not. */
void questions_say(const struct lesson_run *run, FILE *out);
/* What became of the guesses: the goal is reached. */
void questions_resolve(struct lesson_run *run, const struct session *s, unsigned goal, FILE *out);

#endif
