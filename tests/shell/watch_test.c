/* SPDX-License-Identifier: BSD-2-Clause */
/* Watchpoints, both ways; and who wrote a register, a word of memory, a message word last. */
#include "shell/typing.h"

#include <string.h>

/* faulter has a page at 0x10000000, faults once at 0x20000000, and rootserver has the message. */
static void a_fault_and_a_page(void **state)
{
    struct typist *t = *state;
    say_all(state, "new thread faulter\n"
                   "new endpoint ep\n"
                   "new frame page\n"
                   "setspace faulter fault_ep 8\n"
                   "mint ep faulter_cspace/8 badge 0xcafe\n"
                   "tables faulter_vspace 0x10000000\n"
                   "map page faulter_vspace 0x10000000\n");
    session_start(t->shell.session);
    say(state, "as faulter");
    say(state, "write 0x10000000 0x2a");
    say(state, "read 0x10000000");
    say(state, "read 0x20000000");
    say(state, "as rootserver");
    say(state, "recv ep");
}

static void last_write_names_the_instruction(void **state)
{
    a_fault_and_a_page(state);
    assert_says(say(state, "last write faulter [0x10000000]"),
                "@0: faulter's `mov [0x10000000], rax` at 0x7ff000: 0x0 became 0x2a.");
    assert_says(say(state, "last write faulter.rax"),
                "@1: faulter's `mov rax, [0x10000000]` at 0x7ff000: 0x2a again, as it was.");
}

static void last_write_names_what_the_kernel_did_and_the_phase(void **state)
{
    a_fault_and_a_page(state);
    const char *said = say(state, "last write mr[1]");
    assert_says(said, "the kernel, when the message goes from faulter to rootserver: ");
    assert_says(said, "@4.");
    say(state, "reply");
    say(state, "recv ep");
    assert_says(say(state, "last write mr[1]"), "again, as it was.");
}

static void last_write_names_the_command_of_a_person(void **state)
{
    a_fault_and_a_page(state);
    say(state, "setmr 7 0x77");
    assert_says(say(state, "last write mr[7]"), "you, with `setmr 7 0x77`: ");
    assert_says(say(state, "last write rootserver.mr[7]"), "you, with `setmr 7 0x77`: ");
}

static void last_write_of_what_nobody_wrote_says_so(void **state)
{
    a_fault_and_a_page(state);
    assert_says(say(state, "last write faulter.r13"), "Nobody has written that since the start.");
    assert_says(say(state, "last write ep"), "Retype");
    assert_says(blunder(state, "last write faulter [0x30000000]"), "nothing is mapped");
    assert_says(blunder(state, "last write faulter [0x10000000] 3"), "no word has 3 bytes");
    assert_says(blunder(state, "last write nobody"), "knows nothing called `nobody`");
    assert_says(blunder(state, "last write mr[120]"), "has no word 120");
    assert_says(blunder(state, "last write"), "the last what?");
}

/* A look leaves everything as it is, in the past and inside a kernel entry, too. */
static void last_write_changes_nothing(void **state)
{
    struct typist *t = *state;
    static const char *const places[] = { "goto now", "goto @1", "goto @2.2", "goto start" };
    a_fault_and_a_page(state);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        say(state, places[i]);
        uint64_t before = typist_hash(state);
        struct position at = session_position(t->shell.session);
        bool is_past = session_is_past(t->shell.session);
        size_t events = session_event_count(t->shell.session);
        say(state, "last write faulter.rax");
        say(state, "last write faulter.rip");
        say(state, "last write faulter [0x10000000]");
        struct position then = session_position(t->shell.session);
        assert_int_equal(typist_hash(state), before);
        assert_int_equal(then.step, at.step);
        assert_int_equal(then.phase, at.phase);
        assert_int_equal(session_is_past(t->shell.session), is_past);
        assert_int_equal(session_event_count(t->shell.session), events);
        assert_int_equal(session_branches(t->shell.session), 1);
    }
}

