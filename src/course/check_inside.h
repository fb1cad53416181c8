/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the lint share. */
#ifndef FAULTLINE_COURSE_CHECK_INSIDE_H
#define FAULTLINE_COURSE_CHECK_INSIDE_H

#include "course/check.h"
#include "course/known.h"
#include "shell/play.h"

struct check {
    char folder[512];
    FILE *out;
    unsigned complaints;
    struct lesson *lesson;
    struct known known;
    bool has_words;                  /* the machine's are in `known` */
    bool variant_failed;             /* the solution, for one of the students */
    uint32_t provoked[LESSON_ITEMS]; /* bit per `if` line */
};

/* ---- Complaints (complain.c) ---- */

/* One complaint about a line of a file of the lesson's folder; line 0: about the file. */
__attribute__((format(printf, 5, 6))) void complain(struct check *c, const char *file,
                                                    unsigned line, const char *tip,
                                                    const char *format, ...);
/* The same about a text of the lesson. */
__attribute__((format(printf, 4, 5))) void complain_of(struct check *c, const char *text,
                                                       const char *tip, const char *format, ...);

/* ---- What is looked at ---- */

void check_files(struct check *c);   /* programs, exercises, scripts' words (check_files.c) */
void check_scripts(struct check *c); /* solution, wrong attempts (check_play.c) */
void check_texts(struct check *c);   /* pages, words, hints (check_text.c) */

/* Calls `each` for every file of FOLDER/DIRECTORY whose name ends so, in order of names; returns how many
 * (check_files.c). */
unsigned check_each_file(const struct check *c, const char *directory, const char *ending,
                         void (*each)(struct check *c, const char *name), struct check *context);

#endif
