/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages through endpoints. Expected values: findings.md "IPC", cases j_. */
#include "kernel/threads.h"

enum {
    BUFFER_CAPS = 122, /* words of an IPC buffer */
    BUFFER_RECEIVE_CNODE = 125,
};

static struct threads *threads_with(void **state, const unsigned *priority, unsigned count)
{
    struct threads *t = *state;
    for (unsigned n = 1; n <= count; n++) {
        thread_new(t, n, priority[n - 1]);
        thread_ready(t, n);
    }
    threads_start(t);
    return t;
}
#define THREADS_WITH(state, ...)                                                                   \
    threads_with(state, (const unsigned[]){ __VA_ARGS__ },                                         \
                 sizeof(const unsigned[]){ __VA_ARGS__ } / sizeof(unsigned))

/* ---- queues ---- */

static void senders_are_served_first_in_first_out_whatever_their_priorities(void **state)
{
    struct threads *t = THREADS_WITH(state, 150, 200, 160, 100);
    tcb_set_priority(&t->w, thread_at(1), 210); /* 1 sends first, then 2, then 3 */
    kernel_reschedule(&t->w);
    for (unsigned n = 1; n <= 3; n++) {
        assert_int_equal(current_number(t), n);
        set_mr(t, 0, n);
        do_syscall(t, "Send", ENDPOINT_SLOT, message_info(0, 0, 0, 1));
    }
    tcb_set_priority(&t->w, thread_at(1), 1);
    tcb_set_priority(&t->w, thread_at(4), 255);
    kernel_reschedule(&t->w);
    for (unsigned n = 1; n <= 3; n++) {
        assert_int_equal(current_number(t), 4);
        do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
        assert_int_equal(mr_of(t, 4, 0), n);
    }
}

static void receivers_are_served_first_in_first_out(void **state)
{
    struct threads *t = THREADS_WITH(state, 200, 150, 100);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), 3);
    do_syscall(t, "NBSend", ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), 1);
    assert_int_equal(state_of(t, 2), TCB_BLOCKED_ON_RECEIVE);
}

static void cancelling_restarts_all_who_wait(void **state)
{
    struct threads *t = THREADS_WITH(state, 200, 150, 100);
    do_syscall(t, "Send", ENDPOINT_SLOT, 0);
    do_syscall(t, "Send", ENDPOINT_SLOT, 0);
    endpoint_cancel_all(&t->w, endpoint_address());
    assert_int_equal(state_of(t, 1), TCB_RESTART);
    assert_int_equal(state_of(t, 2), TCB_RESTART);
    assert_int_equal(endpoint_state(&t->w, endpoint_address()), ENDPOINT_IDLE);
    kernel_reschedule(&t->w);
    assert_int_equal(current_number(t), 1);
}

static void cancelling_badged_sends_takes_only_those_with_the_badge(void **state)
{
    struct threads *t = THREADS_WITH(state, 200, 150, 140, 100);
    endpoint_cap(t, 20, RIGHTS_ALL, 7);
    endpoint_cap(t, 21, RIGHTS_ALL, 8);
    do_syscall(t, "Send", 20, 0);
    do_syscall(t, "Send", 21, 0);
    do_syscall(t, "Send", 20, 0);
    endpoint_cancel_badged_sends(&t->w, endpoint_address(), 7);
    assert_int_equal(state_of(t, 1), TCB_RESTART);
    assert_int_equal(state_of(t, 2), TCB_BLOCKED_ON_SEND);
    assert_int_equal(state_of(t, 3), TCB_RESTART);
    assert_int_equal(endpoint_at(&t->w, endpoint_address())->head, thread_at(2));
    assert_int_equal(endpoint_state(&t->w, endpoint_address()), ENDPOINT_SEND);
}

/* ---- words ---- */

static void a_message_of_127_words_arrives_as_120(void **state)
{
    struct threads *t = THREADS_WITH(state, 200, 100);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    for (unsigned i = 0; i < MESSAGE_MAX_LENGTH; i++) set_mr(t, i, 0x700 + i);
    do_syscall(t, "Send", ENDPOINT_SLOT, message_info(0x123456789, 0, 0, 127));
    assert_int_equal(info_of(t, 1), message_info(0x123456789, 0, 0, 120));
    for (unsigned i = 0; i < MESSAGE_MAX_LENGTH; i++) assert_int_equal(mr_of(t, 1, i), 0x700 + i);
}

