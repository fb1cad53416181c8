/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines into words. One scanner knows quotes, brackets and comments; all else asks it. */
#include "lesson/token.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Where a scan stands. */
struct scan {
    int depth;    /* of ( [ { */
    bool quoted;  /* in "…" */
    bool star;    /* in a comment of C: slash, star */
    bool comment; /* in one to the end of the line */
};

/* Takes the character at `at`; how many bytes it consumed. */
static size_t scan_step(struct scan *s, const char *at)
{
    if (s->comment) {
        s->comment = *at != '\n';
        return 1;
    }
    if (s->star) {
        if (at[0] != '*' || at[1] != '/') return 1;
        s->star = false;
        return 2;
    }
    if (s->quoted) {
        if (*at == '\\' && at[1]) return 2;
        s->quoted = *at != '"';
        return 1;
    }
    if (*at == '\'' && at[1] && at[2] == '\'') return 3;
    s->quoted = *at == '"';
    s->star = at[0] == '/' && at[1] == '*';
    s->comment = *at == '#' || (at[0] == '/' && at[1] == '/');
    s->depth += strchr("([{", *at) != NULL;
    s->depth -= strchr(")]}", *at) != NULL;
    return s->star || (s->comment && *at == '/') ? 2 : 1;
}

bool line_is_open(const char *line)
{
    struct scan s = { 0 };
    while (*line) line += scan_step(&s, line);
    return s.depth > 0 || s.quoted || s.star;
}

size_t line_length(const char *text)
{
    struct scan s = { 0 };
    const char *at = text;
    while (*at && (*at != '\n' || s.depth > 0 || s.quoted || s.star)) at += scan_step(&s, at);
    return (size_t)(at - text);
}

/* Copies the line without its comments; newlines become blanks. False when it does not fit. */
static bool copy_bare(const char *line, char *text, struct scan *s)
{
    size_t used = 0;
    while (*line) {
        bool was_star = s->star;
        size_t n = scan_step(s, line);
        bool drop = s->comment || s->star || was_star;
        if (used + n + 1 >= LINE_SIZE) return false;
        for (size_t i = 0; i < n && line[i]; i++) {
            char c = drop || line[i] == '\n' || line[i] == '\r' ? ' ' : line[i];
            text[used++] = c;
        }
        line += n;
    }
    text[used] = '\0';
    return true;
}

static bool refuse_strange(const char *text, struct problem *p)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' && *text != '\t')
            return problem_set(p, "a command is plain text",
                               "the line has a control character (0x%02x)",
                               (unsigned)(unsigned char)*text);
    return true;
}

static bool refuse_open(const struct scan *s, struct problem *p)
{
    if (s->quoted) return problem_set(p, "", "a `\"` is missing");
    if (s->star) return problem_set(p, "", "a comment is not closed");
    if (s->depth > 0) return problem_set(p, "", "a closing bracket is missing");
    if (s->depth < 0) return problem_set(p, "", "there is a closing bracket too many");
    return true;
}

bool line_strip(const char *line, char *text, struct problem *p)
{
    struct scan s = { 0 };
    text[0] = '\0';
    if (!copy_bare(line, text, &s))
        return problem_set(p, "shorter lines", "the line has more than %d characters",
                           LINE_SIZE - 2);
    return refuse_open(&s, p) && refuse_strange(text, p);
}

bool words_split(const char *line, struct words *out, struct problem *p)
{
    struct scan s = { 0 };
    out->count = 0;
    out->word[0] = NULL;
    if (!line_strip(line, out->text, p)) return false;
    char *at = out->text;
    for (;;) {
        while (isspace((unsigned char)*at)) at++;
        if (*at == '\0') return true;
        if (out->count == WORDS_MAX) return problem_set(p, "", "more than %d words", WORDS_MAX);
        out->word[out->count++] = at;
        out->word[out->count] = NULL;
        while (*at && (s.depth > 0 || s.quoted || !isspace((unsigned char)*at)))
            at += scan_step(&s, at);
        if (*at) *at++ = '\0';
    }
}

void words_join(char *const *word, unsigned from, unsigned count, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (unsigned i = from; i < count && used < size; i++) {
        int n = snprintf(text + used, size - used, "%s%s", i > from ? " " : "", word[i]);
        used += (size_t)n;
    }
}

void word_unquote(const char *word, char *text, size_t size)
{
    size_t length = strlen(word);
    if (length >= 2 && word[0] == '"' && word[length - 1] == '"')
        snprintf(text, size, "%.*s", (int)(length - 2), word + 1);
    else
        snprintf(text, size, "%s", word);
}
