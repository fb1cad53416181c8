/* SPDX-License-Identifier: BSD-2-Clause */
/* States of threads, and who runs: 256 priorities, round robin among equals, the direct switch to a
 * thread that was just woken. The current thread is in no ready queue.
 * seL4: src/kernel/thread.c, include/kernel/thread.h, src/arch/x86/64/kernel/thread.c. */
#include "kernel/internal.h"

bool thread_is_runnable(const struct world *w, paddr_t tcb)
{
    return state_is_runnable(tcb_at(w, tcb)->state);
}

static bool state_is_stopped(word_t state)
{
    return state == TCB_INACTIVE ||
           (state >= TCB_BLOCKED_ON_RECEIVE && state <= TCB_BLOCKED_ON_NOTIFICATION);
}

/* ---- states ---- */

void thread_suspend(struct world *w, paddr_t tcb)
{
    endpoint_cancel(w, tcb);
    /* A running thread has done what its fault IP names: it must not do it again when resumed. */
    if (tcb_at(w, tcb)->state == TCB_RUNNING)
        tcb_set_reg(w, tcb, CTX_FAULT_IP, tcb_reg(w, tcb, CTX_NEXT_IP));
    tcb_sched_dequeue(w, tcb);
    tcb_set_state(w, tcb, TCB_INACTIVE);
}

void thread_restart(struct world *w, paddr_t tcb)
{
    if (!state_is_stopped(tcb_at(w, tcb)->state)) return;
    endpoint_cancel(w, tcb);
    if (!kernel_config(w)->mcs) slot_setup_reply_master(w, tcb);
    tcb_set_state(w, tcb, TCB_RESTART);
    tcb_sched_enqueue(w, tcb);
    possible_switch_to(w, tcb);
}

void thread_configure_idle(struct world *w, paddr_t tcb)
{
    struct tcb *t = tcb_edit(w, tcb);
    t->flags = TCB_FLAG_FPU_DISABLED;
    t->context[CTX_FLAGS] = FLAG_IF | FLAG_FIXED;
    t->context[CTX_CS] = SELECTOR_KERNEL_CODE;
    t->context[CTX_SS] = SELECTOR_KERNEL_DATA;
    tcb_set_state(w, tcb, TCB_IDLE);
}

void activate_thread(struct world *w)
{
    paddr_t current = kernel_at(w)->current;
    word_t state = tcb_at(w, current)->state;
    if (state == TCB_RESTART) {
        tcb_set_reg(w, current, CTX_NEXT_IP, tcb_reg(w, current, CTX_FAULT_IP));
        tcb_set_state(w, current, TCB_RUNNING);
        return;
    }
    INVARIANT(state == TCB_RUNNING || state == TCB_IDLE);
}

/* ---- priorities and domains ---- */

void tcb_set_priority(struct world *w, paddr_t tcb, word_t priority)
{
    tcb_sched_dequeue(w, tcb);
    tcb_edit(w, tcb)->priority = (uint8_t)priority;
    if (!thread_is_runnable(w, tcb)) return;
    if (tcb == kernel_at(w)->current) {
        reschedule_required(w);
    } else {
        possible_switch_to(w, tcb);
    }
}

void tcb_set_mcp(struct world *w, paddr_t tcb, word_t mcp)
{
    tcb_edit(w, tcb)->mcp = (uint8_t)mcp;
}

/* seL4: prepareSetDomain, setDomain. */
void tcb_set_domain(struct world *w, paddr_t tcb, word_t domain)
{
    if (kernel_at(w)->domain != domain) fpu_release(w, tcb);
    tcb_sched_dequeue(w, tcb);
    tcb_edit(w, tcb)->domain = (uint8_t)domain;
    if (thread_is_runnable(w, tcb)) tcb_sched_enqueue(w, tcb);
    if (tcb == kernel_at(w)->current) reschedule_required(w);
}

static void domain_next(struct world *w)
{
    const struct kernel *k = kernel_at(w);
    fpu_release(w, k->fpu_owner);
    word_t index = k->domain_index + 1;
    if (index >= MAX_DOMAIN_SCHEDULE || !k->domain_schedule[index].length) index = k->domain_start;
    KERNEL_EDIT(w, domain_index) = index;
    KERNEL_EDIT(w, work_units) = 0;
    KERNEL_EDIT(w, domain) = k->domain_schedule[index].domain;
    KERNEL_EDIT(w, domain_time) = k->domain_schedule[index].length;
}

/* ---- the choice ---- */

static bool is_passed_over(const struct world *w, paddr_t tcb)
{
    return kernel_at(w)->passed_over && tcb_at(w, tcb)->passed_over;
}

static unsigned highest_bit(word_t bits)
{
    return 63 - (unsigned)__builtin_clzll(bits);
}

static word_t domain_of_choice(const struct kernel *k)
{
    return k->config.num_domains > 1 ? k->domain : 0;
}

/* The highest priority at which a thread is ready; -1 when none is. */
static int highest_priority(const struct kernel *k, word_t domain)
{
    if (!k->ready_level1[domain]) return -1;
    unsigned level = highest_bit(k->ready_level1[domain]);
    return (int)(level * 64 + highest_bit(k->ready_level2[domain][level]));
}

