/* SPDX-License-Identifier: BSD-2-Clause */
/* When there are colours, and that nothing is told by colour alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "view/palette.h"

static void surroundings(const char *terminal, const char *no_colour)
{
    setenv("TERM", terminal, 1);
    if (no_colour)
        setenv("NO_COLOR", no_colour, 1);
    else
        unsetenv("NO_COLOR");
}

static void colours_are_for_terminals_that_are_not_dumb(void **state)
{
    (void)state;
    surroundings("xterm", NULL);
    assert_true(colour_wanted(COLOUR_AUTO, true));
    assert_false(colour_wanted(COLOUR_AUTO, false));
    surroundings("dumb", NULL);
    assert_false(colour_wanted(COLOUR_AUTO, true));
}

static void no_color_is_heard_unless_it_is_empty(void **state)
{
    (void)state;
    surroundings("xterm", "1");
    assert_false(colour_wanted(COLOUR_AUTO, true));
    surroundings("xterm", "");
    assert_true(colour_wanted(COLOUR_AUTO, true));
}

static void a_wish_wins(void **state)
{
    (void)state;
    surroundings("dumb", "1");
    assert_true(colour_wanted(COLOUR_ALWAYS, false));
    surroundings("xterm", NULL);
    assert_false(colour_wanted(COLOUR_NEVER, true));
}

static void what_is_marked_by_colour_is_bold_too(void **state)
{
    static const enum look marked[] = { LOOK_RUNS, LOOK_CHANGED, LOOK_FAULT, LOOK_TOUCHED };
    (void)state;
    for (size_t i = 0; i < sizeof marked / sizeof marked[0]; i++) {
        assert_true(look_tint(marked[i], 0).attributes & LOOK_IS_BOLD);
        assert_int_equal(look_tint(marked[i], 0).colour, -1);
        for (size_t j = 0; j < i; j++)
            for (int colours = 8; colours <= 256; colours += 248)
                assert_int_not_equal(look_tint(marked[i], colours).colour,
                                     look_tint(marked[j], colours).colour);
    }
}

static void a_light_background_has_colours_of_its_own(void **state)
{
    (void)state;
    setenv("COLORFGBG", "15;0", 1);
    int dark = look_tint(LOOK_RUNS, 256).colour;
    setenv("COLORFGBG", "0;15", 1);
    assert_int_not_equal(look_tint(LOOK_RUNS, 256).colour, dark);
    unsetenv("COLORFGBG");
}

/* Green and cyan cannot be read on white, where nobody says what the background is. */
static void of_eight_colours_none_fails_on_an_unknown_background(void **state)
{
    (void)state;
    surroundings("screen", NULL);
    for (int look = 0; look < LOOK_COUNT; look++) {
        int colour = look_tint((enum look)look, 8).colour;
        assert_true(colour == -1 || colour == 1 || colour == 4 || colour == 5);
    }
    surroundings("linux", NULL);
    assert_int_equal(look_tint(LOOK_RUNS, 8).colour, 6);
    surroundings("xterm", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_are_for_terminals_that_are_not_dumb),
        cmocka_unit_test(no_color_is_heard_unless_it_is_empty),
        cmocka_unit_test(a_wish_wins),
        cmocka_unit_test(of_eight_colours_none_fails_on_an_unknown_background),
        cmocka_unit_test(what_is_marked_by_colour_is_bold_too),
        cmocka_unit_test(a_light_background_has_colours_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
