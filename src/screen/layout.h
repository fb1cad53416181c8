/* SPDX-License-Identifier: BSD-2-Clause */
/* Which panes stand where. A layout is a list of bands, each a row of panes; when room is short panes
 * go in the order of HIDE_ORDER, and threads, queues and message never. */
#ifndef FAULTLINE_SCREEN_LAYOUT_H
#define FAULTLINE_SCREEN_LAYOUT_H

#include "screen/pane.h"

enum { SCREEN_COLUMNS_MIN = 80, SCREEN_ROWS_MIN = 24, PLACES_MAX = 16 };

enum layout_name { LAYOUT_IPC, LAYOUT_CODE, LAYOUT_CAPABILITIES, LAYOUT_LESSON, LAYOUT_COUNT };
extern const char *const layout_word[LAYOUT_COUNT];

/* A pane in its frame: x, y, width and height are of the inside. */
struct place {
    enum pane_id pane;
    int x, y, width, height;
};

/* Places panes between two rows, frames included. Returns how many there are. */
unsigned layout_fill(enum layout_name layout, const struct scene *scene, int columns, int top,
                     int bottom, struct place place[PLACES_MAX]);

/* One pane with all the room. */
unsigned layout_alone(enum pane_id pane, int columns, int top, int bottom,
                      struct place place[PLACES_MAX]);
/* By its name or the beginning of it: ipc, code, caps, lesson. */
bool layout_find(const char *word, enum layout_name *layout);

#endif
