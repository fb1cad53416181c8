/* SPDX-License-Identifier: BSD-2-Clause */
/* The last row: in which mode the screen is, and what the keys do now. */
#include <string.h>

#include "screen/inside.h"

/* What Enter, Esc and the keys do now, when a line is typed or something moves by itself. */
static const char *bar_text(const struct screen *s, bool is_wide)
{
    if (s->playing) return "running slowly   + faster   - slower   any other key stops";
    if (s->searching) return "find in this pane   Enter finds the next   Esc: back to keys";
    if (!s->typing) return NULL;
    if (screen_is_small(s)) return "command line  Enter does it  Esc keys";
    return is_wide ? "command line   Enter does it   Esc: back to keys   Tab completes   "
                     "Up Down history   F5 phase  F6 next  F7 back  F8 run"
                   : "command line  Enter does it  Esc keys  Tab completes  F5-F8 s n S c";
}

/* Whether the bar names a key now. What `Enter` does stands there in place of the command line's key. */
static bool is_in_bar(const struct key_row *row, bool is_wide, bool has_cursor)
{
    if (has_cursor && row->act == act_open) return true;
    bool gives_way = has_cursor && row->act == act_line;
    return row->bar && !gives_way && (row->bar != BAR_WIDE || is_wide);
}

static int bar_columns(const struct key_row *row)
{
    return (int)(strlen(row->shown) + strlen(row->label)) + 3;
}

/* The keys of the bar; where there is no room for all of them those go that are needed least. */
static void draw_keys(const struct area *a, bool is_wide, bool has_cursor)
{
    int need = 0, least = 0, x = 1;
    for (size_t i = 0; i < key_count; i++) {
        if (!is_in_bar(&key_table[i], is_wide, has_cursor)) continue;
        need += bar_columns(&key_table[i]);
        if (key_table[i].bar == BAR_NEEDED) least += bar_columns(&key_table[i]);
    }
    for (size_t i = 0; i < key_count; i++) {
        const struct key_row *row = &key_table[i];
        int columns = bar_columns(row);
        if (!is_in_bar(row, is_wide, has_cursor)) continue;
        bool is_needed = row->bar == BAR_NEEDED, fits = need <= a->width + 1;
        if (is_needed)
            least -= columns;
        else if (!fits && x + columns + least > a->width + 2)
            continue;
        x = area_print(a, x, 0, LOOK_BAR, "%s %s", row->shown, row->label) + 2;
    }
}

void draw_key_bar(struct screen *s, int y)
{
    struct area a = { &s->grid, 0, y, s->grid.columns, 1 };
    bool is_wide = s->grid.columns >= 110;
    const char *text = bar_text(s, is_wide);
    if (text)
        area_text(&a, 1, 0, LOOK_BAR, text);
    else
        draw_keys(&a, is_wide, selected(s).kind != TARGET_NONE);
    area_look(&a, 0, 0, a.width, LOOK_BAR);
}
