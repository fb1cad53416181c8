/* SPDX-License-Identifier: BSD-2-Clause */
/* What locks are made of: notifications as semaphores, and as conditions that threads wait for. Every
 * thread is the test's own; a critical section may hold one of them. */
#include "kernel/threads.h"

enum { FIRST = 1, LAST = 4, WAKER = 5, ROUNDS = 20 };

static struct threads *threads_run(void **state, unsigned first, unsigned last)
{
    struct threads *t = *state;
    for (unsigned n = first; n <= last; n++) {
        thread_new(t, n, 100);
        thread_ready(t, n);
    }
    threads_start(t);
    return t;
}

static void take(struct threads *t)
{
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
}

static void give(struct threads *t)
{
    do_syscall(t, "Send", NOTIFICATION_SLOT, 0);
}

static unsigned waiting(const struct threads *t, unsigned first, unsigned last)
{
    unsigned count = 0;
    for (unsigned n = first; n <= last; n++) count += state_of(t, n) == TCB_BLOCKED_ON_NOTIFICATION;
    return count;
}

/* The one inside yields before it leaves: the other must not get in. */
static void a_signalled_notification_lets_one_thread_in_at_a_time(void **state)
{
    struct threads *t = threads_run(state, FIRST, FIRST + 1);
    unsigned inside = 0, entered[3] = { 0 };
    notification_signal(&t->w, notification_address(), 1);
    for (unsigned i = 0; i < ROUNDS; i++) {
        unsigned me = current_number(t);
        if (inside == me) {
            inside = 0;
            give(t);
            do_syscall(t, "Yield", 0, 0);
            continue;
        }
        take(t);
        if (state_of(t, me) == TCB_BLOCKED_ON_NOTIFICATION) continue;
        assert_int_equal(inside, 0);
        inside = me;
        entered[me]++;
        do_syscall(t, "Yield", 0, 0);
        /* Who was woken by the one that left is inside when it comes back. */
        if (current_number(t) != me) {
            take(t);
            assert_int_equal(current_number(t), me);
            inside = 0;
            give(t);
            do_syscall(t, "Yield", 0, 0);
            inside = current_number(t);
            entered[inside]++;
        }
    }
    assert_true(entered[1] > 2 && entered[2] > 2);
}

/* A count that is kept beside: a thread waits when it is used up, and a give wakes exactly one. */
static void a_semaphore_wakes_one_for_each_that_is_given(void **state)
{
    struct threads *t = threads_run(state, FIRST, LAST);
    thread_new(t, WAKER, 99);
    thread_ready(t, WAKER);
    for (unsigned n = FIRST; n <= LAST; n++) take(t);
    assert_int_equal(current_number(t), WAKER);
    assert_int_equal(waiting(t, FIRST, LAST), 4);
    for (unsigned n = FIRST; n <= LAST; n++) {
        give(t);
        assert_int_equal(current_number(t), n); /* who waits longest, and above the waker */
        assert_int_equal(waiting(t, FIRST, LAST), LAST - n);
        do_syscall(t, "Recv", OTHER_ENDPOINT_SLOT, 0);
        assert_int_equal(current_number(t), WAKER);
    }
    give(t);
    assert_int_equal(notification_state(&t->w, notification_address()), NOTIFICATION_ACTIVE);
}

/* Of those that wait for a condition, one that is told goes on; the lock itself is the endpoint of a
 * server here, which serves one at a time. */
static void a_condition_is_told_to_one_of_those_who_wait(void **state)
{
    struct threads *t = threads_run(state, FIRST, LAST - 1);
    for (unsigned n = FIRST; n < LAST; n++) take(t);
    assert_int_equal(current_number(t), 0);
    notification_signal(&t->w, notification_address(), 2);
    kernel_reschedule(&t->w);
    assert_int_equal(current_number(t), FIRST);
    assert_int_equal(badge_of(t, FIRST), 2);
    assert_int_equal(waiting(t, FIRST, LAST - 1), 2);
    take(t); /* its condition was not met: it waits again, behind the others */
    notification_signal(&t->w, notification_address(), 2);
    kernel_reschedule(&t->w);
    assert_int_equal(current_number(t), FIRST + 1);
}

static void a_condition_is_told_to_all_by_as_many_signals(void **state)
{
    struct threads *t = threads_run(state, FIRST, LAST);
    thread_new(t, WAKER, 101);
    for (unsigned n = FIRST; n <= LAST; n++) take(t);
    thread_ready(t, WAKER);
    kernel_reschedule(&t->w);
    for (unsigned n = FIRST; n <= LAST; n++) {
        give(t);
        assert_int_equal(current_number(t), WAKER); /* it is above them, and goes on */
        assert_int_equal(waiting(t, FIRST, LAST), LAST - n);
    }
    do_syscall(t, "Recv", OTHER_ENDPOINT_SLOT, 0);
    for (unsigned n = LAST; n >= FIRST; n--) { /* each went to the head of the ready queue */
        assert_int_equal(current_number(t), n);
        do_syscall(t, "Recv", OTHER_ENDPOINT_SLOT, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(a_signalled_notification_lets_one_thread_in_at_a_time),
        THREADS_TEST(a_semaphore_wakes_one_for_each_that_is_given),
        THREADS_TEST(a_condition_is_told_to_one_of_those_who_wait),
        THREADS_TEST(a_condition_is_told_to_all_by_as_many_signals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
