/* SPDX-License-Identifier: BSD-2-Clause */
/* A notification bound to a thread: signals come while it waits for messages, and in which order.
 * Thread 1 is bound; 2 sends messages, 3 signals. */
#include "kernel/threads.h"

enum { BOUND = 1, SENDER = 2, SIGNALLER = 3, MESSAGE_BADGE = 7, SIGNAL_BADGE = 0x10, ROUNDS = 10 };
enum { BADGED_ENDPOINT = SCRATCH_SLOT };

static struct threads *bound_with(void **state, unsigned bound, unsigned sender, unsigned signaller)
{
    struct threads *t = *state;
    thread_new(t, BOUND, bound);
    thread_new(t, SENDER, sender);
    thread_new(t, SIGNALLER, signaller);
    endpoint_cap(t, BADGED_ENDPOINT, RIGHTS_ALL, MESSAGE_BADGE);
    for (unsigned n = BOUND; n <= SIGNALLER; n++) thread_ready(t, n);
    threads_start(t);
    return t;
}

static void bind(struct threads *t)
{
    assert_int_equal(do_invoke(t, THREAD_SLOT + BOUND,
                               (struct call){ .label = "TCBBindNotification",
                                              .caps = 1,
                                              .cap = { NOTIFICATION_SLOT } }),
                     SEL4_NoError);
}

/* Each of the others does its part a number of times; what has come is told by its badge. */
static void messages_and_signals_all_arrive_while_it_waits_for_messages(void **state)
{
    struct threads *t = bound_with(state, 100, 90, 80);
    unsigned messages = 0, signals = 0;
    bind(t);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    for (unsigned i = 0; i < 2 * ROUNDS; i++) {
        if (i == ROUNDS) do_syscall(t, "Recv", OTHER_ENDPOINT_SLOT, 0); /* the sender is through */
        bool sends = current_number(t) == SENDER;
        do_syscall(t, "Send", sends ? BADGED_ENDPOINT : NOTIFICATION_SLOT, 0);
        assert_int_equal(current_number(t), BOUND);
        messages += badge_of(t, BOUND) == MESSAGE_BADGE;
        signals += badge_of(t, BOUND) == SIGNAL_BADGE;
        do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    }
    assert_int_equal(messages, ROUNDS);
    assert_int_equal(signals, ROUNDS);
}

static void it_can_wait_for_its_own_notification(void **state)
{
    struct threads *t = bound_with(state, 100, 0, 90);
    bind(t);
    for (unsigned i = 0; i < ROUNDS; i++) {
        do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
        assert_int_equal(state_of(t, BOUND), TCB_BLOCKED_ON_NOTIFICATION);
        do_syscall(t, "Send", NOTIFICATION_SLOT, 0);
        assert_int_equal(current_number(t), BOUND);
        assert_int_equal(badge_of(t, BOUND), SIGNAL_BADGE);
    }
}

/* It waits for the notification: a message has to wait until it receives. */
static void a_message_does_not_disturb_its_wait_for_the_notification(void **state)
{
    struct threads *t = bound_with(state, 100, 90, 80);
    bind(t);
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    do_syscall(t, "Send", BADGED_ENDPOINT, 0);
    assert_int_equal(state_of(t, SENDER), TCB_BLOCKED_ON_SEND);
    do_syscall(t, "Send", NOTIFICATION_SLOT, 0);
    assert_int_equal(current_number(t), BOUND);
    assert_int_equal(badge_of(t, BOUND), SIGNAL_BADGE);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), BOUND);
    assert_int_equal(badge_of(t, BOUND), MESSAGE_BADGE);
}

/* With both pending, the signal comes first, whoever was earlier. */
static void a_signal_comes_before_a_message_that_waits_longer(void **state)
{
    struct threads *t = bound_with(state, 80, 100, 90);
    do_syscall(t, "Send", BADGED_ENDPOINT, 0);
    do_syscall(t, "Send", NOTIFICATION_SLOT, 0);
    do_syscall(t, "Recv", OTHER_ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), BOUND);
    bind(t);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    assert_int_equal(badge_of(t, BOUND), SIGNAL_BADGE);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), SENDER);
    assert_int_equal(badge_of(t, BOUND), MESSAGE_BADGE);
}

static void unbound_it_hears_no_more_signals(void **state)
{
    struct threads *t = bound_with(state, 100, 0, 90);
    bind(t);
    assert_int_equal(
        do_invoke(t, THREAD_SLOT + BOUND, (struct call){ .label = "TCBUnbindNotification" }),
        SEL4_NoError);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    do_syscall(t, "Send", NOTIFICATION_SLOT, 0);
    assert_int_equal(current_number(t), SIGNALLER);
    assert_int_equal(state_of(t, BOUND), TCB_BLOCKED_ON_RECEIVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(messages_and_signals_all_arrive_while_it_waits_for_messages),
        THREADS_TEST(it_can_wait_for_its_own_notification),
        THREADS_TEST(a_message_does_not_disturb_its_wait_for_the_notification),
        THREADS_TEST(a_signal_comes_before_a_message_that_waits_longer),
        THREADS_TEST(unbound_it_hears_no_more_signals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
