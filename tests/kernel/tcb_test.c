/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations on TCBs: what they refuse and with which words, and what the good ones change.
 * Thread 1 invokes; thread 2 is worked on. Expected values: src/object/tcb.c. */
#include "kernel/threads.h"

static struct threads *invoker_runs(void **state)
{
    struct threads *t = *state;
    thread_new(t, 1, 200);
    thread_new(t, 2, 100);
    thread_ready(t, 1);
    threads_start(t);
    return t;
}

static void call(struct threads *t, struct call c)
{
    do_invoke(t, THREAD_SLOT + 2, c);
}

static void assert_answer(const struct threads *t, enum sel4_error error, const char *text)
{
    assert_int_equal(message_label(info_of(t, 1)), error);
    if (text && !strstr(t->printed, text)) fail_msg("printed: %s", t->printed);
    if (!text) assert_string_equal(t->printed, "");
}

/* ---- refusals: one row each ---- */

/* clang-format off */
static const struct refused {
    struct call call;
    enum sel4_error error;
    word_t mr0, mr1;
    const char *text;
} refused_calls[] = {
    { { .label = "TCBReadRegisters", .length = 1 }, SEL4_TruncatedMessage, 0, 0, "[decodeReadRegisters/0 T0xffffff8000010c00 \"thread1\" @401000]: TCB ReadRegisters: Truncated message.>>\n" },
    { { .label = "TCBReadRegisters", .length = 2, .mr = { 0, 0 } }, SEL4_RangeError, 1, 20, "Attempted to read an invalid number of registers (0)." },
    { { .label = "TCBReadRegisters", .length = 2, .mr = { 0, 21 } }, SEL4_RangeError, 1, 20, "Attempted to read an invalid number of registers (21)." },
    { { .label = "TCBWriteRegisters", .length = 1 }, SEL4_TruncatedMessage, 0, 0, "TCB WriteRegisters: Truncated message." },
    { { .label = "TCBWriteRegisters", .length = 3, .mr = { 0, 2 } }, SEL4_TruncatedMessage, 0, 2, "TCB WriteRegisters: Message too short for requested write size (1/2)." },
    { { .label = "TCBCopyRegisters", .length = 1 }, SEL4_TruncatedMessage, 0, 0, "TCB CopyRegisters: Truncated message." },
    { { .label = "TCBCopyRegisters", .length = 1, .caps = 1, .cap = { ENDPOINT_SLOT } }, SEL4_InvalidCapability, 1, 0, "TCB CopyRegisters: Invalid source TCB." },
    { { .label = "TCBConfigure", .length = 3, .caps = 3, .cap = { CNODE_SLOT, EMPTY_SLOT, EMPTY_SLOT } }, SEL4_TruncatedMessage, 0, 0, "TCB Configure: Truncated message." },
    { { .label = "TCBConfigure", .length = 4, .caps = 3, .cap = { ENDPOINT_SLOT, EMPTY_SLOT, EMPTY_SLOT } }, SEL4_IllegalOperation, 0, 0, "TCB Configure: CSpace cap is invalid." },
    { { .label = "TCBConfigure", .length = 4, .caps = 3, .cap = { CNODE_SLOT, ENDPOINT_SLOT, EMPTY_SLOT } }, SEL4_IllegalOperation, 0, 0, "TCB Configure: VSpace cap is invalid." },
    { { .label = "TCBSetSpace", .length = 3, .caps = 2, .cap = { ENDPOINT_SLOT, EMPTY_SLOT } }, SEL4_IllegalOperation, 0, 0, "TCB SetSpace: Invalid CNode cap." },
    { { .label = "TCBSetSpace", .length = 3, .caps = 2, .cap = { CNODE_SLOT, ENDPOINT_SLOT } }, SEL4_IllegalOperation, 0, 0, "TCB SetSpace: Invalid VSpace cap." },
    { { .label = "TCBSetSpace", .length = 3, .caps = 1, .cap = { CNODE_SLOT } }, SEL4_TruncatedMessage, 0, 0, "TCB SetSpace: Truncated message." },
    { { .label = "TCBSetIPCBuffer", .length = 1 }, SEL4_TruncatedMessage, 0, 0, "TCB SetIPCBuffer: Truncated message." },
    { { .label = "TCBSetPriority", .length = 1, .mr = { 5 } }, SEL4_TruncatedMessage, 5, 0, "TCB SetPriority: Truncated message." },
    { { .label = "TCBSetPriority", .length = 1, .caps = 1, .cap = { ENDPOINT_SLOT } }, SEL4_InvalidCapability, 1, 0, "Set priority: authority cap not a TCB." },
    { { .label = "TCBSetPriority", .length = 1, .caps = 1, .mr = { 256 }, .cap = { THREAD_SLOT + 1 } }, SEL4_RangeError, 0, 255, "TCB SetPriority: Requested priority 256 too high (max 255)." },
    { { .label = "TCBSetMCPriority", .length = 1, .caps = 1, .mr = { ~(word_t)0 }, .cap = { THREAD_SLOT + 1 } }, SEL4_RangeError, 0, 255, "TCB SetMCPriority: Requested maximum controlled priority 18446744073709551615 too high (max 255)." },
    { { .label = "TCBSetSchedParams", .length = 2, .caps = 1, .mr = { 1, 256 }, .cap = { THREAD_SLOT + 1 } }, SEL4_RangeError, 0, 255, "TCB SetSchedParams: Requested priority 256 too high (max 255)." },
    { { .label = "TCBBindNotification" }, SEL4_TruncatedMessage, 0, 0, "TCB BindNotification: Truncated message." },
    { { .label = "TCBBindNotification", .caps = 1, .cap = { ENDPOINT_SLOT } }, SEL4_IllegalOperation, 0, 0, "TCB BindNotification: Notification is invalid." },
    { { .label = "TCBUnbindNotification" }, SEL4_IllegalOperation, 0, 0, "TCB UnbindNotification: TCB already has no bound Notification." },
    { { .label = "TCBSetTLSBase" }, SEL4_TruncatedMessage, 0, 0, "TCB SetTLSBase: Truncated message." },
    { { .label = "TCBSetFlags", .length = 1 }, SEL4_TruncatedMessage, 0, 0, "TCB SetFlags: Truncated message." },
};

