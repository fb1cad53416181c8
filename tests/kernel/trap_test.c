/* SPDX-License-Identifier: BSD-2-Clause */
/* The ways into the kernel and out of it: what each saves, what each restores.
 * Expected values: traps.S, c_traps.c and the recordings' cases c_sp_stale, c_full_pc2, d_int9e, d_intff. */
#include "kernel/threads.h"

enum { RUNNER = 1, OTHER = 2 };

static struct threads *runner_runs(void **state)
{
    struct threads *t = *state;
    thread_new(t, RUNNER, 100);
    thread_new(t, OTHER, 50);
    thread_ready(t, RUNNER);
    thread_ready(t, OTHER);
    threads_start(t);
    struct cpu *cpu = cpu_edit(&t->w);
    for (unsigned i = 0; i < REG_COUNT; i++) cpu->reg[i] = 0x100 + i;
    return t;
}

static word_t saved(const struct threads *t, unsigned n, enum context_reg reg)
{
    return tcb_reg(&t->w, thread_at(n), reg);
}

static void syscall_entry_leaves_rsp_rcx_and_r11_stale(void **state)
{
    struct threads *t = runner_runs(state);
    struct tcb before = *tcb_at(&t->w, thread_at(RUNNER));
    word_t ip = cpu_at(&t->w)->rip;
    do_syscall(t, "Yield", 0, 0);
    assert_int_equal(saved(t, RUNNER, CTX_RSP), before.context[CTX_RSP]);
    assert_int_equal(saved(t, RUNNER, CTX_RCX), before.context[CTX_RCX]);
    assert_int_equal(saved(t, RUNNER, CTX_R11), before.context[CTX_R11]);
    assert_int_equal(saved(t, RUNNER, CTX_RBX), 0x100 + REG_RBX);
    assert_int_equal(saved(t, RUNNER, CTX_FAULT_IP), ip);
    assert_int_equal(saved(t, RUNNER, CTX_NEXT_IP), ip + 2);
    assert_int_equal(saved(t, RUNNER, CTX_ERROR), ~(word_t)0);
}

static void sysret_clears_rsp_and_leaves_ip_and_flags_in_rcx_and_r11(void **state)
{
    struct threads *t = runner_runs(state);
    word_t ip = cpu_at(&t->w)->rip;
    do_syscall(t, "Yield", 0, 0);
    const struct cpu *cpu = cpu_at(&t->w);
    assert_int_equal(cpu->rip, ip + 2);
    assert_int_equal(cpu->reg[REG_RSP], 0);
    assert_int_equal(cpu->reg[REG_RCX], ip + 2);
    assert_int_equal(cpu->reg[REG_R11], 0x202);
    assert_int_equal(cpu->rflags, 0x202);
    assert_int_equal(cpu->reg[REG_RBX], 0x100 + REG_RBX);
}

static void an_interrupt_saves_and_restores_everything(void **state)
{
    struct threads *t = runner_runs(state);
    struct cpu before = *cpu_at(&t->w);
    do_tick(t);
    const struct cpu *cpu = cpu_at(&t->w);
    assert_memory_equal(cpu->reg, before.reg, sizeof cpu->reg);
    assert_int_equal(cpu->rip, before.rip);
    assert_int_equal(cpu->rflags, before.rflags);
    assert_int_equal(saved(t, RUNNER, CTX_RSP), before.reg[REG_RSP]);
    assert_int_equal(saved(t, RUNNER, CTX_ERROR), 0);
    assert_int_equal(saved(t, RUNNER, CTX_FAULT_IP), before.rip);
}

static void every_entry_costs_time(void **state)
{
    struct threads *t = runner_runs(state);
    word_t before = cpu_at(&t->w)->clock;
    do_syscall(t, "Yield", 0, 0);
    assert_true(cpu_at(&t->w)->clock > before);
}

static void software_interrupt(struct threads *t, unsigned vector)
{
    cpu_edit(&t->w)->rip += 2;
    kernel_entry(&t->w, &(struct trap){ .kind = TRAP_INTERRUPT, .vector = vector });
}

static void int_9e_is_an_unknown_syscall_whose_number_is_sign_extended(void **state)
{
    struct threads *t = runner_runs(state);
    word_t ip = cpu_at(&t->w)->rip;
    thread_new(t, 3, 10);
    cpu_edit(&t->w)->reg[REG_RAX] = UINT64_C(0x1112345678);
    software_interrupt(t, 0x9e);
    const struct tcb *tcb = tcb_at(&t->w, thread_at(RUNNER));
    assert_int_equal(tcb->state, TCB_BLOCKED_ON_SEND);
    assert_int_equal(tcb->fault.kind, FAULT_UNKNOWN_SYSCALL);
    assert_int_equal(tcb->fault.word[0], UINT64_C(0xffffffff9e345678));
    assert_int_equal(tcb->context[CTX_FAULT_IP], ip);
    assert_int_equal(tcb->context[CTX_RSP], 0x100 + REG_RSP);
}

