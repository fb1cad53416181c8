/* SPDX-License-Identifier: BSD-2-Clause */
/* The screen's state and its two modes: keys drive the machine, or type a line for the shell. */
#include "screen/screen.h"

#include <stdlib.h>
#include <string.h>

#include "screen/inside.h"

/* ---- Opening ---- */

/* The first page, where a lesson begins; and what is to be told first. */
static void write_greeting(struct screen *s, FILE *out)
{
    const struct shell *sh = s->shell;
    if (sh->lesson && sh->commands == 0) lesson_task(sh->lesson, out); /* the title stands above */
    if (sh->news[0]) fprintf(out, "  %s\n", sh->news);
}

struct screen *screen_open(struct shell *sh, int columns, int rows)
{
    struct screen *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->shell = sh;
    s->gaze.signs = &s->signs;
    s->focus = PANE_THREADS;
    if (!grid_resize(&s->grid, columns, rows)) {
        free(s);
        return NULL;
    }
    line_set(&s->line, "");
    screen_take_layout(s);
    s->typing = sh->opens_line;
    sh->opens_line = false;
    screen_say(s, write_greeting);
    s->greeting = s->saying;
    return s;
}

void screen_close(struct screen *s)
{
    prose_free(&s->said);
    prose_free(&s->shown);
    for (unsigned i = 0; i < PANE_COUNT; i++) sheet_free(&s->sheet[i]);
    grid_free(&s->grid);
    free(s);
}

void screen_resize(struct screen *s, int columns, int rows)
{
    grid_resize(&s->grid, columns, rows);
    said_fit(s);
}

void screen_ascii(struct screen *s, bool ascii)
{
    s->gaze.ascii = ascii;
}

enum outcome screen_outcome(const struct screen *s)
{
    return s->outcome;
}

const struct grid *screen_draw(struct screen *s)
{
    draw_all(s);
    return &s->grid;
}

/* ---- Keys ---- */

static void write_choices(struct screen *s, FILE *out)
{
    s->shell->width = said_columns(s);
    line_complete(&s->line, s->shell, out);
}

/* A bracket or quote that is open goes on in the next row. */
static bool goes_on(struct screen *s)
{
    if (s->searching || s->line.length + 2 >= LINE_BYTES || !shell_line_is_open(s->line.text))
        return false;
    s->line.cursor = s->line.length;
    line_insert(&s->line, "\n");
    return true;
}

static void enter(struct screen *s)
{
    char line[LINE_BYTES];
    if (goes_on(s)) return;
    snprintf(line, sizeof line, "%s", s->line.text);
    if (s->searching) {
        s->searching = s->typing = false;
        line_set(&s->line, "");
        search_run(s, line);
        return;
    }
    line_keep(&s->line);
    s->typing = line_does_anything(line);
    if (s->typing) screen_do(s, line);
    if (!s->typing) s->saying = false;
}

static void leave_line(struct screen *s)
{
    s->typing = s->searching = false;
    s->saying = s->saying && (int)s->shown.count > s->grid.rows - 5; /* there is more to see */
    line_set(&s->line, "");
}

/* A key while a line is typed that is no letter and no key of the table. */
static void type_key(struct screen *s, int key)
{
    unsigned width = s->shell->width;
    switch (key) {
    case KEY_ENTER_: enter(s); break;
    case KEY_ESC_:
    case KEY_CTRL('c'): leave_line(s); break;
    case KEY_TAB_:
        if (s->searching) break;
        screen_say(s, write_choices);
        s->shell->width = width;
        break;
    default: line_key(&s->line, key);
    }
}

static bool moves(const struct key_row *row)
{
    return row && (row->act == act_up || row->act == act_down || row->act == act_left ||
                   row->act == act_right);
}

/* While the machine plays any key stops it; those of its speed do not. */
static bool play_key(struct screen *s, const struct key_row *row)
{
    if (!s->playing || (row && (row->act == act_faster || row->act == act_slower))) return false;
    play_stop(s);
    s->saying = false;
    return !row || row->act != act_quit;
}

bool screen_wants_mouse(const struct screen *s)
{
    return !s->no_mouse;
}

bool screen_key(struct screen *s, int key)
{
    if (key == '\r') key = KEY_ENTER_;
    const struct key_row *row = key_find(key, s->typing);
    bool said = s->saying;
    if (play_key(s, row)) return true;
    if (!row && s->typing) {
        type_key(s, key);
        return !s->left;
    }
    if (!s->typing && !moves(row)) s->saying = false;
    if (row && row->act == act_escape && said) return true; /* that was what it took away */
    if (row && row->line)
        screen_do(s, row->line);
    else if (row)
        row->act(s);
    return !s->left;
}
