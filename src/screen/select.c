/* SPDX-License-Identifier: BSD-2-Clause */
/* The cursor: from spot to spot in the pane in focus, by keys or by a click. */
#include "screen/inside.h"

/* Where the cursor comes to first. */
static const struct sheet_spot *first_spot(struct screen *s, const struct sheet *sheet)
{
    struct scene scene;
    screen_scene(s, &scene);
    const struct target chosen = { TARGET_THREAD, scene.chosen };
    const struct sheet_spot *best = NULL;
    if (s->focus == PANE_THREADS) best = sheet_find(sheet, chosen);
    for (unsigned i = 0; !best && i < sheet->spots; i++)
        if (sheet_shows(sheet, sheet->spot[i].row)) best = &sheet->spot[i];
    if (!best) best = &sheet->spot[0];
    if (s->focus != PANE_TIMELINE) return best;
    for (unsigned i = 0; i < sheet->spots; i++)
        if (sheet->spot[i].row == best->row) best = &sheet->spot[i]; /* the present */
    return best;
}

static int distance(int a, int b)
{
    return a > b ? a - b : b - a;
}

/* In the nearest row above or below that has any, the one that is nearest. */
static const struct sheet_spot *spot_beyond(const struct sheet *sheet,
                                            const struct sheet_spot *from, int way)
{
    const struct sheet_spot *best = NULL;
    for (unsigned i = 0; i < sheet->spots; i++) {
        const struct sheet_spot *spot = &sheet->spot[i];
        if ((spot->row - from->row) * way <= 0) continue;
        int rows = best ? distance(spot->row, from->row) - distance(best->row, from->row) : -1;
        if (rows < 0 || (rows == 0 && distance(spot->x, from->x) < distance(best->x, from->x)))
            best = spot;
    }
    return best;
}

/* Memory goes on above its first row and below its last. */
static void move_memory(struct screen *s, int way)
{
    struct scene scene;
    unsigned row_bytes;
    const struct place *p = place_of(s, PANE_MEMORY);
    if (!p) return;
    screen_scene(s, &scene);
    word_t at = scene_memory(&scene, p->width, &row_bytes);
    if (way < 0 && at < row_bytes) return;
    s->gaze.memory = at + (word_t)(way * (int)row_bytes);
    s->gaze.has_memory = true;
    struct target *cursor = &s->cursor[PANE_MEMORY];
    if (cursor->kind == TARGET_ADDRESS) cursor->at += (word_t)(way * (int)row_bytes);
}

static void scroll_by(struct screen *s, enum pane_id pane, int way)
{
    s->scroll[pane] += way;
}

static void move_rows(struct screen *s, int way)
{
    const struct sheet *sheet = &s->sheet[s->focus];
    const struct sheet_spot *from = sheet_find(sheet, s->cursor[s->focus]);
    if (s->saying) {
        s->said_scroll += s->said_scroll + way >= 0 ? way : 0;
    } else if (!sheet->spots || !place_of(s, s->focus)) {
        scroll_by(s, s->focus, way);
    } else if (!from) {
        select_put(s, s->focus, first_spot(s, sheet)->target);
    } else {
        const struct sheet_spot *to = spot_beyond(sheet, from, way);
        if (to)
            select_put(s, s->focus, to->target);
        else if (s->focus == PANE_MEMORY)
            move_memory(s, way);
        else if (way < 0 || from->row > s->scroll[s->focus])
            scroll_by(s, s->focus, way); /* rows without spots */
    }
}

static void move_along(struct screen *s, int way)
{
    const struct sheet *sheet = &s->sheet[s->focus];
    const struct sheet_spot *from = sheet_find(sheet, s->cursor[s->focus]);
    if (s->saying || !sheet->spots || !place_of(s, s->focus)) return;
    if (!from) {
        select_put(s, s->focus, first_spot(s, sheet)->target);
        return;
    }
    for (const struct sheet_spot *to = from + way;
         to >= sheet->spot && to < sheet->spot + sheet->spots; to += way) {
        if (target_is(to->target, from->target)) continue;
        select_put(s, s->focus, to->target);
        return;
    }
}

void act_up(struct screen *s)
{
    move_rows(s, -1);
}

void act_down(struct screen *s)
{
    move_rows(s, 1);
}

void act_left(struct screen *s)
{
    move_along(s, -1);
}

void act_right(struct screen *s)
{
    move_along(s, 1);
}

/* ---- The mouse ---- */

/* The spot at a place of a pane; else one in the same column, as the timeline has them; else in the row. */
static const struct sheet_spot *spot_at(const struct sheet *sheet, int x, int row)
{
    const struct sheet_spot *best = NULL;
    int worth = 0;
    for (unsigned i = 0; i < sheet->spots; i++) {
        const struct sheet_spot *spot = &sheet->spot[i];
        bool across = x >= spot->x && x < spot->x + spot->width, same = spot->row == row;
        int is = across && same ? 3 : across && row > spot->row && spot->width == 1 ? 2 : same;
        if (is <= worth) continue;
        worth = is;
        best = spot;
    }
    return best;
}

static void click(struct screen *s, const struct place *p, int x, int y)
{
    const struct sheet *sheet = &s->sheet[p->pane];
    const struct sheet_spot *spot = spot_at(sheet, x - p->x, y - p->y + sheet->scroll);
    s->focus = p->pane;
    if (!spot) return;
    struct target target = spot->target;
    bool again = target_is(s->cursor[p->pane], target);
    select_put(s, p->pane, target);
    if (again || target.kind == TARGET_STEP) open_target(s, target);
}

static void wheel(struct screen *s, const struct place *p, int way)
{
    if (p->pane == PANE_TIMELINE)
        screen_do(s, way < 0 ? "back" : "step");
    else if (p->pane == PANE_MEMORY)
        move_memory(s, way);
    else
        scroll_by(s, p->pane, way);
}

void screen_mouse(struct screen *s, enum mouse mouse, int x, int y)
{
    int way = mouse == MOUSE_WHEEL_UP ? -1 : 1;
    play_stop(s);
    if (s->saying && mouse != MOUSE_CLICK) {
        s->said_scroll += s->said_scroll + way >= 0 ? way : 0;
        return;
    }
    s->saying = false;
    if (mouse == MOUSE_CLICK && y >= s->grid.rows - 2) s->typing = true;
    for (unsigned i = 0; i < s->places; i++) {
        const struct place p = s->place[i];
        bool inside = x >= p.x - 1 && x <= p.x + p.width && y >= p.y - 1 && y < p.y + p.height;
        if (!inside) continue;
        if (mouse == MOUSE_CLICK)
            click(s, &p, x, y);
        else
            wheel(s, &p, way);
        return;
    }
}