static void int_ff_is_ignored(void **state)
{
    struct threads *t = runner_runs(state);
    struct cpu before = *cpu_at(&t->w);
    software_interrupt(t, 0xff);
    assert_int_equal(current_number(t), RUNNER);
    assert_memory_equal(cpu_at(&t->w)->reg, before.reg, sizeof before.reg);
    assert_int_equal(cpu_at(&t->w)->rip, before.rip + 2);
    assert_int_equal(heard(t, EVENT_FAULT), 0);
}

static void exceptions_become_user_exceptions_of_their_vector(void **state)
{
    static const unsigned vectors[] = { VECTOR_DE, VECTOR_DB, VECTOR_BP, VECTOR_UD, VECTOR_NM,
                                        VECTOR_SS, VECTOR_GP, VECTOR_MF, VECTOR_AC };
    (void)state;
    for (unsigned i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        void *own;
        threads_open(&own);
        struct threads *t = runner_runs(&own);
        do_exception(t, vectors[i], 5);
        const struct fault *f = &tcb_at(&t->w, thread_at(RUNNER))->fault;
        assert_int_equal(f->kind, FAULT_USER_EXCEPTION);
        assert_int_equal(f->word[0], vectors[i]);
        assert_int_equal(f->word[1], 5);
        threads_close(&own);
    }
}

static void a_number_is_known_only_with_all_64_bits(void **state)
{
    struct threads *t = runner_runs(state);
    do_syscall_number(t, 0xffffffff); /* a 32-bit -1 */
    assert_int_equal(tcb_at(&t->w, thread_at(RUNNER))->fault.kind, FAULT_UNKNOWN_SYSCALL);
}

static void debug_put_char_writes_one_byte_and_comes_back(void **state)
{
    struct threads *t = runner_runs(state);
    do_syscall(t, "DebugPutChar", 0x141, 0);
    assert_int_equal(current_number(t), RUNNER);
    assert_int_equal(heard(t, EVENT_CONSOLE), 1);
    for (unsigned i = 0; i < t->heard_count; i++)
        if (t->heard[i].kind == EVENT_CONSOLE) assert_int_equal(t->heard[i].arg[0], 0x41);
}

static void debug_cap_identify_answers_with_the_type(void **state)
{
    struct threads *t = runner_runs(state);
    do_syscall(t, "DebugCapIdentify", ENDPOINT_SLOT, 0);
    assert_int_equal(cpu_at(&t->w)->reg[REG_RDI], CAP_ENDPOINT);
    do_syscall(t, "DebugCapIdentify", 0x12345, 0);
    assert_int_equal(cpu_at(&t->w)->reg[REG_RDI], CAP_NULL);
}

static void debug_name_thread_takes_the_name_from_the_buffer(void **state)
{
    struct threads *t = runner_runs(state);
    memcpy(memory_edit(&t->w, buffer_at(RUNNER) + 8, 16), "worker", 7);
    do_syscall(t, "DebugNameThread", THREAD_SLOT + OTHER, 0);
    assert_string_equal(tcb_debug_at(&t->w, thread_at(OTHER))->name, "worker");
}

static void debug_name_thread_of_no_tcb_halts(void **state)
{
    struct threads *t = runner_runs(state);
    do_syscall(t, "DebugNameThread", ENDPOINT_SLOT, 0);
    assert_int_equal(kernel_at(&t->w)->halted, 1);
    assert_int_equal(heard(t, EVENT_HALT), 1);
    assert_non_null(
        strstr(t->printed, "SysDebugNameThread: cap is not a TCB, halting>>\nhalting..."));
}

static void a_name_fills_what_the_slots_leave_of_half_a_tcb(void **state)
{
    struct threads *t = runner_runs(state);
    char name[960];
    memset(name, 'n', 959);
    name[959] = '\0';
    memcpy(memory_edit(&t->w, buffer_at(RUNNER) + 8, sizeof name), name, sizeof name);
    do_syscall(t, "DebugNameThread", THREAD_SLOT + OTHER, 0);
    name[847] = '\0';
    assert_string_equal(tcb_debug_at(&t->w, thread_at(OTHER))->name, name);
    assert_int_equal(tcb_at(&t->w, thread_at(OTHER))->mcp, PRIORITY_COUNT - 1);
}

static void a_name_without_its_end_in_the_message_halts(void **state)
{
    struct threads *t = runner_runs(state);
    memset(memory_edit(&t->w, buffer_at(RUNNER) + 8, 960), 'n', 960);
    do_syscall(t, "DebugNameThread", THREAD_SLOT + OTHER, 0);
    assert_int_equal(kernel_at(&t->w)->halted, 1);
    assert_non_null(strstr(t->printed, "SysDebugNameThread: Name too long, halting>>\nhalting..."));
}

static void debug_name_thread_without_a_buffer_is_a_fault_of_the_kernel(void **state)
{
    struct threads *t = runner_runs(state);
    slot_set_cap(&t->w, tcb_slot(thread_at(RUNNER), TCB_BUFFER), cap_new(CAP_NULL));
    do_syscall(t, "DebugNameThread", THREAD_SLOT + OTHER, 0);
    assert_int_equal(kernel_at(&t->w)->halted, 1);
    assert_non_null(strstr(t->printed, "\n========== KERNEL EXCEPTION ==========\n"
                                       "Vector:  0xe\nErrCode: 0x0\n"
                                       "CR2:     0x8 (page-fault address)\n\nHalting...\n"));
}

