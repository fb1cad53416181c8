/* SPDX-License-Identifier: BSD-2-Clause */
/* A real terminal for tests: a shell in a window of tmux, on a server of the test's own. Nothing sleeps and
 * hopes: each function waits for what it names. */
#ifndef FAULTLINE_TESTS_SCREEN_TMUX_H
#define FAULTLINE_TESTS_SCREEN_TMUX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>

#define FAULTLINE FAULTLINE_BUILD "/faultline"
enum { TMUX_TEXT = 1 << 16 };

/* For cmocka: a shell, whose files lie in a folder of its own. */
int tmux_sit_down(void **state);
int tmux_stand_up(void **state);
#define TERMINAL_TEST(test) cmocka_unit_test_setup_teardown(test, tmux_sit_down, tmux_stand_up)

/* Leaves a test out where there is no tmux; a sanitized program is too slow to be waited for. */
void tmux_or_skip(void);
/* Runs tmux; what it writes is in `text`, of TMUX_TEXT bytes. */
int tmux(const char *arguments, char *text);
/* The folder where the program keeps what it keeps. */
const char *tmux_folder(void);
/* Presses keys, as tmux names them; text in quotes. */
void keys(const char *names);
/* Waits until a text is on the screen. */
void see(const char *what);
/* Waits until the shell has the terminal again: an Enter typed before that stays the carriage return that
 * it is in raw mode, and ends no line of the shell's. */
void see_the_shell(void);
/* Waits until the shell's last command has ended, which was typed by type_line(); its status. */
int see_the_status(void);
/* Types a line at the shell. */
void type_line(const char *line);
/* Starts the screen in lesson 1, with words in front of the command. */
void start_screen(const char *before);
/* The process of that name in the window; waits for it. */
int see_the_process(const char *name);
/* Waits until the machine runs that was told to: the line that says so is on the screen before its Enter is
 * read, and who is ended or pressed Ctrl-C at that moment has never typed it. */
void see_it_run(void);
/* Waits until a process is no more, and has not used seconds of the processor since. */
void see_the_end(int process);
/* The shell is there, echoes what is typed, and the cursor is shown. */
void terminal_is_sane(void);
/* What a file holds of which the name matches below the folder; waits until `what` stands in it. */
void see_in_file(const char *pattern, const char *what);

#endif
