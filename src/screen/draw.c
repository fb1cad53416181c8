/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole screen, top to bottom: title, panes in their frames, what the last command said, the
 * command line, and the row that names mode and keys. */
#include <string.h>

#include "screen/inside.h"

static void draw_title(const struct screen *s, const struct scene *scene)
{
    struct area a = { (struct grid *)(uintptr_t)&s->grid, 0, 0, s->grid.columns, 1 };
    const struct lesson_run *run = s->shell->lesson;
    char right[112], goals[48] = "", here[40];
    int end;
    if (run) {
        unsigned count = 0, number = 0, open = lesson_open_goal(run);
        for (unsigned i = 0; i < run->lesson->item_count; i++) {
            if (run->lesson->item[i].kind != ITEM_GOAL) continue;
            count++;
            number += i <= open;
        }
        if (open < run->lesson->item_count)
            snprintf(goals, sizeof goals, "goal %u of %u", number, count);
        else
            snprintf(goals, sizeof goals, "all %u goals", count);
        end = area_print(&a, 1, 0, LOOK_TITLE, "Lesson %u  %s", run->lesson->number,
                         run->lesson->title);
    } else {
        end = area_text(&a, 1, 0, LOOK_TITLE, "Faultline");
    }
    scene_position(scene, here, sizeof here);
    snprintf(right, sizeof right,
             s->grid.columns >= 110 ? "%s      %s      %s      %s" : "%s    %s    %s    %s", goals,
             kernel_config(scene->world)->mcs ? "MCS" : "without MCS", layout_word[s->layout],
             here);
    int at = s->grid.columns - 1 - (int)strlen(right);
    area_text(&a, at > end + 1 ? at : end + 2, 0, LOOK_FAINT, right);
}

static void draw_pane(struct screen *s, const struct scene *scene, const struct place *p)
{
    const struct pane *pane = &pane_table[p->pane];
    struct area inside = { &s->grid, p->x, p->y, p->width, p->height };
    struct area frame = { &s->grid, p->x + 1, p->y - 1, p->width - 2, 1 };
    char title[96];
    grid_frame(&s->grid, p->x - 1, p->y - 1, p->width + 2, p->height + 2);
    pane->title(scene, title, sizeof title);
    pane->draw(scene, &inside, s->scroll[p->pane]);
    area_text(&frame, 0, 0, p->pane == s->focus ? LOOK_CHOSEN : LOOK_TITLE, title);
}

static void keep_scroll(struct screen *s, const struct scene *scene, const struct place *p)
{
    if (!s->scroll[p->pane]) return;
    int most = pane_table[p->pane].want(scene, p->width) - p->height;
    if (s->scroll[p->pane] > most) s->scroll[p->pane] = most > 0 ? most : 0;
}

/* What was said lies over the lower panes, in a frame of its own. */
static void draw_said(struct screen *s, int bottom, bool over)
{
    int count = (int)s->said.count, room = over ? bottom - 3 : 2;
    int rows = count < room ? count : room;
    int most = count - rows;
    if (s->said_scroll > most) s->said_scroll = most;
    int frame = over ? 1 : 0;
    struct area a = { &s->grid, frame, bottom - rows - frame, s->grid.columns - 2 * frame, rows };
    if (over) {
        struct area box = { &s->grid, 0, a.y - 1, s->grid.columns, rows + 2 };
        area_clear(&box);
        grid_frame(&s->grid, 0, a.y - 1, s->grid.columns, rows + 2);
        if (most > 0) {
            struct area title = { &s->grid, 2, a.y - 1, s->grid.columns - 4, 1 };
            area_text(&title, 0, 0, LOOK_TITLE, "Up and Down show the rest");
        }
    }
    prose_draw(&s->said, &a, s->said_scroll);
}

