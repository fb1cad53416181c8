/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt lines: from a device's edge over a connected pin to a notification, and what masks do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/booted.h"
#include "world/world.h"

enum { SLOT_IRQ_CONTROL = 4, SLOT_PORTS = 7, HANDLER = 0x1000, SIGNALLED, PORT };
enum { IRQ = 5, PIN = LINE_PIT, BADGE = 0x40, NOTIFICATION_AT = 0x1000000 };

static struct world w;
static word_t last_console;

static void hear(void *listener, const struct event *e)
{
    (void)listener;
    if (e->kind == EVENT_CONSOLE) last_console = e->arg[0];
}

static struct refusal invoke(word_t slot, const char *label, word_t extra, unsigned length,
                             const word_t *words)
{
    struct call_message m = {
        .thread = kernel_at(&w)->current,
        .slot = booted_slot(&w, slot),
        .cap = booted_cap(&w, slot),
        .length = length,
        .call = true,
    };
    assert_true(invocation_label(&kernel_at(&w)->numbers, label, &m.label));
    paddr_t buffer = tcb_ipc_buffer(&w, m.thread, false);
    m.buffer = buffer;
    for (unsigned i = 0; i < 4 && i < length; i++) m.reg[i] = words[i];
    for (unsigned i = 4; i < length; i++) memory_set_word(&w, buffer + (1 + i) * 8, words[i]);
    if (extra) {
        m.extra_slot[0] = booted_slot(&w, extra);
        m.extra[0] = booted_cap(&w, extra);
    }
    struct decoded d = decode_invocation(&w, &m);
    if (!d.refusal.error) d.invocation.invoke(&w, &d.invocation);
    return d.refusal;
}

static struct refusal get_handler_by(word_t slot, word_t pin, word_t irq, bool level)
{
    const word_t words[] = { slot, 64, 0, pin, level, 0, irq };
    return invoke(SLOT_IRQ_CONTROL, "X86IRQIssueIRQHandlerIOAPIC", 2, 7, words);
}

static struct refusal get_handler(word_t slot, word_t pin, word_t irq)
{
    return get_handler_by(slot, pin, irq, false);
}

