/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads both forms of a probe's output into events by case. */
#include "cases.h"

#include <stdlib.h>
#include <string.h>

#include "normal.h"

struct reader {
    cJSON *cases;
    cJSON *dump;     /* rows of a scheduler dump that is being read */
    char *case_name; /* that the serial log is in; NULL before the first */
    struct normal normal;
};

/* Files an event under its case, made equal. Takes the event over. */
static void file_event(struct reader *r, const char *case_name, cJSON *event)
{
    const cJSON *kind = cJSON_GetObjectItem(event, "ev");
    if (cJSON_IsString(kind) && strcmp(kind->valuestring, "config") == 0) {
        r->normal = normal_from_config(event);
    } else if (case_name) {
        cJSON *list = cJSON_GetObjectItem(r->cases, case_name);
        if (!list) list = cJSON_AddArrayToObject(r->cases, case_name);
        cJSON_AddItemToArray(list, normal_event(&r->normal, event));
    }
    cJSON_Delete(event);
}

static void file_own_event(struct reader *r, cJSON *event)
{
    const cJSON *name = cJSON_GetObjectItem(event, "case");
    char *copy = cJSON_IsString(name) ? strdup(name->valuestring) : NULL;
    cJSON_DeleteItemFromObject(event, "case");
    file_event(r, copy, event);
    free(copy);
}

static struct reader reader_new(void)
{
    return (struct reader){ .cases = cJSON_CreateObject(), .normal = normal_without_config() };
}

cJSON *cases_read_recording(FILE *jsonl)
{
    struct reader r = reader_new();
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, jsonl) >= 0) {
        cJSON *event = cJSON_Parse(line);
        if (event) file_own_event(&r, event);
    }
    free(line);
    return r.cases;
}

static cJSON *event_new(const char *kind)
{
    cJSON *event = cJSON_CreateObject();
    cJSON_AddStringToObject(event, "ev", kind);
    return event;
}

static void end_dump(struct reader *r)
{
    if (!r->dump) return;
    cJSON *event = event_new("sched");
    cJSON_AddItemToObject(event, "tcbs", r->dump);
    r->dump = NULL;
    file_event(r, r->case_name, event);
}

/* A row of the dump: name, state, IP, priority, two blanks or more between the first three. */
static bool dump_row(struct reader *r, const char *line)
{
    const char *end = strstr(line, "  "); /* names may hold single blanks */
    char name[128], state[32], ip[32];
    int priority;
    if (!end || end == line || (size_t)(end - line) >= sizeof name) return false;
    snprintf(name, sizeof name, "%.*s", (int)(end - line), line);
    if (sscanf(end, " %31[a-z ] %31s %d", state, ip, &priority) != 3) return false;
    for (size_t n = strlen(state); n > 0 && state[n - 1] == ' '; n--) state[n - 1] = '\0';
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "name", name);
    cJSON_AddStringToObject(row, "state", state);
    cJSON_AddStringToObject(row, "ip", ip);
    cJSON_AddNumberToObject(row, "prio", priority);
    cJSON_AddItemToArray(r->dump, row);
    return true;
}

static void start_case(struct reader *r, const char *name)
{
    free(r->case_name);
    r->case_name = name ? strdup(name) : NULL;
}

/* A line of the kernel's own, inside or outside of a dump. */
static void kernel_line(struct reader *r, const char *line)
{
    if (r->dump && (strncmp(line, "Name   ", 7) == 0 || strncmp(line, "-----", 5) == 0)) return;
    if (r->dump && dump_row(r, line)) return;
    end_dump(r);
    if (line[strspn(line, " ")] == '\0') return;
    cJSON *event = event_new("kprint");
    cJSON_AddStringToObject(event, "text", line);
    file_event(r, r->case_name, event);
}

static void serial_line(struct reader *r, char *line)
{
    if (strncmp(line, "@@BEGIN ", 8) == 0) {
        end_dump(r);
        start_case(r, line + 8);
        file_event(r, r->case_name, event_new("begin"));
    } else if (strncmp(line, "@@END ", 6) == 0) {
        end_dump(r);
        file_event(r, line + 6, event_new("end"));
        start_case(r, NULL);
    } else if (strncmp(line, "{\"case\"", 7) == 0) {
        end_dump(r);
        cJSON *event = cJSON_Parse(line);
        file_own_event(r, event ? event : event_new("garbage"));
    } else if (strcmp(line, "Dumping all tcbs!") == 0) {
        end_dump(r);
        r->dump = cJSON_CreateArray();
    } else {
        kernel_line(r, line);
    }
}

/* Terminal sequences out, line end off. */
static void clean_line(char *line)
{
    char *to = line;
    for (char *from = line; *from; from++) {
        if (*from == 0x1b && from[1] == '[') {
            from += 2 + strspn(from + 2, "0123456789;?");
            if (!*from) break;
        } else if (*from != '\r' && *from != '\n') {
            *to++ = *from;
        }
    }
    *to = '\0';
}

cJSON *cases_read_serial(FILE *log)
{
    struct reader r = reader_new();
    char *line = NULL;
    size_t size = 0;
    bool started = false;
    while (getline(&line, &size, log) >= 0) {
        clean_line(line);
        if (started) serial_line(&r, line);
        if (strstr(line, "@@PROBE START")) started = true;
    }
    end_dump(&r);
    start_case(&r, NULL);
    free(line);
    return r.cases;
}
