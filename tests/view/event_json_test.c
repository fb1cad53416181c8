/* SPDX-License-Identifier: BSD-2-Clause */
/* Events as data: every line is one JSON object with the fields that docs/events.md names. */
#include "view/first.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "view/event_json.h"
#include "view/internal.h"

static void write_event(void *out, const struct session *s, size_t number, const struct event *e)
{
    event_json_write(out, session_world_at(s), s, number, e);
}

/* What the acts of the first lesson write. */
static char *events_of_a_fault(struct session *s)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    struct output hidden;
    struct view v = view_into(s, &hidden, 80);
    session_events_tap(s, write_event, out);
    mint(s, &v, 0xcafe);
    sit(s, "handler");
    TELL(s, &v, "seL4_Recv", cptr(s, "fault_ep"), 0);
    sit(s, "faulter");
    tell_asm(s, &v, "mov rax, [0x10000000]");
    session_events_tap(s, NULL, NULL);
    fclose(hidden.file);
    fclose(out);
    return text;
}

static const struct event_desc *kind_named(const char *name)
{
    for (unsigned i = 0; name && i < EVENT_KIND_COUNT; i++)
        if (strcmp(event_table[i].name, name) == 0) return &event_table[i];
    return NULL;
}

static void check_line(const char *line, double number)
{
    cJSON *e = cJSON_Parse(line);
    const cJSON *fields = cJSON_GetObjectItemCaseSensitive(e, "fields");
    const struct event_desc *row =
        kind_named(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(e, "event")));
    if (!e || !row || !fields) fail_msg("no event: %s", line);
    assert_true(cJSON_GetObjectItemCaseSensitive(e, "number")->valuedouble == number);
    for (unsigned i = 0; i < EVENT_ARGS; i++) {
        char key[64];
        size_t length;
        const char *field = event_field(row->fields, i, &length);
        if (!field || !length) break;
        snprintf(key, sizeof key, "%.*s", (int)length, field);
        if (!cJSON_GetObjectItemCaseSensitive(fields, key)) fail_msg("no %s in %s", key, line);
    }
    cJSON_Delete(e);
}

static void each_event_is_a_line_with_the_tables_fields(void **state)
{
    size_t first = session_event_count(*state);
    char *text = events_of_a_fault(*state), *rest = text;
    size_t lines = 0;
    for (char *line; (line = strsep(&rest, "\n")) && *line; lines++)
        check_line(line, (double)(first + lines));
    assert_int_equal(lines, session_event_count(*state) - first);
    free(text);
}

static void a_fault_is_a_line_that_names_who_and_what(void **state)
{
    char *text = events_of_a_fault(*state);
    const char *line = strstr(text, "\"event\":\"FAULT\"");
    assert_non_null(line);
    line = strstr(line, "\"thread\":");
    const char *expected =
        "\"thread\":\"faulter\",\"fields\":{\"fault_kind\":\"VM fault\","
        "\"word0_hex\":\"0x10000000\",\"word1_hex\":\"0x0\","
        "\"word2_hex\":\"0x4\",\"ip_hex\":\"0x7ff000\"},\"text\":\"faulter faults: VM fault\"}\n";
    if (!line || strncmp(line, expected, strlen(expected)) != 0) fail_msg("%.400s", line);
    free(text);
}

static void bytes_of_guests_make_no_broken_line(void **state)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    const struct event e = { .kind = EVENT_KERNEL_PRINT, .text = "a\xff\x1b[2J\"\n\"" };
    event_json_write(out, session_world_at(*state), NULL, 7, &e);
    fclose(out);
    cJSON *line = cJSON_Parse(text);
    assert_non_null(line);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(line, "printed")),
                        "a\\xff\\x1b[2J\"\\x0a\"");
    cJSON_Delete(line);
    free(text);
}

static void the_document_is_as_the_table_says(void **state)
{
    (void)state;
    char *text, *file = calloc(1, 1 << 16);
    size_t size;
    FILE *out = open_memstream(&text, &size), *in = fopen("docs/events.md", "r");
    events_document(out);
    fclose(out);
    assert_non_null(in);
    size_t n = fread(file, 1, (1 << 16) - 1, in);
    fclose(in);
    if (n != size || memcmp(text, file, size) != 0)
        fail_msg("docs/events.md is stale: build/faultline --print-events > docs/events.md");
    free(text);
    free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIRST_TEST(each_event_is_a_line_with_the_tables_fields),
        FIRST_TEST(a_fault_is_a_line_that_names_who_and_what),
        FIRST_TEST(bytes_of_guests_make_no_broken_line),
        FIRST_TEST(the_document_is_as_the_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
