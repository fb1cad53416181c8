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

static void a_name_alone_is_a_change_that_has_its_line(void **state)
{
    struct session *s = *state;
    session_begin(s, "name 500 here");
    name_set(session_world(s), cap_cnode_object(seat_cspace(s)) + (500 << SLOT_BITS), "here");

    assert_string_equal(session_undo_line(s, 0), "name 500 here");
    assert_int_equal(session_undo(s, 1), 1);
    assert_int_equal(name_find(session_world_at(s), seat_cspace(s), "here"), 0);
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

static uint64_t dice(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* A typed piece of code made of chance, or a system call with arguments of chance. */
static void act_by_chance(struct session *s, uint64_t *seed)
{
    struct hand_act act = { .length = 1 + dice(seed) % 16, .is_stub = dice(seed) % 2 };
    struct stop stop;
    struct problem p;
    for (size_t i = 0; i < act.length; i++) act.code[i] = (uint8_t)dice(seed);
    if (dice(seed) % 4) {
        act.length = 2;
        act.code[0] = 0x0f;
        act.code[1] = 0x05;
        act.set = 1u << REG_RDX | 1u << REG_RDI | 1u << REG_RSI;
        act.reg[REG_RDX] = -(dice(seed) % 16);
        act.reg[REG_RDI] = dice(seed) % 100;
        act.reg[REG_RSI] = message_info(dice(seed) % 60, 0, dice(seed) % 4, dice(seed) % 8);
        act.set_message = true;
        act.mr_count = (unsigned)(dice(seed) % 8);
        for (unsigned i = 0; i < 8; i++) act.mr[i] = dice(seed) % 128;
        for (unsigned i = 0; i < 3; i++) act.cap[act.cap_count++] = dice(seed) % 100;
    }
    hand_do(s, &act, &stop, &p);
}

static void sit_by_chance(struct session *s, uint64_t *seed)
{
    static const char *const name[] = { "rootserver", "faulter", "handler", "idle_thread" };
    paddr_t tcb = thread(s, name[dice(seed) % 4]);
    if (tcb) session_sit(s, tcb);
}

static void command_by_chance(struct session *s, uint64_t *seed)
{
    sit_by_chance(s, seed);
    session_begin(s, "chance");
    switch (dice(seed) % 16) {
    case 0: session_undo(s, (unsigned)(dice(seed) % 5)); break;
    case 1: session_step(s); break;
    case 2: session_next(s); break;
    case 3: session_run(s, NULL); break;
    case 4: session_slowly(s, true); break;
    case 5: session_phase_back(s); break;
    default: act_by_chance(s, seed);
    }
}

static unsigned commands_of(const struct session *s)
{
    unsigned n = 0;
    while (session_undo_line(s, n)) n++;
    return n;
}

/* Acts at will from the first session's beginning. False when that was undone, too. */
static bool play(struct session *s, uint64_t seed, unsigned commands)
{
    for (unsigned i = 0; i < 250; i++) {
        session_limit(s, 5000);
        command_by_chance(s, &seed);
        if (commands_of(s) < commands) return false;
        const char *broken =
            session_phase(s, NULL, NULL) ? NULL : kernel_check_invariants(session_world_at(s));
        if (broken) fail_msg("command %u: %s", i, broken);
    }
    return true;
}

static void whatever_is_done_the_rules_hold_and_undo_finds_the_way_back(void **state)
{
    (void)state;
    unsigned compared = 0;
    for (uint64_t round = 1; round <= 20; round++) {
        void *opened;
        assert_int_equal(prompt_open(&opened), 0);
        struct session *s = opened;
        first_session(s);
        sit(s, "rootserver");
        session_begin(s, "start");
        uint64_t before = hash(s);
        unsigned commands = commands_of(s);
        if (play(s, round * UINT64_C(0x9e3779b97f4a7c15), commands)) {
            session_undo(s, commands_of(s) - commands);
            assert_null(kernel_check_invariants(session_world_at(s)));
            assert_int_equal(hash(s), before);
            compared++;
        }
        session_close(s);
    }
    assert_true(compared > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROMPT_TEST(undo_of_n_commands_is_the_world_before_them),
        PROMPT_TEST(undo_of_a_fault_gives_another_try),
        PROMPT_TEST(undo_knows_the_lines),
        PROMPT_TEST(a_name_alone_is_a_change_that_has_its_line),
        PROMPT_TEST(undo_of_everything_is_the_world_at_the_start),
        PROMPT_TEST(phases_are_the_same_forwards_and_backwards),
        PROMPT_TEST(after_the_last_phase_the_world_is_as_without_looking),
        PROMPT_TEST(undo_from_inside_a_kernel_entry_takes_the_whole_command_back),
        PROMPT_TEST(the_same_acts_give_the_same_world),
        cmocka_unit_test(whatever_is_done_the_rules_hold_and_undo_finds_the_way_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
