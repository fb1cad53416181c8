/* SPDX-License-Identifier: BSD-2-Clause */
/* One file that was handed in: what it is, by its beginning, and whether it belongs to a lesson, by its name.
 * Strangers' files: only regular ones are opened, and no more than their beginning is read. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grade/piece.h"
#include "world/record.h"

/* ---- By its beginning ---- */

ssize_t piece_head(const char *path, char head[PIECE_HEAD])
{
    struct stat about;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ssize_t n = -1;
    if (file >= 0 && fstat(file, &about) == 0 && S_ISREG(about.st_mode))
        n = read(file, head, PIECE_HEAD - 1);
    if (file >= 0) close(file);
    head[n > 0 ? n : 0] = '\0';
    return n;
}

bool is_recording(const char *head)
{
    return strncmp(head, "#: format ", 10) == 0 || strstr(head, "\n#: format ");
}

bool script_variant(const char *path, char *variant, size_t size)
{
    static const char *const words[] = { "# variant ", "#: variant " };
    char head[PIECE_HEAD];
    if (piece_head(path, head) < 0) return false;
    for (const char *line = head; *line == '#';) {
        size_t n = strcspn(line, "\r\n");
        for (unsigned i = 0; i < 2; i++) {
            size_t w = strlen(words[i]);
            if (strncmp(line, words[i], w) != 0) continue;
            snprintf(variant, size, "%.*s", (int)(n - w), line + w);
            return true;
        }
        line += n + strspn(line + n, "\r\n");
    }
    return false;
}

bool is_recording_of(const char *path, const struct lesson *lesson)
{
    struct record_reader r;
    struct record_head head;
    struct problem unused;
    if (!record_read_open(&r, path, &unused)) return false;
    bool is_one =
        record_read_head(&r, &head, &unused) && strcmp(head.lesson, lesson_name(lesson)) == 0;
    record_read_close(&r);
    return is_one;
}

/* ---- By its name ---- */

bool is_script_for(const char *name, const struct lesson *lesson)
{
    char *end;
    size_t n = strlen(lesson_name(lesson));
    if (strncmp(name, lesson_name(lesson), n) == 0 && strcmp(name + n, ".fl") == 0) return true;
    unsigned long number = strtoul(name, &end, 10);
    return end != name && strcmp(end, ".fl") == 0 && number == lesson->number;
}

bool is_exercise_of(const char *name, const struct lesson *lesson)
{
    size_t n = strlen(lesson_name(lesson)), between = strlen(HAND_IN_BETWEEN);
    if (strncmp(name, lesson_name(lesson), n) == 0 &&
        strncmp(name + n, HAND_IN_BETWEEN, between) == 0)
        name += n + between;
    for (unsigned i = 0; i < lesson->exercise_count; i++)
        if (strcmp(lesson->exercise[i], name) == 0) return true;
    return false;
}
