/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole screen: title, panes in their frames, what the last command said, the command line, and the row
 * that names mode and keys. */
#include <string.h>

#include "screen/inside.h"

enum { TITLE_LEAST = 20 }; /* columns that what stands at the right leaves to it */

static void goals_text(const struct lesson_run *run, char *text, size_t size)
{
    unsigned count = 0, number = 0, open = lesson_open_goal(run);
    for (unsigned i = 0; i < run->lesson->item_count; i++) {
        if (run->lesson->item[i].kind != ITEM_GOAL) continue;
        count++;
        number += i <= open;
    }
    if (open < run->lesson->item_count)
        snprintf(text, size, "goal %u of %u", number, count);
    else
        snprintf(text, size, "all %u goals", count);
}

/* What stands at the title's right, as far apart as `room` allows; its length. */
static int state_text(const struct screen *s, const struct scene *scene, int room, char *text,
                      size_t size)
{
    char goals[48] = "", here[40];
    int length = 0;
    if (s->shell->lesson) goals_text(s->shell->lesson, goals, sizeof goals);
    scene_position(scene, here, sizeof here);
    for (int gap = s->grid.columns >= 110 ? 6 : 4; gap >= 2; gap -= 2) {
        length = snprintf(text, size, "%s%*s%s%*s%s%*s%s", goals, gap, "",
                          kernel_config(scene->world)->mcs ? "MCS" : "without MCS", gap, "",
                          layout_word[s->layout], gap, "", here);
        if (length <= room) break;
    }
    return length;
}

/* Where one is must be read; a long title gives way. */
static void draw_title(struct screen *s, const struct scene *scene)
{
    struct area a = { &s->grid, 0, 0, s->grid.columns, 1 };
    if (screen_is_small(s)) {
        area_print(&a, 0, 0, LOOK_TITLE, "%dx%d: the screen wants 80x24", s->grid.columns,
                   s->grid.rows);
        return;
    }
    const struct lesson_run *run = s->shell->lesson;
    char right[160], left[160] = "Faultline";
    char which[16] = "";
    if (run && run->lesson->number) snprintf(which, sizeof which, " %u", run->lesson->number);
    if (run) snprintf(left, sizeof left, "Lesson%s  %s", which, run->lesson->title);
    int room = s->grid.columns - 4 - (int)text_columns(left);
    int at = s->grid.columns - 1 - state_text(s, scene, room, right, sizeof right);
    if (at < TITLE_LEAST) at = TITLE_LEAST;
    area_text(&a, at, 0, LOOK_FAINT, right);
    a.width = at - 2;
    area_text(&a, 1, 0, LOOK_TITLE, left);
}

static void draw_prose(const struct area *a, const struct prose *l, int scroll)
{
    struct sheet sheet = { .rows = 0 };
    sheet_begin(&sheet, a, scroll);
    prose_draw(l, &sheet, 0);
    sheet_end(&sheet);
    sheet_free(&sheet);
}

/* What was said lies over the lower panes, in a frame of its own. */
static void draw_said(struct screen *s, int bottom, bool over)
{
    int count = (int)s->shown.count, room = over ? bottom - 3 : 2;
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
            area_text(&title, 0, 0, LOOK_TITLE,
                      s->typing ? "Esc, then Up and Down: the rest" : "Up and Down show the rest");
        }
    }
    draw_prose(&a, &s->shown, s->said_scroll);
}

static void line_prompt(const struct screen *s, const struct scene *scene, size_t from, char *text,
                        size_t size)
{
    char name[48], here[40];
    view_thread_name(scene->session, scene->seat, name, sizeof name);
    scene_position(scene, here, sizeof here);
    if (s->searching)
        snprintf(text, size, "find: ");
    else if (from > 0)
        snprintf(text, size, "...> ");
    else
        snprintf(text, size, "%s%s> ", scene->seat ? name : "nobody", here);
}

static int draw_prompt(struct screen *s, const struct scene *scene, const struct area *a,
                       size_t from)
{
    char text[96];
    line_prompt(s, scene, from, text, sizeof text);
    return area_text(a, 0, 0, LOOK_TITLE, text);
}

/* The rows of the line above the one with the cursor. */
static void draw_rows_above(struct screen *s, const struct scene *scene, size_t row, int y)
{
    char text[LINE_BYTES];
    while (row > 0 && --y > 0) {
        size_t end = row - 1;
        for (row = end; row > 0 && s->line.text[row - 1] != '\n';) row--;
        struct area a = { &s->grid, 0, y, s->grid.columns, 1 };
        area_clear(&a);
        int x = draw_prompt(s, scene, &a, row);
        snprintf(text, sizeof text, "%.*s", (int)(end - row), s->line.text + row);
        area_text(&a, x, 0, LOOK_PLAIN, text);
    }
}

