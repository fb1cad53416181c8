/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files that check the kernel's rules offer each other. A check returns NULL, or what is wrong. */
#ifndef FAULTLINE_KERNEL_INVARIANT_H
#define FAULTLINE_KERNEL_INVARIANT_H

#include "kernel/internal.h"

enum { CNODES_MAX = 256, LINKS_MAX = 1 << 16 };

#define CHECK(condition, what)                                                                     \
    do {                                                                                           \
        if (!(condition)) return what;                                                             \
    } while (0)

/* ---- invariant_survey.c: all slots ---- */
/* Runs of slots, each looked into once: those of threads and interrupts, then every CNode and zombie
 * that is found in one of them. */
struct slot_run {
    paddr_t first;
    word_t count;
};
struct survey {
    const struct world *w;
    struct slot_run run[CNODES_MAX]; /* of CNodes and zombies */
    unsigned runs;
    bool is_complete; /* all have been found */
};
typedef const char *slot_visit(void *context, const struct world *w, paddr_t slot);

void survey_begin(struct survey *s, const struct world *w);
/* Visits every slot, the first time finding them on the way. Ends where a visit finds something wrong. */
const char *survey_visit(struct survey *s, slot_visit *visit, void *context);

static inline bool is_slot(const struct world *w, paddr_t slot)
{
    return slot % sizeof(struct cte) == 0 && memory_holds(w, slot, sizeof(struct cte));
}

static inline bool is_tcb(const struct world *w, paddr_t tcb)
{
    return tcb % (2 * TCB_OFFSET) == TCB_OFFSET && memory_holds(w, tcb, TCB_OFFSET);
}

/* ---- invariant_slots.c: slots, the derivation list, untyped memory ---- */
const char *check_slots(const struct world *w);

#endif
