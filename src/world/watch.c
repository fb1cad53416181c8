/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether an event is one that somebody waits for. */
#include <string.h>

#include "world/watch.h"

/* clang-format off */
const char *const watch_kind_word[WATCH_KIND_COUNT] = {
    [WATCH_FAULT] = "fault", [WATCH_DOUBLE_FAULT] = "double-fault", [WATCH_IPC] = "ipc", [WATCH_STATE] = "state",
    [WATCH_SWITCH] = "switch", [WATCH_ERROR] = "error", [WATCH_CALL] = "call",
};

const char *const watch_fault_word[FAULT_KIND_COUNT] = {
    [FAULT_CAP] = "cap", [FAULT_VM] = "vm", [FAULT_UNKNOWN_SYSCALL] = "unknown", [FAULT_USER_EXCEPTION] = "user",
    [FAULT_DEBUG_EXCEPTION] = "debug", [FAULT_TIMEOUT] = "timeout",
};
/* clang-format on */

static bool is_any_or(word_t wanted, word_t is)
{
    return wanted == 0 || wanted == is;
}

static bool message_matches(const struct watch *watch, const struct event *e)
{
    return e->kind == EVENT_MESSAGE && is_any_or(watch->thread, e->thread) &&
           is_any_or(watch->receiver, e->arg[0]) && is_any_or(watch->endpoint, e->arg[4]) &&
           (!watch->has_badge || watch->badge == e->arg[3]);
}

static bool fault_matches(const struct watch *watch, const struct event *e)
{
    if (watch->receiver || watch->endpoint || watch->has_badge)
        return message_matches(watch, e) && e->arg[5] != FAULT_NONE &&
               is_any_or(watch->fault_kind, e->arg[5]);
    return e->kind == EVENT_FAULT && is_any_or(watch->thread, e->thread) &&
           is_any_or(watch->fault_kind, e->arg[0]);
}

const struct invocation_desc *event_invocation(const struct world *w, const struct event *e)
{
    if (e->kind != EVENT_CALL) return NULL;
    const struct invocation_desc *row = invocation_row(&kernel_at(w)->numbers, e->arg[0]);
    return row && row->on == e->arg[3] ? row : NULL;
}

static bool call_matches(const struct world *w, const struct watch *watch, const struct event *e)
{
    const struct invocation_desc *row = event_invocation(w, e);
    return row && is_any_or(watch->thread, e->thread) &&
           (!watch->label || strcmp(row->label, watch->label) == 0);
}

bool watch_matches(const struct world *w, const struct watch *watch, const struct event *e)
{
    bool is_thread = is_any_or(watch->thread, e->thread);
    switch (watch->kind) {
    case WATCH_FAULT: return fault_matches(watch, e);
    case WATCH_DOUBLE_FAULT: return e->kind == EVENT_DOUBLE_FAULT && is_thread;
    case WATCH_IPC: return message_matches(watch, e);
    case WATCH_STATE: return e->kind == EVENT_STATE && is_thread;
    case WATCH_SWITCH: return e->kind == EVENT_SWITCH && is_any_or(watch->thread, e->arg[1]);
    case WATCH_ERROR:
        return e->kind == EVENT_ERROR && is_thread && is_any_or(watch->error, e->arg[0]);
    case WATCH_CALL: return call_matches(w, watch, e);
    }
    return false;
}

uint64_t watch_events(const struct watch *watch)
{
    static const uint64_t events[WATCH_KIND_COUNT] = {
        [WATCH_FAULT] = UINT64_C(1) << EVENT_FAULT | UINT64_C(1) << EVENT_MESSAGE,
        [WATCH_DOUBLE_FAULT] = UINT64_C(1) << EVENT_DOUBLE_FAULT,
        [WATCH_IPC] = UINT64_C(1) << EVENT_MESSAGE,
        [WATCH_STATE] = UINT64_C(1) << EVENT_STATE,
        [WATCH_SWITCH] = UINT64_C(1) << EVENT_SWITCH,
        [WATCH_ERROR] = UINT64_C(1) << EVENT_ERROR,
        [WATCH_CALL] = UINT64_C(1) << EVENT_CALL,
    };
    return events[watch->kind];
}
