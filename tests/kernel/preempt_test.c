/* SPDX-License-Identifier: BSD-2-Clause */
/* A long revoke makes way: an interrupt that comes while it works is delivered, who waits for it runs,
 * and the revoke goes on afterwards where it was. Thread 1 revokes, thread 2 waits for interrupts. */
#include "kernel/threads.h"

enum { REVOKER = 1, WATCHER = 2, IRQ = 20, FIRST_COPY = 40, COPIES = 210, UNITS = 100 };

static unsigned copies_left(const struct threads *t)
{
    unsigned count = 0;
    for (unsigned i = 0; i < COPIES; i++)
        count += cap_type(cte_at(&t->w, slot_at(FIRST_COPY + i))->cap) != CAP_NULL;
    return count;
}

/* The original has to be one that can be revoked: made of untyped memory, say. */
static struct threads *revoker_runs(void **state)
{
    struct threads *t = *state;
    thread_new(t, REVOKER, 100);
    thread_new(t, WATCHER, 101);
    slot_write_initial(&t->w, kernel_at(&t->w)->irq_node + (IRQ << SLOT_BITS),
                       cte_at(&t->w, slot_at(NOTIFICATION_SLOT))->cap);
    interrupt_set_state(&t->w, IRQ, IRQ_SIGNAL);
    for (unsigned i = 0; i < COPIES; i++)
        slot_insert(&t->w, cte_at(&t->w, slot_at(ENDPOINT_SLOT))->cap, slot_at(ENDPOINT_SLOT),
                    slot_at(FIRST_COPY + i));
    KERNEL_EDIT(&t->w, work_units) = 0;
    thread_ready(t, REVOKER);
    thread_ready(t, WATCHER);
    threads_start(t);
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    assert_int_equal(current_number(t), REVOKER);
    return t;
}

static void revoke(struct threads *t)
{
    do_invoke(t, CNODE_SLOT,
              (struct call){ .label = "CNodeRevoke", .length = 2, .mr = { ENDPOINT_SLOT, 64 } });
}

static void interrupt_comes(struct threads *t)
{
    interrupt_mask(&t->w, IRQ, false);
    KERNEL_EDIT(&t->w, irq_pending)[0] |= (word_t)1 << IRQ;
}

static void who_waits_for_an_interrupt_runs_in_the_middle_of_a_revoke(void **state)
{
    struct threads *t = revoker_runs(state);
    word_t ip = cpu_at(&t->w)->rip;
    for (unsigned part = 1; part <= COPIES / UNITS; part++) {
        interrupt_comes(t);
        revoke(t);
        assert_int_equal(current_number(t), WATCHER);
        assert_int_equal(copies_left(t), COPIES - part * UNITS);
        assert_int_equal(state_of(t, REVOKER), TCB_RESTART);
        do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
        assert_int_equal(current_number(t), REVOKER);
        assert_int_equal(cpu_at(&t->w)->rip, ip); /* at the call again */
    }
    revoke(t);
    assert_int_equal(copies_left(t), 0);
    assert_int_equal(current_number(t), REVOKER);
    assert_int_equal(message_label(info_of(t, REVOKER)), SEL4_NoError);
    assert_int_equal(heard(t, EVENT_PREEMPT), COPIES / UNITS);
}

static void without_an_interrupt_it_is_done_in_one_go(void **state)
{
    struct threads *t = revoker_runs(state);
    revoke(t);
    assert_int_equal(copies_left(t), 0);
    assert_int_equal(heard(t, EVENT_PREEMPT), 0);
}

static void a_masked_interrupt_does_not_disturb_it(void **state)
{
    struct threads *t = revoker_runs(state);
    interrupt_comes(t);
    interrupt_mask(&t->w, IRQ, true);
    revoke(t);
    assert_int_equal(copies_left(t), 0);
    assert_int_equal(state_of(t, WATCHER), TCB_BLOCKED_ON_NOTIFICATION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(who_waits_for_an_interrupt_runs_in_the_middle_of_a_revoke),
        THREADS_TEST(without_an_interrupt_it_is_done_in_one_go),
        THREADS_TEST(a_masked_interrupt_does_not_disturb_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
