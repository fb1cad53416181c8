/* SPDX-License-Identifier: BSD-2-Clause */
/* A shell's session is recorded (recording.c), and a recording is done again (playback.c). Whoever wants
 * to know what a recording leads to, a grader for instance, opens a playback, runs it, looks at its shell,
 * session and lesson, and closes it. */
#ifndef FAULTLINE_SHELL_RECORDING_H
#define FAULTLINE_SHELL_RECORDING_H

#include "shell/shell.h"
#include "world/record.h"

/* ---- Recording ---- */

/* Begins to record: head and present state. `head` names lesson and variant; the rest is filled in. */
void recording_begin(struct shell *sh, struct recorder *r, const struct record_head *head);
/* A line is about to be done, and has been. The first says whether it is recorded. */
bool recording_line(struct shell *sh, const char *line, const char *stripped);
void recording_done(struct shell *sh, enum outcome outcome);
/* How a line's end is written in a recording. */
enum record_outcome record_outcome_of(enum outcome outcome);
/* The end; says where the recording lies when `tell`. */
void recording_end(struct shell *sh, bool tell);

/* The file that a line names, for reading: where it lies, noted in the recording; during a playback only
 * the one that was recorded. False: the problem says why not. */
bool shell_read_file(struct shell *sh, const char *name, char *path, size_t size,
                     struct problem *p);

/* Whether files of the host are written: not while a recording plays, nor by a stranger's lines. */
bool shell_leaves_files_alone(struct shell *sh);

/* The same of a file whose place is known. */
bool shell_note_file(struct shell *sh, const char *name, const char *path, struct problem *p);

/* ---- Playing back ---- */

struct playback_options {
    FILE *out;           /* what the lines say; NULL: nobody hears it */
    const char *files;   /* folder with the files that were read, by name or SHA-256; NULL: none */
    bool confined;       /* no other files than those, and the lesson's own */
    const char *lesson;  /* folder of the lesson that it must be a recording of; NULL: as it says */
    const char *variant; /* that it must be of; NULL: as it says */
    uint64_t max_steps;  /* 0: as recorded */
    volatile sig_atomic_t *interrupt;
    bool plain;        /* what is said is for who listens */
    uint64_t history;  /* bytes for going back; 0: as many as usual */
    unsigned restores; /* how deep it lies in saved machines */
};

enum playback_end {
    PLAYBACK_AGREES,      /* so far; or all of it, when playback_next() has returned false */
    PLAYBACK_DIFFERS,     /* .line, .expected, .found, .problem */
    PLAYBACK_BROKEN,      /* the recording makes no sense there: .line, .problem */
    PLAYBACK_LIMIT,       /* on steps */
    PLAYBACK_INTERRUPTED, /* Ctrl-C */
};

struct playback {
    struct shell shell;    /* at the end: what the recording has led to */
    struct lesson_run run; /* its lesson; shell.lesson is NULL when it has none */
    struct record_head head;
    enum playback_end end;
    size_t line;     /* in the file, from 1: that of the last command */
    char *text;      /* that command */
    unsigned count;  /* commands done */
    unsigned states; /* states that agreed */
    bool is_whole;   /* it has its end mark: the session that wrote it came to its end */
    bool is_cut;     /* or it stops in a line, or behind one that is not known to have ended */
    struct record_state expected, found;
    struct problem problem;
    /* Inside: */
    struct playback_options options;
    struct record_reader reader;
    struct record_state last; /* that was read */
    size_t files_from;        /* number of lines before those that name the present one's files */
    bool in_setup;
    struct problem
        other_file; /* the present line wants a file that is not the recorded one; "": none */
    char *path;
    FILE *nowhere;
};

/* NULL: it cannot be done here (problem filled). The machine is as it was before the first line. */
struct playback *playback_open(const char *path, const struct playback_options *options,
                               struct problem *p);
/* The same from bytes in memory; `path` is for messages. */
struct playback *playback_open_bytes(const char *path, const void *bytes, size_t size,
                                     const struct playback_options *options, struct problem *p);
/* The next command, without doing it: its text, NULL at the end. */
const char *playback_peek(struct playback *b);
/* Does the next command and compares; false: that was all, or .end says why not. */
bool playback_next(struct playback *b);
enum playback_end playback_run(struct playback *b);
/* What differs, in a few lines. */
void playback_explain(struct playback *b, FILE *out);
void playback_close(struct playback *b);
/* Of shell_read_file() and shell_note_file(): the file that the present line was recorded to have read. */
bool playback_find_file(struct playback *b, const char *name, char *path, size_t size,
                        struct problem *p);
/* The line in which Ctrl-C came begins. True: it was on a way through time, and is not gone again: the
 * machine is where that way ended. Else its run will end there. */
bool playback_stops(struct shell *sh, const char *line);
bool playback_check_file(struct playback *b, const char *name, const char *path, struct problem *p);

#endif
