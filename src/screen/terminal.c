/* SPDX-License-Identifier: BSD-2-Clause */
/* The one file that knows curses: cells to the terminal, keys and sizes from it. The terminal is given
 * back as it was on every way out. */
#define _XOPEN_SOURCE_EXTENDED 1
#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "screen/screen.h"
#include "shell/leave.h"

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

/* By enum look. Beside colour each has a mark of its own: a sign in the text, or weight. */
static attr_t attributes[LOOK_COUNT];

static void choose_attributes(bool colour)
{
    int colours = 0;
    if (colour && has_colors() && start_color() == OK && use_default_colors() == OK)
        colours = COLORS;
    for (int look = 0; look < LOOK_COUNT; look++) {
        struct tint tint = look_tint((enum look)look, colours);
        attr_t a = 0;
        if (tint.attributes & LOOK_IS_BOLD) a |= A_BOLD;
        if (tint.attributes & LOOK_IS_REVERSE) a |= A_REVERSE;
        if (tint.attributes & LOOK_IS_UNDERLINED) a |= A_UNDERLINE;
        if (tint.colour >= 0 && init_pair((short)(look + 1), (short)tint.colour, -1) == OK)
            a |= (attr_t)COLOR_PAIR(look + 1);
        attributes[look] = a;
    }
}

/* Line characters by what a terminal without UTF-8 has of its own. */
static chtype line_of(uint32_t c)
{
    switch (c) {
    case 0x2500: return ACS_HLINE;
    case 0x2502: return ACS_VLINE;
    case 0x250c: return ACS_ULCORNER;
    case 0x2510: return ACS_URCORNER;
    case 0x2514: return ACS_LLCORNER;
    case 0x2518: return ACS_LRCORNER;
    case 0x251c: return ACS_LTEE;
    case 0x2524: return ACS_RTEE;
    case 0x252c: return ACS_TTEE;
    case 0x2534: return ACS_BTEE;
    case 0x253c: return ACS_PLUS;
    default: return '?';
    }
}

static void put_cell(int x, int y, const struct cell *cell, bool utf8)
{
    attr_t look = attributes[cell->look < LOOK_COUNT ? cell->look : LOOK_PLAIN];
    if (cell->c < 0x7f || !utf8) {
        chtype c = cell->c < 0x7f ? (chtype)cell->c : line_of(cell->c);
        mvaddch(y, x, c | (chtype)look);
        return;
    }
    wchar_t text[2] = { (wchar_t)cell->c, 0 };
    attrset((int)look);
    mvaddnwstr(y, x, text, 1);
    attrset(0);
}

static void show(struct screen *s, bool utf8)
{
    const struct grid *g = screen_draw(s);
    erase();
    for (int y = 0; y < g->rows; y++)
        for (int x = 0; x < g->columns; x++) put_cell(x, y, grid_at(g, x, y), utf8);
    curs_set(g->cursor_x >= 0);
    if (g->cursor_x >= 0) move(g->cursor_y, g->cursor_x);
    refresh();
}

static int key_of(wint_t c)
{
    if (c >= KEY_F(1) && c <= KEY_F(12)) return KEY_F1_ + (int)(c - KEY_F(1));
    switch (c) {
    case KEY_UP: return KEY_UP_;
    case KEY_DOWN: return KEY_DOWN_;
    case KEY_LEFT: return KEY_LEFT_;
    case KEY_RIGHT: return KEY_RIGHT_;
    case KEY_HOME: return KEY_HOME_;
    case KEY_END: return KEY_END_;
    case KEY_PPAGE: return KEY_PAGE_UP_;
    case KEY_NPAGE: return KEY_PAGE_DOWN_;
    case KEY_BACKSPACE: return KEY_BACKSPACE_;
    case KEY_DC: return KEY_DELETE_;
    case KEY_BTAB: return KEY_BACKTAB_;
    case KEY_ENTER: return KEY_ENTER_;
    default: return KEY_NONE_;
    }
}

/* ---- The mouse ---- */

static void set_mouse(bool wanted)
{
    static const mmask_t heard = BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED;
    mousemask(wanted ? heard : 0, NULL);
}

static void pass_mouse(struct screen *s)
{
    MEVENT e;
    if (getmouse(&e) != OK) return;
    enum mouse mouse = e.bstate & BUTTON4_PRESSED   ? MOUSE_WHEEL_UP
                       : e.bstate & BUTTON5_PRESSED ? MOUSE_WHEEL_DOWN
                                                    : MOUSE_CLICK;
    screen_mouse(s, mouse, e.x, e.y);
}

/* ---- Keys ---- */

enum heard { HEARD_KEY, HEARD_NOTHING, HEARD_END };

enum {
    REST_OF_KEY = 25, /* milliseconds */
    SILENT_MOST = 100,
};

/* Waits for keys, at most `wait` milliseconds, -1: for ever; as select() says. Signals of `waiting` are heard. */
static int wait_for_keys(int wait, const sigset_t *waiting)
{
    const struct timespec most = { .tv_sec = wait / 1000, .tv_nsec = wait % 1000 * 1000000L };
    fd_set in;
    FD_ZERO(&in);
    FD_SET(STDIN_FILENO, &in);
    return pselect(STDIN_FILENO + 1, &in, NULL, NULL, wait < 0 ? NULL : &most, waiting);
}

