/* SPDX-License-Identifier: BSD-2-Clause */
/* Who holds what, who could wake whom, and why a thread stands where it does. "Could" is a matter of
 * capabilities: what a program will do is another question. */
#ifndef FAULTLINE_VIEW_WHY_H
#define FAULTLINE_VIEW_WHY_H

#include "view/view.h"

/* ---- authority.c ---- */

/* What a thread can do for another one. */
enum power { POWER_NONE, POWER_ANSWER, POWER_SEND, POWER_RECEIVE, POWER_SIGNAL, POWER_RESUME };

/* A capability where it lies. */
struct holding {
    paddr_t thread; /* in whose CSpace; of a caller slot, whose TCB */
    paddr_t slot;
    struct cap cap;
};
enum { HOLDINGS_MAX = 256 };
struct holdings {
    unsigned count;
    bool more; /* than there was room for */
    struct holding list[HOLDINGS_MAX];
};

/* Every capability to the object that `cap` names. */
void holdings_of(const struct world *w, struct cap cap, struct holdings *out);
/* Every capability to what threads meet at, are, or name things in: endpoints, notifications, TCBs, CNodes,
 * and every right to answer. */
void holdings_of_meeting(const struct world *w, struct holdings *out);
/* Every capability that gives the power over a thread. */
void holdings_with_power(const struct world *w, paddr_t tcb, enum power power,
                         struct holdings *out);

/* How a thread can still be woken. */
enum hope {
    HOPE_RUNS,   /* it can run, or somebody who can might wake it */
    HOPE_RESUME, /* only by TCB_Resume */
    HOPE_NONE
};
/* For the i-th thread of threads_next(); returns how many there are, at most `max`. */
unsigned threads_hope(const struct world *w, enum hope *hope, unsigned max);

/* ---- who.c ---- */

/* Who holds capabilities to the object of the one in a slot, how they derive, who waits there. */
void view_who(const struct view *v, struct cap cap);
/* The slot's name as that thread sees it: "fault_ep", "8", "caller slot". */
void view_holding_name(const struct session *s, const struct holding *h, char *text, size_t size);
/* Adds who else has a power over a thread: "rootserver (fault_ep), handler (handler_cspace/fault_ep; blocked
 * on recv itself)", each once. Returns how many they are. */
unsigned view_powerful(const struct session *s, paddr_t tcb, enum power power, char *text,
                       size_t size);

/* ---- why.c, lost.c, writing.c, last.c ---- */

/* Why the thread is in its state, since when, who could change that. At most four lines. */
void view_why(const struct view *v, paddr_t tcb);
/* What filled or emptied a slot last, at which position. */
bool view_last_write(const struct view *v, paddr_t slot);
/* Who wrote a register or memory last: what session_last_write() found. */
void view_writing(const struct view *v, const struct writing *w);
/* "0x2a", "\"running\"". */
void reading_text(const struct reading *r, char *text, size_t size);
/* Threads that nobody can wake any more, or that can only be resumed. */
void view_lost(const struct view *v);

#endif
