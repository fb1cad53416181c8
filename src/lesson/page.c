/* SPDX-License-Identifier: BSD-2-Clause */
/* Lesson text on its way to a reader: parameters filled in, paragraphs filled. */
#include "lesson/lesson.h"

#include <ctype.h>
#include <string.h>

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

void lesson_lines(const struct lesson *lesson, FILE *out, const char *text)
{
    char filled[TEXT_MAX];
    lesson_fill_in(lesson, text, filled, sizeof filled);
    for (const char *at = filled; *at;) {
        size_t n = strcspn(at, "\n");
        fprintf(out, "%*s%.*s\n", n ? INDENT : 0, "", (int)n, at);
        at += n + (at[n] == '\n');
    }
}

/* A word at the pen's place, or in a new line; the pen is the column. */
static void put_word(FILE *out, const char *word, size_t length, size_t *pen)
{
    bool fits = *pen + 1 + length <= COLUMNS;
    if (*pen == 0 || !fits) {
        fprintf(out, "%s%*s%.*s", *pen ? "\n" : "", INDENT, "", (int)length, word);
        *pen = INDENT + length;
    } else {
        fprintf(out, " %.*s", (int)length, word);
        *pen += 1 + length;
    }
}

static void put_words(FILE *out, const char *line, size_t length, size_t *pen)
{
    const char *end = line + length;
    while (line < end) {
        while (line < end && isspace((unsigned char)*line)) line++;
        const char *start = line;
        while (line < end && !isspace((unsigned char)*line)) line++;
        if (line > start) put_word(out, start, (size_t)(line - start), pen);
    }
}

void lesson_fill(const struct lesson *lesson, FILE *out, const char *lead, const char *text)
{
    char filled[TEXT_MAX];
    size_t pen = 0;
    put_words(out, lead, strlen(lead), &pen);
    lesson_fill_in(lesson, text, filled, sizeof filled);
    for (const char *at = filled; *at;) {
        size_t n = strcspn(at, "\n");
        bool code = strncmp(at, "    ", 4) == 0;
        if ((code || n == 0) && pen > 0) {
            fputc('\n', out);
            pen = 0;
        }
        if (code)
            fprintf(out, "%*s%.*s\n", INDENT, "", (int)n, at);
        else
            put_words(out, at, n, &pen);
        at += n + (at[n] == '\n');
    }
    if (pen > 0) fputc('\n', out);
}
