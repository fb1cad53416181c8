/* SPDX-License-Identifier: BSD-2-Clause */
/* Results of several runs, as one: what `grade --format json` wrote on several machines. A file may hold one
 * array after the other. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "grade/inside.h"
#include "world/path.h"

enum { MERGE_MAX = 1 << 30 };

static char *read_whole(const char *path, struct problem *p)
{
    struct stat about;
    FILE *in = fopen(path, "r");
    if (!in || fstat(fileno(in), &about) != 0 || about.st_size > MERGE_MAX) {
        problem_set(p, "", "%.200s: %s", path, in ? "too large" : strerror(errno));
        if (in) fclose(in);
        return NULL;
    }
    char *text = malloc((size_t)about.st_size + 1);
    if (!text) abort();
    text[fread(text, 1, (size_t)about.st_size, in)] = '\0';
    fclose(in);
    return text;
}

static bool is_result(const cJSON *item)
{
    return cJSON_IsObject(item) && *json_text(item, "name") &&
           cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(item, "lessons"));
}

static bool is_taken(const cJSON *all, const char *name)
{
    const cJSON *other;
    cJSON_ArrayForEach(other, all)
    {
        if (strcmp(json_text(other, "name"), name) == 0) return true;
    }
    return false;
}

/* Two of one name, from two runs, are told apart as in one run: a feedback file is named so. A slash cannot
 * be in one. */
static void rename_second(const cJSON *all, cJSON *item)
{
    char name[600], first[560];
    bool whole = is_taken(all, json_text(item, "name")) && *json_text(item, "file");
    snprintf(first, sizeof first, "%.500s", json_text(item, whole ? "file" : "name"));
    for (char *c = first; *c; c++)
        if (*c == '/') *c = '?';
    snprintf(name, sizeof name, "%s", first);
    for (unsigned number = 2; is_taken(all, name); number++)
        snprintf(name, sizeof name, "%s-%u", first, number);
    cJSON_ReplaceItemInObject(item, "name", cJSON_CreateString(name));
}

/* Moves the results of an array; false: there is something else in it. */
static bool take_array(cJSON *all, cJSON *array)
{
    cJSON *item;
    if (!cJSON_IsArray(array)) return false;
    while ((item = cJSON_DetachItemFromArray(array, 0))) {
        if (!is_result(item)) {
            cJSON_Delete(item);
            return false;
        }
        json_clean(item);
        rename_second(all, item);
        cJSON_AddItemToArray(all, item);
    }
    return true;
}

static bool take_file(cJSON *all, const char *path, struct problem *p)
{
    char *text = read_whole(path, p);
    const char *at = text;
    bool good = text != NULL;
    while (good && at[strspn(at, " \t\r\n")]) {
        cJSON *array = cJSON_ParseWithOpts(at, &at, false);
        good = take_array(all, array) ||
               problem_set(p, "faultline grade … --format json -o FILE makes some",
                           "%.200s holds no results", path_name(path));
        cJSON_Delete(array);
    }
    free(text);
    return good;
}

/* The lessons as the first submission has them. */
static void name_lessons(struct grade_options *o, const cJSON *all)
{
    const cJSON *lesson;
    o->lesson_count = 0;
    cJSON_ArrayForEach(lesson, cJSON_GetObjectItem(cJSON_GetArrayItem(all, 0), "lessons"))
    {
        if (o->lesson_count == GRADE_LESSONS) break;
        struct grade_lesson *l = &o->lesson[o->lesson_count++];
        *l = (struct grade_lesson){ .weight = json_number(lesson, "weight") };
        snprintf(l->folder, sizeof l->folder, "%.500s", json_text(lesson, "lesson"));
    }
}

cJSON *grade_merge(struct grade_options *o, const struct submissions *files, struct problem *p)
{
    cJSON *all = cJSON_CreateArray();
    for (size_t i = 0; i < files->count; i++) {
        if (take_file(all, files->list[i].path, p)) continue;
        cJSON_Delete(all);
        return NULL;
    }
    name_lessons(o, all);
    return all;
}
