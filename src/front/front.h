/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of this room offer each other and main(): the command line, the machine that it asks for,
 * and the ways to sit at it. */
#ifndef FAULTLINE_FRONT_FRONT_H
#define FAULTLINE_FRONT_FRONT_H

#include "shell/shell.h"
#include "view/palette.h"
#include "world/choice.h"

/* Of all sessions of this process. */
struct records {
    struct recorder *file; /* --record FILE, until the first session takes it */
    bool failed;           /* there is no folder of the user's: that was said */
};

/* What the command line says. */
struct options {
    uint64_t max_steps; /* 0: no limit */
    uint64_t history;   /* mebibytes that going back may use; 0: as many as usual */
    const char *variant, *language;
    const char *operand; /* script, or lesson */
    FILE *events;        /* where they are written as JSON Lines, or NULL */
    struct kernel_config kernel;
    bool screen, dump, svg, ascii, plain, no_record, again;
    const char *record; /* file; NULL: in the user's folder, when a person types */
    struct records *records;
    bool converses; /* somebody types, or a pipe; not only a script */
    enum colour_wish colour;
    const char *image; /* a root task of the user's own; NULL: the prompt's */
    const char *kernel_name;
    struct boot_choice choice;
    const char *keys, *size; /* of a screen without a terminal: a file; COLUMNSxROWS */
};

/* ---- options.c ---- */

/* Says what is wrong with the command line; the exit status for that. */
int front_usage(const char *problem, const char *word);
int front_say(const struct problem *p, int status);
/* argv[0] is passed over. False: it was said what is wrong. */
bool options_read(int argc, char **argv, struct options *o);
/* Whether somebody wants to sit at the machine that is booted. */
bool options_want_a_seat(int argc, char **argv);
/* `faultline --help`. */
void help_print(void);

/* ---- verb.c ---- */

/* Moves the verb in front of options that were named before it, and a lesson, or what is to be done with
 * lessons, behind that. */
void verb_first(int argc, char **argv);

/* ---- machine.c ---- */

/* A shell at the prompt of a freshly booted machine. */
bool machine_open(struct shell *sh, const struct options *o, struct problem *p);
/* Ends recording and session. */
void machine_close(struct shell *sh, const struct options *o);
/* Who is to write down a session that is about to be opened: in memory only, if nobody wants a file. */
struct recorder *machine_recorder(const struct options *o, const char *subject);
/* It begins when the machine is ready. */
void machine_record(struct shell *sh, const struct options *o, const char *lesson);

/* ---- again.c: the last session of a lesson, once more ---- */

struct playback;
/* Its recording; NULL: there is none that would do (problem filled). */
struct playback *again_open(const struct options *o, const char *folder, struct problem *p);
/* Does its lines in a lesson that has just begun, up to one that Ctrl-C ended; how many. */
unsigned again_do(struct shell *sh, struct playback *b);
/* Whether the user has reached some of its goals, and not all. */
bool lesson_is_begun(const struct lesson *lesson);

/* ---- sit.c: each returns the exit status ---- */

int run_prompt(const struct options *o); /* the prompt or the screen */
int run_lesson(const struct options *o); /* the same in a lesson, and the next one */
int run_script(const struct options *o); /* a file; one of a lesson's plays in that lesson */

#endif
