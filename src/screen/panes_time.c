/* SPDX-License-Identifier: BSD-2-Clause */
/* What happened: commands and kernel entries as a strip, the phases of the last entry, and the same
 * in sentences. */
#include <inttypes.h>
#include <string.h>

#include "screen/pane.h"

/* ---- The strip of commands ---- */

void timeline_title(const struct scene *scene, char *text, size_t size)
{
    (void)scene;
    snprintf(text, size, "timeline");
}

/* What became of a command's thread: " !VMFault", " ~" when it blocked. Its events are those before
 * number *end and not before its step; *end becomes the first of them. */
static void command_sign(const struct scene *scene, const struct past *past, size_t *end,
                         char *text, size_t size)
{
    const struct session *s = scene->session;
    word_t state = TCB_RUNNING, fault = FAULT_NONE;
    bool met = false;
    size_t first = session_first_event(s);
    if (scene->shell->start > first) first = scene->shell->start;
    for (; *end > first && session_event_position(s, *end - 1).step >= past->step; --*end) {
        const struct event *e = session_event(s, *end - 1);
        if (e->kind == EVENT_FAULT && e->arg[0] < FAULT_KIND_COUNT) fault = e->arg[0];
        if (met || e->kind != EVENT_STATE || e->thread != past->seat) continue;
        state = e->arg[1];
        met = true;
    }
    if (fault) text_add(text, size, " !%s", fault_table[fault].name);
    bool waits = state == TCB_BLOCKED_ON_RECEIVE || state == TCB_BLOCKED_ON_SEND ||
                 state == TCB_BLOCKED_ON_NOTIFICATION;
    if (waits) text_add(text, size, " ~");
}

/* "@3 handler recv ~" */
static void command_text(const struct scene *scene, const struct past *past, size_t *end,
                         char *text, size_t size)
{
    char name[48] = "", verb[24];
    if (past->seat) view_thread_name(scene->session, past->seat, name, sizeof name);
    snprintf(verb, sizeof verb, "%.*s", (int)strcspn(past->line, " (\n"), past->line);
    snprintf(text, size, "@%" PRIu64 " %s%s%s", past->step, name, *name ? " " : "", verb);
    command_sign(scene, past, end, text, size);
}

/* The newest commands that fit, the oldest at the left, then the present. */
static void strip_draw(const struct scene *scene, const struct area *a, int y)
{
    char text[1024], entry[160], longer[1200];
    struct past past;
    size_t end = session_event_count(scene->session);
    scene_position(scene, text, sizeof text);
    text_add(text, sizeof text, " now");
    for (unsigned i = 0; session_past(scene->session, i, &past); i++) {
        command_text(scene, &past, &end, entry, sizeof entry);
        snprintf(longer, sizeof longer, "%s | %s", entry, text);
        bool fits = (int)text_columns(longer) + 4 <= a->width;
        if (!fits) snprintf(longer, sizeof longer, "~ | %s", text);
        snprintf(text, sizeof text, "%.1000s", longer);
        if (!fits) break;
    }
    area_text(a, 1, y, LOOK_PLAIN, text);
}

/* ---- Phases of the last kernel entry ---- */

/* What a phase is called; with the CPtr of a lookup and the receiver of a message. */
static void phase_word(const struct scene *scene, const struct event *e, char *text, size_t size)
{
    char name[48];
    snprintf(text, size, "%s", event_table[e->kind].word);
    if (e->kind == EVENT_LOOKUP) {
        text_add(text, size, " CPtr ");
        text_add_cptr(text, size, e->arg[0]);
    } else if (e->kind == EVENT_MESSAGE || e->kind == EVENT_REPLY) {
        view_thread_name(scene->session, e->arg[0], name, sizeof name);
        text_add(text, size, " to %s", name);
    } else if (e->kind == EVENT_SWITCH) {
        view_thread_name(scene->session, e->arg[1], name, sizeof name);
        text_add(text, size, " to %s", name);
    }
}

/* Says nothing of its own here: it comes with every entry, or with the one before it. */
static bool is_minor(const struct event *e, paddr_t idle)
{
    return e->kind == EVENT_TRAP || e->kind == EVENT_CAP_INSERT ||
           (e->kind == EVENT_SWITCH && e->arg[1] == idle);
}

