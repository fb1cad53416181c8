/* SPDX-License-Identifier: BSD-2-Clause */
#include "grade/schema.h"

#include <stdio.h>
#include <string.h>

struct check {
    char *why;
    size_t size;
};

static bool holds(const struct check *c, const cJSON *schema, const cJSON *value);

static bool wrong(const struct check *c, const char *word, const cJSON *value)
{
    char *text = cJSON_PrintUnformatted(value);
    snprintf(c->why, c->size, "%s: %s: %.200s", word, value && value->string ? value->string : "",
             text ? text : "nothing");
    cJSON_free(text);
    return false;
}

static bool is_type(const char *type, const cJSON *value)
{
    return strcmp(type, "object") == 0    ? cJSON_IsObject(value)
           : strcmp(type, "array") == 0   ? cJSON_IsArray(value)
           : strcmp(type, "string") == 0  ? cJSON_IsString(value)
           : strcmp(type, "number") == 0  ? cJSON_IsNumber(value)
           : strcmp(type, "boolean") == 0 ? cJSON_IsBool(value)
           : strcmp(type, "null") == 0    ? cJSON_IsNull(value)
           : strcmp(type, "integer") == 0
               ? cJSON_IsNumber(value) && !(value->valuedouble > value->valueint) &&
                     !(value->valuedouble < value->valueint)
               : false;
}

static bool any_type(const struct check *c, const cJSON *types, const cJSON *value)
{
    const cJSON *type;
    bool one = cJSON_IsString(types) && is_type(types->valuestring, value);
    cJSON_ArrayForEach(type, types) one |= is_type(type->valuestring, value);
    return one || wrong(c, "type", value);
}

static bool one_of(const struct check *c, const cJSON *list, const cJSON *value)
{
    const cJSON *choice;
    cJSON_ArrayForEach(choice, list)
    {
        if (cJSON_Compare(choice, value, true)) return true;
    }
    return wrong(c, "enum", value);
}

static bool has_all(const struct check *c, const cJSON *names, const cJSON *value)
{
    const cJSON *name;
    if (!cJSON_IsObject(value)) return true;
    cJSON_ArrayForEach(name, names)
    {
        if (!cJSON_GetObjectItemCaseSensitive(value, name->valuestring))
            return wrong(c, name->valuestring, value);
    }
    return true;
}

static bool properties(const struct check *c, const cJSON *schema, const cJSON *value)
{
    const cJSON *known = cJSON_GetObjectItem(schema, "properties"), *item;
    bool closed = cJSON_IsFalse(cJSON_GetObjectItem(schema, "additionalProperties"));
    if (!cJSON_IsObject(value)) return true;
    cJSON_ArrayForEach(item, value)
    {
        const cJSON *own = cJSON_GetObjectItemCaseSensitive(known, item->string);
        if (own ? !holds(c, own, item) : closed && !wrong(c, "additionalProperties", item))
            return false;
    }
    return true;
}

static bool items(const struct check *c, const cJSON *schema, const cJSON *value)
{
    const cJSON *item;
    if (!cJSON_IsArray(value)) return true;
    cJSON_ArrayForEach(item, value)
    {
        if (!holds(c, schema, item)) return false;
    }
    return true;
}

static bool bound(const struct check *c, const cJSON *rule, const cJSON *value)
{
    double limit = rule->valuedouble;
    double length = cJSON_IsString(value) ? (double)strlen(value->valuestring) : 0;
    bool good = strcmp(rule->string, "minimum") == 0
                    ? !cJSON_IsNumber(value) || value->valuedouble >= limit
                : strcmp(rule->string, "minLength") == 0 ? !cJSON_IsString(value) || length >= limit
                : strcmp(rule->string, "maxLength") == 0 ? !cJSON_IsString(value) || length <= limit
                : strcmp(rule->string, "minItems") == 0
                    ? !cJSON_IsArray(value) || cJSON_GetArraySize(value) >= limit
                    : false; /* no word that is known */
    return good || wrong(c, rule->string, value);
}

static bool holds(const struct check *c, const cJSON *schema, const cJSON *value)
{
    const cJSON *rule;
    cJSON_ArrayForEach(rule, schema)
    {
        const char *word = rule->string;
        bool good = strcmp(word, "type") == 0         ? any_type(c, rule, value)
                    : strcmp(word, "enum") == 0       ? one_of(c, rule, value)
                    : strcmp(word, "required") == 0   ? has_all(c, rule, value)
                    : strcmp(word, "properties") == 0 ? properties(c, schema, value)
                    : strcmp(word, "items") == 0      ? items(c, rule, value)
                    : strcmp(word, "description") == 0 || strcmp(word, "additionalProperties") == 0
                        ? true
                        : bound(c, rule, value);
        if (!good) return false;
    }
    return true;
}

bool schema_holds(const cJSON *schema, const cJSON *value, char *why, size_t size)
{
    const struct check c = { why, size };
    why[0] = '\0';
    return schema && value && holds(&c, schema, value);
}