/* clang-format on */

static void calls_are_refused_with_the_kernels_error_words_and_text(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof refused_calls / sizeof refused_calls[0]; i++) {
        const struct refused *r = &refused_calls[i];
        void *own;
        threads_open(&own);
        struct threads *t = invoker_runs(&own);
        struct tcb before = *tcb_at(&t->w, thread_at(2));
        call(t, r->call);
        assert_answer(t, r->error, r->text);
        assert_int_equal(mr_of(t, 1, 0), r->mr0);
        assert_int_equal(mr_of(t, 1, 1), r->mr1);
        assert_memory_equal(tcb_at(&t->w, thread_at(2)), &before, sizeof before);
        threads_close(&own);
    }
}

static void a_thread_cannot_read_or_write_its_own_registers(void **state)
{
    struct threads *t = invoker_runs(state);
    do_invoke(t, THREAD_SLOT + 1,
              (struct call){ .label = "TCBReadRegisters", .length = 2, .mr = { 0, 1 } });
    assert_answer(t, SEL4_IllegalOperation,
                  "TCB ReadRegisters: Attempted to read our own registers.");
    do_invoke(t, THREAD_SLOT + 1,
              (struct call){ .label = "TCBWriteRegisters", .length = 2, .mr = { 0, 0 } });
    assert_answer(t, SEL4_IllegalOperation,
                  "TCB WriteRegisters: Attempted to write our own registers.");
}

/* ---- what is carried out ---- */

static void read_registers_answers_in_the_order_of_the_user_context(void **state)
{
    struct threads *t = invoker_runs(state);
    for (unsigned i = 0; i < FRAME_REGISTERS; i++)
        tcb_set_reg(&t->w, thread_at(2), frame_register[i], 0x900 + i);
    call(t, (struct call){ .label = "TCBReadRegisters", .length = 2, .mr = { 0, 20 } });
    assert_int_equal(info_of(t, 1), message_info(0, 0, 0, 20));
    for (unsigned i = 0; i < FRAME_REGISTERS; i++) assert_int_equal(mr_of(t, 1, i), 0x900 + i);
}

static void write_registers_sanitises_and_makes_the_thread_return_by_iret(void **state)
{
    struct threads *t = invoker_runs(state);
    tcb_set_reg(&t->w, thread_at(2), CTX_ERROR, ~(word_t)0);
    call(t, (struct call){ .label = "TCBWriteRegisters",
                           .length = 5,
                           .mr = { 1, 3, UINT64_C(0x800000000000), 0x7777, ~(word_t)0 } });
    assert_answer(t, SEL4_NoError, NULL);
    const struct tcb *tcb = tcb_at(&t->w, thread_at(2));
    assert_int_equal(tcb->context[CTX_FAULT_IP], 0);
    assert_int_equal(tcb->context[CTX_NEXT_IP], 0);
    assert_int_equal(tcb->context[CTX_RSP], 0x7777);
    assert_int_equal(tcb->context[CTX_FLAGS], 0xed7);
    assert_int_equal(tcb->context[CTX_ERROR], 0);
    assert_int_equal(tcb->state, TCB_RESTART);
}

static void copy_registers_copies_frame_or_integer_registers(void **state)
{
    struct threads *t = invoker_runs(state);
    thread_new(t, 3, 100);
    for (unsigned i = 0; i < FRAME_REGISTERS; i++)
        tcb_set_reg(&t->w, thread_at(3), frame_register[i], 0x900 + i);
    call(t, (struct call){ .label = "TCBCopyRegisters",
                           .length = 1,
                           .caps = 1,
                           .mr = { 4 },
                           .cap = { THREAD_SLOT + 3 } });
    const struct tcb *tcb = tcb_at(&t->w, thread_at(2));
    assert_int_equal(tcb->context[CTX_R15], 0x911);
    assert_int_equal(tcb->context[CTX_NEXT_IP], 0x900);
    assert_int_equal(tcb->context[CTX_FS_BASE], 0);
    call(t, (struct call){ .label = "TCBCopyRegisters",
                           .length = 1,
                           .caps = 1,
                           .mr = { 8 },
                           .cap = { THREAD_SLOT + 3 } });
    assert_int_equal(tcb->context[CTX_FS_BASE], 0x912);
    assert_int_equal(tcb->context[CTX_GS_BASE], 0x913);
}

