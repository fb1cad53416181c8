/* SPDX-License-Identifier: BSD-2-Clause */
/* Who runs when. Expected orders: findings.md "Scheduling" and "Lives of handlers and faulters". */
#include "kernel/threads.h"

static word_t label_of(const struct threads *t, const char *name)
{
    word_t label;
    assert_true(invocation_label(&kernel_at(&t->w)->numbers, name, &label));
    return label;
}

static void call_tcb(struct threads *t, const char *label, unsigned n)
{
    do_syscall(t, "Call", THREAD_SLOT + n, message_info(label_of(t, label), 0, 0, 0));
}

static struct threads *threads_with(void **state, const unsigned *priority, unsigned count)
{
    struct threads *t = *state;
    for (unsigned n = 1; n <= count; n++) {
        thread_new(t, n, priority[n - 1]);
        thread_ready(t, n);
    }
    threads_start(t);
    return t;
}
#define THREADS_WITH(state, ...)                                                                   \
    threads_with(state, (const unsigned[]){ __VA_ARGS__ },                                         \
                 sizeof(const unsigned[]){ __VA_ARGS__ } / sizeof(unsigned))

static void the_highest_priority_runs(void **state)
{
    struct threads *t = THREADS_WITH(state, 3, 255, 64, 63);
    static const unsigned order[] = { 2, 3, 4, 1, 0 };
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(current_number(t), order[i]);
        if (order[i]) do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    }
}

static void yield_goes_to_the_tail(void **state)
{
    struct threads *t = THREADS_WITH(state, 100, 100, 100);
    static const unsigned order[] = { 1, 2, 3, 1, 2 };
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(current_number(t), order[i]);
        do_syscall(t, "Yield", 0, 0);
    }
}

static void a_woken_thread_of_higher_priority_runs_at_once(void **state)
{
    struct threads *t = THREADS_WITH(state, 100, 200);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), 1);
    do_syscall(t, "Send", ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), 2);
}

static void among_equals_the_sender_goes_on_and_the_woken_one_goes_to_the_tail(void **state)
{
    struct threads *t = THREADS_WITH(state, 100, 100, 100);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0); /* 1 */
    assert_int_equal(current_number(t), 2);
    do_syscall(t, "Send", ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), 2);
    do_syscall(t, "Yield", 0, 0);
    assert_int_equal(current_number(t), 3);
    do_syscall(t, "Yield", 0, 0);
    assert_int_equal(current_number(t), 1);
}

static void a_signal_to_an_equal_lets_the_sender_go_on(void **state)
{
    struct threads *t = THREADS_WITH(state, 100, 100, 100);
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    do_syscall(t, "Send", NOTIFICATION_SLOT, 0);
    assert_int_equal(current_number(t), 2);
    do_syscall(t, "Yield", 0, 0);
    assert_int_equal(current_number(t), 3);
}

static void a_call_switches_to_the_server_even_with_a_third_ready_and_reply_recv_back(void **state)
{
    struct threads *t = THREADS_WITH(state, 100, 100, 100);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0); /* 1 serves */
    assert_int_equal(current_number(t), 2);
    do_syscall(t, "Call", ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), 1);
    do_syscall(t, "ReplyRecv", ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), 2);
}

static void threads_resumed_by_a_higher_one_start_in_reverse_order(void **state)
{
    struct threads *t = *state;
    for (unsigned n = 1; n <= 3; n++) thread_new(t, n, 100);
    thread_new(t, 4, 200);
    thread_ready(t, 4);
    threads_start(t);
    for (unsigned n = 1; n <= 3; n++) call_tcb(t, "TCBResume", n);
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    static const unsigned order[] = { 3, 2, 1 };
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(current_number(t), order[i]);
        do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    }
}

static void round_robin_after_five_ticks(void **state)
{
    struct threads *t = THREADS_WITH(state, 100, 100);
    for (unsigned i = 0; i < 4; i++) do_tick(t);
    assert_int_equal(current_number(t), 1);
    do_tick(t);
    assert_int_equal(current_number(t), 2);
    for (unsigned i = 0; i < 5; i++) do_tick(t);
    assert_int_equal(current_number(t), 1);
}

