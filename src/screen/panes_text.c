/* SPDX-License-Identifier: BSD-2-Clause */
/* Panes that are texts: what the kernel did and why, what guests have printed, the lesson. */
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
}

static void entry_sentences(const struct scene *scene, char *text, size_t size)
{
    size_t from, to;
    if (!scene_entry(scene, &from, &to)) return;
    phases_text(scene, from, to, false, text, size);
    if (!*text) phases_text(scene, from, to, true, text, size);
}

/* Inside an entry: what the kernel does in this phase, in which of its functions, and the rule behind it. */
static void phase_draw(const struct scene *scene, struct sheet *s)
{
    struct event e;
    char text[1000] = "", what[300];
    session_phase(scene->session, NULL, &e);
    const struct explanation *why = explanation_of(scene->session, &e);
    event_text(scene->session, &e, what, sizeof what);
    snprintf(text, sizeof text, "%s (%s). %s", what, event_table[e.kind].kernel_function,
             why ? why->fact : "");
    if (strncmp(text, "the ", 4) == 0) *text = 'T';
    sheet_wrap(s, 0, LOOK_PLAIN, text);
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

enum { CONSOLE_SHOWN = 4096, FULL_LINE = 60 };

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

/* A page is written in lines: one that is full goes on in the next, unless that is code or a goal. */
static bool goes_on(const struct prose *l, size_t i)
{
    const char *next = i + 1 < l->count ? l->line[i + 1] : "";
    size_t indent = strspn(l->line[i], " ");
    if (!*next || strspn(next, " ") != indent) return false;
    bool begins =
        strncmp(next + indent, "Goal ", 5) == 0 || strncmp(next + indent, "hint ", 5) == 0;
    return text_columns(l->line[i]) > FULL_LINE && !begins && !strstr(l->line[i] + indent, "   ");
}

/* Lines from number i on that are one paragraph; returns the number behind them. What stands apart from
 * the rest of its line gets one of its own where there is no room for both. */
static size_t lesson_paragraph(FILE *out, const struct prose *l, size_t i, unsigned width)
{
    char text[4096];
    unsigned indent = (unsigned)strspn(l->line[i], " ");
    bool fits = text_columns(l->line[i]) <= width;
    if (!*l->line[i]) fputc('\n', out);
    snprintf(text, sizeof text, "%s", l->line[i] + indent);
    while (goes_on(l, i)) text_add(text, sizeof text, " %s", l->line[++i] + indent);
    char *words = fits ? NULL : strstr(text, "  hint  goals"), *gap = fits ? NULL : words;
    if (!fits && !gap) gap = strstr(text, "     ");
    if (gap) *gap++ = '\0';
    text_wrap(out, text, width, indent, indent, 40);
    if (!words) indent += 4;
    if (gap) text_wrap(out, gap + strspn(gap, " "), width, indent, indent, 9);
    return i + 1;
}

static void lesson_text(const struct scene *scene, int width, struct prose *l)
{
    struct prose filled;
    FILE *out = prose_open(l);
    FILE *task = prose_open(&filled);
    if (out && task && scene->shell->lesson)
        lesson_task(scene->shell->lesson, task);
    else if (task)
        fputs("No lesson is open: `lesson 1` begins the first.", task);
    prose_close(&filled, task);
    for (size_t i = 0; out && i < filled.count;)
        i = lesson_paragraph(out, &filled, i, (unsigned)(width > 12 ? width : 12));
    prose_free(&filled);
    prose_close(l, out);
}

void task_draw(const struct scene *scene, struct sheet *s)
{
    struct prose l;
    lesson_text(scene, s->area.width - 1, &l);
    prose_draw(&l, s, 0);
    prose_free(&l);
}
