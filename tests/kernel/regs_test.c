/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread that is started by WriteRegisters begins with every register as written, and tells them
 * itself: its program stores them. */
#include "kernel/programs.h"

enum { STARTER = 1, STARTED = 2 };

/* seL4_UserContext: rip rsp rflags rax rbx rcx rdx rsi rdi rbp r8..r15 fs_base gs_base. */
enum { RIP, RSP, RFLAGS, RAX, FIRST_GENERAL = RAX, R15 = 17, FS_BASE, GS_BASE, REGISTERS };

/* Each stored to [0x482000 + 8 * its number]: mov [disp32], reg; then pushfq; pop; jmp here. */
#define STORE(rex, reg, number) (rex), 0x89, 0x04 | (reg) << 3, 0x25, (number)*8, 0x20, 0x48, 0x00
#define STORES_ALL                                                                                 \
    STORE(0x48, 4, RSP), STORE(0x48, 0, 3), STORE(0x48, 3, 4), STORE(0x48, 1, 5),                  \
        STORE(0x48, 2, 6), STORE(0x48, 6, 7), STORE(0x48, 7, 8), STORE(0x48, 5, 9),                \
        STORE(0x4c, 0, 10), STORE(0x4c, 1, 11), STORE(0x4c, 2, 12), STORE(0x4c, 3, 13),            \
        STORE(0x4c, 4, 14), STORE(0x4c, 5, 15), STORE(0x4c, 6, 16), STORE(0x4c, 7, R15), 0xeb,     \
        0xfe

static struct threads *started(void **state, word_t rip, bool resume)
{
    struct threads *t = *state;
    thread_new(t, STARTER, 100);
    thread_new(t, STARTED, 50);
    THREAD_PROGRAM(t, STARTED, 0, STORES_ALL);
    thread_ready(t, STARTER);
    threads_start(t);
    for (unsigned i = 4; i < REGISTERS; i++)
        memory_set_word(&t->w, buffer_at(STARTER) + (1 + i + 2) * 8, 0x1000 + i);
    set_mr(t, 0, resume);
    set_mr(t, 1, REGISTERS);
    set_mr(t, 2, rip);
    set_mr(t, 3, 0x1000 + RSP);
    for (unsigned i = RFLAGS; i < REGISTERS; i++) set_mr(t, 2 + i, 0x1000 + i);
    set_mr(t, 2 + RFLAGS, 0x202);
    word_t label;
    assert_true(invocation_label(&kernel_at(&t->w)->numbers, "TCBWriteRegisters", &label));
    do_syscall(t, "Call", THREAD_SLOT + STARTED, message_info(label, 0, 0, 2 + REGISTERS));
    assert_int_equal(message_label(info_of(t, STARTER)), SEL4_NoError);
    return t;
}

static void a_started_thread_has_every_register_as_written(void **state)
{
    struct threads *t = started(state, code_of(STARTED), true);
    assert_int_equal(current_number(t), STARTER);
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    assert_int_equal(current_number(t), STARTED);
    assert_int_equal(cpu_at(&t->w)->rip, code_of(STARTED));
    assert_int_equal(cpu_at(&t->w)->rflags, 0x202);
    programs_run(t, 100);
    assert_int_equal(memory_word(&t->w, data_at(STARTED) + RSP * 8), 0x1000 + RSP);
    for (unsigned i = FIRST_GENERAL; i <= R15; i++)
        assert_int_equal(memory_word(&t->w, data_at(STARTED) + i * 8), 0x1000 + i);
    assert_int_equal(thread_register(&t->w, thread_at(STARTED), CTX_FS_BASE), 0x1000 + FS_BASE);
    assert_int_equal(thread_register(&t->w, thread_at(STARTED), CTX_GS_BASE), 0x1000 + GS_BASE);
}

static void what_was_written_can_be_read_back(void **state)
{
    struct threads *t = started(state, code_of(STARTED), false);
    set_mr(t, 0, 0);
    set_mr(t, 1, REGISTERS);
    word_t label;
    assert_true(invocation_label(&kernel_at(&t->w)->numbers, "TCBReadRegisters", &label));
    do_syscall(t, "Call", THREAD_SLOT + STARTED, message_info(label, 0, 0, 2));
    assert_int_equal(message_length(info_of(t, STARTER)), REGISTERS);
    assert_int_equal(mr_of(t, STARTER, RIP), code_of(STARTED));
    assert_int_equal(mr_of(t, STARTER, RFLAGS), 0x202);
    for (unsigned i = RAX; i < REGISTERS; i++) assert_int_equal(mr_of(t, STARTER, i), 0x1000 + i);
    assert_int_equal(state_of(t, STARTED), TCB_INACTIVE);
}

static void a_thread_that_is_not_resumed_stays_where_it_is(void **state)
{
    struct threads *t = started(state, code_of(STARTED), false);
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    assert_int_equal(current_number(t), 0);
    assert_int_equal(memory_word(&t->w, data_at(STARTED) + RAX * 8), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(a_started_thread_has_every_register_as_written),
        THREADS_TEST(what_was_written_can_be_read_back),
        THREADS_TEST(a_thread_that_is_not_resumed_stays_where_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
