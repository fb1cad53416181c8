/* SPDX-License-Identifier: BSD-2-Clause */
/* Lanes: see lanes.h. The newest column that has happened stands above `now`; what is recorded ahead of a
 * present that lies in the past stands right of it. A program's stretch is as wide as its length has digits. */
#include "screen/lanes.h"

#include <inttypes.h>
#include <string.h>

enum { LANES_MAX = 12, NAME_WIDTH = 13, COLUMNS_MAX = 480, EVENTS_MAX = 20000, LABEL = 8 };

struct lane {
    paddr_t tcb;
    word_t state; /* while columns are walked */
};

/* A kernel entry, events [from, to); or a stretch of instructions of one thread, without events. */
struct column {
    word_t step;
    size_t from, to;
    paddr_t runs;
};

/* What is drawn: columns in order of time, of which `now` have happened. */
struct chart {
    const struct scene *scene;
    struct sheet *s;
    unsigned count, now, lanes;
    struct column column[COLUMNS_MAX];
    struct lane lane[LANES_MAX];
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

/* ---- Columns ---- */

static unsigned digits(word_t value)
{
    unsigned n = 1;
    while (value >= 10) value /= 10, n++;
    return n;
}

/* An entry but the prints of programs, which are many and change nobody's state. */
static bool is_worth_a_column(const struct scene *scene, size_t from, size_t to)
{
    return !scene_entry_has(scene, from, to, EVENT_CONSOLE);
}

static void add_column(struct column *list, unsigned *count, unsigned max, struct column c)
{
    if (*count < max) list[(*count)++] = c;
}

/* What ran from `step` to `end`, when that is more than the instruction that enters the kernel. */
static void add_stretch(struct column *list, unsigned *count, unsigned max, word_t step, word_t end,
                        paddr_t runs)
{
    if (end <= step + 1) return;
    for (unsigned i = digits(end - step - 1); i > 0; i--)
        add_column(list, count, max, (struct column){ step, 0, 0, runs });
}

/* Newest first: entries before event `to`, and stretches behind each. */
static unsigned columns_before(const struct scene *scene, struct column *list, unsigned max)
{
    const struct session *s = scene->session;
    size_t to = session_event_count(s), first = session_first_event(s);
    unsigned count = 0;
    word_t end = session_position(s).step;
    paddr_t runs = kernel_at(scene->world)->current;
    if (scene->shell->start > first) first = scene->shell->start;
    if (to > EVENTS_MAX && first < to - EVENTS_MAX) first = to - EVENTS_MAX;
    for (size_t i = to; i-- > first && count < max;) {
        const struct event *e = session_event(s, i);
        if (e->kind != EVENT_TRAP) continue;
        word_t step = session_event_position(s, i).step;
        if (is_worth_a_column(scene, i, to)) {
            if (runs != kernel_at(scene->world)->idle)
                add_stretch(list, &count, max, step + 1, end, runs);
            add_column(list, &count, max, (struct column){ step, i, to, e->thread });
            end = step;
            runs = e->thread;
        }
        to = i;
    }
    return count;
}

/* Entries that are recorded ahead of the present. */
static unsigned columns_ahead(const struct scene *scene, struct column *list, unsigned max)
{
    const struct session *s = scene->session;
    size_t known = session_events_known(s), at = session_event_count(s);
    unsigned count = 0;
    if (known > at + EVENTS_MAX) known = at + EVENTS_MAX;
    while (at < known && session_event(s, at)->kind != EVENT_TRAP) at++;
    while (at < known && count < max) {
        size_t to = at + 1;
        while (to < known && session_event(s, to)->kind != EVENT_TRAP) to++;
        if (is_worth_a_column(scene, at, to))
            list[count++] = (struct column){ session_event_position(s, at).step, at, to,
                                             session_event(s, at)->thread };
        at = to;
    }
    return count;
}

static void chart_columns(struct chart *c, unsigned room)
{
    struct column *list = c->column;
    if (room > COLUMNS_MAX) room = COLUMNS_MAX;
    struct column ahead[COLUMNS_MAX / 3];
    unsigned more = columns_ahead(c->scene, ahead, room / 3);
    c->now = columns_before(c->scene, list, room - more);
    for (unsigned i = 0; i < c->now / 2; i++) {
        struct column swapped = list[i];
        list[i] = list[c->now - 1 - i];
        list[c->now - 1 - i] = swapped;
    }
    memcpy(list + c->now, ahead, more * sizeof *list);
    c->count = c->now + more;
}

/* ---- Drawing ---- */

static void lane_cell(const struct chart *c, unsigned column, unsigned i)
{
    const struct column *col = &c->column[column];
    const struct lane *lane = &c->lane[i];
    char text[2] = { lane_glyph(lane->state), '\0' };
    if (col->from == col->to && col->runs == lane->tcb) text[0] = '=';
    for (size_t j = col->from; j < col->to; j++) {
        char sign = event_glyph(session_event(c->scene->session, j), lane->tcb);
        if (sign) text[0] = sign;
    }
    bool fault = text[0] == '!' || text[0] == 'X';
    enum look look = column >= c->now ? LOOK_FAINT : fault ? LOOK_FAULT : LOOK_PLAIN;
    sheet_text(c->s, NAME_WIDTH + (int)column, (int)i, look, text);
}

/* The lanes' states go over an entry: backwards to what was, forwards to what came. */
static void lanes_pass(struct chart *c, const struct column *col, bool forwards)
{
    for (size_t n = 0; n < col->to - col->from; n++) {
        const struct event *e =
            session_event(c->scene->session, forwards ? col->from + n : col->to - 1 - n);
        if (e->kind != EVENT_STATE) continue;
        for (unsigned i = 0; i < c->lanes; i++)
            if (c->lane[i].tcb == e->thread) c->lane[i].state = e->arg[forwards ? 1 : 0];
    }
}

static void lanes_reset(struct chart *c)
{
    for (unsigned i = 0; i < c->lanes; i++)
        c->lane[i].state = tcb_at(c->scene->world, c->lane[i].tcb)->state;
}

static void cells_draw(struct chart *c)
{
    lanes_reset(c);
    for (unsigned at = c->now; at-- > 0;) {
        for (unsigned i = 0; i < c->lanes; i++) lane_cell(c, at, i);
        lanes_pass(c, &c->column[at], false);
    }
    lanes_reset(c);
    for (unsigned at = c->now; at < c->count; at++) {
        lanes_pass(c, &c->column[at], true);
        for (unsigned i = 0; i < c->lanes; i++) lane_cell(c, at, i);
    }
}

/* A column is one thing to choose: its spot lies in the first lane, the look on all of them. */
static void column_spots(struct chart *c)
{
    for (unsigned at = 0; at < c->count; at++) {
        struct target target = { TARGET_STEP, c->column[at].step };
        int x = NAME_WIDTH + (int)at;
        sheet_spot(c->s, 0, x, 1, target);
        if (!target_is(target, c->s->cursor)) continue;
        for (unsigned i = 1; i < c->lanes; i++) area_look(&c->s->area, x, (int)i, 1, LOOK_CHOSEN);
    }
}

/* Positions under their columns, and the present. */
static void ruler_draw(const struct chart *c, int row)
{
    int now = NAME_WIDTH + (int)c->now, free_to = now - 1;
    for (unsigned at = c->now; at-- > 0;) {
        char text[24];
        int n = snprintf(text, sizeof text, "@%" PRIu64, c->column[at].step),
            x = NAME_WIDTH + (int)at;
        bool is_entry = c->column[at].from != c->column[at].to;
        if (!is_entry || x + n > free_to) continue;
        sheet_text(c->s, x, row, LOOK_FAINT, text);
        free_to = x - LABEL + 3;
    }
    sheet_text(c->s, now, row, LOOK_TITLE, "now");
    struct target cursor = c->s->cursor;
    for (unsigned at = 0; at < c->count && cursor.kind == TARGET_STEP; at++) {
        if (c->column[at].step != cursor.at) continue;
        sheet_print(c->s, NAME_WIDTH + (int)at, row, LOOK_CHOSEN, "^@%" PRIu64, cursor.at);
        return;
    }
}

int lanes_want(const struct scene *scene)
{
    int rows = 0;
    for (paddr_t t = threads_next(scene->world, 0); t; t = threads_next(scene->world, t)) rows++;
    return (rows > LANES_MAX ? LANES_MAX : rows) + 1; /* the idle thread's row is the ruler's */
}

/* Whether a thread has done something of late, or is looked at. */
static bool is_busy(const struct scene *scene, paddr_t tcb)
{
    enum { LATELY = 400 };
    const struct session *s = scene->session;
    size_t end = session_event_count(s), from = session_first_event(s);
    if (end - from > LATELY) from = end - LATELY;
    if (tcb == scene->chosen || tcb == scene->seat || tcb == scene->holder) return true;
    for (size_t i = from; i < end; i++) {
        const struct event *e = session_event(s, i);
        if (e->thread == tcb || (e->kind == EVENT_MESSAGE && e->arg[0] == tcb)) return true;
    }
    return false;
}

/* The threads that get a lane: all of them, or where they are too many those that do something. */
static void lanes_choose(struct chart *c, unsigned rows)
{
    const struct world *w = c->scene->world;
    paddr_t idle = kernel_at(w)->idle;
    unsigned all = 0;
    if (rows > LANES_MAX) rows = LANES_MAX;
    for (paddr_t t = threads_next(w, 0); t; t = threads_next(w, t)) all += t != idle;
    for (paddr_t t = threads_next(w, 0); t && c->lanes < rows; t = threads_next(w, t))
        if (t != idle && (all <= rows || is_busy(c->scene, t))) c->lane[c->lanes++].tcb = t;
    if (all > c->lanes) sheet_text(c->s, NAME_WIDTH - 2, (int)c->lanes, LOOK_PLAIN, "~");
}

static void names_draw(const struct chart *c)
{
    char name[48];
    for (unsigned i = 0; i < c->lanes; i++) {
        view_thread_name(c->scene->session, c->lane[i].tcb, name, sizeof name);
        sheet_cell(c->s, 1, (int)i, NAME_WIDTH - 2, LOOK_PLAIN, name);
    }
}

void lanes_draw(const struct scene *scene, struct sheet *s, int rows)
{
    static const char wide[] = "M calls the kernel  > gets a message  ! faults  = runs its "
                               "program  ~ blocked  ? blocked on reply",
                      narrow[] = "M kernel  > message  ! fault  = program  ~ blocked  ? on reply";
    const char *legend = s->area.width > (int)sizeof wide + NAME_WIDTH ? wide : narrow;
    struct chart c = { .scene = scene, .s = s };
    int room = s->area.width - NAME_WIDTH - 5, below = rows - 1;
    lanes_choose(&c, (unsigned)rows - 1);
    names_draw(&c);
    if ((int)c.lanes < below) below = (int)c.lanes;
    if (room < 8) return;
    chart_columns(&c, (unsigned)room);
    cells_draw(&c);
    column_spots(&c);
    ruler_draw(&c, below);
    if (below + 1 < rows) sheet_text(s, NAME_WIDTH, below + 1, LOOK_FAINT, legend);
}
