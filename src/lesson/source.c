/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes of a lesson's file, and in which line one of its texts stands once the parser has cut it
 * into strings. */
#include "lesson/read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MAX = 1 << 20 };

/* The mark that some editors begin a file with, and carriage returns, are no part of the text. */
static void clean(struct lesson_source *source)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t n = strlen(mark);
    if (source->size >= n && memcmp(source->text, mark, n) == 0)
        memmove(source->text, source->text + n, source->size -= n);
    for (size_t i = 0; i < source->size; i++)
        if (source->text[i] == '\r') source->text[i] = ' ';
    source->text[source->size] = '\0';
}

/* No file of bytes, nor UTF-16: there a text has NULs. */
static bool is_text(const struct lesson_source *source, const char *path, struct problem *p)
{
    unsigned line = 1;
    const char *nul = memchr(source->text, '\0', source->size);
    for (const char *at = source->text; nul && at < nul; at++) line += *at == '\n';
    return !nul ||
           problem_set(p, "save it as UTF-8", "%.150s:%u: a NUL: this is no text", path, line);
}

static bool find_lines(struct lesson_source *source, struct problem *p)
{
    size_t count = 1;
    for (size_t i = 0; i < source->size; i++) count += source->text[i] == '\n';
    source->line = malloc(count * sizeof *source->line);
    if (!source->line) return problem_set(p, "", "the host has no memory left");
    source->line[source->lines++] = 0;
    for (size_t i = 0; i < source->size; i++)
        if (source->text[i] == '\n') source->line[source->lines++] = i + 1;
    return true;
}

static bool read_bytes(struct lesson_source *source, FILE *file, const char *path,
                       struct problem *p)
{
    struct stat about;
    if (fstat(fileno(file), &about) != 0 || !S_ISREG(about.st_mode))
        return problem_set(p, "a lesson is a folder of plain files", "%.150s is no file", path);
    source->text = malloc(FILE_MAX + 2);
    if (!source->text) return problem_set(p, "", "the host has no memory left");
    source->size = fread(source->text, 1, FILE_MAX + 1, file);
    if (ferror(file)) return problem_set(p, "", "%.150s: %s", path, strerror(errno));
    return source->size <= FILE_MAX ||
           problem_set(p, "1 MiB at most", "%.150s is too long for a lesson", path);
}

bool source_read(struct lesson_source *source, const char *folder, const char *name,
                 struct problem *p)
{
    char path[600];
    *source = (struct lesson_source){ .lines = 0 };
    snprintf(source->name, sizeof source->name, "%s", name);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* of a pipe nobody may be the writer */
    FILE *file = fd >= 0 ? fdopen(fd, "rb") : NULL;
    if (!file)
        return problem_set(p, "`faultline lesson` lists what there is", "%.150s: %s", path,
                           strerror(errno));
    bool ok = read_bytes(source, file, path, p);
    fclose(file);
    ok = ok && is_text(source, path, p);
    if (ok) {
        clean(source);
        ok = find_lines(source, p);
    }
    if (!ok) source_free(source);
    return ok;
}

void source_free(struct lesson_source *source)
{
    free(source->text);
    free(source->line);
    source->text = NULL;
    source->line = NULL;
    source->lines = 0;
}

const struct lesson_source *lesson_place(const struct lesson *lesson, const char *text,
                                         unsigned *line)
{
    const struct lesson_source *in = &lesson->file;
    const struct lesson_source *other = &lesson->translation;
    if (other->text && text >= other->text && text <= other->text + other->size) in = other;
    *line = 0;
    if (text < in->text || text > in->text + in->size) return in;
    size_t at = (size_t)(text - in->text);
    unsigned low = 0, high = in->lines;
    while (high - low > 1) {
        unsigned middle = low + (high - low) / 2;
        if (in->line[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    *line = low + 1;
    return in;
}
