/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is there, who waits where, what message is under way, and what an answer would do. */
#include <inttypes.h>
#include <string.h>

#include "screen/pane.h"

/* ---- Threads ---- */

void threads_title(const struct scene *scene, char *text, size_t size)
{
    (void)scene;
    snprintf(text, size, "threads");
}

int threads_want(const struct scene *scene, int width)
{
    int rows = 1;
    (void)width;
    for (paddr_t t = threads_next(scene->world, 0); t; t = threads_next(scene->world, t)) rows++;
    return rows;
}

static void thread_row(const struct scene *scene, const struct area *a, int y, paddr_t tcb)
{
    struct thread_facts t;
    char state[40];
    thread_facts(scene->session, tcb, &t);
    bool faulted = tcb_at(scene->world, tcb)->fault.kind != FAULT_NONE &&
                   !thread_is_runnable(scene->world, tcb);
    snprintf(state, sizeof state, "%s%s", tcb_state_name(t.state), t.yours ? ", yours" : "");
    enum look look = t.runs ? LOOK_RUNS : faulted ? LOOK_FAULT : LOOK_PLAIN;
    struct area name = { a->grid, a->x + 4, a->y + y, 11, 1 };
    struct area words = { a->grid, a->x + 16, a->y + y, 18, 1 };
    area_print(a, 1, y, look, "%c%c", faulted ? '!' : t.runs ? '>' : ' ', t.seat ? '@' : ' ');
    area_text(&name, 0, 0, look, t.name);
    area_text(&words, 0, 0, look, state);
    area_print(a, 34, y, look, "%4" PRIu64, t.priority);
    if (a->width > 62) area_text(a, 42, y, look, t.waits_for);
    if (t.tcb == scene->chosen && a->width > 40) area_text(a, 39, y, LOOK_TITLE, "<");
    if (t.changed) area_mark(a, y);
}

void threads_draw(const struct scene *scene, const struct area *a, int scroll)
{
    int y = 1, left_out = scroll;
    area_text(a, 4, 0, LOOK_FAINT, "name        state             prio");
    for (paddr_t t = threads_next(scene->world, 0); t; t = threads_next(scene->world, t)) {
        if (left_out-- > 0) continue;
        if (y == a->height) {
            area_text(a, a->width - 1, y - 1, LOOK_PLAIN, "~");
            return;
        }
        thread_row(scene, a, y++, t);
    }
    if (y + 1 < a->height)
        area_text(a, 1, a->height - 1, LOOK_FAINT, "> runs  @ your seat  * changed  ! fault");
}

/* ---- Queues ---- */

void queues_title(const struct scene *scene, char *text, size_t size)
{
    (void)scene;
    snprintf(text, size, "queues");
}

static void queues_lines(const struct scene *scene, int width, struct prose *l)
{
    struct view v = { .session = scene->session, .width = (unsigned)(width > 12 ? width : 12) };
    v.out = prose_open(l);
    v.ascii = scene->ascii;
    if (!v.out) return;
    view_queues(&v);
    prose_close(l, v.out);
}

int queues_want(const struct scene *scene, int width)
{
    struct prose l;
    queues_lines(scene, width, &l);
    int rows = (int)l.count;
    prose_free(&l);
    return rows;
}

/* Whether a name stands in a line as a word. */
static bool line_names(const char *line, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = strstr(line, name); n && at; at = strstr(at + 1, name)) {
        bool begins = at == line || at[-1] == ' ' || at[-1] == '(';
        if (begins && (!at[n] || strchr(" ,:)", at[n]))) return true;
    }
    return false;
}

/* Whether an event of the last command has to do with the queue, or the pair, of a line. */
static bool line_changed(const struct scene *scene, const char *line)
{
    enum { LOOKED_AT = 500 }; /* of a long run the last ones: a key is answered at once */
    size_t end = session_event_count(scene->session), from = session_command_events(scene->session);
    for (size_t i = end - from > LOOKED_AT ? end - LOOKED_AT : from; i < end; i++) {
        const struct event *e = session_event(scene->session, i);
        char name[64] = "";
        if (e->kind == EVENT_QUEUE)
            view_object_name(scene->session, e->arg[0], name, sizeof name);
        else if (e->kind == EVENT_MESSAGE && e->arg[4])
            view_object_name(scene->session, e->arg[4], name, sizeof name);
        else if (e->kind == EVENT_SIGNAL)
            view_object_name(scene->session, e->arg[0], name, sizeof name);
        else if (e->kind == EVENT_REPLY_CAP && strstr(line, "==reply cap"))
            view_thread_name(scene->session, e->arg[0], name, sizeof name);
        if (line_names(line, name)) return true;
    }
    return false;
}

