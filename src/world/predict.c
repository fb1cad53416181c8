/* SPDX-License-Identifier: BSD-2-Clause */
/* What a call would come to. The fingers type it, the kernel decodes it, and all that the fingers wrote is
 * put back: the machine is as it was. */
#include <stdlib.h>
#include <string.h>

#include "world/inside.h"

enum { BUFFER_SIZE = 1024 };

/* All that fingers_type() may write. */
struct untouched {
    struct cpu cpu;
    struct tcb tcb;
    struct hand hand;
    paddr_t buffer;
    uint8_t page[PAGE_SIZE], message[BUFFER_SIZE];
};

static void keep(const struct world *w, paddr_t tcb, int hand, struct untouched *u)
{
    u->cpu = *cpu_at(w);
    u->tcb = *tcb_at(w, tcb);
    u->hand = world_state_at(w)->hands[hand];
    u->buffer = thread_buffer(w, tcb);
    memcpy(u->page, memory_at(w, u->hand.page), PAGE_SIZE);
    if (u->buffer) memcpy(u->message, memory_at(w, u->buffer), BUFFER_SIZE);
}

static void put_back(struct world *w, paddr_t tcb, int hand, const struct untouched *u)
{
    *cpu_edit(w) = u->cpu;
    *tcb_edit(w, tcb) = u->tcb;
    *hand_edit(w, hand) = u->hand;
    memcpy(memory_edit(w, u->hand.page, PAGE_SIZE), u->page, PAGE_SIZE);
    if (u->buffer) memcpy(memory_edit(w, u->buffer, BUFFER_SIZE), u->message, BUFFER_SIZE);
}

bool call_predict(struct session *s, const struct hand_act *act, struct decoded *out,
                  struct problem *p)
{
    struct world *w = &s->world;
    paddr_t seat = session_seat(s);
    if (!hand_can_act(s, p)) return false;
    if (session_phase(s, NULL, NULL))
        return problem_set(p, "`next` ends it", "the machine stands inside a kernel entry");
    int hand = hand_find(w, seat);
    struct untouched *u = host_allocate(sizeof *u);
    keep(w, seat, hand, u);
    bool typed = fingers_type(s, seat, act, p);
    if (typed) *out = kernel_predict(w, seat, act->reg[REG_RDI], act->reg[REG_RSI]);
    put_back(w, seat, hand, u);
    free(u);
    return typed;
}
