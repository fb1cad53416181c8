/* SPDX-License-Identifier: BSD-2-Clause */
/* Events in words: the table's sentence with its holes filled. How a field is shown follows from its
 * name (tables/events.def): endings for names and hex, a few names for kinds of things. */
#include <inttypes.h>
#include <string.h>

#include "view/internal.h"

/* The i-th name in a list like "cptr_cptr, depth, root_slot"; its length in *length. */
const char *event_field(const char *fields, unsigned i, size_t *length)
{
    for (;; i--) {
        *length = strcspn(fields, ",");
        if (i == 0) return fields;
        if (!fields[*length]) return NULL;
        fields += *length + 1;
        fields += strspn(fields, " ");
    }
}

static bool name_is(const char *name, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(name, word, length) == 0;
}

static bool name_ends(const char *name, size_t length, const char *ending)
{
    size_t n = strlen(ending);
    return length >= n && memcmp(name + length - n, ending, n) == 0;
}

/* Fields that number a row of another table. */
static const char *kind_word(const struct world *w, const struct event *e, const char *name,
                             size_t length, word_t value)
{
    if (name_is(name, length, "fault_kind") || name_is(name, length, "second_kind"))
        return value > 0 && value < FAULT_KIND_COUNT ? fault_table[value].phrase : "no fault";
    if (name_is(name, length, "error"))
        return value < SEL4_ERROR_COUNT ? error_table[value].name : NULL;
    if (name_is(name, length, "was_type")) return cap_type_name((enum cap_type)value);
    if (e->kind == EVENT_STATE) return tcb_state_name(value);
    if (e->kind == EVENT_LOOKUP_FAILED && name_is(name, length, "type"))
        return lookup_failure_name(value);
    if (name_is(name, length, "object_type")) {
        const struct object_desc *row = object_row(&kernel_at(w)->numbers, value);
        return row ? row->meaning : NULL;
    }
    return NULL;
}

const char *event_field_word(const struct world *w, const struct event *e, unsigned i)
{
    size_t length;
    const char *name = event_field(event_table[e->kind].fields, i, &length);
    return name ? kind_word(w, e, name, length, e->arg[i]) : NULL;
}

/* What is invoked: a method, or for a message what it is sent through. */
static void call_add(const struct session *s, const struct event *e, char *text, size_t size)
{
    const struct invocation_desc *row = event_invocation(session_world_at(s), e);
    if (row)
        text_add(text, size, "seL4_%s_%s", row->interface, row->method);
    else
        view_slot_name(s, e->arg[1], text, size);
}

static void field_add(const struct session *s, const struct event *e, const char *name,
                      size_t length, word_t value, char *text, size_t size)
{
    char word[96] = "";
    const char *kind = kind_word(session_world_at(s), e, name, length, value);
    if (e->kind == EVENT_CALL && name_is(name, length, "label"))
        call_add(s, e, word, sizeof word);
    else if (kind)
        snprintf(word, sizeof word, "%s", kind);
    else if (name_ends(name, length, "_tcb"))
        view_thread_name(s, value, word, sizeof word);
    else if (name_ends(name, length, "_slot"))
        view_slot_name(s, value, word, sizeof word);
    else if (name_ends(name, length, "_endpoint") || name_ends(name, length, "_notification"))
        view_object_name(s, value, word, sizeof word);
    else if (name_ends(name, length, "_cptr") || name_ends(name, length, "_hex"))
        snprintf(word, sizeof word, "0x%" PRIx64, value);
    else
        snprintf(word, sizeof word, "%" PRIu64, value);
    text_add(text, size, "%s", word);
}

static void hole_add(const struct session *s, const struct event *e, const char *hole,
                     size_t length, char *text, size_t size)
{
    char word[128] = "";
    if (name_is(hole, length, "thread")) {
        view_thread_name(s, e->thread, word, sizeof word);
    } else if (name_is(hole, length, "text")) {
        if (e->text) text_sanitise(word, sizeof word, e->text, strcspn(e->text, "\n"));
    } else {
        const char *fields = event_table[e->kind].fields, *name;
        size_t n;
        for (unsigned i = 0; i < EVENT_ARGS && (name = event_field(fields, i, &n)); i++)
            if (n == length && memcmp(name, hole, n) == 0)
                field_add(s, e, name, n, e->arg[i], word, sizeof word);
    }
    text_add(text, size, "%s", word);
}

void event_text(const struct session *s, const struct event *e, char *text, size_t size)
{
    text[0] = '\0';
    const char *at = e->kind < EVENT_KIND_COUNT ? event_table[e->kind].sentence : "";
    while (*at) {
        size_t plain = strcspn(at, "{");
        text_add(text, size, "%.*s", (int)plain, at);
        at += plain;
        if (!*at) break;
        size_t hole = strcspn(++at, "}");
        hole_add(s, e, at, hole, text, size);
        at += hole + (at[hole] == '}');
    }
}

void view_event(const struct view *v, const struct event *e)
{
    char text[2 * TEXT_SIZE];
    event_text(v->session, e, text, sizeof text);
    view_text(v, text, INDENT, INDENT, 2);
}

void view_position(struct position at, char *text, size_t size)
{
    snprintf(text, size, "@%" PRIu64, at.step);
    if (at.phase) text_add(text, size, ".%u", at.phase);
}

bool view_event_position(const struct session *s, size_t i, char *text, size_t size)
{
    bool before = i < session_start_events(s);
    snprintf(text, size, "before the start");
    if (!before) view_position(session_event_position(s, i), text, size);
    return !before;
}

void view_event_at(const struct view *v, size_t i)
{
    char what[2 * TEXT_SIZE], at[48];
    view_position(session_event_position(v->session, i), at, sizeof at);
    event_text(v->session, session_event(v->session, i), what, sizeof what);
    view_pair(v, at, 8, what, 2);
}
