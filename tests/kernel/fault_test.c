/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults as messages, and what answers to them do. Expected values: the recordings of the real kernel
 * (cases c_, d_, b_, a_, g_) and its source. Thread 1 faults, thread 2 handles with a higher priority. */
#include "kernel/threads.h"

enum { FAULTER = 1, HANDLER = 2, HANDLER_BADGE = 0xbad };

/* The handler waits; the faulter runs. */
static struct threads *faulter_runs(void **state)
{
    struct threads *t = *state;
    thread_new(t, FAULTER, 100);
    thread_new(t, HANDLER, 200);
    endpoint_cap(t, 20, RIGHTS_ALL, HANDLER_BADGE);
    tcb_edit(&t->w, thread_at(FAULTER))->fault_handler = 20;
    thread_ready(t, FAULTER);
    thread_ready(t, HANDLER);
    threads_start(t);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), FAULTER);
    return t;
}

static void registers_of_faulter(struct threads *t)
{
    struct cpu *cpu = cpu_edit(&t->w);
    for (unsigned i = 0; i < REG_COUNT; i++) cpu->reg[i] = 0x100 + i;
}

static void assert_message(const struct threads *t, word_t label, word_t length)
{
    assert_int_equal(current_number(t), HANDLER);
    assert_int_equal(info_of(t, HANDLER), message_info(label, 0, 0, length));
    assert_int_equal(badge_of(t, HANDLER), HANDLER_BADGE);
    assert_int_equal(state_of(t, FAULTER), TCB_BLOCKED_ON_REPLY);
}

/* The handler answers with words 0x1000 + i, then looks no further. */
static void answer(struct threads *t, word_t label, unsigned length)
{
    for (unsigned i = 0; i < length && i < MESSAGE_MAX_LENGTH; i++) set_mr(t, i, 0x1000 + i);
    do_syscall(t, "Reply", 0, message_info(label, 0, 0, length));
}

static word_t saved(const struct threads *t, enum context_reg reg)
{
    return tcb_reg(&t->w, thread_at(FAULTER), reg);
}

static void an_unknown_syscall_is_19_words_with_stale_sp_rcx_and_r11(void **state)
{
    struct threads *t = faulter_runs(state);
    word_t stale_sp = saved(t, CTX_RSP), ip = cpu_at(&t->w)->rip;
    registers_of_faulter(t);
    do_syscall_number(t, 3);
    assert_message(t, 2, 19);
    static const enum reg in_order[] = { REG_RAX, REG_RBX, REG_RCX, REG_RDX, REG_RSI,
                                         REG_RDI, REG_RBP, REG_R8,  REG_R9,  REG_R10,
                                         REG_R11, REG_R12, REG_R13, REG_R14, REG_R15 };
    for (unsigned i = 0; i < 15; i++) {
        word_t want = i == 3 ? 3 : i == 2 || i == 10 ? 0 : 0x100 + in_order[i];
        assert_int_equal(mr_of(t, HANDLER, i), want);
    }
    assert_int_equal(mr_of(t, HANDLER, 15), ip);
    assert_int_equal(mr_of(t, HANDLER, 16), stale_sp);
    assert_int_equal(mr_of(t, HANDLER, 17), 0x202);
    assert_int_equal(mr_of(t, HANDLER, 18), 3);
}

static void a_reply_to_an_unknown_syscall_writes_as_many_registers_as_it_has_words(void **state)
{
    static const struct {
        unsigned length, written;
    } row[] = { { 0, 0 },   { 1, 1 },   { 3, 3 },   { 5, 5 },   { 15, 15 },
                { 16, 16 }, { 18, 18 }, { 19, 18 }, { 120, 18 } };
    (void)state;
    for (unsigned r = 0; r < sizeof row / sizeof row[0]; r++) {
        void *own;
        threads_open(&own);
        struct threads *t = faulter_runs(&own);
        registers_of_faulter(t);
        do_syscall_number(t, 3);
        struct tcb before = *tcb_at(&t->w, thread_at(FAULTER));
        answer(t, 0, row[r].length);
        for (unsigned i = 0; i < 18; i++) {
            enum context_reg reg =
                (enum context_reg)fault_table[FAULT_UNKNOWN_SYSCALL].word[i].index;
            word_t want =
                i < row[r].written ? register_sanitise(reg, 0x1000 + i) : before.context[reg];
            assert_int_equal(saved(t, reg), want);
        }
        assert_int_equal(state_of(t, FAULTER), TCB_RESTART);
        threads_close(&own);
    }
}

