/* SPDX-License-Identifier: BSD-2-Clause */
/* The lint's files: that programs are compiled and exercises there, and which words the scripts know. */
#include "course/check_inside.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_SIZE = 1024, FILES_MAX = 256 };

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
        if (entry->d_name[0] == '.' || n <= end || strcmp(entry->d_name + n - end, ending) != 0)
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
