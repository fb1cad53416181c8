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
    EXERCISES = 8,
    ANSWER_SIZE = 48
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
    const char *value;  /* question: expression whose value is the answer; NULL: choices */
    const char *reveal; /* then: what is said with it */
    bool late;          /* question: about what steps before the goal show, so it holds nobody up */
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
    bool plain; /* it is shown to who listens: nothing aligned or wrapped (view/form.h) */
    unsigned item_count, vary_count, exercise_count;
    struct item item[LESSON_ITEMS];
    struct vary vary[VARIES];
    const char *variant;             /* whose numbers they are; NULL: nobody's. The caller's text */
    const char *exercise[EXERCISES]; /* C files in programs/ with holes in them, for `edit` */
    struct lesson_source file;
    struct lesson_source translation; /* its texts stand in the items; no text: there is none */
};

/* Reads FOLDER/lesson.md. NULL when it cannot: the problem names file and line. */
struct lesson *lesson_load(const char *folder, struct problem *p);
/* The language that --lang names, or else the environment: "de", "de_AT.UTF-8", "". */
const char *lesson_language(const char *option);
/* Puts the texts of FOLDER/lesson.LANGUAGE.md in the place of the lesson's own ("de"; "de_AT.UTF-8"
 * means it, too). Once a lesson. True when there is no such file. */
bool lesson_translate(struct lesson *lesson, const char *language, struct problem *p);
/* Whether --lang (NULL: it was not given) names a language that a lesson has no texts in. Its own is English. */
bool lesson_lacks_language(const char *folder, const char *option);
/* The file and line in which a text of the lesson stands. */
const struct lesson_source *lesson_place(const struct lesson *lesson, const char *text,
                                         unsigned *line);
void lesson_free(struct lesson *lesson);

/* The last part of its folder: what progress, hand-ins and grades call it. */
const char *lesson_name(const struct lesson *lesson);
/* Whether progress and hand-ins can name a lesson by its folder's name: up to 40 letters, digits, . _ - */
#define LESSON_NAME_RULE                                                                           \
    "a lesson's folder is named with letters, digits, `.`, `_` and `-`, at most 40"
bool lesson_is_named_well(const char *folder);
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

/* A line of a script with the student's numbers in the place of their names; cut where it is too long. */
void lesson_put_values(const struct lesson *lesson, const char *line, char *out, size_t size);
/* Whether a goal asks for that varied number; if none does, any other is as good. */
bool lesson_asks_for(const struct lesson *lesson, const char *name);

/* The question with this id; item_count: there is none. */
unsigned lesson_question(const struct lesson *lesson, const char *id);

/* Somebody's way through a lesson. The host's: going back in the machine does not undo it. */
struct lesson_run {
    struct lesson *lesson;
    size_t from_event;    /* goals count events from here on */
    size_t judged_event;  /* goals were judged up to here */
    size_t past_event;    /* and where one stood in the past */
    bool has_looked_back; /* that was later */
    word_t opened_step;   /* where the open goal opened: behind it something new has been done */
    unsigned held; /* the goal, counted from 1, that held where it opened and waits; 0: none */
    struct waypoint held_way;
    bool reached[LESSON_ITEMS];
    struct waypoint way[LESSON_ITEMS]; /* where a goal was reached */
    const struct choice *answer[LESSON_ITEMS];
    char said[LESSON_ITEMS][ANSWER_SIZE]; /* an answer as it was given; "": none */
    bool right[LESSON_ITEMS];             /* that it was, as far as is known */
    unsigned hints_given[LESSON_ITEMS];
    uint32_t warned[LESSON_ITEMS];      /* bit per warning that has been said and still holds */
    uint32_t provoked[LESSON_ITEMS];    /* bit per warning that was ever said */
    unsigned moves_shown[LESSON_ITEMS]; /* of the solution, for a goal */
    bool done;
    bool unsaved; /* something that progress keeps has changed */
    bool is_kept; /* a person's: saved in the user's progress */
    bool trouble; /* saving failed, and that was said */
};

