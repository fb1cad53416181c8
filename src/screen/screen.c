/* SPDX-License-Identifier: BSD-2-Clause */
/* The screen's state and its two modes: keys drive the machine, or type a line for the shell. */
#include "screen/screen.h"

#include <stdlib.h>
#include <string.h>

#include "screen/inside.h"

/* ---- What is said ---- */

static FILE *begin_saying(struct screen *s)
{
    prose_free(&s->said);
    s->said_scroll = 0;
    return prose_open(&s->said);
}

static void end_saying(struct screen *s, FILE *out)
{
    prose_close(&s->said, out);
    s->saying = s->said.count > 0;
}

void screen_say(struct screen *s, void (*write)(struct screen *s, FILE *out))
{
    FILE *out = begin_saying(s);
    if (out) write(s, out);
    end_saying(s, out);
}

static bool does_anything(const char *line)
{
    return line[strspn(line, " \t")] != '\0';
}

void screen_do(struct screen *s, const char *line)
{
    struct shell *sh = s->shell, before = *sh;
    FILE *out = begin_saying(s);
    if (!out) return;
    sh->out = sh->err = out;
    sh->width = (unsigned)(s->grid.columns > 82 ? s->grid.columns - 2 : 80);
    sh->ascii = s->ascii;
    sh->screen = NULL; /* it is open */
    sh->typed = true;
    enum outcome outcome = does_anything(line) ? shell_line(sh, line) : OUTCOME_DONE;
    sh->out = before.out;
    sh->err = before.err;
    sh->width = before.width;
    sh->ascii = before.ascii;
    sh->screen = before.screen;
    sh->typed = before.typed;
    end_saying(s, out);
    if (outcome != OUTCOME_QUIT) return;
    s->left = true;
    s->outcome = OUTCOME_QUIT;
}

/* ---- Opening ---- */

static void write_task(struct screen *s, FILE *out)
{
    lesson_begin(s->shell->lesson, out);
}

struct screen *screen_open(struct shell *sh, int columns, int rows)
{
    struct screen *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->shell = sh;
    s->focus = PANE_THREADS;
    if (!grid_resize(&s->grid, columns, rows)) {
        free(s);
        return NULL;
    }
    if (sh->lesson && sh->commands == 0) screen_say(s, write_task);
    return s;
}

void screen_close(struct screen *s)
{
    prose_free(&s->said);
    line_free(&s->line);
    grid_free(&s->grid);
    free(s);
}

void screen_resize(struct screen *s, int columns, int rows)
{
    grid_resize(&s->grid, columns, rows);
}

void screen_ascii(struct screen *s, bool ascii)
{
    s->ascii = ascii;
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
    s->shell->width = (unsigned)(s->grid.columns > 82 ? s->grid.columns - 2 : 80);
    line_complete(&s->line, s->shell, out);
}

static void enter(struct screen *s)
{
    char line[LINE_BYTES];
    snprintf(line, sizeof line, "%s", s->line.text);
    line_keep(&s->line);
    s->typing = does_anything(line);
    if (s->typing) screen_do(s, line);
    if (!s->typing) s->saying = false;
}

/* A key while a line is typed that is no letter and no key of the table. */
static void type_key(struct screen *s, int key)
{
    unsigned width = s->shell->width;
    switch (key) {
    case KEY_ENTER_:
    case '\r': enter(s); break;
    case KEY_ESC_:
    case KEY_CTRL('c'):
        s->typing = false;
        s->saying = s->saying && (int)s->said.count > s->grid.rows - 5; /* there is more to see */
        line_set(&s->line, "");
        break;
    case KEY_TAB_:
        screen_say(s, write_choices);
        s->shell->width = width;
        break;
    default: line_key(&s->line, key);
    }
}

bool screen_key(struct screen *s, int key)
{
    if (key == '\r') key = KEY_ENTER_;
    const struct key_row *row = key_find(key, s->typing);
    bool moves = row && (row->act == act_up || row->act == act_down);
    if (!row && s->typing) {
        type_key(s, key);
        return !s->left;
    }
    if (!s->typing && !moves) s->saying = false;
    if (row && row->line)
        screen_do(s, row->line);
    else if (row)
        row->act(s);
    return !s->left;
}
