/* SPDX-License-Identifier: BSD-2-Clause */
/* Events that are held no more: whoever holds few of them finds what somebody finds who holds all. */
#include "world/lesson.h"

enum { FEW = 1024, LONG_AGO = 20000, BOOTED = 40 };

struct pair {
    struct session *all, *few;
};

/* A fault at first, then a loop of system calls for a long time. */
static void live_through(struct session *s)
{
    first_fault(s);
    sit(s, "rootserver");
    do_call(s, "seL4_CNode_Delete", cptr(s, "handler_cspace"), 0, NULL, 2, 64);
    new_thread(s, "looper");
    sit(s, "looper");
    /* mov rdx, -7 (Yield); syscall; jmp to the start */
    do_asm(s, "mov rax, 0xfff9c2c748; mov rcx, 0xf5eb050fffff; mov [0x7fe000], rax;"
              "mov [0x7fe005], rcx; mov rax, 0x7fe000; jmp rax");
    session_limit(s, LONG_AGO);
    session_begin(s, "continue");
    assert_int_equal(session_run(s, NULL).kind, STOP_LIMIT);
    session_limit(s, 0);
}

static int open_pair(void **state)
{
    static struct pair pair;
    void *one = NULL;
    if (prompt_open(&one) != 0) return -1;
    pair.all = one;
    if (prompt_open(&one) != 0) return -1;
    pair.few = one;
    session_event_limit(pair.few, FEW);
    live_through(pair.all);
    live_through(pair.few);
    *state = &pair;
    return 0;
}

static int close_pair(void **state)
{
    struct pair *pair = *state;
    session_close(pair->all);
    session_close(pair->few);
    return 0;
}

#define PAIR_TEST(f) cmocka_unit_test_setup_teardown(f, open_pair, close_pair)

static uint64_t hash(const struct session *s)
{
    return arena_hash(session_world_at(s));
}

static bool is_kind(void *context, const struct session *s, size_t i, const struct event *e)
{
    (void)s, (void)i;
    return e->kind == *(const enum event_kind *)context;
}

static void assert_same_event(const struct pair *pair, size_t i)
{
    assert_true(session_event_hold(pair->few, i));
    const struct event *a = session_event(pair->all, i), *b = session_event(pair->few, i);
    struct position at = session_event_position(pair->all, i),
                    bt = session_event_position(pair->few, i);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->thread, b->thread);
    assert_memory_equal(a->arg, b->arg, sizeof a->arg);
    assert_int_equal(at.step, bt.step);
    assert_int_equal(at.phase, bt.phase);
}

static void every_event_can_be_held_again(void **state)
{
    struct pair *pair = *state;
    size_t count = session_event_count(pair->all);
    uint64_t now = hash(pair->few);
    assert_int_equal(session_event_count(pair->few), count);
    assert_int_equal(session_first_event(pair->all), 0);
    assert_in_range(session_first_event(pair->few), count - FEW, count - 1);
    assert_false(session_event_is_held(pair->few, 100));
    for (size_t i = 40; i < count; i += 997) assert_same_event(pair, i);
    assert_same_event(pair, count - 1);
    assert_int_equal(hash(pair->few), now);
    assert_false(session_is_past(pair->few));
}

static void the_last_of_a_kind_is_found_however_long_ago(void **state)
{
    struct pair *pair = *state;
    for (enum event_kind kind = 0; kind < EVENT_KIND_COUNT; kind++) {
        size_t count = session_event_count(pair->all);
        size_t here = session_event_last(pair->all, count, is_kind, &kind);
        assert_int_equal(session_event_last(pair->few, count, is_kind, &kind), here);
        if (here != EVENT_NONE) assert_same_event(pair, here);
    }
}

static void the_first_and_the_last_few_are_found_in_order(void **state)
{
    struct pair *pair = *state;
    enum event_kind kind = EVENT_STATE;
    for (unsigned backwards = 0; backwards < 2; backwards++) {
        struct event_search q = { .from = 50,
                                  .to = session_event_count(pair->all) / 2,
                                  .backwards = backwards,
                                  .most = 20,
                                  .takes = is_kind,
                                  .context = &kind },
                            few = q;
        assert_true(session_events_find(pair->all, &q));
        assert_true(session_events_find(pair->few, &few));
        assert_int_equal(q.count, 20);
        assert_int_equal(few.count, q.count);
        assert_memory_equal(few.found, q.found, sizeof q.found[0] * q.count);
    }
}

/* The same moves in both; where they lead must be the same. */
static void assert_together(const struct pair *pair)
{
    struct position a = session_position(pair->all), b = session_position(pair->few);
    assert_int_equal(a.step, b.step);
    assert_int_equal(a.phase, b.phase);
    assert_int_equal(hash(pair->all), hash(pair->few));
    assert_int_equal(session_event_count(pair->all), session_event_count(pair->few));
}

static void back_knows_an_entry_from_an_instruction_before_what_is_held(void **state)
{
    struct pair *pair = *state;
    struct problem p;
    for (word_t step = 9000; step < 9003; step++) {
        assert_true(session_goto(pair->all, (struct position){ .step = step }, &p));
        assert_true(session_goto(pair->few, (struct position){ .step = step }, &p));
        for (unsigned i = 0; i < 12; i++) {
            assert_true(session_back(pair->all) && session_back(pair->few));
            assert_together(pair);
        }
        for (unsigned i = 0; i < 12; i++) {
            assert_true(session_back_next(pair->all) && session_back_next(pair->few));
            assert_together(pair);
        }
    }
}

