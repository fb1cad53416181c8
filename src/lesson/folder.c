/* SPDX-License-Identifier: BSD-2-Clause */
/* Where lessons lie: a folder each, named by number and subject, in lessons/ of the shared files. */
#include "lesson/lesson.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "world/path.h"
#include "world/share.h"

enum { FOLDER_SIZE = 512, LESSONS_MAX = 256, LESSON_NAME_MOST = 40 };

/* Whether a folder's name is the one that is meant: by its number, or by its name. */
static bool is_meant(const char *name, const char *which)
{
    char *end, *own_end;
    unsigned long number = strtoul(which, &end, 10), own = strtoul(name, &own_end, 10);
    if (own_end == name) return false;
    return strcmp(name, which) == 0 || (end != which && *end == '\0' && number == own);
}

const char *lesson_name(const struct lesson *lesson)
{
    return path_name(lesson->folder);
}

bool lesson_is_named_well(const char *folder)
{
    char *whole = realpath(folder, NULL); /* ".", "x/" */
    const char *name = path_name(whole ? whole : folder);
    size_t n = 0;
    while (isalnum((unsigned char)name[n]) || (name[n] && strchr("._-", name[n]))) n++;
    bool good = n > 0 && n <= LESSON_NAME_MOST && !name[n] && name[0] != '.' && name[0] != '-';
    free(whole);
    return good;
}

bool lesson_has_file(const char *folder, const char *name)
{
    char path[FOLDER_SIZE * 2];
    return (size_t)snprintf(path, sizeof path, "%s/%s", folder, name) < sizeof path &&
           access(path, R_OK) == 0;
}

static bool has_lesson(const char *folder)
{
    return lesson_has_file(folder, "lesson.md");
}

/* A path that does not end in the folder's name: ".", "../", "x/". */
static bool has_no_name(const char *path)
{
    const char *last = path_name(path);
    return !*last || strcmp(last, ".") == 0 || strcmp(last, "..") == 0;
}

static bool take_path(const char *path, char *folder, size_t size)
{
    char *whole = has_no_name(path) ? realpath(path, NULL) : NULL;
    bool fits = (size_t)snprintf(folder, size, "%s", whole ? whole : path) < size;
    free(whole);
    return fits && has_lesson(folder);
}

bool lesson_find(const char *which, char *folder, size_t size, struct problem *p)
{
    char share[FOLDER_SIZE - 64], lessons[FOLDER_SIZE];
    const struct dirent *entry;
    bool found = false;
    if (take_path(which, folder, size)) return true;
    if (!share_directory(share, sizeof share))
        return problem_set(p, "set FAULTLINE_SHARE", "the lessons' files are not found");
    snprintf(lessons, sizeof lessons, "%s/lessons", share);
    DIR *directory = opendir(lessons);
    while (directory && !found && (entry = readdir(directory)))
        found = is_meant(entry->d_name, which) &&
                (size_t)snprintf(folder, size, "%s/%s", lessons, entry->d_name) < size &&
                has_lesson(folder);
    if (directory) closedir(directory);
    return found || problem_set(p, "`faultline lesson` lists those that there are",
                                "there is no lesson %.40s", which);
}

static int by_number(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    unsigned long i = strtoul(x, NULL, 10), j = strtoul(y, NULL, 10);
    return i == j ? strcmp(x, y) : i < j ? -1 : 1;
}

void lessons_each(void (*each)(void *context, const char *folder), void *context)
{
    char share[FOLDER_SIZE - 64], lessons[FOLDER_SIZE], folder[FOLDER_SIZE * 2], *name[LESSONS_MAX];
    const struct dirent *entry;
    size_t count = 0;
    if (!share_directory(share, sizeof share)) return;
    snprintf(lessons, sizeof lessons, "%s/lessons", share);
    DIR *directory = opendir(lessons);
    while (directory && count < LESSONS_MAX && (entry = readdir(directory))) {
        snprintf(folder, sizeof folder, "%s/%s", lessons, entry->d_name);
        if (!strchr("123456789", entry->d_name[entry->d_name[0] == '0']) || !has_lesson(folder))
            continue;
        name[count] = strdup(entry->d_name);
        count += name[count] != NULL;
    }
    if (directory) closedir(directory);
    qsort(name, count, sizeof *name, by_number);
    for (size_t i = 0; i < count; i++) {
        snprintf(folder, sizeof folder, "%s/%s", lessons, name[i]);
        each(context, folder);
        free(name[i]);
    }
}

bool lesson_folder_of(const char *script, char *folder, size_t size)
{
    char *whole = realpath(script, NULL);
    bool found = false;
    for (unsigned up = 0; whole && !found && up < 2; up++) { /* solution.fl; wrong/x.fl */
        *strrchr(whole, '/') = '\0';
        found = has_lesson(whole) && (size_t)snprintf(folder, size, "%s", whole) < size;
        if (!strchr(whole, '/')) break;
    }
    free(whole);
    return found;
}

/* FOLDER/NAME, or what make built for it. */
static bool find_in(const char *folder, const char *name, char *path, size_t size)
{
    char shared[FOLDER_SIZE * 2];
    if ((size_t)snprintf(path, size, "%s/%s", folder, name) < size && access(path, R_OK) == 0)
        return true;
    int length = snprintf(shared, sizeof shared, "lessons/%s/%s", path_name(folder), name);
    return length > 0 && (size_t)length < sizeof shared && share_file(shared, path, size);
}

bool lesson_file(const char *folder, const char *name, char *path, size_t size)
{
    char shared[FOLDER_SIZE];
    if (name[0] == '/') return false;
    if (folder && find_in(folder, name, path, size)) return true;
    int length = snprintf(shared, sizeof shared, "lessons/%s", name);
    return strchr(name, '/') && length > 0 && (size_t)length < sizeof shared &&
           share_file(shared, path, size);
}

static void each_file_in(const char *directory, const char *ending,
                         void (*each)(void *context, const char *name), void *context)
{
    const struct dirent *entry;
    size_t end = strlen(ending);
    DIR *d = opendir(directory);
    while (d && (entry = readdir(d))) {
        size_t n = strlen(entry->d_name);
        if (n > end && strcmp(entry->d_name + n - end, ending) == 0) each(context, entry->d_name);
    }
    if (d) closedir(d);
}

void lesson_each_file(const char *folder, const char *ending,
                      void (*each)(void *context, const char *name), void *context)
{
    char name[FOLDER_SIZE], built[FOLDER_SIZE * 2];
    each_file_in(folder, ending, each, context);
    snprintf(name, sizeof name, "lessons/%s", path_name(folder));
    if (share_file(name, built, sizeof built) && strcmp(built, folder) != 0)
        each_file_in(built, ending, each, context);
}
