/* SPDX-License-Identifier: BSD-2-Clause */
/* Events as JSON Lines. What a field is follows from its name in tables/events.def, as in event.c: one row
 * of that table is one form of line, here and in docs/events.md. */
#include "view/event_json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "view/internal.h"

/* What a field is by the ending of its name. */
enum field_form { FORM_NUMBER, FORM_HEX, FORM_THREAD, FORM_SLOT, FORM_OBJECT };

static const struct {
    const char *ending;
    enum field_form form;
    const char *meaning;
} forms[] = {
    { "_tcb", FORM_THREAD, "thread: address of its TCB in hex" },
    { "_slot", FORM_SLOT, "slot: its physical address in hex" },
    { "_endpoint", FORM_OBJECT, "endpoint: its physical address in hex" },
    { "_notification", FORM_OBJECT, "notification: its physical address in hex" },
    { "_cptr", FORM_HEX, "CPtr in hex" },
    { "_hex", FORM_HEX, "64 bits in hex" },
    { "", FORM_NUMBER, "number; a word where it numbers a row of a table" },
};
enum { FORM_COUNT = sizeof forms / sizeof forms[0], KEY_SIZE = 48, NAME_TEXT = 96 };

static unsigned form_of(const char *name, size_t length)
{
    for (unsigned i = 0; i + 1 < FORM_COUNT; i++) {
        size_t n = strlen(forms[i].ending);
        if (length > n && memcmp(name + length - n, forms[i].ending, n) == 0) return i;
    }
    return FORM_COUNT - 1;
}

static void add_hex(cJSON *line, const char *key, word_t value)
{
    char text[24];
    snprintf(text, sizeof text, "0x%" PRIx64, value);
    cJSON_AddStringToObject(line, key, text);
}

/* A number that a reader's floating point holds exactly; larger ones are hex. */
static void add_number(cJSON *line, const char *key, word_t value)
{
    if (value >> 53)
        add_hex(line, key, value);
    else
        cJSON_AddNumberToObject(line, key, (double)value);
}

/* The name of a thread, slot or object; false: it has none, or there is nobody to ask. */
static bool name_of(const struct world *w, const struct session *s, enum field_form form,
                    word_t value, char *text, size_t size)
{
    if (form == FORM_THREAD) {
        const char *name = value ? thread_name(w, value) : "";
        text_sanitise(text, size, name, strlen(name));
        return *name;
    }
    if (!s || !value) return false;
    if (form == FORM_SLOT) view_slot_name(s, value, text, size);
    if (form == FORM_OBJECT) view_object_name(s, value, text, size);
    return strncmp(text, "0x", 2) != 0 && strncmp(text, "slot at", 7) != 0;
}

static void add_field(cJSON *line, const struct world *w, const struct session *s,
                      const struct event *e, unsigned i)
{
    size_t length;
    char key[KEY_SIZE], name[NAME_TEXT] = "";
    const char *field = event_field(event_table[e->kind].fields, i, &length);
    const char *word = event_field_word(w, e, i);
    unsigned form = form_of(field, length);
    snprintf(key, sizeof key, "%.*s", (int)length, field);
    if (word)
        cJSON_AddStringToObject(line, key, word);
    else if (forms[form].form == FORM_NUMBER)
        add_number(line, key, e->arg[i]);
    else
        add_hex(line, key, e->arg[i]);
    key[length < sizeof key ? length - strlen(forms[form].ending) : 0] = '\0';
    bool nameable = forms[form].form != FORM_NUMBER && forms[form].form != FORM_HEX;
    if (nameable && name_of(w, s, forms[form].form, e->arg[i], name, sizeof name))
        cJSON_AddStringToObject(line, key, name);
}

static void add_fields(cJSON *line, const struct world *w, const struct session *s,
                       const struct event *e)
{
    size_t length;
    cJSON *fields = cJSON_AddObjectToObject(line, "fields");
    for (unsigned i = 0; fields && i < EVENT_ARGS; i++) {
        if (!event_field(event_table[e->kind].fields, i, &length) || !length) break;
        add_field(fields, w, s, e, i);
    }
}

