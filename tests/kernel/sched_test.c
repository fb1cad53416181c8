/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that are suspended, resumed and given other priorities, also by themselves and each other;
 * all 256 priorities in their order. Programs count; the test's own threads do the rest. */
#include "kernel/programs.h"

enum { FIRST = 1, SECOND = 2, COUNTER = 3, HIGHEST = 253 };

static enum sel4_error tcb_call(struct threads *t, unsigned n, const char *label)
{
    return do_invoke(t, THREAD_SLOT + n, (struct call){ .label = label });
}

static enum sel4_error set(struct threads *t, const char *label, unsigned n, unsigned authority,
                           word_t value)
{
    return do_invoke(t, THREAD_SLOT + n,
                     (struct call){ .label = label,
                                    .length = 1,
                                    .mr = { value },
                                    .caps = 1,
                                    .cap = { THREAD_SLOT + authority } });
}

/* loop: inc rbx; jmp loop. Counts while the thread that made the wake-up call sleeps. */
static word_t let_count(struct threads *t)
{
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    programs_run(t, 1000);
    notification_signal(&t->w, notification_address(), 1);
    kernel_reschedule(&t->w);
    return thread_register(&t->w, thread_at(COUNTER), CTX_RBX);
}

static void a_suspended_thread_stands_still_until_it_is_resumed(void **state)
{
    struct threads *t = *state;
    thread_new(t, FIRST, 100);
    thread_new(t, COUNTER, 50);
    THREAD_PROGRAM(t, COUNTER, 0, 0x48, 0xff, 0xc3, 0xeb, 0xfb);
    thread_ready(t, FIRST);
    thread_ready(t, COUNTER);
    threads_start(t);
    word_t before = let_count(t), after = let_count(t);
    assert_true(after > before);
    assert_int_equal(tcb_call(t, COUNTER, "TCBSuspend"), SEL4_NoError);
    assert_int_equal(let_count(t), after);
    assert_int_equal(let_count(t), after);
    assert_int_equal(tcb_call(t, COUNTER, "TCBResume"), SEL4_NoError);
    assert_true(let_count(t) > after);
}

static void a_thread_may_resume_itself(void **state)
{
    struct threads *t = *state;
    thread_new(t, FIRST, 100);
    thread_ready(t, FIRST);
    threads_start(t);
    word_t ip = cpu_at(&t->w)->rip;
    assert_int_equal(tcb_call(t, FIRST, "TCBResume"), SEL4_NoError);
    assert_int_equal(current_number(t), FIRST);
    assert_int_equal(cpu_at(&t->w)->rip, ip + 2);
}

/* The lower one resumes the higher, which runs at once, suspends it and itself in turn. */
static void threads_suspend_and_resume_each_other(void **state)
{
    struct threads *t = *state;
    thread_new(t, FIRST, 100);
    thread_new(t, SECOND, 101);
    thread_new(t, COUNTER, 99);
    thread_ready(t, FIRST);
    thread_ready(t, COUNTER);
    threads_start(t);
    assert_int_equal(tcb_call(t, SECOND, "TCBResume"), SEL4_NoError);
    assert_int_equal(current_number(t), SECOND);
    assert_int_equal(tcb_call(t, FIRST, "TCBSuspend"), SEL4_NoError);
    assert_int_equal(state_of(t, FIRST), TCB_INACTIVE);
    do_invoke(t, THREAD_SLOT + SECOND, (struct call){ .label = "TCBSuspend" });
    assert_int_equal(current_number(t), COUNTER);
    assert_int_equal(tcb_call(t, FIRST, "TCBResume"), SEL4_NoError);
    assert_int_equal(current_number(t), FIRST);
    assert_int_equal(state_of(t, SECOND), TCB_INACTIVE);
    do_invoke(t, THREAD_SLOT + FIRST, (struct call){ .label = "TCBSuspend" });
    assert_int_equal(current_number(t), COUNTER);
}