static void a_thread_that_suspended_itself_repeats_the_call_when_resumed(void **state)
{
    struct threads *t = THREADS_WITH(state, 100);
    word_t ip = cpu_at(&t->w)->rip;
    call_tcb(t, "TCBSuspend", 1);
    assert_int_equal(current_number(t), 0);
    assert_int_equal(state_of(t, 1), TCB_INACTIVE);
    thread_restart(&t->w, thread_at(1));
    kernel_reschedule(&t->w);
    assert_int_equal(current_number(t), 1);
    assert_int_equal(cpu_at(&t->w)->rip, ip);
}

static void a_suspended_ready_thread_goes_on_behind_its_syscall(void **state)
{
    struct threads *t = THREADS_WITH(state, 100, 100);
    word_t ip = cpu_at(&t->w)->rip;
    do_syscall(t, "Yield", 0, 0);
    assert_int_equal(current_number(t), 2);
    call_tcb(t, "TCBSuspend", 1);
    assert_int_equal(state_of(t, 1), TCB_INACTIVE);
    call_tcb(t, "TCBResume", 1);
    do_syscall(t, "Yield", 0, 0);
    assert_int_equal(current_number(t), 1);
    assert_int_equal(cpu_at(&t->w)->rip, ip + 2);
}

static void a_thread_blocked_on_send_that_is_resumed_sends_again(void **state)
{
    struct threads *t = THREADS_WITH(state, 100, 50);
    word_t ip = cpu_at(&t->w)->rip;
    do_syscall(t, "Send", ENDPOINT_SLOT, 0);
    assert_int_equal(state_of(t, 1), TCB_BLOCKED_ON_SEND);
    call_tcb(t, "TCBResume", 1);
    assert_int_equal(current_number(t), 1);
    assert_int_equal(cpu_at(&t->w)->rip, ip);
    assert_int_equal(endpoint_state(&t->w, endpoint_address()), ENDPOINT_IDLE);
}

static void raising_a_ready_threads_priority_switches_to_it(void **state)
{
    struct threads *t = THREADS_WITH(state, 100, 50);
    tcb_set_priority(&t->w, thread_at(2), 150);
    kernel_reschedule(&t->w);
    assert_int_equal(current_number(t), 2);
    assert_sound(t);
}

static void a_passed_over_thread_keeps_its_place_but_is_not_chosen(void **state)
{
    struct threads *t = THREADS_WITH(state, 100, 100, 50);
    kernel_pass_over(&t->w, thread_at(1), true);
    kernel_reschedule(&t->w);
    assert_int_equal(current_number(t), 2);
    kernel_pass_over(&t->w, thread_at(2), true);
    kernel_reschedule(&t->w);
    assert_int_equal(current_number(t), 3);
    assert_int_equal(state_of(t, 1), TCB_RUNNING);
    kernel_pass_over(&t->w, thread_at(2), false);
    kernel_pass_over(&t->w, thread_at(1), false);
    kernel_reschedule(&t->w);
    assert_int_equal(kernel_at(&t->w)->passed_over, 0);
    assert_true(current_number(t) != 3);
    assert_sound(t);
}

static void a_woken_thread_that_is_passed_over_does_not_run(void **state)
{
    struct threads *t = THREADS_WITH(state, 100, 200);
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    kernel_pass_over(&t->w, thread_at(2), true);
    do_syscall(t, "Send", ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), 1);
    assert_int_equal(state_of(t, 2), TCB_RUNNING);
}

static void rescheduling_the_only_thread_changes_nothing_it_sees(void **state)
{
    struct threads *t = THREADS_WITH(state, 100);
    struct cpu before = *cpu_at(&t->w);
    kernel_reschedule(&t->w);
    assert_memory_equal(cpu_at(&t->w), &before, sizeof before);
}

