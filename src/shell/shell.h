/* SPDX-License-Identifier: BSD-2-Clause */
/* The command language: a line in, words out. Who types (a person, a script, a lesson) is a setting;
 * reading lines is for prompt.c and script.c. */
#ifndef FAULTLINE_SHELL_SHELL_H
#define FAULTLINE_SHELL_SHELL_H

#include <signal.h>
#include <stdio.h>

#include "lesson/lesson.h"
#include "view/view.h"

/* How a line ended. */
enum outcome {
    OUTCOME_DONE,
    OUTCOME_FAILED,      /* the line is wrong, or could not be done: said, with a tip */
    OUTCOME_CHECK,       /* an `expect` did not hold: said */
    OUTCOME_LIMIT,       /* the limit on steps */
    OUTCOME_INTERRUPTED, /* Ctrl-C */
    OUTCOME_QUIT,
};

/* Exit statuses of the program. */
enum {
    EXIT_CHECK = 1,
    EXIT_USAGE = 2,
    EXIT_SCRIPT = 3,
    EXIT_LIMIT = 4,
    EXIT_BUG = 70,
    EXIT_INTERRUPTED = 130
};

enum { SOURCE_DEPTH_MAX = 16 };

struct recorder;
struct playback;

/* A typed call that has not ended: it stopped inside the kernel, or blocked its thread. */
enum { PENDING_MAX = 8, PENDING_TARGETS = 4 };
struct pending {
    paddr_t tcb; /* whose; 0: none */
    struct call call;
    word_t step;    /* where it was typed */
    bool is_done;   /* it has ended, */
    word_t done_at; /* here: before that it is pending again */
    char badge[NAME_SIZE],
        target[PENDING_TARGETS][NAME_SIZE]; /* variables for its results; "": none */
};

struct shell;

/* The quiz of a sitting, and the question that was asked last. */
struct quiz_sitting {
    uint64_t seed;
    unsigned number, asked, right;
    char kind[16]; /* "": any */
    bool open;     /* it waits for its answer */
};

/* Where Ctrl-C came: a recording says so, and a playback stops there again. */
struct interruption {
    unsigned before;    /* how often the session's runs had been interrupted when the line began */
    bool between;       /* it came between two lines of a script */
    unsigned lines;     /* a playback: in which of the lines that had begun it came; 0: in none */
    bool on_way;        /* on a way through time, */
    struct position at; /* here */
};

/* What the host does for a sitting. A function that is NULL is not there. */
struct host {
    volatile sig_atomic_t *interrupt; /* set by Ctrl-C; NULL: nobody listens */
    /* Waits for the person, or for so many seconds (0: as long as is usual). */
    void (*pause)(struct shell *sh, unsigned long long seconds);
    /* Lends the terminal to another program, and takes it back. */
    void (*lend)(struct shell *sh, bool away);
    enum outcome (*open_screen)(struct shell *sh); /* shows the machine on the screen */
    void *context;                                 /* of whoever has put a function here */
};

/* Somebody at a machine. */
struct shell {
    struct session *session;
    struct lesson_run *lesson; /* NULL: none */
    const char *folder;        /* of the lesson; NULL: none */
    char next[64];             /* the lesson to go on with after OUTCOME_QUIT; "": none */

    /* How it is said. */
    FILE *out, *err;
    unsigned width;
    bool colour, ascii; /* colour: of what is said; on the screen it decides, too */
    bool plain;         /* what is said is for who listens: view/form.h */
    bool silent;        /* set-up: nothing is said but errors */
    bool on_screen;     /* the line was typed there */
    char layout[16];    /* of the screen, asked for by name; "": none */
    bool opens_line;    /* who comes to the screen was typing: its command line is open */
    char news[160];     /* what is told before the first line is typed; "": nothing */

