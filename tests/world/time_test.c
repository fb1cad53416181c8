/* SPDX-License-Identifier: BSD-2-Clause */
/* Time goes both ways: wherever one goes on a branch, by whatever way, the machine is the same there. */
#include "world/lesson.h"

#include <stdlib.h>

enum { POSITIONS_MAX = 4096 };

static uint64_t hash(const struct session *s)
{
    return arena_hash(session_world_at(s));
}

static void go(struct session *s, word_t step)
{
    struct problem p;
    if (!session_goto(s, (struct position){ .step = step }, &p)) fail_msg("%s", p.text);
}

/* The first fault, mended: faulter's read goes through at last. */
static void solution(struct session *s)
{
    struct call_result r;
    first_fault(s);
    sit(s, "handler");
    do_call(s, "seL4_Reply", 0, 0, NULL);
    do_call(s, "seL4_Recv", cptr(s, "fault_ep"), 0, NULL);
    do_call(s, "seL4_X86_Page_Map", cptr(s, "frame"), 0, &r, cptr(s, "faulter_vspace"), HARM,
            RIGHTS_ALL, 0);
    do_call(s, "seL4_Reply", 0, 0, NULL);
    do_call(s, "seL4_Recv", cptr(s, "fault_ep"), 0, NULL);
}

static void load(struct session *s, const char *file)
{
    session_begin(s, "load");
    struct build b = build_load(s, file, "program");
    if (!b.ok) fail_msg("%s", b.problem.text);
}

/* Goes back from position to position, then forwards, in ways that differ. */
static void there_and_back(struct session *s)
{
    static uint64_t at[POSITIONS_MAX];
    word_t end = session_end(s).step;
    uint64_t last = hash(s);
    assert_in_range(end, 1, POSITIONS_MAX - 1);
    for (word_t i = end + 1; i-- > 0;) {
        go(s, i);
        at[i] = hash(s);
    }
    assert_int_equal(at[end], last);
    go(s, 0);
    while (session_is_past(s)) {
        session_next(s);
        struct position now = session_position(s);
        if (!now.phase && hash(s) != at[now.step])
            fail_msg("another world at @%llu", (unsigned long long)now.step);
    }
    assert_int_equal(hash(s), last);
    for (word_t i = 0; i <= end; i += 7) {
        go(s, i);
        assert_int_equal(hash(s), at[i]);
    }
    go(s, end);
    assert_int_equal(hash(s), last);
}

static void every_position_of_the_first_lesson_is_the_same_from_both_sides(void **state)
{
    struct session *s = *state;
    solution(s);
    there_and_back(s);
    session_checkpoint_limit(s, 1);
    there_and_back(s);
}

static void what_the_prompt_showed_is_what_goto_finds(void **state)
{
    struct session *s = *state;
    uint64_t seen[8];
    struct position where[8];
    first_session(s);
    for (unsigned i = 0; i < 8; i++) {
        seen[i] = hash(s);
        where[i] = session_position(s);
        session_sit(s, thread(s, i % 2 ? "handler" : "rootserver"));
        seen[i] = hash(s);
        do_call(s, i % 2 ? "seL4_Yield" : "seL4_DebugPutChar", 'a', 0, NULL);
    }
    for (unsigned i = 8; i-- > 0;) {
        go(s, where[i].step);
        assert_int_equal(hash(s), seen[i]);
    }
    assert_true(session_is_past(s));
    assert_int_equal(session_branches(s), 1);
}

static void going_back_event_by_event_and_forward_again_changes_nothing(void **state)
{
    struct session *s = *state;
    size_t first = session_event_count(s);
    solution(s);
    uint64_t last = hash(s);
    size_t events = session_event_count(s), console, console_then;
    session_console(s, &console);
    unsigned moves = 0;
    while (session_back(s)) moves++;
    assert_int_equal(session_position(s).step, 0);
    assert_int_equal(session_event_count(s), first);
    for (unsigned i = 0; i < moves; i++) session_step(s);

    assert_false(session_is_past(s));
    assert_int_equal(hash(s), last);
    assert_int_equal(session_event_count(s), events);
    session_console(s, &console_then);
    assert_int_equal(console_then, console);
}

