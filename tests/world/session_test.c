/* SPDX-License-Identifier: BSD-2-Clause */
/* A session: booting the prompt, running, stopping. */
#include "world/lesson.h"

static void the_prompt_begins_as_rootserver_with_nothing_typed(void **state)
{
    struct session *s = *state;
    const struct world *w = session_world_at(s);

    assert_string_equal(thread_name(w, session_seat(s)), "rootserver");
    assert_true(hand_waits(w, session_seat(s)));
    assert_int_equal(kernel_at(w)->current, session_seat(s));
    assert_int_equal(session_undo(s, 1), 0);
}

static void a_character_that_a_thread_prints_is_on_the_console(void **state)
{
    struct session *s = *state;
    size_t length;

    assert_int_equal(do_call(s, "seL4_DebugPutChar", 'x', 0, NULL), STOP_DONE);

    const char *console = session_console(s, &length);
    assert_int_equal(length, 1);
    assert_int_equal(console[0], 'x');
    assert_int_equal(cpu_at(session_world_at(s))->reg[REG_RSP], HAND_STACK + PAGE_SIZE - 16);
}

/* In faulter's seat, with a loop of three instructions in its stack page that nobody drives. */
static void start_loop(struct session *s)
{
    new_thread(s, "faulter");
    sit(s, "faulter");
    /* 7fe000: nop; nop; jmp 7fe000 */
    do_asm(s, "mov dword ptr [0x7fe000], 0xfceb9090; mov rax, 0x7fe000; jmp rax");
}

static void a_breakpoint_on_an_address_stops_before_it_each_time(void **state)
{
    struct session *s = *state;
    start_loop(s);
    unsigned n =
        session_break_add(s, &(struct breakpoint){ .on_address = true, .address = 0x7fe001 });

    for (unsigned i = 0; i < 3; i++) {
        struct stop stop = session_run(s, NULL);
        assert_int_equal(stop.kind, STOP_BREAK);
        assert_int_equal(stop.number, n);
        assert_int_equal(cpu_at(session_world_at(s))->rip, 0x7fe001);
    }
    assert_true(session_break_delete(s, n));
    assert_false(session_break_delete(s, n));
    session_limit(s, 50);
    assert_int_equal(session_run(s, NULL).kind, STOP_LIMIT);
}

static void a_breakpoint_on_a_kind_of_event_stops_where_it_happens(void **state)
{
    struct session *s = *state;
    first_session(s);
    unsigned n = session_break_add(
        s, &(struct breakpoint){ .watch = { .kind = WATCH_FAULT, .fault_kind = FAULT_VM } });
    session_break_add(
        s, &(struct breakpoint){ .watch = { .kind = WATCH_FAULT, .fault_kind = FAULT_CAP } });
    sit(s, "faulter");

    struct stop stop = do_asm(s, "mov rax, [0x10000000]");

    assert_int_equal(stop.kind, STOP_BREAK);
    assert_int_equal(stop.number, n);
    assert_int_equal(stop.event.kind, EVENT_FAULT);
    assert_int_equal(stop.event.thread, thread(s, "faulter"));
}

static void until_waits_for_a_badge_at_delivery(void **state)
{
    struct session *s = *state;
    first_session(s);
    sit(s, "handler");
    do_call(s, "seL4_Recv", 1, 0, NULL);
    sit(s, "faulter");
    session_slowly(s, true);
    do_asm(s, "mov rax, [0x10000000]");
    session_undo(s, 1); /* the break must see a fresh fault, not that one */
    const struct watch other = { .kind = WATCH_FAULT, .has_badge = true, .badge = 1 };
    assert_int_equal(session_run(s, &(struct until){ .watch = &other }).kind, STOP_YOUR_TURN);
    const struct watch wanted = { .kind = WATCH_FAULT, .has_badge = true, .badge = BADGE };
    session_break_add(s, &(struct breakpoint){ .watch = wanted });

    struct stop stop = do_asm(s, "mov rax, [0x10000000]");

    assert_int_equal(stop.kind, STOP_BREAK);
    assert_int_equal(stop.event.kind, EVENT_MESSAGE);
}

static bool third_time(void *context)
{
    unsigned *times = context;
    return ++*times == 3;
}

