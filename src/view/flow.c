/* SPDX-License-Identifier: BSD-2-Clause */
/* A fault's way there and back, side by side: the words that the faulter had, what the handler has made of
 * them, what the reply wrote back, and where the faulter went on. seL4: src/api/faults.c. */
#include <inttypes.h>
#include <string.h>

#include "view/internal.h"

struct flow {
    const struct view *v;
    const struct world *w;
    paddr_t handler, faulter;
    const struct event *message, *reply, *written; /* the last two: NULL as long as there is none */
    bool ran_on;                                   /* the faulter has run since the reply */
    char handler_name[48], faulter_name[48];
};

static bool reaches(void *context, const struct session *s, size_t i, const struct event *e)
{
    (void)s, (void)i;
    return e->kind == EVENT_MESSAGE && e->arg[0] == *(const paddr_t *)context;
}

/* The last message that reached the handler, and what became of it. */
static void flow_find(struct flow *f)
{
    const struct session *s = f->v->session;
    size_t count = session_event_count(s);
    size_t at = session_event_last(s, count, reaches, &f->handler);
    if (at == EVENT_NONE) return;
    f->message = session_event(s, at);
    f->faulter = f->message->thread;
    for (size_t i = at; i < count; i++) {
        const struct event *e = session_event(s, i);
        bool runs = (e->kind == EVENT_EXIT || e->kind == EVENT_SWITCH) && f->reply;
        if (e->kind == EVENT_REPLY && e->thread == f->handler && e->arg[0] == f->faulter)
            f->reply = e;
        if (e->kind == EVENT_WRITE_BACK && e->arg[0] == f->faulter) f->written = e;
        if (runs && (e->arg[0] == f->faulter || e->thread == f->faulter)) f->ran_on = true;
    }
}

/* What the reply wrote into a register: as it lies there until the faulter runs. */
static void written_text(const struct flow *f, const struct message_row *row,
                         const struct fault_word_desc *word, unsigned i, char *text, size_t size)
{
    word_t value = thread_message_word(f->w, f->handler, i);
    if (!word->written_back) {
        snprintf(text, size, "(never)");
    } else if (!f->reply) {
        snprintf(text, size, "with length %u", i + 1);
    } else if (!f->written || i >= f->written->arg[2]) {
        snprintf(text, size, "-");
    } else {
        if (!f->ran_on) value = tcb_at(f->w, f->faulter)->context[word->index];
        message_value(row, value, text, size);
    }
}

static const char *flow_last_column(const struct flow *f)
{
    return f->reply ? "the reply wrote" : "a reply writes it";
}

static void flow_row(const struct flow *f, const struct message_row *row, unsigned i)
{
    const struct fault_word_desc *word = &fault_table[f->message->arg[5]].word[i];
    static const struct fault_word_desc none;
    word_t now = thread_message_word(f->w, f->handler, i);
    char had[32], has[32] = "=", wrote[32], number[16], name[96], holder[64];
    bool known = i < fault_length((unsigned)f->message->arg[5]);
    message_value(row, row->value, had, sizeof had);
    if (now != row->value) message_value(row, now, has, sizeof has);
    written_text(f, row, known ? word : &none, i, wrote, sizeof wrote);
    snprintf(number, sizeof number, "%u", i);
    snprintf(name, sizeof name, "MR %u %s, %s had", i, row->field, f->faulter_name);
    snprintf(holder, sizeof holder, "%s has", f->handler_name);
    const struct row_item items[] = {
        { NULL, number, "", 2, 2, true },
        { NULL, row->field, "", 2, 17, false },
        { name, had, NULL, 1, 18, false },
        { holder, has, strcmp(has, "=") == 0 ? "the same" : NULL, 1, 18, false },
        { flow_last_column(f), wrote,
          wrote[0] == '-'   ? "nothing"
          : wrote[0] == '(' ? "never"
                            : NULL,
          1, 0, false },
    };
    view_row(f->v, LOOK_PLAIN, items, sizeof items / sizeof items[0]);
}

static void flow_end(const struct flow *f)
{
    const struct tcb *t = tcb_at(f->w, f->faulter);
    char text[2 * TEXT_SIZE];
    word_t ip = thread_next_ip(f->w, f->faulter);
    if (!f->reply) {
        snprintf(text, sizeof text, "%s is %s: there is no reply yet.", f->faulter_name,
                 tcb_state_name(t->state));
    } else {
        snprintf(text, sizeof text,
                 "The reply had label %" PRIu64 ", length %" PRIu64 "; %" PRIu64
                 " registers were written. ",
                 f->reply->arg[1], f->reply->arg[2], f->written ? f->written->arg[2] : 0);
        if (!f->reply->arg[4])
            text_add(text, sizeof text, "%s became inactive.", f->faulter_name);
        else if (f->ran_on)
            text_add(text, sizeof text, "%s has run on.", f->faulter_name);
        else
            text_add(text, sizeof text, "%s goes on at 0x%" PRIx64 ".", f->faulter_name, ip);
    }
    view_text(f->v, text, INDENT, INDENT, 2);
}

void view_flow(const struct view *v, paddr_t tcb)
{
    enum { NAMED = 14 }; /* of a name in the heading */
    char had[24], has[24];
    struct flow f = { .v = v, .w = view_world(v), .handler = tcb };
    struct message_facts m;
    view_thread_name(v->session, tcb, f.handler_name, sizeof f.handler_name);
    flow_find(&f);
    if (!f.message || !message_facts(v->session, tcb, &m) || !m.fault_kind ||
        m.fault_kind != f.message->arg[5]) {
        view_line(v, "  the last message at %s is no fault: nothing is written back",
                  f.handler_name);
        return;
    }
    view_thread_name(v->session, f.faulter, f.faulter_name, sizeof f.faulter_name);
    view_line(v, "  %s: %s %s %s", m.name, f.faulter_name,
              v->plain   ? "to"
              : v->ascii ? "->"
                         : "→",
              f.handler_name);
    snprintf(had, sizeof had, "%.*s had", NAMED, f.faulter_name);
    snprintf(has, sizeof has, "%.*s has", NAMED, f.handler_name);
    view_heading(v, "  MR  %-17s %-18s %-18s %s", "word", had, has, flow_last_column(&f));
    for (unsigned i = 0; i < m.rows; i++) flow_row(&f, &m.row[i], i);
    flow_end(&f);
}