static void a_label_other_than_0_copies_the_registers_and_leaves_the_thread_inactive(void **state)
{
    struct threads *t = faulter_runs(state);
    do_syscall_number(t, 3);
    answer(t, 1, 18);
    assert_int_equal(saved(t, CTX_RAX), 0x1000);
    assert_int_equal(saved(t, CTX_FAULT_IP), 0x100f);
    assert_int_equal(state_of(t, FAULTER), TCB_INACTIVE);
    thread_restart(&t->w, thread_at(FAULTER));
    assert_int_equal(state_of(t, FAULTER), TCB_RESTART);
}

static void flags_are_sanitised_as_recorded(void **state)
{
    (void)state;
    assert_int_equal(register_sanitise(CTX_FLAGS, ~(word_t)0), 0xed7);
    assert_int_equal(register_sanitise(CTX_FLAGS, 1), 0x203);
    assert_int_equal(register_sanitise(CTX_FLAGS, 0x3f6f), 0xe47);
    assert_int_equal(register_sanitise(CTX_FLAGS, 0), 0x202);
}

static void an_address_that_is_not_canonical_becomes_0(void **state)
{
    (void)state;
    static const enum context_reg addresses[] = { CTX_FAULT_IP, CTX_NEXT_IP, CTX_FS_BASE,
                                                  CTX_GS_BASE };
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(register_sanitise(addresses[i], UINT64_C(0x800000000000)), 0);
        assert_int_equal(register_sanitise(addresses[i], UINT64_C(0x7fffffffffff)),
                         UINT64_C(0x7fffffffffff));
        assert_int_equal(register_sanitise(addresses[i], UINT64_C(0xffff800000000000)),
                         UINT64_C(0xffff800000000000));
    }
    assert_int_equal(register_sanitise(CTX_RSP, UINT64_C(0x800000000000)),
                     UINT64_C(0x800000000000));
}

static void a_user_exception_is_five_words_with_fresh_sp(void **state)
{
    struct threads *t = faulter_runs(state);
    word_t ip = cpu_at(&t->w)->rip;
    cpu_edit(&t->w)->reg[REG_RSP] = 0x7000;
    cpu_edit(&t->w)->rflags = 0x10202;
    do_exception(t, VECTOR_GP, 0x1234);
    assert_message(t, 3, 5);
    assert_int_equal(mr_of(t, HANDLER, 0), ip);
    assert_int_equal(mr_of(t, HANDLER, 1), 0x7000);
    assert_int_equal(mr_of(t, HANDLER, 2), 0x10202);
    assert_int_equal(mr_of(t, HANDLER, 3), 13);
    assert_int_equal(mr_of(t, HANDLER, 4), 0x1234);
}

static void a_reply_to_a_user_exception_writes_three_words_at_most(void **state)
{
    struct threads *t = faulter_runs(state);
    do_exception(t, VECTOR_UD, 0);
    word_t rax = saved(t, CTX_RAX);
    answer(t, 0, 18);
    assert_int_equal(saved(t, CTX_FAULT_IP), 0x1000);
    assert_int_equal(saved(t, CTX_RSP), 0x1001);
    assert_int_equal(saved(t, CTX_FLAGS), register_sanitise(CTX_FLAGS, 0x1002));
    assert_int_equal(saved(t, CTX_RAX), rax);
}

static void a_vm_fault_has_address_no_prefetch_and_five_bits_of_error_code(void **state)
{
    struct threads *t = faulter_runs(state);
    cpu_edit(&t->w)->cr2 = 0x10000000;
    do_exception(t, VECTOR_PF, FAULT_USER | FAULT_WRITE | FAULT_PRESENT);
    assert_message(t, 5, 4);
    assert_int_equal(mr_of(t, HANDLER, 1), 0x10000000);
    assert_int_equal(mr_of(t, HANDLER, 2), 0);
    assert_int_equal(mr_of(t, HANDLER, 3), 7);
}