/* SIMPLIFIED: the prompt's liberty: ready threads that wait for their person are left out. */
static paddr_t first_not_passed_over(const struct world *w, word_t domain)
{
    const struct kernel *k = kernel_at(w);
    for (int priority = highest_priority(k, domain); priority >= 0; priority--) {
        for (paddr_t tcb = k->ready[domain][priority].head; tcb; tcb = tcb_at(w, tcb)->sched_next)
            if (!tcb_at(w, tcb)->passed_over) return tcb;
    }
    return 0;
}

static paddr_t first_ready(const struct world *w)
{
    const struct kernel *k = kernel_at(w);
    word_t domain = domain_of_choice(k);
    if (k->passed_over) return first_not_passed_over(w, domain);
    int priority = highest_priority(k, domain);
    return priority < 0 ? 0 : k->ready[domain][priority].head;
}

static void current_set(struct world *w, paddr_t tcb)
{
    paddr_t from = kernel_at(w)->current;
    if (from == tcb) return;
    KERNEL_EDIT(w, current) = tcb;
    event_emit(w, EVENT_SWITCH, tcb, from, tcb);
}

static void thread_switch_to(struct world *w, paddr_t tcb)
{
    vspace_switch_to(w, tcb);
    fpu_restore(w, tcb);
    tcb_sched_dequeue(w, tcb);
    current_set(w, tcb);
}

static void switch_to_idle(struct world *w)
{
    paddr_t idle = kernel_at(w)->idle;
    vspace_switch_to(w, idle);
    current_set(w, idle);
}

static void choose_new(struct world *w)
{
    const struct kernel *k = kernel_at(w);
    if (k->config.num_domains > 1 && !k->domain_time) domain_next(w);
    paddr_t next = first_ready(w);
    if (next) {
        thread_switch_to(w, next);
    } else {
        switch_to_idle(w);
    }
}

/* A woken thread runs at once when nobody ready is above it; among equals the one that ran goes on
 * and the woken one to the tail. */
static void switch_to_candidate(struct world *w, paddr_t candidate, bool was_runnable)
{
    const struct kernel *k = kernel_at(w);
    int priority = tcb_at(w, candidate)->priority,
        current_priority = tcb_at(w, k->current)->priority;
    bool must_look = k->current == k->idle || priority < current_priority;
    if (is_passed_over(w, candidate) || (must_look && priority < highest_priority(k, k->domain))) {
        tcb_sched_enqueue(w, candidate);
        choose_new(w);
    } else if (was_runnable && priority == current_priority) {
        tcb_sched_append(w, candidate);
        choose_new(w);
    } else {
        thread_switch_to(w, candidate);
    }
}

void schedule(struct world *w)
{
    const struct kernel *k = kernel_at(w);
    if (is_passed_over(w, k->current)) reschedule_required(w);
    if (k->scheduler_action == SCHEDULER_RESUME_CURRENT) return;
    bool was_runnable = thread_is_runnable(w, k->current);
    if (was_runnable) tcb_sched_enqueue(w, k->current);
    if (k->scheduler_action == SCHEDULER_CHOOSE_NEW) {
        choose_new(w);
    } else {
        switch_to_candidate(w, k->scheduler_action, was_runnable);
    }
    scheduler_action_set(w, SCHEDULER_RESUME_CURRENT);
}

void possible_switch_to(struct world *w, paddr_t tcb)
{
    const struct kernel *k = kernel_at(w);
    if (k->domain != tcb_at(w, tcb)->domain) {
        tcb_sched_enqueue(w, tcb);
    } else if (k->scheduler_action != SCHEDULER_RESUME_CURRENT) {
        reschedule_required(w); /* too many want special treatment */
        tcb_sched_enqueue(w, tcb);
    } else {
        scheduler_action_set(w, tcb);
    }
}

void reschedule_required(struct world *w)
{
    paddr_t action = kernel_at(w)->scheduler_action;
    if (action != SCHEDULER_RESUME_CURRENT && action != SCHEDULER_CHOOSE_NEW)
        tcb_sched_enqueue(w, action);
    scheduler_action_set(w, SCHEDULER_CHOOSE_NEW);
}

void timer_tick(struct world *w)
{
    const struct kernel *k = kernel_at(w);
    paddr_t current = k->current;
    event_emit(w, EVENT_TICK, current);
    if (tcb_at(w, current)->state == TCB_RUNNING) {
        if (tcb_at(w, current)->time_slice > 1) {
            tcb_edit(w, current)->time_slice--;
        } else {
            tcb_edit(w, current)->time_slice = k->config.time_slice;
            tcb_sched_append(w, current);
            reschedule_required(w);
        }
    }
    if (k->config.num_domains > 1 && k->domain_time) {
        KERNEL_EDIT(w, domain_time)--;
        if (!k->domain_time) reschedule_required(w);
    }
}

/* ---- the prompt's liberty ---- */

void kernel_pass_over(struct world *w, paddr_t tcb, bool passed_over)
{
    if ((tcb_at(w, tcb)->passed_over != 0) == passed_over) return;
    tcb_edit(w, tcb)->passed_over = passed_over;
    KERNEL_EDIT(w, passed_over) += passed_over ? 1 : (word_t)-1;
}

void kernel_reschedule(struct world *w)
{
    paddr_t before = kernel_at(w)->current;
    if (kernel_at(w)->halted) return;
    reschedule_required(w);
    schedule(w);
    if (kernel_at(w)->current == before) return; /* its registers are live still */
    if (before && before != kernel_at(w)->idle) context_save_interrupt(w, before, 0);
    activate_thread(w);
    context_restore(w);
}