/* One TCB a priority, made for this test alone. */
static paddr_t tcb_of(unsigned priority)
{
    return 0x200000 + priority * (1 << TCB_BITS) + TCB_OFFSET;
}

static void threads_of_all_priorities_run_in_their_order(void **state)
{
    struct threads *t = *state;
    for (unsigned priority = 0; priority < PRIORITY_COUNT; priority++) {
        unsigned p = priority * 7 % PRIORITY_COUNT; /* made in some other order */
        tcb_create(&t->w, tcb_of(p));
        slot_setup_reply_master(&t->w, tcb_of(p));
        tcb_edit(&t->w, tcb_of(p))->priority = (uint8_t)p;
        tcb_set_state(&t->w, tcb_of(p), TCB_RUNNING);
        tcb_sched_append(&t->w, tcb_of(p));
    }
    kernel_reschedule(&t->w);
    for (unsigned p = PRIORITY_COUNT; p-- > 0;) {
        assert_int_equal(kernel_at(&t->w)->current, tcb_of(p));
        thread_suspend(&t->w, tcb_of(p));
        kernel_reschedule(&t->w);
        assert_sound(t);
    }
    assert_int_equal(current_number(t), 0);
}

/* Who lowers itself below another lets it run; what bounds a priority is the authority's limit. */
static void priorities_are_lowered_and_raised_within_their_limits(void **state)
{
    struct threads *t = *state;
    thread_new(t, FIRST, HIGHEST);
    thread_new(t, SECOND, HIGHEST - 1);
    tcb_edit(&t->w, thread_at(FIRST))->mcp = HIGHEST;
    tcb_edit(&t->w, thread_at(SECOND))->mcp = HIGHEST - 2;
    thread_ready(t, FIRST);
    thread_ready(t, SECOND);
    threads_start(t);
    set(t, "TCBSetPriority", FIRST, FIRST, HIGHEST - 4);
    assert_int_equal(current_number(t), SECOND);
    assert_int_equal(set(t, "TCBSetPriority", FIRST, SECOND, HIGHEST - 1), SEL4_RangeError);
    assert_int_equal(set(t, "TCBSetPriority", FIRST, SECOND, HIGHEST - 2), SEL4_NoError);
    assert_int_equal(current_number(t), SECOND);
    set(t, "TCBSetPriority", SECOND, SECOND, HIGHEST - 3);
    assert_int_equal(current_number(t), FIRST);
    assert_int_equal(set(t, "TCBSetPriority", FIRST, FIRST, HIGHEST), SEL4_NoError);
    assert_int_equal(set(t, "TCBSetMCPriority", FIRST, FIRST, HIGHEST - 4), SEL4_NoError);
    assert_int_equal(set(t, "TCBSetPriority", FIRST, FIRST, HIGHEST - 3), SEL4_RangeError);
    assert_int_equal(set(t, "TCBSetMCPriority", FIRST, FIRST, HIGHEST), SEL4_RangeError);
    assert_int_equal(tcb_at(&t->w, thread_at(FIRST))->priority, HIGHEST);
}

static void raised_above_its_raiser_a_thread_runs_at_once(void **state)
{
    struct threads *t = *state;
    thread_new(t, FIRST, 100);
    thread_new(t, SECOND, 100);
    thread_ready(t, FIRST);
    thread_ready(t, SECOND);
    threads_start(t);
    set(t, "TCBSetPriority", SECOND, FIRST, 101);
    assert_int_equal(current_number(t), SECOND);
    assert_int_equal(state_of(t, FIRST), TCB_RUNNING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(a_suspended_thread_stands_still_until_it_is_resumed),
        THREADS_TEST(a_thread_may_resume_itself),
        THREADS_TEST(threads_suspend_and_resume_each_other),
        THREADS_TEST(threads_of_all_priorities_run_in_their_order),
        THREADS_TEST(priorities_are_lowered_and_raised_within_their_limits),
        THREADS_TEST(raised_above_its_raiser_a_thread_runs_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
