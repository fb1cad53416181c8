/* SPDX-License-Identifier: BSD-2-Clause */
/* How things look, at the prompt and on the screen: the one table of colours. */
#ifndef FAULTLINE_VIEW_PALETTE_H
#define FAULTLINE_VIEW_PALETTE_H

#include <stdbool.h>
#include <stdio.h>

enum look {
#define LOOK(id, what, dark, light, either, eight_dark, eight_light, eight_either, attributes)     \
    LOOK_##id,
#include "view/palette.def"
#undef LOOK
    LOOK_COUNT
};

enum { LOOK_IS_BOLD = 1, LOOK_IS_REVERSE = 2, LOOK_IS_UNDERLINED = 4 };

/* What a terminal of so many colours shows: a number, -1: its own; attributes. */
struct tint {
    int colour;
    unsigned attributes;
};
struct tint look_tint(enum look look, int colours);
/* The same of 256 colours on a dark background, wherever this is. */
struct tint look_tint_on_dark(enum look look);

/* What `--color` said. */
enum colour_wish { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };
/* Whether there are to be colours: NO_COLOR and a dumb terminal speak against it, a wish decides. */
bool colour_wanted(enum colour_wish wish, bool is_terminal);

/* On a stream to a terminal: what is written from here on looks so; and as usual again. */
void look_begin(FILE *out, enum look look);
void look_end(FILE *out);

#endif
