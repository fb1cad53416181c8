/* SPDX-License-Identifier: BSD-2-Clause */
/* Text that somebody else has written, as lines of a pane. */
#include <stdlib.h>
#include <string.h>

#include "screen/pane.h"

FILE *prose_open(struct prose *l)
{
    *l = (struct prose){ 0 };
    return open_memstream(&l->text, &l->size);
}

void prose_close(struct prose *l, FILE *out)
{
    if (!out || fclose(out) != 0) return;
    for (size_t i = 0; i < l->size; i++)
        if (!l->text[i] && i + 1 < l->size) l->text[i] = '?';
    size_t count = 1;
    for (size_t i = 0; i < l->size; i++) count += l->text[i] == '\n';
    l->line = calloc(count, sizeof *l->line);
    if (!l->line) return;
    for (char *at = l->text; *at;) {
        char *end = at + strcspn(at, "\n");
        bool last = !*end;
        l->line[l->count++] = at;
        *end = '\0';
        at = last ? end : end + 1;
    }
}

void prose_free(struct prose *l)
{
    free(l->line);
    free(l->text);
    *l = (struct prose){ 0 };
}

/* Blanks that stand before every line. */
static size_t common_indent(const struct prose *l)
{
    size_t indent = SIZE_MAX;
    for (size_t i = 0; i < l->count; i++) {
        size_t n = strspn(l->line[i], " ");
        if (l->line[i][n] && n < indent) indent = n;
    }
    return indent == SIZE_MAX ? 0 : indent;
}

void prose_draw(const struct prose *l, const struct area *a, int scroll)
{
    size_t indent = common_indent(l), first = (size_t)scroll;
    size_t room = a->height > 0 ? (size_t)a->height : 0;
    for (size_t i = 0; i < room && first + i < l->count; i++) {
        const char *line = l->line[first + i];
        size_t blanks = strspn(line, " ");
        area_text(a, 1, (int)i, LOOK_PLAIN, line + (blanks < indent ? blanks : indent));
    }
    if (first + room < l->count) area_text(a, a->width - 1, a->height - 1, LOOK_PLAIN, "~");
}
