/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals and waits. Expected values: findings.md "IPC", cases j_ntfn, j_recv_ntfn. */
#include "kernel/threads.h"

static struct threads *two_threads(void **state)
{
    struct threads *t = *state;
    thread_new(t, 1, 200);
    thread_new(t, 2, 100);
    thread_ready(t, 1);
    thread_ready(t, 2);
    threads_start(t);
    return t;
}

static void badges_of_signals_are_ored(void **state)
{
    struct threads *t = two_threads(state);
    notification_signal(&t->w, notification_address(), 1);
    notification_signal(&t->w, notification_address(), 6);
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    assert_int_equal(badge_of(t, 1), 7);
    assert_int_equal(notification_state(&t->w, notification_address()), NOTIFICATION_IDLE);
}

static void a_signal_wakes_the_one_who_waits_longest(void **state)
{
    struct threads *t = two_threads(state);
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    assert_int_equal(current_number(t), 0);
    notification_signal(&t->w, notification_address(), 3);
    kernel_reschedule(&t->w);
    assert_int_equal(current_number(t), 1);
    assert_int_equal(badge_of(t, 1), 3);
    assert_int_equal(state_of(t, 2), TCB_BLOCKED_ON_NOTIFICATION);
}

static void waiting_sets_the_badge_only(void **state)
{
    struct threads *t = two_threads(state);
    notification_signal(&t->w, notification_address(), 3);
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0x4005);
    assert_int_equal(info_of(t, 1), 0x4005);
}

static void a_bound_thread_that_waits_for_a_message_is_woken(void **state)
{
    struct threads *t = two_threads(state);
    notification_bind(&t->w, thread_at(1), notification_address());
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    do_syscall(t, "Send", NOTIFICATION_SLOT, 0);
    assert_int_equal(current_number(t), 1);
    assert_int_equal(badge_of(t, 1), 0x10);
    assert_int_equal(endpoint_state(&t->w, endpoint_address()), ENDPOINT_IDLE);
}

static void a_bound_thread_takes_a_signal_before_it_waits(void **state)
{
    struct threads *t = two_threads(state);
    notification_bind(&t->w, thread_at(1), notification_address());
    notification_signal(&t->w, notification_address(), 9);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), 1);
    assert_int_equal(badge_of(t, 1), 9);
}

static void a_bound_thread_in_a_call_is_not_woken(void **state)
{
    struct threads *t = two_threads(state);
    notification_bind(&t->w, thread_at(1), notification_address());
    do_syscall(t, "Call", ENDPOINT_SLOT, 0);
    do_syscall(t, "Send", NOTIFICATION_SLOT, 0);
    assert_int_equal(current_number(t), 2);
    assert_int_equal(notification_state(&t->w, notification_address()), NOTIFICATION_ACTIVE);
}

static void receiving_on_a_notification_bound_to_another_thread_is_a_cap_fault(void **state)
{
    struct threads *t = two_threads(state);
    notification_bind(&t->w, thread_at(2), notification_address());
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    const struct tcb *tcb = tcb_at(&t->w, thread_at(1));
    assert_int_equal(tcb->state, TCB_BLOCKED_ON_SEND);
    assert_int_equal(tcb->fault.kind, FAULT_CAP);
    assert_int_equal(tcb->lookup_failure.type, LOOKUP_MISSING_CAPABILITY);
}

static void cancelling_restarts_all_who_wait(void **state)
{
    struct threads *t = two_threads(state);
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    notification_cancel_all(&t->w, notification_address());
    assert_int_equal(state_of(t, 1), TCB_RESTART);
    assert_int_equal(notification_state(&t->w, notification_address()), NOTIFICATION_IDLE);
}

static void unbinding_forgets_both_ways(void **state)
{
    struct threads *t = two_threads(state);
    notification_bind(&t->w, thread_at(1), notification_address());
    notification_unbind_maybe(&t->w, notification_address());
    assert_int_equal(tcb_at(&t->w, thread_at(1))->bound_notification, 0);
    assert_int_equal(notification_at(&t->w, notification_address())->bound_tcb, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(badges_of_signals_are_ored),
        THREADS_TEST(a_signal_wakes_the_one_who_waits_longest),
        THREADS_TEST(waiting_sets_the_badge_only),
        THREADS_TEST(a_bound_thread_that_waits_for_a_message_is_woken),
        THREADS_TEST(a_bound_thread_takes_a_signal_before_it_waits),
        THREADS_TEST(a_bound_thread_in_a_call_is_not_woken),
        THREADS_TEST(receiving_on_a_notification_bound_to_another_thread_is_a_cap_fault),
        THREADS_TEST(cancelling_restarts_all_who_wait),
        THREADS_TEST(unbinding_forgets_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
