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

/* The length of a UTF-8 character that may be shown; 0: it is none. */
static size_t plain_length(const unsigned char *c)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t n = *c < 0x80 ? 1 : *c >= 0xf0 ? 4 : *c >= 0xe0 ? 3 : 2;
    uint32_t code = n == 1 ? *c : *c & (0xffU >> (n + 1));
    if ((*c >= 0x80 && *c < 0xc0) || *c >= 0xf8) return 0;
    for (size_t i = 1; i < n; i++) {
        if ((c[i] & 0xc0) != 0x80) return 0;
        code = code << 6 | (c[i] & 0x3f);
    }
    bool is_control = code < ' ' || (code >= 0x7f && code < 0xa0);
    bool is_none = code < least[n] || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff ||
                   (code & 0xfffe) == 0xfffe;
    return is_control || is_none ? 0 : n;
}

void json_clean(cJSON *item)
{
    cJSON *child;
    for (char *c = item->valuestring; c && *c;) {
        size_t n = plain_length((const unsigned char *)c);
        if (!n) *c = '?';
        c += n ? n : 1;
    }
    cJSON_ArrayForEach(child, item) json_clean(child);
}

void part_why(const cJSON *part, char *text, size_t size)
{
    const char *mistake = json_text(part, "mistake");
    if (*mistake)
        snprintf(text, size, "%s", mistake);
    else
        json_lines(cJSON_GetObjectItemCaseSensitive(part, "why"), " ", text, size);
}

void results_as_json(const struct grade_options *o, const cJSON *results, FILE *out)
{
    (void)o;
    char *text = cJSON_Print(results);
    if (text) fprintf(out, "%s\n", text);
    cJSON_free(text);
}