static void add_text(cJSON *line, const struct world *w, const struct session *s,
                     const struct event *e)
{
    char text[4 * TEXT_SIZE];
    const struct invocation_desc *call = e->kind == EVENT_CALL ? event_invocation(w, e) : NULL;
    if (call) {
        snprintf(text, sizeof text, "seL4_%s_%s", call->interface, call->method);
        cJSON_AddStringToObject(line, "method", text);
    }
    if (e->text) {
        text_sanitise(text, sizeof text, e->text, strlen(e->text));
        cJSON_AddStringToObject(line, "printed", text);
    }
    if (!s) return;
    event_text(s, e, text, sizeof text);
    cJSON_AddStringToObject(line, "text", text);
}

void event_json_write(FILE *out, const struct world *w, const struct session *s, size_t number,
                      const struct event *e)
{
    char name[NAME_TEXT] = "";
    cJSON *line = cJSON_CreateObject();
    if (!line || e->kind >= EVENT_KIND_COUNT) return;
    cJSON_AddNumberToObject(line, "number", (double)number);
    if (s) add_number(line, "step", session_event_position(s, number).step);
    if (s) add_number(line, "phase", session_event_position(s, number).phase);
    add_number(line, "clock", cpu_at(w)->clock);
    cJSON_AddStringToObject(line, "event", event_table[e->kind].name);
    add_hex(line, "thread_tcb", e->thread);
    if (name_of(w, s, FORM_THREAD, e->thread, name, sizeof name))
        cJSON_AddStringToObject(line, "thread", name);
    add_fields(line, w, s, e);
    add_text(line, w, s, e);
    char *text = cJSON_PrintUnformatted(line);
    if (text) fprintf(out, "%s\n", text);
    cJSON_free(text);
    cJSON_Delete(line);
}

/* ---- docs/events.md ---- */

static void document_kind(FILE *out, const struct event_desc *row)
{
    size_t length;
    const char *field;
    fprintf(out, "\n### %s\n%s: \"%s\".%s\n\nKernel: `%s`. Manual: %s.\n", row->name, row->word,
            row->sentence, row->phase ? " Stepping stops here." : "", row->kernel_function,
            row->manual);
    if (*row->fields) fputs("\n| field | holds |\n| --- | --- |\n", out);
    for (unsigned i = 0; i < EVENT_ARGS; i++) {
        field = event_field(row->fields, i, &length);
        if (!field || !length) break;
        fprintf(out, "| `%.*s` | %s |\n", (int)length, field,
                forms[form_of(field, length)].meaning);
    }
}

void events_document(FILE *out)
{
    fputs(
        "# Events\n\n"
        "Made from src/kernel/tables/events.def by `faultline --print-events`.\n\n"
        "`faultline --events=FILE` (at the prompt, with `run`, `lesson` and `boot`) writes every\n"
        "event of the machine as JSON Lines: one object a line, in the order in which they "
        "happen.\n"
        "The same run writes the same bytes. Numbers that need more than 53 bits are hex in "
        "quotes.\n\n"
        "| field | holds |\n"
        "| --- | --- |\n"
        "| `number` | counts from 0 at boot. Lower than in the line before: somebody went back, "
        "and "
        "what follows replaces the events from there on |\n"
        "| `step` | instructions and kernel entries since boot; not with `boot` |\n"
        "| `clock` | nanoseconds of the machine's own clock |\n"
        "| `event` | the name of one of the kinds below |\n"
        "| `thread_tcb`, `thread` | who was running, or whom it is about: address of the TCB, name "
        "|\n"
        "| `method` | of a CALL that is an invocation: `seL4_CNode_Mint` |\n"
        "| `printed` | what the kernel printed |\n"
        "| `text` | the event as a sentence; not with `boot` |\n\n"
        "Those of `fields` that end in `_tcb`, `_slot`, `_endpoint` or `_notification` have a "
        "companion "
        "without\n"
        "the ending that holds the name, where there is one; but for threads not with `boot`.\n\n"
        "## Kinds\n",
        out);
    for (unsigned i = 0; i < EVENT_KIND_COUNT; i++) document_kind(out, &event_table[i]);
}
