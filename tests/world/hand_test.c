/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose turn it is, by the first session: a thread faults, a person answers. */
#include "world/lesson.h"

static const struct arrival *the_fault(struct session *s)
{
    const struct arrival *a = session_arrival(s, thread(s, "handler"));
    assert_non_null(a);
    assert_int_equal(a->fault_kind, FAULT_VM);
    assert_int_equal(message_label(a->info), 5);
    assert_int_equal(message_length(a->info), 4);
    assert_int_equal(a->badge, BADGE);
    assert_int_equal(a->mr[0], HAND_PAGE);
    assert_int_equal(a->mr[1], HARM);
    assert_int_equal(a->mr[2], 0);
    assert_int_equal(a->mr[3], 4);
    return a;
}

static void a_fault_reaches_the_handler_with_the_badge_of_its_capability(void **state)
{
    struct session *s = *state;

    first_fault(s);

    the_fault(s);
    assert_int_equal(state_of(s, "faulter"), TCB_BLOCKED_ON_REPLY);
    assert_int_equal(state_of(s, "handler"), TCB_RUNNING);
    assert_true(hand_waits(session_world_at(s), thread(s, "handler")));
    assert_null(kernel_check_invariants(session_world_at(s)));
}

static void an_empty_reply_restarts_the_faulter_but_does_not_let_it_run(void **state)
{
    struct session *s = *state;
    first_fault(s);
    sit(s, "handler");
    size_t events = session_event_count(s);

    assert_int_equal(do_call(s, "seL4_Reply", 0, 0, NULL), STOP_DONE);

    assert_int_equal(state_of(s, "faulter"), TCB_RESTART);
    assert_false(hand_waits(session_world_at(s), thread(s, "faulter")));
    for (size_t i = events; i < session_event_count(s); i++)
        assert_int_not_equal(session_event(s, i)->kind, EVENT_FAULT);
}

static void the_second_fault_comes_at_the_second_recv(void **state)
{
    struct session *s = *state;
    first_fault(s);
    sit(s, "handler");
    do_call(s, "seL4_Reply", 0, 0, NULL);
    size_t events = session_event_count(s), faults = 0;

    assert_int_equal(do_call(s, "seL4_Recv", cptr(s, "fault_ep"), 0, NULL), STOP_DONE);

    for (size_t i = events; i < session_event_count(s); i++)
        faults += session_event(s, i)->kind == EVENT_FAULT;
    assert_int_equal(faults, 1);
    the_fault(s);
    assert_int_equal(state_of(s, "faulter"), TCB_BLOCKED_ON_REPLY);
}

static void after_a_map_the_read_ends_while_the_handler_receives(void **state)
{
    struct session *s = *state;
    struct call_result r;
    first_fault(s);
    sit(s, "handler");

    do_call(s, "seL4_X86_Page_Map", cptr(s, "frame"), 0, &r, cptr(s, "faulter_vspace"), HARM, 3, 0);
    assert_int_equal(r.error, SEL4_NoError);
    assert_int_equal(do_call(s, "seL4_Reply", 0, 0, NULL), STOP_DONE);
    assert_int_equal(do_call(s, "seL4_Recv", cptr(s, "fault_ep"), 0, NULL), STOP_BLOCKED);

    assert_true(hand_waits(session_world_at(s), thread(s, "faulter")));
    assert_int_equal(thread_register(session_world_at(s), thread(s, "faulter"), CTX_RAX), 0);
    assert_int_equal(hand_drives(session_world_at(s), thread(s, "faulter")), true);
}

static void a_blocked_thread_cannot_act_and_the_problem_says_why(void **state)
{
    struct session *s = *state;
    const struct hand_act act = { .code = { 0x90 }, .length = 1 };
    struct stop stop;
    struct problem p;
    first_fault(s);
    uint64_t before = arena_hash(session_world_at(s));

    assert_false(hand_do(s, &act, &stop, &p));

    assert_non_null(strstr(p.text, "faulter is blocked on reply"));
    assert_true(p.tip[0]);
    assert_int_equal(arena_hash(session_world_at(s)), before);
}