static void a_halted_kernel_takes_no_more_traps(void **state)
{
    struct threads *t = runner_runs(state);
    do_syscall(t, "DebugHalt", 0, 0);
    assert_non_null(
        strstr(t->printed,
               "Debug halt syscall from user thread 0xffffff8000010c00 \"thread1\"\nhalting..."));
    uint64_t hash = arena_hash(&t->w);
    kernel_entry(&t->w, &(struct trap){ .kind = TRAP_DEVICE });
    assert_int_equal(arena_hash(&t->w), hash);
    assert_false(kernel_interrupt_due(&t->w));
}

static void set_tls_base_takes_canonical_addresses_only(void **state)
{
    struct threads *t = runner_runs(state);
    do_syscall(t, "SetTLSBase", 0x5000, 0);
    assert_int_equal(cpu_at(&t->w)->fs_base, 0x5000);
    do_syscall(t, "SetTLSBase", UINT64_C(0x800000000000), 0);
    assert_int_equal(cpu_at(&t->w)->fs_base, 0x5000);
}

static void ticks_that_passed_unheard_are_one(void **state)
{
    struct threads *t = runner_runs(state);
    cpu_edit(&t->w)->clock = 7 * 2000000 + 5;
    kernel_entry(&t->w, &(struct trap){ .kind = TRAP_DEVICE });
    assert_int_equal(heard(t, EVENT_TICK), 1);
    assert_int_equal(kernel_next_event(&t->w), 8 * 2000000);
    assert_false(kernel_interrupt_due(&t->w));
}

static void an_interrupt_signals_its_notification_and_is_masked(void **state)
{
    enum { IRQ = 20 };
    struct threads *t = runner_runs(state);
    slot_write_initial(&t->w, kernel_at(&t->w)->irq_node + (IRQ << SLOT_BITS),
                       cte_at(&t->w, slot_at(NOTIFICATION_SLOT))->cap);
    interrupt_set_state(&t->w, IRQ, IRQ_SIGNAL);
    KERNEL_EDIT(&t->w, irq_pending)[0] |= 1 << IRQ;
    assert_true(kernel_interrupt_due(&t->w));
    kernel_entry(&t->w, &(struct trap){ .kind = TRAP_DEVICE });
    assert_int_equal(notification_state(&t->w, notification_address()), NOTIFICATION_ACTIVE);
    assert_int_equal(notification_at(&t->w, notification_address())->badge, 0x10);
    assert_false(kernel_interrupt_due(&t->w));
    KERNEL_EDIT(&t->w, irq_pending)[0] |= 1 << IRQ;
    assert_false(kernel_interrupt_due(&t->w)); /* masked until acknowledged */
}

static void registers_of_the_running_thread_are_the_live_ones(void **state)
{
    struct threads *t = runner_runs(state);
    assert_int_equal(thread_register(&t->w, thread_at(RUNNER), CTX_RBX), 0x100 + REG_RBX);
    assert_int_equal(thread_register(&t->w, thread_at(RUNNER), CTX_NEXT_IP), cpu_at(&t->w)->rip);
    assert_int_equal(thread_register(&t->w, thread_at(OTHER), CTX_NEXT_IP), 0x402000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(syscall_entry_leaves_rsp_rcx_and_r11_stale),
        THREADS_TEST(sysret_clears_rsp_and_leaves_ip_and_flags_in_rcx_and_r11),
        THREADS_TEST(an_interrupt_saves_and_restores_everything),
        THREADS_TEST(every_entry_costs_time),
        THREADS_TEST(int_9e_is_an_unknown_syscall_whose_number_is_sign_extended),
        THREADS_TEST(int_ff_is_ignored),
        THREADS_TEST(exceptions_become_user_exceptions_of_their_vector),
        THREADS_TEST(a_number_is_known_only_with_all_64_bits),
        THREADS_TEST(debug_put_char_writes_one_byte_and_comes_back),
        THREADS_TEST(debug_cap_identify_answers_with_the_type),
        THREADS_TEST(debug_name_thread_takes_the_name_from_the_buffer),
        THREADS_TEST(debug_name_thread_of_no_tcb_halts),
        THREADS_TEST(a_name_fills_what_the_slots_leave_of_half_a_tcb),
        THREADS_TEST(a_name_without_its_end_in_the_message_halts),
        THREADS_TEST(debug_name_thread_without_a_buffer_is_a_fault_of_the_kernel),
        THREADS_TEST(a_halted_kernel_takes_no_more_traps),
        THREADS_TEST(set_tls_base_takes_canonical_addresses_only),
        THREADS_TEST(ticks_that_passed_unheard_are_one),
        THREADS_TEST(an_interrupt_signals_its_notification_and_is_masked),
        THREADS_TEST(registers_of_the_running_thread_are_the_live_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