static void a_reply_to_a_vm_fault_restarts_whatever_it_says(void **state)
{
    struct threads *t = faulter_runs(state);
    do_exception(t, VECTOR_PF, FAULT_USER);
    word_t ip = saved(t, CTX_FAULT_IP);
    answer(t, 7, 18);
    assert_int_equal(state_of(t, FAULTER), TCB_RESTART);
    assert_int_equal(saved(t, CTX_FAULT_IP), ip);
}

static void a_missing_capability_on_receive_is_a_cap_fault_of_five_words(void **state)
{
    struct threads *t = faulter_runs(state);
    word_t ip = cpu_at(&t->w)->rip;
    do_syscall(t, "Recv", EMPTY_SLOT, 0);
    assert_message(t, 1, 5);
    static const word_t want[] = { 0, EMPTY_SLOT, 1, 2, 0 };
    assert_int_equal(mr_of(t, HANDLER, 0), ip);
    for (unsigned i = 1; i < 5; i++) assert_int_equal(mr_of(t, HANDLER, i), want[i]);
}

static void a_guard_mismatch_while_sending_is_a_cap_fault_of_seven_words(void **state)
{
    struct threads *t = faulter_runs(state);
    do_syscall(t, "Send", 0x12345, message_info(0, 0, 0, 0));
    assert_message(t, 1, 7);
    static const word_t want[] = { 0, 0x12345, 0, 4, 0x40, 0, 56 };
    for (unsigned i = 1; i < 7; i++) assert_int_equal(mr_of(t, HANDLER, i), want[i]);
    assert_non_null(
        strstr(t->printed, "\"thread1\" @401000]: Invocation of invalid cap #74565.>>\n"));
}

static void a_receiver_without_a_buffer_gets_four_words(void **state)
{
    struct threads *t = faulter_runs(state);
    slot_delete_one(&t->w, tcb_slot(thread_at(HANDLER), TCB_BUFFER));
    do_syscall_number(t, 3);
    assert_message(t, 2, 4);
}

static void a_double_fault_prints_both_and_leaves_the_thread_inactive(void **state)
{
    struct threads *t = faulter_runs(state);
    tcb_edit(&t->w, thread_at(FAULTER))->fault_handler = 0;
    t->printed[0] = 0;
    do_exception(t, VECTOR_UD, 0);
    assert_string_equal(t->printed, "Caught cap fault in send phase at address 0\n"
                                    "while trying to handle:\n"
                                    "user exception 0x6 code 0\n"
                                    "in thread 0xffffff8000010c00 \"thread1\" at address 0x401000\n"
                                    "With stack:\n"
                                    "Invalid vspace\n");
    assert_int_equal(state_of(t, FAULTER), TCB_INACTIVE);
    assert_int_equal(heard(t, EVENT_DOUBLE_FAULT), 1);
    assert_int_equal(current_number(t), 0);
}

static void faults_are_named_in_the_kernels_words(void **state)
{
    static const struct {
        struct fault fault;
        const char *text;
    } row[] = {
        { { FAULT_VM, { 0x10000000, 0, 4 } },
          "vm fault on data at address 0x10000000 with status 0x4" },
        { { FAULT_UNKNOWN_SYSCALL, { 3 } }, "unknown syscall 0x3" },
        { { FAULT_CAP, { 0x1000, 1 } }, "cap fault in receive phase at address 0x1000" },
        { { FAULT_USER_EXCEPTION, { 0, 0 } }, "user exception 0 code 0" },
        { { FAULT_DEBUG_EXCEPTION, { 0 } }, "unknown fault" },
    };
    struct threads *t = *state;
    for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
        char text[128];
        fault_message_text(&t->w, &row[i].fault, thread_at(0), text, sizeof text);
        assert_string_equal(text, row[i].text);
    }
}

