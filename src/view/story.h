/* SPDX-License-Identifier: BSD-2-Clause */
/* A story is made in four files: story.c tells a command's events in order, story_fault.c the two longest
 * tales (a fault on its way to a handler, a reply on its way back), story_end.c how it ended, and
 * story_events.c knows what stands beside an event. */
#ifndef FAULTLINE_VIEW_STORY_H
#define FAULTLINE_VIEW_STORY_H

#include <stdarg.h>

#include "view/internal.h"

struct story {
    const struct session *s;
    const struct world *w;
    const struct stop *stop; /* or NULL */
    paddr_t seat;
    size_t from, to;          /* events */
    char text[8 * TEXT_SIZE]; /* sentences, each on a line */
};

/* Adds a sentence. */
__attribute__((format(printf, 2, 3))) void story_say(struct story *s, const char *format, ...);

/* ---- story_fault.c ---- */
void story_fault(struct story *s, size_t i);
void story_reply(struct story *s, size_t i);

/* ---- story_end.c ---- */
void story_silence(struct story *s); /* where the kernel says nothing, we do */
void story_blocked(struct story *s); /* the seat's thread waits: said when it is so at the end */
void story_stop(struct story *s);    /* why the run stopped, s->stop */

/* ---- story_events.c: where an event stands, within its kernel entry ---- */
/* The last event of a kind before event i, the first behind it; NULL: none. */
const struct event *story_before(const struct story *s, size_t i, enum event_kind kind);
const struct event *story_after(const struct story *s, size_t i, enum event_kind kind);
size_t story_entry_start(const struct story *s, size_t i);
bool story_in_fault(const struct story *s, size_t i); /* a message that a fault before it sent */
bool story_in_invocation(const struct story *s, size_t i); /* behind an invocation, no IPC */
bool story_beside_reply(const struct story *s, size_t i);  /* of an entry that replies or invokes */
/* Where a thread went on after event i: it may have come far since. */
word_t story_started_at(const struct story *s, size_t i, paddr_t tcb);
bool story_seat_entered(const struct story *s); /* the seat's thread entered the kernel */
/* Whether a thread's last two faults on this branch were the same, word for word. */
bool story_same_fault_again(const struct story *s, paddr_t tcb);

#endif
