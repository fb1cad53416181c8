/* SPDX-License-Identifier: BSD-2-Clause */
/* What a pane draws on: rows, as many as it likes, of which a window is seen. Places on it may stand for a
 * thing of the machine (a spot): the cursor goes from spot to spot, and what a phase touches is marked. */
#ifndef FAULTLINE_SCREEN_SHEET_H
#define FAULTLINE_SCREEN_SHEET_H

#include "machine/arena.h"
#include "screen/grid.h"

/* A thing that can be chosen, opened, explained. */
enum target_kind {
    TARGET_NONE,
    TARGET_THREAD,   /* a TCB */
    TARGET_SLOT,     /* a slot */
    TARGET_QUEUE,    /* an endpoint or notification */
    TARGET_WORD,     /* a word of the message, by number */
    TARGET_REGISTER, /* of the chosen thread: a row of the pane's table */
    TARGET_ADDRESS,  /* of the chosen thread: a word of memory */
    TARGET_CODE,     /* the same: an instruction */
    TARGET_STEP,     /* a position in time */
    TARGET_EVENT     /* an event, by number: a phase of the last kernel entry */
};
struct target {
    enum target_kind kind;
    word_t at;
};
static inline bool target_is(struct target a, struct target b)
{
    return a.kind != TARGET_NONE && a.kind == b.kind && a.at == b.at;
}

struct sheet_spot {
    int row, x, width;
    struct target target;
};

struct sheet {
    struct area area; /* the window; of height 0 when rows are only counted */
    int scroll;       /* rows above it */
    int rows;         /* that there are so far */
    struct target cursor;
    const struct target *touched;
    unsigned touched_count;
    struct sheet_spot *spot;
    unsigned spots, room;
};

/* A row is worth the work only when it is seen. */
bool sheet_shows(const struct sheet *s, int row);
/* As area_text() and its kin, by row. */
int sheet_text(struct sheet *s, int x, int row, enum look look, const char *text);
__attribute__((format(printf, 5, 6))) int sheet_print(struct sheet *s, int x, int row,
                                                      enum look look, const char *format, ...);
/* The same, cut at a column with a ~. */
int sheet_cell(struct sheet *s, int x, int row, int width, enum look look, const char *text);
void sheet_mark(struct sheet *s, int row); /* changed: * in the last column */
/* What is drawn there stands for a thing: shown when it is under the cursor, marked when touched. */
void sheet_spot(struct sheet *s, int row, int x, int width, struct target target);
/* A ~ where there is more above or below. */
void sheet_end(struct sheet *s);
/* The spot of a thing; NULL: there is none. */
const struct sheet_spot *sheet_find(const struct sheet *s, struct target target);
/* Forgets rows and spots, keeps the room. */
void sheet_begin(struct sheet *s, const struct area *window, int scroll);
void sheet_free(struct sheet *s);

#endif
