/* SPDX-License-Identifier: BSD-2-Clause */
/* What to wait for: the one form behind break, until, expect and goals.
 * EVENT in docs/commands.md: fault [cap|vm|unknown|user|debug|timeout] | double-fault | ipc | state |
 * switch | error [NAME] | call METHOD, each with [thread X] [receiver X] [endpoint X] [badge N]. */
#ifndef FAULTLINE_WORLD_WATCH_H
#define FAULTLINE_WORLD_WATCH_H

#include "world/world.h"

enum watch_kind {
    WATCH_FAULT,
    WATCH_DOUBLE_FAULT,
    WATCH_IPC,
    WATCH_STATE,
    WATCH_SWITCH,
    WATCH_ERROR,
    WATCH_CALL
};

enum { WATCH_KIND_COUNT = WATCH_CALL + 1 };

/* The words in which both are typed and shown: "double-fault"; of kinds of fault "vm", NULL for FAULT_NONE. */
extern const char *const watch_kind_word[WATCH_KIND_COUNT];
extern const char *const watch_fault_word[FAULT_KIND_COUNT];

struct watch {
    enum watch_kind kind;
    unsigned fault_kind;                /* FAULT_NONE: any */
    word_t error;                       /* of WATCH_ERROR; 0: any */
    const char *label;                  /* of WATCH_CALL: the row's label, "CNodeMint" */
    paddr_t thread, receiver, endpoint; /* 0: any */
    bool has_badge;
    word_t badge;
};

/* Whether an event is one of these. A fault with a receiver, endpoint or badge is watched where its
 * message is delivered (EVENT_MESSAGE), else where it happens (EVENT_FAULT). */
bool watch_matches(const struct world *w, const struct watch *watch, const struct event *e);

/* The kinds of events among which those are, a bit a kind. */
uint64_t watch_events(const struct watch *watch);

/* The invocation that an EVENT_CALL was; NULL for another event, and when a message was sent instead. */
const struct invocation_desc *event_invocation(const struct world *w, const struct event *e);

#endif
