/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of source files, as the debugging information of a program names them. What a program says of
 * itself is not trusted: only regular files of bounded size are opened. */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "view/internal.h"

enum { SOURCE_MAX_BYTES = 4 << 20 };

static FILE *source_open(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > SOURCE_MAX_BYTES) return NULL;
    return fopen(path, "r");
}

/* A line that was read, without its end, made harmless. */
static void take_line(char *line, size_t length, char *text, size_t size)
{
    char clean[2 * TEXT_SIZE];
    for (size_t i = 0; i < length; i++)
        if (line[i] == '\t') line[i] = ' ';
    text_sanitise(clean, sizeof clean, line, length);
    snprintf(text, size, "%.*s", (int)size - 1, clean);
}

bool source_text(const char *path, unsigned line, char *text, size_t size)
{
    FILE *file = source_open(path);
    char read[2 * TEXT_SIZE];
    unsigned at = 1;
    bool found = false;
    if (!file) return false;
    while (!found && fgets(read, sizeof read, file)) {
        size_t length = strcspn(read, "\r\n");
        bool whole = read[length] != '\0';
        found = at == line;
        if (found) take_line(read, length, text, size);
        at += whole;
    }
    fclose(file);
    return found;
}
