/* SPDX-License-Identifier: BSD-2-Clause */
/* Text that somebody else has written, as lines of a pane. How it fills a width: fill.c. */
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

/* Blanks that stand before every line but those that begin at the left: a lesson's title, what the
 * kernel and programs print. */
size_t prose_indent(const struct prose *l)
{
    size_t indent = SIZE_MAX;
    for (size_t i = 0; i < l->count; i++) {
        size_t n = strspn(l->line[i], " ");
        if (n > 0 && l->line[i][n] && n < indent) indent = n;
    }
    return indent == SIZE_MAX ? 0 : indent;
}

const char *without_indent(const char *line, size_t indent)
{
    size_t blanks = strspn(line, " ");
    return line + (blanks < indent ? blanks : indent);
}

int prose_draw(const struct prose *l, struct sheet *s, int row)
{
    size_t indent = prose_indent(l), widest = 0;
    for (size_t i = 0; i < l->count; i++) {
        size_t columns = text_columns(without_indent(l->line[i], indent));
        if (columns > widest) widest = columns;
    }
    int margin = (int)widest == s->area.width ? 0 : 1; /* a page of a lesson, at 80 columns */
    for (size_t i = 0; i < l->count; i++)
        sheet_text(s, margin, row++, LOOK_PLAIN, without_indent(l->line[i], indent));
    return row;
}

struct view prose_view(struct prose *l, const struct scene *scene, int width)
{
    return (struct view){ .session = scene->session,
                          .out = prose_open(l),
                          .width = (unsigned)(width > 12 ? width : 12),
                          .ascii = scene->ascii };
}

int sheet_wrap(struct sheet *s, int row, enum look look, const char *text)
{
    struct prose l;
    FILE *out = prose_open(&l);
    int width = s->area.width - 1;
    if (!out) return row;
    text_wrap(out, text, (unsigned)(width > 12 ? width : 12), 1, 1, 40);
    prose_close(&l, out);
    for (size_t i = 0; i < l.count; i++)
        sheet_text(s, 1, row++, look, l.line[i] + strspn(l.line[i], " "));
    prose_free(&l);
    return row;
}
