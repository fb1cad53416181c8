/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading results: what is missing is empty, 0 or false. */
#include <string.h>

#include "grade/inside.h"

const char *json_text(const cJSON *object, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    return text ? text : "";
}

double json_number(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

bool json_bool(const cJSON *object, const char *key)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, key));
}

void json_lines(const cJSON *array, const char *between, char *text, size_t size)
{
    const cJSON *line;
    size_t used = 0;
    if (size) text[0] = '\0';
    cJSON_ArrayForEach(line, array)
    {
        const char *words = cJSON_GetStringValue(line);
        if (!words || used + 1 >= size) continue;
        int n = snprintf(text + used, size - used, "%s%s", used ? between : "", words);
        used += n > 0 ? (size_t)n : 0;
    }
}

void part_why(const cJSON *part, char *text, size_t size)
{
    const char *mistake = json_text(part, "mistake");
    if (*mistake)
        snprintf(text, size, "%s", mistake);
    else
        json_lines(cJSON_GetObjectItemCaseSensitive(part, "why"), " ", text, size);
}

void write_json(const struct grade_options *o, const cJSON *results, FILE *out)
{
    (void)o;
    char *text = cJSON_Print(results);
    if (text) fprintf(out, "%s\n", text);
    cJSON_free(text);
}