static void back_stops_at_each_phase_that_step_stops_at(void **state)
{
    struct session *s = *state;
    uint64_t at[64];
    unsigned count = 0;
    first_session(s);
    sit(s, "handler");
    do_call(s, "seL4_Recv", cptr(s, "fault_ep"), 0, NULL);
    sit(s, "faulter");
    session_slowly(s, true);
    assert_int_equal(do_asm(s, "mov rax, [0x10000000]").kind, STOP_PHASE);
    do {
        assert_in_range(count, 0, 63);
        assert_int_equal(session_position(s).phase, count + 1);
        at[count++] = hash(s);
    } while (session_step(s).kind == STOP_PHASE);

    while (count-- > 0) {
        assert_true(session_back(s));
        assert_int_equal(session_position(s).phase, count + 1);
        assert_int_equal(hash(s), at[count]);
    }
    assert_true(session_back(s));
    assert_int_equal(session_position(s).phase, 0);
}

static void a_fault_is_found_by_its_number(void **state)
{
    struct session *s = *state;
    struct problem p;
    solution(s);

    assert_true(session_goto_fault(s, 2, &p));
    struct position second = session_position(s);
    assert_int_equal(session_step(s).kind, STOP_PHASE);
    assert_true(session_goto_fault(s, 1, &p));
    assert_true(session_position(s).step < second.step);
    assert_false(session_goto_fault(s, 3, &p));
    assert_string_equal(p.text, "there were only 2 faults so far");
}

static void a_position_that_is_not_there_is_refused(void **state)
{
    struct session *s = *state;
    struct problem p;
    first_fault(s);
    uint64_t before = hash(s);
    assert_false(session_goto(s, (struct position){ .step = 1u << 30 }, &p));
    assert_false(session_goto(s, (struct position){ .step = ~(word_t)0, .phase = ~0u }, &p));
    assert_int_equal(hash(s), before);
}

static void reverse_continue_stops_where_a_breakpoint_was_met(void **state)
{
    struct session *s = *state;
    solution(s);
    struct breakpoint faults = { .watch = { .kind = WATCH_FAULT } };
    unsigned number = session_break_add(s, &faults);
    struct problem p;
    assert_true(session_goto_fault(s, 2, &p));
    word_t second = session_position(s).step;
    assert_true(session_goto_fault(s, 1, &p));
    word_t first = session_position(s).step;
    session_goto_end(s);

    struct stop stop = session_back_run(s, NULL);
    assert_int_equal(stop.kind, STOP_BREAK);
    assert_int_equal(stop.number, number);
    assert_int_equal(session_position(s).step, second);
    assert_int_equal(session_back_run(s, NULL).kind, STOP_BREAK);
    assert_int_equal(session_position(s).step, first);
    assert_int_equal(session_back_run(s, NULL).kind, STOP_DONE);
    assert_int_equal(session_position(s).step, 0);
    assert_int_equal(session_run(s, NULL).kind, STOP_BREAK);
    assert_int_equal(session_position(s).step, first + 1);
}

/* A program of the tests that computes, prints and faults. */
static void a_program_runs_the_same_way_twice(void **state)
{
    struct session *s = *state;
    load(s, FAULTLINE_BUILD "/lessons/02-cap-fault/faulter.elf");
    word_t start = session_position(s).step;
    session_begin(s, "continue");
    session_run(s, NULL);
    word_t end = session_end(s).step;
    uint64_t last = hash(s);
    assert_true(end > start + 10);
    for (word_t i = end; i > start;
         i -= (end - start) / 9 + 1 < i - start ? (end - start) / 9 + 1 : i - start) {
        go(s, i);
        uint64_t here = hash(s);
        struct position there = session_position(s);
        session_checkpoint_limit(s, 1);
        session_back(s);
        session_goto(s, there, &(struct problem){ .text = "" });
        assert_int_equal(hash(s), here);
    }
    session_goto_end(s);
    assert_int_equal(hash(s), last);
}

static void steps_one_by_one_are_remembered_as_one_run(void **state)
{
    struct session *s = *state;
    load(s, FAULTLINE_BUILD "/lessons/02-cap-fault/faulter.elf");
    static uint64_t at[300];
    word_t start = session_position(s).step;
    session_begin(s, "step 1000");
    for (unsigned i = 0; i < 300; i++) {
        at[i] = session_position(s).phase || session_position(s).step != start + i ? 0 : hash(s);
        session_next(s);
    }
    for (unsigned i = 300; i-- > 0;) {
        if (!at[i]) continue;
        go(s, start + i);
        assert_int_equal(hash(s), at[i]);
    }
}

