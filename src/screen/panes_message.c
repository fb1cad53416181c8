/* SPDX-License-Identifier: BSD-2-Clause */
/* What message is under way, word by word, and what an answer does or would do. */
#include <inttypes.h>
#include <string.h>

#include "screen/pane.h"

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

/* The answer to a fault that the last kernel entry gave, or gives; NULL: it gave none. */
static const struct event *reply_made(const struct scene *scene)
{
    size_t from, to;
    if (!scene_entry(scene, &from, &to)) return NULL;
    for (size_t i = to; i-- > from;) {
        const struct event *e = session_event(scene->session, i);
        if (e->kind == EVENT_REPLY && e->thread == scene->holder && e->arg[3]) return e;
    }
    return NULL;
}

void message_title(const struct scene *scene, char *text, size_t size)
{
    char name[48], to[48];
    const struct event *sent = message_on_its_way(scene);
    view_thread_name(scene->session, sent ? sent->thread : scene->holder, name, sizeof name);
    if (sent) view_thread_name(scene->session, sent->arg[0], to, sizeof to);
    if (sent)
        snprintf(text, size, "message on its way: %s ==> %s", name, to);
    else if (scene->holder && reply_made(scene))
        snprintf(text, size, "message that %s answered", name);
    else if (scene->holder)
        snprintf(text, size, scene->faulter ? "message that %s holds" : "last message to %s", name);
    else
        snprintf(text, size, "message");
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

static void message_head(const struct scene *scene, struct sheet *s, const struct message_facts *m)
{
    char line[TEXT_SIZE];
    snprintf(line, sizeof line, "label %" PRIu64 " %s%slength %" PRIu64 "   badge %#" PRIx64,
             message_label(m->info), m->name, *m->name ? "   " : "  ", message_length(m->info),
             m->badge);
    if (message_caps(m->info))
        text_add(line, sizeof line, "   capabilities %" PRIu64, message_caps(m->info));
    if (message_unwrapped(m->info))
        text_add(line, sizeof line, " (unwrapped: bits 0x%" PRIx64 ")", message_unwrapped(m->info));
    int x = sheet_text(s, 1, 0, LOOK_PLAIN, line);
    static const char remark[] = "  (all it says about the sender)";
    if (x + (int)sizeof remark < s->area.width) sheet_text(s, x, 0, LOOK_FAINT, remark);
    if (message_is_new(scene)) sheet_mark(s, 0);
}

static enum look word_look(const struct message_row *row)
{
    return row->overwritten ? LOOK_CHANGED : LOOK_PLAIN;
}

/* One word a row: MR, where it travels, field, value, meaning. */
static int message_table(struct sheet *s, const struct message_facts *m)
{
    bool where = s->area.width >= 100;
    char prefix[40], value[40];
    snprintf(prefix, sizeof prefix, "seL4_%s_", m->name);
    int values = 10, names = (int)strlen(prefix), x = where ? 13 : 5;
    for (unsigned i = 0; i < m->rows; i++) {
        message_row_value(&m->row[i], value, sizeof value);
        if ((int)strlen(value) > values) values = (int)strlen(value);
        if ((int)strlen(m->row[i].field) > names) names = (int)strlen(m->row[i].field);
    }
    sheet_print(s, 1, 1, LOOK_FAINT, "MR  %s%-*s   %-*s  meaning", where ? "where   " : "", names,
                prefix, values, "value");
    for (unsigned i = 0; i < m->rows; i++) {
        const struct message_row *row = &m->row[i];
        message_row_value(row, value, sizeof value);
        int y = (int)i + 2, at = x + names + 3;
        sheet_print(s, 1, y, LOOK_PLAIN, "%2u", i);
        if (where) sheet_text(s, 5, y, LOOK_PLAIN, row->where);
        sheet_text(s, x, y, LOOK_PLAIN, row->field);
        sheet_text(s, at, y, word_look(row), value);
        sheet_text(s, at + values + 2, y, LOOK_PLAIN, row->meaning);
        sheet_spot(s, y, 1, at + values - 1, (struct target){ TARGET_WORD, i });
    }
    return (int)m->rows + 2;
}

enum { COLUMNS = 3 };

static void column_cell(const struct message_row *row, unsigned i, char *cell, size_t size)
{
    char value[40];
    message_row_value(row, value, sizeof value);
    snprintf(cell, size, "%2u %s%s%s", i, row->field, *row->field ? " " : "", value);
}

/* How wide the first columns are: alike, and no wider than the last one leaves room for. */
static int columns_wide(const struct sheet *s, const struct message_facts *m, unsigned last)
{
    int wide = (s->area.width - 2) / COLUMNS, longest = 0;
    for (unsigned i = last; i < m->rows; i++) {
        char cell[96];
        column_cell(&m->row[i], i, cell, sizeof cell);
        if ((int)strlen(cell) > longest) longest = (int)strlen(cell);
    }
    int left = (s->area.width - 2 - longest) / (COLUMNS - 1);
    return left > 0 && left < wide ? left : wide;
}

/* Three columns of `MR name value`, read downwards; then the meaning of the word under the cursor. */
static int message_columns(const struct scene *scene, struct sheet *s,
                           const struct message_facts *m)
{
    unsigned deep = (m->rows + COLUMNS - 1) / COLUMNS, last = deep * (COLUMNS - 1);
    int wide = columns_wide(s, m, last);
    for (unsigned i = 0; i < m->rows; i++) {
        char cell[96];
        column_cell(&m->row[i], i, cell, sizeof cell);
        int x = 1 + (int)(i / deep) * wide, y = 1 + (int)(i % deep), end;
        int room = i < last ? wide - 2 : s->area.width - x - 1;
        end = sheet_cell(s, x, y, room, word_look(&m->row[i]), cell);
        if (end == x) end = x + (int)strlen(cell);
        sheet_spot(s, y, x, end - x, (struct target){ TARGET_WORD, i });
    }
    struct target at = scene->gaze.selected;
    bool chosen = at.kind == TARGET_WORD && at.at < m->rows;
    if (chosen && *m->row[at.at].meaning)
        sheet_print(s, 1, (int)deep + 1, LOOK_FAINT, "%s: %s", m->row[at.at].field,
                    m->row[at.at].meaning);
    else if (m->fault_kind)
        sheet_text(s, 1, (int)deep + 1, LOOK_FAINT,
                   "Tab to this pane, then the arrow keys: what a word means.");
    return (int)deep + 1 + (m->fault_kind != 0);
}

static int words_draw(const struct scene *scene, struct sheet *s, const struct message_facts *facts)
{
    const struct message_facts m = *facts;
    bool gone = false;
    int row = 1;
    message_head(scene, s, &m);
    if (m.fault_kind && m.rows <= 8)
        row = message_table(s, &m);
    else if (m.rows)
        row = message_columns(scene, s, &m);
    for (unsigned i = 0; i < m.rows; i++) gone |= m.row[i].overwritten;
    if (gone)
        sheet_text(s, 1, row++, LOOK_FAINT,
                   "~ no longer there: register or buffer hold something else by now");
    return row;
}

/* Written already, but the entry is not at its end: it has not arrived. */
static void sending_draw(const struct scene *scene, struct sheet *s, const struct event *e)
{
    struct message_facts m;
    struct arrival a = { .tcb = e->arg[0],
                         .info = thread_register(scene->world, e->arg[0], CTX_MSG_INFO),
                         .badge = e->arg[3],
                         .fault_kind = e->arg[5] };
    for (unsigned i = 0; i < message_length(a.info) && i < MESSAGE_MAX_LENGTH; i++)
        a.mr[i] = thread_message_word(scene->world, e->arg[0], i);
    message_facts_of(scene->world, &a, &m);
    words_draw(scene, s, &m);
    sheet_mark(s, 0);
}

/* The same words beside what the reply wrote. */
static int flow_draw(const struct scene *scene, struct sheet *s)
{
    enum { HEAD = 2 };
    struct prose l;
    struct message_facts m;
    struct view v = prose_view(&l, scene, s->area.width - 1);
    if (!v.out) return 0;
    view_flow(&v, scene->holder);
    prose_close(&l, v.out);
    int row = prose_draw(&l, s, 0);
    if (message_facts(scene->session, scene->holder, &m) && l.count >= HEAD + m.rows)
        for (unsigned i = 0; i < m.rows; i++)
            sheet_spot(s, HEAD + (int)i, 1, s->area.width - 3, (struct target){ TARGET_WORD, i });
    prose_free(&l);
    sheet_mark(s, 0);
    return row;
}

void message_draw(const struct scene *scene, struct sheet *s)
{
    const struct event *sent = message_on_its_way(scene);
    char text[200];
    if (sent) {
        sending_draw(scene, s, sent);
        return;
    }
    if (!scene->holder) {
        sheet_wrap(s, 0, LOOK_PLAIN,
                   "No message has arrived anywhere yet: send, call or a fault brings one.");
        return;
    }
    if (reply_made(scene) && !scene->reply_beside) {
        flow_draw(scene, s);
        return;
    }
    struct message_facts m;
    if (!message_facts(scene->session, scene->holder, &m)) return;
    int row = words_draw(scene, s, &m);
    if (scene->reply_beside) return;
    reply_sentence(scene, text, sizeof text);
    sheet_wrap(s, row, LOOK_TITLE, text);
}

/* ---- What a reply would do ---- */

void reply_title(const struct scene *scene, char *text, size_t size)
{
    snprintf(text, size,
             scene->holder && reply_made(scene) ? "what the reply did" : "what a reply would do");
}

/* The words that a reply may write, in as many columns as have room: with what lies there, those of the
 * first `length` marked as written. */
static int reply_words(const struct scene *scene, struct sheet *s, int row, word_t kind,
                       word_t length, bool made)
{
    enum { WIDE_ENOUGH = 44 };
    const struct fault_desc *fault = &fault_table[kind];
    unsigned count = 0, list[MESSAGE_MAX_LENGTH], words = fault_length((unsigned)kind);
    for (unsigned i = 0; i < words; i++)
        if (fault->word[i].written_back) list[count++] = i;
    int columns = s->area.width >= WIDE_ENOUGH && count > 6 ? 2 : 1;
    int deep = ((int)count + columns - 1) / columns, wide = (s->area.width - 1) / columns;
    for (int i = 0; i < (int)count; i++) {
        bool writes = list[i] < length;
        char cell[96];
        snprintf(cell, sizeof cell, "%2u %s %s", list[i], fault->word[list[i]].field,
                 writes ? "" : "stays");
        if (writes)
            text_add(cell, sizeof cell, "%#" PRIx64 "%s",
                     thread_message_word(scene->world, scene->holder, list[i]), made ? "*" : "");
        enum look look = made && writes ? LOOK_CHANGED : writes ? LOOK_PLAIN : LOOK_FAINT;
        sheet_cell(s, 1 + i / deep * wide, row + i % deep, wide - 1, look, cell);
    }
    return row + deep;
}

static bool writes_back(word_t kind)
{
    for (unsigned i = 0; i < fault_length((unsigned)kind); i++)
        if (fault_table[kind].word[i].written_back) return true;
    return false;
}

static void reply_to_fault(const struct scene *scene, struct sheet *s, word_t kind)
{
    char name[48];
    view_thread_name(scene->session, scene->faulter, name, sizeof name);
    sheet_print(s, 1, 0, LOOK_PLAIN, "seL4_Reply goes to %s", name);
    if (writes_back(kind)) {
        sheet_text(s, 1, 1, LOOK_PLAIN, "label 0: it goes on; any other: inactive");
        sheet_text(s, 1, 2, LOOK_PLAIN, "length N: the first N words are written");
        reply_words(scene, s, 3, kind, MESSAGE_MAX_LENGTH, false);
        return;
    }
    sheet_text(s, 1, 1, LOOK_PLAIN, "label, ignored");
    sheet_text(s, 1, 2, LOOK_PLAIN, "length, ignored: no register is written");
    sheet_print(s, 1, 3, LOOK_PLAIN, "it restarts at 0x%" PRIx64,
                thread_next_ip(scene->world, scene->faulter));
    sheet_wrap(s, 4, LOOK_PLAIN, "Such a reply mends nothing; it only says: try again.");
}

static void reply_done(const struct scene *scene, struct sheet *s, const struct event *reply)
{
    char name[48];
    view_thread_name(scene->session, reply->arg[0], name, sizeof name);
    sheet_print(s, 1, 0, LOOK_PLAIN, "seL4_Reply went to %s", name);
    sheet_mark(s, 0);
    sheet_print(s, 1, 1, LOOK_PLAIN, "label %" PRIu64 ", length %" PRIu64 ": %s", reply->arg[1],
                reply->arg[2], reply->arg[4] ? "it goes on" : "it becomes inactive");
    if (writes_back(reply->arg[3]))
        reply_words(scene, s, 2, reply->arg[3], reply->arg[2], true);
    else
        sheet_wrap(s, 2, LOOK_PLAIN, "No register is written: such a reply never does.");
}

void reply_draw(const struct scene *scene, struct sheet *s)
{
    const struct event *reply = scene->holder ? reply_made(scene) : NULL;
    word_t kind = scene->faulter ? tcb_at(scene->world, scene->faulter)->fault.kind : FAULT_NONE;
    char text[200];
    if (reply && reply->arg[3] < FAULT_KIND_COUNT) {
        reply_done(scene, s, reply);
    } else if (!scene->holder) {
        sheet_wrap(s, 0, LOOK_PLAIN, "Nobody holds a message.");
    } else if (kind != FAULT_NONE && kind < FAULT_KIND_COUNT) {
        reply_to_fault(scene, s, kind);
    } else {
        reply_sentence(scene, text, sizeof text);
        sheet_wrap(s, 0, LOOK_PLAIN, text);
    }
}
