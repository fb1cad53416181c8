/* SPDX-License-Identifier: BSD-2-Clause */
/* Which registers a system call leaves alone: all but its own (RDI, RSI, the four message registers)
 * and those that the instruction and its return spend (RCX, R11, RSP). */
#include "kernel/threads.h"

enum { CALLER = 1, PARTNER = 2, PATTERN = 0x0dead000 };

static const enum reg kept[] = { REG_RAX, REG_RBX, REG_RBP, REG_R12, REG_R13, REG_R14, REG_RDX };

static void fill(struct threads *t)
{
    struct cpu *cpu = cpu_edit(&t->w);
    for (unsigned i = 0; i < sizeof kept / sizeof kept[0]; i++) cpu->reg[kept[i]] = PATTERN + i;
}

/* RDX holds the call's number. */
static void assert_filled(const struct threads *t, word_t number)
{
    for (unsigned i = 0; i + 1 < sizeof kept / sizeof kept[0]; i++)
        assert_int_equal(cpu_at(&t->w)->reg[kept[i]], PATTERN + i);
    assert_int_equal(cpu_at(&t->w)->reg[REG_RDX], number);
}

static struct threads *caller_runs(void **state)
{
    struct threads *t = *state;
    thread_new(t, CALLER, 100);
    thread_new(t, PARTNER, 90);
    thread_ready(t, CALLER);
    thread_ready(t, PARTNER);
    threads_start(t);
    return t;
}

static word_t number_of(const struct threads *t, const char *name)
{
    word_t number = 0;
    assert_true(syscall_number(&kernel_at(&t->w)->numbers, name, &number));
    return number;
}

static void calls_that_return_at_once_leave_them(void **state)
{
    static const struct {
        const char *name;
        word_t cptr, info;
    } rows[] = {
        { "Send", NOTIFICATION_SLOT, 0 },
        { "NBSend", ENDPOINT_SLOT, 0 },
        { "NBSend", NOTIFICATION_SLOT, 0 },
        { "Call", EMPTY_SLOT, 0 },
        { "Recv", NOTIFICATION_SLOT, 0 },
        { "NBRecv", ENDPOINT_SLOT, 0 },
        { "NBRecv", NOTIFICATION_SLOT, 0 },
        { "Reply", 0, 0 },
        { "Yield", 0, 0 },
        { "DebugPutChar", '.', 0 },
        { "DebugCapIdentify", 1, 0 },
        { "DebugDumpScheduler", 0, 0 },
    };
    struct threads *t = caller_runs(state);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fill(t);
        do_syscall(t, rows[i].name, rows[i].cptr, rows[i].info);
        assert_int_equal(current_number(t), CALLER);
        assert_filled(t, number_of(t, rows[i].name));
    }
}

/* The partner does what lets the caller go on. */
static void calls_that_wait_leave_them(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        word_t cptr, info;
        const char *partner; /* what the partner calls, on the endpoint; then it receives again */
    } rows[] = {
        { "Send", ENDPOINT_SLOT, 4, "Recv" },   { "Recv", ENDPOINT_SLOT, 0, "Send" },
        { "Recv", ENDPOINT_SLOT, 0, "NBSend" }, { "ReplyRecv", ENDPOINT_SLOT, 4, "Send" },
        { "Call", ENDPOINT_SLOT, 4, "Recv" },
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        void *own;
        threads_open(&own);
        struct threads *t = caller_runs(&own);
        fill(t);
        do_syscall(t, rows[i].name, rows[i].cptr, rows[i].info);
        assert_int_equal(current_number(t), PARTNER);
        for (unsigned r = 0; r < REG_COUNT; r++) cpu_edit(&t->w)->reg[r] = 0x77;
        do_syscall(t, rows[i].partner, ENDPOINT_SLOT, 4);
        if (strcmp(rows[i].name, "Call") == 0) do_syscall(t, "Reply", 0, 4);
        assert_int_equal(current_number(t), CALLER);
        assert_filled(t, number_of(t, rows[i].name));
        threads_close(&own);
    }
}

static void a_yield_to_an_equal_leaves_them(void **state)
{
    struct threads *t = caller_runs(state);
    tcb_set_priority(&t->w, thread_at(PARTNER), 100);
    fill(t);
    do_syscall(t, "Yield", 0, 0);
    assert_int_equal(current_number(t), PARTNER);
    do_syscall(t, "Yield", 0, 0);
    assert_int_equal(current_number(t), CALLER);
    assert_filled(t, number_of(t, "Yield"));
}

static void message_registers_of_a_call_that_has_no_message_stay(void **state)
{
    struct threads *t = caller_runs(state);
    for (unsigned i = 0; i < 4; i++) set_mr(t, i, 0x50 + i);
    do_syscall(t, "Send", NOTIFICATION_SLOT, 0);
    do_syscall(t, "Yield", 0, 0);
    do_syscall(t, "NBRecv", ENDPOINT_SLOT, 0);
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    for (unsigned i = 0; i < 4; i++) assert_int_equal(mr_of(t, CALLER, i), 0x50 + i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(calls_that_return_at_once_leave_them),
        THREADS_TEST(calls_that_wait_leave_them),
        THREADS_TEST(a_yield_to_an_equal_leaves_them),
        THREADS_TEST(message_registers_of_a_call_that_has_no_message_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
