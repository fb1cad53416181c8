/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the lint share. */
#ifndef FAULTLINE_COURSE_CHECK_INSIDE_H
#define FAULTLINE_COURSE_CHECK_INSIDE_H

#include "course/check.h"
#include "course/known.h"
#include "shell/play.h"

enum { JUDGED_MOST = 64 };

/* A line of a goal that could not be judged in any state of the machine so far. */
struct unjudged {
    const char *text; /* in the lesson */
    struct problem why;
};

struct check {
    char folder[512];
    FILE *out;
    unsigned complaints;
    struct lesson *lesson;
    struct known known;
    bool has_words;      /* the machine's are in `known` */
    bool variant_failed; /* the solution, for one of the students */
    bool opens;          /* the lesson's set-up does its work */
    bool has_judged;     /* `unjudged` is filled */
    unsigned unjudged_count;
    struct unjudged unjudged[JUDGED_MOST];
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

/* Complains of files of FOLDER/DIRECTORY that nobody can read, or that are none or too large; they are not
 * looked at any more. False: there were some. */
bool check_readable(struct check *c, const char *directory);
/* Calls `each` for every other file whose name ends so, in order of names; returns how many. */
unsigned check_each_file(const struct check *c, const char *directory, const char *ending,
                         void (*each)(struct check *c, const char *name), struct check *context);

#endif