static void an_address_is_found_backwards(void **state)
{
    struct session *s = *state;
    load(s, FAULTLINE_BUILD "/lessons/02-cap-fault/faulter.elf");
    word_t loaded = session_position(s).step;
    session_begin(s, "step");
    for (unsigned i = 0; i < 6; i++) session_next(s);
    word_t ip = cpu_at(session_world_at(s))->rip, at = session_position(s).step;
    session_begin(s, "continue");
    session_run(s, NULL);
    session_break_add(s, &(struct breakpoint){ .on_address = true, .address = ip });

    assert_int_equal(session_back_run(s, NULL).kind, STOP_BREAK);
    assert_int_equal(cpu_at(session_world_at(s))->rip, ip);
    assert_in_range(session_position(s).step, loaded, at + 1000000);
    while (session_back_run(s, NULL).kind == STOP_BREAK) at = session_position(s).step;
    assert_true(at > loaded);
}

static void doing_otherwise_starts_a_branch_and_nothing_is_lost(void **state)
{
    struct session *s = *state;
    struct problem p;
    const char *next[2];
    solution(s);
    uint64_t last = hash(s);
    assert_true(session_goto_fault(s, 2, &p));
    go(s, session_position(s).step);
    word_t parted = session_position(s).step;
    sit(s, "rootserver");
    assert_int_equal(session_branches(s), 1);
    do_call(s, "seL4_DebugPutChar", 'x', 0, NULL);
    uint64_t other = hash(s);

    assert_int_equal(session_branches(s), 2);
    assert_true(session_branch(s, 1).is_present);
    assert_int_equal(session_branch(s, 1).parted.step, parted);
    assert_int_equal(session_branch_compare(s, 0, 1, next).step, parted);
    assert_string_equal(next[1], "seL4_DebugPutChar");
    assert_true(session_branch_name(s, "mine", &p));
    session_branch_go(s, session_branch_find(s, "main"));
    assert_int_equal(hash(s), last);
    session_branch_go(s, session_branch_find(s, "mine"));
    assert_int_equal(hash(s), other);
    assert_int_equal(session_branch_find(s, "branch_2"), 2);
}

/* Raises Ctrl-C after so many events. */
struct nuisance {
    volatile sig_atomic_t flag;
    unsigned left;
};

static void annoy(void *context, const struct session *s, size_t number, const struct event *e)
{
    struct nuisance *n = context;
    (void)s, (void)number, (void)e;
    if (n->left && --n->left == 0) n->flag = 1;
}

static void control_c_on_the_way_to_a_branch_leaves_a_machine_of_one_of_them(void **state)
{
    struct session *s = *state;
    struct nuisance n = { .flag = 0 };
    uint64_t end[2];
    solution(s);
    end[0] = hash(s);
    go(s, session_end(s).step - 12);
    sit(s, "rootserver");
    for (unsigned i = 0; i < 5; i++) do_call(s, "seL4_DebugPutChar", 'a', 0, NULL);
    end[1] = hash(s);
    session_events_tap(s, annoy, &n);
    session_interrupt_flag(s, &n.flag);
    for (unsigned i = 0; i < 120; i++) {
        size_t to = i % 2;
        n = (struct nuisance){ .flag = i % 5 == 0, .left = i };
        session_branch_go(s, to);
        n = (struct nuisance){ .flag = 0 };
        assert_null(kernel_check_invariants(session_world_at(s)));
        size_t at = session_branch(s, 0).is_present ? 0 : 1;
        word_t here = session_position(s).step;
        uint64_t now = hash(s);
        session_goto_start(s);
        go(s, here);
        if (session_is_past(s) && here) assert_int_equal(hash(s), now);
        session_goto_end(s);
        assert_int_equal(hash(s), end[at]);
    }
    session_interrupt_flag(s, NULL);
    session_events_tap(s, NULL, NULL);
}

static void a_seat_taken_in_the_past_starts_no_branch(void **state)
{
    struct session *s = *state;
    solution(s);
    uint64_t last = hash(s);
    go(s, session_end(s).step - 9);
    sit(s, "faulter");
    session_begin(s, "step");
    session_step(s);
    sit(s, "handler");
    session_finish_phases(s);
    session_begin(s, "continue");
    while (session_is_past(s)) session_next(s);

    assert_int_equal(session_branches(s), 1);
    session_goto_end(s);
    assert_int_equal(hash(s), last);
}

/* ---- by chance ---- */

