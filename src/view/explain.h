/* SPDX-License-Identifier: BSD-2-Clause */
/* What the table of explanations holds: rules of the kernel by word, and for each event. */
#ifndef FAULTLINE_VIEW_EXPLAIN_H
#define FAULTLINE_VIEW_EXPLAIN_H

#include "view/view.h"

struct explanation {
    const char *word, *also;
    unsigned event;  /* enum event_kind; EVENT_KIND_COUNT: found by word only */
    unsigned detail; /* fault, error, failure or type in it; 0: any */
    const char *title, *fact, *tip;
    const char *function, *manual; /* where the kernel's source and the manual say so */
};

/* Row by row; NULL behind the last. */
const struct explanation *explanation_at(size_t i);
/* What a row that is not about a type says in its place: an answer emptied the slot of the right to it. */
enum { REPLY_USED_UP = 0x100 };
/* The row of an event; never NULL for a kind of the table. And of one of the session, by its number, which is
 * held: what came before it counts, too. */
const struct explanation *explanation_of(const struct event *e);
const struct explanation *explanation_in(const struct session *s, size_t i);
/* Whether a right to answer that event i deletes is used up by answering: in a caller slot, before the kernel
 * looks anything up, or invoked where it was saved. Else it is given up. */
bool deletion_answers(const struct session *s, size_t i);
/* Rows that speak of all the words: one that has just this word as its own is the only one. Returns how
 * many there are; at most `max` are written. */
unsigned explanations_find(char *const *word, unsigned count, const struct explanation **list,
                           unsigned max);
/* The event that the last command showed, the most telling of several; EVENT_NONE: there was none. */
size_t event_just_shown(const struct session *s);
/* The most telling event of the entry at a position, or the one that began its phase; held. */
size_t event_at_position(const struct session *s, size_t first, struct position at);

/* What happened, the rule in at most two lines, what to try, where to read. `e`: the event, or NULL; `i`: its
 * number, EVENT_NONE without. */
void view_explanation(const struct view *v, const struct explanation *row, const struct event *e,
                      size_t i);
/* "reply-length   how many registers a reply sets": one of several to choose from. */
void view_explanation_line(const struct view *v, const struct explanation *row);

#endif
