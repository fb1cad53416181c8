/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages as they arrived: a receiver's registers and buffer are overwritten by whatever it does
 * next, so the last message of each thread is kept in the arena. */
#include <string.h>

#include "world/inside.h"

static struct arrival *arrival_edit(struct world *w, unsigned i)
{
    return arena_edit(
        w, ARENA_WORLD + offsetof(struct world_state, arrivals) + i * sizeof(struct arrival),
        sizeof(struct arrival));
}

static unsigned arrivals_held(const struct world *w)
{
    word_t used = world_state_at(w)->arrivals_used;
    return used < ARRIVALS_MAX ? (unsigned)used : ARRIVALS_MAX;
}

static int arrival_find(const struct world *w, paddr_t tcb)
{
    for (unsigned i = 0; i < arrivals_held(w); i++)
        if (world_state_at(w)->arrivals[i].tcb == tcb) return (int)i;
    return -1;
}

/* A thread's place; the oldest newcomer's when all are taken. */
static struct arrival *arrival_place(struct world *w, paddr_t tcb)
{
    int i = arrival_find(w, tcb);
    if (i < 0) i = (int)(WORLD_EDIT(w, arrivals_used)++ % ARRIVALS_MAX);
    return arrival_edit(w, (unsigned)i);
}

static void arrival_take(struct world *w, paddr_t tcb, word_t fault_kind)
{
    word_t info = thread_register(w, tcb, CTX_MSG_INFO);
    paddr_t buffer = thread_buffer(w, tcb);
    struct arrival *a = arrival_place(w, tcb);
    a->tcb = tcb;
    a->info = info;
    a->badge = thread_register(w, tcb, CTX_BADGE);
    a->fault_kind = fault_kind;
    for (unsigned i = 0; i < message_length(info) && i < MESSAGE_MAX_LENGTH; i++) {
        if (i < MESSAGE_REGISTERS)
            a->mr[i] = thread_register(w, tcb, CTX_MR0 + i);
        else
            a->mr[i] = buffer ? memory_word(w, buffer + (1 + i) * sizeof(word_t)) : 0;
    }
}

void arrivals_keep(struct session *s)
{
    for (unsigned i = 0; i < s->heard.messages; i++) {
        paddr_t tcb = s->heard.message[i].receiver;
        if (!s->heard.objects_changed || thread_exists(&s->world, tcb))
            arrival_take(&s->world, tcb, s->heard.message[i].fault_kind);
    }
}

void arrivals_forget(struct world *w, paddr_t tcb)
{
    int i = arrival_find(w, tcb);
    if (i >= 0) *arrival_edit(w, (unsigned)i) = (struct arrival){ 0 };
}

const struct arrival *session_arrival(const struct session *s, paddr_t tcb)
{
    int i = tcb ? arrival_find(&s->world, tcb) : -1;
    return i < 0 ? NULL : &world_state_at(&s->world)->arrivals[i];
}