/* The phases up to `to` as one text, and where in it the last begins. Those at the left go first. */
static size_t phases_text(const struct scene *scene, size_t from, size_t to, bool inside, int room,
                          char *text, size_t size)
{
    char word[96], all[1200] = "";
    size_t last = 0;
    for (size_t i = from; i < to; i++) {
        const struct event *e = session_event(scene->session, i);
        if (!event_table[e->kind].phase) continue;
        if (!inside && is_minor(e, kernel_at(scene->world)->idle)) continue;
        phase_word(scene, e, word, sizeof word);
        if (*all) text_add(all, sizeof all, " > ");
        last = strlen(all);
        text_add(all, sizeof all, "%s", word);
    }
    const char *start = all;
    int spare = inside ? 2 : 0;
    while ((int)strlen(start) + spare > room && strstr(start, " > ")) {
        spare = inside ? 6 : 4; /* for what tells that something is left out */
        start = strstr(start, " > ") + 3;
        if (!strstr(start, " > ")) break;
    }
    size_t cut = (size_t)(start - all);
    snprintf(text, size, "%s%s", cut ? "~ > " : "", start);
    return last >= cut ? last - cut + (cut ? 4 : 0) : 0;
}

static void phases_draw(const struct scene *scene, const struct area *a, int y)
{
    size_t from, to;
    char text[1204];
    unsigned count, at = session_phase(scene->session, &count, NULL);
    if (!scene_entry(scene, &from, &to)) {
        area_text(a, 1, y, LOOK_FAINT, "The last command did not enter the kernel.");
        return;
    }
    int x = at ? area_print(a, 1, y, LOOK_TITLE, "phase %u of %u: ", at, count)
               : area_print(a, 1, y, LOOK_PLAIN, "@%" PRIu64 ": ",
                            session_event_position(scene->session, from).step);
    size_t last = phases_text(scene, from, to, at != 0, a->width - x - 1, text, sizeof text);
    if (!at) {
        area_text(a, x, y, LOOK_PLAIN, text);
        return;
    }
    x = area_print(a, x, y, LOOK_PLAIN, "%.*s", (int)last, text);
    area_print(a, x, y, LOOK_CHOSEN, "[%s]", text + last);
}

/* ---- Lanes: a column for each kernel entry but prints, the newest at the right ---- */

static bool entry_has(const struct scene *scene, size_t from, size_t to, enum event_kind kind)
{
    for (size_t i = from; i < to; i++)
        if (session_event(scene->session, i)->kind == kind) return true;
    return false;
}

enum { LANES_MAX = 12, LANE_NAME = 13, LANE_EVENTS = 20000 };

struct lane {
    paddr_t tcb;
    word_t state; /* while the entries are walked backwards */
};

static char lane_glyph(word_t state)
{
    switch (state) {
    case TCB_BLOCKED_ON_REPLY: return '?';
    case TCB_BLOCKED_ON_SEND:
    case TCB_BLOCKED_ON_RECEIVE:
    case TCB_BLOCKED_ON_NOTIFICATION: return '~';
    case TCB_INACTIVE: return ' ';
    default: return '.';
    }
}

/* The sign of what a thread did or met in an entry; 0: nothing. The later, the stronger. */
static char event_glyph(const struct event *e, paddr_t tcb)
{
    bool own = e->thread == tcb;
    switch (e->kind) {
    case EVENT_TRAP: return own ? 'M' : 0;
    case EVENT_FAULT: return own ? '!' : 0;
    case EVENT_DOUBLE_FAULT: return own ? 'X' : 0;
    case EVENT_MESSAGE:
    case EVENT_REPLY: return e->arg[0] == tcb ? '>' : 0;
    default: return 0;
    }
}

static unsigned lanes_fill(const struct scene *scene, struct lane *lane, unsigned max)
{
    unsigned count = 0;
    paddr_t idle = kernel_at(scene->world)->idle;
    for (paddr_t t = threads_next(scene->world, 0); t && count < max;
         t = threads_next(scene->world, t))
        if (t != idle) lane[count++] = (struct lane){ t, tcb_at(scene->world, t)->state };
    return count;
}

/* One entry, events [from, to), in column x; leaves the lanes as they were before it. */
static void entry_draw(const struct scene *scene, const struct area *a, int x, struct lane *lane,
                       unsigned count, size_t from, size_t to)
{
    for (unsigned i = 0; i < count; i++) {
        char glyph = lane_glyph(lane[i].state), text[2] = "";
        for (size_t j = from; j < to; j++) {
            const struct event *e = session_event(scene->session, j);
            char sign = event_glyph(e, lane[i].tcb);
            if (sign) glyph = sign;
        }
        for (size_t j = to; j-- > from;) {
            const struct event *e = session_event(scene->session, j);
            if (e->kind == EVENT_STATE && e->thread == lane[i].tcb) lane[i].state = e->arg[0];
        }
        text[0] = glyph;
        bool fault = glyph == '!' || glyph == 'X';
        area_text(a, x, (int)i, fault ? LOOK_FAULT : LOOK_PLAIN, text);
    }
}

