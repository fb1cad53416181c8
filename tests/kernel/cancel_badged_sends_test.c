/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking clients of an endpoint away one by one: revoke their badge, cancel what they have under
 * way. Thread 1 is the master, threads 2 to 4 are clients, each with a copy of its badged capability. */
#include "kernel/threads.h"

enum {
    MASTER = 1,
    FIRST = 2,
    LAST = 4,
    BADGED = SCRATCH_SLOT,
    COPY = SCRATCH_SLOT + 8,
    BADGE = 200
};

static enum sel4_error cnode_call(struct threads *t, const char *label, word_t to, word_t from,
                                  word_t badge)
{
    return do_invoke(t, CNODE_SLOT,
                     (struct call){ .label = label,
                                    .length = 6,
                                    .mr = { to, 64, from, 64, RIGHTS_ALL, badge },
                                    .caps = 1,
                                    .cap = { CNODE_SLOT } });
}

static enum sel4_error slot_call(struct threads *t, const char *label, word_t slot)
{
    return do_invoke(t, CNODE_SLOT,
                     (struct call){ .label = label, .length = 2, .mr = { slot, 64 } });
}

static struct threads *master_runs(void **state)
{
    struct threads *t = *state;
    thread_new(t, MASTER, 100);
    thread_ready(t, MASTER);
    threads_start(t);
    for (unsigned n = FIRST; n <= LAST; n++) {
        thread_new(t, n, 90);
        assert_int_equal(cnode_call(t, "CNodeMint", BADGED + n, ENDPOINT_SLOT, BADGE + n),
                         SEL4_NoError);
        assert_int_equal(cnode_call(t, "CNodeCopy", COPY + n, BADGED + n, 0), SEL4_NoError);
    }
    return t;
}

/* All clients call while nobody receives; then the master runs again. */
static void clients_call(struct threads *t)
{
    for (unsigned n = FIRST; n <= LAST; n++) thread_ready(t, n);
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    for (unsigned n = FIRST; n <= LAST; n++) {
        assert_int_equal(current_number(t), n);
        do_syscall(t, "Call", COPY + n, 0);
    }
    notification_signal(&t->w, notification_address(), 1);
    kernel_reschedule(&t->w);
    assert_int_equal(current_number(t), MASTER);
}

/* Deleting a copy cancels nothing; cancelling does, and only that client's. */
static void a_cancelled_call_is_made_again_and_finds_no_capability(void **state)
{
    struct threads *t = master_runs(state);
    clients_call(t);
    for (unsigned n = FIRST; n <= LAST; n++) {
        assert_int_equal(slot_call(t, "CNodeRevoke", BADGED + n), SEL4_NoError);
        assert_int_equal(cap_type(cte_at(&t->w, slot_at(COPY + n))->cap), CAP_NULL);
        assert_int_equal(state_of(t, n), TCB_BLOCKED_ON_SEND);
        assert_int_equal(slot_call(t, "CNodeCancelBadgedSends", BADGED + n), SEL4_NoError);
        assert_int_equal(state_of(t, n), TCB_RESTART);
        for (unsigned other = n + 1; other <= LAST; other++)
            assert_int_equal(state_of(t, other), TCB_BLOCKED_ON_SEND);
    }
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    for (unsigned left = FIRST; left <= LAST; left++) {
        unsigned n = current_number(t);
        assert_int_equal(cpu_at(&t->w)->rip, 0x400000 + n * 0x1000); /* at the call again */
        do_syscall(t, "Call", COPY + n, 0);
        assert_int_equal(message_label(info_of(t, n)), SEL4_InvalidCapability);
        do_syscall(t, "Recv", OTHER_ENDPOINT_SLOT, 0);
    }
    assert_int_equal(current_number(t), 0);
}

static void clients_that_were_not_cancelled_are_served(void **state)
{
    struct threads *t = master_runs(state);
    clients_call(t);
    assert_int_equal(slot_call(t, "CNodeRevoke", BADGED + FIRST), SEL4_NoError);
    assert_int_equal(slot_call(t, "CNodeCancelBadgedSends", BADGED + FIRST), SEL4_NoError);
    for (unsigned n = FIRST + 1; n <= LAST; n++) {
        do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
        assert_int_equal(badge_of(t, MASTER), BADGE + n);
        do_syscall(t, "Reply", 0, 0);
        assert_int_equal(state_of(t, n), TCB_RUNNING);
    }
    do_syscall(t, "NBRecv", ENDPOINT_SLOT, 0);
    assert_int_equal(badge_of(t, MASTER), 0);
}

static void cancelling_without_a_badge_cancels_nothing(void **state)
{
    struct threads *t = master_runs(state);
    clients_call(t);
    assert_int_equal(slot_call(t, "CNodeCancelBadgedSends", ENDPOINT_SLOT), SEL4_NoError);
    for (unsigned n = FIRST; n <= LAST; n++) assert_int_equal(state_of(t, n), TCB_BLOCKED_ON_SEND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(a_cancelled_call_is_made_again_and_finds_no_capability),
        THREADS_TEST(clients_that_were_not_cancelled_are_served),
        THREADS_TEST(cancelling_without_a_badge_cancels_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