static void a_sender_without_a_buffer_sends_four_words_and_is_warned(void **state)
{
    struct threads *t = THREADS_WITH(state, 200, 100);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    slot_delete_one(&t->w, tcb_slot(thread_at(2), TCB_BUFFER));
    do_syscall(t, "Send", ENDPOINT_SLOT, message_info(0, 0, 0, 10));
    assert_int_equal(info_of(t, 1), message_info(0, 0, 0, 4));
    assert_non_null(strstr(
        t->printed, "Warning: No IPC buffer for thread. Truncating message length to: 4.>>"));
}

static void a_receiver_without_a_buffer_gets_four_words_silently(void **state)
{
    struct threads *t = THREADS_WITH(state, 200, 100);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    slot_delete_one(&t->w, tcb_slot(thread_at(1), TCB_BUFFER));
    do_syscall(t, "Send", ENDPOINT_SLOT, message_info(0, 0, 0, 10));
    assert_int_equal(info_of(t, 1), message_info(0, 0, 0, 4));
    assert_string_equal(t->printed, "");
}

static void the_badge_is_that_of_the_senders_capability(void **state)
{
    struct threads *t = THREADS_WITH(state, 200, 100);
    endpoint_cap(t, 20, RIGHTS_ALL, 0x77);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    do_syscall(t, "Send", 20, 0);
    assert_int_equal(badge_of(t, 1), 0x77);
}

static void a_failed_nbrecv_sets_the_badge_to_0_and_leaves_the_rest(void **state)
{
    struct threads *t = THREADS_WITH(state, 100);
    do_syscall(t, "NBRecv", ENDPOINT_SLOT, 0x4005);
    assert_int_equal(badge_of(t, 1), 0);
    assert_int_equal(info_of(t, 1), 0x4005);
    assert_int_equal(state_of(t, 1), TCB_RUNNING);
}

static void nbsend_without_a_receiver_does_nothing(void **state)
{
    struct threads *t = THREADS_WITH(state, 100);
    do_syscall(t, "NBSend", ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), 1);
    assert_int_equal(endpoint_state(&t->w, endpoint_address()), ENDPOINT_IDLE);
}

/* ---- calls ---- */

static void a_call_is_answered_once(void **state)
{
    struct threads *t = THREADS_WITH(state, 200, 100);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    do_syscall(t, "Call", ENDPOINT_SLOT, message_info(5, 0, 0, 0));
    assert_int_equal(state_of(t, 2), TCB_BLOCKED_ON_REPLY);
    assert_int_equal(cap_type(cte_at(&t->w, tcb_slot(thread_at(1), TCB_CALLER))->cap), CAP_REPLY);
    set_mr(t, 0, 0x99);
    do_syscall(t, "Reply", 0, message_info(6, 0, 0, 1));
    assert_int_equal(state_of(t, 2), TCB_RUNNING);
    assert_int_equal(mr_of(t, 2, 0), 0x99);
    assert_int_equal(info_of(t, 2), message_info(6, 0, 0, 1));
    assert_int_equal(badge_of(t, 2), 0);
    do_syscall(t, "Reply", 0, 0);
    assert_int_equal(heard(t, EVENT_REPLY_NOBODY), 1);
}

static void a_caller_without_grant_becomes_inactive_when_received(void **state)
{
    struct threads *t = THREADS_WITH(state, 200, 100);
    endpoint_cap(t, 20, RIGHT_WRITE, 0);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    do_syscall(t, "Call", 20, 0);
    assert_int_equal(state_of(t, 2), TCB_INACTIVE);
    assert_int_equal(cap_type(cte_at(&t->w, tcb_slot(thread_at(1), TCB_CALLER))->cap), CAP_NULL);
}

static void receiving_again_drops_the_caller(void **state)
{
    struct threads *t = THREADS_WITH(state, 200, 100);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    do_syscall(t, "Call", ENDPOINT_SLOT, 0);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    assert_int_equal(state_of(t, 2), TCB_BLOCKED_ON_REPLY);
    assert_int_equal(cap_type(cte_at(&t->w, tcb_slot(thread_at(1), TCB_CALLER))->cap), CAP_NULL);
}

static void waiting_for_a_notification_keeps_the_caller(void **state)
{
    struct threads *t = THREADS_WITH(state, 200, 100);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    do_syscall(t, "Call", ENDPOINT_SLOT, 0);
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    assert_int_equal(cap_type(cte_at(&t->w, tcb_slot(thread_at(1), TCB_CALLER))->cap), CAP_REPLY);
}

/* ---- capabilities ---- */

static void name_receive_slot(struct threads *t, unsigned n, word_t index)
{
    const word_t word[] = { CNODE_SLOT, index, 64 };
    for (unsigned i = 0; i < 3; i++)
        memory_set_word(&t->w, buffer_at(n) + (BUFFER_RECEIVE_CNODE + i) * 8, word[i]);
}

