/* SPDX-License-Identifier: BSD-2-Clause */
/* Receiving without waiting: from an endpoint, from a notification, and from an endpoint by a thread
 * that a notification is bound to. */
#include "kernel/threads.h"

enum { POLLER = 1, SENDER = 2, SIGNAL_BADGE = 0x10, BADGED_ENDPOINT = SCRATCH_SLOT };

static struct threads *poller_runs(void **state)
{
    struct threads *t = *state;
    thread_new(t, POLLER, 100);
    thread_new(t, SENDER, 90);
    endpoint_cap(t, BADGED_ENDPOINT, RIGHTS_ALL, 1);
    notification_bind(&t->w, thread_at(POLLER), notification_address());
    thread_ready(t, POLLER);
    threads_start(t);
    return t;
}

/* The badge that a poll brings; the poller goes on in any case. */
static word_t poll(struct threads *t, word_t cptr)
{
    do_syscall(t, "NBRecv", cptr, 0);
    assert_int_equal(current_number(t), POLLER);
    assert_int_equal(state_of(t, POLLER), TCB_RUNNING);
    return badge_of(t, POLLER);
}

static void nothing_there_is_badge_0(void **state)
{
    struct threads *t = poller_runs(state);
    assert_int_equal(poll(t, ENDPOINT_SLOT), 0);
    assert_int_equal(poll(t, NOTIFICATION_SLOT), 0);
}

static void a_signal_is_taken_once_by_the_notification(void **state)
{
    struct threads *t = poller_runs(state);
    do_syscall(t, "Send", NOTIFICATION_SLOT, 0);
    assert_int_equal(poll(t, NOTIFICATION_SLOT), SIGNAL_BADGE);
    assert_int_equal(poll(t, NOTIFICATION_SLOT), 0);
    assert_int_equal(poll(t, ENDPOINT_SLOT), 0);
}

static void a_signal_is_taken_once_through_any_endpoint(void **state)
{
    struct threads *t = poller_runs(state);
    do_syscall(t, "Send", NOTIFICATION_SLOT, 0);
    assert_int_equal(poll(t, ENDPOINT_SLOT), SIGNAL_BADGE);
    assert_int_equal(poll(t, ENDPOINT_SLOT), 0);
    assert_int_equal(poll(t, NOTIFICATION_SLOT), 0);
}

static void a_sender_that_waits_is_served_once(void **state)
{
    struct threads *t = poller_runs(state);
    thread_ready(t, SENDER);
    do_syscall(t, "Recv", OTHER_ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), SENDER);
    tcb_set_reg(&t->w, thread_at(POLLER), CTX_MSG_INFO, 0);
    set_mr(t, 0, 0xdeadbeef);
    do_syscall(t, "Send", BADGED_ENDPOINT, message_info(0, 0, 0, 1));
    thread_restart(&t->w, thread_at(POLLER));
    kernel_reschedule(&t->w);
    cpu_edit(&t->w)->rip = 0x401000;
    assert_int_equal(poll(t, ENDPOINT_SLOT), 1);
    assert_int_equal(message_length(info_of(t, POLLER)), 1);
    assert_int_equal(mr_of(t, POLLER, 0), 0xdeadbeef);
    assert_int_equal(state_of(t, SENDER), TCB_RUNNING);
    assert_int_equal(poll(t, ENDPOINT_SLOT), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(nothing_there_is_badge_0),
        THREADS_TEST(a_signal_is_taken_once_by_the_notification),
        THREADS_TEST(a_signal_is_taken_once_through_any_endpoint),
        THREADS_TEST(a_sender_that_waits_is_served_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
