/* SPDX-License-Identifier: BSD-2-Clause */
/* Events: all that the kernel tells of what it does. It emits them where every structure can be
 * walked, and never hears an answer. */
#ifndef FAULTLINE_KERNEL_EVENT_H
#define FAULTLINE_KERNEL_EVENT_H

#include "kernel/object.h"

enum event_kind {
#define EVENT(id, word, phase, fields, sentence, function, manual) EVENT_##id,
#include "kernel/tables/events.def"
#undef EVENT
    EVENT_KIND_COUNT
};

_Static_assert(EVENT_KIND_COUNT <= 64, "struct world's deaf has a bit for each kind");

enum { EVENT_ARGS = 7 };

struct event {
    enum event_kind kind;
    paddr_t thread; /* who was current, or whom it is about */
    word_t arg[EVENT_ARGS];
    const char *text; /* of EVENT_KERNEL_PRINT: valid while it is being heard */
};

/* What the table says of a kind. */
struct event_desc {
    const char *name, *word;
    bool phase;
    const char *fields, *sentence, *kernel_function, *manual;
};

extern const struct event_desc event_table[EVENT_KIND_COUNT];

static inline bool event_is_heard(const struct world *w, enum event_kind kind)
{
    return __builtin_expect(!(w->deaf >> kind & 1) && w->hear, 0);
}

/* event_emit(w, EVENT_SWITCH, thread, from, to): missing arguments are 0. */
#define event_emit(w, kind, ...)                                                                   \
    (event_is_heard(w, kind) ? event_emit_(w, kind, (const word_t[EVENT_ARGS + 1]){ __VA_ARGS__ }) \
                             : (void)0)
void event_emit_(const struct world *w, enum event_kind kind, const word_t *thread_and_args);

#endif
