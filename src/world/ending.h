/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a machine that nobody sits at: why no thread can ever run again, in words, and what to try. */
#ifndef FAULTLINE_WORLD_ENDING_H
#define FAULTLINE_WORLD_ENDING_H

#include "world/world.h"

enum { ENDING_FAULTS = 64 };

/* Faults that nobody could be told of; the world does not keep them. All zero: none so far. */
struct ending {
    struct {
        paddr_t tcb;
        word_t kind;
    } fault[ENDING_FAULTS]; /* the last of each of so many threads */
    unsigned count;
};
void ending_hear(struct ending *e, const struct event *event);

/* Says a line for each thread: what it is blocked on, or why it is inactive; then one with what to try. */
void ending_explain(const struct world *w, const struct ending *e,
                    void (*say)(void *context, const char *text), void *context);

#endif