/* What the end of a lesson tells. */
struct lesson_effort {
    unsigned commands, minutes; /* minutes 0: not known */
};

/* The first screen: title, first page, first goal. */
void lesson_begin(const struct lesson_run *run, FILE *out);
/* The events that goals ask for are counted as they happen, those of later goals, too. */
void lesson_count(const struct lesson_run *run, const struct session *s);
/* Judges the goals that are open after a command and says what has changed. A goal that holds where it
 * opens counts when the question before it is answered. */
void lesson_judge(struct lesson_run *run, struct session *s, const struct lesson_effort *effort,
                  FILE *out);
/* The same where nobody answers any more: behind a script's last line, or of a teacher's goals. */
void lesson_judge_end(struct lesson_run *run, struct session *s, FILE *out);
/* The present page and its goal; the same with the words that help; all goals; one more hint. */
#define LESSON_OFFERS(between)                                                                     \
    "hint" between "goals" between "undo" between "reset" between "solution" between "help"
void lesson_page(const struct lesson_run *run, FILE *out);
void lesson_task(const struct lesson_run *run, FILE *out);
void lesson_goals(const struct lesson_run *run, FILE *out);
/* Which goals were reached, but undone here, so that a grader would not count them; nothing when all count. */
void lesson_tell_undone(const struct lesson_run *run, const struct session *s, FILE *out);
void lesson_hint(struct lesson_run *run, FILE *out);
/* Of each line of a goal that does not hold: what was expected, what is, and since when. For that it
 * goes back and returns. */
void lesson_explain(const struct lesson_run *run, struct session *s, unsigned goal, FILE *out);

/* Index of the first goal that is open; item_count when all are reached. */
unsigned lesson_open_goal(const struct lesson_run *run);
/* Index of the question to be answered before that goal; item_count when there is none. */
unsigned lesson_open_question(const struct lesson_run *run);
/* `answer TEXT`: one of the choices, or an expression of the seat's. The first answer counts. */
bool lesson_answer(struct lesson_run *run, const struct session *s, const char *text, FILE *out,
                   struct problem *p);
/* Whether a question is open, which a person answers before anything new happens. */
bool lesson_must_answer(const struct lesson_run *run, const struct session *s);
/* Asks it in the place of what would have happened: how to answer, and that any answer will do. */
void lesson_ask_first(const struct lesson_run *run, FILE *out);

/* A goal still counts on the branch that the present is on: it was not undone. */
bool lesson_stands(const struct lesson_run *run, const struct session *s, unsigned goal);
/* What a grader counts: an answer that is right; a goal that stands, or that was reached on the way to one
 * that stands (pages tell students to take things back). */
bool lesson_counts(const struct lesson_run *run, const struct session *s, unsigned item);
/* Weights: of what counts, and of all there is. */
struct lesson_score {
    unsigned reached, all;
};
struct lesson_score lesson_score(const struct lesson_run *run, const struct session *s);
/* The step at which the goal before this one was reached: 0 for the first. */
word_t lesson_reached_step(const struct lesson_run *run, unsigned goal);
/* A move of the solution was shown. */
void lesson_move_shown(struct lesson_run *run, unsigned goal);

/* Copies a text with {NAME} replaced by the varied number, in hex; cut to size. */
void lesson_fill_in(const struct lesson *lesson, const char *text, char *out, size_t size);
/* Text of a lesson for a reader: {NAME} replaced, paragraphs filled to 78 columns behind two blanks,
 * starting with `lead`; lines indented by four blanks stay as they are. Without a lesson (NULL) nothing
 * is replaced. */
void lesson_fill(const struct lesson *lesson, FILE *out, const char *lead, const char *text);
/* The same without filling: line by line. */
void lesson_lines(const struct lesson *lesson, FILE *out, const char *text);

#endif
