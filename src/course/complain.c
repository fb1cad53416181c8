/* SPDX-License-Identifier: BSD-2-Clause */
/* How the lint complains: one form for all of its parts, FOLDER/FILE:LINE and a tip. */
#include "course/check_inside.h"

#include <stdarg.h>

static void say(struct check *c, const char *file, unsigned line, const char *tip,
                const char *format, va_list args)
{
    c->complaints++;
    fprintf(c->out, "%s/%s", c->folder, file);
    if (line) fprintf(c->out, ":%u", line);
    fputs(": ", c->out);
    vfprintf(c->out, format, args);
    fputc('\n', c->out);
    if (*tip) fprintf(c->out, "  tip: %s\n", tip);
}

void complain(struct check *c, const char *file, unsigned line, const char *tip, const char *format,
              ...)
{
    va_list args;
    va_start(args, format);
    say(c, file, line, tip, format, args);
    va_end(args);
}

void complain_of(struct check *c, const char *text, const char *tip, const char *format, ...)
{
    unsigned line;
    va_list args;
    const struct lesson_source *source = lesson_place(c->lesson, text, &line);
    va_start(args, format);
    say(c, source->name, line, tip, format, args);
    va_end(args);
}
