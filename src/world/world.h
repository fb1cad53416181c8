/* SPDX-License-Identifier: BSD-2-Clause */
/* One simulated computer beside its processor and kernel: mapping the arena, and the globals of this
 * room in it (seat, names, variables, threads driven by hand), so that undo, saved files and
 * replay have them for free. */
#ifndef FAULTLINE_WORLD_WORLD_H
#define FAULTLINE_WORLD_WORLD_H

#include "kernel/kernel.h"

/* An error of our user's: what is wrong, and what to try next. Printed by shell, screen and main only. */
struct problem {
    char text[240];
    char tip[240]; /* "" when there is nothing to say */
};

/* Fills a problem and returns false, so that callers can write: return problem_set(p, "tip", "no %s", x). */
__attribute__((format(printf, 3, 4))) bool problem_set(struct problem *p, const char *tip,
                                                       const char *format, ...);

/* Maps an arena of `memory_size` bytes of physical memory (whole pages), all zero. False when the
 * host has no room for it. */
bool world_open(struct world *w, uint64_t memory_size);
void world_close(struct world *w);

enum {
    NAME_SIZE = 32,
    NAMES_MAX = 16384,
    VARIABLES_MAX = 1024,
    HANDS_MAX = 256,
    ARRIVALS_MAX = 64,
    PROGRAMS_MAX = 256
};

/* A name belongs to a slot of one CNode, not to a capability. */
struct name {
    paddr_t slot;
    char text[NAME_SIZE];
};

struct variable {
    char name[NAME_SIZE];
    word_t value;
};

/* A thread driven by hand (world/hand.h). */
struct hand {
    paddr_t tcb;
    paddr_t page;       /* physical address of its hand page */
    word_t code_length; /* of what was typed last, from HAND_PAGE on */
    word_t is_stub;     /* 1: it is a libsel4 call, whose stub keeps the stack pointer */
};

/* A message as it arrived: registers and buffer may be overwritten since. */
struct arrival {
    paddr_t tcb; /* the receiver */
    word_t info, badge;
    word_t fault_kind; /* FAULT_NONE: an ordinary message */
    word_t mr[MESSAGE_MAX_LENGTH];
};

/* Which program an address space was loaded from; the session holds the programs. */
struct loaded {
    paddr_t vspace;
    word_t image; /* number in the session's list */
};

struct world_state {
    paddr_t seat; /* TCB in whose seat the person sits */
    word_t steps; /* position: instructions and kernel entries since boot */
    word_t names_used, variables_used, hands_used, arrivals_used, loaded_used;
    struct hand hands[HANDS_MAX];
    struct arrival arrivals[ARRIVALS_MAX];
    struct loaded loaded[PROGRAMS_MAX];
    struct variable variables[VARIABLES_MAX];
    struct name names[NAMES_MAX];
};
_Static_assert(sizeof(struct world_state) <= ARENA_MEMORY - ARENA_WORLD,
               "this room's globals have their place");

static inline const struct world_state *world_state_at(const struct world *w)
{
    return (const struct world_state *)arena_at(w, ARENA_WORLD);
}

/* Marks the pages of the member that is changed: WORLD_EDIT(w, seat) = tcb. */
#define WORLD_EDIT(w, member)                                                                      \
    (*(__typeof__(&((struct world_state *)0)->member))arena_edit(                                  \
        (w), ARENA_WORLD + offsetof(struct world_state, member),                                   \
        sizeof(((struct world_state *)0)->member)))

#endif