void queues_draw(const struct scene *scene, const struct area *a, int scroll)
{
    struct prose l;
    queues_lines(scene, a->width, &l);
    prose_draw(&l, a, scroll);
    for (int y = 0; y < a->height && (size_t)(y + scroll) < l.count; y++) {
        const char *line = l.line[y + scroll];
        if (y + scroll == 0) area_look(a, 0, 0, a->width - 1, LOOK_FAINT);
        if (line_changed(scene, line)) area_mark(a, y);
    }
    prose_free(&l);
}

/* ---- The message ---- */

/* Inside a kernel entry: the message that it is sending; NULL: none so far. */
static const struct event *message_on_its_way(const struct scene *scene)
{
    size_t from, to;
    if (!session_phase(scene->session, NULL, NULL) || !scene_entry(scene, &from, &to)) return NULL;
    for (size_t i = to; i-- > from;) {
        const struct event *e = session_event(scene->session, i);
        if (e->kind == EVENT_MESSAGE) return e;
    }
    return NULL;
}

static void sending_lines(const struct scene *scene, const struct event *e, const struct view *v)
{
    char from[48], to[48];
    unsigned kind = e->arg[5] < FAULT_KIND_COUNT ? (unsigned)e->arg[5] : FAULT_NONE;
    view_thread_name(scene->session, e->thread, from, sizeof from);
    view_thread_name(scene->session, e->arg[0], to, sizeof to);
    view_line(v, "  label %" PRIu64 "%s%s   length %" PRIu64 "   badge 0x%" PRIx64, e->arg[1],
              kind ? " " : "", kind ? fault_table[kind].name : "", e->arg[2], e->arg[3]);
    view_line(v, "  on its way: %s ==message==> %s", from, to);
    view_line(v, "  the kernel writes its words into registers and buffer of %s", to);
}

void message_title(const struct scene *scene, char *text, size_t size)
{
    char name[48];
    view_thread_name(scene->session, scene->holder, name, sizeof name);
    if (message_on_its_way(scene))
        snprintf(text, size, "message on its way");
    else
        snprintf(text, size, scene->holder ? "message that %s %s" : "message%.0s%.0s", name,
                 scene->faulter ? "holds" : "got last");
}

static void message_lines(const struct scene *scene, int width, struct prose *l)
{
    struct view v = { .session = scene->session, .width = (unsigned)(width > 12 ? width : 12) };
    v.out = prose_open(l);
    v.ascii = scene->ascii;
    if (!v.out) return;
    const struct event *sent = message_on_its_way(scene);
    if (sent)
        sending_lines(scene, sent, &v);
    else if (scene->holder)
        view_message(&v, scene->holder);
    else
        text_wrap(v.out,
                  "No message has arrived anywhere yet: a thread gets one by recv; send, call or a "
                  "fault make one.",
                  v.width, 2, 2, 3);
    prose_close(l, v.out);
}

int message_want(const struct scene *scene, int width)
{
    struct prose l;
    message_lines(scene, width, &l);
    int rows = (int)l.count + (scene->holder != 0);
    prose_free(&l);
    return rows;
}

/* Whether the message came with the last command. */
static bool message_is_new(const struct scene *scene)
{
    size_t end = session_event_count(scene->session);
    for (size_t i = session_command_events(scene->session); i < end; i++) {
        const struct event *e = session_event(scene->session, i);
        if (e->kind == EVENT_MESSAGE && e->arg[0] == scene->holder) return true;
    }
    return false;
}