static void draw_command_line(struct screen *s, const struct scene *scene, int y)
{
    char name[48], here[40];
    view_thread_name(scene->session, scene->seat, name, sizeof name);
    scene_position(scene, here, sizeof here);
    struct area a = { &s->grid, 0, y, s->grid.columns, 1 };
    int x = area_print(&a, 0, 0, LOOK_TITLE, "%s%s> ", scene->seat ? name : "nobody", here);
    struct area text = { &s->grid, x, y, s->grid.columns - x, 1 };
    if (!s->typing && s->saying && s->said.count == 1) {
        const char *line = s->said.line[0] + strspn(s->said.line[0], " ");
        area_text(&text, 0, 0, LOOK_FAINT, strncmp(line, "phase ", 6) == 0 ? "" : line);
    }
    if (!s->typing || text.width < 2) return;
    /* A long line is shown from where the cursor can be seen. */
    const char *from = s->line.text;
    char before[LINE_BYTES];
    snprintf(before, sizeof before, "%.*s", (int)s->line.cursor, s->line.text);
    int column = (int)text_columns(before), skip = column - (text.width - 2);
    for (int i = 0; i < skip; i++) text_code_point(&from);
    area_text(&text, 0, 0, LOOK_PLAIN, from);
    if (skip > 0) area_text(&text, 0, 0, LOOK_FAINT, "~");
    s->grid.cursor_x = x + column - (skip > 0 ? skip : 0);
    s->grid.cursor_y = y;
}

static void draw_key_bar(struct screen *s, int y)
{
    struct area a = { &s->grid, 0, y, s->grid.columns, 1 };
    bool is_wide = s->grid.columns >= 110;
    int x = 1;
    if (s->typing) {
        area_text(&a, 1, 0, LOOK_BAR,
                  is_wide ? "command line   Enter does it   Esc: back to keys   Tab completes   "
                            "Up Down history   F5 phase  F6 next  F7 back  F8 run"
                          : "command line  Enter does it  Esc keys  Tab completes  F5-F8 s n S c");
        area_look(&a, 0, 0, a.width, LOOK_BAR);
        return;
    }
    for (size_t i = 0; i < key_count; i++) {
        const struct key_row *row = &key_table[i];
        if (!row->bar || (row->bar == 2 && !is_wide)) continue;
        x = area_print(&a, x, 0, LOOK_BAR, "%s %s", row->shown, row->label) + 2;
    }
    area_look(&a, 0, 0, a.width, LOOK_BAR);
}

static void draw_too_small(struct screen *s)
{
    struct area a = { &s->grid, 0, 0, s->grid.columns, s->grid.rows - 1 };
    area_print(&a, 0, 0, LOOK_PLAIN, "%dx%d: the screen wants 80x24", s->grid.columns,
               s->grid.rows);
    if (a.height > 2) {
        struct area said = { &s->grid, 0, 1, a.width, a.height - 2 };
        int skip = (int)s->said.count - said.height;
        prose_draw(&s->said, &said, skip > 0 ? skip : 0);
    }
}

void draw_all(struct screen *s)
{
    struct scene scene;
    struct grid *g = &s->grid;
    scene_look(&scene, s->shell, s->chosen, s->ascii);
    grid_clear(g);
    if (g->columns < SCREEN_COLUMNS_MIN || g->rows < SCREEN_ROWS_MIN) {
        s->places = 0;
        draw_too_small(s);
        draw_command_line(s, &scene, g->rows - 1);
        grid_finish(g, s->ascii);
        return;
    }
    int below = g->columns >= 110 && g->rows >= 36 ? 2 : 0, bottom = g->rows - 2 - below;
    bool in_line = !s->typing && s->said.count == 1;
    bool over = s->saying && !in_line && (int)s->said.count > below;
    draw_title(s, &scene);
    s->places = layout_fill(s->layout, &scene, g->columns, 1, bottom, s->place);
    for (unsigned i = 0; i < s->places; i++) {
        keep_scroll(s, &scene, &s->place[i]);
        draw_pane(s, &scene, &s->place[i]);
    }
    if (s->saying && !in_line) draw_said(s, g->rows - 2, over);
    draw_command_line(s, &scene, g->rows - 2);
    draw_key_bar(s, g->rows - 1);
    grid_finish(g, s->ascii);
}