    /* The line. */
    bool typed;          /* a person types: prefixes are taken */
    bool predicts;       /* a call is decoded and told of, not done */
    const char *file;    /* script that the line stands in; NULL: the prompt */
    unsigned line;       /* in it */
    unsigned depth;      /* of `source` */
    const char *top;     /* the line that was typed, or stands in the outermost script */
    bool begun;          /* that line has changed the machine: undo takes it back as one */
    size_t from;         /* number of events when the present command began */
    size_t start;        /* and when the script or lesson began: `expect` counts from there */
    char question[1100]; /* what a person was asked: a verb and its file. The same again is a yes */
    bool asked;          /* by this line */
    bool solution_read;  /* a line has read a file of the lesson's solution, by its name */

    /* The sitting. */
    unsigned commands; /* lines that a person typed */
    long long started; /* seconds on the host's clock; 0: a script, for which time is no matter */
    struct pending pending[PENDING_MAX];
    unsigned pending_next; /* the place that is used next */
    struct quiz_sitting quiz;
    struct host host;

    /* Recordings. */
    struct recorder *recorder; /* writes down what is done; NULL: nobody does */
    bool left_a_file; /* this line would have written or read one: the host decides how it ends */
    struct playback *playback; /* of which the lines come; NULL: they do not */
    /* Folder of a stranger's lines: they read what lies in it and in the lesson's, and write nothing;
     * NULL: lines of the user's own. */
    const char *confined;
    unsigned lines;    /* begun since the outermost one began, itself included */
    unsigned restores; /* saved machines within saved machines */
    struct interruption stop;
};

/* Does one logical line. Anything is taken; what cannot be done is refused with a tip. */
enum outcome shell_line(struct shell *sh, const char *line);

/* Whether a command goes on in the next line. */
bool shell_line_is_open(const char *line);

/* Bytes of the mark that some editors put in front of a script's first line: no part of it. */
size_t script_mark(const char *line);
/* Does the lines of a stream. Stops at the first that does not end well. `name` is for messages. */
enum outcome script_run(struct shell *sh, FILE *in, const char *name);
enum outcome script_file(struct shell *sh, const char *path, struct problem *p);
/* Where the file lies that a line names: a program that the person has completed; beside the script that the line stands in; where faultline
 * was started; in the lesson's folder. A file that is nowhere keeps its name. */
void shell_file(const struct shell *sh, const char *name, char *path, size_t size);
/* Who sits where, in words: "handler (blocked on recv)". */
void shell_place(const struct shell *sh, char *text, size_t size);
/* The first event that pictures and the timeline show: of the script or lesson, and none from before a machine was saved. */
size_t shell_first_event(const struct shell *sh);
/* Whether somebody pressed Ctrl-C, or has when this was recorded. */
bool shell_is_interrupted(const struct shell *sh);
/* The exit status that an outcome of a script stands for. */
int outcome_status(enum outcome outcome);

/* Says a problem where there is no session: `before` it, and its tip in a line of its own. Returns `status`. */
int problem_say(FILE *out, const char *before, const struct problem *p, int status);
/* Says a problem: at the prompt "error: …", in a script "file:line: …", then the tip. */
void shell_say_problem(struct shell *sh, const struct problem *p);

/* Reads lines from a person until Ctrl-D or quit (prompt.c, the only file that knows readline). */
int prompt_run(struct shell *sh);
/* "rootserver@0> ", "handler@6 (blocked on recv)> ", in a kernel entry "faulter@6.2> ", in the past
 * "handler@6 of 12> ". */
void prompt_text(const struct shell *sh, char *text, size_t size);

/* ---- What was typed: one history for prompt and screen (typed.c) ---- */
/* Reads the file of the person's history, once, when standard input is a terminal; writes it. */
void typed_open(void);
void typed_save(void);
void typed_keep(const char *line);
size_t typed_count(void);
const char *typed_at(size_t i); /* "" when there is none */

/* What could stand at the end of `line`, whose last word begins at `start`: each is told. */
void complete(const struct shell *sh, const char *line, size_t start,
              void (*each)(void *context, const char *text), void *context);

/* docs/commands.md. */
void commands_document(FILE *out);

/* Starts a lesson in a fresh session: set-up, first page. */
bool lesson_open(struct shell *sh, struct lesson_run *run, struct problem *p);

#endif