static void send_caps(struct threads *t, word_t through, const word_t *cptr, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        memory_set_word(&t->w, buffer_at(current_number(t)) + (BUFFER_CAPS + i) * 8, cptr[i]);
    do_syscall(t, "Send", through, message_info(0, 0, count, 0));
}

static struct threads *receiver_with_slot(void **state, word_t index)
{
    struct threads *t = THREADS_WITH(state, 200, 100);
    name_receive_slot(t, 1, index);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    return t;
}

static void a_capability_goes_along_with_grant(void **state)
{
    struct threads *t = receiver_with_slot(state, SCRATCH_SLOT);
    send_caps(t, ENDPOINT_SLOT, (const word_t[]){ NOTIFICATION_SLOT }, 1);
    assert_int_equal(info_of(t, 1), message_info(0, 0, 1, 0));
    assert_int_equal(cap_type(cte_at(&t->w, slot_at(SCRATCH_SLOT))->cap), CAP_NOTIFICATION);
    assert_int_equal(heard(t, EVENT_CAP_TRANSFER), 1);
}

static void no_capability_goes_along_without_grant(void **state)
{
    struct threads *t = receiver_with_slot(state, SCRATCH_SLOT);
    endpoint_cap(t, 20, RIGHT_WRITE | RIGHT_GRANT_REPLY, 0);
    send_caps(t, 20, (const word_t[]){ NOTIFICATION_SLOT }, 1);
    assert_int_equal(info_of(t, 1), 0);
    assert_int_equal(cap_type(cte_at(&t->w, slot_at(SCRATCH_SLOT))->cap), CAP_NULL);
}

static void no_capability_goes_into_a_slot_that_is_taken(void **state)
{
    struct threads *t = receiver_with_slot(state, OTHER_ENDPOINT_SLOT);
    send_caps(t, ENDPOINT_SLOT, (const word_t[]){ NOTIFICATION_SLOT }, 1);
    assert_int_equal(info_of(t, 1), 0);
}

static void a_capability_to_the_same_endpoint_is_unwrapped_and_uses_no_slot(void **state)
{
    struct threads *t = receiver_with_slot(state, SCRATCH_SLOT);
    endpoint_cap(t, 20, RIGHTS_ALL, 0x55);
    send_caps(t, ENDPOINT_SLOT, (const word_t[]){ NOTIFICATION_SLOT, 20, OTHER_ENDPOINT_SLOT }, 3);
    assert_int_equal(info_of(t, 1), message_info(0, 2, 2, 0));
    assert_int_equal(memory_word(&t->w, buffer_at(1) + (BUFFER_CAPS + 1) * 8), 0x55);
}

static void an_empty_extra_slot_ends_the_transfer(void **state)
{
    struct threads *t = receiver_with_slot(state, SCRATCH_SLOT);
    send_caps(t, ENDPOINT_SLOT, (const word_t[]){ EMPTY_SLOT, NOTIFICATION_SLOT }, 2);
    assert_int_equal(info_of(t, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(senders_are_served_first_in_first_out_whatever_their_priorities),
        THREADS_TEST(receivers_are_served_first_in_first_out),
        THREADS_TEST(cancelling_restarts_all_who_wait),
        THREADS_TEST(cancelling_badged_sends_takes_only_those_with_the_badge),
        THREADS_TEST(a_message_of_127_words_arrives_as_120),
        THREADS_TEST(a_sender_without_a_buffer_sends_four_words_and_is_warned),
        THREADS_TEST(a_receiver_without_a_buffer_gets_four_words_silently),
        THREADS_TEST(the_badge_is_that_of_the_senders_capability),
        THREADS_TEST(a_failed_nbrecv_sets_the_badge_to_0_and_leaves_the_rest),
        THREADS_TEST(nbsend_without_a_receiver_does_nothing),
        THREADS_TEST(a_call_is_answered_once),
        THREADS_TEST(a_caller_without_grant_becomes_inactive_when_received),
        THREADS_TEST(receiving_again_drops_the_caller),
        THREADS_TEST(waiting_for_a_notification_keeps_the_caller),
        THREADS_TEST(a_capability_goes_along_with_grant),
        THREADS_TEST(no_capability_goes_along_without_grant),
        THREADS_TEST(no_capability_goes_into_a_slot_that_is_taken),
        THREADS_TEST(a_capability_to_the_same_endpoint_is_unwrapped_and_uses_no_slot),
        THREADS_TEST(an_empty_extra_slot_ends_the_transfer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
