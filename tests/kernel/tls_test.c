/* SPDX-License-Identifier: BSD-2-Clause */
/* Thread-local storage: the base of FS is a thread's own, survives switches, and is set by the thread
 * itself or for another. Programs count in the word at FS:0. */
#include "kernel/programs.h"

enum { FIRST = 1, LAST = 4, SETTER = 6, TLS_OFFSET = 0x100, INITIAL = 42, INSTRUCTIONS = 10000000 };

/* loop: inc qword fs:[0]; inc rbx; jmp loop */
#define COUNTS 0x64, 0x48, 0xff, 0x04, 0x25, 0x00, 0x00, 0x00, 0x00, 0x48, 0xff, 0xc3, 0xeb, 0xf2
/* loop: lock inc qword fs:[0]; inc rbx; jmp loop */
#define COUNTS_LOCKED                                                                              \
    0x64, 0xf0, 0x48, 0xff, 0x04, 0x25, 0x00, 0x00, 0x00, 0x00, 0x48, 0xff, 0xc3, 0xeb, 0xf1

static word_t tls_of(unsigned n)
{
    return data_of(n) + TLS_OFFSET;
}

static word_t counted(const struct threads *t, unsigned n)
{
    return memory_word(&t->w, data_at(n) + TLS_OFFSET);
}

static void assert_counted(const struct threads *t, unsigned n)
{
    word_t rounds = thread_register(&t->w, thread_at(n), CTX_RBX);
    assert_true(rounds > 1000);
    assert_in_range(counted(t, n), INITIAL + rounds, INITIAL + rounds + 1);
}

static void counter_new(struct threads *t, unsigned n, const uint8_t *code, size_t size)
{
    thread_new(t, n, 50);
    thread_program(t, n, 0, code, size);
    thread_register_set(t, n, CTX_FS_BASE, tls_of(n));
    memory_set_word(&t->w, data_at(n) + TLS_OFFSET, INITIAL);
    thread_ready(t, n);
}

static void one_thread_finds_its_variables(void **state)
{
    static const uint8_t code[] = { COUNTS };
    struct threads *t = *state;
    counter_new(t, FIRST, code, sizeof code);
    threads_start(t);
    programs_run(t, 30000);
    assert_counted(t, FIRST);
}

static void threads_in_one_address_space_have_each_their_own(void **state)
{
    static const uint8_t plain[] = { COUNTS }, locked[] = { COUNTS_LOCKED };
    struct threads *t = *state;
    for (unsigned n = FIRST; n <= LAST; n++) {
        if (n % 2)
            counter_new(t, n, plain, sizeof plain);
        else
            counter_new(t, n, locked, sizeof locked);
    }
    threads_start(t);
    programs_run(t, (word_t)9 * INSTRUCTIONS);
    assert_true(heard(t, EVENT_SWITCH) >= 8);
    for (unsigned n = FIRST; n <= LAST; n++) assert_counted(t, n);
}

/* mov edi, base; mov rdx, -30; syscall; loop: inc qword fs:[0]; inc rbx; jmp loop */
static void a_thread_sets_its_own_base_by_a_system_call(void **state)
{
    struct threads *t = *state;
    word_t base = tls_of(FIRST), number;
    assert_true(syscall_number(&kernel_at(&t->w)->numbers, "SetTLSBase", &number));
    assert_int_equal(number, (word_t)-30);
    const uint8_t code[] = { 0xbf,
                             (uint8_t)base,
                             (uint8_t)(base >> 8),
                             (uint8_t)(base >> 16),
                             0,
                             0x48,
                             0xc7,
                             0xc2,
                             0xe2,
                             0xff,
                             0xff,
                             0xff,
                             0x0f,
                             0x05,
                             COUNTS };
    counter_new(t, FIRST, code, sizeof code);
    thread_register_set(t, FIRST, CTX_FS_BASE, 0);
    threads_start(t);
    programs_run(t, 30000);
    assert_int_equal(thread_register(&t->w, thread_at(FIRST), CTX_FS_BASE), base);
    assert_counted(t, FIRST);
}

static void a_thread_gets_its_base_by_an_invocation(void **state)
{
    static const uint8_t code[] = { COUNTS };
    struct threads *t = *state;
    counter_new(t, FIRST, code, sizeof code);
    thread_register_set(t, FIRST, CTX_FS_BASE, 0);
    thread_new(t, SETTER, 60);
    thread_ready(t, SETTER);
    threads_start(t);
    assert_int_equal(
        do_invoke(t, THREAD_SLOT + FIRST,
                  (struct call){ .label = "TCBSetTLSBase", .length = 1, .mr = { tls_of(FIRST) } }),
        SEL4_NoError);
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    programs_run(t, 30000);
    assert_counted(t, FIRST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(one_thread_finds_its_variables),
        THREADS_TEST(threads_in_one_address_space_have_each_their_own),
        THREADS_TEST(a_thread_sets_its_own_base_by_a_system_call),
        THREADS_TEST(a_thread_gets_its_base_by_an_invocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
