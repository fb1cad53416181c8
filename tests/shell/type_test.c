/* SPDX-License-Identifier: BSD-2-Clause */
/* `type`: a line reaches the serial port, can be taken back, and waits when there is no room. */
#include "shell/typing.h"

#include <string.h>

#include "machine/device.h"

static const struct uart *port(void **state)
{
    struct typist *t = *state;
    return &devices_at(session_world_at(t->shell.session))->uart;
}

static void a_line_waits_in_the_serial_port_with_its_end(void **state)
{
    say(state, "type \"two words\"");
    assert_int_equal(port(state)->received_count, 10);
    assert_memory_equal(port(state)->received, "two words\n", 10);
}

static void undo_takes_back_what_was_typed(void **state)
{
    say(state, "type one");
    say(state, "type two");
    say(state, "undo");
    assert_int_equal(port(state)->received_count, 4);
    assert_memory_equal(port(state)->received, "one\n", 4);
}

static void what_has_no_room_is_refused_whole(void **state)
{
    char line[300] = "type ";
    memset(line + 5, 'x', 200);
    say(state, line);
    assert_says(blunder(state, line), "no room for 201 more bytes");
    assert_int_equal(port(state)->received_count, 201);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(a_line_waits_in_the_serial_port_with_its_end),
        TYPED_TEST(undo_takes_back_what_was_typed),
        TYPED_TEST(what_has_no_room_is_refused_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
