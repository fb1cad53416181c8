/* SPDX-License-Identifier: BSD-2-Clause */
/* What was done last to a slot: the event, its position, and the call that brought it about. */
#include <string.h>

#include "view/internal.h"
#include "view/why.h"

/* Whether an event fills or empties the slot. */
static bool changes(void *context, const struct session *s, size_t number, const struct event *e)
{
    paddr_t slot = *(const paddr_t *)context;
    (void)s, (void)number;
    switch (e->kind) {
    case EVENT_CAP_INSERT:
    case EVENT_CAP_MOVE:
        return e->arg[0] == slot || (e->kind == EVENT_CAP_MOVE && e->arg[1] == slot);
    case EVENT_CAP_DELETE: return e->arg[0] == slot;
    case EVENT_OBJECT_CREATE: return e->arg[2] == slot;
    default: return false;
    }
}

/* The invocation that the kernel was carrying out; NULL: it was a message, or none. */
static const struct invocation_desc *invocation_before(const struct session *s, size_t i)
{
    for (; i > 0 && session_event_is_held(s, i); i--) {
        const struct event *e = session_event(s, i);
        if (e->kind == EVENT_CALL) return event_invocation(session_world_at(s), e);
        if (e->kind == EVENT_TRAP) return NULL;
    }
    return NULL;
}

static void what_add(const struct session *s, const struct event *e, paddr_t slot, char *text,
                     size_t size)
{
    char other[64];
    bool moved = e->kind == EVENT_CAP_MOVE;
    paddr_t source = e->arg[e->kind == EVENT_CAP_INSERT || e->arg[0] == slot ? 1 : 0];
    view_slot_name(s, source, other, sizeof other);
    if (e->kind == EVENT_CAP_DELETE)
        text_add(text, size, "emptied it: a capability of type %s went",
                 cap_type_name((enum cap_type)e->arg[1]));
    else if (e->kind == EVENT_OBJECT_CREATE)
        text_add(text, size, "put the new object's first capability there");
    else if (moved && e->arg[1] == slot)
        text_add(text, size, "moved what lay there to %s", other);
    else
        text_add(text, size, "put a capability there, %s %s", moved ? "moved from" : "made of",
                 other);
}

static void tell(const struct view *v, size_t i, paddr_t slot)
{
    const struct session *s = v->session;
    const struct event *e = session_event(s, i);
    char text[3 * TEXT_SIZE] = "", at[48], name[48];
    const struct invocation_desc *row = invocation_before(s, i);
    view_event_position(s, i, at, sizeof at);
    view_thread_name(s, e->thread, name, sizeof name);
    if (row)
        snprintf(text, sizeof text, "%s: %s's seL4_%s_%s ", at, name, row->interface, row->method);
    else
        snprintf(text, sizeof text, "%s: a message of %s ", at, name);
    what_add(s, e, slot, text, sizeof text);
    text_add(text, sizeof text, ".");
    view_text(v, text, INDENT, INDENT, 2);
}

bool view_last_write(const struct view *v, paddr_t slot)
{
    struct event_search q = { .to = session_event_count(v->session),
                              .backwards = true,
                              .most = 1,
                              .takes = changes,
                              .context = &slot };
    if (!session_events_find(v->session, &q)) return false;
    if (!q.count)
        view_line(v, "  Nothing has changed that slot since boot.");
    else if (!session_event_hold(v->session, q.found[0]))
        return false;
    else
        tell(v, q.found[0], slot);
    return true;
}
