/* SPDX-License-Identifier: BSD-2-Clause */
/* The pictures of the documentation are those that the program draws today. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#define FAULTLINE FAULTLINE_BUILD "/faultline"

static void screens_in_the_documentation_are_fresh(void **state)
{
    (void)state;
    if (system("scripts/draw-screens " FAULTLINE " | diff docs/screens.md - >/dev/null") != 0)
        fail_msg("docs/screens.md is stale: make docs");
}

static void pictures_in_the_documentation_are_fresh(void **state)
{
    (void)state;
    if (system("scripts/draw-pictures --check " FAULTLINE) != 0)
        fail_msg("docs/pictures is stale: make docs");
}

/* Well-formed, as far as a look without a parser tells: each row's text, escaped, and its end. */
static void a_picture_holds_the_text_with_its_signs_escaped(void **state)
{
    (void)state;
    assert_int_equal(system("grep -q '&gt;@' docs/pictures/ipc.svg"), 0);
    assert_int_equal(system("grep -q '>handler ==reply cap==&gt; faulter' docs/pictures/ipc.svg"),
                     0);
    assert_int_equal(system("tail -n 1 docs/pictures/ipc.svg | grep -qx '</svg>'"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screens_in_the_documentation_are_fresh),
        cmocka_unit_test(pictures_in_the_documentation_are_fresh),
        cmocka_unit_test(a_picture_holds_the_text_with_its_signs_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
