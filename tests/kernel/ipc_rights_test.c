/* SPDX-License-Identifier: BSD-2-Clause */
/* Which right lets whom do what with an endpoint: write to send, read to receive, grant to hand
 * capabilities over, grant or grant-reply to call; and whose grant an answer needs. Each for all
 * sixteen sets of rights. Thread 1 sends or calls, 2 receives. */
#include "kernel/threads.h"

enum { CLIENT = 1, SERVER = 2, UNDER_TEST = SCRATCH_SLOT, RECEIVED, SAVED, BUFFER_CAPS = 122 };

static struct threads *pair(unsigned client, unsigned server)
{
    void *state;
    threads_open(&state);
    struct threads *t = state;
    thread_new(t, CLIENT, client);
    thread_new(t, SERVER, server);
    thread_ready(t, CLIENT);
    thread_ready(t, SERVER);
    threads_start(t);
    return t;
}

static void done(struct threads *t)
{
    void *state = t;
    assert_sound(t);
    threads_close(&state);
}

static bool is_empty(const struct threads *t, unsigned cptr)
{
    return cap_type(cte_at(&t->w, slot_at(cptr))->cap) == CAP_NULL;
}

/* A message of one word that carries the notification's capability. */
static word_t with_cap(struct threads *t, word_t word)
{
    set_mr(t, 0, word);
    memory_set_word(&t->w, buffer_at(current_number(t)) + BUFFER_CAPS * 8, NOTIFICATION_SLOT);
    return message_info(0, 0, 1, 1);
}

/* Where thread n wants a capability that comes along. */
static void want(struct threads *t, unsigned n)
{
    memory_set_word(&t->w, buffer_at(n) + (BUFFER_CAPS + 3) * 8, CNODE_SLOT);
    memory_set_word(&t->w, buffer_at(n) + (BUFFER_CAPS + 4) * 8, RECEIVED);
    memory_set_word(&t->w, buffer_at(n) + (BUFFER_CAPS + 5) * 8, 64);
}

static void sending_needs_write(void **state)
{
    (void)state;
    for (word_t rights = 0; rights <= RIGHTS_ALL; rights++) {
        struct threads *t = pair(100, 90);
        endpoint_cap(t, UNDER_TEST, rights, 0);
        do_syscall(t, "Send", UNDER_TEST, 0);
        bool sent = state_of(t, CLIENT) == TCB_BLOCKED_ON_SEND;
        assert_int_equal(sent, (rights & RIGHT_WRITE) != 0);
        if (!sent)
            assert_non_null(
                strstr(t->printed, "Attempted to invoke a read-only endpoint cap #64."));
        done(t);
    }
}

static void receiving_needs_read(void **state)
{
    (void)state;
    for (word_t rights = 0; rights <= RIGHTS_ALL; rights++) {
        struct threads *t = pair(90, 100);
        endpoint_cap(t, UNDER_TEST, rights, 0);
        do_syscall(t, "Recv", UNDER_TEST, 0);
        bool waits = state_of(t, SERVER) == TCB_BLOCKED_ON_RECEIVE;
        assert_int_equal(waits, (rights & RIGHT_READ) != 0);
        if (!waits) { /* a capability fault, in receive phase, of a missing capability */
            const struct tcb *s = tcb_at(&t->w, thread_at(SERVER));
            assert_int_equal(s->fault.kind, FAULT_CAP);
            assert_int_equal(s->fault.word[0], UNDER_TEST);
            assert_int_equal(s->fault.word[1], 1);
            assert_int_equal(s->lookup_failure.type, LOOKUP_MISSING_CAPABILITY);
        }
        done(t);
    }
}

static void handing_a_capability_over_needs_grant(void **state)
{
    (void)state;
    for (word_t rights = RIGHT_WRITE; rights <= RIGHTS_ALL; rights += 2) {
        struct threads *t = pair(90, 100);
        bool grant = rights & RIGHT_GRANT;
        endpoint_cap(t, UNDER_TEST, rights, 0);
        want(t, SERVER);
        do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
        do_syscall(t, "Send", UNDER_TEST, with_cap(t, 5));
        assert_int_equal(current_number(t), SERVER);
        assert_int_equal(mr_of(t, SERVER, 0), 5);
        assert_int_equal(message_caps(info_of(t, SERVER)), grant);
        assert_int_equal(is_empty(t, RECEIVED), !grant);
        done(t);
    }
}

