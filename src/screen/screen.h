/* SPDX-License-Identifier: BSD-2-Clause */
/* The screen: the machine as panes, keys that drive it, and the prompt's own command line. Keys in,
 * a grid of cells out; which terminal shows them is for terminal.c, and tests need none. */
#ifndef FAULTLINE_SCREEN_SCREEN_H
#define FAULTLINE_SCREEN_SCREEN_H

#include "screen/grid.h"
#include "screen/key.h"
#include "shell/shell.h"

struct screen;

/* NULL when the host has no room. What the lesson says first lies on the screen until a key comes. */
struct screen *screen_open(struct shell *sh, int columns, int rows);
void screen_close(struct screen *s);
void screen_resize(struct screen *s, int columns, int rows);
/* A key; false when the person has left: `q`, or a line that said so (screen_outcome). */
bool screen_key(struct screen *s, int key);
enum outcome screen_outcome(const struct screen *s);
/* Draws all, and says so to nobody: the grid is valid until the next call. */
const struct grid *screen_draw(struct screen *s);
/* Characters beyond ASCII can be shown at all; and what a test or `~` says. */
void screen_ascii(struct screen *s, bool ascii);
/* The mouse, at a cell: a click goes to what is there, the wheel scrolls or goes through time. */
enum mouse { MOUSE_CLICK, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };
void screen_mouse(struct screen *s, enum mouse mouse, int x, int y);
bool screen_wants_mouse(const struct screen *s);
/* Milliseconds until screen_tick() wants to be called; -1: never, nothing moves by itself. */
int screen_wait(const struct screen *s);
void screen_tick(struct screen *s);
/* The last row's keys, for documentation: one `key: what` a line. */
void screen_keys_document(FILE *out);

/* The screen on the terminal until the person leaves it (terminal.c, the only file that knows curses). */
enum outcome terminal_run(struct shell *sh);

/* Keys from a file, the last screen to `out` (replay.c). Returns an exit status. */
struct replay_form {
    int columns, rows;
    bool ascii, svg; /* svg: a picture, not text */
};
int replay_run(struct shell *sh, const char *path, const struct replay_form *form, FILE *out);

#endif
