/* SPDX-License-Identifier: BSD-2-Clause */
/* Colours by look and background: see palette.def. */
#include "view/palette.h"

#include <stdlib.h>
#include <string.h>

enum { ON_DARK, ON_LIGHT, ON_EITHER };

static const struct {
    short of_256[3], of_8[3];
    unsigned attributes;
} palette[LOOK_COUNT] = {
#define LOOK(id, what, dark, light, either, eight_dark, eight_light, eight_either, attributes)     \
    [LOOK_##                                                                                       \
        id] = { { dark, light, either }, { eight_dark, eight_light, eight_either }, attributes },
#include "view/palette.def"
#undef LOOK
};

/* Terminals that tell say "foreground;background", each of 16 colours; a console is dark. */
static int background(void)
{
    const char *told = getenv("COLORFGBG"), *last = told ? strrchr(told, ';') : NULL,
               *terminal = getenv("TERM");
    char *end;
    if (terminal && strcmp(terminal, "linux") == 0) return ON_DARK;
    if (!last || !last[1]) return ON_EITHER;
    long colour = strtol(last + 1, &end, 10);
    if (*end) return ON_EITHER;
    return colour == 7 || colour >= 9 ? ON_LIGHT : ON_DARK;
}

struct tint look_tint(enum look look, int colours)
{
    int on = background();
    struct tint tint = { -1, palette[look].attributes };
    if (colours >= 256)
        tint.colour = palette[look].of_256[on];
    else if (colours >= 8)
        tint.colour = palette[look].of_8[on];
    return tint;
}

struct tint look_tint_on_dark(enum look look)
{
    return (struct tint){ palette[look].of_256[ON_DARK], palette[look].attributes };
}

bool colour_wanted(enum colour_wish wish, bool is_terminal)
{
    const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");
    if (wish != COLOUR_AUTO) return wish == COLOUR_ALWAYS;
    return is_terminal && !(no && *no) && terminal && *terminal && strcmp(terminal, "dumb") != 0;
}

static int colours_of_terminal(void)
{
    const char *terminal = getenv("TERM");
    return terminal && strstr(terminal, "256color") ? 256 : 8;
}

void look_begin(FILE *out, enum look look)
{
    struct tint tint = look_tint(look, colours_of_terminal());
    if (tint.attributes & LOOK_IS_BOLD) fputs("\033[1m", out);
    if (tint.attributes & LOOK_IS_REVERSE) fputs("\033[7m", out);
    if (tint.attributes & LOOK_IS_UNDERLINED) fputs("\033[4m", out);
    if (tint.colour >= 8)
        fprintf(out, "\033[38;5;%dm", tint.colour);
    else if (tint.colour >= 0)
        fprintf(out, "\033[3%dm", tint.colour);
}

void look_end(FILE *out)
{
    fputs("\033[0m", out);
}
