/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs that fault, in the address space of their handler's and in another: what the handler is
 * told, and that they go on as it decides. */
#include "kernel/programs.h"

enum { HANDLER = 1, FAULTER = 2, READ = 4, WRITE = 6 };

/* The handler waits; the faulter runs `code` until it is caught. */
static struct threads *caught(void **state, unsigned space, const uint8_t *code, size_t size)
{
    struct threads *t = *state;
    thread_new(t, HANDLER, 100);
    thread_new(t, FAULTER, 50);
    thread_program(t, FAULTER, space, code, size);
    thread_register_set(t, FAULTER, CTX_RBX, 0xb0b);
    thread_ready(t, HANDLER);
    thread_ready(t, FAULTER);
    threads_start(t);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    programs_run(t, 1000);
    assert_int_equal(current_number(t), HANDLER);
    assert_int_equal(state_of(t, FAULTER), TCB_BLOCKED_ON_REPLY);
    return t;
}
#define CAUGHT(state, space, ...)                                                                  \
    caught(state, space, (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))

/* mov rax, [0x4f0000]; mov [data], rax; jmp here */
#define READS                                                                                      \
    0x48, 0x8b, 0x04, 0x25, 0x00, 0x00, 0x4f, 0x00, 0x48, 0x89, 0x04, 0x25, 0x00, 0x20, 0x48,      \
        0x00, 0xeb, 0xfe
/* mov [0x4f0000], rbx; jmp here */
#define WRITES 0x48, 0x89, 0x1c, 0x25, 0x00, 0x00, 0x4f, 0x00, 0xeb, 0xfe
/* mov eax, 0x4f0000; jmp rax */
#define EXECUTES 0xb8, 0x00, 0x00, 0x4f, 0x00, 0xff, 0xe0
/* mov edx, 0x1234; syscall; mov [data], rdx; jmp here */
#define CALLS                                                                                      \
    0xba, 0x34, 0x12, 0x00, 0x00, 0x0f, 0x05, 0x48, 0x89, 0x14, 0x25, 0x00, 0x20, 0x48, 0x00,      \
        0xeb, 0xfe
/* ud2; jmp here */
#define UNDEFINED 0x0f, 0x0b, 0xeb, 0xfe

static void assert_vm_fault(const struct threads *t, word_t ip, word_t status)
{
    assert_int_equal(info_of(t, HANDLER), message_info(5, 0, 0, 4));
    assert_int_equal(mr_of(t, HANDLER, 0), ip);
    assert_int_equal(mr_of(t, HANDLER, 1), NOTHING_THERE);
    assert_int_equal(mr_of(t, HANDLER, 2), 0);
    assert_int_equal(mr_of(t, HANDLER, 3), status);
}

/* The handler maps the shared page where it was missing, with a word in it, and answers. */
static void map_and_reply(struct threads *t, unsigned space, word_t word)
{
    word_t entry = memory_word(&t->w, entry_in(space, SHARED_PAGE));
    memory_set_word(&t->w, shared_at(), word);
    memory_set_word(&t->w, entry_in(space, NOTHING_THERE), entry);
    do_syscall(t, "ReplyRecv", ENDPOINT_SLOT, 0);
    programs_run(t, 1000);
}

static void reads(void **state, unsigned space)
{
    struct threads *t = CAUGHT(state, space, READS);
    assert_vm_fault(t, code_of(FAULTER), READ);
    map_and_reply(t, space, 0x5eed);
    assert_int_equal(memory_word(&t->w, data_at(FAULTER)), 0x5eed);
}

static void writes(void **state, unsigned space)
{
    struct threads *t = CAUGHT(state, space, WRITES);
    assert_vm_fault(t, code_of(FAULTER), WRITE);
    map_and_reply(t, space, 0x5eed);
    assert_int_equal(memory_word(&t->w, shared_at()), 0xb0b);
}

/* The page that is mapped then holds `jmp here`. */
static void executes(void **state, unsigned space)
{
    struct threads *t = CAUGHT(state, space, EXECUTES);
    assert_vm_fault(t, NOTHING_THERE, READ);
    map_and_reply(t, space, 0xfeeb);
    assert_int_equal(current_number(t), FAULTER);
    assert_int_equal(cpu_at(&t->w)->rip, NOTHING_THERE);
}

