/* SPDX-License-Identifier: BSD-2-Clause */
/* The prompt in a real terminal: history, Tab, empty lines, Ctrl-C, Ctrl-D. */
#include "shell/typing.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "place.h"
#include "process.h"

#define FAULTLINE FAULTLINE_BUILD "/faultline"

enum { SCREEN_SIZE = 1 << 16, PATIENCE = 600000 /* milliseconds */ };

/* Somebody at a terminal. */
struct person {
    pid_t child;
    int fd;
    char seen[SCREEN_SIZE];
    size_t size, read; /* up to where it has been waited for */
};

/* Of a program that is begun: the folder of the user's state, and arguments; NULL: none. */
struct visit {
    const char *state, *word, *lesson, *option;
    const char *program; /* NULL: faultline */
};

static void begin_child(const char *terminal, const char *term, const struct visit *visit)
{
    setsid();
    int fd = open(terminal, O_RDWR);
    ioctl(fd, TIOCSCTTY, 0);
    for (int i = 0; i < 3; i++) dup2(fd, i);
    setenv("TERM", term, 1);
    setenv("XDG_STATE_HOME", visit->state, 1);
    setenv("XDG_CONFIG_HOME", "/dev/null", 1);
    setenv("INPUTRC", "/dev/null", 1);
    execl(visit->program ? visit->program : FAULTLINE, "faultline", visit->word, visit->lesson,
          visit->option, (char *)NULL);
    _exit(127);
}

static struct person *sit_at(const char *term, const struct visit *visit)
{
    struct person *p = calloc(1, sizeof *p);
    p->fd = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(p->fd >= 0 && grantpt(p->fd) == 0 && unlockpt(p->fd) == 0);
    fcntl(p->fd, F_SETFD, FD_CLOEXEC); /* else nobody hangs up when a test has failed */
    char *terminal = strdup(ptsname(p->fd));
    p->child = fork();
    if (p->child == 0) begin_child(terminal, term, visit);
    free(terminal);
    return p;
}

static struct person *sit(const char *term)
{
    return sit_at(term, &(struct visit){ .state = "/dev/null" });
}

/* Waits until the text is on the screen, behind what was waited for before. */
static void see(struct person *p, const char *text)
{
    for (;;) {
        char *at = strstr(p->seen + p->read, text);
        if (at) {
            p->read = (size_t)(at - p->seen) + strlen(text);
            return;
        }
        struct pollfd ready = { .fd = p->fd, .events = POLLIN };
        ssize_t n = poll(&ready, 1, PATIENCE) > 0
                        ? read(p->fd, p->seen + p->size, SCREEN_SIZE - 1 - p->size)
                        : -1;
        if (n <= 0) fail_msg("\"%s\" does not come; the screen:\n%s", text, p->seen + p->read);
        for (ssize_t i = 0; i < n; i++)
            if (!p->seen[p->size + (size_t)i]) p->seen[p->size + (size_t)i] = ' ';
        p->size += (size_t)n;
    }
}

/* Waits until the machine runs: the line that is typed is seen before its Enter is read, and Ctrl-C at that
 * moment would clear it. */
static void see_it_run(struct person *p)
{
    see(p, "jump 0x7ff000");
    assert_true(process_works(p->child));
}

static void see_prompt(struct person *p)
{
    see(p, "rootserver@");
    see(p, "> ");
}

static void keys(struct person *p, const char *text)
{
    assert_int_equal(write(p->fd, text, strlen(text)), (ssize_t)strlen(text));
}

