/* SPDX-License-Identifier: BSD-2-Clause */
/* What commands say: lines are done in the shell, and their answers kept for drawing. */
#include <string.h>

#include "screen/inside.h"

/* Columns into which text is filled at least; and those of an answer, which has a frame and margins at 80. */
enum { LEAST = 12, ANSWER = 78 };

unsigned said_columns(const struct screen *s)
{
    return (unsigned)(s->grid.columns > 82 ? s->grid.columns - 2 : ANSWER);
}

static FILE *begin_saying(struct screen *s)
{
    prose_free(&s->said);
    s->said_scroll = 0;
    return prose_open(&s->said);
}

bool tells_phase(const char *line)
{
    unsigned at, count;
    int end = 0;
    return sscanf(line, " phase %u of %u:%n", &at, &count, &end) == 2 && end > 0;
}

/* Inside a kernel entry a pane says what the phase is. */
static void drop_phase_line(struct prose *l)
{
    size_t said = 0;
    for (size_t i = 0; i < l->count; i++)
        if (!tells_phase(l->line[i])) l->line[said++] = l->line[i];
    l->count = said;
}

/* Commands write for 80 columns or more: what is wider than the screen, without its frame and a margin, is
 * filled anew. */
void said_fit(struct screen *s)
{
    int room = s->grid.columns - 3;
    unsigned width = (unsigned)(room > LEAST ? room : LEAST);
    prose_free(&s->shown);
    if (prose_fits(&s->said, width))
        prose_fill_voices(&s->said, width, &s->shown);
    else
        prose_fill(&s->said, width, &s->shown);
}

static void end_saying(struct screen *s, FILE *out)
{
    prose_close(&s->said, out);
    if (s->said.count > 1) drop_phase_line(&s->said);
    said_fit(s);
    s->saying = s->said.count > 0;
    s->greeting = false;
}

void screen_say(struct screen *s, void (*write)(struct screen *s, FILE *out))
{
    FILE *out = begin_saying(s);
    if (out) write(s, out);
    end_saying(s, out);
}

bool line_does_anything(const char *line)
{
    return line[strspn(line, " \t")] != '\0';
}

void screen_take_layout(struct screen *s)
{
    enum layout_name layout;
    if (layout_find(s->shell->layout, &layout)) screen_layout(s, layout);
    s->shell->layout[0] = '\0';
}

/* Where much was said while the machine ran, the end tells how it stands now. */
static void show_end(struct screen *s, struct position from)
{
    struct position now = session_position(s->shell->session);
    if (now.step != from.step || now.phase != from.phase) s->said_scroll = (int)s->shown.count;
}

void screen_do(struct screen *s, const char *line)
{
    struct shell *sh = s->shell, before = *sh;
    struct position from = session_position(sh->session);
    unsigned goal = screen_goal(s);
    FILE *out = begin_saying(s);
    if (!out) return;
    sh->out = sh->err = out;
    sh->width = said_columns(s);
    sh->ascii = s->gaze.ascii;
    sh->colour = false;
    sh->on_screen = true;
    sh->host.open_screen = NULL; /* it is open */
    sh->typed = true;
    enum outcome outcome = line_does_anything(line) ? shell_line(sh, line) : OUTCOME_DONE;
    sh->out = before.out;
    sh->err = before.err;
    sh->width = before.width;
    sh->ascii = before.ascii;
    sh->colour = before.colour;
    sh->host.open_screen = before.host.open_screen;
    sh->typed = before.typed;
    sh->on_screen = before.on_screen;
    screen_take_layout(s);
    end_saying(s, out);
    s->turned = goal != screen_goal(s);
    show_end(s, from);
    if (outcome != OUTCOME_QUIT) return;
    s->left = true;
    s->outcome = OUTCOME_QUIT;
}
