/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of files: their last part, and the folder before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world/path.h"

static void a_name_is_what_stands_behind_the_last_slash(void **state)
{
    (void)state;
    assert_string_equal(path_name("a/b/c"), "c");
    assert_string_equal(path_name("c"), "c");
    assert_string_equal(path_name("/c"), "c");
    assert_string_equal(path_name("a/"), "");
    assert_string_equal(path_name(""), "");
}

static void assert_folder(const char *path, const char *wanted)
{
    char folder[16];
    path_folder(path, folder, sizeof folder);
    assert_string_equal(folder, wanted);
}

static void a_folder_is_what_stands_before_it(void **state)
{
    (void)state;
    assert_folder("a/b/c", "a/b");
    assert_folder("/c", "/");
    assert_folder("c", ".");
    assert_folder("", ".");
    assert_folder("a/", "a");
}

static void a_long_folder_is_cut(void **state)
{
    (void)state;
    assert_folder("0123456789abcdefghij/x", "0123456789abcde");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_what_stands_behind_the_last_slash),
        cmocka_unit_test(a_folder_is_what_stands_before_it),
        cmocka_unit_test(a_long_folder_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