/* What was said in one row stands where the next line will, when it fits there. */
static const char *answer_in_line(const struct screen *s, const struct scene *scene)
{
    static const char how[] = "Press Enter (or :) to type a command, Esc for the keys again.";
    char prompt[96];
    bool is_new = !s->saying && s->shell->commands == 0;
    if (s->typing || (!is_new && (!s->saying || s->shown.count != 1))) return NULL;
    const char *line = is_new ? how : s->shown.line[0] + strspn(s->shown.line[0], " ");
    if (tells_phase(line)) return ""; /* a pane says it */
    line_prompt(s, scene, 0, prompt, sizeof prompt);
    bool fits = (int)(text_columns(prompt) + text_columns(line)) <= s->grid.columns;
    return fits ? line : NULL;
}

static void draw_command_line(struct screen *s, const struct scene *scene, int y)
{
    size_t row, end;
    struct area a = { &s->grid, 0, y, s->grid.columns, 1 };
    line_row(&s->line, &row, &end);
    int x = draw_prompt(s, scene, &a, s->typing ? row : 0);
    struct area text = { &s->grid, x, y, s->grid.columns - x, 1 };
    const char *answer = answer_in_line(s, scene);
    if (answer) area_text(&text, 0, 0, LOOK_FAINT, answer);
    if (!s->typing || text.width < 2) return;
    /* A long line is shown from where the cursor can be seen. */
    char before[LINE_BYTES], shown[LINE_BYTES];
    const char *from = shown;
    snprintf(shown, sizeof shown, "%.*s", (int)(end - row), s->line.text + row);
    snprintf(before, sizeof before, "%.*s", (int)(s->line.cursor - row), shown);
    int column = (int)text_columns(before), skip = column - (text.width - 2);
    for (int i = 0; i < skip; i++) text_code_point(&from);
    area_text(&text, 0, 0, LOOK_PLAIN, from);
    if (skip > 0) area_text(&text, 0, 0, LOOK_FAINT, "~");
    s->grid.cursor_x = x + column - (skip > 0 ? skip : 0);
    s->grid.cursor_y = y;
    draw_rows_above(s, scene, row, y);
}

static void draw_too_small(struct screen *s)
{
    struct area a = { &s->grid, 0, 0, s->grid.columns, s->grid.rows - 1 };
    area_print(&a, 0, 0, LOOK_PLAIN, "%dx%d: the screen wants 80x24", s->grid.columns,
               s->grid.rows);
    if (a.height <= 2) return;
    struct area said = { &s->grid, 0, 1, a.width, a.height - 2 };
    int skip = (int)s->shown.count - said.height;
    draw_prose(&said, &s->shown, skip > 0 ? skip : 0);
}

static bool shows_whole(const struct screen *s, const struct scene *scene, enum pane_id pane)
{
    const struct place *p = place_of(s, pane);
    return p && pane_want(pane, scene, p->width) <= p->height;
}

static void write_news(struct screen *s, FILE *out)
{
    if (s->shell->news[0]) fprintf(out, "  %s\n", s->shell->news);
}

/* The page need not be shown twice. */
static void shorten_greeting(struct screen *s, const struct scene *scene)
{
    if (!s->greeting || !shows_whole(s, scene, PANE_LESSON)) return;
    screen_say(s, write_news);
}

/* Lines of the lesson's page with which what was said ends; 0: it ends otherwise. */
static size_t page_lines(const struct screen *s)
{
    struct prose page;
    FILE *out = prose_open(&page);
    if (out) lesson_task(s->shell->lesson, out);
    prose_close(&page, out);
    size_t count = page.count, before = s->said.count - count;
    bool ends_so = count <= s->said.count;
    for (size_t i = 0; ends_so && i < count; i++)
        ends_so = strcmp(page.line[i], s->said.line[before + i]) == 0;
    prose_free(&page);
    return ends_so ? count : 0;
}

/* Nor need a page that has just been turned to, if its pane is not covered by what else was said. */
static void shorten_page(struct screen *s, const struct scene *scene)
{
    if (!s->turned || !s->saying || !shows_whole(s, scene, PANE_LESSON)) return;
    const struct place *p = place_of(s, PANE_LESSON);
    int room = s->grid.rows - 2 - (p->y + p->height) - 2;
    size_t left = s->said.count - page_lines(s);
    s->turned = false;
    if (left == s->said.count || (int)left > room) return;
    while (left > 0 && !line_does_anything(s->said.line[left - 1])) left--;
    s->said.count = left;
    said_fit(s);
}

void draw_all(struct screen *s)
{
    struct scene scene;
    struct grid *g = &s->grid;
    draw_panes(s, &scene);
    if (!s->places) {
        draw_too_small(s);
        draw_command_line(s, &scene, g->rows - 1);
        grid_finish(g, s->gaze.ascii);
        return;
    }
    draw_title(s, &scene);
    shorten_greeting(s, &scene);
    shorten_page(s, &scene);
    if (s->saying && !answer_in_line(s, &scene))
        draw_said(s, g->rows - 2, (int)s->shown.count > rows_below(g));
    draw_command_line(s, &scene, g->rows - 2);
    draw_key_bar(s, g->rows - 1);
    grid_finish(g, s->gaze.ascii);
}
