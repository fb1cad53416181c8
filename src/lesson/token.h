/* SPDX-License-Identifier: BSD-2-Clause */
/* A line of the command language as words. Blanks separate, except inside "…", (…) and […]; `#` outside
 * them starts a comment. Any bytes are taken: what is no line is refused. */
#ifndef FAULTLINE_LESSON_TOKEN_H
#define FAULTLINE_LESSON_TOKEN_H

#include "world/world.h"

enum { LINE_SIZE = 16384, WORDS_MAX = 160 };

struct words {
    unsigned count;
    char *word[WORDS_MAX + 1]; /* into `text`; the one behind the last is NULL */
    char text[LINE_SIZE];
};

/* Splits; quotes stay in the words. */
bool words_split(const char *line, struct words *out, struct problem *p);

/* Copies a line without its comments into LINE_SIZE bytes, newlines as blanks; refuses what is no line:
 * too long, open brackets or quotes, control characters. */
bool line_strip(const char *line, char *text, struct problem *p);

/* Whether the line goes on in the next one: an open ( or { or " or comment. */
bool line_is_open(const char *line);

/* Bytes of the first logical line of a text: up to a newline outside quotes, brackets and comments. */
size_t line_length(const char *text);

/* Words from number `from` on, with one blank between them, into `text` (cut to size). */
void words_join(char *const *word, unsigned from, unsigned count, char *text, size_t size);

/* A quoted word without its quotes, any other as it is. */
void word_unquote(const char *word, char *text, size_t size);

#endif
