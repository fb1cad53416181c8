/* SPDX-License-Identifier: BSD-2-Clause */
/* The way back: undo, the phases of a kernel entry, and that the same acts give the same world. */
#include "world/lesson.h"

static uint64_t hash(const struct session *s)
{
    return arena_hash(session_world_at(s));
}

static void receive_and_read(struct session *s)
{
    sit(s, "handler");
    do_call(s, "seL4_Recv", cptr(s, "fault_ep"), 0, NULL);
    sit(s, "faulter");
    do_asm(s, "mov rax, [0x10000000]");
}

static void undo_of_n_commands_is_the_world_before_them(void **state)
{
    struct session *s = *state;
    first_session(s);
    uint64_t before[4];
    size_t events = session_event_count(s), length, none;
    session_console(s, &none);
    for (unsigned i = 0; i < 4; i++) {
        before[i] = hash(s);
        do_call(s, "seL4_DebugPutChar", 'a' + i, 0, NULL);
    }

    assert_int_equal(session_undo(s, 1), 1);
    assert_int_equal(hash(s), before[3]);
    assert_int_equal(session_undo(s, 3), 3);
    assert_int_equal(hash(s), before[0]);

    session_console(s, &length);
    assert_int_equal(length, none);
    assert_int_equal(session_event_count(s), events);
    assert_null(kernel_check_invariants(session_world_at(s)));
}

static void undo_of_a_fault_gives_another_try(void **state)
{
    struct session *s = *state;
    first_session(s);
    sit(s, "handler");
    uint64_t before = hash(s);
    receive_and_read(s);
    uint64_t after = hash(s);

    assert_int_equal(session_undo(s, 2), 2);
    assert_int_equal(hash(s), before);
    receive_and_read(s);

    assert_int_equal(hash(s), after);
}

static void undo_knows_the_lines(void **state)
{
    struct session *s = *state;
    session_begin(s, "help");
    do_asm(s, "nop");
    session_begin(s, "threads");

    assert_string_equal(session_undo_line(s, 0), "nop");
    assert_null(session_undo_line(s, 1));
    assert_int_equal(session_undo(s, 7), 1);
}

static void undo_of_everything_is_the_world_at_the_start(void **state)
{
    struct session *s = *state;
    uint64_t before = hash(s);

    first_fault(s);
    session_undo(s, 1000);

    assert_int_equal(hash(s), before);
    assert_int_equal(session_undo(s, 1), 0);
}

/* In faulter's seat, before the first phase of its fault. */
static struct stop slowly_read(struct session *s)
{
    first_session(s);
    sit(s, "handler");
    do_call(s, "seL4_Recv", cptr(s, "fault_ep"), 0, NULL);
    sit(s, "faulter");
    session_slowly(s, true);
    return do_asm(s, "mov rax, [0x10000000]");
}

static void phases_are_the_same_forwards_and_backwards(void **state)
{
    struct session *s = *state;
    uint64_t at[64];
    unsigned count, i;
    struct event e;

    assert_int_equal(slowly_read(s).kind, STOP_PHASE);
    assert_int_equal(session_phase(s, &count, &e), 1);
    assert_int_equal(e.kind, EVENT_TRAP);
    assert_in_range(count, 5, 60);
    for (i = 1; i < count; i++) {
        at[i] = hash(s);
        assert_int_equal(session_step(s).kind, STOP_PHASE);
        assert_int_equal(session_phase(s, NULL, NULL), i + 1);
    }
    while (session_phase_back(s)) assert_int_equal(hash(s), at[--i]);

    assert_int_equal(i, 1);
}

static void after_the_last_phase_the_world_is_as_without_looking(void **state)
{
    struct session *s = *state;
    void *other;
    slowly_read(s);
    session_step(s);
    session_step(s);
    session_phase_back(s);
    session_finish_phases(s);
    assert_int_equal(session_phase(s, NULL, NULL), 0);
    session_run(s, NULL);

    assert_int_equal(prompt_open(&other), 0);
    first_fault(other);
    session_run(other, NULL);

    assert_non_null(session_arrival(s, thread(s, "handler")));
    assert_int_equal(hash(s), hash(other));
    prompt_close(&other);
}

static void undo_from_inside_a_kernel_entry_takes_the_whole_command_back(void **state)
{
    struct session *s = *state;
    slowly_read(s);
    session_begin(s, "step");
    session_step(s);
    session_begin(s, "step");
    session_step(s);

    assert_int_equal(session_undo(s, 1), 1);

    assert_int_equal(session_phase(s, NULL, NULL), 0);
    assert_true(hand_waits(session_world_at(s), thread(s, "faulter")));
    assert_int_equal(state_of(s, "handler"), TCB_BLOCKED_ON_RECEIVE);
}

static void the_same_acts_give_the_same_world(void **state)
{
    struct session *s = *state;
    void *other;
    assert_int_equal(prompt_open(&other), 0);

    first_fault(s);
    first_fault(other);

    assert_int_equal(hash(s), hash(other));
    prompt_close(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROMPT_TEST(undo_of_n_commands_is_the_world_before_them),
        PROMPT_TEST(undo_of_a_fault_gives_another_try),
        PROMPT_TEST(undo_knows_the_lines),
        PROMPT_TEST(undo_of_everything_is_the_world_at_the_start),
        PROMPT_TEST(phases_are_the_same_forwards_and_backwards),
        PROMPT_TEST(after_the_last_phase_the_world_is_as_without_looking),
        PROMPT_TEST(undo_from_inside_a_kernel_entry_takes_the_whole_command_back),
        PROMPT_TEST(the_same_acts_give_the_same_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