static void calls(void **state, unsigned space)
{
    struct threads *t = CAUGHT(state, space, CALLS);
    assert_int_equal(info_of(t, HANDLER), message_info(2, 0, 0, 19));
    assert_int_equal(mr_of(t, HANDLER, 3), 0x1234);
    assert_int_equal(mr_of(t, HANDLER, 15), code_of(FAULTER) + 5);
    assert_int_equal(mr_of(t, HANDLER, 18), 0x1234);
    set_mr(t, 3, 0x4321);
    set_mr(t, 15, code_of(FAULTER) + 7);
    do_syscall(t, "ReplyRecv", ENDPOINT_SLOT, message_info(0, 0, 0, 16));
    programs_run(t, 1000);
    assert_int_equal(memory_word(&t->w, data_at(FAULTER)), 0x4321);
}

static void a_read_of_nothing_is_told_and_goes_on_when_there_is_something(void **state)
{
    reads(state, 0);
}
static void a_write_to_nothing_is_told_and_goes_on_when_there_is_something(void **state)
{
    writes(state, 0);
}
static void a_jump_to_nothing_is_told_at_its_target(void **state)
{
    executes(state, 0);
}
static void an_unknown_call_is_told_and_the_answer_skips_it(void **state)
{
    calls(state, 0);
}
static void faults_come_from_another_address_space_too(void **state)
{
    reads(state, 1);
}
static void writes_come_from_another_address_space_too(void **state)
{
    writes(state, 1);
}
static void jumps_come_from_another_address_space_too(void **state)
{
    executes(state, 1);
}
static void unknown_calls_come_from_another_address_space_too(void **state)
{
    calls(state, 1);
}

static void an_undefined_instruction_is_told_and_the_answer_skips_it(void **state)
{
    struct threads *t = CAUGHT(state, 0, UNDEFINED);
    assert_int_equal(info_of(t, HANDLER), message_info(3, 0, 0, 5));
    assert_int_equal(mr_of(t, HANDLER, 0), code_of(FAULTER));
    assert_int_equal(mr_of(t, HANDLER, 3), 6);
    set_mr(t, 0, code_of(FAULTER) + 2);
    do_syscall(t, "ReplyRecv", ENDPOINT_SLOT, message_info(0, 0, 0, 1));
    assert_int_equal(programs_run(t, 1000), 1000);
    assert_int_equal(current_number(t), FAULTER);
}

/* mov dx, 0x60; in al, dx; in al, dx; in al, dx; jmp here */
static void ports_are_not_for_user_programs(void **state)
{
    struct threads *t = CAUGHT(state, 0, 0x66, 0xba, 0x60, 0x00, 0xec, 0xec, 0xec, 0xeb, 0xfe);
    for (word_t i = 0; i < 3; i++) {
        assert_int_equal(info_of(t, HANDLER), message_info(3, 0, 0, 5));
        assert_int_equal(mr_of(t, HANDLER, 0), code_of(FAULTER) + 4 + i);
        assert_int_equal(mr_of(t, HANDLER, 3), 13);
        assert_int_equal(mr_of(t, HANDLER, 4), 0);
        set_mr(t, 0, code_of(FAULTER) + 5 + i);
        do_syscall(t, "ReplyRecv", ENDPOINT_SLOT, message_info(0, 0, 0, 1));
        programs_run(t, 100);
    }
    assert_int_equal(current_number(t), FAULTER);
    assert_int_equal(cpu_at(&t->w)->rip, code_of(FAULTER) + 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(a_read_of_nothing_is_told_and_goes_on_when_there_is_something),
        THREADS_TEST(a_write_to_nothing_is_told_and_goes_on_when_there_is_something),
        THREADS_TEST(a_jump_to_nothing_is_told_at_its_target),
        THREADS_TEST(an_unknown_call_is_told_and_the_answer_skips_it),
        THREADS_TEST(an_undefined_instruction_is_told_and_the_answer_skips_it),
        THREADS_TEST(faults_come_from_another_address_space_too),
        THREADS_TEST(writes_come_from_another_address_space_too),
        THREADS_TEST(jumps_come_from_another_address_space_too),
        THREADS_TEST(unknown_calls_come_from_another_address_space_too),
        THREADS_TEST(ports_are_not_for_user_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
