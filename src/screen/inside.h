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
    struct gaze gaze;
    struct signs signs;
    bool typing, searching; /* the command line is open; what it takes is a text to be found */
    bool left, no_mouse;
    enum outcome outcome;
    enum layout_name layout;
    enum pane_id focus;
    bool alone; /* the pane in focus has all the room */
    int scroll[PANE_COUNT];
    struct target cursor[PANE_COUNT];
    struct sheet sheet[PANE_COUNT]; /* as drawn last */
    struct prose said, shown; /* by the last command: as it was written, and in lines that fit */
    bool saying;              /* and it lies over the panes */
    bool greeting;            /* it is the lesson's page */
    bool turned;              /* it ends with the page that has just opened */
    int said_scroll;
    struct line line;
    struct place place[PLACES_MAX];
    unsigned places;
    char sought[80];
    bool playing;
    unsigned speed; /* row of the table in play.c */
};

/* When the key bar names a key: always, and last of all that goes when there is no room. */
enum { BAR_NEVER, BAR_ALWAYS, BAR_WIDE, BAR_NEEDED };

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

/* ---- state.c ---- */
/* Smaller than the screen wants to be. */
bool screen_is_small(const struct screen *s);
/* The place of a pane; NULL: it is not on the screen. */
const struct place *place_of(const struct screen *s, enum pane_id pane);
/* What is under the cursor of the pane in focus. */
struct target selected(const struct screen *s);
/* What there is to look at now. */
void screen_scene(struct screen *s, struct scene *scene);
/* The goal that is open; 0: no lesson is. */
unsigned screen_goal(const struct screen *s);
/* Opens the command line with a text in it. */
void screen_type(struct screen *s, const char *text);
void screen_layout(struct screen *s, enum layout_name layout);

/* ---- said.c ---- */
/* Does a line in the shell; what it says is shown. */
void screen_do(struct screen *s, const char *line);
/* Shows a text that `write` writes. */
void screen_say(struct screen *s, void (*write)(struct screen *s, FILE *out));
/* Lays what was said out anew: the screen has another size. */
void said_fit(struct screen *s);
/* How wide commands and answers may write. */
unsigned said_columns(const struct screen *s);
/* `layout NAME` may have been said. */
void screen_take_layout(struct screen *s);
bool line_does_anything(const char *line);
/* A line of the shell's: at which phase one is. */
bool tells_phase(const char *line);

/* ---- keys.c, select.c, play.c: what keys do ---- */

void act_goto(struct screen *s);
void act_break(struct screen *s);
void act_focus(struct screen *s);
void act_focus_back(struct screen *s);
void act_up(struct screen *s);
void act_down(struct screen *s);
void act_left(struct screen *s);
void act_right(struct screen *s);
void act_explain(struct screen *s);
void act_search(struct screen *s);
void act_layout(struct screen *s);
void act_layout_ipc(struct screen *s);
void act_layout_code(struct screen *s);
void act_layout_caps(struct screen *s);
void act_layout_lesson(struct screen *s);
void act_alone(struct screen *s);
void act_tree(struct screen *s);
void act_open(struct screen *s);
void act_line(struct screen *s);
void act_escape(struct screen *s);
void act_play(struct screen *s);
void act_faster(struct screen *s);
void act_slower(struct screen *s);
void act_ascii(struct screen *s);
void act_mouse(struct screen *s);
void act_redraw(struct screen *s);
void act_help(struct screen *s);
void act_quit(struct screen *s);

/* ---- reveal.c ---- */
/* Moves the cursor to a thing in a pane, or takes it away, and brings its row into view. */
void select_put(struct screen *s, enum pane_id pane, struct target target);
/* Brings a pane onto the screen and into focus; alone when the layout has no room for it. */
void select_pane(struct screen *s, enum pane_id pane);

/* ---- open.c, ask.c, search.c, play.c ---- */
void open_target(struct screen *s, struct target target);
void explain_target(struct screen *s, struct target target);
void break_target(struct screen *s, struct target target);
void search_run(struct screen *s, const char *text);
void play_stop(struct screen *s);

/* ---- draw_panes.c, draw.c, bar.c ---- */
enum { PANE_COLUMNS_MIN = 20, PANE_ROWS_MIN = 8 }; /* of a screen that shows any pane */
/* Looks at the machine and draws the panes on an empty grid; there are none when it is too small. */
void draw_panes(struct screen *s, struct scene *scene);
/* Rows between the panes and the command line. */
int rows_below(const struct grid *g);
void draw_all(struct screen *s);
void draw_key_bar(struct screen *s, int y);

#endif
