/* SPDX-License-Identifier: BSD-2-Clause */
#include "normal.h"

#include <inttypes.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RF = 0x10000,
    IMAGE = 0x400000,
    IMAGE_END = 0x800000,
    WINDOW_SLOTS = 400,
    FIRST_IMAGE_SLOT = 0x80
};

static const uint64_t NO_WINDOW = UINT64_C(1) << 62;

struct normal normal_without_config(void)
{
    return (struct normal){ .window = NO_WINDOW };
}

struct normal normal_from_config(const cJSON *event)
{
    return (struct normal){ .window = strtoull(cJSON_GetObjectItem(event, "win_base")->valuestring,
                                               NULL, 16) };
}

static bool is_hex(const char *text)
{
    return strncmp(text, "0x", 2) == 0 && text[2] &&
           strspn(text + 2, "0123456789abcdef") == strlen(text + 2);
}

/* A number; capability addresses that follow from the size of the image have names. */
static cJSON *normal_number(const struct normal *n, uint64_t value, bool is_cptr)
{
    char text[32];
    if (is_cptr && value >= n->window && value < n->window + WINDOW_SLOTS)
        snprintf(text, sizeof text, "win+%" PRIu64, value - n->window);
    else if (is_cptr && n->window < NO_WINDOW && value >= FIRST_IMAGE_SLOT && value < n->window)
        snprintf(text, sizeof text, "slot");
    else if (value >= IMAGE && value < IMAGE_END)
        snprintf(text, sizeof text, "img");
    else
        snprintf(text, sizeof text, "%#" PRIx64, value);
    return cJSON_CreateString(text);
}

/* Replaces every match of a POSIX extended pattern; *text is reallocated. */
static void replace_all(char **text, const char *pattern, const char *replacement)
{
    regex_t regex;
    if (regcomp(&regex, pattern, REG_EXTENDED) != 0) abort();
    char *out = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&out, &size);
    const char *at = *text;
    for (regmatch_t m; regexec(&regex, at, 1, &m, at == *text ? 0 : REG_NOTBOL) == 0; at += m.rm_eo)
        fprintf(stream, "%.*s%s", (int)m.rm_so, at, replacement);
    fputs(at, stream);
    fclose(stream);
    regfree(&regex);
    free(*text);
    *text = out;
}

/* Numbers behind '#' and "address " are capability addresses. */
static void replace_cptrs(const struct normal *n, char **text)
{
    char *out = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&out, &size);
    for (const char *at = *text; *at;) {
        size_t skip = *at == '#' ? 1 : strncmp(at, "address 0x", 10) == 0 ? 8 : 0;
        char *end = NULL;
        uint64_t value = skip ? strtoull(at + skip, &end, 0) : 0;
        if (!skip || end == at + skip) {
            fputc(*at++, stream);
            continue;
        }
        cJSON *number = normal_number(n, value, true);
        fprintf(stream, "%.*s%s", (int)skip, at, number->valuestring);
        cJSON_Delete(number);
        at = end;
    }
    fclose(stream);
    free(*text);
    *text = out;
}

static cJSON *normal_kernel_print(const struct normal *n, const cJSON *event)
{
    char *text = strdup(cJSON_GetObjectItem(event, "text")->valuestring);
    replace_all(&text, "\x1b\\[[0-9;?]*[A-Za-z]", "");
    replace_all(&text, "/[0-9]+ T0x[0-9a-f]+ ", " ");
    replace_all(&text, " @[0-9a-f]+\\]", "]");
    replace_all(&text, "in thread 0x[0-9a-f]+", "in thread T");
    replace_all(&text, "0xffffff80[0-9a-f]{8}", "kptr");
    replace_all(&text, "0x[4567][0-9a-f]{5}([^0-9a-f]|$)", "img ");
    replace_all(&text, "watchpoint address [4567][0-9a-f]{5} ", "watchpoint address img ");
    replace_cptrs(n, &text);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "ev", "kprint");
    cJSON_AddStringToObject(out, "text", text);
    free(text);
    return out;
}

static cJSON *normal_dump(const cJSON *event)
{
    cJSON *out = cJSON_CreateObject(), *rows = cJSON_AddArrayToObject(out, "tcbs");
    cJSON_AddStringToObject(out, "ev", "sched");
    const cJSON *row;
    cJSON_ArrayForEach(row, cJSON_GetObjectItem(event, "tcbs"))
    {
        const char *name = cJSON_GetObjectItem(row, "name")->valuestring;
        if (strcmp(name, "watchdog") == 0 || strcmp(name, "idle_thread") == 0) continue;
        cJSON *copy = cJSON_Duplicate(row, true);
        cJSON_DeleteItemFromObject(copy, "ip");
        cJSON_AddItemToArray(rows, copy);
    }
    return out;
}

/* A place in the program by the symbol that the probe gives it. Inside a C function the offset is the
 * compiler's. */
static cJSON *normal_symbol(const cJSON *symbol)
{
    bool is_c = strncmp(symbol->valuestring, "handler+", 8) == 0;
    return cJSON_CreateString(is_c ? "handler" : symbol->valuestring);
}

/* Which words of a fault message are flags, and which a capability address; -1: none. */
struct fault_words {
    const char *kind;
    int flags, cptr;
};