static int boot(void **state)
{
    (void)state;
    if (!booted_open(&w, UINT64_C(512) << 20, &kernel_config_default)) return -1;
    struct cap cap = cap_new(CAP_NOTIFICATION);
    cap.word[0] |= NOTIFICATION_AT;
    cap_notification_set_can_send(&cap, 1);
    cap_notification_set_badge(&cap, BADGE);
    slot_write_initial(&w, booted_slot(&w, SIGNALLED), cap);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static void handle_line_2(void)
{
    assert_int_equal(get_handler(HANDLER, PIN, IRQ).error, SEL4_NoError);
    assert_int_equal(invoke(HANDLER, "IRQSetIRQHandler", SIGNALLED, 0, NULL).error, SEL4_NoError);
}

/* The interval timer, once, in about a millisecond. */
static void start_timer(void)
{
    device_port_write(&w, PIT_PORT + 3, 1, 0x30);
    device_port_write(&w, PIT_PORT, 1, 0xa9);
    device_port_write(&w, PIT_PORT, 1, 0x04);
}

static word_t badge(void)
{
    return notification_at(&w, NOTIFICATION_AT)->badge;
}

static void a_devices_edge_signals_the_notification_of_its_pins_handler(void **state)
{
    (void)state;
    handle_line_2();
    start_timer();
    word_t edge = kernel_next_line(&w);
    assert_int_equal(kernel_next_event(&w), edge);
    assert_false(kernel_interrupt_due(&w));
    cpu_edit(&w)->clock = edge;
    assert_true(kernel_interrupt_due(&w));
    kernel_entry(&w, &(struct trap){ .kind = TRAP_DEVICE });
    assert_int_equal(badge(), BADGE);
    assert_false(kernel_interrupt_due(&w));
    assert_int_equal(kernel_next_line(&w), DEVICE_NEVER);
}

static void an_edge_while_its_interrupt_is_masked_is_lost(void **state)
{
    (void)state;
    handle_line_2();
    interrupt_mask(&w, IRQ_USER_MIN + IRQ, true);
    start_timer();
    assert_int_equal(kernel_next_line(&w), DEVICE_NEVER);
    cpu_edit(&w)->clock += 1500000;
    assert_int_equal(invoke(HANDLER, "IRQAckIRQ", 0, 0, NULL).error, SEL4_NoError);
    assert_false(kernel_interrupt_due(&w));
    start_timer();
    assert_int_not_equal(kernel_next_line(&w), DEVICE_NEVER);
}

static void a_line_without_a_handler_interrupts_nobody(void **state)
{
    (void)state;
    start_timer();
    assert_int_equal(kernel_next_line(&w), DEVICE_NEVER);
    cpu_edit(&w)->clock += 1500000;
    assert_false(kernel_interrupt_due(&w));
    handle_line_2(); /* what passed before is not brought up again */
    assert_false(kernel_interrupt_due(&w));
}

static void a_deleted_handler_frees_its_interrupt_and_its_pin(void **state)
{
    (void)state;
    handle_line_2();
    assert_int_equal(get_handler(HANDLER + 8, PIN, IRQ).error, SEL4_RevokeFirst);
    slot_delete(&w, booted_slot(&w, HANDLER), true);
    start_timer();
    assert_int_equal(kernel_next_line(&w), DEVICE_NEVER);
    assert_int_equal(get_handler(HANDLER, PIN, IRQ).error, SEL4_NoError);
}

static void acknowledge(void)
{
    assert_int_equal(invoke(HANDLER, "IRQAckIRQ", 0, 0, NULL).error, SEL4_NoError);
}

static void take_interrupt(void)
{
    assert_true(kernel_interrupt_due(&w));
    kernel_entry(&w, &(struct trap){ .kind = TRAP_DEVICE });
    assert_false(kernel_interrupt_due(&w));
}

/* A byte that nobody reads: told once by its edge, for ever by its level. */
static void a_level_asks_again_after_each_acknowledgement_an_edge_does_not(void **state)
{
    (void)state;
    cpu_edit(&w)->clock = 1000;
    for (unsigned level = 0; level <= 1; level++) {
        assert_int_equal(get_handler_by(HANDLER, LINE_SERIAL, IRQ, level).error, SEL4_NoError);
        device_port_write(&w, SERIAL_PORT + 1, 1, 1);
        device_serial_type(&w, 'x');
        take_interrupt();
        assert_int_equal(kernel_next_line(&w), DEVICE_NEVER);
        for (unsigned i = 0; i < 3 * level; i++) {
            acknowledge();
            assert_int_equal(kernel_next_line(&w), cpu_at(&w)->clock);
            take_interrupt();
        }
        if (level) device_port_read(&w, SERIAL_PORT, 1);
        acknowledge();
        assert_false(kernel_interrupt_due(&w));
        slot_delete(&w, booted_slot(&w, HANDLER), true);
        device_port_read(&w, SERIAL_PORT, 1);
    }
}

/* Whose output stays high until it is given a new count. */
static void a_timer_that_ran_out_asks_by_its_level_until_it_is_set_again(void **state)
{
    (void)state;
    assert_int_equal(get_handler_by(HANDLER, PIN, IRQ, true).error, SEL4_NoError);
    start_timer();
    assert_false(kernel_interrupt_due(&w));
    cpu_edit(&w)->clock = kernel_next_line(&w);
    take_interrupt();
    acknowledge();
    take_interrupt();
    start_timer();
    acknowledge();
    assert_false(kernel_interrupt_due(&w));
    assert_true(kernel_next_line(&w) > cpu_at(&w)->clock);
}

static void of_two_waiting_interrupts_the_higher_comes_first(void **state)
{
    (void)state;
    handle_line_2();
    assert_int_equal(get_handler(HANDLER + 8, LINE_SERIAL, IRQ + 70).error, SEL4_NoError);
    device_port_write(&w, SERIAL_PORT + 1, 1, 1);
    device_serial_type(&w, 'a');
    start_timer();
    cpu_edit(&w)->clock += 1500000;
    assert_int_equal(line_waiting_irq(&w), IRQ_USER_MIN + IRQ + 70);
    kernel_entry(&w, &(struct trap){ .kind = TRAP_DEVICE });
    assert_int_equal(line_waiting_irq(&w), IRQ_USER_MIN + IRQ);
}

static void what_goes_out_on_com1_is_heard_as_console_output(void **state)
{
    (void)state;
    word_t issue[] = { SERIAL_PORT, SERIAL_PORT + 7, PORT, 64 };
    assert_int_equal(invoke(SLOT_PORTS, "X86IOPortControlIssue", 2, 4, issue).error, SEL4_NoError);
    assert_int_equal(invoke(PORT, "X86IOPortIn8", 0, 1, (word_t[]){ SERIAL_PORT + 5 }).error, 0);
    assert_int_equal(tcb_at(&w, kernel_at(&w)->current)->context[CTX_R10], 0x60);
    w.hear = hear;
    assert_int_equal(invoke(PORT, "X86IOPortOut8", 0, 2, (word_t[]){ SERIAL_PORT, 'x' }).error, 0);
    w.hear = NULL;
    assert_int_equal(last_console, 'x');
}

static void bootinfo_has_a_copy_of_the_root_pointer_in_the_bios_area(void **state)
{
    (void)state;
    paddr_t extra;
    word_t buffer = booted_info(&w, 4);
    assert_true(kernel_translate(&w, kernel_at(&w)->current, buffer + 2 * PAGE_SIZE, &extra));
    assert_int_equal(memory_word(&w, extra), 3); /* seL4_BootInfoID_X86_acpi_rsdp */
    assert_memory_equal(memory_at(&w, extra + 16), memory_at(&w, FIRMWARE_RSDP),
                        FIRMWARE_RSDP_SIZE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, boot, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_devices_edge_signals_the_notification_of_its_pins_handler),
        TEST(an_edge_while_its_interrupt_is_masked_is_lost),
        TEST(a_line_without_a_handler_interrupts_nobody),
        TEST(a_deleted_handler_frees_its_interrupt_and_its_pin),
        TEST(a_level_asks_again_after_each_acknowledgement_an_edge_does_not),
        TEST(a_timer_that_ran_out_asks_by_its_level_until_it_is_set_again),
        TEST(of_two_waiting_interrupts_the_higher_comes_first),
        TEST(what_goes_out_on_com1_is_heard_as_console_output),
        TEST(bootinfo_has_a_copy_of_the_root_pointer_in_the_bios_area),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