static void registers_still_marks_what_the_last_command_changed(void **state)
{
    a_fault_and_a_page(state);
    char before[4096];
    snprintf(before, sizeof before, "%s", say(state, "registers"));
    say(state, "last write rsi");
    assert_string_equal(say(state, "registers"), before);
}

static void a_value_that_changes_there_and_back_is_found(void **state)
{
    a_fault_and_a_page(state);
    say(state, "undo 2");
    say(state, "as faulter");
    say(state, "write 0x10000000 1");
    say(state, "write 0x10000000 0x2a");
    assert_says(say(state, "last write [0x10000000]"), ": 0x1 became 0x2a.");
    say(state, "back 1");
    assert_says(say(state, "last write [0x10000000]"), ": 0x2a became 0x1.");
}

static void a_watchpoint_stops_behind_each_change(void **state)
{
    a_fault_and_a_page(state);
    say(state, "goto start");
    assert_says(say(state, "watch faulter [0x10000000]"),
                "watchpoint 1: faulter [0x10000000], now 0x0");
    assert_says(say(state, "continue"), "Watchpoint 1, at @1: faulter [0x10000000] was 0x0 and is");
    assert_null(strstr(say(state, "continue"), "Watchpoint"));
    assert_says(say(state, "breaks"), "1  watch faulter [0x10000000]");
    say(state, "delete-break 1");
    assert_says(say(state, "breaks"), "no breakpoints");
}

static void a_watchpoint_works_backwards(void **state)
{
    a_fault_and_a_page(state);
    say(state, "watch faulter.rax");
    const char *said = say(state, "reverse-continue");
    assert_says(said, "Watchpoint 1: with what comes next faulter.rax goes from 0x0 to 0x2a.");
    assert_says(said, "@0, ");
    assert_says(say(state, "continue"), "faulter.rax was 0x0 and is 0x2a");
    say(state, "goto now");
    say(state, "rc");
    assert_says(say(state, "rc"), "never met before: this is the start");
}

static void watching_an_expression_sees_states(void **state)
{
    a_fault_and_a_page(state);
    assert_says(say(state, "watch faulter.state"), "now \"blocked on reply\"");
    assert_says(say(state, "rc"), "goes from \"blocked on send\"");
    assert_says(say(state, "rc"), "goes from \"running\"");
    assert_says(say(state, "continue"), "was \"running\" and is \"blocked on send\"");
    assert_says(blunder(state, "watch nobody.rax"), "no thread is called");
    assert_says(blunder(state, "watch [0x30000000]"), "nothing is mapped");
}

/* A loop of some length: the search goes farther and farther back. */
static void far_writes_are_found(void **state)
{
    a_fault_and_a_page(state);
    say(state, "new thread worker");
    say(state, "as worker");
    say(state, "write 0x7fe000 0x11");
    say(state, "asm \"mov rcx, 300000; mov r12, 5; dec rcx; jnz 0x7ff00e\"");
    say(state, "expect worker.rcx == 0");
    assert_says(say(state, "last write r12"), "mov r12, 0x5");
    assert_says(say(state, "last write rcx"), "`dec rcx` at 0x7ff00e: 0x1 became 0x0.");
    assert_says(say(state, "last write [0x7fe000]"), "0x0 became 0x11");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(last_write_names_the_instruction),
        TYPED_TEST(last_write_names_what_the_kernel_did_and_the_phase),
        TYPED_TEST(last_write_names_the_command_of_a_person),
        TYPED_TEST(last_write_of_what_nobody_wrote_says_so),
        TYPED_TEST(last_write_changes_nothing),
        TYPED_TEST(registers_still_marks_what_the_last_command_changed),
        TYPED_TEST(a_value_that_changes_there_and_back_is_found),
        TYPED_TEST(a_watchpoint_stops_behind_each_change),
        TYPED_TEST(a_watchpoint_works_backwards),
        TYPED_TEST(watching_an_expression_sees_states),
        TYPED_TEST(far_writes_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