static struct fault_words fault_words_of(const char *kind)
{
    static const struct fault_words known[] = { { "UserException", 2, -1 },
                                                { "UnknownSyscall", 17, -1 },
                                                { "CapFault", -1, 1 } };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].kind, kind) == 0) return known[i];
    return (struct fault_words){ kind, -1, -1 };
}

static cJSON *normal_fault(const struct normal *n, const cJSON *event)
{
    struct fault_words words = fault_words_of(cJSON_GetObjectItem(event, "kind")->valuestring);
    cJSON *out = cJSON_Duplicate(event, true), *mr = cJSON_CreateArray();
    const cJSON *word;
    cJSON_ArrayForEach(word, cJSON_GetObjectItem(event, "mr"))
    {
        const cJSON *symbol = cJSON_GetObjectItem(word, "sym");
        int i = cJSON_GetObjectItem(word, "i")->valueint;
        uint64_t value = strtoull(cJSON_GetObjectItem(word, "v")->valuestring, NULL, 16);
        if (i == words.flags) value &= ~(uint64_t)RF;
        cJSON_AddItemToArray(mr, symbol ? normal_symbol(symbol)
                                        : normal_number(n, value, i == words.cptr));
    }
    cJSON_ReplaceItemInObject(out, "mr", mr);
    return out;
}

static cJSON *walk(const struct normal *n, const cJSON *item, const char *key, bool cptr);

static cJSON *walk_object(const struct normal *n, const cJSON *item, const char *key, bool cptr)
{
    const cJSON *value = cJSON_GetObjectItem(item, "v"), *symbol = cJSON_GetObjectItem(item, "sym");
    if (value && symbol) return normal_symbol(symbol);
    if (value) return walk(n, value, key, cptr || (key && strcmp(key, "rdi") == 0));
    cJSON *out = cJSON_CreateObject();
    const cJSON *label = cJSON_GetObjectItem(item, "label");
    if (label && label->valueint > 1000 &&
        label->valueint < 5000) { /* nothing came: the register kept its value */
        cJSON_AddItemToObject(out, "badge",
                              cJSON_Duplicate(cJSON_GetObjectItem(item, "badge"), true));
        return out;
    }
    const cJSON *length = cJSON_GetObjectItem(item, "len");
    bool is_empty = length && length->valueint == 0; /* MR0 is what the receiver had in R10 */
    const cJSON *kind = cJSON_GetObjectItem(item, "ev");
    bool invoke = cJSON_IsString(kind) && strcmp(kind->valuestring, "invoke") == 0;
    const cJSON *child;
    cJSON_ArrayForEach(child, item)
    {
        if (is_empty && strcmp(child->string, "mr0") == 0) continue;
        cJSON_AddItemToObject(out, child->string, walk(n, child, child->string, cptr || invoke));
    }
    return out;
}

static cJSON *walk(const struct normal *n, const cJSON *item, const char *key, bool cptr)
{
    if (cJSON_IsObject(item)) return walk_object(n, item, key, cptr);
    if (cJSON_IsArray(item)) {
        cJSON *out = cJSON_CreateArray();
        const cJSON *child;
        cJSON_ArrayForEach(child, item) cJSON_AddItemToArray(out, walk(n, child, key, cptr));
        return out;
    }
    if (!cJSON_IsString(item) || !is_hex(item->valuestring)) return cJSON_Duplicate(item, true);
    uint64_t value = strtoull(item->valuestring, NULL, 16);
    bool flags = key && strcmp(key, "rflags") == 0;
    return normal_number(n, flags ? value & ~(uint64_t)RF : value, cptr);
}

/* Threads of compiled C: their registers are the compiler's, but where they are is not. */
static cJSON *normal_registers(const struct normal *n, const cJSON *event)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "ev", "regs");
    cJSON_AddItemToObject(out, "thread",
                          cJSON_Duplicate(cJSON_GetObjectItem(event, "thread"), true));
    const cJSON *rip = cJSON_GetObjectItem(cJSON_GetObjectItem(event, "r"), "rip");
    cJSON_AddItemToObject(out, "rip", walk(n, rip, NULL, false));
    return out;
}

static bool is(const cJSON *event, const char *field, const char *value)
{
    const cJSON *item = cJSON_GetObjectItem(event, field);
    return cJSON_IsString(item) && strcmp(item->valuestring, value) == 0;
}

cJSON *normal_event(const struct normal *n, const cJSON *event)
{
    static const char *const free_fields[] = { "step", "raw", "tsc", "tsc_per", "first_free_slot" };
    cJSON *copy = cJSON_Duplicate(event, true), *out;
    for (size_t i = 0; i < sizeof free_fields / sizeof free_fields[0]; i++)
        cJSON_DeleteItemFromObject(copy, free_fields[i]);
    if (is(copy, "ev", "kprint"))
        out = normal_kernel_print(n, copy);
    else if (is(copy, "ev", "sched"))
        out = normal_dump(copy);
    else if (is(copy, "ev", "fault") && cJSON_IsArray(cJSON_GetObjectItem(copy, "mr")))
        out = normal_fault(n, copy);
    else if (is(copy, "ev", "regs") && !is(copy, "thread", "faulter"))
        out = normal_registers(n, copy);
    else
        out = walk(n, copy, NULL, false);
    cJSON_Delete(copy);
    return out;
}
