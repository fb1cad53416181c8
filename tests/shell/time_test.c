/* SPDX-License-Identifier: BSD-2-Clause */
/* Time as it is typed: back, goto, timeline, branches. */
#include "shell/typing.h"

#include <string.h>

static const char *prompt(void **state)
{
    static char text[128];
    struct typist *t = *state;
    prompt_text(&t->shell, text, sizeof text);
    return text;
}

/* A pair that faults once: rootserver receives it. Steps count from here. */
static void a_fault(void **state)
{
    struct typist *t = *state;
    say_all(state, "new thread faulter\n"
                   "new endpoint ep\n"
                   "setspace faulter fault_ep 8\n"
                   "mint ep faulter_cspace/8 badge 0xcafe\n");
    session_start(t->shell.session);
    t->shell.start = session_event_count(t->shell.session);
    say(state, "as faulter");
    say(state, "read 0x10000000");
    say(state, "as rootserver");
    say(state, "recv ep");
}

static void the_prompt_says_where_one_is(void **state)
{
    a_fault(state);
    assert_string_equal(prompt(state), "rootserver@3> ");
    say(state, "goto @1");
    assert_string_equal(prompt(state), "rootserver@1 of 3> ");
    say(state, "goto start");
    assert_string_equal(prompt(state), "rootserver@0 of 3> ");
    say(state, "goto @0");
    assert_string_equal(prompt(state), "faulter@0 of 3> ");
    say(state, "step");
    assert_string_equal(prompt(state), "faulter@0.1 of 3> ");
    say(state, "goto now");
    assert_string_equal(prompt(state), "rootserver@3> ");
}

static void back_and_forth_is_the_same_everywhere(void **state)
{
    struct typist *t = *state;
    a_fault(state);
    uint64_t hash = arena_hash(session_world_at(t->shell.session));
    assert_says(say(state, "reverse-next"), "@1, 2 steps before the end of this branch");
    assert_says(say(state, "back 2"), "phase ");
    assert_says(say(state, "step -1"), "phase ");
    say(state, "next");
    say(state, "continue");
    assert_string_equal(prompt(state), "rootserver@3> ");
    assert_int_equal(arena_hash(session_world_at(t->shell.session)), hash);
    assert_says(say(state, "next -3"), "@0, 3 steps before the end of this branch: the start");
    assert_says(blunder(state, "back"), "this is the start");
}

static void the_step_out_of_a_kernel_entry_tells_all_of_it(void **state)
{
    a_fault(state);
    say(state, "goto @0.2");
    const char *said = "";
    for (int i = 0; i < 20 && !strstr(said, "VM fault: no page there"); i++)
        said = say(state, "step");
    assert_says(said, "VM fault: no page there. The kernel looks up faulter's");
}

static void a_step_in_the_past_tells_who_took_it(void **state)
{
    say(state, "new frame frame");
    say(state, "tables vspace 0x10000000");
    say(state, "map frame vspace 0x10000000");
    say(state, "read 0x10000000"); /* the seat's own last instruction */
    say(state, "new thread other");
    say(state, "as other");
    say(state, "asm \"mov rbx, 7\"");
    say(state, "yield");
    say(state, "reverse-next 3");
    say(state, "as rootserver");
    const char *said = say(state, "next");
    assert_says(said, "other ran: mov rbx, 0x7   rbx = 0x7");
    assert_null(strstr(said, "rax"));
    assert_says(say(state, "next"), "other enters the kernel"); /* no step is silent */
}

static void goto_takes_positions_and_nothing_else(void **state)
{
    a_fault(state);
    say(state, "goto fault 1");
    assert_string_equal(prompt(state), "faulter@0 of 3> ");
    assert_says(say(state, "goto @0.2"), "phase 2 of ");
    assert_says(blunder(state, "goto fault 2"), "there was only 1 fault so far");
    assert_says(blunder(state, "goto @4"), "this branch ends at @3");
    assert_says(blunder(state, "goto @0.99"), "phases");
    assert_says(blunder(state, "goto yesterday"), "is no position");
    assert_says(blunder(state, "goto @"), "is no position");
    assert_says(blunder(state, "goto @99999999999999999999"), "is no position");
    assert_says(blunder(state, "goto @1."), "is no position");
    assert_says(blunder(state, "goto"), "a position is missing");
}

static void a_refused_goto_stays_where_one_was(void **state)
{
    a_fault(state);
    assert_says(blunder(state, "goto fault 0"), "faults are counted from 1");
    say(state, "goto @1");
    assert_says(blunder(state, "goto @0.99"), "phases");
    assert_string_equal(prompt(state), "rootserver@1 of 3> ");
    say(state, "goto @0.2");
    assert_says(blunder(state, "goto @2.99"), "the entry at @2 has");
    assert_string_equal(prompt(state), "faulter@0.2 of 3> ");
    assert_says(blunder(state, "goto @77"), "this branch ends at @3");
    assert_string_equal(prompt(state), "faulter@0.2 of 3> ");
    say(state, "goto now");
    assert_says(blunder(state, "goto @2.99"), "the entry at @2 has");
    assert_false(session_is_past(((struct typist *)*state)->shell.session));
}

static void the_timeline_counts_what_it_leaves_out(void **state)
{
    say(state, "new thread a");
    assert_says(say(state, "timeline"), "earlier ones)");
    say(state, "goto start");
    assert_says(say(state, "timeline"), " later ones)");
}

