/* SPDX-License-Identifier: BSD-2-Clause */
/* The prompt: the one file that edits with GNU readline. Lines in, with history and completion; Ctrl-C
 * stops a run or clears the line, Ctrl-D leaves. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include <readline/readline.h>

#include "shell/commands.h"
#include "shell/leave.h"
#include "world/own.h"

enum { PATH_SIZE = 1024 };

/* readline's callbacks carry no context: this is the shell that is being typed at, and what Tab found. */
static struct {
    const struct shell *shell;
    char **found;
    size_t count, next;
} typing;

/* "@6", "@6.2", "@6 of 12". */
static void position_text(const struct session *s, char *text, size_t size)
{
    char here[48], of[48] = "";
    view_position(session_position(s), here, sizeof here);
    if (session_is_past(s))
        snprintf(of, sizeof of, " of %llu", (unsigned long long)session_end(s).step);
    snprintf(text, size, "%s%s", here, of);
}

void prompt_text(const struct shell *sh, char *text, size_t size)
{
    const struct world *w = session_world_at(sh->session);
    paddr_t seat = session_seat(sh->session);
    char name[NAME_SIZE + 16] = "nobody", at[96], blocked[48] = "";
    position_text(sh->session, at, sizeof at);
    if (seat) view_thread_name(sh->session, seat, name, sizeof name);
    word_t state = seat ? tcb_at(w, seat)->state : TCB_RUNNING;
    if (state != TCB_RUNNING && state != TCB_RESTART)
        snprintf(blocked, sizeof blocked, " (%s)", tcb_state_name(state));
    snprintf(text, size, "%s%s%s> ", name, at, blocked);
}

/* ---- Files of the person's ---- */

/* Settings are a script; what is wrong in it is said, and the prompt comes all the same. */
static void read_settings(struct shell *sh)
{
    char path[PATH_SIZE];
    struct problem p;
    if (own_settings(path, sizeof path, "rc") && access(path, R_OK) == 0) script_file(sh, path, &p);
}

/* ---- Completion ---- */

static void found(void *context, const char *text)
{
    (void)context;
    char **more = realloc(typing.found, (typing.count + 1) * sizeof *more);
    if (!more) return;
    typing.found = more;
    typing.found[typing.count] = strdup(text);
    if (typing.found[typing.count]) typing.count++;
}

static char *next_match(const char *text, int state)
{
    (void)text;
    if (state == 0) typing.next = 0;
    return typing.next < typing.count ? strdup(typing.found[typing.next++]) : NULL;
}

static bool wants_file(const char *line)
{
    line += strspn(line, " ");
    if (strncmp(line, "quietly ", 8) == 0) line += 8 + strspn(line + 8, " ");
    return strncmp(line, "source ", 7) == 0 || strncmp(line, "load ", 5) == 0 ||
           strncmp(line, "symbols ", 8) == 0;
}

static char **completion(const char *text, int start, int end)
{
    (void)end;
    rl_attempted_completion_over = 1;
    for (size_t i = 0; i < typing.count; i++) free(typing.found[i]);
    typing.count = 0;
    char line[PATH_SIZE];
    if ((size_t)snprintf(line, sizeof line, "%s", rl_line_buffer) >= sizeof line ||
        (size_t)start > strlen(line))
        return NULL;
    line[strlen(text) + (size_t)start] = '\0';
    complete(typing.shell, line, (size_t)start, found, NULL);
    rl_sort_completion_matches = 0; /* the first circle first */
    if (typing.count == 0 && wants_file(line))
        rl_attempted_completion_over = 0; /* readline's own */
    return typing.count ? rl_completion_matches(text, next_match) : NULL;
}

/* ---- Signals ---- */

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

static volatile sig_atomic_t suspended;

static void on_suspend(int number)
{
    (void)number;
    suspended = 1;
}

/* While a line is typed, or Enter is wanted, Ctrl-C and Ctrl-Z are held back but for the moments when the
 * next key is waited for: one that came between a look at the flag and the wait would be lost, and one before
 * the first key would stop us with the terminal in readline's hands. */
static sigset_t mask_of_waiting;

static void hold(void)
{
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTSTP);
    sigprocmask(SIG_BLOCK, &held, &mask_of_waiting);
}

static char *read_line(const char *prompt)
{
    struct sigaction before, heard = { .sa_handler = on_suspend };
    hold();
    sigaction(SIGTSTP, NULL, &before);
    if (before.sa_handler != SIG_IGN)
        sigaction(SIGTSTP, &heard, NULL); /* whoever started us decides */
    char *line = readline(prompt);
    sigaction(SIGTSTP, &before, NULL);
    sigprocmask(SIG_SETMASK, &mask_of_waiting, NULL);
    return line;
}

/* Ctrl-Z while a line is typed: not every shell mends the terminal that it gets back. */
static void suspend(void)
{
    struct sigaction heard, usual = { .sa_handler = SIG_DFL };
    sigset_t held;
    suspended = 0;
    rl_deprep_terminal();
    sigaction(SIGTSTP, &usual, &heard);
    raise(SIGTSTP);
    sigprocmask(SIG_SETMASK, &mask_of_waiting, &held); /* here it stops, and goes on */
    sigprocmask(SIG_SETMASK, &held, NULL);
    sigaction(SIGTSTP, &heard, NULL);
    rl_prep_terminal(1);
    rl_on_new_line();
    rl_forced_update_display();
}

