/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding a text in the pane in focus: its rows are drawn where nobody sees them, window by window. */
#include <string.h>
#include <strings.h>

#include "screen/inside.h"

enum { WINDOW = 100, ROWS_MOST = 20000 };

static bool row_has(const struct grid *g, int y, const char *text)
{
    char row[GRID_COLUMNS_MAX * 4 + 1];
    size_t n = 0, length = strlen(text);
    for (int x = 0; x < g->columns; x++) n += (size_t)code_point_text(grid_at(g, x, y)->c, row + n);
    row[n] = '\0';
    for (size_t i = 0; i + length <= n; i++)
        if (strncasecmp(row + i, text, length) == 0) return true;
    return false;
}

static bool has_spot(const struct sheet *s, int row)
{
    for (unsigned i = 0; i < s->spots; i++)
        if (s->spot[i].row == row) return true;
    return false;
}

/* The first row from `from` on that has the text, one with something to choose before all others; -1: none.
 * `rows`: how many there are. */
static int row_find(const struct screen *s, const struct scene *scene, const char *text, int from,
                    int *rows)
{
    struct grid g = { 0 };
    struct sheet sheet = { .rows = 0 };
    int found = -1, plain = -1;
    const struct place *p = place_of(s, s->focus);
    if (!p || !grid_resize(&g, p->width, WINDOW)) return -1;
    struct area all = { &g, 0, 0, g.columns, g.rows };
    *rows = pane_want(s->focus, scene, p->width);
    if (*rows > ROWS_MOST) *rows = ROWS_MOST;
    for (int top = from; top < *rows && found < 0; top += WINDOW) {
        grid_clear(&g);
        sheet_begin(&sheet, &all, top);
        pane_table[s->focus].draw(scene, &sheet);
        for (int y = 0; y < g.rows && top + y < *rows && found < 0; y++) {
            if (!row_has(&g, y, text)) continue;
            if (has_spot(&sheet, top + y)) found = top + y;
            if (plain < 0) plain = top + y;
        }
    }
    sheet_free(&sheet);
    grid_free(&g);
    return found >= 0 ? found : plain;
}

static void show_row(struct screen *s, int row, int rows)
{
    const struct sheet *sheet = &s->sheet[s->focus];
    const struct place *p = place_of(s, s->focus);
    struct target none = { TARGET_NONE, 0 };
    s->cursor[s->focus] = none;
    if (row < sheet->scroll || row >= sheet->scroll + p->height)
        s->scroll[s->focus] = pane_table[s->focus].from_end ? row - (rows - p->height) : row;
    for (unsigned i = 0; i < sheet->spots; i++)
        if (sheet->spot[i].row == row) {
            s->cursor[s->focus] = sheet->spot[i].target;
            return;
        }
}

/* Behind where the last search, or the cursor, was. */
static int search_start(const struct screen *s)
{
    const struct sheet *sheet = &s->sheet[s->focus];
    struct target at = selected(s);
    for (unsigned i = 0; i < sheet->spots; i++)
        if (target_is(sheet->spot[i].target, at)) return sheet->spot[i].row + 1;
    return sheet->scroll;
}

static void write_not_found(struct screen *s, FILE *out)
{
    fprintf(out, "  no row of the pane %s has `%s`\n", pane_table[s->focus].name, s->sought);
}

void search_run(struct screen *s, const char *text)
{
    struct scene scene;
    int rows = 0;
    screen_scene(s, &scene);
    if (*text) snprintf(s->sought, sizeof s->sought, "%.79s", text);
    if (!*s->sought) return;
    int row = row_find(s, &scene, s->sought, search_start(s), &rows);
    if (row < 0) row = row_find(s, &scene, s->sought, 0, &rows);
    if (row < 0)
        screen_say(s, write_not_found);
    else
        show_row(s, row, rows);
}
