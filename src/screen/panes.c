/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of all panes, made of panes.def; who draws one takes it from here. */
#include "screen/pane.h"

/* clang-format off */
const struct pane pane_table[PANE_COUNT] = {
#define PANE(id, name, title, draw, from_end) [PANE_##id] = { name, title, draw, from_end },
#include "screen/panes.def"
#undef PANE
};
/* clang-format on */

int pane_want(enum pane_id pane, const struct scene *scene, int width)
{
    struct sheet s = { .rows = 0 };
    struct area none = { NULL, 0, 0, width, 0 };
    sheet_begin(&s, &none, 0);
    pane_table[pane].draw(scene, &s);
    int rows = s.rows;
    sheet_free(&s);
    return rows;
}