static void domains_take_turns(void **state)
{
    struct threads *t = *state;
    KERNEL_EDIT(&t->w, config).num_domains = 2;
    KERNEL_EDIT(&t->w, domain_schedule)[0] = (struct domain_entry){ .domain = 0, .length = 2 };
    KERNEL_EDIT(&t->w, domain_schedule)[1] = (struct domain_entry){ .domain = 1, .length = 1 };
    KERNEL_EDIT(&t->w, domain_time) = 2;
    thread_new(t, 1, 100);
    thread_new(t, 2, 100);
    thread_ready(t, 1);
    thread_ready(t, 2);
    tcb_set_domain(&t->w, thread_at(2), 1);
    threads_start(t);
    static const unsigned order[] = { 1, 2, 1, 1, 2 };
    assert_int_equal(current_number(t), 1);
    for (unsigned i = 0; i < 5; i++) {
        do_tick(t);
        assert_int_equal(current_number(t), order[i]);
    }
}

static void the_fpu_goes_with_the_thread(void **state)
{
    struct threads *t = THREADS_WITH(state, 100, 100);
    cpu_edit(&t->w)->fpu[32] = 0x55;
    do_syscall(t, "Yield", 0, 0);
    assert_int_equal(cpu_at(&t->w)->fpu[32], 0);
    do_syscall(t, "Yield", 0, 0);
    assert_int_equal(cpu_at(&t->w)->fpu[32], 0x55);
}

static void a_thread_with_the_fpu_disabled_runs_with_it_off(void **state)
{
    struct threads *t = THREADS_WITH(state, 100, 100);
    set_mr(t, 0, 0);
    set_mr(t, 1, TCB_FLAG_FPU_DISABLED);
    do_syscall(t, "Call", THREAD_SLOT + 2, message_info(label_of(t, "TCBSetFlags"), 0, 0, 2));
    assert_int_equal(mr_of(t, 1, 0), TCB_FLAG_FPU_DISABLED);
    assert_false(cpu_at(&t->w)->features & CPU_FPU_DISABLED);
    do_syscall(t, "Yield", 0, 0);
    assert_int_equal(current_number(t), 2);
    assert_true(cpu_at(&t->w)->features & CPU_FPU_DISABLED);
}

static void the_dump_has_the_recorded_columns(void **state)
{
    struct threads *t = THREADS_WITH(state, 100);
    do_syscall(t, "DebugDumpScheduler", 0, 0);
    assert_string_equal(
        t->printed,
        "Dumping all tcbs!\n"
        "Name                                       State              IP                   Prio\n"
        "----------------------------------------------------------------------------------------\n"
        "thread1                                    running            0x401000              100\n"
        "idle_thread                                idle               0                       "
        "0\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(the_highest_priority_runs),
        THREADS_TEST(yield_goes_to_the_tail),
        THREADS_TEST(a_woken_thread_of_higher_priority_runs_at_once),
        THREADS_TEST(among_equals_the_sender_goes_on_and_the_woken_one_goes_to_the_tail),
        THREADS_TEST(a_signal_to_an_equal_lets_the_sender_go_on),
        THREADS_TEST(a_call_switches_to_the_server_even_with_a_third_ready_and_reply_recv_back),
        THREADS_TEST(threads_resumed_by_a_higher_one_start_in_reverse_order),
        THREADS_TEST(round_robin_after_five_ticks),
        THREADS_TEST(a_thread_that_suspended_itself_repeats_the_call_when_resumed),
        THREADS_TEST(a_suspended_ready_thread_goes_on_behind_its_syscall),
        THREADS_TEST(a_thread_blocked_on_send_that_is_resumed_sends_again),
        THREADS_TEST(raising_a_ready_threads_priority_switches_to_it),
        THREADS_TEST(a_passed_over_thread_keeps_its_place_but_is_not_chosen),
        THREADS_TEST(a_woken_thread_that_is_passed_over_does_not_run),
        THREADS_TEST(rescheduling_the_only_thread_changes_nothing_it_sees),
        THREADS_TEST(domains_take_turns),
        THREADS_TEST(the_fpu_goes_with_the_thread),
        THREADS_TEST(a_thread_with_the_fpu_disabled_runs_with_it_off),
        THREADS_TEST(the_dump_has_the_recorded_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
