/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of the screen without drawing it: where panes are, what the cursor is on, which layout. */
#include "screen/inside.h"

bool screen_is_small(const struct screen *s)
{
    return s->grid.columns < SCREEN_COLUMNS_MIN || s->grid.rows < SCREEN_ROWS_MIN;
}

const struct place *place_of(const struct screen *s, enum pane_id pane)
{
    for (unsigned i = 0; i < s->places; i++)
        if (s->place[i].pane == pane) return &s->place[i];
    return NULL;
}

struct target selected(const struct screen *s)
{
    const struct target none = { TARGET_NONE, 0 }, at = s->cursor[s->focus];
    bool is_there = place_of(s, s->focus) && sheet_find(&s->sheet[s->focus], at);
    return is_there ? at : none;
}

void screen_scene(struct screen *s, struct scene *scene)
{
    s->gaze.selected = selected(s);
    scene_look(scene, s->shell, &s->gaze);
}

unsigned screen_goal(const struct screen *s)
{
    return s->shell->lesson ? lesson_open_goal(s->shell->lesson) : 0;
}

void screen_type(struct screen *s, const char *text)
{
    s->typing = true;
    line_set(&s->line, text);
}

void screen_layout(struct screen *s, enum layout_name layout)
{
    s->layout = layout;
    s->alone = false;
    s->focus = layout == LAYOUT_CODE           ? PANE_CODE
               : layout == LAYOUT_CAPABILITIES ? PANE_CSPACE
                                               : PANE_THREADS;
}
