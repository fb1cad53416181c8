/* SPDX-License-Identifier: BSD-2-Clause */
/* One turn of the machine: user instructions up to a trap, a device event or a budget, and the kernel
 * entry that follows; and what this room notes of an entry that has ended. */
#include "world/boot.h"
#include "world/inside.h"
#include "world/names.h"

bool thread_exists(const struct world *w, paddr_t tcb)
{
    for (paddr_t t = kernel_at(w)->debug_tcbs; t; t = tcb_debug_at(w, t)->next)
        if (t == tcb) return true;
    return false;
}

/* Names belong to slots: where memory has become something else they are void. */
static void forget_made_anew(struct session *s)
{
    struct world *w = &s->world;
    for (size_t i = 0; i < s->heard.made_count; i++) {
        struct cap cap = cte_at(w, s->heard.made[i].slot)->cap;
        paddr_t from = s->heard.made[i].object, size = 1 << PAGE_BITS;
        if (cap_type(cap) == CAP_CNODE) size = (paddr_t)1 << (cap_cnode_radix(cap) + SLOT_BITS);
        if (cap_type(cap) == CAP_UNTYPED) size = (paddr_t)1 << cap_untyped_size_bits(cap);
        if (cap_type(cap) == CAP_NULL) continue;
        names_forget(w, from, from + size);
        programs_forget(w, from, from + size);
    }
}

/* Threads that are gone have no hand page and no message; their seat goes to the root task's thread. */
static void forget_gone_threads(struct session *s)
{
    struct world *w = &s->world;
    const struct world_state *state = world_state_at(w);
    for (word_t i = state->hands_used; i-- > 0;)
        if (!thread_exists(w, state->hands[i].tcb)) hand_forget(w, state->hands[i].tcb);
    for (unsigned i = 0; i < ARRIVALS_MAX; i++)
        if (state->arrivals[i].tcb && !thread_exists(w, state->arrivals[i].tcb))
            arrivals_forget(w, state->arrivals[i].tcb);
    paddr_t root = kernel_at(w)->root_tcb;
    if (state->seat && !thread_exists(w, state->seat))
        WORLD_EDIT(w, seat) = thread_exists(w, root) ? root : kernel_at(w)->idle;
}

void entry_settle(struct session *s)
{
    if (s->heard.objects_changed) {
        forget_made_anew(s);
        forget_gone_threads(s);
    }
    if (s->heard.messages) arrivals_keep(s);
    if (world_state_at(&s->world)->hands_used) hand_finish_stub(s);
}

/* `slowly` waits for an entry by the thread itself: a timer's tick in between is none. */
static enum turn machine_enter(struct session *s, const struct trap *trap, bool slowly)
{
    slowly |= s->slowly && trap->kind != TRAP_DEVICE;
    s->heard.messages = 0;
    s->heard.made_count = 0;
    s->heard.objects_changed = false;
    if (slowly) phases_begin(s);
    WORLD_EDIT(&s->world, steps)++;
    s->in_entry = true;
    s->in_phase = 0;
    kernel_entry(&s->world, trap);
    s->in_entry = false;
    if (slowly) {
        s->slowly = false;
        phases_end(s);
        if (phases_shown(s)) return TURN_PHASE;
    }
    entry_settle(s);
    return TURN_ENTERED;
}

enum turn machine_turn(struct session *s, uint64_t budget, bool slowly)
{
    static const struct trap device = { .kind = TRAP_DEVICE };
    struct world *w = &s->world;
    const struct kernel *k = kernel_at(w);
    s->ran = (struct ran){ .thread = k->current };
    if (k->halted) return TURN_HALTED;
    if (kernel_interrupt_due(w)) return machine_enter(s, &device, slowly);
    word_t due = kernel_next_event(w);
    if (k->current == k->idle) {
        if (due == ~(word_t)0 || due <= cpu_at(w)->clock || world_is_dead(w)) return TURN_NOBODY;
        cpu_edit_but_fpu(w)->clock = due;
        return machine_enter(s, &device, slowly);
    }
    word_t until_due = due - cpu_at(w)->clock, before = cpu_at(w)->retired;
    if (budget > until_due) budget = until_due;
    s->ran = (struct ran){ .thread = k->current, .ip = cpu_at(w)->rip };
    struct trap trap = core_run(s->core, w, budget ? budget : 1);
    s->ran.instructions = cpu_at(w)->retired - before;
    WORLD_EDIT(w, steps) += s->ran.instructions;
    return trap.kind == TRAP_NONE ? TURN_RAN : machine_enter(s, &trap, slowly);
}