static void a_fault_without_a_handler_leaves_the_thread_inactive(void **state)
{
    struct session *s = *state;
    new_thread(s, "faulter");
    sit(s, "faulter");

    assert_int_equal(do_asm(s, "mov rax, [0x10000000]").kind, STOP_FAULTED);

    assert_int_equal(state_of(s, "faulter"), TCB_INACTIVE);
}

static void typed_registers_are_there_and_the_others_stay(void **state)
{
    struct session *s = *state;
    new_thread(s, "faulter");
    sit(s, "faulter");
    do_asm(s, "mov r11, 0x1111; mov rcx, 0x2222; mov rbp, 0x3333");
    word_t stack = thread_register(session_world_at(s), session_seat(s), CTX_RSP);
    sit(s, "rootserver");
    do_call(s, "seL4_Yield", 0, 0, NULL);
    sit(s, "faulter");

    assert_int_equal(do_asm(s, "push rcx; mov rax, r11").kind, STOP_DONE);

    const struct world *w = session_world_at(s);
    assert_int_equal(thread_register(w, session_seat(s), CTX_RAX), 0x1111);
    assert_int_equal(thread_register(w, session_seat(s), CTX_RCX), 0x2222);
    assert_int_equal(thread_register(w, session_seat(s), CTX_RBP), 0x3333);
    assert_int_equal(thread_register(w, session_seat(s), CTX_RSP), stack - 8);
}

static void a_raw_syscall_loses_the_stack_pointer_and_a_stub_keeps_it(void **state)
{
    struct session *s = *state;
    new_thread(s, "faulter");
    sit(s, "faulter");
    word_t stack = thread_register(session_world_at(s), session_seat(s), CTX_RSP);

    do_call(s, "seL4_Yield", 0, 0, NULL);
    assert_int_equal(thread_register(session_world_at(s), session_seat(s), CTX_RSP), stack);
    do_asm(s, "mov rdx, -7; syscall");
    assert_int_equal(thread_register(session_world_at(s), session_seat(s), CTX_RSP), 0);
}

static void a_jump_to_nothing_faults_at_its_target(void **state)
{
    struct session *s = *state;
    first_session(s);
    sit(s, "faulter");

    assert_int_equal(do_asm(s, "mov rax, 0x10000000; jmp rax").kind, STOP_FAULTED);

    assert_int_equal(tcb_at(session_world_at(s), thread(s, "faulter"))->context[CTX_FAULT_IP],
                     HARM);
    assert_int_equal(state_of(s, "faulter"), TCB_BLOCKED_ON_SEND);
}

static void a_thread_that_left_its_hand_page_runs_a_program(void **state)
{
    struct session *s = *state;
    const struct hand_act act = { .code = { 0x90 }, .length = 1 };
    struct stop stop;
    struct problem p;
    new_thread(s, "faulter");
    sit(s, "faulter");

    assert_int_equal(do_asm(s, "mov rax, 0x7fe000; jmp rax").kind, STOP_DONE);

    assert_false(hand_drives(session_world_at(s), session_seat(s)));
    assert_false(hand_do(s, &act, &stop, &p));
    assert_non_null(strstr(p.text, "runs a program"));
}

static void an_endless_loop_ends_at_the_limit(void **state)
{
    struct session *s = *state;
    session_limit(s, 1000);

    assert_int_equal(do_asm(s, "jmp 0x7ff000").kind, STOP_LIMIT);
    session_limit(s, 0);
    assert_int_equal(do_asm(s, "nop").kind, STOP_DONE);
}

