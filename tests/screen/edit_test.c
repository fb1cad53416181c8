/* SPDX-License-Identifier: BSD-2-Clause */
/* `edit` in a real terminal, under tmux (without it these are skipped): the editor has the terminal, then
 * the screen or the prompt has it again, whatever the editor left behind. */
#include "screen/tmux.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* An editor that says so, waits for a line, and then does what `body` says with its file "$1". */
static void write_editor(const char *body)
{
    char path[200];
    snprintf(path, sizeof path, "%s/editor", tmux_folder());
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fprintf(out, "#!/bin/sh\nprintf '\\033[2Jthis is %%s\\n' editor\nread line\n%s\n", body);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(chmod(path, 0700), 0);
}

/* Starts the lesson with an exercise in it, with an editor of that name in our folder. */
static void start_exercise(const char *options, const char *editor)
{
    char line[300];
    tmux_or_skip();
    snprintf(line, sizeof line, "VISUAL= EDITOR=%s/%s " FAULTLINE " %s lesson 20", tmux_folder(),
             editor, options);
    type_line(line);
    see("Goal 1: ");
}

static void the_screen_lends_the_terminal_and_takes_it_back(void **state)
{
    char text[TMUX_TEXT];
    (void)state;
    tmux_or_skip();
    write_editor("echo '#include \"page_in.h\"' >\"$1\"");
    start_exercise("--screen", "editor");
    keys(": edit Enter");
    see("this is editor");
    tmux("capture-pane -p -t t", text);
    assert_null(strstr(text, "q quit"));
    tmux("resize-window -t t -x 120 -y 40", text);
    keys("Enter");
    see("takes it from now on");
    see("F8 run"); /* the bar of the wide screen, to its end */
    keys("Escape : quit Enter");
    terminal_is_sane();
}

static void what_the_compiler_says_stands_on_the_screen(void **state)
{
    (void)state;
    tmux_or_skip();
    write_editor("echo 'int main(void) { return x; }' >\"$1\"");
    start_exercise("--screen", "editor");
    keys(": edit Enter");
    see("this is editor");
    keys("Enter");
    see("pager.c:1:25: error");
    see("pager.c does not compile");
    keys("Escape : quit Enter");
    terminal_is_sane();
}

static void control_z_in_the_editor_stops_both_and_fg_returns_to_it(void **state)
{
    (void)state;
    tmux_or_skip();
    write_editor("exit 1");
    start_exercise("--screen", "editor");
    keys(": edit Enter");
    see("this is editor");
    keys("C-z");
    see("Stopped");
    see_the_shell();
    keys("'clear; fg' Enter");
    see("screen lesson 20"); /* says fg */
    keys("Enter");
    see("the editor ended badly");
    keys("Escape : quit Enter");
    terminal_is_sane();
}

static void an_editor_that_is_killed_leaves_the_terminal_as_it_was(void **state)
{
    static const char *const options[] = { "--screen", "" };
    (void)state;
    tmux_or_skip();
    write_editor("stty raw -echo; kill -9 $$");
    for (size_t i = 0; i < 2; i++) {
        start_exercise(options[i], "editor");
        keys(i == 0 ? ": edit Enter" : "edit Enter");
        see("this is editor");
        keys("Enter");
        see("the editor ended badly");
        keys(i == 0 ? "Escape : quit Enter" : "'print 6*7' Enter");
        if (i == 1) {
            see("(42)");
            keys("quit Enter");
        }
        terminal_is_sane();
    }
}

static void an_editor_that_is_not_there_is_named(void **state)
{
    (void)state;
    start_exercise("--screen", "nowhere");
    keys(": edit Enter");
    see("nowhere` does not start");
    see("export EDITOR=nano");
    keys("Escape : quit Enter");
    terminal_is_sane();
}

static void the_plain_form_has_an_editor_too(void **state)
{
    (void)state;
    tmux_or_skip();
    write_editor(":");
    start_exercise("--plain", "editor");
    keys("edit Enter");
    see("this is editor");
    keys("Enter");
    see("takes it from now on");
    keys("quit Enter");
    terminal_is_sane();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TERMINAL_TEST(the_screen_lends_the_terminal_and_takes_it_back),
        TERMINAL_TEST(what_the_compiler_says_stands_on_the_screen),
        TERMINAL_TEST(control_z_in_the_editor_stops_both_and_fg_returns_to_it),
        TERMINAL_TEST(an_editor_that_is_killed_leaves_the_terminal_as_it_was),
        TERMINAL_TEST(an_editor_that_is_not_there_is_named),
        TERMINAL_TEST(the_plain_form_has_an_editor_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
