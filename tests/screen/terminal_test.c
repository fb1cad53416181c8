/* SPDX-License-Identifier: BSD-2-Clause */
/* The screen in a real terminal, under tmux (without it these are skipped): keys, sizes, Ctrl-Z, kinds of
 * terminals, guests' bytes; and a terminal that is sane afterwards. */
#include "screen/tmux.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COLOUR_TRIES = 12000 };

static void keys_move_the_machine_and_q_and_quit_leave(void **state)
{
    char text[TMUX_TEXT];
    (void)state;
    start_screen("");
    keys(": 'as handler' Enter 'recv fault_ep' Enter Escape");
    see("==> handler");
    keys("1");
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
    start_screen("");
    keys("C-z");
    see_the_shell();
    see("Stopped");
    keys("fg Enter");
    see("q quit");
    keys(": quit Enter");
    terminal_is_sane();
}

static void control_s_does_not_stop_the_picture(void **state)
{
    (void)state;
    start_screen("");
    keys("C-s 2");
    see("code of ");
    keys("C-z");
    see_the_shell();
    keys("fg Enter");
    see("code of ");
    keys("C-s 3");
    see("CSpace of ");
    keys(": quit Enter");
    terminal_is_sane();
}

static void control_c_stops_a_run_and_ends_nothing(void **state)
{
    (void)state;
    start_screen("");
    keys(": 'jump 0x7ff000' Enter");
    see("> jump 0x7ff000");
    see_it_run();
    keys("C-c");
    see("Interrupted");
    keys("Escape : quit Enter");
    terminal_is_sane();
}

static void control_c_is_heard_while_the_picture_is_drawn(void **state)
{
    (void)state;
    start_screen("");
    for (int i = 0; i < 20; i++) { /* a line that stayed open would take the next key */
        keys(": 'print 5' C-c");
        keys(i % 2 ? "3" : "2");
        see(i % 2 ? "CSpace of " : "code of ");
    }
    keys(": quit Enter");
    terminal_is_sane();
}

static void a_resize_in_mid_run_is_drawn_when_it_stops(void **state)
{
    char text[TMUX_TEXT];
    (void)state;
    start_screen("");
    keys(": 'jump 0x7ff000' Enter");
    see("> jump 0x7ff000");
    see_it_run();
    tmux("resize-window -t t -x 120 -y 40", text);
    keys("C-c");
    see("Interrupted");
    keys("Escape 1");
    see("registers of ");
    keys("q");
    see("rootserver@");
    keys("quit Enter");
    terminal_is_sane();
}

static void kinds_of_terminals_are_drawn_on_and_left_sane(void **state)
{
    static const char *const kinds[] = { "vt100", "linux", "screen", "xterm", "tmux-256color" };
    (void)state;
    tmux_or_skip();
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        char line[200];
        snprintf(line, sizeof line, "infocmp %s >/dev/null && TERM=%s " FAULTLINE " --screen",
                 kinds[i], kinds[i]);
        type_line(line);
        see("q quit");
        see("\u2500threads\u2500");
        keys(": quit Enter");
        see_the_shell();
        terminal_is_sane();
    }
}

static void unknown_and_dumb_terminals_are_refused(void **state)
{
    (void)state;
    tmux_or_skip();
    type_line("TERM=nonsense " FAULTLINE " --screen");
    see("no screen on a terminal of type nonsense");
    assert_int_equal(see_the_status(), 2);
    terminal_is_sane();
    type_line("TERM=dumb " FAULTLINE " --screen");
    see("no screen on a terminal of type dumb");
    assert_int_equal(see_the_status(), 2);
    terminal_is_sane();
}

/* Whether a colour is set on what the terminal shows: any of SGR 30 to 37, 90 to 97, 38. */
static bool has_colour(void)
{
    char text[TMUX_TEXT];
    tmux("capture-pane -e -p -t t", text);
    for (const char *at = text; (at = strstr(at, "\033[")); at++)
        if ((at[2] == '3' || at[2] == '9') && at[3] >= '0' && at[3] <= '8') return true;
    return false;
}

static void see_colour(void)
{
    for (int i = 0; i < COLOUR_TRIES && !has_colour(); i++) usleep(50000);
    assert_true(has_colour());
}

