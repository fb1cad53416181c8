/* SPDX-License-Identifier: BSD-2-Clause */
/* Recordings: a script of the command language with the machine's state between its lines, written as
 * it happens (record_write.c) and read again (record_read.c). docs/recordings.md describes the format.
 * What a line does is the shell's affair: here it is text. */
#ifndef FAULTLINE_WORLD_RECORD_H
#define FAULTLINE_WORLD_RECORD_H

#include "world/choice.h"
#include "world/sha256.h"

enum {
    RECORD_FORMAT = 1,
    RECORD_NAME_SIZE = 256,
    RECORD_SIZE_MAX = 64 << 20 /* bytes of a recording, or of a file that it names */
};

/* ---- State ---- */

/* A number for each part of a world: equal states, equal numbers; and where they differ one knows in
 * which part. Independent of compiler and host. */
enum state_part { PART_PROCESSOR, PART_KERNEL, PART_NAMES, PART_MEMORY, STATE_PARTS };
struct state_hash {
    uint32_t part[STATE_PARTS];
};

struct state_hash state_hash(const struct world *w);
bool state_hash_is_same(const struct state_hash *a, const struct state_hash *b);
/* "processor", "kernel", "names", "memory" */
const char *state_part_name(enum state_part part);
/* "1a2b3c4d-5e6f7081-91a2b3c4-d5e6f708" */
enum { STATE_TEXT = STATE_PARTS * 9 };
void state_hash_text(const struct state_hash *h, char text[STATE_TEXT]);

/* ---- What stands in a recording ---- */

/* All that was decided before the first line. */
struct record_head {
    unsigned format;
    char version[RECORD_NAME_SIZE]; /* of the program */
    char kernel[RECORD_NAME_SIZE];  /* world/kernels.h */
    struct boot_choice choice;      /* of the machine */
    char image[RECORD_NAME_SIZE];   /* the program that it booted; "": the prompt's root task */
    word_t max_steps;               /* 0: no limit */
    bool typed;                     /* by a person: who is asked before something is destroyed */
    char lesson[RECORD_NAME_SIZE];  /* its folder's name; "": none */
    char variant[RECORD_NAME_SIZE]; /* "": none */
    char folder[RECORD_NAME_SIZE];  /* of the script that was recorded; "": none */
};

/* How a line ended. */
enum record_outcome {
    RECORD_DONE,
    RECORD_FAILED,
    RECORD_CHECK,
    RECORD_LIMIT,
    RECORD_INTERRUPTED,
    RECORD_OUTCOMES
};
const char *record_outcome_name(enum record_outcome outcome);

/* A file that a line, or the set-up before the first, has read. */
struct record_file {
    char sha256[SHA256_TEXT];
    char name[RECORD_NAME_SIZE]; /* as the line has it */
};

/* The state after a line. */
struct record_state {
    bool is_same; /* as after the line before: position and hash are not there */
    struct position position;
    struct state_hash hash;
    enum record_outcome outcome;
    unsigned lines;  /* begun when Ctrl-C came, those of scripts, too; 0: it did not come */
    bool on_its_way; /* it was not running, but going to another time */
    char place[RECORD_NAME_SIZE]; /* for people: who sits where */
};

/* ---- Writing ---- */
struct recorder;

/* Opens FILE for a recording of one's own: it must be new or empty, and nobody else's. NULL: it cannot
 * be (problem filled). Files that are noted before the head are kept for it. */
struct recorder *record_open(const char *path, struct problem *p);
/* The same in memory only: for who wants to save the machine (world/save.h). */
struct recorder *record_open_memory(void);
/* Head, the files noted so far, and the state of the machine. */
void record_begin(struct recorder *r, const struct record_head *head, const struct session *s,
                  const char *place);
/* A line is about to be done; text may have several physical lines. */
void record_line(struct recorder *r, const char *text);
/* A text for readers of the recording. */
void record_comment(struct recorder *r, const char *text);
/* A file that the line has read: named by its hash, its bytes kept. One that cannot be read is none. */
void record_note_file(struct recorder *r, const char *name, const char *path);
/* The line has been done. Position and hash are filled in here. */
void record_state(struct recorder *r, const struct session *s, const struct record_state *state);
/* How many lines were recorded. */
/* Whether all of it could be written so far. */
bool record_goes_on(const struct recorder *r);
unsigned record_count(const struct recorder *r);
/* NULL: it is in memory only. */
const char *record_path(const struct recorder *r);
/* All that was recorded, whatever became of the file; NULL: it is too long to be kept. */
const char *record_text(const struct recorder *r, size_t *size);
/* The files that were noted, each once. */
struct record_bytes {
    char sha256[SHA256_TEXT];
    uint8_t *bytes; /* NULL: it was too long to be kept */
    size_t size;
};
size_t record_files(const struct recorder *r, const struct record_bytes **list);
/* What went wrong since the last call, once: the recording has ended there, the session need not. */
bool record_trouble(struct recorder *r, struct problem *p);
/* Writes the end mark. A recording without lines is removed when `unless_empty`. */
void record_close(struct recorder *r, bool unless_empty);

/* A new file in the folder of the user's recordings, of which only the newest are kept. */
struct recorder *record_open_own(const char *subject, struct problem *p);
/* It is one of those: the files that it names are kept, too. */
void record_is_own(struct recorder *r);
/* Files that the user's recordings name are kept by their SHA-256, the newest ones: a source that was
 * changed since can be read as it was. Where one lies; false: it is not kept. */
bool record_kept_file(const char *sha256, char *path, size_t size);
void record_keep_file(const char *sha256, const void *bytes, size_t size);
/* The one that began last; false: there is none. */
bool record_newest_own(char *path, size_t size);
/* The same of those with that subject, as record_open_own() got it. */
bool record_newest_of(const char *subject, char *path, size_t size);

/* ---- Reading ---- */

/* What a physical line is. */
enum record_kind {
    RECORD_TEXT,    /* of a command, or blank */
    RECORD_REMARK,  /* any other comment */
    RECORD_HEADING, /* #: */
    RECORD_FILE,    /* #+ */
    RECORD_STATE,   /* #= */
    RECORD_END,     /* #. */
};

/* What stands around a recording in a report. */
#define REPORT_FIRST     "A report from Faultline."
#define REPORT_RECORDING "==== recording: "
#define REPORT_CUT       ", the last one cut off"
#define REPORT_END       "==== end of the recording"

/* A recording in memory, read line by line. */
struct record_reader {
    char *text;
    char **lines; /* each ended by a zero */
    size_t count, at;
    bool is_cut; /* the last line has no end: the file was cut off in it */
};

/* Reads the whole file; false when it cannot (problem filled). */
bool record_read_open(struct record_reader *r, const char *path, struct problem *p);
/* The same of bytes in memory; takes a copy. */
bool record_read_bytes(struct record_reader *r, const void *bytes, size_t size, struct problem *p);
void record_read_close(struct record_reader *r);
/* The next physical line, valid until the reader is closed; NULL at the end. After it `at` is its
 * number, counted from 1; who sets `at` back reads it again. */
const char *record_read_line(struct record_reader *r, enum record_kind *kind);
/* Whether the line that was read last is one that was cut off. */
bool record_line_is_cut(const struct record_reader *r);

/* The head, up to the first line that is none of it; what a newer version added is passed over. */
bool record_read_head(struct record_reader *r, struct record_head *head, struct problem *p);
bool record_read_file(const char *line, struct record_file *file, struct problem *p);
bool record_read_state(const char *line, struct record_state *state, struct problem *p);

#endif