static void reverse_continue_finds_a_fault_before_what_is_held(void **state)
{
    struct pair *pair = *state;
    const struct breakpoint fault = { .watch.kind = WATCH_FAULT };
    session_break_add(pair->all, &fault);
    session_break_add(pair->few, &fault);
    struct stop here = session_back_run(pair->all, NULL), there = session_back_run(pair->few, NULL);
    assert_int_equal(here.kind, STOP_BREAK);
    assert_int_equal(there.kind, STOP_BREAK);
    assert_int_equal(there.event.kind, EVENT_FAULT);
    assert_int_equal(here.event.thread, there.event.thread);
    assert_together(pair);
}

static void a_fault_before_what_is_held_is_found_by_its_number(void **state)
{
    struct pair *pair = *state;
    struct problem p;
    assert_true(session_goto_fault(pair->all, 1, &p) && session_goto_fault(pair->few, 1, &p));
    assert_together(pair);
    assert_false(session_goto_fault(pair->few, 2, &p));
}

static void a_branch_from_long_ago_holds_its_own_events(void **state)
{
    struct pair *pair = *state;
    struct session *both[] = { pair->all, pair->few };
    struct problem p;
    for (unsigned i = 0; i < 2; i++) {
        assert_true(session_goto(both[i], (struct position){ .step = 9000 }, &p));
        session_begin(both[i], "continue");
        sit(both[i], "rootserver");
        do_call(both[i], "seL4_DebugPutChar", 'a', 0, NULL);
    }
    assert_together(pair);
    size_t count = session_event_count(pair->few);
    assert_int_equal(session_events_known(pair->few), count);
    for (size_t i = count - 3000; i < count; i += 13) assert_same_event(pair, i);
    session_branch_go(pair->all, 0);
    session_branch_go(pair->few, 0);
    assert_together(pair);
    assert_same_event(pair, 60);
}

/* A count that began now is that of who has held all from the start, wherever one stands. */
static void assert_same_tally(const struct pair *pair, enum watch_kind kind)
{
    const struct watch watch = { .kind = kind };
    size_t count = session_event_count(pair->few), whole = 0;
    for (size_t i = BOOTED; i < count; i++) {
        if (!session_event_hold(pair->all, i)) fail();
        whole += watch_matches(session_world_at(pair->all), &watch, session_event(pair->all, i));
    }
    assert_int_equal(session_event_tally(pair->few, &watch, BOOTED, count), whole);
    assert_int_equal(session_event_tally(pair->all, &watch, BOOTED, count), whole);
}

static void what_is_held_no_more_is_counted_here_in_the_past_and_on_a_branch(void **state)
{
    struct pair *pair = *state;
    struct session *both[] = { pair->all, pair->few };
    struct problem p;
    assert_same_tally(pair, WATCH_SWITCH);
    for (unsigned i = 0; i < 2; i++)
        assert_true(session_goto(both[i], (struct position){ .step = 9000 }, &p));
    assert_same_tally(pair, WATCH_SWITCH);
    assert_same_tally(pair, WATCH_STATE); /* counted in the past first */
    session_goto_end(pair->all);
    session_goto_end(pair->few);
    assert_same_tally(pair, WATCH_STATE);
    for (unsigned i = 0; i < 2; i++) {
        assert_true(session_goto(both[i], (struct position){ .step = 9000 }, &p));
        session_begin(both[i], "continue");
        sit(both[i], "rootserver");
        do_call(both[i], "seL4_DebugPutChar", 'a', 0, NULL);
    }
    assert_same_tally(pair, WATCH_SWITCH);
    assert_same_tally(pair, WATCH_STATE);
    session_branch_go(pair->all, 0);
    session_branch_go(pair->few, 0);
    assert_same_tally(pair, WATCH_SWITCH);
    assert_same_tally(pair, WATCH_STATE);
}

static void an_interrupted_first_count_is_not_kept(void **state)
{
    struct pair *pair = *state;
    static volatile sig_atomic_t flag;
    const struct watch watch = { .kind = WATCH_SWITCH };
    size_t count = session_event_count(pair->few);
    size_t whole = session_event_tally(pair->all, &watch, BOOTED, count);
    session_interrupt_flag(pair->few, &flag);
    flag = 1;
    assert_true(session_event_tally(pair->few, &watch, BOOTED, count) < whole);
    flag = 0;
    assert_int_equal(session_event_tally(pair->few, &watch, BOOTED, count), whole);
}

static void an_interrupted_search_says_so_and_stays_where_it_was(void **state)
{
    struct pair *pair = *state;
    static volatile sig_atomic_t flag;
    enum event_kind kind = EVENT_FAULT;
    uint64_t now = hash(pair->few);
    struct event_search q = { .to = session_event_count(pair->few),
                              .backwards = true,
                              .most = 1,
                              .takes = is_kind,
                              .context = &kind };
    session_interrupt_flag(pair->few, &flag);
    flag = 1;
    assert_false(session_events_find(pair->few, &q));
    assert_int_equal(hash(pair->few), now);
    flag = 0;
    assert_true(session_events_find(pair->few, &q));
    assert_int_equal(q.count, 1);
    session_interrupt_flag(pair->few, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAIR_TEST(every_event_can_be_held_again),
        PAIR_TEST(the_last_of_a_kind_is_found_however_long_ago),
        PAIR_TEST(the_first_and_the_last_few_are_found_in_order),
        PAIR_TEST(back_knows_an_entry_from_an_instruction_before_what_is_held),
        PAIR_TEST(reverse_continue_finds_a_fault_before_what_is_held),
        PAIR_TEST(a_fault_before_what_is_held_is_found_by_its_number),
        PAIR_TEST(a_branch_from_long_ago_holds_its_own_events),
        PAIR_TEST(what_is_held_no_more_is_counted_here_in_the_past_and_on_a_branch),
        PAIR_TEST(an_interrupted_first_count_is_not_kept),
        PAIR_TEST(an_interrupted_search_says_so_and_stays_where_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
