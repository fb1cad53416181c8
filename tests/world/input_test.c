/* SPDX-License-Identifier: BSD-2-Clause */
/* Serial input from a file: at which clock a byte arrives, where it waits, when somebody waits for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "kernel/kernel.h"
#include "world/input.h"

static struct world w;
static struct serial_input in;
static int ends[2];

static int open_all(void **state)
{
    (void)state;
    if (!world_open(&w, 1 << 20) || pipe(ends)) return -1;
    input_open(&in, ends[0]);
    device_port_read(&w, SERIAL_PORT + 5, 1);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    world_close(&w);
    close(ends[0]);
    if (ends[1] >= 0) close(ends[1]);
    return 0;
}

static void type(const char *text)
{
    assert_int_equal(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
}

static void end_of_file(void)
{
    close(ends[1]);
    ends[1] = -1;
}

static word_t received(void)
{
    return devices_at(&w)->uart.received_count;
}

static void bytes_come_one_after_another_at_the_lines_pace(void **state)
{
    (void)state;
    type("ab");
    input_feed(&in, &w);
    assert_int_equal(received(), 1);
    word_t due = input_due(&in, &w);
    assert_int_equal(due, 86806);
    cpu_edit(&w)->clock = due - 1;
    input_feed(&in, &w);
    assert_int_equal(received(), 1);
    cpu_edit(&w)->clock = due;
    input_feed(&in, &w);
    assert_int_equal(received(), 2);
    assert_int_equal(device_port_read(&w, SERIAL_PORT, 1), 'a');
    assert_int_equal(device_port_read(&w, SERIAL_PORT, 1), 'b');
}

static void a_quiet_file_costs_no_time_and_an_ended_one_is_not_asked_again(void **state)
{
    (void)state;
    input_feed(&in, &w);
    assert_int_equal(cpu_at(&w)->clock, 0);
    assert_int_equal(received(), 0);
    end_of_file();
    cpu_edit(&w)->clock = input_due(&in, &w);
    input_feed(&in, &w);
    assert_int_equal(input_due(&in, &w), DEVICE_NEVER);
}

static void a_guest_that_does_not_touch_its_port_is_given_nothing(void **state)
{
    (void)state;
    devices_edit(&w)->uart.is_used = 0;
    type("a");
    assert_int_equal(input_due(&in, &w), DEVICE_NEVER);
    input_feed(&in, &w);
    assert_int_equal(received(), 0);
    device_port_write(&w, SERIAL_PORT + 1, 1, 0);
    input_feed(&in, &w);
    assert_int_equal(received(), 1);
}

static void what_finds_no_room_waits_outside(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SERIAL_FIFO; i++) device_serial_type(&w, 'x');
    type("y");
    assert_int_equal(input_due(&in, &w), DEVICE_NEVER);
    input_feed(&in, &w);
    device_port_read(&w, SERIAL_PORT, 1);
    assert_int_equal(input_due(&in, &w), 0);
    input_feed(&in, &w);
    assert_int_equal(received(), SERIAL_FIFO);
}

static void nobody_waits_for_a_byte_that_interrupts_nobody(void **state)
{
    (void)state;
    type("a");
    assert_false(input_wait(&in, &w));
    device_port_write(&w, SERIAL_PORT + 1, 1, 1);
    assert_false(input_wait(&in, &w)); /* no handler has the line */
    KERNEL_EDIT(&w, lines) = 1 << LINE_SERIAL;
    KERNEL_EDIT(&w, line_irq)[LINE_SERIAL] = IRQ_USER_MIN;
    assert_true(input_wait(&in, &w));
    assert_int_equal(device_edge_at(&w, LINE_SERIAL), 1);
    end_of_file();
    assert_false(input_wait(&in, &w));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_all, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(bytes_come_one_after_another_at_the_lines_pace),
        TEST(a_quiet_file_costs_no_time_and_an_ended_one_is_not_asked_again),
        TEST(a_guest_that_does_not_touch_its_port_is_given_nothing),
        TEST(what_finds_no_room_waits_outside),
        TEST(nobody_waits_for_a_byte_that_interrupts_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