static void a_woken_higher_thread_goes_first_and_then_waits(void **state)
{
    struct session *s = *state;
    new_thread(s, "faulter");
    new_object(s, "notification", "bell");
    word_t bell = cptr(s, "bell");
    do_call(s, "seL4_CNode_Copy", cptr(s, "faulter_cspace"), 0, NULL, 1, 64, 2, bell, 64,
            RIGHTS_ALL);
    assert_int_equal(do_call(s, "seL4_Wait", bell, 0, NULL), STOP_BLOCKED);
    sit(s, "faulter");
    word_t stack = thread_register(session_world_at(s), session_seat(s), CTX_RSP);

    assert_int_equal(do_call(s, "seL4_Signal", 1, 0, NULL), STOP_DONE);

    assert_int_equal(thread_register(session_world_at(s), session_seat(s), CTX_RSP), stack);
    assert_true(hand_waits(session_world_at(s), thread(s, "rootserver")));
    assert_int_equal(kernel_at(session_world_at(s))->current, thread(s, "faulter"));
    assert_null(kernel_check_invariants(session_world_at(s)));
}

static void a_program_of_equal_priority_does_not_delay_a_typed_instruction(void **state)
{
    struct session *s = *state;
    new_thread(s, "faulter");
    new_thread(s, "handler");
    sit(s, "faulter");
    do_asm(s, "mov dword ptr [0x7fe000], 0xfeeb; mov rax, 0x7fe000; jmp rax"); /* jmp to itself */
    session_limit(s, 100);
    assert_int_equal(session_run(s, NULL).kind, STOP_LIMIT);
    session_limit(s, 0);
    sit(s, "handler");
    word_t steps = world_state_at(session_world_at(s))->steps;

    assert_int_equal(do_asm(s, "nop").kind, STOP_DONE);

    assert_int_equal(world_state_at(session_world_at(s))->steps, steps + 1);
    assert_int_equal(thread_register(session_world_at(s), thread(s, "faulter"), CTX_NEXT_IP),
                     0x7fe000);
}

static void a_thread_that_is_deleted_leaves_no_hand_and_no_seat(void **state)
{
    struct session *s = *state;
    struct call_result r;
    new_thread(s, "faulter");
    paddr_t gone = thread(s, "faulter");
    word_t tcb = cptr(s, "faulter_tcb");
    session_sit(s, gone);
    session_sit(s, thread(s, "rootserver"));

    do_call(s, "seL4_CNode_Delete", 2, 0, &r, tcb, 64);

    assert_int_equal(r.error, SEL4_NoError);
    assert_false(hand_drives(session_world_at(s), gone));
    assert_null(kernel_check_invariants(session_world_at(s)));
}

static void with_everybody_waiting_it_is_your_turn(void **state)
{
    struct session *s = *state;
    assert_int_equal(session_run(s, NULL).kind, STOP_YOUR_TURN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROMPT_TEST(a_fault_reaches_the_handler_with_the_badge_of_its_capability),
        PROMPT_TEST(an_empty_reply_restarts_the_faulter_but_does_not_let_it_run),
        PROMPT_TEST(the_second_fault_comes_at_the_second_recv),
        PROMPT_TEST(after_a_map_the_read_ends_while_the_handler_receives),
        PROMPT_TEST(a_blocked_thread_cannot_act_and_the_problem_says_why),
        PROMPT_TEST(a_fault_without_a_handler_leaves_the_thread_inactive),
        PROMPT_TEST(typed_registers_are_there_and_the_others_stay),
        PROMPT_TEST(a_raw_syscall_loses_the_stack_pointer_and_a_stub_keeps_it),
        PROMPT_TEST(a_jump_to_nothing_faults_at_its_target),
        PROMPT_TEST(a_thread_that_left_its_hand_page_runs_a_program),
        PROMPT_TEST(an_endless_loop_ends_at_the_limit),
        PROMPT_TEST(a_woken_higher_thread_goes_first_and_then_waits),
        PROMPT_TEST(a_program_of_equal_priority_does_not_delay_a_typed_instruction),
        PROMPT_TEST(a_thread_that_is_deleted_leaves_no_hand_and_no_seat),
        PROMPT_TEST(with_everybody_waiting_it_is_your_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