static void set_priority_above_authority_mcp_is_a_range_error(void **state)
{
    struct threads *t = invoker_runs(state);
    tcb_set_mcp(&t->w, thread_at(1), 100);
    call(t, (struct call){ .label = "TCBSetPriority",
                           .length = 1,
                           .caps = 1,
                           .mr = { 101 },
                           .cap = { THREAD_SLOT + 1 } });
    assert_answer(t, SEL4_RangeError, "Requested priority 101 too high (max 100).");
    call(t, (struct call){ .label = "TCBSetPriority",
                           .length = 1,
                           .caps = 1,
                           .mr = { 99 },
                           .cap = { THREAD_SLOT + 1 } });
    assert_int_equal(tcb_at(&t->w, thread_at(2))->priority, 99);
}

static void set_sched_params_sets_both(void **state)
{
    struct threads *t = invoker_runs(state);
    call(t, (struct call){ .label = "TCBSetSchedParams",
                           .length = 2,
                           .caps = 1,
                           .mr = { 7, 9 },
                           .cap = { THREAD_SLOT + 1 } });
    assert_answer(t, SEL4_NoError, NULL);
    assert_int_equal(tcb_at(&t->w, thread_at(2))->mcp, 7);
    assert_int_equal(tcb_at(&t->w, thread_at(2))->priority, 9);
}

static void address_0_takes_the_ipc_buffer_away(void **state)
{
    struct threads *t = invoker_runs(state);
    call(t, (struct call){ .label = "TCBSetIPCBuffer",
                           .length = 1,
                           .caps = 1,
                           .mr = { 0 },
                           .cap = { ENDPOINT_SLOT } });
    assert_answer(t, SEL4_NoError, NULL);
    assert_int_equal(tcb_ipc_buffer(&t->w, thread_at(2), true), 0);
}

static void a_bound_notification_cannot_be_bound_again(void **state)
{
    struct threads *t = invoker_runs(state);
    const struct call bind = { .label = "TCBBindNotification",
                               .caps = 1,
                               .cap = { NOTIFICATION_SLOT } };
    call(t, bind);
    assert_answer(t, SEL4_NoError, NULL);
    call(t, bind);
    assert_answer(t, SEL4_IllegalOperation,
                  "TCB BindNotification: TCB already has a bound notification.");
    do_invoke(t, THREAD_SLOT + 1, bind);
    assert_answer(t, SEL4_IllegalOperation, "TCB BindNotification: Notification cannot be bound.");
    call(t, (struct call){ .label = "TCBUnbindNotification" });
    assert_int_equal(notification_at(&t->w, notification_address())->bound_tcb, 0);
}

static void a_new_tcb_is_called_child_of_its_maker_and_heads_the_list(void **state)
{
    struct threads *t = invoker_runs(state);
    tcb_create(&t->w, thread_at(5));
    assert_string_equal(tcb_debug_at(&t->w, thread_at(5))->name, "child of: 'thread1'");
    assert_int_equal(kernel_at(&t->w)->debug_tcbs, thread_at(5));
    tcb_destroy(&t->w, thread_at(5));
    assert_int_equal(kernel_at(&t->w)->debug_tcbs, thread_at(2));
}

static void a_destroyed_thread_leaves_every_queue(void **state)
{
    struct threads *t = invoker_runs(state);
    do_syscall(t, "Send", ENDPOINT_SLOT, 0);
    assert_int_equal(state_of(t, 1), TCB_BLOCKED_ON_SEND);
    kernel_pass_over(&t->w, thread_at(1), true);
    tcb_destroy(&t->w, thread_at(1));
    assert_int_equal(endpoint_state(&t->w, endpoint_address()), ENDPOINT_IDLE);
    assert_int_equal(kernel_at(&t->w)->passed_over, 0);
    assert_int_equal(kernel_at(&t->w)->fpu_owner, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(calls_are_refused_with_the_kernels_error_words_and_text),
        THREADS_TEST(a_thread_cannot_read_or_write_its_own_registers),
        THREADS_TEST(read_registers_answers_in_the_order_of_the_user_context),
        THREADS_TEST(write_registers_sanitises_and_makes_the_thread_return_by_iret),
        THREADS_TEST(copy_registers_copies_frame_or_integer_registers),
        THREADS_TEST(set_priority_above_authority_mcp_is_a_range_error),
        THREADS_TEST(set_sched_params_sets_both),
        THREADS_TEST(address_0_takes_the_ipc_buffer_away),
        THREADS_TEST(a_bound_notification_cannot_be_bound_again),
        THREADS_TEST(a_new_tcb_is_called_child_of_its_maker_and_heads_the_list),
        THREADS_TEST(a_destroyed_thread_leaves_every_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
