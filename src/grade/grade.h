/* SPDX-License-Identifier: BSD-2-Clause */
/* Grading: what was handed in is played, each in a machine and a process of its own, and judged by the
 * goals of a lesson. What comes of it is data (JSON); every format is written from that. */
#ifndef FAULTLINE_GRADE_GRADE_H
#define FAULTLINE_GRADE_GRADE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "world/world.h"

enum { GRADE_PATH = 1200, GRADE_LESSONS = 64 };

/* A lesson that is graded, and how. */
struct grade_lesson {
    char folder[600];
    char goals[600]; /* folder of a teacher's goals in the place of the lesson's own; "": none */
    double weight;   /* of the lesson in a course */
    bool without_solution; /* a goal for which `solution` was asked does not count */
};

struct grade_options {
    struct grade_lesson lesson[GRADE_LESSONS];
    unsigned lesson_count;
    const char *variant;  /* of every submission; NULL: as each says itself */
    bool variant_by_name; /* a submission's name is its variant */
    unsigned workers;     /* processes at a time; 0: as many as there are processors */
    uint64_t max_steps;   /* of one submission */
    unsigned seconds;     /* on the host's clock, of one submission */
    bool plain;           /* the table is for who listens */
    bool is_confined;     /* in a worker: no files of the host can be read but what it needs */
    const char *own;      /* its folder, in which nothing lies; NULL: none */
    const char *feedback; /* folder for a file a submission; NULL: none */
};

/* What somebody handed in: a script, a recording, a C file, a hand-in, or a folder of them. */
struct submission {
    char *name; /* of the file or folder, without its ending unless another is called so */
    char *id;   /* without it: whose it is */
    char *path;
};

/* Those that the command line names; a folder of `each` holds one submission an entry. */
struct submissions {
    struct submission *list;
    size_t count;
};
bool submissions_add(struct submissions *s, const char *path);
bool submissions_add_each(struct submissions *s, const char *folder, struct problem *p);
void submissions_free(struct submissions *s);

/* Grades all of them; NULL: it was interrupted. An array with an object for each submission (docs/grading.md, "Results as JSON"). */
cJSON *grade_all(const struct grade_options *o, const struct submissions *s);

/* One submission in one lesson, in this process: an object as above holds one of. */
cJSON *grade_one(const struct grade_options *o, const struct submission *s, unsigned lesson);

/* Results that were written as JSON, joined; `o` gets their lessons. NULL: a file is none (problem filled). */
cJSON *grade_merge(struct grade_options *o, const struct submissions *files, struct problem *p);

/* A way to write results. */
struct grade_format {
    const char *name, *line;
    bool one_only;  /* of one submission at a time */
    bool exit_zero; /* platforms that take any other status for a failure of ours */
    void (*write)(const struct grade_options *o, const cJSON *results, FILE *out);
};
extern const struct grade_format grade_formats[];
extern const size_t grade_format_count;

/* A file for each submission: what to look at, and where. */
bool feedback_write(const char *folder, const cJSON *results, struct problem *p);

/* `faultline grade …`, `faultline hand-in …`: argv[0] is that word. Returns the exit status. */
int grade_main(int argc, char **argv);
int hand_in_main(int argc, char **argv);

#endif