static void no_color_is_heard_and_an_option_wins(void **state)
{
    (void)state;
    start_screen("TERM=xterm-256color NO_COLOR=1");
    assert_false(has_colour());
    keys(": quit Enter");
    terminal_is_sane();
    type_line("TERM=xterm-256color NO_COLOR=1 " FAULTLINE " lesson 1 --screen --color=always");
    see("q quit");
    see_colour();
    keys(": quit Enter");
    terminal_is_sane();
    start_screen("TERM=xterm-256color");
    see_colour();
    keys(": quit Enter");
    terminal_is_sane();
}

/* From now on what reaches the terminal is kept, too. */
static void keep_bytes(void)
{
    char arguments[200], text[TMUX_TEXT];
    snprintf(arguments, sizeof arguments, "pipe-pane -t t 'cat >>%s/bytes'", tmux_folder());
    assert_int_equal(tmux(arguments, text), 0);
}

static bool bytes_hold(const char *what)
{
    char command[200];
    snprintf(command, sizeof command, "grep -qaF '%s' %s/bytes", what, tmux_folder());
    return system(command) == 0;
}

/* A title for the terminal's window, by a guest. */
static const char title[] = "mov rdx, -9; mov rdi, 27; syscall; mov rdi, 93; syscall; "
                            "mov rdi, 48; syscall; mov rdi, 59; syscall; mov rdi, 88; syscall; "
                            "mov rdi, 7; syscall";

static void no_byte_of_a_guest_reaches_the_terminal_raw(void **state)
{
    char line[400];
    (void)state;
    start_screen("");
    keep_bytes();
    snprintf(line, sizeof line, ": 'asm \"%s\"' Enter", title);
    keys(line);
    see("\\x1b]0;X\\x07");
    keys("Escape q");
    see("rootserver@");
    snprintf(line, sizeof line, "'asm \"%s\"' Enter", title);
    keys(line);
    see("console| \\x1b]0;X\\x07");
    keys("quit Enter");
    see_in_file("/bytes", "\nstatus-");
    assert_false(bytes_hold("\033]0;X"));
    terminal_is_sane();
}

static void the_plain_form_sends_text_and_line_ends_only(void **state)
{
    (void)state;
    tmux_or_skip();
    type_line("clear; " FAULTLINE " --plain lesson 1");
    see("rootserver@0>");
    keep_bytes();
    keys("'mint fault_ep faulter_cspace/fault badge 7' Enter threads Enter");
    see("thread: idle_thread");
    keys("'as handler' Enter screen Enter");
    see("handler@2>");
    keys("quit Enter");
    see_in_file("/bytes", "\nstatus-"); /* which comes last */
    assert_true(bytes_hold("thread: idle_thread"));
    assert_false(bytes_hold("\033"));
    terminal_is_sane();
}

static void the_plain_form_says_that_it_has_no_screen(void **state)
{
    (void)state;
    tmux_or_skip();
    type_line(FAULTLINE " --plain --screen lesson 1");
    see("In the plain form there is no screen");
    see("rootserver@0>");
    keys("quit Enter");
    terminal_is_sane();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TERMINAL_TEST(keys_move_the_machine_and_q_and_quit_leave),
        TERMINAL_TEST(control_z_gives_the_terminal_back_and_fg_returns),
        TERMINAL_TEST(control_s_does_not_stop_the_picture),
        TERMINAL_TEST(control_c_stops_a_run_and_ends_nothing),
        TERMINAL_TEST(control_c_is_heard_while_the_picture_is_drawn),
        TERMINAL_TEST(a_resize_in_mid_run_is_drawn_when_it_stops),
        TERMINAL_TEST(kinds_of_terminals_are_drawn_on_and_left_sane),
        TERMINAL_TEST(unknown_and_dumb_terminals_are_refused),
        TERMINAL_TEST(no_color_is_heard_and_an_option_wins),
        TERMINAL_TEST(no_byte_of_a_guest_reaches_the_terminal_raw),
        TERMINAL_TEST(the_plain_form_sends_text_and_line_ends_only),
        TERMINAL_TEST(the_plain_form_says_that_it_has_no_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