/* Waits for the end; the exit status. Who does not come to an end is ended, and has failed. */
static int leave(struct person *p)
{
    int status = -1;
    char rest[256];
    struct pollfd ready = { .fd = p->fd, .events = POLLIN };
    bool patient = true;
    do patient = poll(&ready, 1, PATIENCE) > 0;
    while (patient && read(p->fd, rest, sizeof rest) > 0);
    if (!patient) kill(p->child, SIGKILL);
    waitpid(p->child, &status, 0);
    close(p->fd);
    free(p);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* At root's prompt: types a line, and waits for the answer. */
static void ask(struct person *p, const char *text, const char *answer)
{
    see_prompt(p);
    keys(p, text);
    see(p, answer);
}

/* At root's prompt, for before it the terminal itself would take Ctrl-D. */
static void end_by(struct person *p, const char *text)
{
    see_prompt(p);
    keys(p, text);
    assert_int_equal(leave(p), 0);
}

static void an_empty_line_repeats_a_view_and_says_so(void **state)
{
    struct person *p = sit("xterm");
    (void)state;
    ask(p, "print 5\n", "0x5");
    ask(p, "\n", "(print 5)");
    see(p, "0x5");
    end_by(p, "quit\n");
}

static void an_empty_line_does_not_repeat_what_changes_things(void **state)
{
    struct person *p = sit("xterm");
    (void)state;
    ask(p, "new endpoint ep\n", "seL4_NoError");
    see_prompt(p);
    keys(p, "\n");
    ask(p, "print 7\n", "0x7");
    see_prompt(p);
    assert_null(strstr(p->seen, "(new endpoint"));
    keys(p, "quit\n");
    assert_int_equal(leave(p), 0);
}

static void control_c_clears_the_line_and_control_d_leaves(void **state)
{
    struct person *p = sit("xterm");
    (void)state;
    ask(p, "mint nonsense\x03", "^C");
    ask(p, "threads\n", "idle_thread");
    end_by(p, "\x04");
}

static void control_z_gives_the_shell_its_terminal_back(void **state)
{
    struct visit visit = { .state = "/dev/null", .word = "-i", .program = "/bin/sh" };
    (void)state;
    setenv("PS1", "the shell> ", 1);
    struct person *p = sit_at("xterm", &visit);
    unsetenv("PS1");
    see(p, "the shell> ");
    keys(p, FAULTLINE "\n");
    ask(p, "\x1a", "topped");
    see(p, "the shell> ");
    keys(p, "echo it is $((6 * 7))\r"); /* a terminal in readline's hands has no line ends */
    see(p, "it is 42");
    keys(p, "fg\r");
    ask(p, "print 5\r", "0x5");
    see_prompt(p);
    keys(p, "quit\r");
    see(p, "the shell> "); /* before that its line ends are none */
    keys(p, "exit\r");
    assert_int_equal(leave(p), 0);
}

static void control_c_stops_a_run(void **state)
{
    struct person *p = sit("xterm");
    (void)state;
    see_prompt(p);
    keys(p, "jump 0x7ff000\n");
    see_it_run(p);
    keys(p, "\x03");
    see(p, "Interrupted");
    ask(p, "undo\n", "Taken back: jump");
    end_by(p, "quit\n");
}

static void enter_or_control_c_ends_a_pause(void **state)
{
    struct person *p = sit("xterm");
    (void)state;
    for (int i = 0; i < 20; i++) {
        see_prompt(p);
        keys(p, "pause\n");
        see(p, "(Enter)");
        keys(p, i % 2 ? "\n" : "\x03");
    }
    end_by(p, "quit\n");
}

static void an_open_bracket_goes_on_in_the_next_line(void **state)
{
    struct person *p = sit("xterm");
    (void)state;
    ask(p, "print (1\n", "...> ");
    keys(p, "+ 2)\n");
    see(p, "0x3");
    ask(p, "print (1\n", "...> ");
    keys(p, "\x03");
    end_by(p, "quit\n");
}

static void tab_completes_a_command(void **state)
{
    struct person *p = sit("xterm");
    (void)state;
    ask(p, "thr\t\n", "idle_thread");
    end_by(p, "quit\n");
}

static void a_dumb_terminal_will_do(void **state)
{
    struct person *p = sit("dumb");
    (void)state;
    ask(p, "print 9\n", "0x9");
    end_by(p, "\x04");
}

/* A visit of lesson 1 by somebody who keeps progress and recordings in a new folder. */
static struct visit visit_lesson(char folder[PLACE_SIZE])
{
    assert_int_equal(place_make(folder, "again"), 0);
    return (struct visit){ .state = folder, .word = "lesson", .lesson = "1" };
}

/* Leaves at that prompt; the exit status. */
static int leave_at(struct person *p, const char *prompt)
{
    see(p, prompt);
    keys(p, "\x04");
    return leave(p);
}

/* A person at lesson 1 types the lines, each behind the prompt, and the process is killed. */
static void leave_in_the_middle(const struct visit *visit, const char *const lines[])
{
    struct person *p = sit_at("xterm", visit);
    for (; *lines; lines++) {
        see(p, "> ");
        keys(p, *lines);
    }
    see(p, "> ");
    kill(p->child, SIGKILL);
    leave(p);
}

static void again_goes_on_where_a_lesson_was_left(void **state)
{
    static const char *const lines[] = { "mint fault_ep faulter_cspace/fault badge 0xbeef\n",
                                         "as handler\n",
                                         "recv fault_ep\n",
                                         "as faulter\n",
                                         "nonsense\n",
                                         "read 0x10000000\n",
                                         NULL };
    char folder[PLACE_SIZE];
    (void)state;
    struct visit visit = visit_lesson(folder);
    leave_in_the_middle(&visit, lines);
    struct person *p = sit_at("xterm", &visit);
    see(p, "To go on where you left it: `faultline lesson 1 --again`");
    leave_at(p, "rootserver@0> ");
    visit.option = "--again";
    p = sit_at("xterm", &visit);
    see(p, "Goal 2");
    see(p, "of the last session done again");
    see(p, "faulter@");
    see(p, "> ");
    keys(p, "undo\n");
    see(p, "Taken back: read 0x10000000");
    see(p, "faulter@"); /* before that the terminal itself would take Ctrl-D */
    assert_int_equal(leave_at(p, "> "), 0);
    assert_int_equal(place_remove(folder), 0);
}

/* What a question held back, and what was asked for once only, is not done the second time either. */
static void again_asks_as_it_has_asked(void **state)
{
    static const char *const lines[] = { "mint fault_ep faulter_cspace/fault badge 0xbeef\n",
                                         "as handler\n",
                                         "recv fault_ep\n",
                                         "as faulter\n",
                                         "read 0x10000000\n",
                                         "reply\n",
                                         "reset\n",
                                         "as handler\n",
                                         NULL };
    char folder[PLACE_SIZE];
    (void)state;
    struct visit visit = visit_lesson(folder);
    leave_in_the_middle(&visit, lines);
    visit.option = "--again";
    struct person *p = sit_at("xterm", &visit);
    see(p, "of the last session done again");
    assert_int_equal(leave_at(p, "handler@5> "), 0);
    assert_int_equal(place_remove(folder), 0);
}

static void again_stops_at_a_line_that_control_c_ended_and_says_so(void **state)
{
    char folder[PLACE_SIZE];
    (void)state;
    struct visit visit = visit_lesson(folder);
    struct person *p = sit_at("xterm", &visit);
    see(p, "> ");
    keys(p, "as faulter\n");
    see(p, "faulter@0> ");
    keys(p, "jump 0x7ff000\n");
    see_it_run(p);
    keys(p, "\x03");
    see(p, "Interrupted");
    see(p, "faulter@");
    leave_at(p, "> ");
    visit.option = "--again";
    p = sit_at("xterm", &visit);
    see(p, "`jump 0x7ff000` is not done again: Ctrl-C had ended it.");
    assert_int_equal(leave_at(p, "faulter@0> "), 0);
    assert_int_equal(place_remove(folder), 0);
}

static void again_without_a_session_is_refused(void **state)
{
    (void)state;
    struct person *p = sit_at(
        "xterm", &(struct visit){
                     .state = "/dev/null", .word = "lesson", .lesson = "1", .option = "--again" });
    see(p, "no session of this lesson was recorded");
    assert_int_equal(leave(p), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_line_repeats_a_view_and_says_so),
        cmocka_unit_test(an_empty_line_does_not_repeat_what_changes_things),
        cmocka_unit_test(control_c_clears_the_line_and_control_d_leaves),
        cmocka_unit_test(control_z_gives_the_shell_its_terminal_back),
        cmocka_unit_test(control_c_stops_a_run),
        cmocka_unit_test(enter_or_control_c_ends_a_pause),
        cmocka_unit_test(an_open_bracket_goes_on_in_the_next_line),
        cmocka_unit_test(tab_completes_a_command),
        cmocka_unit_test(a_dumb_terminal_will_do),
        cmocka_unit_test(again_goes_on_where_a_lesson_was_left),
        cmocka_unit_test(again_asks_as_it_has_asked),
        cmocka_unit_test(again_stops_at_a_line_that_control_c_ended_and_says_so),
        cmocka_unit_test(again_without_a_session_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