static void lanes_draw(const struct scene *scene, const struct area *a, unsigned rows)
{
    static const char legend[] = "M calls the kernel  > gets a message  ! faults  ~ blocked  "
                                 "? blocked on reply";
    struct lane lane[LANES_MAX];
    const struct session *s = scene->session;
    unsigned count = lanes_fill(scene, lane, rows < LANES_MAX ? rows : LANES_MAX);
    for (unsigned i = 0; i < count; i++) {
        struct area name = { a->grid, a->x + 1, a->y + (int)i, LANE_NAME - 2, 1 };
        char text[48];
        view_thread_name(s, lane[i].tcb, text, sizeof text);
        area_text(&name, 0, 0, LOOK_PLAIN, text);
    }
    if (count == rows && threads_want(scene, 0) - 2 > (int)rows)
        area_text(a, LANE_NAME - 2, (int)rows - 1, LOOK_PLAIN, "~");
    size_t to = session_event_count(s), first = session_first_event(s);
    if (scene->shell->start > first) first = scene->shell->start;
    if (to > LANE_EVENTS && first < to - LANE_EVENTS) first = to - LANE_EVENTS;
    int x = a->width - 5;
    for (size_t i = to; i-- > first && x > LANE_NAME;) {
        if (session_event(s, i)->kind != EVENT_TRAP) continue;
        if (!entry_has(scene, i, to, EVENT_CONSOLE)) entry_draw(scene, a, x--, lane, count, i, to);
        to = i;
    }
    if (count < rows) area_text(a, LANE_NAME + 1, (int)rows - 1, LOOK_FAINT, legend);
}

int timeline_want(const struct scene *scene, int width)
{
    int rows = 0;
    for (paddr_t t = threads_next(scene->world, 0); t; t = threads_next(scene->world, t)) rows++;
    if (rows > LANES_MAX) rows = LANES_MAX;
    return width >= 100 ? rows + 2 : 2; /* the idle thread's is the legend's */
}

void timeline_draw(const struct scene *scene, const struct area *a, int scroll)
{
    (void)scroll;
    int below = a->height >= 2 ? 2 : 1;
    if (a->height >= 5) lanes_draw(scene, a, (unsigned)a->height - 2);
    strip_draw(scene, a, a->height - below);
    if (below == 2) phases_draw(scene, a, a->height - 1);
}

/* ---- In sentences ---- */

void story_title(const struct scene *scene, char *text, size_t size)
{
    (void)scene;
    snprintf(text, size, "what the kernel did");
}

/* The sentences of the entry's phases, in order, as one text. */
static void entry_sentences(const struct scene *scene, char *text, size_t size)
{
    size_t from, to;
    if (!scene_entry(scene, &from, &to)) return;
    bool gives_right = entry_has(scene, from, to, EVENT_REPLY_CAP);
    for (size_t i = from; i < to; i++) {
        const struct event *e = session_event(scene->session, i);
        char sentence[300];
        bool plain = e->kind == EVENT_TRAP || e->kind == EVENT_SWITCH;
        if (!event_table[e->kind].phase || plain) continue;
        if (e->kind == EVENT_CAP_INSERT && gives_right) continue;
        event_text(scene->session, e, sentence, sizeof sentence);
        text_add(text, size, "%s%s", *text ? "; " : "", sentence);
    }
    if (*text) text_add(text, size, ".");
}

static void story_lines(const struct scene *scene, int width, struct prose *l)
{
    struct view v = { .session = scene->session, .width = (unsigned)(width > 12 ? width : 12) };
    struct stop stop = { .kind = STOP_PHASE, .thread = scene->seat };
    char text[2000] = "";
    v.out = prose_open(l);
    if (!v.out) return;
    if (session_phase(scene->session, NULL, NULL)) {
        view_story(&v, session_command_events(scene->session), &stop, 6);
    } else {
        entry_sentences(scene, text, sizeof text);
        if (*text)
            text_wrap(v.out, text, v.width, 2, 2, 6);
        else
            view_story(&v, session_command_events(scene->session), NULL, 6);
    }
    prose_close(l, v.out);
}

int story_want(const struct scene *scene, int width)
{
    struct prose l;
    story_lines(scene, width, &l);
    int rows = (int)l.count;
    prose_free(&l);
    return rows;
}

void story_draw(const struct scene *scene, const struct area *a, int scroll)
{
    struct prose l;
    story_lines(scene, a->width, &l);
    prose_draw(&l, a, scroll);
    prose_free(&l);
}
