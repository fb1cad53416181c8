/* SPDX-License-Identifier: BSD-2-Clause */
/* Brings a pane, or a thing in it, into view and under the cursor. */
#include "screen/inside.h"

static void keep_in_view(struct screen *s, enum pane_id pane, int row)
{
    const struct place *p = place_of(s, pane);
    if (!p) return;
    if (row < s->scroll[pane]) s->scroll[pane] = row;
    if (row >= s->scroll[pane] + p->height) s->scroll[pane] = row - p->height + 1;
}

void select_put(struct screen *s, enum pane_id pane, struct target target)
{
    const struct sheet_spot *spot = sheet_find(&s->sheet[pane], target);
    s->cursor[pane] = target;
    if (spot) keep_in_view(s, pane, spot->row);
}

void select_pane(struct screen *s, enum pane_id pane)
{
    struct scene scene;
    s->focus = pane;
    if (!place_of(s, pane)) s->alone = true;
    if (s->alone) draw_panes(s, &scene);
}
