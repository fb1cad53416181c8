/* SPDX-License-Identifier: BSD-2-Clause */
/* Lessons: a Markdown file with pages, goals and questions in reading order, read into a value; and
 * how far somebody has come in one. Goals use the predicates of `expect`, seen from the root task. */
#ifndef FAULTLINE_LESSON_LESSON_H
#define FAULTLINE_LESSON_LESSON_H

#include <stdio.h>

#include "world/session.h"

enum {
    LESSON_ITEMS = 128,
    GOAL_LINES = 12,
    GOAL_WARNINGS = 12,
    GOAL_HINTS = 8,
    CHOICES = 6,
    VARIES = 16,
    EXERCISES = 8
};

enum item_kind { ITEM_PAGE, ITEM_GOAL, ITEM_QUESTION };

/* Something that is said when a predicate holds. */
struct warning {
    const char *when, *text;
};

struct choice {
    const char *word, *text;
    bool right;
};

/* One page, goal or question. Texts point into the lesson's file. */
struct item {
    enum item_kind kind;
    unsigned line;      /* in the file */
    const char *id;     /* of a page its title */
    const char *text;   /* page: its lines; goal: `say`; question: `ask` */
    const char *before; /* question: goal that it stands before */
    const char *noted;  /* question: what is said to an answer */
    unsigned weight;
    unsigned holds_count, warning_count, hint_count, choice_count;
    const char *holds[GOAL_LINES];
    struct warning warning[GOAL_WARNINGS];
    const char *hint[GOAL_HINTS];
    struct choice choice[CHOICES];
};

/* A number that differs between students. */
struct vary {
    char name[NAME_SIZE];
    word_t low, high, value;
    bool in_hex; /* as its range is written, so it is shown */
};

/* A file that was read: its text, cut into strings, and where its lines began. */
struct lesson_source {
    char name[32]; /* "lesson.md" */
    char *text;
    size_t size;
    size_t *line; /* offset of each */
    unsigned lines;
};

struct lesson {
    unsigned number; /* from the folder's name */
    char folder[512];
    const char *title;
    unsigned minutes;
    bool needs_compiler;
    unsigned item_count, vary_count, exercise_count;
    struct item item[LESSON_ITEMS];
    struct vary vary[VARIES];
    const char *exercise[EXERCISES]; /* C files in programs/ with holes in them, for `edit` */
    struct lesson_source file;
    struct lesson_source translation; /* its texts stand in the items; no text: there is none */
};

/* Reads FOLDER/lesson.md. NULL when it cannot: the problem names file and line. */
struct lesson *lesson_load(const char *folder, struct problem *p);
/* Puts the texts of FOLDER/lesson.LANGUAGE.md in the place of the lesson's own ("de"; "de_AT.UTF-8"
 * means it, too). Once a lesson. True when there is no such file. */
bool lesson_translate(struct lesson *lesson, const char *language, struct problem *p);
/* The file and line in which a text of the lesson stands. */
const struct lesson_source *lesson_place(const struct lesson *lesson, const char *text,
                                         unsigned *line);
void lesson_free(struct lesson *lesson);

/* The folder of a lesson by number, folder name or path. */
bool lesson_find(const char *which, char *folder, size_t size, struct problem *p);
/* Calls `each` for the folder of every lesson there is, in their order. */
void lessons_each(void (*each)(void *context, const char *folder), void *context);
/* The folder of the lesson that a script belongs to: solution.fl, wrong/x.fl; false: to none. */
bool lesson_folder_of(const char *script, char *folder, size_t size);
/* A file of a lesson, its compiled programs included; or, whatever the folder, one that is called by
 * its lesson, "02-cap-fault/faulter.elf". False: there is none. */
bool lesson_file(const char *folder, const char *name, char *path, size_t size);
/* Whether FOLDER/NAME can be read. */
bool lesson_has_file(const char *folder, const char *name);
/* The names of a lesson's files that end so, those that make built among them. */
void lesson_each_file(const char *folder, const char *ending,
                      void (*each)(void *context, const char *name), void *context);

/* Draws the varied numbers for a student; without one they have their defaults. */
void lesson_draw(struct lesson *lesson, const char *variant);

/* Somebody's way through a lesson. The host's: going back in the machine does not undo it. */
struct lesson_run {
    struct lesson *lesson;
    size_t from_event; /* goals count events from here on */
    bool reached[LESSON_ITEMS];
    const struct choice *answer[LESSON_ITEMS];
    unsigned hints_given[LESSON_ITEMS];
    uint32_t warned[LESSON_ITEMS];   /* bit per warning that has been said and still holds */
    uint32_t provoked[LESSON_ITEMS]; /* bit per warning that was ever said */
    bool done;
};

/* What the end of a lesson tells. */
struct lesson_effort {
    unsigned commands, minutes; /* minutes 0: not known */
};

/* The first screen: title, first page, first goal. */
void lesson_begin(const struct lesson_run *run, FILE *out);
/* Judges the goals that are open after a command and says what has changed. */
void lesson_judge(struct lesson_run *run, const struct session *s,
                  const struct lesson_effort *effort, FILE *out);
/* The present page and goal again; all goals; one more hint. */
void lesson_task(const struct lesson_run *run, FILE *out);
void lesson_goals(const struct lesson_run *run, FILE *out);
void lesson_hint(struct lesson_run *run, FILE *out);
/* `answer WORD`; false when no question is open or the word is none of its choices. */
bool lesson_answer(struct lesson_run *run, const char *word, FILE *out, struct problem *p);

/* Index of the first goal that is open; item_count when all are reached. */
unsigned lesson_open_goal(const struct lesson_run *run);

/* Copies a text with {NAME} replaced by the varied number, in hex; cut to size. */
void lesson_fill_in(const struct lesson *lesson, const char *text, char *out, size_t size);
/* Text of a lesson for a reader: {NAME} replaced, paragraphs filled to 78 columns behind two blanks,
 * starting with `lead`; lines indented by four blanks stay as they are. */
void lesson_fill(const struct lesson *lesson, FILE *out, const char *lead, const char *text);
/* The same without filling: line by line. */
void lesson_lines(const struct lesson *lesson, FILE *out, const char *text);

#endif
