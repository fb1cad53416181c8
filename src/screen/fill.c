/* SPDX-License-Identifier: BSD-2-Clause */
/* Text that was written for lines of one width, in lines of another: paragraphs are joined and cut anew,
 * tables keep their rows, and what the kernel and programs print hangs behind its name. */
#include <string.h>

#include "screen/pane.h"

enum { FULL_LINE = 60, TYPED_INDENT = 6, VOICE_ROWS = 40, PARAGRAPH_ROWS = 40, NARROW = 32 };

#define BETWEEN " | answer " /* choices of a question */

/* "kernel| " in front of a line: its length; 0: it is another's. */
static unsigned voice_length(const char *line)
{
    size_t n = strcspn(line, "|");
    bool is_voice = strncmp(line, "kernel| ", 8) == 0 || strncmp(line, "console| ", 9) == 0;
    return is_voice ? (unsigned)n + 2 : 0;
}

/* A page is written in lines: one that is full goes on in the next, unless it is to be typed, names the
 * words that help, or something else of the lesson begins. */
static bool goes_on(const struct prose *l, size_t i)
{
    const char *next = i + 1 < l->count ? l->line[i + 1] : "";
    size_t indent = strspn(l->line[i], " ");
    if (!*next || strspn(next, " ") != indent || voice_length(next)) return false;
    if (indent == TYPED_INDENT || strstr(l->line[i], "  hint  goals")) return false;
    static const char *const beginnings[] = { "Goal ", "hint ", "Guess: ", "(You said ", "Type `" };
    bool begins = false;
    for (size_t n = 0; n < sizeof beginnings / sizeof beginnings[0]; n++)
        begins |= strncmp(next + indent, beginnings[n], strlen(beginnings[n])) == 0;
    return text_columns(l->line[i]) > FULL_LINE && !begins && !strstr(l->line[i] + indent, "   ");
}

/* Where a row of two columns begins its second one; 0: it is no such row, or there is no room for both. */
static unsigned second_column(const char *text, unsigned width)
{
    const char *gap = *text ? strstr(text + 1, "   ") : NULL;
    if (!gap || gap[-1] == ':') return 0; /* behind a colon stands what is to be typed */
    unsigned at = (unsigned)(gap - text + (long)strspn(gap, " "));
    return at <= width / 2 ? at : 0;
}

/* Choices, of which none is broken where a line can hold it: the next one then begins another line. */
static void write_choices(FILE *out, const char *text, unsigned indent, unsigned width)
{
    char line[256] = "";
    while (*text) {
        const char *bar = strstr(text, BETWEEN);
        size_t length = bar ? (size_t)(bar - text) : strlen(text), used = strlen(line);
        size_t room = width - indent - (bar ? strlen(" |") : 0);
        if (used && used + strlen(" | ") + length > room) {
            fprintf(out, "%*s%s |\n", (int)indent, "", line);
            used = 0;
        }
        snprintf(line + used, sizeof line - used, "%s%.*s", used ? " | " : "", (int)length, text);
        text += length + (bar ? strlen(" | ") : 0);
    }
    text_wrap(out, line, width, indent, indent, 9);
}

/* What is too long: the rest hangs below the second column; or what stands apart gets a line of its own. */
static void write_long(FILE *out, char *text, unsigned indent, unsigned width)
{
    char *words = strstr(text, "  hint  goals"), *gap = words;
    unsigned second = words ? 0 : second_column(text, width);
    if (!gap && !second) gap = strstr(text, ":   ");
    if (gap && *gap == ':') gap++;
    if (!gap && !second) gap = strstr(text, "     ");
    if (gap) *gap++ = '\0';
    if (indent > width / 4) indent = width / 4;
    if (second > width / 4 && width < NARROW) second = width / 4;
    text_wrap(out, text, width, indent, indent + second, PARAGRAPH_ROWS);
    if (!words) indent += 4;
    if (!gap) return;
    gap += strspn(gap, " ");
    if (strstr(gap, BETWEEN))
        write_choices(out, gap, indent, width);
    else
        text_wrap(out, gap, width, indent, indent, 9);
}

/* Lines from number i on that are one paragraph; returns the number behind them. */
static size_t paragraph(FILE *out, const struct prose *l, size_t i, unsigned width)
{
    char text[4096];
    unsigned indent = (unsigned)strspn(l->line[i], " ");
    bool fits = text_columns(l->line[i]) <= width;
    if (!*l->line[i]) fputc('\n', out);
    snprintf(text, sizeof text, "%s", l->line[i] + indent);
    while (goes_on(l, i)) text_add(text, sizeof text, " %s", l->line[++i] + indent);
    if (fits)
        text_wrap(out, text, width, indent, indent, PARAGRAPH_ROWS);
    else if (strncmp(text, "answer ", 7) == 0)
        write_choices(out, text, indent > width / 4 ? width / 4 : indent, width);
    else
        write_long(out, text, indent, width);
    return i + 1;
}

static void fill(const struct prose *from, unsigned width, bool all, struct prose *to)
{
    FILE *out = prose_open(to);
    for (size_t i = 0; out && i < from->count;) {
        unsigned hang = voice_length(from->line[i]);
        if (hang)
            text_wrap(out, from->line[i++], width, 0, hang, VOICE_ROWS);
        else if (all)
            i = paragraph(out, from, i, width);
        else
            fprintf(out, "%s\n", from->line[i++]);
    }
    prose_close(to, out);
}

bool prose_fits(const struct prose *l, unsigned width)
{
    size_t indent = prose_indent(l);
    for (size_t i = 0; i < l->count; i++) {
        const char *drawn = without_indent(l->line[i], indent);
        if (!voice_length(drawn) && text_columns(drawn) > width) return false;
    }
    return true;
}

void prose_fill(const struct prose *from, unsigned width, struct prose *to)
{
    fill(from, width, true, to);
}

void prose_fill_voices(const struct prose *from, unsigned width, struct prose *to)
{
    fill(from, width, false, to);
}
