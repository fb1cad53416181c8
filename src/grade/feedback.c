/* SPDX-License-Identifier: BSD-2-Clause */
/* A page of Markdown for each submission: what was reached and where, and what to look at next. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "grade/inside.h"

static void write_part(const cJSON *part, FILE *out)
{
    const cJSON *line;
    bool reached = json_bool(part, "reached");
    fprintf(out, "- [%c] %s (%g)", reached ? 'x' : ' ', json_text(part, "text"),
            json_number(part, "weight"));
    if (*json_text(part, "position")) fprintf(out, ", at %s", json_text(part, "position"));
    if (*json_text(part, "answer")) fprintf(out, ", your answer: %s", json_text(part, "answer"));
    fputc('\n', out);
    if (reached) return;
    if (*json_text(part, "mistake")) fprintf(out, "  - %s\n", json_text(part, "mistake"));
    cJSON_ArrayForEach(line, cJSON_GetObjectItem(part, "why"))
        fprintf(out, "  - %s\n", cJSON_GetStringValue(line));
}

static void write_lesson(const cJSON *lesson, FILE *out)
{
    const cJSON *part;
    fprintf(out, "\n## %s\n\n%g of %g\n\n", json_text(lesson, "title"),
            json_number(lesson, "score"), json_number(lesson, "max"));
    if (strcmp(json_text(lesson, "status"), "graded") != 0)
        fprintf(out, "%s: %s%s%s\n\n", json_text(lesson, "status"), json_text(lesson, "problem"),
                *json_text(lesson, "tip") ? "; " : "", json_text(lesson, "tip"));
    if (*json_text(lesson, "end")) fprintf(out, "It ends at %s.\n\n", json_text(lesson, "end"));
    cJSON_ArrayForEach(part, cJSON_GetObjectItem(lesson, "parts")) write_part(part, out);
}

bool feedback_write(const char *folder, const cJSON *results, struct problem *p)
{
    const cJSON *result, *lesson;
    char path[GRADE_PATH];
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return problem_set(p, "", "%.200s: %s", folder, strerror(errno));
    cJSON_ArrayForEach(result, results)
    {
        snprintf(path, sizeof path, "%.600s/%.400s.md", folder, json_text(result, "name"));
        FILE *out = fopen(path, "w");
        if (!out) return problem_set(p, "", "%.200s: %s", path, strerror(errno));
        fprintf(out, "# %s\n", json_text(result, "name"));
        cJSON_ArrayForEach(lesson, cJSON_GetObjectItem(result, "lessons"))
            write_lesson(lesson, out);
        if (fclose(out) != 0)
            return problem_set(p, "is the disk full?", "%.200s is not whole", path);
    }
    return true;
}
