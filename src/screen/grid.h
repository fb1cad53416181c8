/* SPDX-License-Identifier: BSD-2-Clause */
/* The screen as a grid of cells in memory: one code point each, and how it looks. Lines are drawn as
 * directions and become characters last, so that crossings fit. Knows no terminal. Whatever text
 * comes in, a cell never holds a control character, nor one that takes another room than a column. */
#ifndef FAULTLINE_SCREEN_GRID_H
#define FAULTLINE_SCREEN_GRID_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "view/palette.h"

struct cell {
    uint32_t c;
    uint8_t look;
    uint8_t join; /* directions in which a line leaves: JOIN_… */
};

enum { JOIN_UP = 1, JOIN_DOWN = 2, JOIN_LEFT = 4, JOIN_RIGHT = 8 };
enum { GRID_COLUMNS_MAX = 500, GRID_ROWS_MAX = 200 };

struct grid {
    int columns, rows;
    int cursor_x, cursor_y; /* -1: none is shown */
    struct cell *cell;
};

/* False when the host has no room. Sizes are kept within 1 and the maximum. */
bool grid_resize(struct grid *g, int columns, int rows);
void grid_free(struct grid *g);
void grid_clear(struct grid *g);
struct cell *grid_at(const struct grid *g, int x, int y); /* NULL outside */

/* A frame around the cells from (x, y) on. It joins those that it meets. */
void grid_frame(struct grid *g, int x, int y, int width, int height);
/* Turns lines into characters: + - | in ASCII; and other characters beyond ASCII into such. */
void grid_finish(struct grid *g, bool ascii);
/* The rows as UTF-8, blanks at their ends cut off. */
void grid_write(const struct grid *g, FILE *out);
/* A picture of them (svg.c). */
void grid_write_svg(const struct grid *g, FILE *out);

/* A rectangle that something is drawn into. */
struct area {
    struct grid *grid;
    int x, y, width, height;
};
void area_clear(const struct area *a);
/* Text at a place of the area; what does not fit ends in a ~. Returns the column behind it. */
int area_text(const struct area *a, int x, int y, enum look look, const char *text);
__attribute__((format(printf, 5, 6))) int area_print(const struct area *a, int x, int y,
                                                     enum look look, const char *format, ...);
/* The mark in the last column for what the last step changed. */
void area_mark(const struct area *a, int y);
/* Gives a row's cells a look. */
void area_look(const struct area *a, int x, int y, int width, enum look look);

/* The next code point of a text, 0 at its end; what is no UTF-8, or would not fill one column, is '?'. */
uint32_t text_code_point(const char **text);
/* Writes it as UTF-8; returns its length. */
int code_point_text(uint32_t c, char text[5]);

#endif
