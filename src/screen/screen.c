/* SPDX-License-Identifier: BSD-2-Clause */
/* The screen's state and its two modes: keys drive the machine, or type a line for the shell. */
#include "screen/screen.h"

#include <stdlib.h>
#include <string.h>

#include "screen/inside.h"

enum { LEAST = 12 }; /* columns into which text is filled */

/* ---- What is said ---- */

static FILE *begin_saying(struct screen *s)
{
    prose_free(&s->said);
    s->said_scroll = 0;
    return prose_open(&s->said);
}

bool tells_phase(const char *line)
{
    unsigned at, count;
    int end = 0;
    return sscanf(line, " phase %u of %u:%n", &at, &count, &end) == 2 && end > 0;
}

/* Inside a kernel entry a pane says what the phase is. */
static void drop_phase_line(struct prose *l)
{
    size_t said = 0;
    for (size_t i = 0; i < l->count; i++)
        if (!tells_phase(l->line[i])) l->line[said++] = l->line[i];
    l->count = said;
}

/* Commands write for 80 columns or more: on a smaller screen their lines are filled anew. */
static void fit_said(struct screen *s)
{
    int columns = s->grid.columns, room = columns < SCREEN_COLUMNS_MIN ? columns - 4 : columns - 2;
    unsigned width = (unsigned)(room > LEAST ? room : LEAST);
    prose_free(&s->shown);
    (columns < SCREEN_COLUMNS_MIN ? prose_fill : prose_fill_voices)(&s->said, width, &s->shown);
}

static void end_saying(struct screen *s, FILE *out)
{
    prose_close(&s->said, out);
    if (s->said.count > 1) drop_phase_line(&s->said);
    fit_said(s);
    s->saying = s->said.count > 0;
    s->greeting = false;
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

/* `layout NAME` has been said. */
static void take_layout(struct screen *s)
{
    enum layout_name layout;
    if (layout_find(s->shell->layout, &layout)) screen_layout(s, layout);
    s->shell->layout[0] = '\0';
}

void screen_scene(struct screen *s, struct scene *scene)
{
    s->gaze.selected = selected(s);
    scene_look(scene, s->shell, &s->gaze);
}

/* Where much was said while the machine ran, the end tells how it stands now. */
static void show_end(struct screen *s, struct position from)
{
    struct position now = session_position(s->shell->session);
    if (now.step != from.step || now.phase != from.phase) s->said_scroll = (int)s->shown.count;
}

void screen_do(struct screen *s, const char *line)
{
    struct shell *sh = s->shell, before = *sh;
    struct position from = session_position(sh->session);
    FILE *out = begin_saying(s);
    if (!out) return;
    sh->out = sh->err = out;
    sh->width = (unsigned)(s->grid.columns > 82 ? s->grid.columns - 2 : 80);
    sh->ascii = s->gaze.ascii;
    sh->colour = false;
    sh->on_screen = true;
    sh->screen = NULL; /* it is open */
    sh->typed = true;
    enum outcome outcome = does_anything(line) ? shell_line(sh, line) : OUTCOME_DONE;
    sh->out = before.out;
    sh->err = before.err;
    sh->width = before.width;
    sh->ascii = before.ascii;
    sh->colour = before.colour;
    sh->screen = before.screen;
    sh->typed = before.typed;
    sh->on_screen = before.on_screen;
    take_layout(s);
    end_saying(s, out);
    show_end(s, from);
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
    s->gaze.signs = &s->signs;
    s->focus = PANE_THREADS;
    if (!grid_resize(&s->grid, columns, rows)) {
        free(s);
        return NULL;
    }
    line_set(&s->line, "");
    take_layout(s);
    if (sh->lesson && sh->commands == 0) screen_say(s, write_task);
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
    fit_said(s);
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
    s->shell->width = (unsigned)(s->grid.columns > 82 ? s->grid.columns - 2 : 80);
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
    s->typing = does_anything(line);
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