/* One byte; Ctrl-C and Ctrl-Z are heard meanwhile. */
static ssize_t read_byte(FILE *in, unsigned char *c)
{
    fd_set ready;
    FD_ZERO(&ready);
    FD_SET(fileno(in), &ready);
    if (pselect(fileno(in) + 1, &ready, NULL, NULL, NULL, &mask_of_waiting) < 0) return -1;
    return read(fileno(in), c, 1);
}

/* Ctrl-C while a line is typed: the line is given up, an empty one ends. */
static int give_up_line(void)
{
    fputs("^C", rl_outstream);
    rl_replace_line("", 1);
    return '\n';
}

/* The next character. readline's own function would wait for one more after a signal. */
static int read_key(FILE *in)
{
    for (;;) {
        unsigned char c;
        if (leave_wanted()) return EOF;
        if (interrupted) return give_up_line();
        ssize_t n = read_byte(in, &c);
        if (n == 1) return c;
        if (n == 0 || errno != EINTR) return EOF;
        if (suspended) suspend();
        if (!interrupted) rl_check_signals(); /* the terminal's size */
    }
}

static void start_readline(const struct shell *sh)
{
    typing.shell = sh;
    rl_readline_name = "faultline";
    rl_attempted_completion_function = completion;
    rl_basic_word_break_characters = " \t\n\"(,=+-*&|<>!~^";
    rl_completer_word_break_characters = " \t\n\"(,=+-*&|<>!~^";
    rl_getc_function = read_key;
    rl_catch_signals = 0;
    if (sh->plain) { /* nothing but text and line ends */
        rl_terminal_name = "dumb";
        rl_variable_bind("enable-bracketed-paste", "off");
    }
    typed_open();
    struct sigaction action = { .sa_handler = on_interrupt };
    sigaction(SIGINT, &action, NULL);
    leave_listen(&interrupted);
}

/* `pause`: until Enter. */
static void wait_for_enter(struct shell *sh, unsigned long long seconds)
{
    unsigned char c = '\0';
    (void)seconds;
    if (!isatty(STDIN_FILENO)) return;
    fputs("  (Enter)", sh->out);
    fflush(sh->out);
    hold();
    while (c != '\n' && !interrupted && read_byte(stdin, &c) == 1) {
    }
    sigprocmask(SIG_SETMASK, &mask_of_waiting, NULL);
}

/* `edit`: whatever the editor leaves behind, the terminal is as it was. */
static void lend(struct shell *sh, bool away)
{
    static struct termios before;
    (void)sh;
    if (away)
        tcgetattr(STDIN_FILENO, &before);
    else
        tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
    interrupted = 0; /* Ctrl-C was the editor's */
}

/* ---- Lines ---- */

/* One logical line, malloc'ed: an open bracket or quote goes on behind `...>`. NULL at the end. */
static char *read_logical_line(const char *prompt)
{
    interrupted = 0;
    char *whole = read_line(prompt);
    while (whole && !interrupted && shell_line_is_open(whole) && strlen(whole) < LINE_SIZE) {
        char *more = read_line("...> ");
        if (!more) break;
        char *both = malloc(strlen(whole) + strlen(more) + 2);
        if (both) sprintf(both, "%s\n%s", whole, more);
        free(whole);
        free(more);
        whole = both;
    }
    if (whole && interrupted) *whole = '\0';
    return whole;
}

static bool is_blank(const char *line)
{
    return line[strspn(line, " \t\n")] == '\0';
}

/* Whether an empty line may do this one again: movement and views only. */
static bool repeats(const char *line)
{
    struct problem unused;
    char verb[NAME_SIZE];
    line += strspn(line, " \t");
    if (is_c(line)) return false;
    snprintf(verb, sizeof verb, "%.*s", (int)strcspn(line, " \t"), line);
    const struct command *c = command_find(verb, true, &unused);
    return c && c->flags & REPEATS;
}

static void keep(char **last, const char *line)
{
    free(*last);
    *last = repeats(line) ? strdup(line) : NULL;
    typed_keep(line);
}

static enum outcome do_line(struct shell *sh, const char *line, char **last)
{
    if (is_blank(line)) {
        if (!*last || interrupted) return OUTCOME_DONE;
        shell_say(sh, "  (%s)", *last);
        return shell_line(sh, *last);
    }
    keep(last, line);
    return shell_line(sh, line);
}

int prompt_run(struct shell *sh)
{
    char prompt[NAME_SIZE + 160], *last = NULL, *line;
    enum outcome outcome = OUTCOME_DONE;
    start_readline(sh);
    read_settings(sh);
    sh->typed = true;
    sh->host.pause = wait_for_enter;
    sh->host.lend = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) ? lend : NULL;
    sh->host.interrupt = &interrupted;
    session_interrupt_flag(sh->session, &interrupted);
    while (outcome != OUTCOME_QUIT && !leave_wanted()) {
        prompt_text(sh, prompt, sizeof prompt);
        line = read_logical_line(prompt);
        if (!line) {
            fputc('\n', sh->out);
            break;
        }
        if (!interrupted) outcome = do_line(sh, line, &last);
        free(line);
    }
    typed_save();
    free(last);
    for (size_t i = 0; i < typing.count; i++) free(typing.found[i]);
    free(typing.found);
    typing.found = NULL;
    typing.count = 0;
    session_interrupt_flag(sh->session, NULL);
    sh->host.interrupt = NULL;
    sh->host.pause = NULL;
    sh->host.lend = NULL;
    return 0;
}
