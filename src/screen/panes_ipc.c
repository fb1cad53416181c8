/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is there, and who waits where. */
#include <inttypes.h>
#include <string.h>

#include "screen/pane.h"

/* ---- Threads ---- */

/* By state: also what docs/screens.md says. */
static const char state_glyph[TCB_STATE_COUNT] = {
    [TCB_INACTIVE] = '.',
    [TCB_RUNNING] = '=',
    [TCB_RESTART] = '=',
    [TCB_BLOCKED_ON_RECEIVE] = '<',
    [TCB_BLOCKED_ON_SEND] = '>',
    [TCB_BLOCKED_ON_REPLY] = '?',
    [TCB_BLOCKED_ON_NOTIFICATION] = '&',
    [TCB_IDLE] = 'z',
};

void threads_title(const struct scene *scene, char *text, size_t size)
{
    (void)scene;
    snprintf(text, size, "threads");
}

/* Columns behind the priority, where there is room. */
enum { NARROWEST = 40, IP_AT = 43, WAITS_AT = 56, IP_WIDTH = 58, WAITS_WIDTH = 68 };

static void thread_row(const struct scene *scene, struct sheet *s, int row, paddr_t tcb)
{
    struct thread_facts t;
    char state[40], glyph[2] = "?";
    thread_facts(scene->session, tcb, &t);
    bool faulted = tcb_at(scene->world, tcb)->fault.kind != FAULT_NONE &&
                   !thread_is_runnable(scene->world, tcb);
    int width = s->area.width;
    if (t.state < TCB_STATE_COUNT) glyph[0] = state_glyph[t.state];
    snprintf(state, sizeof state, "%s%s", tcb_state_name(t.state), t.yours ? ", yours" : "");
    enum look look = t.runs ? LOOK_RUNS : faulted ? LOOK_FAULT : LOOK_PLAIN;
    sheet_print(s, 1, row, look, "%c%c", faulted ? '!' : t.runs ? '>' : ' ', t.seat ? '@' : ' ');
    sheet_cell(s, 4, row, 11, look, t.name);
    sheet_text(s, 16, row, look, glyph);
    int short_of = width < NARROWEST ? NARROWEST - width : 0;
    sheet_cell(s, 18, row, 16 - short_of, look, state);
    sheet_print(s, 34 - short_of, row, look, "%4" PRIu64, t.priority);
    if (tcb == scene->chosen && width > 41) sheet_text(s, 40, row, LOOK_TITLE, "<");
    if (width >= IP_WIDTH) sheet_print(s, IP_AT, row, look, "0x%" PRIx64, t.ip);
    if (width >= WAITS_WIDTH) sheet_cell(s, WAITS_AT, row, width - WAITS_AT - 2, look, t.waits_for);
    if (t.changed) sheet_mark(s, row);
}

void threads_draw(const struct scene *scene, struct sheet *s)
{
    int row = 1, width = s->area.width, short_of = width < NARROWEST ? NARROWEST - width : 0;
    sheet_print(s, 4, 0, LOOK_FAINT, "name          %-*sprio", short_of < 16 ? 16 - short_of : 6,
                "state");
    if (width >= IP_WIDTH) sheet_text(s, IP_AT, 0, LOOK_FAINT, "next instr.");
    if (width >= WAITS_WIDTH) sheet_text(s, WAITS_AT, 0, LOOK_FAINT, "waits for");
    for (paddr_t t = threads_next(scene->world, 0); t; t = threads_next(scene->world, t), row++) {
        if (sheet_shows(s, row)) thread_row(scene, s, row, t);
        sheet_spot(s, row, 1, width - 3, (struct target){ TARGET_THREAD, t });
    }
    if (row + 1 >= s->area.height) return;
    struct area below = s->area;
    area_text(&below, 1, below.height - 1, LOOK_FAINT, "> runs  @ seat  * changed  ! fault");
}

/* ---- Queues ---- */

void queues_title(const struct scene *scene, char *text, size_t size)
{
    (void)scene;
    snprintf(text, size, "queues");
}

/* A pen that goes on in the next row when there is no room. */
struct pen {
    const struct scene *scene;
    struct sheet *s;
    int x, row, hang;
};

/* Writes a word; it stands for `target`, if that is something. */
static void pen_word(struct pen *p, enum look look, const char *word, struct target target)
{
    int columns = (int)text_columns(word);
    if (p->x > p->hang && p->x + columns > p->s->area.width - 2) {
        p->x = p->hang;
        p->row++;
    }
    sheet_text(p->s, p->x, p->row, look, word);
    if (target.kind != TARGET_NONE) sheet_spot(p->s, p->row, p->x, columns, target);
    p->x += columns + 1;
}

static void pen_thread(struct pen *p, enum look look, paddr_t tcb, const char *behind)
{
    char name[48];
    view_thread_name(p->scene->session, tcb, name, sizeof name - 4);
    pen_word(p, look, name, (struct target){ TARGET_THREAD, tcb });
    if (!*behind) return;
    p->x--;
    pen_word(p, LOOK_PLAIN, behind, (struct target){ TARGET_NONE, 0 });
}

static void pen_plain(struct pen *p, const char *word)
{
    pen_word(p, LOOK_PLAIN, word, (struct target){ TARGET_NONE, 0 });
}

/* First in line first; of senders with the badge that they send. */
static void queue_threads(struct pen *p, struct cap cap)
{
    const struct world *w = p->scene->world;
    uint64_t left = w->memory_size >> TCB_BITS;
    for (paddr_t tcb = queue_next(w, cap, 0); tcb && left > 0; left--) {
        const struct tcb *t = tcb_at(w, tcb);
        paddr_t next = queue_next(w, cap, tcb);
        char badge[32] = "";
        bool sends = t->state == TCB_BLOCKED_ON_SEND && t->blocking_badge;
        if (sends) snprintf(badge, sizeof badge, "(0x%" PRIx64 ")", t->blocking_badge);
        text_add(badge, sizeof badge, next ? "," : "");
        pen_thread(p, t->fault.kind ? LOOK_FAULT : LOOK_PLAIN, tcb, badge);
        tcb = next;
    }
}

