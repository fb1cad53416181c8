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

#define FAULTLINE FAULTLINE_BUILD "/faultline"
#define SCRIPTS   "tests/screen/scripts/"

enum { TEXT_MAX = 1 << 18 };

struct shot {
    const char *script, *size, *options;
};

/* clang-format off */
static const struct shot shots[] = {
    { "ipc",     "80x24",  "--ascii" }, { "ipc",     "120x40", "--ascii" },
    { "ipc",     "200x60", ""        }, { "layouts", "80x24",  "--ascii" },
    { "layouts", "120x40", "--ascii" }, { "phases",  "80x24",  "--ascii" },
    { "help",    "80x24",  ""        }, { "small",   "80x24",  "--ascii" },
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

static char *play(const struct shot *shot)
{
    char command[400];
    snprintf(command, sizeof command,
             FAULTLINE " lesson 1 --keys " SCRIPTS "%s.keys --dump-screen --size %s %s 2>&1",
             shot->script, shot->size, shot->options);
    FILE *in = popen(command, "r");
    char *text = read_all(in);
    assert_int_equal(pclose(in), 0);
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
