/* SPDX-License-Identifier: BSD-2-Clause */
/* Editing a line: see line.h. Keys are those of a prompt with readline. */
#include "screen/line.h"

#include <stdlib.h>
#include <string.h>

#include "screen/grid.h"
#include "screen/key.h"
#include "view/internal.h"

void line_set(struct line *l, const char *text)
{
    snprintf(l->text, sizeof l->text, "%s", text);
    l->length = l->cursor = strlen(l->text);
}

void line_insert(struct line *l, const char *text)
{
    size_t n = strlen(text);
    if (l->length + n >= sizeof l->text) return;
    memmove(l->text + l->cursor + n, l->text + l->cursor, l->length - l->cursor + 1);
    memcpy(l->text + l->cursor, text, n);
    l->length += n;
    l->cursor += n;
}

static void line_erase(struct line *l, size_t from, size_t to)
{
    memmove(l->text + from, l->text + to, l->length - to + 1);
    l->length -= to - from;
    l->cursor = from;
}

void line_keep(struct line *l)
{
    if (l->text[strspn(l->text, " \t\n")]) typed_keep(l->text);
    l->at = 0;
    line_set(l, "");
}

void line_row(const struct line *l, size_t *from, size_t *to)
{
    *from = l->cursor;
    while (*from > 0 && l->text[*from - 1] != '\n') --*from;
    *to = l->cursor + strcspn(l->text + l->cursor, "\n");
}

static bool goes_on(char c)
{
    return (c & 0xc0) == 0x80;
}

static size_t before(const struct line *l)
{
    size_t at = l->cursor;
    while (at > 0 && goes_on(l->text[--at])) continue;
    return at;
}

static size_t behind(const struct line *l)
{
    size_t at = l->cursor;
    if (at < l->length) at++;
    while (at < l->length && goes_on(l->text[at])) at++;
    return at;
}

static size_t word_start(const struct line *l)
{
    size_t at = l->cursor;
    while (at > 0 && l->text[at - 1] == ' ') at--;
    while (at > 0 && l->text[at - 1] != ' ') at--;
    return at;
}

static void history(struct line *l, bool up)
{
    if (up ? l->at >= typed_count() : l->at == 0) return;
    l->at = up ? l->at + 1 : l->at - 1;
    line_set(l, l->at ? typed_at(typed_count() - l->at) : "");
}

bool line_key(struct line *l, int key)
{
    char text[5];
    switch (key) {
    case KEY_LEFT_:
    case KEY_CTRL('b'): l->cursor = before(l); return true;
    case KEY_RIGHT_:
    case KEY_CTRL('f'): l->cursor = behind(l); return true;
    case KEY_HOME_:
    case KEY_CTRL('a'): l->cursor = 0; return true;
    case KEY_END_:
    case KEY_CTRL('e'): l->cursor = l->length; return true;
    case KEY_UP_:
    case KEY_CTRL('p'): history(l, true); return true;
    case KEY_DOWN_:
    case KEY_CTRL('n'): history(l, false); return true;
    case KEY_BACKSPACE_:
    case KEY_CTRL('h'):
    case 127: line_erase(l, before(l), l->cursor); return true;
    case KEY_DELETE_:
    case KEY_CTRL('d'): line_erase(l, l->cursor, behind(l)); return true;
    case KEY_CTRL('u'): line_erase(l, 0, l->cursor); return true;
    case KEY_CTRL('k'): line_erase(l, l->cursor, l->length); return true;
    case KEY_CTRL('w'): line_erase(l, word_start(l), l->cursor); return true;
    default: break;
    }
    if (key == ':' && l->length == 0) return true; /* it is open: no command begins so */
    if (key < ' ' || key >= 0x10000 || (key >= 0x7f && key < 0xa0)) return false;
    code_point_text((uint32_t)key, text);
    line_insert(l, text);
    return true;
}

/* ---- Completion ---- */

struct choices {
    char common[256];
    size_t count;
    FILE *out;
};

static void each_choice(void *context, const char *text)
{
    struct choices *c = context;
    if (c->count++ == 0) snprintf(c->common, sizeof c->common, "%s", text);
    size_t same = 0;
    while (c->common[same] && c->common[same] == text[same]) same++;
    c->common[same] = '\0';
    fprintf(c->out, "%s%s", c->count > 1 ? "  " : "", text);
}

void line_complete(struct line *l, const struct shell *sh, FILE *out)
{
    static const char breaks[] = " \t\n\"(,=+-*&|<>!~^";
    char line[LINE_BYTES];
    struct lines_buffer {
        char *text;
        size_t size;
    } found = { 0 };
    snprintf(line, sizeof line, "%.*s", (int)l->cursor, l->text);
    size_t start = l->cursor;
    while (start > 0 && !strchr(breaks, line[start - 1])) start--;
    struct choices c = { .out = open_memstream(&found.text, &found.size) };
    if (!c.out) return;
    complete(sh, line, start, each_choice, &c);
    fclose(c.out);
    size_t typed = l->cursor - start;
    if (c.count && strlen(c.common) > typed) line_insert(l, c.common + typed);
    if (c.count == 1 && l->cursor == l->length) line_insert(l, " ");
    if (c.count > 1) text_wrap(out, found.text, sh->width, 2, 2, 12);
    free(found.text);
}
