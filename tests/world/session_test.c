/* SPDX-License-Identifier: BSD-2-Clause */
/* A session: booting the prompt, running, stopping. */
#include "world/prompt.h"

static void the_prompt_begins_as_rootserver_with_nothing_typed(void **state)
{
    struct session *s = *state;
    const struct world *w = session_world_at(s);

    assert_string_equal(thread_name(w, session_seat(s)), "rootserver");
    assert_true(hand_waits(w, session_seat(s)));
    assert_int_equal(kernel_at(w)->current, session_seat(s));
    assert_int_equal(session_undo(s, 1), 0);
}

static void a_character_that_a_thread_prints_is_on_the_console(void **state)
{
    struct session *s = *state;
    size_t length;

    assert_int_equal(do_call(s, "seL4_DebugPutChar", 'x', 0, NULL), STOP_DONE);

    const char *console = session_console(s, &length);
    assert_int_equal(length, 1);
    assert_int_equal(console[0], 'x');
    assert_int_equal(cpu_at(session_world_at(s))->reg[REG_RSP], HAND_STACK + PAGE_SIZE - 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROMPT_TEST(the_prompt_begins_as_rootserver_with_nothing_typed),
        PROMPT_TEST(a_character_that_a_thread_prints_is_on_the_console),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
