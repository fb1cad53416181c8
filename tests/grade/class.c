/* SPDX-License-Identifier: BSD-2-Clause */
#include "grade/class.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "place.h"

void class_path(const struct class *c, const char *name, char path[2 * CLASS_PATH])
{
    snprintf(path, 2 * CLASS_PATH, "%s/%s", c->folder, name);
}

void class_put_bytes(const struct class *c, const char *name, const void *bytes, size_t size)
{
    char path[2 * CLASS_PATH];
    class_path(c, name, path);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, size, out), size);
    assert_int_equal(fclose(out), 0);
}

void class_put(const struct class *c, const char *name, const char *text)
{
    class_put_bytes(c, name, text, strlen(text));
}

void class_copy(const struct class *c, const char *name, const char *from)
{
    static char text[1 << 18];
    FILE *in = fopen(from, "r");
    assert_non_null(in);
    class_put_bytes(c, name, text, fread(text, 1, sizeof text, in));
    fclose(in);
}

void class_choose(struct class *c, const char *lesson)
{
    snprintf(c->o.lesson[0].folder, sizeof c->o.lesson[0].folder, "lessons/%s", lesson);
}

int class_begin(void **state)
{
    struct class *c = calloc(1, sizeof *c);
    if (!c) return -1;
    c->o = (struct grade_options){ .lesson_count = 1, .max_steps = 2000000, .seconds = 3600 };
    c->o.lesson[0] = (struct grade_lesson){ .weight = 1 };
    class_choose(c, "01-first-fault");
    *state = c;
    return place_make(c->folder, "class");
}

int class_end(void **state)
{
    struct class *c = *state;
    int status = place_remove(c->folder);
    free(c);
    return status;
}

cJSON *class_grade(struct class *c)
{
    struct submissions s = { 0 };
    struct problem p;
    assert_true(submissions_add_each(&s, c->folder, &p));
    cJSON *results = grade_all(&c->o, &s);
    assert_int_equal(cJSON_GetArraySize(results), s.count);
    submissions_free(&s);
    return results;
}

const cJSON *class_lesson(const cJSON *results, const char *name)
{
    const cJSON *result;
    cJSON_ArrayForEach(result, results)
    {
        if (strcmp(json_text(result, "name"), name) == 0)
            return cJSON_GetArrayItem(cJSON_GetObjectItem(result, "lessons"), 0);
    }
    fail_msg("nobody is called %s", name);
    return NULL;
}

const cJSON *class_part(const cJSON *lesson, const char *id)
{
    const cJSON *part;
    cJSON_ArrayForEach(part, cJSON_GetObjectItem(lesson, "parts"))
    {
        if (strcmp(json_text(part, "id"), id) == 0) return part;
    }
    fail_msg("there is no part %s", id);
    return NULL;
}

void class_expect(const cJSON *results, const char *name, const char *status, const char *problem,
                  double score)
{
    const cJSON *lesson = class_lesson(results, name);
    if (strcmp(json_text(lesson, "status"), status) != 0 ||
        !strstr(json_text(lesson, "problem"), problem) || json_number(lesson, "score") < score ||
        json_number(lesson, "score") > score)
        fail_msg("%s: %s: %s (%g)", name, json_text(lesson, "status"), json_text(lesson, "problem"),
                 json_number(lesson, "score"));
    assert_true(json_number(lesson, "max") > 0);
}

const char class_right[] = "mint fault_ep faulter_cspace/fault badge BADGE\n"
                           "as handler\n"
                           "recv fault_ep\n"
                           "as faulter\n"
                           "read 0x10000000\n"
                           "as handler\n"
                           "answer no\n"
                           "reply\n"
                           "recv fault_ep\n"
                           "map frame faulter_vspace 0x10000000\n"
                           "reply\n"
                           "recv fault_ep\n";
