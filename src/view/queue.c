/* SPDX-License-Identifier: BSD-2-Clause */
/* Who waits where: queues of endpoints and notifications, first in line at the left, and who may
 * answer whom. */
#include <inttypes.h>
#include <string.h>

#include "view/internal.h"

/* "handler, other" in the order in which they are served; of senders with the badge they send. */
static void queue_text(const struct session *s, struct cap cap, char *text, size_t size)
{
    const struct world *w = session_world_at(s);
    uint64_t left = w->memory_size >> TCB_BITS;
    for (paddr_t tcb = queue_next(w, cap, 0); tcb && left > 0;
         tcb = queue_next(w, cap, tcb), left--) {
        const struct tcb *t = tcb_at(w, tcb);
        char name[48];
        view_thread_name(s, tcb, name, sizeof name);
        text_add(text, size, "%s%s", *text ? ", " : "", name);
        if (t->state == TCB_BLOCKED_ON_SEND && t->blocking_badge)
            text_add(text, size, " (badge 0x%" PRIx64 ")", t->blocking_badge);
    }
}

static const char *endpoint_words(enum endpoint_state state)
{
    switch (state) {
    case ENDPOINT_SEND: return "waiting to send: ";
    case ENDPOINT_RECEIVE: return "waiting to receive: ";
    default: return "nobody";
    }
}

static void notification_words(const struct session *s, paddr_t notification, char *text,
                               size_t size)
{
    const struct world *w = session_world_at(s);
    const struct notification *n = notification_at(w, notification);
    if (n->bound_tcb) {
        char name[48];
        view_thread_name(s, n->bound_tcb, name, sizeof name);
        text_add(text, size, "bound to %s; ", name);
    }
    switch (notification_state(w, notification)) {
    case NOTIFICATION_WAITING: text_add(text, size, "waiting: "); break;
    case NOTIFICATION_ACTIVE: text_add(text, size, "signalled, word 0x%" PRIx64, n->badge); break;
    default: text_add(text, size, "nobody, no signal");
    }
}

static void queue_line(const struct view *v, struct cap cap)
{
    char name[64], words[96 + TEXT_SIZE] = "";
    view_object_name(v->session, cap_object(cap), name, sizeof name);
    if (cap_type(cap) == CAP_ENDPOINT)
        snprintf(words, sizeof words, "%s",
                 endpoint_words(endpoint_state(view_world(v), cap_object(cap))));
    else
        notification_words(v->session, cap_object(cap), words, sizeof words);
    size_t used = strlen(words);
    queue_text(v->session, cap, words + used, sizeof words - used);
    view_pair(v, name, 16, words, 8);
}

static bool has_queue(struct cap cap)
{
    return cap_type(cap) == CAP_ENDPOINT || cap_type(cap) == CAP_NOTIFICATION;
}

void view_queue(const struct view *v, paddr_t slot)
{
    struct cap cap = cte_at(view_world(v), slot)->cap;
    char name[64];
    if (has_queue(cap)) {
        queue_line(v, cap);
        return;
    }
    view_slot_name(v->session, slot, name, sizeof name);
    view_line(v, "  %s holds no endpoint and no notification, so nobody can wait there.", name);
}

/* Objects in the order in which they are met, each once. */
struct seen {
    unsigned count;
    struct cap cap[QUEUES_MAX];
};

static void seen_add(struct seen *seen, struct cap cap)
{
    if (!has_queue(cap) || seen->count == sizeof seen->cap / sizeof seen->cap[0]) return;
    for (unsigned i = 0; i < seen->count; i++)
        if (cap_object(seen->cap[i]) == cap_object(cap)) return;
    seen->cap[seen->count++] = cap;
}

static void seen_add_blocking(const struct world *w, struct seen *seen, paddr_t tcb)
{
    const struct tcb *t = tcb_at(w, tcb);
    bool endpoint = t->state == TCB_BLOCKED_ON_SEND || t->state == TCB_BLOCKED_ON_RECEIVE;
    if (!endpoint && t->state != TCB_BLOCKED_ON_NOTIFICATION) return;
    struct cap cap = cap_new(endpoint ? CAP_ENDPOINT : CAP_NOTIFICATION);
    cap.word[0] |= t->blocking_object;
    seen_add(seen, cap);
}

unsigned queues_all(const struct session *s, struct cap *list, unsigned max)
{
    const struct world *w = session_world_at(s);
    const struct world_state *state = world_state_at(w);
    struct seen seen = { .count = 0 };
    for (word_t i = 0; i < state->names_used && i < NAMES_MAX; i++)
        if (state->names[i].slot) seen_add(&seen, cte_at(w, state->names[i].slot)->cap);
    for (paddr_t tcb = threads_next(w, 0); tcb; tcb = threads_next(w, tcb))
        seen_add_blocking(w, &seen, tcb);
    unsigned count = seen.count < max ? seen.count : max;
    memcpy(list, seen.cap, count * sizeof *list);
    return count;
}

/* Who may answer whom; by a capability that was saved in a slot of that name, or "". */
static void reply_line(const struct view *v, paddr_t by, paddr_t caller, const char *slot)
{
    char name[64] = "", caller_name[48], drawn[256], may[160];
    if (by) view_thread_name(v->session, by, name, sizeof name);
    view_thread_name(v->session, caller, caller_name, sizeof caller_name);
    snprintf(drawn, sizeof drawn, "%s%s==reply cap%s%s==> %s", name, by ? " " : "",
             *slot ? " " : "", slot, caller_name);
    snprintf(may, sizeof may, "%s may answer%s%s", by ? name : "whoever has it",
             *slot ? " by " : "", slot);
    const struct row_item item = { may, drawn, caller_name, INDENT, 0, false };
    view_row(v, LOOK_PLAIN, &item, 1);
}

static void saved_line(const struct view *v, paddr_t caller)
{
    char slot_name[64];
    paddr_t by, slot = thread_saved_reply(view_world(v), caller, &by);
    if (!slot) return;
    slot_short_name(v->session, slot, slot_name, sizeof slot_name);
    reply_line(v, by, caller, slot_name);
}

void view_queues(const struct view *v)
{
    const struct world *w = view_world(v);
    struct cap all[QUEUES_MAX];
    unsigned count = queues_all(v->session, all, QUEUES_MAX);
    view_heading(v, "  waiting, first in line at the left");
    for (unsigned i = 0; i < count; i++) queue_line(v, all[i]);
    if (count == 0) view_line(v, "  there is no endpoint yet: new endpoint NAME makes one");
    for (paddr_t tcb = threads_next(w, 0); tcb; tcb = threads_next(w, tcb)) {
        paddr_t caller = thread_owes_reply(w, tcb);
        if (caller) reply_line(v, tcb, caller, "");
    }
    for (paddr_t tcb = threads_next(w, 0); tcb; tcb = threads_next(w, tcb)) saved_line(v, tcb);
}
