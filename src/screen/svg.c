/* SPDX-License-Identifier: BSD-2-Clause */
/* A grid as an SVG picture, in the colours of a dark terminal: what `--dump-screen=svg` writes. Text is
 * held to its columns whatever font is there; lines are drawn, so that they meet. */
#include <string.h>

#include "screen/grid.h"

enum { WIDE = 9, HIGH = 18, MARGIN = 9, BASE = 14 };

static const char paper[] = "#1c1c1c", ink[] = "#d0d0d0";

/* A colour of the 256: a cube of six levels, then greys. */
static void colour_text(int colour, char text[8])
{
    static const int level[] = { 0, 95, 135, 175, 215, 255 };
    int grey = 8 + 10 * (colour - 232), c = colour - 16;
    if (colour < 16)
        snprintf(text, 8, "%s", ink);
    else if (colour >= 232)
        snprintf(text, 8, "#%02x%02x%02x", grey & 255, grey & 255, grey & 255);
    else
        snprintf(text, 8, "#%02x%02x%02x", level[c / 36 % 6], level[c / 6 % 6], level[c % 6]);
}

static void write_styles(FILE *out)
{
    fprintf(out,
            "<style>text{font:15px 'DejaVu Sans "
            "Mono',Menlo,Consolas,monospace;fill:%s;white-space:pre}",
            ink);
    for (int look = 0; look < LOOK_COUNT; look++) {
        struct tint tint = look_tint_on_dark((enum look)look);
        char colour[8];
        colour_text(tint.colour, colour);
        if (tint.attributes & LOOK_IS_REVERSE) snprintf(colour, sizeof colour, "%s", paper);
        fprintf(out, ".l%d{fill:%s%s}", look, colour,
                tint.attributes & LOOK_IS_BOLD ? ";font-weight:bold" : "");
    }
    fputs("</style>\n", out);
}

static void write_character(FILE *out, uint32_t c)
{
    char text[5];
    switch (c) {
    case '&': fputs("&amp;", out); break;
    case '<': fputs("&lt;", out); break;
    case '>': fputs("&gt;", out); break;
    default: code_point_text(c, text); fputs(text, out);
    }
}

static bool is_line(uint32_t c)
{
    return c >= 0x2500 && c <= 0x257f;
}

/* Columns from x on that look the same and hold text. */
static int run_length(const struct grid *g, int x, int y)
{
    const struct cell *first = grid_at(g, x, y);
    int end = x;
    while (end < g->columns && grid_at(g, end, y)->look == first->look &&
           !is_line(grid_at(g, end, y)->c))
        end++;
    bool reverse = look_tint_on_dark((enum look)first->look).attributes & LOOK_IS_REVERSE;
    while (!reverse && end > x && grid_at(g, end - 1, y)->c == ' ') end--;
    return end - x;
}

static void write_run(const struct grid *g, int x, int y, int length, FILE *out)
{
    unsigned look = grid_at(g, x, y)->look;
    int left = MARGIN + x * WIDE, top = MARGIN + y * HIGH;
    if (look_tint_on_dark((enum look)look).attributes & LOOK_IS_REVERSE)
        fprintf(out, "<rect x='%d' y='%d' width='%d' height='%d' fill='%s'/>", left, top,
                length * WIDE, HIGH, ink);
    fprintf(out, "<text x='%d' y='%d' textLength='%d' class='l%u'>", left, top + BASE,
            length * WIDE, look);
    for (int i = x; i < x + length; i++) write_character(out, grid_at(g, i, y)->c);
    fputs("</text>\n", out);
}

/* Half lines from the middle of a cell, in the directions in which its character leaves. */
static void write_line(const struct grid *g, int x, int y, FILE *out)
{
    unsigned join = grid_at(g, x, y)->join;
    int left = MARGIN + x * WIDE, top = MARGIN + y * HIGH, across = left + WIDE / 2,
        down = top + HIGH / 2;
    if (join & (JOIN_LEFT | JOIN_RIGHT))
        fprintf(out, "M%d %dH%d", join & JOIN_LEFT ? left : across, down,
                join & JOIN_RIGHT ? left + WIDE : across);
    if (join & (JOIN_UP | JOIN_DOWN))
        fprintf(out, "M%d %dV%d", across, join & JOIN_UP ? top : down,
                join & JOIN_DOWN ? top + HIGH : down);
}

static void write_lines(const struct grid *g, FILE *out)
{
    char colour[8];
    colour_text(look_tint_on_dark(LOOK_FRAME).colour, colour);
    fprintf(out, "<path stroke='%s' fill='none' d='", colour);
    for (int y = 0; y < g->rows; y++)
        for (int x = 0; x < g->columns; x++)
            if (is_line(grid_at(g, x, y)->c)) write_line(g, x, y, out);
    fputs("'/>\n", out);
}

static void write_row(const struct grid *g, int y, FILE *out)
{
    for (int x = 0; x < g->columns;) {
        const struct cell *cell = grid_at(g, x, y);
        bool reverse = look_tint_on_dark((enum look)cell->look).attributes & LOOK_IS_REVERSE;
        int length = is_line(cell->c) || (cell->c == ' ' && !reverse) ? 0 : run_length(g, x, y);
        if (length) write_run(g, x, y, length, out);
        x += length ? length : 1;
    }
}

void grid_write_svg(const struct grid *g, FILE *out)
{
    int width = g->columns * WIDE + 2 * MARGIN, height = g->rows * HIGH + 2 * MARGIN;
    fprintf(out,
            "<svg xmlns='http://www.w3.org/2000/svg' xml:space='preserve' width='%d' height='%d' "
            "viewBox='0 0 %d %d'>\n",
            width, height, width, height);
    write_styles(out);
    fprintf(out, "<rect width='%d' height='%d' rx='6' fill='%s'/>\n", width, height, paper);
    write_lines(g, out);
    for (int y = 0; y < g->rows; y++) write_row(g, y, out);
    if (g->cursor_x >= 0)
        fprintf(out, "<rect x='%d' y='%d' width='%d' height='%d' fill='%s'/>\n",
                MARGIN + g->cursor_x * WIDE, MARGIN + g->cursor_y * HIGH, WIDE, HIGH, ink);
    fputs("</svg>\n", out);
}
