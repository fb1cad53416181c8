/* SPDX-License-Identifier: BSD-2-Clause */
/* The panes in their frames, where the layout has room for them; their sheets then know what can be chosen. */
#include "screen/inside.h"

/* The first row that is seen: what was scrolled is kept within what there is. */
static int window_top(struct screen *s, const struct scene *scene, const struct place *p)
{
    int *scroll = &s->scroll[p->pane];
    bool from_end = pane_table[p->pane].from_end;
    if (!*scroll && !from_end) return 0;
    int most = pane_want(p->pane, scene, p->width) - p->height;
    if (most < 0) most = 0;
    int low = from_end ? -most : 0, high = from_end ? 0 : most;
    *scroll = *scroll < low ? low : *scroll > high ? high : *scroll;
    return from_end ? most + *scroll : *scroll;
}

/* The lesson's frame has the words that help, and how to see a page that is longer than the pane. */
static void lesson_frame(const struct scene *scene, const struct area *frame, bool is_cut,
                         char *title, size_t size)
{
    static const char offers[] = LESSON_OFFERS("  ");
    const struct lesson_run *run = scene->shell->lesson;
    if (is_cut) text_add(title, size, " (`task` shows all of it)");
    int at = frame->width - (int)sizeof offers;
    if (run && !run->done && at > (int)text_columns(title))
        area_text(frame, at, 0, LOOK_FAINT, offers);
}

static void draw_pane(struct screen *s, const struct scene *scene, const struct place *p)
{
    const struct pane *pane = &pane_table[p->pane];
    struct area inside = { &s->grid, p->x, p->y, p->width, p->height };
    struct area frame = { &s->grid, p->x + 1, p->y - 1, p->width - 2, 1 };
    struct sheet *sheet = &s->sheet[p->pane];
    char title[120];
    grid_frame(&s->grid, p->x - 1, p->y - 1, p->width + 2, p->height + 2);
    pane->title(scene, title, sizeof title);
    sheet_begin(sheet, &inside, window_top(s, scene, p));
    sheet->cursor = p->pane == s->focus ? s->cursor[p->pane] : (struct target){ TARGET_NONE, 0 };
    sheet->touched = scene->touched;
    sheet->touched_count = scene->touched_count;
    pane->draw(scene, sheet);
    if (p->pane == PANE_LESSON)
        lesson_frame(scene, &frame, sheet->rows > p->height, title, sizeof title);
    sheet_end(sheet);
    area_text(&frame, 0, 0, p->pane == s->focus ? LOOK_CHOSEN : LOOK_TITLE, title);
}

/* Where there is too little room for a layout, a pane has all of it. */
static unsigned place_panes(struct screen *s, const struct scene *scene, int bottom)
{
    const struct grid *g = &s->grid;
    if (screen_is_small(s) || s->alone)
        return layout_alone(s->focus, g->columns, 1, bottom, s->place);
    return layout_fill(s->layout, scene, g->columns, 1, bottom, s->place);
}

static void draw_placed(struct screen *s, struct scene *scene)
{
    for (unsigned i = 0; i < PANE_COUNT; i++) s->sheet[i].spots = 0;
    scene->reply_beside = place_of(s, PANE_REPLY) != NULL;
    for (unsigned i = 0; i < s->places; i++) draw_pane(s, scene, &s->place[i]);
}

int rows_below(const struct grid *g)
{
    return g->columns >= 110 && g->rows >= 36 ? 2 : 0;
}

void draw_panes(struct screen *s, struct scene *scene)
{
    struct grid *g = &s->grid;
    screen_scene(s, scene);
    grid_clear(g);
    s->places = 0;
    if (g->columns < PANE_COLUMNS_MIN || g->rows < PANE_ROWS_MIN) return;
    s->places = place_panes(s, scene, g->rows - 2 - rows_below(g));
    draw_placed(s, scene);
}