/* What a reply does to the thread that waits for it, in one line. */
static void reply_sentence(const struct scene *scene, char *text, size_t size)
{
    struct message_facts m;
    char who[48], holder[48];
    unsigned written = 0;
    view_thread_name(scene->session, scene->faulter, who, sizeof who);
    view_thread_name(scene->session, scene->holder, holder, sizeof holder);
    if (!scene->faulter) {
        snprintf(text, size, "Nobody waits for an answer of %s.", holder);
        return;
    }
    word_t kind = tcb_at(scene->world, scene->faulter)->fault.kind;
    word_t ip = thread_next_ip(scene->world, scene->faulter);
    if (kind == FAULT_NONE || kind >= FAULT_KIND_COUNT ||
        !message_facts(scene->session, scene->holder, &m)) {
        snprintf(text, size, "A reply now: %s's call returns with its label and words.", who);
        return;
    }
    for (unsigned i = 0; i < fault_length((unsigned)kind); i++)
        written += fault_table[kind].word[i].written_back;
    if (written)
        snprintf(text, size, "A reply now: label 0 lets %s go on; length N writes N registers.",
                 who);
    else
        snprintf(text, size, "A reply now: label and words ignored; %s restarts at 0x%" PRIx64 ".",
                 who, ip);
}

void message_draw(const struct scene *scene, const struct area *a, int scroll)
{
    struct prose l;
    char text[200];
    message_lines(scene, a->width, &l);
    struct area words = *a;
    bool sent = message_on_its_way(scene) != NULL;
    bool told = scene->holder && !sent && a->height > 2;
    if (told) words.height--;
    prose_draw(&l, &words, scroll);
    if (scene->holder && !sent && l.count > 2) area_look(a, 0, 1 - scroll, a->width, LOOK_FAINT);
    if (sent || (scene->holder && message_is_new(scene))) area_mark(a, 0);
    int y = (int)l.count - scroll < words.height ? (int)l.count - scroll : words.height;
    if (told) {
        reply_sentence(scene, text, sizeof text);
        area_text(a, 1, y > 0 ? y : 0, LOOK_TITLE, text);
    }
    prose_free(&l);
}

/* ---- What a reply would do ---- */

void reply_title(const struct scene *scene, char *text, size_t size)
{
    (void)scene;
    snprintf(text, size, "what a reply would do");
}

/* Each word that a reply may write, with what lies there now. */
static void reply_words(const struct scene *scene, const struct fault_desc *fault, unsigned length,
                        const struct view *v)
{
    view_line(v, "  label 0: it goes on; any other: it becomes inactive");
    view_line(v, "  length N: the first N words are written");
    for (unsigned i = 0; i < length; i++)
        if (fault->word[i].written_back)
            view_line(v, "  %2u %-8s <- 0x%" PRIx64, i, fault->word[i].field,
                      thread_message_word(scene->world, scene->holder, i));
}

static void reply_to_fault(const struct scene *scene, word_t kind, const struct view *v)
{
    const struct fault_desc *fault = &fault_table[kind];
    unsigned length = fault_length((unsigned)kind), written = 0;
    for (unsigned i = 0; i < length; i++) written += fault->word[i].written_back;
    if (written) {
        reply_words(scene, fault, length, v);
    } else {
        view_line(v, "  label, ignored");
        view_line(v, "  length, ignored: no register is written");
        view_line(v, "  it restarts at 0x%" PRIx64, thread_next_ip(scene->world, scene->faulter));
        text_wrap(v->out, "Such a reply mends nothing; it only says: try again.", v->width, 2, 2,
                  2);
    }
}

static void reply_lines(const struct scene *scene, int width, struct prose *l)
{
    struct view v = { .session = scene->session, .width = (unsigned)(width > 12 ? width : 12) };
    char text[200], name[48];
    v.out = prose_open(l);
    v.ascii = scene->ascii;
    if (!v.out) return;
    word_t kind = scene->faulter ? tcb_at(scene->world, scene->faulter)->fault.kind : FAULT_NONE;
    if (!scene->holder) {
        text_wrap(v.out, "Nobody holds a message.", v.width, 2, 2, 3);
    } else if (kind != FAULT_NONE && kind < FAULT_KIND_COUNT) {
        view_thread_name(scene->session, scene->faulter, name, sizeof name);
        view_line(&v, "  seL4_Reply goes to %s", name);
        reply_to_fault(scene, kind, &v);
    } else {
        reply_sentence(scene, text, sizeof text);
        text_wrap(v.out, text, v.width, 2, 2, 3);
    }
    prose_close(l, v.out);
}

int reply_want(const struct scene *scene, int width)
{
    struct prose l;
    reply_lines(scene, width, &l);
    int rows = (int)l.count;
    prose_free(&l);
    return rows;
}

void reply_draw(const struct scene *scene, const struct area *a, int scroll)
{
    struct prose l;
    reply_lines(scene, a->width, &l);
    prose_draw(&l, a, scroll);
    prose_free(&l);
}
