/* SPDX-License-Identifier: BSD-2-Clause */
/* Laying text out, and guests' bytes made harmless: exact text. */
#include "view/output.h"

#include "view/internal.h"

static void control_characters_are_shown_as_hex(void **state)
{
    (void)state;
    struct output o = output_open();
    view_sanitise(o.file, "a\x1b[2Jb\x7f\r\n\tc\0d", 13);
    assert_output(&o, "a\\x1b[2Jb\\x7f\\x0d\n\tc\\x00d");
}

static void utf8_passes_but_not_its_controls(void **state)
{
    (void)state;
    struct output o = output_open();
    const char text[] = "gr\xc3\xbc\xc3\x9f \xe2\x86\x92 \xf0\x9f\x99\x82 \xc2\x9b \xe2\x80\xae";
    view_sanitise(o.file, text, sizeof text - 1);
    assert_output(&o,
                  "gr\xc3\xbc\xc3\x9f \xe2\x86\x92 \xf0\x9f\x99\x82 \\xc2\\x9b \\xe2\\x80\\xae");
}

static void broken_utf8_is_shown_as_hex(void **state)
{
    (void)state;
    struct output o = output_open();
    view_sanitise(o.file, "\xc3(\xff\xe2\x86\xc0\xaf\xed\xa0\x80", 10);
    assert_output(&o, "\\xc3(\\xff\\xe2\\x86\\xc0\\xaf\\xed\\xa0\\x80");
}

static void long_text_breaks_between_words(void **state)
{
    (void)state;
    struct output o = output_open();
    unsigned lines = text_wrap(o.file, "one two three four", 12, 2, 4, 9);
    assert_int_equal(lines, 3);
    assert_output(&o, "  one two\n    three\n    four\n");
}

static void text_beyond_the_last_line_is_marked(void **state)
{
    (void)state;
    struct output o = output_open();
    unsigned lines = text_wrap(o.file, "one two three four five", 12, 0, 0, 1);
    assert_int_equal(lines, 1);
    assert_output(&o, "one two ~\n");
}

static void a_word_longer_than_a_line_is_cut(void **state)
{
    (void)state;
    struct output o = output_open();
    text_wrap(o.file, "abcdefghijklmnop", 10, 0, 0, 9);
    assert_output(&o, "abcdefghij\nklmnop\n");
}

static void a_line_too_wide_ends_in_a_tilde(void **state)
{
    (void)state;
    struct output o = output_open();
    const struct view v = { .out = o.file, .width = 10 };
    view_line(&v, "%s", "0123456789");
    view_line(&v, "%s", "0123456789a");
    view_line(&v, "%s",
              "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc");
    assert_output(
        &o, "0123456789\n012345678~"
            "\n\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\n");
}

static void appending_never_writes_behind_the_end(void **state)
{
    (void)state;
    char text[8] = "abc", small[9] = "\x1b\x1b\x1b";
    text_add(text, sizeof text, "%s", "defghijkl");
    assert_string_equal(text, "abcdefg");
    text_sanitise(small, sizeof small, "\x1b\x1b\x1b", 3);
    assert_string_equal(small, "\\x1b~");
}

static void sizes_are_in_the_largest_unit(void **state)
{
    (void)state;
    char text[24];
    text_size_of_bits(4, text, sizeof text);
    assert_string_equal(text, "16 bytes");
    text_size_of_bits(21, text, sizeof text);
    assert_string_equal(text, "2 MiB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_characters_are_shown_as_hex),
        cmocka_unit_test(utf8_passes_but_not_its_controls),
        cmocka_unit_test(broken_utf8_is_shown_as_hex),
        cmocka_unit_test(long_text_breaks_between_words),
        cmocka_unit_test(text_beyond_the_last_line_is_marked),
        cmocka_unit_test(a_word_longer_than_a_line_is_cut),
        cmocka_unit_test(a_line_too_wide_ends_in_a_tilde),
        cmocka_unit_test(appending_never_writes_behind_the_end),
        cmocka_unit_test(sizes_are_in_the_largest_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
