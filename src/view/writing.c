/* SPDX-License-Identifier: BSD-2-Clause */
/* Who wrote a register or a word of memory last, in a sentence: an instruction with its C line, something
 * that the kernel did, or a command of the person's own. */
#include <inttypes.h>
#include <string.h>

#include "machine/text.h"
#include "view/internal.h"
#include "view/why.h"
#include "world/image.h"
#include "world/path.h"

void reading_text(const struct reading *r, char *text, size_t size)
{
    if (r->is_text)
        snprintf(text, size, "\"%s\"", r->text);
    else
        snprintf(text, size, "0x%" PRIx64, r->word);
}

static void line_add(const struct session *s, const struct writing *w, char *text, size_t size)
{
    struct source_line line;
    char file[80];
    const struct image *image = session_image(s, w->thread);
    if (!image || !image_line(image, w->ip, &line)) return;
    const char *base = path_name(line.file);
    text_sanitise(file, sizeof file, base, strnlen(base, 60));
    text_add(text, size, ", %s:%u", file, line.line);
}

static void instruction_add(const struct session *s, const struct writing *w, char *text,
                            size_t size)
{
    char code[128], name[48];
    view_thread_name(s, w->thread, name, sizeof name);
    instruction_format(w->code, w->code_length, w->ip, code, sizeof code);
    text_add(text, size, "%s's `%s` at 0x%" PRIx64, name, code, w->ip);
    line_add(s, w, text, size);
}

/* Of the events of one kernel entry the one that says most about who wrote what. */
static unsigned weight(const struct session *s, const struct event *e)
{
    switch (e->kind) {
    case EVENT_WRITE_BACK: return 6;
    case EVENT_MESSAGE: return 5;
    case EVENT_REPLY: return 4;
    case EVENT_CALL: return event_invocation(session_world_at(s), e) ? 4 : 2;
    case EVENT_FAULT: return 3;
    case EVENT_SWITCH: return 2;
    case EVENT_TRAP:
    case EVENT_INTERRUPT: return 1;
    default: return 0;
    }
}

static void kernel_add(const struct session *s, const struct writing *w, char *text, size_t size)
{
    const struct event *best = NULL;
    char what[2 * TEXT_SIZE];
    if (w->from < w->to) session_event_hold(s, w->from);
    for (size_t i = w->from; i < w->to; i++) {
        const struct event *e = session_event(s, i);
        if (weight(s, e) > (best ? weight(s, best) : 0)) best = e;
    }
    text_add(text, size, "the kernel");
    if (!best) return;
    event_text(s, best, what, sizeof what);
    text_add(text, size, ", when %s", what);
}

static void writer_add(const struct session *s, const struct writing *w, char *text, size_t size)
{
    if (w->by == WRITER_INSTRUCTION)
        instruction_add(s, w, text, size);
    else if (w->by == WRITER_KERNEL)
        kernel_add(s, w, text, size);
    else if (w->line)
        text_add(text, size, "you, with `%.60s`", w->line);
    else
        text_add(text, size, "the set-up");
}

void view_writing(const struct view *v, const struct writing *w)
{
    char text[4 * TEXT_SIZE] = "", at[48], before[96], after[96];
    if (w->by == WRITER_NOBODY) {
        view_line(v, "  Nobody has written that since the start.");
        return;
    }
    view_position((struct position){ w->step, w->phase }, at, sizeof at);
    text_add(text, sizeof text, "%s: ", at);
    writer_add(v->session, w, text, sizeof text);
    reading_text(&w->before, before, sizeof before);
    reading_text(&w->after, after, sizeof after);
    if (reading_differs(&w->before, &w->after))
        text_add(text, sizeof text, ": %s became %s.", before, after);
    else
        text_add(text, sizeof text, ": %s again, as it was.", after);
    view_text(v, text, INDENT, INDENT, 3);
}