static void who_wants_to_redo_is_told_how(void **state)
{
    assert_says(blunder(state, "redo"), "`branch NAME`");
}

static void the_timeline_has_positions_and_says_where_one_is(void **state)
{
    a_fault(state);
    const char *all = say(state, "timeline");
    assert_says(all, "@0.2     faulter faults");
    assert_says(all, "@3       you are here");
    say(state, "goto start");
    assert_says(say(state, "timeline fault vm"),
                "@0       you are here\n  @0.2     faulter faults");
    assert_says(say(state, "timeline ipc receiver rootserver"), "the message goes from faulter");
    assert_null(strstr(say(state, "timeline thread rootserver"), "faulter faults"));
    assert_says(blunder(state, "timeline thread nobody"), "no thread is called");
}

static void reverse_continue_finds_breakpoints_events_and_conditions(void **state)
{
    a_fault(state);
    assert_says(blunder(state, "rc"), "there is no breakpoint to go back to");
    assert_says(say(state, "rc ipc"), "Stopped here: the message goes from faulter");
    assert_string_equal(prompt(state), "rootserver@1 of 3> ");
    say(state, "break fault vm");
    assert_says(say(state, "rc"), "Breakpoint 1");
    assert_string_equal(prompt(state), "faulter@0 of 3> ");
    say(state, "goto now");
    say(state, "rc faulter.state == \"blocked on send\"");
    assert_string_equal(prompt(state), "rootserver@1 of 3> ");
    say(state, "goto now");
    assert_says(say(state, "rc error"), "never met before: this is the start");
}

static void doing_otherwise_starts_a_branch_that_has_a_name(void **state)
{
    a_fault(state);
    say(state, "goto @1");
    assert_says(say(state, "branches"), "* main");
    say(state, "signal 99");
    assert_says(say(state, "branches"), "* branch_2             parts at @1, ends at @3");
    assert_says(say(state, "branch other"), "This branch is called other now");
    struct typist *t = *state;
    uint64_t here = arena_hash(session_world_at(t->shell.session));
    const char *compared = say(state, "compare main other");
    assert_says(compared, "They part at @1");
    assert_says(compared, "main                 recv ep");
    assert_says(compared, "other                signal 99");
    assert_says(compared, "From @2 on the machines differ in (main | other):");
    assert_says(compared, "rootserver's rdi: 0x75 | 0x63\n");
    assert_int_equal(arena_hash(session_world_at(t->shell.session)), here);
    assert_says(say(state, "branches"), "* other                parts at @1, ends at @3");
    say(state, "branch main");
    say(state, "expect message.badge == 0xcafe");
    say(state, "undo");
    assert_says(say(state, "branches"), "undone_3");
    say(state, "branch undone_3");
    say(state, "expect message.badge == 0xcafe");
    assert_says(blunder(state, "branch no-name"), "is no name for a branch");
    assert_says(blunder(state, "compare main nobody"), "no branch is called `nobody`");
}

static void names_variables_and_the_console_come_back_too(void **state)
{
    a_fault(state);
    say(state, "x = 5");
    say(state, "seL4_DebugPutChar('a')");
    say(state, "name 300 here");
    say(state, "expect once printed \"a\"");
    say(state, "goto @1");
    assert_says(blunder(state, "print x"), "x");
    assert_int_equal(type(state, "expect once printed \"a\""), OUTCOME_CHECK);
    say(state, "goto now");
    say(state, "expect x == 5");
    say(state, "expect once printed \"a\"");
    say(state, "print here");
}

static void what_two_branches_left_in_memory_and_slots_is_compared(void **state)
{
    struct typist *t = *state;
    a_fault(state);
    say(state, "branch one");
    say(state, "goto start");
    say(state, "as faulter");
    say(state, "write 0x7fe008 0x1234");
    say(state, "branch other");
    const char *compared = say(state, "compare one other");
    assert_says(compared, "on the machines differ in (one | other):");
    assert_says(compared, "memory at 0x7fe008: 0x0 | 0x1234");
    size_t events = session_event_count(t->shell.session);
    say(state, "compare other other");
    say(state, "branch one");
    assert_says(say(state, "compare other one"), "memory at 0x7fe008: 0x1234 | 0x0");
    say(state, "branch other");
    assert_int_equal(session_event_count(t->shell.session), events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(the_prompt_says_where_one_is),
        TYPED_TEST(back_and_forth_is_the_same_everywhere),
        TYPED_TEST(the_step_out_of_a_kernel_entry_tells_all_of_it),
        TYPED_TEST(a_step_in_the_past_tells_who_took_it),
        TYPED_TEST(goto_takes_positions_and_nothing_else),
        TYPED_TEST(a_refused_goto_stays_where_one_was),
        TYPED_TEST(the_timeline_counts_what_it_leaves_out),
        TYPED_TEST(who_wants_to_redo_is_told_how),
        TYPED_TEST(the_timeline_has_positions_and_says_where_one_is),
        TYPED_TEST(reverse_continue_finds_breakpoints_events_and_conditions),
        TYPED_TEST(doing_otherwise_starts_a_branch_that_has_a_name),
        TYPED_TEST(what_two_branches_left_in_memory_and_slots_is_compared),
        TYPED_TEST(names_variables_and_the_console_come_back_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