static uint64_t dice(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void act_by_chance(struct session *s, uint64_t *seed)
{
    struct hand_act act = { .length = 2, .is_stub = dice(seed) % 2 };
    struct stop stop;
    struct problem p;
    act.code[0] = 0x0f;
    act.code[1] = dice(seed) % 8 ? 0x05 : 0x0b;
    act.set = 1u << REG_RDX | 1u << REG_RDI | 1u << REG_RSI;
    act.reg[REG_RDX] = -(dice(seed) % 16);
    act.reg[REG_RDI] = dice(seed) % 100;
    act.reg[REG_RSI] = message_info(dice(seed) % 60, 0, dice(seed) % 4, dice(seed) % 8);
    act.set_message = true;
    act.mr_count = (unsigned)(dice(seed) % 8);
    for (unsigned i = 0; i < 8; i++) act.mr[i] = dice(seed) % 128;
    hand_do(s, &act, &stop, &p);
}

static void move_by_chance(struct session *s, uint64_t *seed)
{
    struct problem p;
    word_t end = session_end(s).step;
    switch (dice(seed) % 10) {
    case 0: session_undo(s, (unsigned)(dice(seed) % 4)); break;
    case 1: session_step(s); break;
    case 2: session_next(s); break;
    case 3: session_run(s, NULL); break;
    case 4: session_slowly(s, true); break;
    case 5: session_back(s); break;
    case 6: session_back_next(s); break;
    case 7: session_goto(s, (struct position){ .step = dice(seed) % (end + 1) }, &p); break;
    case 8: session_goto_end(s); break;
    default: session_branch_go(s, dice(seed) % session_branches(s));
    }
}

static void command_by_chance(struct session *s, uint64_t *seed)
{
    static const char *const name[] = { "rootserver", "faulter", "handler", "program" };
    paddr_t tcb = thread(s, name[dice(seed) % 4]);
    if (tcb && dice(seed) % 2) session_sit(s, tcb);
    session_begin(s, "chance");
    if (dice(seed) % 3)
        act_by_chance(s, seed);
    else
        move_by_chance(s, seed);
}

/* Where a branch ends is the same when one comes from the start. */
static void there_from_the_start(struct session *s)
{
    if (session_is_past(s) || session_position(s).phase) return;
    uint64_t here = hash(s);
    session_goto_start(s);
    session_goto_end(s);
    assert_int_equal(hash(s), here);
}

/* Everything from the start, without checkpoints, gives the same worlds. */
static void agrees_with_straight_runs(struct session *s)
{
    size_t branches = session_branches(s);
    uint64_t *at = calloc(branches, sizeof *at);
    for (size_t i = 0; i < branches; i++) {
        session_branch_go(s, i);
        at[i] = hash(s);
        assert_null(kernel_check_invariants(session_world_at(s)));
    }
    session_checkpoint_limit(s, 1);
    for (size_t i = 0; i < branches; i++) {
        session_branch_go(s, i);
        session_goto_start(s);
        session_goto_end(s);
        if (hash(s) != at[i]) fail_msg("branch %zu of %zu differs", i, branches);
    }
    free(at);
}

static void random_walks_through_time_agree_with_straight_runs(void **state)
{
    (void)state;
    for (uint64_t round = 1; round <= 12; round++) {
        void *opened;
        uint64_t seed = round * UINT64_C(0x9e3779b97f4a7c15);
        assert_int_equal(prompt_open(&opened), 0);
        struct session *s = opened;
        first_session(s);
        load(s, FAULTLINE_BUILD "/lessons/02-cap-fault/faulter.elf");
        sit(s, "rootserver");
        session_start(s);
        if (round % 3 == 0) session_checkpoint_limit(s, 200000);
        if (round % 2 == 0) session_event_limit(s, 0);
        for (unsigned i = 0; i < 150; i++) {
            session_limit(s, 5000);
            command_by_chance(s, &seed);
            if (i % 5 == 0) there_from_the_start(s);
        }
        session_finish_phases(s);
        agrees_with_straight_runs(s);
        session_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROMPT_TEST(every_position_of_the_first_lesson_is_the_same_from_both_sides),
        PROMPT_TEST(what_the_prompt_showed_is_what_goto_finds),
        PROMPT_TEST(going_back_event_by_event_and_forward_again_changes_nothing),
        PROMPT_TEST(back_stops_at_each_phase_that_step_stops_at),
        PROMPT_TEST(a_fault_is_found_by_its_number),
        PROMPT_TEST(a_position_that_is_not_there_is_refused),
        PROMPT_TEST(reverse_continue_stops_where_a_breakpoint_was_met),
        PROMPT_TEST(a_program_runs_the_same_way_twice),
        PROMPT_TEST(steps_one_by_one_are_remembered_as_one_run),
        PROMPT_TEST(an_address_is_found_backwards),
        PROMPT_TEST(doing_otherwise_starts_a_branch_and_nothing_is_lost),
        PROMPT_TEST(control_c_on_the_way_to_a_branch_leaves_a_machine_of_one_of_them),
        PROMPT_TEST(a_seat_taken_in_the_past_starts_no_branch),
        cmocka_unit_test(random_walks_through_time_agree_with_straight_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
