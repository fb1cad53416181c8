/* SPDX-License-Identifier: BSD-2-Clause */
/* Lesson text on its way to a reader: parameters filled in, paragraphs filled. */
#include "lesson/lesson.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "view/form.h"

enum { COLUMNS = 78, INDENT = 2, TEXT_MAX = 8192 };

void lesson_fill_in(const struct lesson *lesson, const char *text, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    while (*text && used + 24 < size) {
        const struct vary *hit = NULL;
        for (unsigned i = 0; *text == '{' && lesson && i < lesson->vary_count; i++) {
            size_t n = strlen(lesson->vary[i].name);
            if (strncmp(text + 1, lesson->vary[i].name, n) == 0 && text[n + 1] == '}')
                hit = &lesson->vary[i];
        }
        if (hit) {
            used += (size_t)snprintf(out + used, size - used, hit->in_hex ? "%#llx" : "%llu",
                                     (unsigned long long)hit->value);
            text += strlen(hit->name) + 2;
        } else {
            out[used++] = *text++;
        }
        out[used] = '\0';
    }
}

static size_t name_length(const char *text)
{
    size_t n = 0;
    while (isalnum((unsigned char)text[n]) || text[n] == '_') n++;
    return n;
}

static const struct vary *vary_named(const struct lesson *lesson, const char *name, size_t n)
{
    for (unsigned i = 0; i < lesson->vary_count; i++)
        if (strlen(lesson->vary[i].name) == n && strncmp(lesson->vary[i].name, name, n) == 0)
            return &lesson->vary[i];
    return NULL;
}

void lesson_put_values(const struct lesson *lesson, const char *line, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    while (*line && used + 24 < size) {
        size_t n = name_length(line), room = size - used - 1;
        const struct vary *hit = vary_named(lesson, line, n);
        if (n == 0) n = 1;
        if (hit)
            used += (size_t)snprintf(out + used, room, hit->in_hex ? "%#llx" : "%llu",
                                     (unsigned long long)hit->value);
        else
            used +=
                (size_t)snprintf(out + used, room, "%.*s", (int)(n < room ? n : room - 1), line);
        line += n;
    }
}

static bool says_name(const char *text, const char *name)
{
    size_t n;
    for (; *text; text += n ? n : 1) {
        n = name_length(text);
        if (n > 0 && n == strlen(name) && strncmp(text, name, n) == 0) return true;
    }
    return false;
}

bool lesson_asks_for(const struct lesson *lesson, const char *name)
{
    for (unsigned i = 0; i < lesson->item_count; i++)
        for (unsigned k = 0; k < lesson->item[i].holds_count; k++)
            if (says_name(lesson->item[i].holds[k], name)) return true;
    return false;
}

static bool is_plain(const struct lesson *lesson)
{
    return lesson && lesson->plain;
}

void lesson_lines(const struct lesson *lesson, FILE *out, const char *text)
{
    char filled[TEXT_MAX];
    lesson_fill_in(lesson, text, filled, sizeof filled);
    for (const char *at = filled; *at;) {
        size_t n = strcspn(at, "\n");
        if (is_plain(lesson))
            columns_say(out, at, n);
        else
            fprintf(out, "%*s%.*s\n", n ? INDENT : 0, "", (int)n, at);
        at += n + (at[n] == '\n');
    }
}

/* Where the next word stands; plain text is neither indented nor wrapped. */
struct pen {
    FILE *out;
    size_t column, indent, columns;
};

/* A word at the pen's place, or in a new line. */
static void put_word(struct pen *pen, const char *word, size_t length)
{
    bool fits = pen->column + 1 + length <= pen->columns;
    if (pen->column == 0 || !fits) {
        fprintf(pen->out, "%s%*s%.*s", pen->column ? "\n" : "", (int)pen->indent, "", (int)length,
                word);
        pen->column = pen->indent + length;
    } else {
        fprintf(pen->out, " %.*s", (int)length, word);
        pen->column += 1 + length;
    }
}

static void put_words(struct pen *pen, const char *line, size_t length)
{
    const char *end = line + length;
    while (line < end) {
        while (line < end && isspace((unsigned char)*line)) line++;
        const char *start = line;
        while (line < end && !isspace((unsigned char)*line)) line++;
        if (line > start) put_word(pen, start, (size_t)(line - start));
    }
}

void lesson_fill(const struct lesson *lesson, FILE *out, const char *lead, const char *text)
{
    char filled[TEXT_MAX];
    struct pen pen = { out, 0, INDENT, COLUMNS };
    if (is_plain(lesson)) pen = (struct pen){ out, 0, 0, SIZE_MAX };
    put_words(&pen, lead, strlen(lead));
    lesson_fill_in(lesson, text, filled, sizeof filled);
    for (const char *at = filled; *at;) {
        size_t n = strcspn(at, "\n");
        bool code = strncmp(at, "    ", 4) == 0;
        if ((code || n == 0) && pen.column > 0) {
            fputc('\n', out);
            pen.column = 0;
        }
        if (code)
            fprintf(out, "%*s%.*s\n", (int)pen.indent, "", (int)n, at);
        else
            put_words(&pen, at, n);
        at += n + (at[n] == '\n');
    }
    if (pen.column > 0) fputc('\n', out);
}
