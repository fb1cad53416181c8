/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys from a file, screens as text: for tests, and for who wants to report what they saw. In the
 * file a character is a key; <Enter> <Esc> <Tab> <F5> <PageDown> … are keys by name, <100x40> is a new
 * size, <click 3,5> the mouse, <tick> the clock of a run that is watched; <screen> writes the screen. Ends of lines and lines that start with # are nothing. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "screen/screen.h"

/* clang-format off */
static const struct { const char *name; int key; } names[] = {
    { "Enter", KEY_ENTER_ }, { "Esc", KEY_ESC_ }, { "Tab", KEY_TAB_ }, { "BackTab", KEY_BACKTAB_ },
    { "Up", KEY_UP_ }, { "Down", KEY_DOWN_ }, { "Left", KEY_LEFT_ }, { "Right", KEY_RIGHT_ },
    { "Home", KEY_HOME_ }, { "End", KEY_END_ }, { "PageUp", KEY_PAGE_UP_ },
    { "PageDown", KEY_PAGE_DOWN_ }, { "Backspace", KEY_BACKSPACE_ }, { "Delete", KEY_DELETE_ },
    { "Less", '<' }, { "Space", ' ' },
};
/* clang-format on */

struct replay {
    struct screen *screen;
    const struct replay_form *form;
    FILE *out;
    bool open, wrote;
};

static int key_named(const char *name)
{
    unsigned number;
    char rest;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].name, name) == 0) return names[i].key;
    if (sscanf(name, "F%u%c", &number, &rest) == 1 && number >= 1 && number <= 12)
        return KEY_F1_ + (int)number - 1;
    if (strncmp(name, "Ctrl-", 5) == 0 && name[5] && !name[6]) return KEY_CTRL(name[5]);
    return KEY_NONE_;
}

static void write_screen(struct replay *r)
{
    (r->form->svg ? grid_write_svg : grid_write)(screen_draw(r->screen), r->out);
    r->wrote = true;
}

/* <click 10,3>, <wheel-up 10,3>, <wheel-down 10,3>: column and row from 0. */
static bool play_mouse(struct replay *r, const char *name)
{
    static const char *const words[] = { "click", "wheel-up", "wheel-down" };
    int x, y;
    char word[16];
    if (sscanf(name, "%15[a-z-] %4d,%4d", word, &x, &y) != 3) return false;
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], word) != 0) continue;
        screen_draw(r->screen);
        screen_mouse(r->screen, (enum mouse)i, x, y);
        return true;
    }
    return false;
}

/* What stands in angle brackets; false: it means nothing. */
static bool play_name(struct replay *r, const char *name)
{
    int columns, rows;
    char rest;
    if (strcmp(name, "screen") == 0) {
        write_screen(r);
        return true;
    }
    if (sscanf(name, "%4dx%4d%c", &columns, &rows, &rest) == 2) {
        screen_resize(r->screen, columns, rows);
        return true;
    }
    if (strcmp(name, "tick") == 0) {
        screen_tick(r->screen);
        return true;
    }
    if (play_mouse(r, name)) return true;
    int key = key_named(name);
    if (key == KEY_NONE_) return false;
    screen_draw(r->screen); /* keys see the places that the screen had */
    r->open = screen_key(r->screen, key);
    return true;
}

/* One line of the file; false (and said) when a name in it means nothing. */
static bool play_line(struct replay *r, const char *text)
{
    char name[24];
    if (*text == '#') return true;
    while (*text && *text != '\n' && r->open) {
        size_t n = strcspn(text, ">");
        if (*text == '<' && text[n] == '>' && n < sizeof name) {
            snprintf(name, sizeof name, "%.*s", (int)n - 1, text + 1);
            if (!play_name(r, name)) {
                fprintf(stderr, "faultline: <%s> is no key\n  tip: <Less> is the key <\n", name);
                return false;
            }
            text += n + 1;
            continue;
        }
        screen_draw(r->screen);
        r->open = screen_key(r->screen, (int)text_code_point(&text));
    }
    return true;
}

int replay_run(struct shell *sh, const char *path, const struct replay_form *form, FILE *out)
{
    char *line = NULL;
    size_t size = 0;
    FILE *in = fopen(path, "r");
    if (!in) {
        fprintf(stderr, "faultline: %s: %s\n", path, strerror(errno));
        return EXIT_USAGE;
    }
    struct replay r = {
        .screen = screen_open(sh, form->columns, form->rows), .form = form, .out = out, .open = true
    };
    bool good = r.screen != NULL;
    if (good) screen_ascii(r.screen, form->ascii);
    while (good && r.open && getline(&line, &size, in) >= 0) good = play_line(&r, line);
    if (good && !r.wrote) write_screen(&r);
    if (r.screen) screen_close(r.screen);
    free(line);
    fclose(in);
    return good ? 0 : EXIT_SCRIPT;
}
