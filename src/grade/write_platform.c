/* SPDX-License-Identifier: BSD-2-Clause */
/* Results as the platforms want them: Gradescope, Exercism (version 3), check50. Each takes one
 * submission, the first. */
#include <string.h>

#include "grade/inside.h"
#include "world/path.h"

enum { WHY = 1200, EXERCISM_OUTPUT = 500 };

static void print(cJSON *object, FILE *out)
{
    char *text = cJSON_Print(object);
    if (text) fprintf(out, "%s\n", text);
    cJSON_free(text);
    cJSON_Delete(object);
}

/* "1 of 22: " in front when several lessons are graded. */
static void part_name(const struct grade_options *o, const cJSON *lesson, const cJSON *part,
                      char *name, size_t size)
{
    if (o->lesson_count > 1)
        snprintf(name, size, "%s: %s", json_text(lesson, "lesson"), json_text(part, "text"));
    else
        snprintf(name, size, "%s", json_text(part, "text"));
}

/* Why the submission as a whole could not be graded; "" when it was. */
static void trouble(const cJSON *result, char *text, size_t size)
{
    const cJSON *lesson;
    text[0] = '\0';
    cJSON_ArrayForEach(lesson, cJSON_GetObjectItem(result, "lessons"))
    {
        if (strcmp(json_text(lesson, "status"), "graded") == 0 || *text) continue;
        snprintf(text, size, "%s: %s", json_text(lesson, "lesson"), json_text(lesson, "problem"));
    }
}

/* ---- Gradescope ---- */

static void gradescope_test(const struct grade_options *o, const cJSON *lesson, const cJSON *part,
                            const char *number, double scale, cJSON *tests)
{
    char name[400], why[WHY];
    bool reached = json_bool(part, "reached");
    double weight = json_number(part, "weight") * scale;
    cJSON *test = cJSON_CreateObject();
    part_name(o, lesson, part, name, sizeof name);
    part_why(part, why, sizeof why);
    cJSON_AddNumberToObject(test, "score", reached ? weight : 0);
    cJSON_AddNumberToObject(test, "max_score", weight);
    cJSON_AddStringToObject(test, "status", reached ? "passed" : "failed");
    cJSON_AddStringToObject(test, "name", name);
    cJSON_AddStringToObject(test, "number", number);
    cJSON_AddStringToObject(test, "output", reached ? "" : why);
    cJSON_AddStringToObject(test, "visibility", "visible");
    cJSON_AddItemToArray(tests, test);
}

void results_as_gradescope(const struct grade_options *o, const cJSON *results, FILE *out)
{
    const cJSON *result = cJSON_GetArrayItem(results, 0), *lesson, *part;
    cJSON *object = cJSON_CreateObject(), *tests;
    char text[WHY], number[32];
    unsigned at = 0;
    trouble(result, text, sizeof text);
    cJSON_AddNumberToObject(object, "score", json_number(result, "score"));
    cJSON_AddNumberToObject(object, "execution_time", json_number(result, "seconds"));
    cJSON_AddStringToObject(object, "output", text);
    cJSON_AddStringToObject(object, "visibility", "visible");
    cJSON_AddStringToObject(object, "stdout_visibility", "hidden");
    tests = cJSON_AddArrayToObject(object, "tests");
    cJSON_ArrayForEach(lesson, cJSON_GetObjectItem(result, "lessons"))
    {
        double max = json_number(lesson, "max"), weight = json_number(lesson, "weight");
        double scale = o->lesson_count > 1 && max > 0 ? weight / max : 1;
        unsigned goal = 0;
        at++;
        cJSON_ArrayForEach(part, cJSON_GetObjectItem(lesson, "parts"))
        {
            snprintf(number, sizeof number, "%u.%u", at, ++goal);
            gradescope_test(o, lesson, part, number, scale, tests);
        }
    }
    print(object, out);
}

/* ---- Exercism ---- */

struct exercism {
    const cJSON *lesson, *part;
    bool judged;
};

/* Whether anything of it was judged: else, as where nothing compiles, all is an error. */
static bool was_judged(const cJSON *result)
{
    static const char *const judged[] = { "graded", "stopped", "limit" };
    const cJSON *lesson;
    cJSON_ArrayForEach(lesson, cJSON_GetObjectItem(result, "lessons"))
    {
        for (size_t i = 0; i < sizeof judged / sizeof *judged; i++)
            if (strcmp(json_text(lesson, "status"), judged[i]) == 0) return true;
    }
    return false;
}

