/* SPDX-License-Identifier: BSD-2-Clause */
/* What guests print, and what they call their threads, is only text at the prompt: no byte that a terminal
 * would obey, in either form, however much it is. */
#include "shell/typing.h"

#include <string.h>

static void assert_only_text(const char *said)
{
    for (const unsigned char *at = (const unsigned char *)said; *at; at++) {
        bool control = (*at < 0x20 && *at != '\n') || *at == 0x7f;
        bool control_1 = at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0;
        if (control || control_1) fail_msg("byte %#x behind: %.40s", *at, said);
    }
}

static void print_and_look(void **state)
{
    static const int bytes[] = { 0x1b, ']', '0', ';', 7, 8, 13, 0x9b, 0xc2, 0x9b, 0xff, 0x0e, 10 };
    static const char *const looks[] = { "threads",      "message",      "caps",
                                         "queue",        "timeline all", "draw sequence 9",
                                         "info",         "why evil",     "draw threads",
                                         "who evil_tcb", "goto start",   "registers evil",
                                         "goto now" };
    char line[80];
    for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++) {
        snprintf(line, sizeof line, "seL4_DebugPutChar(%d)", bytes[i]);
        assert_only_text(say(state, line));
    }
    say(state, "new endpoint ep");
    say(state, "new thread evil");
    assert_only_text(say(state, "seL4_DebugNameThread(evil_tcb, \"a\\x1b[2Jb\")"));
    assert_only_text(blunder(state, "seL4_DebugNameThread(evil_tcb, \"a\x1b[2Jb\")"));
    assert_only_text(blunder(state, "no\x1b[2Jsuch"));
    assert_only_text(blunder(state, "print no\x1b[2Jsuch"));
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
        type(state, looks[i]);
        assert_only_text(hear(state));
    }
}

static void control_characters_of_a_guest_are_only_text(void **state)
{
    print_and_look(state);
}

static void control_characters_of_a_guest_are_only_text_in_the_plain_form(void **state)
{
    struct typist *typist = *state;
    typist->shell.plain = true;
    print_and_look(state);
}

static void a_flood_is_only_text_and_has_an_end(void **state)
{
    struct typist *typist = *state;
    session_limit(typist->shell.session, 2000000);
    assert_int_equal(type(state, "asm \"mov rdi, 27; mov rdx, -9; syscall; jmp 0x7ff000\""),
                     OUTCOME_LIMIT);
    const char *said = hear(state);
    assert_only_text(said);
    assert_says(said, "\\x1b\\x1b");
    assert_in_range(strlen(said), 1000, 8 << 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(control_characters_of_a_guest_are_only_text),
        TYPED_TEST(control_characters_of_a_guest_are_only_text_in_the_plain_form),
        TYPED_TEST(a_flood_is_only_text_and_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
