/* SPDX-License-Identifier: BSD-2-Clause */
/* Cells, lines and text: see grid.h. */
#include "screen/grid.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static int within(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

bool grid_resize(struct grid *g, int columns, int rows)
{
    columns = within(columns, 1, GRID_COLUMNS_MAX);
    rows = within(rows, 1, GRID_ROWS_MAX);
    struct cell *cell = realloc(g->cell, (size_t)columns * (size_t)rows * sizeof *cell);
    if (!cell) return false;
    *g = (struct grid){ .columns = columns, .rows = rows, .cell = cell };
    grid_clear(g);
    return true;
}

void grid_free(struct grid *g)
{
    free(g->cell);
    *g = (struct grid){ 0 };
}

void grid_clear(struct grid *g)
{
    for (int i = 0; i < g->columns * g->rows; i++) g->cell[i] = (struct cell){ .c = ' ' };
    g->cursor_x = g->cursor_y = -1;
}

struct cell *grid_at(const struct grid *g, int x, int y)
{
    bool inside = x >= 0 && y >= 0 && x < g->columns && y < g->rows;
    return inside ? &g->cell[y * g->columns + x] : NULL;
}

/* ---- Lines ---- */

static void join(struct grid *g, int x, int y, unsigned directions)
{
    struct cell *cell = grid_at(g, x, y);
    if (!cell) return;
    cell->join |= (uint8_t)directions;
    cell->c = ' ';
    cell->look = LOOK_FRAME;
}

void grid_frame(struct grid *g, int x, int y, int width, int height)
{
    int right = x + width - 1, bottom = y + height - 1;
    for (int i = x; i <= right; i++) {
        unsigned sides = (i > x ? JOIN_LEFT : 0u) | (i < right ? JOIN_RIGHT : 0u);
        join(g, i, y, sides);
        join(g, i, bottom, sides);
    }
    for (int i = y; i <= bottom; i++) {
        unsigned sides = (i > y ? JOIN_UP : 0u) | (i < bottom ? JOIN_DOWN : 0u);
        join(g, x, i, sides);
        join(g, right, i, sides);
    }
}

/* By directions: 1 up, 2 down, 4 left, 8 right. */
/* clang-format off */
static const uint32_t line_character[16] = {
    ' ',    0x2502, 0x2502, 0x2502, 0x2500, 0x2518, 0x2510, 0x2524,
    0x2500, 0x2514, 0x250c, 0x251c, 0x2500, 0x2534, 0x252c, 0x253c,
};
static const char line_ascii[17] = " |||-+++-+++-+++";
/* clang-format on */

static uint32_t ascii_of(uint32_t c)
{
    if (c < 0x7f) return c;
    if (c == 0x2192) return '>';
    if (c == 0x2190) return '<';
    if (c == 0x2013 || c == 0x2014) return '-';
    if (c == 0x2018 || c == 0x2019) return '\'';
    return c == 0x2026 ? '~' : '?';
}

void grid_finish(struct grid *g, bool ascii)
{
    for (int i = 0; i < g->columns * g->rows; i++) {
        struct cell *cell = &g->cell[i];
        unsigned directions = cell->join & 15u;
        if (directions)
            cell->c = ascii ? (uint32_t)line_ascii[directions] : line_character[directions];
        else if (ascii)
            cell->c = ascii_of(cell->c);
    }
}

/* ---- Text ---- */

/* Characters that take one column everywhere: Latin, Greek, Cyrillic, punctuation, arrows, boxes. */
static bool is_one_column(uint32_t c)
{
    return (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c < 0x300 && c != 0xad) ||
           (c >= 0x370 && c < 0x483) || (c >= 0x2010 && c < 0x2028) ||
           (c >= 0x2030 && c < 0x205f) || (c >= 0x2190 && c < 0x2200) ||
           (c >= 0x2500 && c < 0x2600);
}

uint32_t text_code_point(const char **text)
{
    const unsigned char *at = (const unsigned char *)*text;
    unsigned more = at[0] >= 0xf0 ? 3 : at[0] >= 0xe0 ? 2 : at[0] >= 0xc0 ? 1 : 0;
    if (!at[0]) return 0;
    if (at[0] == '\t') return (*text)++, ' ';
    uint32_t c = more ? at[0] & (0x3fu >> more) : at[0];
    unsigned n = 1;
    for (; n <= more && (at[n] & 0xc0) == 0x80; n++) c = c << 6 | (at[n] & 0x3fu);
    *text += n;
    bool whole = n == more + 1 && (more || at[0] < 0x80);
    return whole && is_one_column(c) ? c : '?';
}

int code_point_text(uint32_t c, char text[5])
{
    int n = 0;
    if (c < 0x80) {
        text[n++] = (char)c;
    } else if (c < 0x800) {
        text[n++] = (char)(0xc0 | c >> 6);
    } else {
        text[n++] = (char)(0xe0 | (c >> 12 & 15));
        text[n++] = (char)(0x80 | (c >> 6 & 63));
    }
    if (c >= 0x80) text[n++] = (char)(0x80 | (c & 63));
    text[n] = '\0';
    return n;
}

void grid_write(const struct grid *g, FILE *out)
{
    for (int y = 0; y < g->rows; y++) {
        int end = g->columns;
        while (end > 0 && grid_at(g, end - 1, y)->c == ' ') end--;
        for (int x = 0; x < end; x++) {
            char text[5];
            code_point_text(grid_at(g, x, y)->c, text);
            fputs(text, out);
        }
        fputc('\n', out);
    }
}

/* ---- Areas ---- */

static struct cell *area_at(const struct area *a, int x, int y)
{
    bool inside = x >= 0 && y >= 0 && x < a->width && y < a->height;
    return inside ? grid_at(a->grid, a->x + x, a->y + y) : NULL;
}

void area_clear(const struct area *a)
{
    for (int y = 0; y < a->height; y++)
        for (int x = 0; x < a->width; x++) {
            struct cell *cell = area_at(a, x, y);
            if (cell) *cell = (struct cell){ .c = ' ' };
        }
}

int area_text(const struct area *a, int x, int y, enum look look, const char *text)
{
    uint32_t c;
    while ((c = text_code_point(&text))) {
        if (x >= a->width) {
            struct cell *last = area_at(a, a->width - 1, y);
            if (last) last->c = '~';
            return a->width;
        }
        struct cell *cell = area_at(a, x++, y);
        if (cell) *cell = (struct cell){ .c = c, .look = (uint8_t)look };
    }
    return x;
}

int area_print(const struct area *a, int x, int y, enum look look, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return area_text(a, x, y, look, text);
}

void area_mark(const struct area *a, int y)
{
    struct cell *last = area_at(a, a->width - 1, y), *before = area_at(a, a->width - 2, y);
    bool is_touched = last && last->c == '#';
    if (last && before && last->c != ' ' && last->c != '*' && !is_touched)
        before->c = '~'; /* what stands there is cut off one earlier */
    if (!is_touched || (before && before->c == ' '))
        area_text(a, a->width - (is_touched ? 2 : 1), y, LOOK_CHANGED, "*");
}

void area_look(const struct area *a, int x, int y, int width, enum look look)
{
    for (int i = x; i < x + width; i++) {
        struct cell *cell = area_at(a, i, y);
        if (cell) cell->look = (uint8_t)look;
    }
}