/* Else the caller can never be answered, and is inactive once its message was taken. */
static void a_call_that_can_be_answered_needs_grant_or_grant_reply(void **state)
{
    (void)state;
    for (word_t rights = RIGHT_WRITE; rights <= RIGHTS_ALL; rights += 2) {
        struct threads *t = pair(100, 90);
        bool answerable = rights & (RIGHT_GRANT | RIGHT_GRANT_REPLY);
        endpoint_cap(t, UNDER_TEST, rights, 0);
        set_mr(t, 0, 1);
        do_syscall(t, "Call", UNDER_TEST, message_info(0, 0, 0, 1));
        assert_int_equal(state_of(t, CLIENT), TCB_BLOCKED_ON_SEND);
        do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
        assert_int_equal(mr_of(t, SERVER, 0), 1);
        assert_int_equal(state_of(t, CLIENT), answerable ? TCB_BLOCKED_ON_REPLY : TCB_INACTIVE);
        set_mr(t, 0, 2);
        do_syscall(t, "Reply", 0, message_info(0, 0, 0, 1));
        assert_int_equal(current_number(t), answerable ? CLIENT : SERVER);
        if (answerable) assert_int_equal(mr_of(t, CLIENT, 0), 2);
        done(t);
    }
}

static void save_caller(struct threads *t)
{
    assert_int_equal(
        do_invoke(t, CNODE_SLOT,
                  (struct call){ .label = "CNodeSaveCaller", .length = 2, .mr = { SAVED, 64 } }),
        SEL4_NoError);
}

static void a_saved_caller_is_answered_once_from_its_slot(void **state)
{
    (void)state;
    struct threads *t = pair(100, 90);
    do_syscall(t, "Call", ENDPOINT_SLOT, message_info(0, 0, 0, 1));
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    save_caller(t);
    assert_false(is_empty(t, SAVED));
    do_syscall(t, "Reply", 0, 0);
    assert_int_equal(current_number(t), SERVER);
    set_mr(t, 0, 3);
    do_syscall(t, "Send", SAVED, message_info(0, 0, 0, 1));
    assert_int_equal(current_number(t), CLIENT);
    assert_int_equal(mr_of(t, CLIENT, 0), 3);
    assert_true(is_empty(t, SAVED));
    done(t);
}

/* Suspending the caller takes the right to answer it away, wherever it was saved. */
static void a_saved_caller_that_is_suspended_leaves_its_slot(void **state)
{
    (void)state;
    struct threads *t = pair(100, 90);
    do_syscall(t, "Call", ENDPOINT_SLOT, 0);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    save_caller(t);
    assert_int_equal(do_invoke(t, THREAD_SLOT + CLIENT, (struct call){ .label = "TCBSuspend" }),
                     SEL4_NoError);
    assert_true(is_empty(t, SAVED));
    done(t);
}

/* The receiver's capability counts, not the caller's; saved or not. */
static void an_answer_hands_a_capability_over_if_the_receiver_had_grant(void **state)
{
    (void)state;
    for (word_t i = 0; i <= 2 * RIGHTS_ALL + 1; i++) {
        word_t rights = i / 2;
        bool saves = i % 2, grant = rights & RIGHT_GRANT;
        if (!(rights & RIGHT_READ)) continue;
        struct threads *t = pair(90, 100);
        endpoint_cap(t, UNDER_TEST, rights, 0);
        want(t, CLIENT);
        do_syscall(t, "Recv", UNDER_TEST, 0);
        do_syscall(t, "Call", ENDPOINT_SLOT, 0);
        if (saves) save_caller(t);
        do_syscall(t, saves ? "Send" : "Reply", SAVED, with_cap(t, 6));
        assert_int_equal(mr_of(t, CLIENT, 0), 6);
        assert_int_equal(message_caps(info_of(t, CLIENT)), grant);
        assert_int_equal(is_empty(t, RECEIVED), !grant);
        done(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sending_needs_write),
        cmocka_unit_test(receiving_needs_read),
        cmocka_unit_test(handing_a_capability_over_needs_grant),
        cmocka_unit_test(a_call_that_can_be_answered_needs_grant_or_grant_reply),
        cmocka_unit_test(a_saved_caller_is_answered_once_from_its_slot),
        cmocka_unit_test(a_saved_caller_that_is_suspended_leaves_its_slot),
        cmocka_unit_test(an_answer_hands_a_capability_over_if_the_receiver_had_grant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
