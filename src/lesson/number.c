/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers as C writes them, but without its octal: 010 is eight in C, and nobody means that. */
#include "lesson/expr.h"

#include <ctype.h>

static int digit_of(char c)
{
    if (isdigit((unsigned char)c)) return c - '0';
    if (isalpha((unsigned char)c)) return tolower((unsigned char)c) - 'a' + 10;
    return 99;
}

static bool read_character(const char *text, const char **end, word_t *out, struct problem *p)
{
    static const char escapes[] = "n\nt\tr\r0\0\\\\''\"\"";
    const char *at = text + 1;
    if (*at == '\\') {
        for (size_t i = 0; i + 1 < sizeof escapes; i += 2) {
            if (escapes[i] != at[1] || at[1] == '\0' || at[2] != '\'') continue;
            *out = (unsigned char)escapes[i + 1];
            *end = at + 3;
            return true;
        }
    } else if (*at && *at != '\'' && at[1] == '\'') {
        *out = (unsigned char)*at;
        *end = at + 2;
        return true;
    }
    return problem_set(p, "one character stands between: 'a', '\\n'", "`%.8s` is no character",
                       text);
}

/* Integer suffixes that C code carries: u, l and combinations. */
static const char *skip_suffix(const char *at)
{
    for (unsigned i = 0;
         i < 3 && *at && (tolower((unsigned char)*at) == 'u' || tolower((unsigned char)*at) == 'l');
         i++)
        at++;
    return at;
}

bool number_read(const char *text, const char **end, word_t *out, struct problem *p)
{
    if (*text == '\'') return read_character(text, end, out, p);
    word_t base = 10;
    const char *at = text;
    if (at[0] == '0' && isdigit((unsigned char)at[1])) {
        int length = 0;
        while (isalnum((unsigned char)at[length]) && length < 40) length++;
        while (*at == '0' && isdigit((unsigned char)at[1])) at++;
        return problem_set(
            p, "C reads a number with a leading 0 as octal: leave the 0 out, or write 0x",
            "`%.*s` could mean two numbers", length, text);
    }
    if (at[0] == '0' && tolower((unsigned char)at[1]) == 'x') base = 16;
    if (at[0] == '0' && tolower((unsigned char)at[1]) == 'b') base = 2;
    if (base != 10) at += 2;
    const char *first = at;
    word_t value = 0;
    for (; digit_of(*at) < (int)base; at++) {
        word_t digit = (word_t)digit_of(*at);
        if (value > (~(word_t)0 - digit) / base)
            return problem_set(p, "a word has 64 bits", "`%.30s…` is too large", text);
        value = value * base + digit;
    }
    if (at > first) at = skip_suffix(at);
    if (at == first || isalnum((unsigned char)*at) || *at == '_')
        return problem_set(p, "numbers are 10, 0x1f, 0b101, 'a'", "`%.30s` is no number", text);
    *out = value;
    *end = at;
    return true;
}
