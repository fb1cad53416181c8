/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs in address spaces of their own: they run, and send each other messages for ever. */
#include "kernel/programs.h"

enum { CLIENT = 1, SERVER = 2, INSTRUCTIONS = 20000 };

/* mov rdx, number; mov edi, 1 (the endpoint); mov esi, 1 (a word); syscall */
#define SYSCALL(number)                                                                            \
    0x48, 0xc7, 0xc2, (uint8_t) - (number), 0xff, 0xff, 0xff, 0xbf, 0x01, 0x00, 0x00, 0x00, 0xbe,  \
        0x01, 0x00, 0x00, 0x00, 0x0f, 0x05
/* Numbers without their sign. */
enum { SYS_CALL = 1, SYS_REPLY_RECV, SYS_SEND, SYS_NB_SEND, SYS_RECV, SYS_REPLY };
#define INC_R10     0x49, 0xff, 0xc2
#define STORE_R10   0x4c, 0x89, 0x14, 0x25 /* and the address */
#define AT(n)       0x00, (uint8_t)((n) << 4), 0x48, 0x00
#define JMP_BACK(n) 0xeb, (uint8_t)(-2 - (n))

static struct threads *pair(void **state, unsigned client, unsigned server)
{
    struct threads *t = *state;
    thread_new(t, CLIENT, client);
    thread_new(t, SERVER, server);
    return t;
}

static void start(struct threads *t)
{
    thread_ready(t, CLIENT);
    thread_ready(t, SERVER);
    threads_start(t);
    programs_run(t, INSTRUCTIONS);
}

static word_t stored(const struct threads *t, unsigned n)
{
    return memory_word(&t->w, data_at(n));
}

/* mov [data], rbx; jmp here: what one writes the other does not see. */
static void threads_run_each_in_its_own_address_space(void **state)
{
    struct threads *t = pair(state, 100, 100);
    for (unsigned n = CLIENT; n <= SERVER; n++) {
        THREAD_PROGRAM(t, n, n - 1, 0x48, 0x89, 0x1c, 0x25, AT(n), 0xeb, 0xfe);
        thread_register_set(t, n, CTX_RBX, 42 + n);
    }
    start(t);
    do_tick(t), do_tick(t), do_tick(t), do_tick(t), do_tick(t);
    programs_run(t, 100);
    paddr_t at;
    for (unsigned n = CLIENT; n <= SERVER; n++) {
        assert_int_equal(stored(t, n), 42 + n);
        assert_true(kernel_translate(&t->w, thread_at(n), data_of(n), &at));
        assert_false(kernel_translate(&t->w, thread_at(n), data_of(3 - n), &at));
    }
}

/* The client counts and sends, the server stores what comes. */
static void sends_reach_another_address_space(void **state)
{
    struct threads *t = pair(state, 90, 100);
    THREAD_PROGRAM(t, CLIENT, 0, INC_R10, SYSCALL(SYS_SEND), JMP_BACK(22));
    THREAD_PROGRAM(t, SERVER, 1, SYSCALL(SYS_RECV), STORE_R10, AT(SERVER), JMP_BACK(27));
    start(t);
    assert_in_range(stored(t, SERVER), INSTRUCTIONS / 12, INSTRUCTIONS / 10);
}

static void sends_that_do_not_wait_reach_another_address_space(void **state)
{
    struct threads *t = pair(state, 90, 100);
    THREAD_PROGRAM(t, CLIENT, 0, INC_R10, SYSCALL(SYS_NB_SEND), JMP_BACK(22));
    THREAD_PROGRAM(t, SERVER, 1, SYSCALL(SYS_RECV), STORE_R10, AT(SERVER), JMP_BACK(27));
    start(t);
    assert_in_range(stored(t, SERVER), INSTRUCTIONS / 12, INSTRUCTIONS / 10);
}

/* The client calls and stores the answer, which is one more than the question. */
static void calls_are_answered_from_another_address_space(void **state)
{
    struct threads *t = pair(state, 90, 100);
    THREAD_PROGRAM(t, CLIENT, 0, SYSCALL(SYS_CALL), STORE_R10, AT(CLIENT), JMP_BACK(27));
    THREAD_PROGRAM(t, SERVER, 1, SYSCALL(SYS_RECV), INC_R10, SYSCALL(SYS_REPLY_RECV), JMP_BACK(22));
    start(t);
    assert_in_range(stored(t, CLIENT), INSTRUCTIONS / 13, INSTRUCTIONS / 10);
}

static void calls_are_answered_then_the_next_received(void **state)
{
    struct threads *t = pair(state, 90, 100);
    THREAD_PROGRAM(t, CLIENT, 0, SYSCALL(SYS_CALL), STORE_R10, AT(CLIENT), JMP_BACK(27));
    THREAD_PROGRAM(t, SERVER, 1, SYSCALL(SYS_RECV), INC_R10, SYSCALL(SYS_REPLY), JMP_BACK(41));
    start(t);
    assert_in_range(stored(t, CLIENT), INSTRUCTIONS / 17, INSTRUCTIONS / 13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(threads_run_each_in_its_own_address_space),
        THREADS_TEST(sends_reach_another_address_space),
        THREADS_TEST(sends_that_do_not_wait_reach_another_address_space),
        THREADS_TEST(calls_are_answered_from_another_address_space),
        THREADS_TEST(calls_are_answered_then_the_next_received),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
