/* SPDX-License-Identifier: BSD-2-Clause */
/* Laying text out: appending, wrapping, cutting to a width, and making guests' bytes harmless. Knows
 * nothing of seL4. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "view/internal.h"

void text_add(char *text, size_t size, const char *format, ...)
{
    size_t used = strnlen(text, size);
    if (used >= size) return;
    va_list args;
    va_start(args, format);
    vsnprintf(text + used, size - used, format, args);
    va_end(args);
}

size_t text_columns(const char *text)
{
    size_t columns = 0;
    for (; *text; text++) columns += ((unsigned char)*text & 0xc0) != 0x80;
    return columns;
}

/* Length in bytes of what fits into `columns`: whole words where there are any. */
static size_t fitting(const char *text, size_t columns)
{
    size_t at = 0, seen = 0, word_end = 0;
    for (; text[at] && text[at] != '\n'; at++) {
        if (text[at] == ' ' && at > 0 && text[at - 1] != ' ') word_end = at;
        seen += ((unsigned char)text[at] & 0xc0) != 0x80;
        if (seen > columns) return word_end ? word_end : at;
    }
    return at;
}

unsigned text_wrap(FILE *out, const char *text, unsigned width, unsigned indent, unsigned hang,
                   unsigned lines)
{
    unsigned written = 0;
    while (*text && written < lines) {
        unsigned margin = written ? hang : indent;
        size_t room = width > margin + 8 ? width - margin : 8;
        bool last = written + 1 == lines;
        size_t length = fitting(text, room);
        const char *rest = text + length;
        while (*rest == ' ') rest++;
        if (*rest == '\n') rest++;
        if (last && *rest) length = fitting(text, room - 2);
        fprintf(out, "%*s", (int)margin, "");
        for (size_t i = 0; i < length; i++) fputc(text[i] == HARD_SPACE ? ' ' : text[i], out);
        fputs(last && *rest ? " ~\n" : "\n", out);
        text = rest;
        written++;
    }
    return written;
}

unsigned text_lines(const char *text, size_t length, unsigned width)
{
    unsigned lines = 0;
    for (const char *end = text + length; text < end; lines++) {
        size_t n = fitting(text, width);
        text += n ? n : 1;
        while (text < end && *text == ' ') text++;
    }
    return lines;
}

/* Length of the valid UTF-8 sequence at `bytes` that is no control character; 0: none. */
static size_t printable(const unsigned char *bytes, size_t length)
{
    if (bytes[0] >= 0x20 && bytes[0] < 0x7f) return 1;
    size_t n = bytes[0] >= 0xf0 && bytes[0] <= 0xf4  ? 4
               : bytes[0] >= 0xe0 && bytes[0] < 0xf0 ? 3
               : bytes[0] >= 0xc2 && bytes[0] < 0xe0 ? 2
                                                     : 0;
    if (n == 0 || n > length) return 0;
    for (size_t i = 1; i < n; i++)
        if ((bytes[i] & 0xc0) != 0x80) return 0;
    bool control = bytes[0] == 0xc2 && bytes[1] < 0xa0; /* 0x80 to 0x9f command some terminals */
    bool overlong = (bytes[0] == 0xe0 && bytes[1] < 0xa0) || (bytes[0] == 0xf0 && bytes[1] < 0x90);
    bool outside = (bytes[0] == 0xed && bytes[1] >= 0xa0) || (bytes[0] == 0xf4 && bytes[1] >= 0x90);
    /* Marks that turn the direction of writing make a line say something else than it does. */
    bool turns = bytes[0] == 0xe2 && ((bytes[1] == 0x80 && bytes[2] >= 0xaa && bytes[2] <= 0xae) ||
                                      (bytes[1] == 0x81 && bytes[2] >= 0xa6 && bytes[2] <= 0xa9));
    return control || overlong || outside || turns ? 0 : n;
}

void view_sanitise(FILE *out, const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes;
    while (length > 0) {
        size_t n = printable(at, length);
        if (n == 0 && (*at == '\n' || *at == '\t')) n = 1;
        if (n)
            fwrite(at, 1, n, out);
        else
            fprintf(out, "\\x%02x", *at);
        at += n ? n : 1;
        length -= n ? n : 1;
    }
}

void text_sanitise(char *text, size_t size, const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes;
    text[0] = '\0';
    while (length > 0 && strlen(text) + 5 < size) {
        size_t n = printable(at, length);
        if (n)
            text_add(text, size, "%.*s", (int)n, (const char *)at);
        else
            text_add(text, size, "\\x%02x", *at);
        at += n ? n : 1;
        length -= n ? n : 1;
    }
    if (length > 0) text_add(text, size, "~");
}

void text_add_cptr(char *text, size_t size, word_t cptr)
{
    text_add(text, size, cptr < 10000 ? "%" PRIu64 : "0x%" PRIx64, cptr);
}

void text_size_of_bits(unsigned bits, char *text, size_t size)
{
    static const char *const unit[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
    snprintf(text, size, "%u %s", 1u << bits % 10, unit[bits < 70 ? bits / 10 : 6]);
}
