/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of submissions: their names, which of them is whose, and where they lie. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grade/grade.h"

static char *copy(const char *text, size_t n)
{
    char *made = strndup(text, n);
    if (!made) abort();
    return made;
}

static bool is_taken(const struct submissions *s, const char *name)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->list[i].name, name) == 0) return true;
    return false;
}

/* A name that no other has: with its ending, or else with a number. */
static char *name_for(const struct submissions *s, const char *id, const char *whole, size_t length)
{
    char *name = copy(id, strlen(id));
    for (unsigned number = 1; is_taken(s, name); number++) {
        free(name);
        name = malloc(length + 16);
        if (!name) abort();
        if (number == 1)
            snprintf(name, length + 16, "%.*s", (int)length, whole);
        else
            snprintf(name, length + 16, "%.*s-%u", (int)length, whole, number);
    }
    return name;
}

bool submissions_add(struct submissions *s, const char *path)
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/') n--;
    if (n >= GRADE_PATH / 2) return false;
    const char *name = path + n;
    while (name > path && name[-1] != '/') name--;
    size_t length = (size_t)(path + n - name);
    const char *dot = memchr(name + 1, '.', length > 0 ? length - 1 : 0);
    if ((s->count & (s->count - 1)) == 0) {
        s->list = realloc(s->list, (s->count ? s->count * 2 : 1) * sizeof *s->list);
        if (!s->list) abort();
    }
    char *id = copy(name, dot ? (size_t)(dot - name) : length);
    s->list[s->count] = (struct submission){ .name = name_for(s, id, name, length),
                                             .id = id,
                                             .path = copy(path, n) };
    s->count++;
    return true;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* The same order wherever it is graded. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

bool submissions_add_each(struct submissions *s, const char *folder, struct problem *p)
{
    struct dirent **list;
    char path[GRADE_PATH];
    int count = scandir(folder, &list, is_visible, by_bytes);
    if (count < 0) return problem_set(p, "", "%.200s: %s", folder, strerror(errno));
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
        submissions_add(s, path);
        free(list[i]);
    }
    free(list);
    return true;
}

void submissions_free(struct submissions *s)
{
    for (size_t i = 0; i < s->count; i++) {
        free(s->list[i].name);
        free(s->list[i].id);
        free(s->list[i].path);
    }
    free(s->list);
}
