/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the screen share: its state, the key table, drawing. */
#ifndef FAULTLINE_SCREEN_INSIDE_H
#define FAULTLINE_SCREEN_INSIDE_H

#include "screen/layout.h"
#include "screen/line.h"
#include "screen/screen.h"

struct screen {
    struct shell *shell;
    struct grid grid;
    bool ascii, typing; /* typing: the command line is open */
    bool left;
    enum outcome outcome;
    enum layout_name layout;
    enum pane_id focus;
    int scroll[PANE_COUNT];
    paddr_t chosen;    /* 0: the screen chooses */
    struct prose said; /* by the last command */
    bool saying;       /* and it lies over the panes */
    int said_scroll;
    struct line line;
    struct place place[PLACES_MAX];
    unsigned places;
};

struct key_row {
    int key, second, third;
    const char *shown;
    int bar;
    const char *label, *line;
    void (*act)(struct screen *s);
    const char *help;
};
extern const struct key_row key_table[];
extern const size_t key_count;

/* The row of a key; while a line is typed only those that type nothing. NULL: none. */
const struct key_row *key_find(int key, bool typing);

/* Does a line in the shell; what it says is shown. */
void screen_do(struct screen *s, const char *line);
/* Shows a text that `write` writes. */
void screen_say(struct screen *s, void (*write)(struct screen *s, FILE *out));

void act_goto(struct screen *s);
void act_break(struct screen *s);
void act_focus(struct screen *s);
void act_focus_back(struct screen *s);
void act_up(struct screen *s);
void act_down(struct screen *s);
void act_why(struct screen *s);
void act_search(struct screen *s);
void act_layout(struct screen *s);
void act_open(struct screen *s);
void act_ascii(struct screen *s);
void act_redraw(struct screen *s);
void act_help(struct screen *s);
void act_quit(struct screen *s);

/* draw.c */
void draw_all(struct screen *s);

#endif
