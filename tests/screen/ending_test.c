/* SPDX-License-Identifier: BSD-2-Clause */
/* How it ends from outside, in a real terminal under tmux: a signal, a window that is closed, at the screen,
 * at the prompt and while the machine runs. What was done is kept, nothing spins, the terminal is sane. */
#include "screen/tmux.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

enum place { AT_SCREEN, AT_PROMPT };

/* Somebody has typed a command; the machine runs, too. */
static void be_busy(enum place place, bool runs)
{
    if (place == AT_SCREEN) {
        start_screen("exec");
        keys(": 'mint fault_ep faulter_cspace/fault badge 7' Enter");
        see("seL4_NoError");
    } else {
        tmux_or_skip();
        type_line("exec " FAULTLINE " lesson 1");
        see("rootserver@0>");
        keys("'mint fault_ep faulter_cspace/fault badge 7' Enter");
        see("rootserver@2>");
    }
    if (!runs) return;
    keys("'jump 0x7ff000' Enter");
    see(place == AT_SCREEN ? "> jump 0x7ff000" : "2> jump 0x7ff000");
    see_it_run();
}

static void is_kept(bool ran)
{
    see_in_file("/history", "mint fault_ep faulter_cspace/fault badge 7");
    see_in_file("/sessions/*", "\nmint fault_ep faulter_cspace/fault badge 7\n");
    see_in_file("/sessions/*", "#. end");
    if (ran) see_in_file("/sessions/*", "\njump 0x7ff000\n");
}

static void end_by_closing(enum place place, bool runs)
{
    char text[TMUX_TEXT];
    be_busy(place, runs);
    int process = see_the_process("faultline");
    tmux("kill-window -t t", text);
    see_the_end(process);
    is_kept(runs);
}

static void a_closed_window_ends_the_screen_and_keeps_what_was_done(void **state)
{
    (void)state;
    end_by_closing(AT_SCREEN, false);
}

static void a_closed_window_ends_a_run_on_the_screen(void **state)
{
    (void)state;
    end_by_closing(AT_SCREEN, true);
}

static void a_closed_window_ends_the_prompt_and_keeps_what_was_done(void **state)
{
    (void)state;
    end_by_closing(AT_PROMPT, false);
}

static void a_closed_window_ends_a_run_at_the_prompt(void **state)
{
    (void)state;
    end_by_closing(AT_PROMPT, true);
}

/* A signal to a program that the shell has started; its status is the signal's. */
static void end_by(int number, const char *options, bool runs)
{
    char line[200];
    tmux_or_skip();
    snprintf(line, sizeof line, FAULTLINE " %s lesson 1", options);
    type_line(line);
    see(*options ? "q quit" : "rootserver@0>");
    if (runs) {
        keys(*options ? ": 'jump 0x7ff000' Enter" : "'jump 0x7ff000' Enter");
        see("> jump 0x7ff000");
        see_it_run();
    }
    int process = see_the_process("faultline");
    assert_int_equal(kill(process, number), 0);
    see_the_end(process);
    assert_int_equal(see_the_status(), 128 + number);
    if (runs) see_in_file("/sessions/*", "#. end");
    terminal_is_sane();
}

static void a_signal_ends_the_screen_and_the_terminal_is_sane(void **state)
{
    (void)state;
    end_by(SIGTERM, "--screen", false);
    end_by(SIGHUP, "--screen", false);
}

static void a_signal_ends_a_run_on_the_screen(void **state)
{
    (void)state;
    end_by(SIGTERM, "--screen", true);
}

static void a_signal_ends_the_prompt_and_its_run(void **state)
{
    (void)state;
    end_by(SIGTERM, "", false);
    end_by(SIGHUP, "", true);
}

static void a_signal_while_it_is_stopped_leaves_a_sane_terminal(void **state)
{
    (void)state;
    start_screen("");
    int process = see_the_process("faultline");
    keys("C-z");
    see_the_shell();
    see("Stopped");
    keys("'kill -TERM %1; fg' Enter");
    see_the_end(process);
    see_the_shell();
    terminal_is_sane();
}

/* A line of the host's shell, bounded; its status. */
static int status_of(const char *line)
{
    char command[400];
    snprintf(command, sizeof command, "timeout -k 1 600 sh -c '%s'", line);
    int status = system(command);
    return status & 0x7f ? -1 : status >> 8;
}

static void an_output_that_is_closed_ends_it_quietly(void **state)
{
    (void)state;
    assert_int_equal(status_of("test -z \"$(" FAULTLINE " lesson 1 <lessons/01-first-fault/"
                               "solution.fl 2>&1 >/dev/null | head -c 100)\""),
                     0);
    assert_int_equal(status_of(FAULTLINE " lesson </dev/null | head -1 >/dev/null"), 0);
    assert_int_equal(
        status_of("yes threads | " FAULTLINE " --max-steps 9 2>&1 | head -1 >/dev/null"), 0);
    assert_int_not_equal(
        status_of("trap \"\" PIPE; yes threads | head -20000 | " FAULTLINE " | head -1 >/dev/null"),
        124);
    assert_int_not_equal(status_of(FAULTLINE " --help >&-"), 124);
    assert_int_not_equal(status_of("echo threads | " FAULTLINE " >/dev/full"), 124);
}

static void an_input_that_is_closed_is_an_end(void **state)
{
    (void)state;
    assert_int_equal(status_of(FAULTLINE " <&- >/dev/null"), 0);
    assert_int_equal(status_of(FAULTLINE " --plain lesson 1 <&- >/dev/null"), 0);
    assert_int_equal(status_of(FAULTLINE " --screen <&- >/dev/null 2>&1"), 2);
}

static void a_file_that_is_opened_does_not_get_what_is_said(void **state)
{
    (void)state;
    assert_int_equal(
        status_of("d=$(mktemp -d) && echo \"say hello\" | " FAULTLINE
                  " --record $d/r >&-; grep -q \"^hello\" $d/r; s=$?; rm -r $d; exit $s"),
        1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TERMINAL_TEST(a_closed_window_ends_the_screen_and_keeps_what_was_done),
        TERMINAL_TEST(a_closed_window_ends_a_run_on_the_screen),
        TERMINAL_TEST(a_closed_window_ends_the_prompt_and_keeps_what_was_done),
        TERMINAL_TEST(a_closed_window_ends_a_run_at_the_prompt),
        TERMINAL_TEST(a_signal_ends_the_screen_and_the_terminal_is_sane),
        TERMINAL_TEST(a_signal_ends_a_run_on_the_screen),
        TERMINAL_TEST(a_signal_ends_the_prompt_and_its_run),
        TERMINAL_TEST(a_signal_while_it_is_stopped_leaves_a_sane_terminal),
        cmocka_unit_test(an_output_that_is_closed_ends_it_quietly),
        cmocka_unit_test(an_input_that_is_closed_is_an_end),
        cmocka_unit_test(a_file_that_is_opened_does_not_get_what_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
