/* SPDX-License-Identifier: BSD-2-Clause */
/* The screen in a real terminal, under tmux (without it these are skipped): keys, a resize, Ctrl-Z, an end
 * from outside; and a terminal that is sane afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sanitized.h"

#define FAULTLINE FAULTLINE_BUILD "/faultline"
enum { TEXT_MAX = 1 << 16, TRIES = 100, PAUSE = 100000 /* microseconds */ };

/* Runs tmux on a server of our own; what it writes is in `text`. */
static int tmux(const char *arguments, char *text)
{
    char command[600];
    snprintf(command, sizeof command,
             "env -u TMUX LC_ALL=C.UTF-8 tmux -L faultline-%d -f /dev/null %s 2>&1", (int)getpid(),
             arguments);
    FILE *in = popen(command, "r");
    size_t n = in ? fread(text, 1, TEXT_MAX - 1, in) : 0;
    text[n] = '\0';
    return in ? pclose(in) : -1;
}

static void keys(const char *names)
{
    char arguments[400], text[TEXT_MAX];
    snprintf(arguments, sizeof arguments, "send-keys -t t %s", names);
    assert_int_equal(tmux(arguments, text), 0);
}

/* Waits until a text is on the screen. */
static void see(const char *what)
{
    char text[TEXT_MAX];
    for (int i = 0; i < TRIES; i++) {
        tmux("capture-pane -p -t t", text);
        if (strstr(text, what)) return;
        usleep(PAUSE);
    }
    fail_msg("\"%s\" does not come; the screen:\n%s", what, text);
}

static int sit_down(void **state)
{
    char text[TEXT_MAX];
    (void)state;
    if (system("command -v tmux >/dev/null 2>&1") != 0) return 0;
    for (int i = 0; i < TRIES; i++) {
        if (tmux("new-session -d -s t -x 100 -y 30 env XDG_STATE_HOME=/dev/null "
                 "XDG_CONFIG_HOME=/dev/null PS1=ready: sh",
                 text) == 0)
            return 0;
        usleep(PAUSE);
    }
    return -1;
}

static int stand_up(void **state)
{
    char text[TEXT_MAX];
    (void)state;
    tmux("kill-server", text);
    usleep(PAUSE); /* its socket goes a little later */
    return 0;
}

/* A sanitized program is too slow to be waited for. */
static void start(void)
{
    if (SANITIZED || system("command -v tmux >/dev/null 2>&1") != 0) skip();
    see("ready:");
    keys("'" FAULTLINE " --screen lesson 1' Enter");
    see("quit");
    see("Lesson 1");
}

/* Waits until the shell has the terminal again: an Enter typed before that stays the carriage return that
 * it is in raw mode, and ends no line of the shell's. */
static void see_the_shell(void)
{
    char text[TEXT_MAX];
    for (int i = 0; i < TRIES; i++) {
        tmux("display-message -p -t t '#{pane_current_command}'", text);
        if (strcmp(text, "sh\n") == 0) return;
        usleep(PAUSE);
    }
    fail_msg("the shell does not come back: %s", text);
}

/* The shell is there, echoes what is typed, and the cursor is shown. */
static void terminal_is_sane(void)
{
    char text[TEXT_MAX];
    see_the_shell();
    keys("Enter clear Enter");
    usleep(2 * PAUSE);
    keys("'echo sa\"\"ne; stty -a | tr \";\" \"\\n\" | grep -c \" echo \"' Enter");
    see("echo sa\"\"ne");
    see("sane\n1\n");
    tmux("display-message -p -t t '#{cursor_flag} #{alternate_on}'", text);
    assert_string_equal(text, "1 0\n");
}

static void keys_move_the_machine_and_q_and_quit_leave(void **state)
{
    char text[TEXT_MAX];
    (void)state;
    start();
    keys(": 'as handler' Enter 'recv fault_ep' Enter Escape");
    see("handler recv ~");
    tmux("resize-window -t t -x 120 -y 40", text);
    see("registers of handler");
    tmux("resize-window -t t -x 40 -y 8", text);
    see("40x8: the screen wants 80x24");
    tmux("resize-window -t t -x 80 -y 24", text);
    see("what the kernel did");
    keys("q");
    see("(blocked on recv)>");
    keys("screen Enter");
    see("q quit");
    keys(": quit Enter");
    terminal_is_sane();
}

static void control_z_gives_the_terminal_back_and_fg_returns(void **state)
{
    (void)state;
    start();
    keys("C-z");
    see("Stopped");
    keys("fg Enter");
    see("quit");
    keys(": quit Enter");
    terminal_is_sane();
}

static void control_c_stops_a_run_and_ends_nothing(void **state)
{
    (void)state;
    start();
    keys(": 'jump 0x7ff000' Enter");
    usleep(3 * PAUSE);
    keys("C-c");
    see("Interrupted");
    keys("Escape : quit Enter");
    terminal_is_sane();
}

static void an_end_from_outside_leaves_a_sane_terminal(void **state)
{
    (void)state;
    start();
    keys("C-z");
    see("Stopped");
    keys("'kill -TERM %1; fg' Enter");
    usleep(5 * PAUSE);
    terminal_is_sane();
}

static void an_unknown_terminal_is_refused(void **state)
{
    (void)state;
    if (SANITIZED || system("command -v tmux >/dev/null 2>&1") != 0) skip();
    see("ready:");
    keys("'TERM=nonsense " FAULTLINE " --screen' Enter");
    see("no screen on a terminal of type nonsense");
    terminal_is_sane();
}

#define TERMINAL_TEST(test) cmocka_unit_test_setup_teardown(test, sit_down, stand_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TERMINAL_TEST(keys_move_the_machine_and_q_and_quit_leave),
        TERMINAL_TEST(control_z_gives_the_terminal_back_and_fg_returns),
        TERMINAL_TEST(control_c_stops_a_run_and_ends_nothing),
        TERMINAL_TEST(an_end_from_outside_leaves_a_sane_terminal),
        TERMINAL_TEST(an_unknown_terminal_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
