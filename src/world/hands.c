/* SPDX-License-Identifier: BSD-2-Clause */
/* Which threads are driven by hand, which of them wait for their person, and whose turn it is.
 * A thread is driven by hand while its IP is on its hand page; it waits while that IP is not inside
 * what was typed. Both are read from the world: nothing beside it says so. */
#include "world/inside.h"

#include <string.h>

int hand_find(const struct world *w, paddr_t tcb)
{
    const struct world_state *state = world_state_at(w);
    for (word_t i = 0; i < state->hands_used; i++)
        if (state->hands[i].tcb == tcb) return (int)i;
    return -1;
}

struct hand *hand_edit(struct world *w, int number)
{
    uint64_t at =
        ARENA_WORLD + offsetof(struct world_state, hands) + (unsigned)number * sizeof(struct hand);
    return arena_edit(w, at, sizeof(struct hand));
}

word_t hand_ip(const struct world *w, paddr_t tcb)
{
    bool restarts = tcb_at(w, tcb)->state == TCB_RESTART;
    return thread_register(w, tcb, restarts ? CTX_FAULT_IP : CTX_NEXT_IP);
}

bool hand_drives(const struct world *w, paddr_t tcb)
{
    return hand_find(w, tcb) >= 0 && hand_ip(w, tcb) - HAND_PAGE < PAGE_SIZE;
}

static bool waits(const struct world *w, const struct hand *hand)
{
    if (!thread_is_runnable(w, hand->tcb)) return false;
    word_t into = hand_ip(w, hand->tcb) - HAND_PAGE;
    return into < PAGE_SIZE && into >= hand->code_length;
}

bool hand_waits(const struct world *w, paddr_t tcb)
{
    int i = hand_find(w, tcb);
    return i >= 0 && waits(w, &world_state_at(w)->hands[i]);
}

bool hand_adopt(struct session *s, paddr_t tcb, paddr_t page, struct problem *p)
{
    struct world *w = session_world(s);
    int i = hand_find(w, tcb);
    if (i < 0) {
        if (world_state_at(w)->hands_used == HANDS_MAX)
            return problem_set(p, "`delete` the TCB of one that is not needed",
                               "no more than %d threads can be driven by hand", HANDS_MAX);
        i = (int)WORLD_EDIT(w, hands_used)++;
    }
    *hand_edit(w, i) = (struct hand){ .tcb = tcb, .page = page };
    return true;
}

void hand_forget(struct world *w, paddr_t tcb)
{
    int i = hand_find(w, tcb);
    if (i < 0) return;
    int last = (int)--WORLD_EDIT(w, hands_used);
    *hand_edit(w, i) = world_state_at(w)->hands[last];
    *hand_edit(w, last) = (struct hand){ 0 };
}

/* SIMPLIFIED: libsel4's stubs keep the stack pointer in RBX around `syscall`, because sysret clears it.
 * At the prompt the person's fingers do that, so that a call is one instruction. */
void hand_finish_stub(struct session *s)
{
    struct world *w = &s->world;
    paddr_t current = kernel_at(w)->current;
    int i = hand_find(w, current);
    if (i < 0 || !world_state_at(w)->hands[i].is_stub || !hand_waits(w, current)) return;
    if (cpu_at(w)->reg[REG_RSP] == 0)
        cpu_edit(w)->reg[REG_RSP] = tcb_at(w, current)->context[CTX_RSP];
}

/* The passed-over flags of all hand-driven threads as they must be before the machine runs. */
static void hand_update(struct session *s)
{
    struct world *w = &s->world;
    const struct world_state *state = world_state_at(w);
    for (word_t i = 0; i < state->hands_used; i++) {
        const struct hand *hand = &state->hands[i];
        kernel_pass_over(w, hand->tcb, hand->tcb != s->goal_seat && waits(w, hand));
    }
}

/* The seat's thread runs before its equals: programs go on only where a typed instruction leaves
 * room for them. */
static void pass_over_equals(struct world *w, paddr_t seat, bool passed_over)
{
    for (paddr_t tcb = kernel_at(w)->debug_tcbs; tcb; tcb = tcb_debug_at(w, tcb)->next) {
        if (tcb == seat || tcb_at(w, tcb)->priority != tcb_at(w, seat)->priority) continue;
        if (hand_find(w, tcb) < 0 || !hand_waits(w, tcb)) kernel_pass_over(w, tcb, passed_over);
    }
}

void hand_turns(struct session *s, paddr_t claiming)
{
    struct world *w = &s->world;
    const struct kernel *k = kernel_at(w);
    if (!world_state_at(w)->hands_used) return;
    hand_update(s);
    bool claims = claiming && k->current != claiming && thread_is_runnable(w, claiming);
    if (claims) pass_over_equals(w, claiming, true);
    bool must = claims ? tcb_at(w, k->current)->priority <= tcb_at(w, claiming)->priority
                       : k->current == k->idle;
    if (must || tcb_at(w, k->current)->passed_over) {
        kernel_reschedule(w);
        hand_finish_stub(s);
    }
    if (claims) pass_over_equals(w, claiming, false);
}
