/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of events, and the one way out of the kernel for them. */
#include "kernel/event.h"

const struct event_desc event_table[EVENT_KIND_COUNT] = {
#define EVENT(id, word, phase, fields, sentence, function, manual)                                 \
    [EVENT_##id] = { #id, word, phase, fields, sentence, function, manual },
#include "kernel/tables/events.def"
#undef EVENT
};

void event_emit_(const struct world *w, enum event_kind kind, const word_t *thread_and_args)
{
    struct event e = { .kind = kind, .thread = thread_and_args[0] };
    for (unsigned i = 0; i < EVENT_ARGS; i++) e.arg[i] = thread_and_args[1 + i];
    w->hear(w->listener, &e);
}