/* findings.md, "Bad handlers", without MCS: which rights a handler needs. */
static void a_handler_capability_needs_write_and_grant_or_grant_reply(void **state)
{
    static const struct {
        word_t rights;
        bool works;
    } row[] = {
        { 0, false },
        { RIGHT_READ, false },
        { RIGHT_WRITE, false },
        { RIGHT_READ | RIGHT_WRITE, false },
        { RIGHT_READ | RIGHT_GRANT | RIGHT_GRANT_REPLY, false },
        { RIGHT_WRITE | RIGHT_GRANT, true },
        { RIGHT_WRITE | RIGHT_GRANT_REPLY, true },
        { RIGHTS_ALL, true },
    };
    (void)state;
    for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
        void *own;
        threads_open(&own);
        struct threads *t = faulter_runs(&own);
        endpoint_cap(t, 20, row[i].rights, HANDLER_BADGE);
        do_exception(t, VECTOR_UD, 0);
        assert_int_equal(state_of(t, FAULTER), row[i].works ? TCB_BLOCKED_ON_REPLY : TCB_INACTIVE);
        threads_close(&own);
    }
}

static void resuming_a_faulter_that_waits_for_its_reply_faults_again(void **state)
{
    struct threads *t = faulter_runs(state);
    do_exception(t, VECTOR_UD, 0);
    word_t label;
    assert_true(invocation_label(&kernel_at(&t->w)->numbers, "TCBResume", &label));
    do_syscall(t, "Call", THREAD_SLOT + FAULTER, message_info(label, 0, 0, 0));
    assert_int_equal(state_of(t, FAULTER), TCB_RESTART);
    assert_int_equal(tcb_at(&t->w, thread_at(FAULTER))->fault.kind, FAULT_NONE);
    do_syscall(t, "Reply", 0, 0);
    assert_int_equal(heard(t, EVENT_REPLY_NOBODY), 1);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), FAULTER);
    do_exception(t, VECTOR_UD, 0);
    assert_message(t, 3, 5);
}

static void a_fault_tells_its_story_in_events(void **state)
{
    struct threads *t = faulter_runs(state);
    t->heard_count = 0;
    do_syscall_number(t, 3);
    answer(t, 0, 16);
    static const enum event_kind story[] = { EVENT_TRAP,    EVENT_FAULT,     EVENT_LOOKUP,
                                             EVENT_MESSAGE, EVENT_REPLY_CAP, EVENT_SWITCH,
                                             EVENT_EXIT,    EVENT_TRAP,      EVENT_WRITE_BACK,
                                             EVENT_REPLY,   EVENT_EXIT };
    unsigned at = 0;
    for (unsigned i = 0; i < t->heard_count && at < sizeof story / sizeof story[0]; i++)
        at += t->heard[i].kind == story[at];
    assert_int_equal(at, sizeof story / sizeof story[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(an_unknown_syscall_is_19_words_with_stale_sp_rcx_and_r11),
        THREADS_TEST(a_reply_to_an_unknown_syscall_writes_as_many_registers_as_it_has_words),
        THREADS_TEST(a_label_other_than_0_copies_the_registers_and_leaves_the_thread_inactive),
        THREADS_TEST(flags_are_sanitised_as_recorded),
        THREADS_TEST(an_address_that_is_not_canonical_becomes_0),
        THREADS_TEST(a_user_exception_is_five_words_with_fresh_sp),
        THREADS_TEST(a_reply_to_a_user_exception_writes_three_words_at_most),
        THREADS_TEST(a_vm_fault_has_address_no_prefetch_and_five_bits_of_error_code),
        THREADS_TEST(a_reply_to_a_vm_fault_restarts_whatever_it_says),
        THREADS_TEST(a_missing_capability_on_receive_is_a_cap_fault_of_five_words),
        THREADS_TEST(a_guard_mismatch_while_sending_is_a_cap_fault_of_seven_words),
        THREADS_TEST(a_receiver_without_a_buffer_gets_four_words),
        THREADS_TEST(a_double_fault_prints_both_and_leaves_the_thread_inactive),
        THREADS_TEST(faults_are_named_in_the_kernels_words),
        THREADS_TEST(a_handler_capability_needs_write_and_grant_or_grant_reply),
        THREADS_TEST(resuming_a_faulter_that_waits_for_its_reply_faults_again),
        THREADS_TEST(a_fault_tells_its_story_in_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
