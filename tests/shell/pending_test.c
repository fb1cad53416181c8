/* SPDX-License-Identifier: BSD-2-Clause */
/* Typed calls that end later: what they bring is said, and lands in the variables that were named. And the
 * marks of registers, the story of a long run, who runs when nobody does. */
#include "shell/typing.h"

#include <string.h>

static void a_pair(void **state)
{
    say_all(state, "new thread handler\n"
                   "new endpoint ep\n"
                   "copy ep handler_cspace/ep\n"
                   "mint ep badged badge 0x77\n");
}

static void a_call_that_was_looked_at_slowly_says_its_result(void **state)
{
    a_pair(state);
    assert_null(strstr(say(state, "slowly mint ep other badge 5"), "NoError"));
    assert_null(strstr(say(state, "step"), "NoError"));
    assert_says(say(state, "next"), "=  seL4_NoError");
    assert_null(strstr(say(state, "step -1"), "NoError"));
    say(state, "slowly mint badged again badge 5");
    assert_says(say(state, "next"), "seL4_IllegalOperation");
}

static void a_badge_is_set_when_the_receive_ends(void **state)
{
    a_pair(state);
    say(state, "as handler");
    say(state, "seL4_Recv(ep, &badge)");
    assert_says(blunder(state, "print badge"), "badge");
    say(state, "as rootserver");
    assert_says(say(state, "send badged"), "badge = 0x77");
    say(state, "expect badge == 0x77");
    say(state, "undo");
    assert_says(blunder(state, "print badge"), "badge");
    assert_says(say(state, "send badged"), "badge = 0x77");
}

static void slots_that_are_empty_by_now_are_named_apart(void **state)
{
    a_pair(state);
    assert_null(strstr(say(state, "caps"), "empty by now"));
    say(state, "delete badged");
    const char *said = say(state, "caps");
    assert_says(said, "  empty by now: badged (");
    assert_says(said, "  ep  ");
    assert_null(strstr(said, "  badged  "));
}

/* The thread went on from where it was started, however far it has come since. */
static void a_thread_that_ran_on_was_started_where_it_was_started(void **state)
{
    a_pair(state);
    say(state, "as handler");
    say(state, "write 0x7fe000 0x0b0f909090"); /* three nops and ud2 */
    say(state, "as rootserver");
    say(state, "suspend handler");
    say(state, "writeregs handler rip=0x7fe000");
    say(state, "setprio handler 255");
    say(state, "setprio rootserver 100");
    const char *said = say(state, "resume handler");
    assert_says(said, "user exception");
    assert_says(said, "handler restarts at 0x7fe000.");
}

static void registers_tells_what_was_typed_from_what_it_did(void **state)
{
    a_pair(state);
    say(state, "as handler");
    say(state, "asm \"mov rbx, 5\"");
    assert_says(say(state, "registers"), "rbx 0x5               *");
    say(state, "syscall rdx=99 rax=7");
    assert_says(say(state, "registers"), "rax 0x7               +");
    assert_says(say(state, "registers"), "+ set by typing it");
    assert_null(strstr(say(state, "registers"), "rbx 0x5               *"));
}

static void the_seat_has_its_turn_when_everybody_is_yours(void **state)
{
    a_pair(state);
    assert_says(say(state, "threads"), " >@ rootserver");
    say(state, "as handler");
    say(state, "recv ep");
    assert_null(strstr(say(state, "threads"), " >  "));
}

static void a_run_over_many_faults_is_told_by_their_number(void **state)
{
    struct typist *t = *state;
    a_pair(state);
    say(state, "new thread faulter");
    say(state, "setspace faulter fault_ep 8");
    say(state, "copy ep faulter_cspace/8");
    session_start(t->shell.session);
    say(state, "as faulter");
    say(state, "ud2");
    say(state, "as rootserver");
    for (unsigned i = 0; i < 6; i++) {
        say(state, "recv ep");
        say(state, "reply");
    }
    say(state, "goto start");
    const char *said = say(state, "continue");
    assert_says(said, "6 faults; `timeline` lists them. The last:");
    assert_says(said, "the same fault again");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(a_call_that_was_looked_at_slowly_says_its_result),
        TYPED_TEST(a_badge_is_set_when_the_receive_ends),
        TYPED_TEST(slots_that_are_empty_by_now_are_named_apart),
        TYPED_TEST(a_thread_that_ran_on_was_started_where_it_was_started),
        TYPED_TEST(registers_tells_what_was_typed_from_what_it_did),
        TYPED_TEST(the_seat_has_its_turn_when_everybody_is_yours),
        TYPED_TEST(a_run_over_many_faults_is_told_by_their_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