static enum heard hear_held(const struct screen *s, int *kind, wint_t *c, const sigset_t *waiting)
{
    int wait = screen_wait(s);
    timeout(wait < 0 ? REST_OF_KEY : 0);
    for (unsigned silent = 0; silent < SILENT_MOST;) {
        if (leave_wanted()) return HEARD_END;
        if (interrupted) return HEARD_NOTHING;
        *kind = get_wch(c);
        if (*kind != ERR) return HEARD_KEY;
        int n = wait_for_keys(wait, waiting);
        if (n == 0) return HEARD_NOTHING;
        silent += n > 0;
    }
    return HEARD_END; /* what is ready and has no keys is a terminal that has gone */
}

/* A key; nothing, when it is time for the next step of a run that is watched. Signals are held back but for
 * the moments when it is waited for: one that came between a look at what it has set and the wait would be
 * lost until the next key. */
static enum heard hear(const struct screen *s, int *kind, wint_t *c)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM, SIGWINCH };
    sigset_t held, waiting;
    sigemptyset(&held);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaddset(&held, signals[i]);
    sigprocmask(SIG_BLOCK, &held, &waiting);
    enum heard heard = hear_held(s, kind, c, &waiting);
    sigprocmask(SIG_SETMASK, &waiting, NULL);
    return heard;
}

/* False when the person left. */
static bool pass_key(struct screen *s, int kind, wint_t c)
{
    if (kind == KEY_CODE_YES && c == KEY_RESIZE) {
        screen_resize(s, COLS, LINES);
        return true;
    }
    if (kind == KEY_CODE_YES && c == KEY_MOUSE) {
        pass_mouse(s);
        return true;
    }
    if (kind != KEY_CODE_YES && c == KEY_CTRL('l')) clearok(curscr, TRUE);
    return screen_key(s, kind == KEY_CODE_YES ? key_of(c) : (int)c);
}

/* Keys until the person leaves, or nobody is there any more. */
static void converse(struct screen *s, bool utf8)
{
    bool mouse = false;
    for (bool open = true; open;) {
        wint_t c;
        int kind;
        if (mouse != screen_wants_mouse(s)) set_mouse(mouse = !mouse);
        show(s, utf8);
        switch (hear(s, &kind, &c)) {
        case HEARD_END: return;
        case HEARD_KEY:
            open = pass_key(s, kind, c);
            interrupted = 0;
            break;
        case HEARD_NOTHING:
            if (interrupted) {
                interrupted = 0;
                open = screen_key(s, KEY_CTRL('c'));
            } else {
                screen_tick(s);
                open = screen_outcome(s) == OUTCOME_DONE;
            }
        }
    }
}

/* ---- The terminal ---- */

/* `edit`: the terminal as it was before, until the editor has ended. Ctrl-Z in it stops both: what curses
 * does then would draw over the editor. */
static void lend(struct shell *sh, bool away)
{
    static struct sigaction stop;
    (void)sh;
    if (away) {
        const struct sigaction usual = { .sa_handler = SIG_DFL };
        endwin();
        sigaction(SIGTSTP, &usual, &stop);
    } else {
        sigaction(SIGTSTP, &stop, NULL);
        clearok(curscr, TRUE);
        refresh();
        flushinp(); /* what was typed ahead was the editor's */
        interrupted = 0;
    }
}

static bool terminal_open(SCREEN **terminal)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        fputs(
            "faultline: the screen wants a terminal\n  tip: --keys FILE --dump-screen needs none\n",
            stderr);
        return false;
    }
    /* readline sets these; curses would believe them more than the terminal. */
    unsetenv("LINES");
    unsetenv("COLUMNS");
    *terminal = newterm(NULL, stdout, stdin);
    if (*terminal && tigetstr("cup")) return true;
    if (*terminal) { /* a dumb one */
        endwin();
        delscreen(*terminal);
    }
    fprintf(stderr, "faultline: no screen on a terminal of type %s\n  tip: TERM=xterm, or vt100\n",
            getenv("TERM") ? getenv("TERM") : "unknown");
    return false;
}

/* Ctrl-S, or garbage that was pasted, would stop the picture until somebody thinks of Ctrl-Q. */
static void refuse_to_stop(void)
{
    struct termios mode;
    if (tcgetattr(STDIN_FILENO, &mode) != 0) return;
    mode.c_iflag &= ~(tcflag_t)IXON;
    if (tcsetattr(STDIN_FILENO, TCSANOW, &mode) == 0) def_prog_mode();
}

enum outcome terminal_run(struct shell *sh)
{
    SCREEN *terminal;
    struct sigaction action = { .sa_handler = on_interrupt }, before;
    volatile sig_atomic_t *flag = sh->host.interrupt;
    void (*lender)(struct shell *, bool) = sh->host.lend;
    enum outcome outcome = OUTCOME_FAILED;
    setlocale(LC_CTYPE, "");
    bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    fflush(stdout);
    sigaction(SIGINT, &action, &before);
    leave_listen(&interrupted);
    if (terminal_open(&terminal)) {
        set_escdelay(25);
        cbreak();
        noecho();
        nonl();
        keypad(stdscr, TRUE);
        refuse_to_stop();
        choose_attributes(sh->colour);
        mouseinterval(0);
        typed_open();
        sh->host.interrupt = &interrupted;
        sh->host.lend = lend;
        session_interrupt_flag(sh->session, &interrupted);
        struct screen *s = screen_open(sh, COLS, LINES);
        if (s) {
            converse(s, utf8);
            outcome = screen_outcome(s);
            screen_close(s);
        }
        mousemask(0, NULL);
        typed_save();
        erase(); /* where there is no second page the prompt would stand in the picture */
        refresh();
        endwin();
        delscreen(terminal);
        sh->host.interrupt = flag;
        sh->host.lend = lender;
        session_interrupt_flag(sh->session, flag);
    }
    sigaction(SIGINT, &before, NULL);
    leave_listen(flag);
    return outcome;
}
