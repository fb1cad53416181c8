/* SPDX-License-Identifier: BSD-2-Clause */
/* Panes that are texts: what the kernel did and why, what guests have printed, the lesson. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "screen/pane.h"
#include "view/explain.h"

/* ---- What the kernel did ---- */

void story_title(const struct scene *scene, char *text, size_t size)
{
    (void)scene;
    snprintf(text, size, "what the kernel did");
}

/* The sentences of the phases [from, to), in order, as one text; `all`: those that come with every entry, too. */
static void phases_text(const struct scene *scene, size_t from, size_t to, bool all, char *text,
                        size_t size)
{
    bool gives_right = scene_entry_has(scene, from, to, EVENT_REPLY_CAP);
    for (size_t i = from; i < to; i++) {
        const struct event *e = session_event(scene->session, i);
        char sentence[300];
        bool plain = e->kind == EVENT_TRAP || e->kind == EVENT_SWITCH;
        if (!event_table[e->kind].phase || (plain && !all)) continue;
        if (e->kind == EVENT_CAP_INSERT && gives_right) continue;
        event_text(scene->session, e, sentence, sizeof sentence);
        text_add(text, size, "%s%s", *text ? "; " : "", sentence);
    }
    if (*text) text_add(text, size, ".");
    /* Threads' names stay as they are. */
    bool is_word = strncmp(text, "the ", 4) == 0 || strncmp(text, "a ", 2) == 0;
    if (is_word) *text = (char)toupper((unsigned char)*text);
}

static void entry_sentences(const struct scene *scene, char *text, size_t size)
{
    size_t from, to;
    if (!scene_entry(scene, &from, &to)) return;
    phases_text(scene, from, to, false, text, size);
    if (!*text) phases_text(scene, from, to, true, text, size);
}

/* The slots and addresses of this phase: what lies there now. */
static void touched_draw(const struct scene *scene, struct sheet *s, int row)
{
    for (unsigned i = 0; i < scene->touched_count; i++) {
        const struct target *t = &scene->touched[i];
        char name[64], what[160] = "empty", line[240];
        if (t->kind == TARGET_ADDRESS) {
            snprintf(line, sizeof line, "address 0x%" PRIx64, t->at);
        } else if (t->kind == TARGET_SLOT) {
            struct cap cap = cte_at(scene->world, t->at)->cap;
            view_slot_name(scene->session, t->at, name, sizeof name);
            if (cap_type(cap) != CAP_NULL) view_cap(scene->session, cap, what, sizeof what);
            snprintf(line, sizeof line, "%s%s: %s", strstr(name, "slot") ? "" : "slot ", name,
                     what);
        } else {
            continue;
        }
        int end = sheet_text(s, 1, row, LOOK_PLAIN, line);
        sheet_spot(s, row, 1, end > 1 ? end - 1 : 1, *t);
        row++;
    }
}

/* Inside an entry: what the kernel does in this phase, in which of its functions, and the rule behind it. */
static void phase_draw(const struct scene *scene, struct sheet *s)
{
    struct event e;
    char text[1000] = "", what[300];
    session_phase(scene->session, NULL, &e);
    const struct explanation *why =
        explanation_in(scene->session, session_event_count(scene->session) - 1);
    event_text(scene->session, &e, what, sizeof what);
    snprintf(text, sizeof text, "%s (%s). %s", what, event_table[e.kind].kernel_function,
             why ? why->fact : "");
    bool is_name = event_table[e.kind].sentence[0] == '{'; /* of a thread: as it is */
    if (*text >= 'a' && *text <= 'z' && !is_name) *text = (char)(*text - 'a' + 'A');
    touched_draw(scene, s, sheet_wrap(s, 0, LOOK_PLAIN, text));
}

void story_draw(const struct scene *scene, struct sheet *s)
{
    char text[2000] = "";
    struct prose l;
    if (session_phase(scene->session, NULL, NULL)) {
        phase_draw(scene, s);
        return;
    }
    entry_sentences(scene, text, sizeof text);
    if (*text) {
        sheet_wrap(s, 0, LOOK_PLAIN, text);
        return;
    }
    struct view v = prose_view(&l, scene, s->area.width - 1);
    if (!v.out) return;
    view_story(&v, session_command_events(scene->session), NULL, 6);
    prose_close(&l, v.out);
    prose_draw(&l, s, 0);
    prose_free(&l);
}

/* ---- Console ---- */

enum { CONSOLE_SHOWN = 4096 };

void console_title(const struct scene *scene, char *text, size_t size)
{
    (void)scene;
    snprintf(text, size, "console");
}

static void console_lines(const struct scene *scene, struct prose *l)
{
    size_t length;
    const char *text = session_console(scene->session, &length);
    FILE *out = prose_open(l);
    if (!out) return;
    size_t from = length > CONSOLE_SHOWN ? length - CONSOLE_SHOWN : 0;
    if (length)
        view_sanitise(out, text + from, length - from);
    else
        fputs("(no thread has printed anything yet)", out);
    prose_close(l, out);
}

void console_draw(const struct scene *scene, struct sheet *s)
{
    struct prose l;
    console_lines(scene, &l);
    for (size_t i = 0; i < l.count; i++) sheet_text(s, 1, (int)i, LOOK_PLAIN, l.line[i]);
    prose_free(&l);
}

/* ---- Lesson ---- */

void task_title(const struct scene *scene, char *text, size_t size)
{
    (void)scene;
    snprintf(text, size, "lesson");
}

static void lesson_text(const struct scene *scene, int width, struct prose *l)
{
    struct prose page;
    FILE *task = prose_open(&page);
    if (task && scene->shell->lesson)
        lesson_page(scene->shell->lesson, task);
    else if (task)
        fputs("No lesson is open: `lesson 1` begins the first.", task);
    prose_close(&page, task);
    prose_fill(&page, (unsigned)(width > 12 ? width : 12), l);
    prose_free(&page);
}

void task_draw(const struct scene *scene, struct sheet *s)
{
    struct prose l;
    lesson_text(scene, s->area.width - 1, &l);
    prose_draw(&l, s, 0);
    prose_free(&l);
}
