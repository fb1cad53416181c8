/* SPDX-License-Identifier: BSD-2-Clause */
/* How the walk of DebugSnapshot remembers where it has been, and how it ends early.
 * seL4: src/machine/capdl.c add_to_seen. */
#include "kernel/capdl.h"

#include <inttypes.h>
#include <string.h>

void capdl_fail(struct capdl *c, const char *assertion, const char *file, const char *function)
{
    capdl_say(c, "seL4 failed assertion '%s' at %s:0 in function %s\n", assertion, file, function);
    if (c->end.how == CAPDL_DONE) c->end.how = CAPDL_ASSERTION;
}

void capdl_fault(struct capdl *c, word_t address)
{
    if (c->end.how == CAPDL_DONE) c->end = (struct capdl_end){ CAPDL_FAULT, address };
}

bool capdl_seen(struct capdl *c, struct cap cap)
{
    word_t count = kernel_at(c->w)->seen_count;
    if (c->end.how != CAPDL_DONE) return true;
    for (word_t i = 0; i < count; i++)
        if (memcmp(&kernel_at(c->w)->seen[i], &cap, sizeof cap) == 0) return true;
    if (count < CAPDL_SEEN) {
        KERNEL_EDIT(c->w, seen)[count] = cap;
        KERNEL_EDIT(c->w, seen_count) = count + 1;
    }
    return false;
}
