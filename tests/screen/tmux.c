/* SPDX-License-Identifier: BSD-2-Clause */
/* See tmux.h. */
#include "screen/tmux.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "place.h"
#include "process.h"
#include "sanitized.h"

enum { TRIES = 12000, PAUSE = 50000 /* microseconds */ };

static char folder[PLACE_SIZE];

static bool is_there(void)
{
    return system("command -v tmux >/dev/null 2>&1") == 0;
}

void tmux_or_skip(void)
{
    if (SANITIZED || !is_there()) skip();
    see_the_shell();
    see("ready:");
}

int tmux(const char *arguments, char *text)
{
    char command[900];
    snprintf(command, sizeof command,
             "env -u TMUX LC_ALL=C.UTF-8 tmux -S %s/socket -f /dev/null %s 2>&1", folder,
             arguments);
    FILE *in = popen(command, "r");
    size_t n = in ? fread(text, 1, TMUX_TEXT - 1, in) : 0;
    text[n] = '\0';
    return in ? pclose(in) : -1;
}

const char *tmux_folder(void)
{
    return folder;
}

int tmux_sit_down(void **state)
{
    char command[400], text[TMUX_TEXT];
    (void)state;
    if (SANITIZED || !is_there()) return 0;
    if (place_make(folder, "terminal") != 0) return -1;
    snprintf(command, sizeof command,
             "new-session -d -s t -x 100 -y 30 env XDG_STATE_HOME=%s XDG_CONFIG_HOME=/dev/null "
             "NO_COLOR= PS1=ready: sh",
             folder);
    for (int i = 0; i < TRIES; i++) {
        if (tmux(command, text) == 0 || tmux("has-session -t t", text) == 0) return 0;
        usleep(PAUSE);
    }
    return -1;
}

int tmux_stand_up(void **state)
{
    char text[TMUX_TEXT];
    (void)state;
    if (!*folder) return 0;
    tmux("kill-server", text);
    for (int i = 0; i < TRIES && tmux("list-sessions", text) == 0; i++) usleep(PAUSE);
    int status = place_remove(folder);
    folder[0] = '\0';
    return status == 0 ? 0 : -1;
}

void keys(const char *names)
{
    char arguments[700], text[TMUX_TEXT];
    snprintf(arguments, sizeof arguments, "send-keys -t t %s", names);
    assert_int_equal(tmux(arguments, text), 0);
}

void see(const char *what)
{
    char text[TMUX_TEXT];
    for (int i = 0; i < TRIES; i++) {
        tmux("capture-pane -p -t t", text);
        if (strstr(text, what)) return;
        usleep(PAUSE);
    }
    fail_msg("\"%s\" does not come; the screen:\n%s", what, text);
}

void see_the_shell(void)
{
    char text[TMUX_TEXT];
    for (int i = 0; i < TRIES; i++) {
        tmux("display-message -p -t t '#{pane_current_command}'", text);
        if (strcmp(text, "sh\n") == 0) return;
        usleep(PAUSE);
    }
    fail_msg("the shell does not come back: %s", text);
}

void type_line(const char *line)
{
    char names[600];
    see_the_shell();
    snprintf(names, sizeof names, "\"%s; echo status''-\\$?-\" Enter", line);
    keys(names);
}

int see_the_status(void)
{
    char text[TMUX_TEXT], *at = text;
    see("status-");
    see("-\nready:");
    tmux("capture-pane -p -t t", text);
    for (char *next = text; (next = strstr(next, "status-")); next++) at = next;
    return atoi(at + strlen("status-"));
}

void start_screen(const char *before)
{
    char line[300];
    tmux_or_skip();
    snprintf(line, sizeof line, "%s " FAULTLINE " --screen lesson 1", before);
    type_line(line);
    see("q quit");
    see("Lesson 1");
}

/* A process of that name in a terminal's session, whose leader is its shell. */
struct wanted {
    const char *name;
    int session;
};

static bool is_wanted(const struct process_look *look, const void *context)
{
    const struct wanted *w = context;
    return look->session == w->session && strcmp(look->name, w->name) == 0;
}

int see_the_process(const char *name)
{
    char text[TMUX_TEXT];
    tmux("display-message -p -t t '#{pane_pid}'", text);
    const struct wanted wanted = { name, atoi(text) };
    for (int i = 0; i < TRIES; i++) {
        int process = process_find(is_wanted, &wanted);
        if (process > 0) return process;
        usleep(PAUSE);
    }
    fail_msg("%s does not run", name);
    return 0;
}

void see_it_run(void)
{
    if (!process_works(see_the_process("faultline"))) fail_msg("the machine does not run");
}

void see_the_end(int process)
{
    struct process_look first, look = { .state = '?' };
    if (!process_look(process, &first)) return;
    for (int i = 0; i < TRIES; i++) {
        if (!process_look(process, &look) || look.state == 'Z') return;
        if (look.seconds > first.seconds + 20)
            fail_msg("it spins: %g seconds", look.seconds - first.seconds);
        usleep(PAUSE);
    }
    fail_msg("process %d stays, %c", process, look.state);
}

void terminal_is_sane(void)
{
    static unsigned
        times; /* what an earlier look has left on the screen is not taken for this one */
    char text[TMUX_TEXT], line[200];
    see_the_shell();
    snprintf(line, sizeof line, "Enter 'clear; echo cle\"\"ared %u' Enter", ++times);
    keys(line);
    snprintf(line, sizeof line, "cleared %u\nready:", times);
    see(line);
    keys("'echo sa\"\"ne; stty -a | tr \";\" \"\\n\" | grep -c \" echo \"' Enter");
    see("echo sa\"\"ne");
    see("sane\n1\n");
    tmux("display-message -p -t t '#{cursor_flag} #{alternate_on} #{mouse_any_flag}'", text);
    assert_string_equal(text, "1 0 0\n");
}

void see_in_file(const char *pattern, const char *what)
{
    char command[300], text[TMUX_TEXT] = "";
    snprintf(command, sizeof command, "find %s -path '*%s' -type f -exec cat {} + 2>/dev/null",
             folder, pattern);
    for (int i = 0; i < TRIES; i++) {
        FILE *in = popen(command, "r");
        size_t n = in ? fread(text, 1, sizeof text - 1, in) : 0;
        text[n] = '\0';
        if (in) pclose(in);
        if (strstr(text, what)) return;
        usleep(PAUSE);
    }
    fail_msg("\"%s\" is not in %s:\n%s", what, pattern, text);
}
