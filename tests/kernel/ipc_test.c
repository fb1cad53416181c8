/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages of every length, whole: by Send, NBSend, Call and the ways to answer, with sender or
 * receiver there first, and a call that is given up in the middle. Thread 1 is a client, 2 a server. */
#include "kernel/threads.h"

enum { CLIENT = 1, SERVER = 2, BADGED_ENDPOINT = SCRATCH_SLOT, BADGE = 42, SALT = 0x1000 };

/* The one with the higher priority begins. */
static struct threads *pair(void **state, unsigned client, unsigned server)
{
    struct threads *t = *state;
    thread_new(t, CLIENT, client);
    thread_new(t, SERVER, server);
    endpoint_cap(t, BADGED_ENDPOINT, RIGHTS_ALL, BADGE);
    thread_ready(t, CLIENT);
    thread_ready(t, SERVER);
    threads_start(t);
    return t;
}

static void put_words(struct threads *t, unsigned length, word_t salt)
{
    for (unsigned i = 0; i < length; i++) set_mr(t, i, salt + i);
}

static void assert_words(const struct threads *t, unsigned n, unsigned length, word_t salt,
                         word_t badge)
{
    assert_int_equal(info_of(t, n), message_info(length, 0, 0, length));
    assert_int_equal(badge_of(t, n), badge);
    for (unsigned i = 0; i < length; i++) assert_int_equal(mr_of(t, n, i), salt + i);
}

/* The label says the length, too. */
static void say(struct threads *t, const char *syscall, word_t cptr, unsigned length, word_t salt)
{
    put_words(t, length, salt);
    do_syscall(t, syscall, cptr, message_info(length, 0, 0, length));
}

static void a_message_of_any_length_is_sent_to_one_who_waits(void **state)
{
    struct threads *t = pair(state, 90, 100);
    for (unsigned length = 0; length <= MESSAGE_MAX_LENGTH; length++) {
        do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
        say(t, "Send", BADGED_ENDPOINT, length, SALT * length);
        assert_int_equal(current_number(t), SERVER);
        assert_words(t, SERVER, length, SALT * length, BADGE);
    }
}

static void a_message_of_any_length_waits_for_its_receiver(void **state)
{
    struct threads *t = pair(state, 100, 90);
    for (unsigned length = 0; length <= MESSAGE_MAX_LENGTH; length++) {
        say(t, "Send", BADGED_ENDPOINT, length, SALT * length);
        assert_int_equal(current_number(t), SERVER);
        do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
        assert_int_equal(current_number(t), CLIENT);
        assert_words(t, SERVER, length, SALT * length, BADGE);
    }
}

static void a_message_that_cannot_wait_reaches_one_who_does(void **state)
{
    struct threads *t = pair(state, 90, 100);
    for (unsigned length = 0; length <= MESSAGE_MAX_LENGTH; length++) {
        do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
        say(t, "NBSend", BADGED_ENDPOINT, length, SALT + length);
        assert_int_equal(current_number(t), SERVER);
        assert_words(t, SERVER, length, SALT + length, BADGE);
    }
}

/* Question of one length, answer of another. */
static void calls_and_answers_of_any_length_by_reply_and_receive(void **state)
{
    struct threads *t = pair(state, 90, 100);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    for (unsigned length = 0; length <= MESSAGE_MAX_LENGTH; length++) {
        unsigned answer = MESSAGE_MAX_LENGTH - length;
        say(t, "Call", BADGED_ENDPOINT, length, SALT * length);
        assert_words(t, SERVER, length, SALT * length, BADGE);
        say(t, "ReplyRecv", ENDPOINT_SLOT, answer, SALT * length + 7);
        assert_int_equal(current_number(t), CLIENT);
        assert_words(t, CLIENT, answer, SALT * length + 7, 0);
    }
}

static void calls_and_answers_of_any_length_by_reply_then_receive(void **state)
{
    struct threads *t = pair(state, 90, 100);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    for (unsigned length = 0; length <= MESSAGE_MAX_LENGTH; length++) {
        say(t, "Call", BADGED_ENDPOINT, length, SALT * length);
        assert_words(t, SERVER, length, SALT * length, BADGE);
        say(t, "Reply", 0, length, SALT * length + 7);
        assert_int_equal(current_number(t), SERVER);
        do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
        assert_words(t, CLIENT, length, SALT * length + 7, 0);
    }
}

static void a_call_waits_for_its_server(void **state)
{
    struct threads *t = pair(state, 100, 90);
    for (unsigned length = 0; length <= MESSAGE_MAX_LENGTH; length++) {
        say(t, "Call", BADGED_ENDPOINT, length, SALT * length);
        assert_int_equal(current_number(t), SERVER);
        do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
        assert_int_equal(state_of(t, CLIENT), TCB_BLOCKED_ON_REPLY);
        assert_words(t, SERVER, length, SALT * length, BADGE);
        say(t, "Reply", 0, length, SALT * length + 7);
        assert_int_equal(current_number(t), CLIENT);
        assert_words(t, CLIENT, length, SALT * length + 7, 0);
    }
}

static enum sel4_error tcb_call(struct threads *t, const char *label)
{
    return do_invoke(t, THREAD_SLOT + CLIENT, (struct call){ .label = label });
}

/* The caller starts its call again; the first question's answer goes nowhere. */
static void a_caller_may_be_suspended_resumed_and_suspended_again(void **state)
{
    struct threads *t = pair(state, 100, 90);
    say(t, "Call", BADGED_ENDPOINT, 1, SALT);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    assert_int_equal(state_of(t, CLIENT), TCB_BLOCKED_ON_REPLY);
    assert_int_equal(tcb_call(t, "TCBSuspend"), SEL4_NoError);
    assert_int_equal(state_of(t, CLIENT), TCB_INACTIVE);
    assert_int_equal(tcb_call(t, "TCBResume"), SEL4_NoError);
    assert_int_equal(current_number(t), CLIENT);
    say(t, "Call", BADGED_ENDPOINT, 1, SALT);
    assert_int_equal(current_number(t), SERVER);
    assert_int_equal(state_of(t, CLIENT), TCB_BLOCKED_ON_SEND);
    assert_int_equal(tcb_call(t, "TCBSuspend"), SEL4_NoError);
    assert_int_equal(endpoint_state(&t->w, endpoint_address()), ENDPOINT_IDLE);
    say(t, "Reply", 0, 1, SALT);
    assert_int_equal(state_of(t, CLIENT), TCB_INACTIVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(a_message_of_any_length_is_sent_to_one_who_waits),
        THREADS_TEST(a_message_of_any_length_waits_for_its_receiver),
        THREADS_TEST(a_message_that_cannot_wait_reaches_one_who_does),
        THREADS_TEST(calls_and_answers_of_any_length_by_reply_and_receive),
        THREADS_TEST(calls_and_answers_of_any_length_by_reply_then_receive),
        THREADS_TEST(a_call_waits_for_its_server),
        THREADS_TEST(a_caller_may_be_suspended_resumed_and_suspended_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
