/* SPDX-License-Identifier: BSD-2-Clause */
/* The lint's files: that programs are compiled and exercises there, and which words the scripts know. */
#include "course/check_inside.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 1024, FILES_MAX = 256, FILE_MOST = 1 << 20 };

/* A plain file of no more than a lesson's size; else why not, where that is asked for. */
static bool is_readable(const struct check *c, const char *directory, const char *name,
                        const char **why)
{
    char path[PATH_SIZE + 300];
    struct stat about;
    const char *reason = NULL;
    snprintf(path, sizeof path, "%.1000s/%s/%s", c->folder, directory, name);
    if (stat(path, &about) != 0 || access(path, R_OK) != 0)
        reason = strerror(errno);
    else if (!S_ISREG(about.st_mode))
        reason = "this is no file";
    else if (about.st_size > FILE_MOST)
        reason = "this is more than 1 MiB";
    if (why) *why = reason;
    return !reason;
}

static bool has_ending(const char *name)
{
    static const char *const endings[] = { ".fl", ".md", ".c", ".h", ".S" };
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (n > strlen(endings[i]) && strcmp(name + n - strlen(endings[i]), endings[i]) == 0)
            return true;
    return false;
}

bool check_readable(struct check *c, const char *directory)
{
    char path[PATH_SIZE], file[300];
    const struct dirent *entry;
    const char *why;
    unsigned before = c->complaints;
    snprintf(path, sizeof path, "%s/%s", c->folder, directory);
    DIR *d = opendir(path);
    while (d && (entry = readdir(d))) {
        if (entry->d_name[0] == '.' || !has_ending(entry->d_name) ||
            is_readable(c, directory, entry->d_name, &why))
            continue;
        snprintf(file, sizeof file, "%s%s%.250s", directory, *directory ? "/" : "", entry->d_name);
        complain(c, file, 0, "a lesson is a folder of small plain files", "%s", why);
    }
    if (d) closedir(d);
    return c->complaints == before;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

unsigned check_each_file(const struct check *c, const char *directory, const char *ending,
                         void (*each)(struct check *c, const char *name), struct check *context)
{
    char path[PATH_SIZE], *name[FILES_MAX];
    unsigned count = 0;
    const struct dirent *entry;
    snprintf(path, sizeof path, "%s/%s", c->folder, directory);
    DIR *d = opendir(path);
    while (d && count < FILES_MAX && (entry = readdir(d))) {
        size_t n = strlen(entry->d_name), end = strlen(ending);
        if (entry->d_name[0] == '.' || n <= end || strcmp(entry->d_name + n - end, ending) != 0 ||
            !is_readable(c, directory, entry->d_name, NULL))
            continue;
        name[count] = strdup(entry->d_name);
        count += name[count] != NULL;
    }
    if (d) closedir(d);
    qsort(name, count, sizeof *name, by_name);
    for (unsigned i = 0; i < count; i++) {
        each(context, name[i]);
        free(name[i]);
    }
    return count;
}

/* A C file that has no program beside it, or an older one. */
static void check_program(struct check *c, const char *name)
{
    char source[PATH_SIZE], elf[256], path[PATH_SIZE];
    struct stat of_source, of_elf;
    snprintf(source, sizeof source, "%s/programs/%s", c->folder, name);
    snprintf(elf, sizeof elf, "%.*s.elf", (int)(strlen(name) - 2), name);
    known_add_file(&c->known, source);
    known_add(&c->known, elf);
    char tip[2 * PATH_SIZE], file[300];
    snprintf(file, sizeof file, "programs/%s", name);
    snprintf(tip, sizeof tip, "`make` compiles it; or: faultline cc %s -o %s/%s", source, c->folder,
             elf);
    if (!lesson_file(c->folder, elf, path, sizeof path))
        complain(c, file, 0, tip, "there is no compiled program %s", elf);
    else if (stat(source, &of_source) == 0 && stat(path, &of_elf) == 0 &&
             of_source.st_mtime > of_elf.st_mtime)
        complain(c, file, 0, tip, "its program %s is older than the source", elf);
}

static void learn_file(struct check *c, const char *directory, const char *name)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s%.250s", c->folder, directory, name);
    known_add_file(&c->known, path);
}

static void learn_script(struct check *c, const char *name)
{
    learn_file(c, "", name);
}

static void learn_wrong(struct check *c, const char *name)
{
    learn_file(c, "wrong/", name);
}

static void learn_source(struct check *c, const char *name)
{
    learn_file(c, "programs/", name);
}

void check_files(struct check *c)
{
    check_each_file(c, "programs", ".c", check_program, c);
    check_each_file(c, "programs", ".h", learn_source, c);
    check_each_file(c, "programs", ".S", learn_source, c);
    check_each_file(c, "", ".fl", learn_script, c);
    check_each_file(c, "wrong", ".fl", learn_wrong, c);
    for (unsigned i = 0; i < c->lesson->exercise_count; i++) {
        char name[300];
        snprintf(name, sizeof name, "programs/%.200s", c->lesson->exercise[i]);
        if (!lesson_has_file(c->folder, name))
            complain_of(c, c->lesson->exercise[i], "exercise FILE: a C file in programs/",
                        "there is no exercise %s", name);
    }
}
