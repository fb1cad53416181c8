/* SPDX-License-Identifier: BSD-2-Clause */
/* The two forms of what a view writes: lines and tables of a page, or the plain one for who listens to
 * it: a name and a value a line, marks as words, nothing aligned, wrapped or cut. No other file of this
 * room asks which it is, but where a drawing is left out. */
#include <stdarg.h>
#include <string.h>

#include "view/internal.h"

enum { ROW_SIZE = 3 * TEXT_SIZE };

/* A line of plain text, one blank where there are several, none in front; returns its end. */
static const char *say(const struct view *v, const char *text)
{
    text += strspn(text, " ");
    for (; *text && *text != '\n'; text++) {
        bool blank = *text == ' ' || *text == HARD_SPACE;
        if (blank && (strchr(" \n", text[1]) || text[1] == HARD_SPACE)) continue;
        fputc(blank ? ' ' : *text, v->out);
    }
    return text;
}

/* A line without the blanks at its end, cut with a ~ where it is too long. */
static void line_write(const struct view *v, char *line)
{
    size_t end = strlen(line);
    while (end > 0 && line[end - 1] == ' ') line[--end] = '\0';
    if (v->plain) {
        say(v, line);
        return;
    }
    if (text_columns(line) <= v->width) {
        fputs(line, v->out);
        return;
    }
    size_t at = 0, columns = 0;
    for (; line[at]; at++) {
        bool starts = ((unsigned char)line[at] & 0xc0) != 0x80;
        if (starts && columns + 1 == v->width) break;
        columns += starts;
    }
    fprintf(v->out, "%.*s~", (int)at, line);
}

static void line_end(const struct view *v, enum look look, char *line)
{
    bool tints = v->colour && !v->plain && look != LOOK_PLAIN;
    if (tints) look_begin(v->out, look);
    line_write(v, line);
    if (tints) look_end(v->out);
    fputc('\n', v->out);
}

static void line_say(const struct view *v, enum look look, const char *format, va_list args)
{
    char line[ROW_SIZE];
    vsnprintf(line, sizeof line, format, args);
    line_end(v, look, line);
}

void view_line(const struct view *v, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    line_say(v, LOOK_PLAIN, format, args);
    va_end(args);
}

void view_line_look(const struct view *v, enum look look, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    line_say(v, look, format, args);
    va_end(args);
}

void view_heading(const struct view *v, const char *format, ...)
{
    char line[ROW_SIZE];
    va_list args;
    if (v->plain) return;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    line_end(v, LOOK_FAINT, line);
}

unsigned view_text(const struct view *v, const char *text, unsigned indent, unsigned hang,
                   unsigned lines)
{
    if (!v->plain) return text_wrap(v->out, text, v->width, indent, hang, lines);
    unsigned written = 0;
    for (; *text; written++) {
        text = say(v, text);
        text += *text == '\n';
        fputc('\n', v->out);
    }
    return written;
}

void view_pair(const struct view *v, const char *name, unsigned column, const char *text,
               unsigned lines)
{
    char line[ROW_SIZE];
    if (v->plain)
        snprintf(line, sizeof line, "%s: %s", name, text);
    else
        snprintf(line, sizeof line, "%-*s %s", (int)column, name, text);
    view_text(v, line, INDENT, INDENT + column + 1, lines);
}

void columns_say(FILE *out, const char *line, size_t length)
{
    size_t at = 0, gaps = 0;
    while (at < length && line[at] == ' ') fputc(line[at++], out);
    while (at < length) {
        size_t blanks = 0;
        while (at + blanks < length && line[at + blanks] == ' ') blanks++;
        if (blanks < 3 - (gaps > 0)) {
            fputc(line[at++], out);
            continue;
        }
        bool named = at > 0 && strchr(":,;.", line[at - 1]);
        at += blanks;
        if (at < length) fputs(named ? " " : gaps ? ", " : ": ", out);
        gaps++;
    }
    fputc('\n', out);
}

/* ---- Rows ---- */

static const char *said(const struct row_item *item)
{
    return item->said ? item->said : item->drawn;
}

static void row_draw(const struct view *v, enum look look, const struct row_item *items,
                     size_t count)
{
    char line[ROW_SIZE] = "";
    for (size_t i = 0; i < count; i++) {
        int pad = items[i].width - (int)text_columns(items[i].drawn), room = pad > 0 ? pad : 0;
        text_add(line, sizeof line, "%*s%s%*s", (int)items[i].gap + (items[i].right ? room : 0), "",
                 items[i].drawn, items[i].right ? 0 : room, "");
    }
    line_end(v, look, line);
}

static void item_begin(const struct view *v, const char *name, const struct row_item *item)
{
    fprintf(v->out, "%s: ", name);
    say(v, said(item));
}

/* An item and those without a name that follow it, or (the row's first) stand in front of it. */
static void item_say(const struct view *v, const struct row_item *items, size_t count, size_t at,
                     bool first)
{
    bool begun = *said(&items[at]);
    if (begun) item_begin(v, items[at].name, &items[at]);
    for (size_t i = first ? 0 : at + 1; i < count; i++) {
        if (i == at) continue;
        if (items[i].name && i > at) break;
        if (!*said(&items[i])) continue;
        if (begun) {
            fputs(", ", v->out);
            say(v, said(&items[i]));
        } else {
            item_begin(v, items[at].name, &items[i]);
        }
        begun = true;
    }
    if (begun) fputc('\n', v->out);
}

void view_row(const struct view *v, enum look look, const struct row_item *items, size_t count)
{
    bool first = true;
    if (!v->plain) {
        row_draw(v, look, items, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (!items[i].name) continue;
        item_say(v, items, count, i, first);
        first = false;
    }
}