/* `trouble`: why a submission stopped, in front of what is not reached; "" for none. */
static void exercism_test(const struct grade_options *o, const struct exercism *x,
                          const char *trouble, cJSON *tests)
{
    char name[400], why[WHY], message[2 * WHY];
    bool reached = json_bool(x->part, "reached");
    cJSON *test = cJSON_CreateObject();
    part_name(o, x->lesson, x->part, name, sizeof name);
    part_why(x->part, why, sizeof why);
    snprintf(message, sizeof message, "%s%s%s", trouble, *trouble && *why ? "\n" : "",
             *why || *trouble ? why : "not reached");
    cJSON_AddStringToObject(test, "name", name);
    cJSON_AddStringToObject(test, "status", reached ? "pass" : x->judged ? "fail" : "error");
    if (!reached) cJSON_AddStringToObject(test, "message", message);
    cJSON_AddStringToObject(test, "output", "");
    cJSON_AddStringToObject(test, "test_code", json_text(x->part, "id"));
    cJSON_AddItemToArray(tests, test);
}

void results_as_exercism(const struct grade_options *o, const cJSON *results, FILE *out)
{
    const cJSON *result = cJSON_GetArrayItem(results, 0);
    cJSON *object = cJSON_CreateObject(), *tests = cJSON_CreateArray();
    struct exercism x = { .judged = was_judged(result) };
    char text[WHY];
    bool all = true;
    trouble(result, text, sizeof text);
    cJSON_ArrayForEach(x.lesson, cJSON_GetObjectItem(result, "lessons"))
    {
        cJSON_ArrayForEach(x.part, cJSON_GetObjectItem(x.lesson, "parts"))
        {
            bool first = all && !json_bool(x.part, "reached");
            exercism_test(o, &x, first && x.judged ? text : "", tests);
            all &= !first;
        }
    }
    cJSON_AddNumberToObject(object, "version", 3);
    cJSON_AddStringToObject(object, "status", !x.judged ? "error" : all ? "pass" : "fail");
    if (x.judged) /* the interface wants none then */
        cJSON_AddNullToObject(object, "message");
    else
        cJSON_AddStringToObject(object, "message", *text ? text : "nothing could be graded");
    cJSON_AddItemToObject(object, "tests", tests);
    print(object, out);
}

/* ---- check50 ---- */

static cJSON *check50_cause(const cJSON *part)
{
    char why[WHY], wanted[400];
    cJSON *cause = cJSON_CreateObject();
    part_why(part, why, sizeof why);
    snprintf(wanted, sizeof wanted, "%s", json_text(part, "text"));
    cJSON_AddStringToObject(cause, "rationale", *why ? why : "not reached");
    cJSON_AddNullToObject(cause, "help");
    cJSON_AddStringToObject(cause, "expected", wanted);
    return cause;
}

static void check50_result(const cJSON *lesson, const cJSON *part, cJSON *list)
{
    cJSON *object = cJSON_CreateObject();
    char name[300];
    bool reached = json_bool(part, "reached");
    snprintf(name, sizeof name, "%.140s.%.140s", json_text(lesson, "lesson"),
             json_text(part, "id"));
    cJSON_AddStringToObject(object, "name", name);
    cJSON_AddStringToObject(object, "description", json_text(part, "text"));
    cJSON_AddBoolToObject(object, "passed", reached);
    cJSON_AddArrayToObject(object, "log");
    if (reached)
        cJSON_AddNullToObject(object, "cause");
    else
        cJSON_AddItemToObject(object, "cause", check50_cause(part));
    cJSON_AddObjectToObject(object, "data");
    cJSON_AddNullToObject(object, "dependency");
    cJSON_AddItemToArray(list, object);
}

void results_as_check50(const struct grade_options *o, const cJSON *results, FILE *out)
{
    const cJSON *result = cJSON_GetArrayItem(results, 0), *lesson, *part;
    cJSON *object = cJSON_CreateObject(), *list;
    char slug[700];
    snprintf(slug, sizeof slug, "faultline/%s", path_name(o->lesson[0].folder));
    cJSON_AddStringToObject(object, "slug", slug);
    list = cJSON_AddArrayToObject(object, "results");
    cJSON_ArrayForEach(lesson, cJSON_GetObjectItem(result, "lessons"))
    {
        cJSON_ArrayForEach(part, cJSON_GetObjectItem(lesson, "parts"))
            check50_result(lesson, part, list);
    }
    cJSON_AddStringToObject(object, "version", FAULTLINE_VERSION);
    print(object, out);
}
