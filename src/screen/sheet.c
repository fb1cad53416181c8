/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows behind a window, and the spots on them: see sheet.h. */
#include "screen/sheet.h"

#include <stdarg.h>
#include <stdlib.h>

void sheet_begin(struct sheet *s, const struct area *window, int scroll)
{
    s->area = *window;
    s->scroll = scroll;
    s->rows = 0;
    s->spots = 0;
}

void sheet_free(struct sheet *s)
{
    free(s->spot);
    *s = (struct sheet){ .rows = 0 };
}

bool sheet_shows(const struct sheet *s, int row)
{
    return row >= s->scroll && row < s->scroll + s->area.height;
}

/* Counts the row; where it stands in the window, -1: nowhere. */
static int row_begin(struct sheet *s, int row)
{
    if (row >= s->rows) s->rows = row + 1;
    return sheet_shows(s, row) ? row - s->scroll : -1;
}

int sheet_text(struct sheet *s, int x, int row, enum look look, const char *text)
{
    int y = row_begin(s, row);
    return y < 0 ? x : area_text(&s->area, x, y, look, text);
}

int sheet_print(struct sheet *s, int x, int row, enum look look, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return sheet_text(s, x, row, look, text);
}

int sheet_cell(struct sheet *s, int x, int row, int width, enum look look, const char *text)
{
    int y = row_begin(s, row);
    if (x + width > s->area.width) width = s->area.width - x;
    if (y < 0 || width <= 0) return x;
    struct area cell = { s->area.grid, s->area.x + x, s->area.y + y, width, 1 };
    return x + area_text(&cell, 0, 0, look, text);
}

void sheet_mark(struct sheet *s, int row)
{
    int y = row_begin(s, row);
    if (y >= 0) area_mark(&s->area, y);
}

static bool is_touched(const struct sheet *s, struct target target)
{
    for (unsigned i = 0; i < s->touched_count; i++)
        if (target_is(s->touched[i], target)) return true;
    return false;
}

/* A sign where nothing stands. */
static void put_beside(const struct sheet *s, int x, int y, const char *sign)
{
    if (x < 0 || x >= s->area.width) return;
    const struct cell *cell = grid_at(s->area.grid, s->area.x + x, s->area.y + y);
    if (cell && cell->c == ' ') area_text(&s->area, x, y, LOOK_CHOSEN, sign);
}

static void spot_draw(const struct sheet *s, int y, const struct sheet_spot *spot)
{
    if (is_touched(s, spot->target)) {
        area_look(&s->area, spot->x, y, spot->width, LOOK_TOUCHED);
        area_text(&s->area, s->area.width - 1, y, LOOK_TOUCHED, "#");
    }
    if (!target_is(s->cursor, spot->target)) return;
    area_look(&s->area, spot->x, y, spot->width, LOOK_CHOSEN);
    put_beside(s, spot->x - 1, y, "[");
    put_beside(s, spot->x + spot->width, y, "]");
}

void sheet_spot(struct sheet *s, int row, int x, int width, struct target target)
{
    int y = row_begin(s, row);
    if (x + width > s->area.width - 1) width = s->area.width - 1 - x;
    if (width < 1) width = 1;
    if (s->spots == s->room) {
        unsigned room = s->room ? 2 * s->room : 32;
        struct sheet_spot *more = realloc(s->spot, room * sizeof *more);
        if (!more) return;
        s->spot = more;
        s->room = room;
    }
    s->spot[s->spots] = (struct sheet_spot){ row, x, width, target };
    if (y >= 0) spot_draw(s, y, &s->spot[s->spots]);
    s->spots++;
}

/* At the right edge, beside a mark that stands there already. */
static void put_more(const struct sheet *s, int y)
{
    int x = s->area.width - 1;
    const struct cell *cell = grid_at(s->area.grid, s->area.x + x, s->area.y + y);
    if (cell && (cell->c == '*' || cell->c == '#') && x > 0) x--;
    area_text(&s->area, x, y, LOOK_PLAIN, "~");
}

void sheet_end(struct sheet *s)
{
    if (s->area.height < 1) return;
    if (s->scroll > 0) put_more(s, 0);
    if (s->scroll + s->area.height < s->rows) put_more(s, s->area.height - 1);
}

const struct sheet_spot *sheet_find(const struct sheet *s, struct target target)
{
    for (unsigned i = 0; i < s->spots; i++)
        if (target_is(s->spot[i].target, target)) return &s->spot[i];
    return NULL;
}
