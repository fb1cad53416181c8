/* SPDX-License-Identifier: BSD-2-Clause */
/* Lessons to be broken. */
#include "course/made.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "course/skeleton.h"
#include "place.h"

int made_begin(void **state)
{
    struct problem p;
    char above[PLACE_SIZE], *folder = malloc(MADE_PATH);
    if (!folder || place_make(above, "made") != 0) return -1;
    snprintf(folder, MADE_PATH, "%s/31-made", above);
    *state = folder;
    return lesson_new(folder, &p) ? 0 : -1;
}

int made_end(void **state)
{
    char *folder = *state;
    *strrchr(folder, '/') = '\0';
    int status = place_remove(folder);
    free(folder);
    return status;
}

const char *made_path(void **state, const char *name)
{
    static char path[4][2 * MADE_PATH];
    static unsigned next;
    char *p = path[next++ % 4];
    snprintf(p, sizeof path[0], "%s/%s", (const char *)*state, name);
    return p;
}

void made_write(void **state, const char *name, const char *text)
{
    FILE *file = fopen(made_path(state, name), "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

const char *made_read(void **state, const char *name)
{
    static char text[MADE_TEXT];
    FILE *file = fopen(made_path(state, name), "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

void made_change(void **state, const char *name, const char *old, const char *new)
{
    const char *text = made_read(state, name), *at = strstr(text, old);
    if (!at) fail_msg("%s has no \"%s\"", name, old);
    FILE *file = fopen(made_path(state, name), "w");
    assert_non_null(file);
    fprintf(file, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    assert_int_equal(fclose(file), 0);
}
