/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of a submission while its pieces are judged (judge.c), and what is told of it (parts.c). */
#ifndef FAULTLINE_GRADE_JUDGING_H
#define FAULTLINE_GRADE_JUDGING_H

#include "grade/inside.h"
#include "shell/recording.h"

/* How grading a piece ended, worst first. */
enum ending {
    END_UNREADABLE, /* it could not be played at all */
    END_DIFFERS,    /* a recording that does not agree: nothing of it counts */
    END_LIMIT,      /* of steps */
    END_STOPPED,    /* at a line that is wrong */
    END_GRADED,
    ENDINGS
};

struct judging {
    const struct grade_options *o;
    const struct grade_lesson *how;
    const struct submission *submission;
    struct play *play; /* of the present piece */
    const struct piece *piece;
    const char *variant; /* that it must be of; NULL: as it says itself */
    char drawn_for[RECORD_NAME_SIZE];
    const char *drawn;       /* whose numbers were drawn; NULL: nobody's */
    struct lesson *goals;    /* a teacher's; NULL: the lesson's own */
    struct lesson_run extra; /* judged by those */
    FILE *nowhere;
    enum ending end;        /* the best of the pieces so far */
    struct problem problem; /* of that one */
    char at[48];            /* where it ended */
    /* Of the present piece: what was reached before this line; was not when it read the solution. */
    bool before[LESSON_ITEMS], shown[LESSON_ITEMS];
    unsigned own_from; /* items before this one are not its own work */
    bool is_program;   /* the present piece */
    bool only_programs;
    cJSON *parts; /* NULL: nothing has been judged */
};

/* The parts of a lesson after one piece. */
cJSON *judge_parts(const struct judging *j, const struct lesson_run *run, struct session *s);
/* Of two pieces' parts the better of each; frees the other. Either may be NULL. */
cJSON *parts_better(cJSON *a, cJSON *b);
/* The whole; takes the parts. With none: those of a lesson of which nothing counts. */
cJSON *judge_result(struct judging *j, struct lesson *lesson, const char *status,
                    const char *problem);

#endif