static void until_asks_a_condition_after_every_instruction(void **state)
{
    struct session *s = *state;
    unsigned times = 0;
    start_loop(s);
    word_t steps = world_state_at(session_world_at(s))->steps;

    assert_int_equal(session_run(s, &(struct until){ .holds = third_time, .context = &times }).kind,
                     STOP_UNTIL);
    assert_int_equal(world_state_at(session_world_at(s))->steps, steps + 3);
    assert_int_equal(
        session_run(s, &(struct until){ .has_address = true, .address = 0x7fe001 }).kind,
        STOP_UNTIL);
}

static void a_step_is_one_instruction_or_one_phase_and_next_a_whole_entry(void **state)
{
    struct session *s = *state;
    first_session(s);
    sit(s, "faulter");
    do_asm(
        s,
        "mov dword ptr [0x7fe000], 0x050f90; mov rdx, -7; mov rax, 0x7fe000; jmp rax"); /* nop; syscall */

    assert_int_equal(session_step(s).kind, STOP_DONE);
    assert_int_equal(cpu_at(session_world_at(s))->rip, 0x7fe001);
    uint64_t before = arena_hash(session_world_at(s));
    session_begin(s, "step");
    assert_int_equal(session_step(s).kind, STOP_PHASE);
    session_undo(s, 1);
    assert_int_equal(arena_hash(session_world_at(s)), before);
    assert_int_equal(session_next(s).kind, STOP_DONE);
    assert_int_equal(session_phase(s, NULL, NULL), 0);
}

static void control_c_ends_a_run(void **state)
{
    struct session *s = *state;
    static volatile sig_atomic_t flag;
    start_loop(s);
    session_interrupt_flag(s, &flag);
    flag = 1;

    assert_int_equal(session_run(s, NULL).kind, STOP_INTERRUPTED);

    flag = 0;
    session_interrupt_flag(s, NULL);
}

static void the_oldest_events_are_dropped_and_read_as_nothing(void **state)
{
    struct session *s = *state;
    new_thread(s, "faulter");
    sit(s, "faulter");
    /* mov rdx, -7 (Yield); syscall; jmp to the start */
    do_asm(s, "mov rax, 0xfff9c2c748; mov rcx, 0xf5eb050fffff; mov [0x7fe000], rax;"
              "mov [0x7fe005], rcx; mov rax, 0x7fe000; jmp rax");
    session_limit(s, 1000000);

    assert_int_equal(session_run(s, NULL).kind, STOP_LIMIT);

    assert_true(session_event_count(s) > 300000);
    assert_true(session_first_event(s) > 0);
    assert_true(session_event_count(s) - session_first_event(s) <= 262144);
    assert_int_equal(session_event(s, 0)->kind, EVENT_TICK);
    assert_true(session_command_events(s) >= session_first_event(s));
    session_undo(s, 100);
    assert_int_equal(session_event_count(s) - session_first_event(s), 0);
}

static void a_kernel_without_room_is_a_problem(void **state)
{
    (void)state;
    struct problem p;
    struct session *s = session_open(&kernel_config_default, 1 << 20, &p);
    assert_non_null(s);
    assert_false(session_boot_prompt(s, &p));
    assert_true(p.text[0]);
    session_close(s);
    assert_null(session_open(&kernel_config_default, 12345, &p));
    assert_true(p.text[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROMPT_TEST(the_prompt_begins_as_rootserver_with_nothing_typed),
        PROMPT_TEST(a_character_that_a_thread_prints_is_on_the_console),
        PROMPT_TEST(a_breakpoint_on_an_address_stops_before_it_each_time),
        PROMPT_TEST(a_breakpoint_on_a_kind_of_event_stops_where_it_happens),
        PROMPT_TEST(until_waits_for_a_badge_at_delivery),
        PROMPT_TEST(until_asks_a_condition_after_every_instruction),
        PROMPT_TEST(a_step_is_one_instruction_or_one_phase_and_next_a_whole_entry),
        PROMPT_TEST(control_c_ends_a_run),
        PROMPT_TEST(the_oldest_events_are_dropped_and_read_as_nothing),
        cmocka_unit_test(a_kernel_without_room_is_a_problem),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
