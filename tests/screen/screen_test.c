/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys in, whole screens out, without a terminal: each scripts/NAME.keys in the sizes for which there is a
 * scripts/NAME.SIZE.screen. `screen_test --write` writes those screens anew, to be looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "part.h"

#define FAULTLINE FAULTLINE_BUILD "/faultline"
#define SCRIPTS   "tests/screen/scripts/"

enum { TEXT_MAX = 1 << 20 };

struct shot {
    const char *script, *size, *options;
    unsigned lesson;
};

/* clang-format off */
static const struct shot shots[] = {
    { "ipc",     "80x24",  "--ascii", 1 }, { "ipc",     "120x40", "--ascii", 1 },
    { "ipc",     "200x60", "",        1 }, { "layouts", "80x24",  "--ascii", 1 },
    { "layouts", "120x40", "--ascii", 1 }, { "layouts", "200x60", "--ascii", 1 },
    { "phases",  "80x24",  "--ascii", 1 }, { "phases",  "120x40", "",        1 },
    { "help",    "80x24",  "",        1 }, { "small",   "80x24",  "--ascii", 1 },
    { "reply",   "80x24",  "--ascii", 4 }, { "reply",   "120x40", "",        4 },
    { "saved",   "80x24",  "", 10 },
    { "caps",    "80x24",  "",        1 }, { "caps",    "120x40", "--ascii", 1 },
    { "code",    "80x24",  "--ascii", 4 }, { "code",    "120x40", "",        4 },
    { "code",    "200x60", "--ascii", 4 }, { "time",    "120x40", "",        4 },
    { "time",    "200x60", "--ascii", 4 }, { "panes",   "80x24",  "",        1 },
    { "mouse",   "80x24",  "--ascii", 1 }, { "watch",   "80x24",  "--ascii", 1 },
    { "typing",  "80x24",  "--ascii", 1 }, { "first",   "80x24",  "--screen", 1 },
    { "last",    "80x24",  "",        3 },
};
/* clang-format on */
enum { SHOTS = sizeof shots / sizeof shots[0] };

static char *read_all(FILE *in)
{
    char *text = calloc(1, TEXT_MAX);
    size_t n = in ? fread(text, 1, TEXT_MAX - 1, in) : 0;
    text[n] = '\0';
    return text;
}

/* A program's file header lies in its memory, and says where the file's sections lie: further back when
 * the folder that it was compiled in has a longer name. */
static void mask_header(char *text)
{
    static const char *const before[] = { "0x400020     0000000000000040   ", "@......." };
    for (char *row = text; (row = strstr(row, before[0])); row++) {
        for (unsigned i = 0, width = 16; i < 2; i++, width = 8) {
            char *at = strstr(row, before[i]);
            if (at && strlen(at) > strlen(before[i]) + width)
                memset(at + strlen(before[i]), '-', width);
        }
    }
}

static char *play(const struct shot *shot)
{
    char command[400];
    snprintf(command, sizeof command,
             FAULTLINE " lesson %u --keys " SCRIPTS "%s.keys --dump-screen --size %s %s 2>&1",
             shot->lesson, shot->script, shot->size, shot->options);
    FILE *in = popen(command, "r");
    char *text = read_all(in);
    assert_int_equal(pclose(in), 0);
    mask_header(text);
    return text;
}

static void expected_path(const struct shot *shot, char path[200])
{
    snprintf(path, 200, SCRIPTS "%s.%s.screen", shot->script, shot->size);
}

static void the_screen_is_as_it_was_drawn(void **state)
{
    const struct shot *shot = *state;
    char path[200];
    expected_path(shot, path);
    FILE *in = fopen(path, "r");
    char *expected = read_all(in), *text = play(shot);
    if (in) fclose(in);
    if (strcmp(expected, text) != 0) fail_msg("%s differs; it is now:\n%s", path, text);
    free(expected);
    free(text);
}

static void write_all(void)
{
    for (size_t i = 0; i < SHOTS; i++) {
        char path[200], *text = play(&shots[i]);
        expected_path(&shots[i], path);
        FILE *out = fopen(path, "w");
        fputs(text, out);
        fclose(out);
        free(text);
    }
}

/* What no screen may ever hold: a line that is wider than it, or a control character. */
static void no_line_is_too_wide_and_none_holds_a_control_character(void **state)
{
    (void)state;
    for (size_t i = 0; i < SHOTS; i++) {
        if (!part_has(i)) continue;
        char *text = play(&shots[i]);
        int columns = atoi(shots[i].size), at = 0;
        for (const unsigned char *c = (unsigned char *)text; *c; c++) {
            at = *c == '\n' ? 0 : at + ((*c & 0xc0) != 0x80);
            assert_true(at <= columns);
            assert_true(*c == '\n' || (*c >= ' ' && *c != 0x7f));
        }
        free(text);
    }
}

int main(int argc, char **argv)
{
    struct CMUnitTest tests[SHOTS + 1];
    char name[SHOTS][80];
    if (argc > 1 && strcmp(argv[1], "--write") == 0) {
        write_all();
        return 0;
    }
    for (size_t i = 0; i < SHOTS; i++) {
        snprintf(name[i], sizeof name[i], "%s_at_%s_is_as_it_was_drawn", shots[i].script,
                 shots[i].size);
        tests[i] = (struct CMUnitTest){ .name = name[i],
                                        .test_func = the_screen_is_as_it_was_drawn,
                                        .initial_state = (void *)(uintptr_t)&shots[i] };
    }
    tests[SHOTS] =
        (struct CMUnitTest)cmocka_unit_test(no_line_is_too_wide_and_none_holds_a_control_character);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