static void endpoint_row(struct pen *p, struct cap cap)
{
    enum endpoint_state state = endpoint_state(p->scene->world, cap_object(cap));
    pen_plain(p, state == ENDPOINT_SEND ? "<==" : state == ENDPOINT_RECEIVE ? "==>" : "nobody");
    queue_threads(p, cap);
}

static void notification_row(struct pen *p, struct cap cap)
{
    const struct notification *n = notification_at(p->scene->world, cap_object(cap));
    char text[48];
    switch (notification_state(p->scene->world, cap_object(cap))) {
    case NOTIFICATION_WAITING: pen_plain(p, "==>"); break;
    case NOTIFICATION_ACTIVE:
        snprintf(text, sizeof text, "signalled 0x%" PRIx64, n->badge);
        pen_plain(p, text);
        break;
    default: pen_plain(p, "nobody, no signal");
    }
    queue_threads(p, cap);
    if (!n->bound_tcb) return;
    pen_plain(p, "bound to");
    pen_thread(p, LOOK_PLAIN, n->bound_tcb, "");
}

/* Whether the last command had to do with a queue: object or thread of [from, to) events. */
static bool queue_changed(const struct scene *scene, paddr_t object)
{
    enum { LOOKED_AT = 500 }; /* of a long run the last ones: a key is answered at once */
    size_t end = session_event_count(scene->session), from = session_command_events(scene->session);
    for (size_t i = end - from > LOOKED_AT ? end - LOOKED_AT : from; i < end; i++) {
        const struct event *e = session_event(scene->session, i);
        if ((e->kind == EVENT_QUEUE || e->kind == EVENT_SIGNAL) && e->arg[0] == object) return true;
        if (e->kind == EVENT_MESSAGE && e->arg[4] == object) return true;
    }
    return false;
}

static bool reply_changed(const struct scene *scene, paddr_t caller, paddr_t callee)
{
    enum { LOOKED_AT = 500 };
    size_t end = session_event_count(scene->session), from = session_command_events(scene->session);
    for (size_t i = end - from > LOOKED_AT ? end - LOOKED_AT : from; i < end; i++) {
        const struct event *e = session_event(scene->session, i);
        if (e->kind == EVENT_REPLY_CAP && e->arg[0] == caller && e->arg[1] == callee) return true;
    }
    return false;
}

static int queue_row(const struct scene *scene, struct sheet *s, int row, struct cap cap)
{
    enum { NAME = 16 };
    struct pen p = { scene, s, 1, row, NAME + 2 };
    char name[64];
    view_object_name(scene->session, cap_object(cap), name, sizeof name);
    sheet_cell(s, 1, row, NAME, LOOK_PLAIN, name);
    int columns = (int)text_columns(name) < NAME ? (int)text_columns(name) : NAME;
    sheet_spot(s, row, 1, columns, (struct target){ TARGET_QUEUE, cap_object(cap) });
    p.x = NAME + 2;
    if (cap_type(cap) == CAP_ENDPOINT)
        endpoint_row(&p, cap);
    else
        notification_row(&p, cap);
    if (queue_changed(scene, cap_object(cap))) sheet_mark(s, row);
    return p.row + 1;
}

/* Who may answer whom; by a capability that was saved in a slot of that name, or "". The row below. */
static int reply_row(const struct scene *scene, struct sheet *s, int row, paddr_t by,
                     paddr_t caller, const char *slot)
{
    struct pen p = { scene, s, 1, row, 1 };
    char edge[96];
    snprintf(edge, sizeof edge, "==reply cap%s%s==>", *slot ? " " : "", slot);
    if (by) pen_thread(&p, LOOK_PLAIN, by, "");
    pen_plain(&p, edge);
    pen_thread(&p, LOOK_PLAIN, caller, "");
    if (by && reply_changed(scene, caller, by)) sheet_mark(s, row);
    return p.row + 1;
}

static int saved_row(const struct scene *scene, struct sheet *s, int row, paddr_t caller)
{
    char slot_name[64];
    paddr_t by, slot = thread_saved_reply(scene->world, caller, &by);
    if (!slot) return row;
    slot_short_name(scene->session, slot, slot_name, sizeof slot_name);
    return reply_row(scene, s, row, by, caller, slot_name);
}

void queues_draw(const struct scene *scene, struct sheet *s)
{
    const struct world *w = scene->world;
    struct cap all[QUEUES_MAX];
    unsigned count = queues_all(scene->session, all, QUEUES_MAX);
    int row = 1;
    sheet_text(s, 1, 0, LOOK_FAINT, "waiting, first in line at the left");
    if (!count) sheet_text(s, 1, row++, LOOK_PLAIN, "no endpoint yet: new endpoint NAME");
    for (unsigned i = 0; i < count; i++) row = queue_row(scene, s, row, all[i]);
    for (paddr_t tcb = threads_next(w, 0); tcb; tcb = threads_next(w, tcb)) {
        paddr_t caller = thread_owes_reply(w, tcb);
        if (caller) row = reply_row(scene, s, row, tcb, caller, "");
    }
    for (paddr_t t = threads_next(w, 0); t; t = threads_next(w, t))
        row = saved_row(scene, s, row, t);
    if (!count || row + 1 >= s->area.height || s->area.width < 38) return;
    area_text(&s->area, 1, s->area.height - 1, LOOK_FAINT, "==> receives   <== sends (badge)");
}
