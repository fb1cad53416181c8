/* SPDX-License-Identifier: BSD-2-Clause */
/* Devices: what their registers hold at a given clock, when their lines rise, what is found where
 * nothing is, and instructions that reach them. */
#include "machine_fixture.h"

#include "machine/device.h"

static struct machine *m;

static int open_machine(void **state)
{
    (void)state;
    m = machine_new();
    return 0;
}

static int close_machine(void **state)
{
    (void)state;
    machine_free(m);
    return 0;
}

static void set_clock(word_t clock)
{
    machine_cpu(m)->clock = clock;
}

static int out(word_t port, word_t value)
{
    return device_port_write(&m->world, port, 1, value);
}

static word_t in(word_t port)
{
    return device_port_read(&m->world, port, 1);
}

static word_t edge_at(unsigned line)
{
    return device_edge_at(&m->world, line);
}

/* ---- The bus ---- */

static void where_nothing_is_reads_find_ones_and_writes_go_nowhere(void **state)
{
    (void)state;
    word_t word = 0;
    assert_int_equal(device_port_read(&m->world, 0x2f8, 4), 0xffffffff);
    uint64_t hash = arena_hash(&m->world);
    assert_int_equal(device_port_write(&m->world, 0x2f8, 4, 0x12345678), -1);
    device_memory_write(&m->world, 0xe0000000, 0, &word, 8);
    device_memory_read(&m->world, 0xe0000000, 0, &word, 8);
    assert_int_equal(word, ~UINT64_C(0));
    assert_int_equal(arena_hash(&m->world), hash);
}

/* ---- The serial port ---- */

static void what_is_written_to_the_serial_port_goes_out_at_once(void **state)
{
    (void)state;
    assert_int_equal(out(SERIAL_PORT, 'x'), 'x');
    assert_int_equal(in(SERIAL_PORT + 5), 0x60);
    out(SERIAL_PORT + 3, 0x80); /* now the same port is the divisor */
    assert_int_equal(out(SERIAL_PORT, 1), -1);
    assert_int_equal(in(SERIAL_PORT), 1);
}

static void received_bytes_wait_in_order_and_no_more_than_fit(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SERIAL_FIFO; i++) {
        assert_true(device_serial_has_room(&m->world));
        device_serial_type(&m->world, (uint8_t)('a' + i));
    }
    assert_false(device_serial_has_room(&m->world));
    device_serial_type(&m->world, '!');
    for (unsigned i = 0; i < SERIAL_FIFO; i++) {
        assert_int_equal(in(SERIAL_PORT + 5), 0x61);
        assert_int_equal(in(SERIAL_PORT), (uint8_t)('a' + i));
    }
    assert_int_equal(in(SERIAL_PORT + 5), 0x60);
}

static void the_serial_line_rises_with_the_first_byte_only_if_asked(void **state)
{
    (void)state;
    set_clock(500);
    device_serial_type(&m->world, 'a');
    assert_int_equal(edge_at(LINE_SERIAL), DEVICE_NEVER);
    set_clock(600);
    out(SERIAL_PORT + 1, 1);
    assert_int_equal(edge_at(LINE_SERIAL), 600);
    assert_int_equal(in(SERIAL_PORT + 2), 4);
    device_edges_pass(&m->world, LINE_SERIAL);
    set_clock(700);
    device_serial_type(&m->world, 'b'); /* the line is high already */
    assert_int_equal(edge_at(LINE_SERIAL), DEVICE_NEVER);
    in(SERIAL_PORT);
    in(SERIAL_PORT);
    assert_int_equal(in(SERIAL_PORT + 2), 1);
    device_serial_type(&m->world, 'c');
    assert_int_equal(edge_at(LINE_SERIAL), 700);
}

/* ---- The interval timer ---- */

static void pit_program(unsigned mode, unsigned count)
{
    out(PIT_PORT + 3, 0x30 | mode << 1);
    out(PIT_PORT, count & 0xff);
    out(PIT_PORT, count >> 8);
}

static void the_interval_timer_fires_once_after_its_count(void **state)
{
    (void)state;
    set_clock(1000);
    pit_program(0, 1193); /* 999848 ns */
    assert_in_range(edge_at(LINE_PIT), 1000 + 999847, 1000 + 999849);
    assert_int_equal(edge_at(LINE_SERIAL), DEVICE_NEVER);
    set_clock(edge_at(LINE_PIT));
    device_edges_pass(&m->world, LINE_PIT);
    assert_int_equal(edge_at(LINE_PIT), DEVICE_NEVER);
}

static void a_periodic_timer_loses_edges_that_nobody_heard(void **state)
{
    (void)state;
    pit_program(2, 11932); /* 10 ms and a little */
    word_t first = edge_at(LINE_PIT);
    set_clock(first * 3 + 5);
    device_edges_pass(&m->world, LINE_PIT);
    assert_in_range(edge_at(LINE_PIT), first * 4 - 3, first * 4);
}

static void a_latched_count_is_read_low_byte_first(void **state)
{
    (void)state;
    pit_program(2, 0x2000);
    set_clock(1000000); /* 1193 ticks later */
    out(PIT_PORT + 3, 0);
    set_clock(2000000);
    word_t low = in(PIT_PORT), high = in(PIT_PORT);
    assert_int_equal(high << 8 | low, 0x2000 - 1193);
}

static void a_new_mode_stops_the_interval_timer(void **state)
{
    (void)state;
    pit_program(2, 100);
    out(PIT_PORT + 3, 0x30);
    assert_int_equal(edge_at(LINE_PIT), DEVICE_NEVER);
}

/* ---- The high-precision timer ---- */

static void hpet_set(word_t offset, word_t value)
{
    device_memory_write(&m->world, HPET_ADDRESS + offset, machine_cpu(m)->clock, &value, 8);
}

static word_t hpet_get(word_t offset)
{
    word_t value;
    device_memory_read(&m->world, HPET_ADDRESS + offset, machine_cpu(m)->clock, &value, 8);
    return value;
}

enum { HPET_CONFIG = 0x10, HPET_COUNTER = 0xf0, HPET_T0 = 0x100, HPET_T0_COMPARATOR = 0x108 };
enum { T_ENABLE = 4, T_PERIODIC = 8, T_SET = 64, ON_PIN_2 = 2 << 9 };

static void the_hpet_counts_whole_nanoseconds_while_it_runs(void **state)
{
    (void)state;
    assert_int_equal(hpet_get(0) >> 32, HPET_NS * 1000000);
    assert_int_equal(hpet_get(0) >> 13 & 1, 1); /* 64 bits */
    set_clock(1000);
    assert_int_equal(hpet_get(HPET_COUNTER), 0);
    hpet_set(HPET_CONFIG, 1);
    set_clock(2000);
    assert_int_equal(hpet_get(HPET_COUNTER), 100);
    hpet_set(HPET_CONFIG, 0);
    set_clock(9000);
    assert_int_equal(hpet_get(HPET_COUNTER), 100);
}

static void half_a_register_of_the_hpet_can_be_read_and_written(void **state)
{
    (void)state;
    uint32_t half = 7;
    device_memory_write(&m->world, HPET_ADDRESS + HPET_COUNTER + 4, 0, &half, 4);
    assert_int_equal(hpet_get(HPET_COUNTER), UINT64_C(7) << 32);
    device_memory_read(&m->world, HPET_ADDRESS + 4, 0, &half, 4);
    assert_int_equal(half, HPET_NS * 1000000);
}

static void a_comparator_is_met_once_and_never_when_it_lies_behind(void **state)
{
    (void)state;
    hpet_set(HPET_CONFIG, 1);
    hpet_set(HPET_T0, T_ENABLE | ON_PIN_2);
    hpet_set(HPET_T0_COMPARATOR, 500);
    assert_int_equal(edge_at(LINE_PIT), 5000);
    assert_int_equal(edge_at(LINE_SERIAL), DEVICE_NEVER);
    set_clock(6000);
    assert_int_equal(edge_at(LINE_PIT), 5000);
    device_edges_pass(&m->world, LINE_PIT);
    assert_int_equal(edge_at(LINE_PIT), DEVICE_NEVER);
    hpet_set(HPET_T0_COMPARATOR, 599);
    assert_int_equal(edge_at(LINE_PIT), DEVICE_NEVER);
    hpet_set(HPET_T0_COMPARATOR, 601);
    assert_int_equal(edge_at(LINE_PIT), 6010);
    hpet_set(HPET_CONFIG, 0);
    assert_int_equal(edge_at(LINE_PIT), DEVICE_NEVER);
}

static void a_periodic_comparator_moves_on_by_its_period(void **state)
{
    (void)state;
    hpet_set(HPET_CONFIG, 1);
    hpet_set(HPET_T0, T_ENABLE | T_PERIODIC | T_SET | ON_PIN_2);
    hpet_set(HPET_T0_COMPARATOR, 100); /* the first one; then the period */
    hpet_set(HPET_T0_COMPARATOR, 30);
    assert_int_equal(edge_at(LINE_PIT), 1000);
    set_clock(1700);
    device_edges_pass(&m->world, LINE_PIT);
    assert_int_equal(edge_at(LINE_PIT), 1900);
}

/* ---- Firmware ---- */

static uint8_t sum_of(paddr_t at, unsigned length)
{
    const uint8_t *bytes = memory_at(&m->world, at);
    uint8_t sum = 0;
    for (unsigned i = 0; i < length; i++) sum = (uint8_t)(sum + bytes[i]);
    return sum;
}

static uint32_t half_at(paddr_t at)
{
    uint32_t value;
    memcpy(&value, memory_at(&m->world, at), sizeof value);
    return value;
}

static void firmware_leaves_tables_whose_sums_are_nought(void **state)
{
    (void)state;
    enum { TABLES = 0x300000 };
    firmware_write(&m->world, TABLES);
    assert_memory_equal(memory_at(&m->world, FIRMWARE_RSDP), "RSD PTR ", 8);
    assert_int_equal(sum_of(FIRMWARE_RSDP, FIRMWARE_RSDP_SIZE), 0);
    paddr_t root = half_at(FIRMWARE_RSDP + 16);
    uint32_t length = half_at(root + 4);
    assert_memory_equal(memory_at(&m->world, root), "RSDT", 4);
    assert_int_equal(sum_of(root, length), 0);
    for (paddr_t at = root + 36; at < root + length; at += 4) {
        paddr_t table = half_at(at);
        assert_int_equal(sum_of(table, half_at(table + 4)), 0);
        if (memcmp(memory_at(&m->world, table), "HPET", 4) == 0)
            assert_int_equal(half_at(table + 44), HPET_ADDRESS);
    }
    assert_int_equal((length - 36) / 4, 2);
}

/* ---- Instructions ---- */

/* DATA becomes a page of devices. */
static void run_at_device(paddr_t page, const char *source)
{
    machine_map(m, DATA, page, ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER);
    machine_asm(m, machine_asm(m, CODE, source), "syscall");
    struct trap trap;
    while ((trap = machine_run(m, 1000)).kind == TRAP_NONE) {
    }
    assert_int_equal(trap.kind, TRAP_SYSCALL);
}

static void loads_from_empty_device_memory_give_ones(void **state)
{
    (void)state;
    run_at_device(0xe0000000, "mov rax, [0x440008]");
    assert_int_equal(machine_cpu(m)->reg[REG_RAX], ~UINT64_C(0));
}

static void a_read_modify_write_reaches_a_register_and_a_load_sees_the_time(void **state)
{
    (void)state;
    run_at_device(HPET_ADDRESS, "or qword ptr [0x440010], 1");
    assert_int_equal(hpet_get(HPET_CONFIG), 1);
    word_t since = devices_at(&m->world)->hpet.since;
    machine_cpu(m)->rip = CODE;
    set_clock(since + 5000);
    run_at_device(HPET_ADDRESS, "mov rbx, [0x4400f0]");
    assert_in_range(machine_cpu(m)->reg[REG_RBX], 500, 501);
}

static void a_store_to_a_device_ends_the_run_so_that_its_timers_are_seen(void **state)
{
    (void)state;
    machine_map(m, DATA, HPET_ADDRESS, ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER);
    machine_asm(m, machine_asm(m, CODE, "mov qword ptr [0x440010], 1"), "jmp 0x400000");
    uint64_t before = machine_cpu(m)->retired;
    struct trap trap = machine_run(m, 1000000);
    assert_int_equal(trap.kind, TRAP_NONE);
    assert_int_equal(machine_cpu(m)->retired - before, 1);
}

static void code_in_device_memory_is_no_instruction(void **state)
{
    (void)state;
    machine_map(m, CODE, 0xe0000000, ENTRY_PRESENT | ENTRY_USER);
    struct trap trap = machine_run(m, 10);
    assert_int_equal(trap.kind, TRAP_EXCEPTION);
    assert_int_equal(trap.vector, VECTOR_UD);
}

static void an_access_across_the_edge_of_a_device_page_harms_nothing(void **state)
{
    (void)state;
    machine_put_word(m, DATA + PAGE_SIZE, 0x1122334455667788);
    run_at_device(HPET_ADDRESS, "mov rax, [0x440ffc]");
    assert_int_equal(machine_cpu(m)->reg[REG_RAX], 0x55667788ffffffff);
    machine_cpu(m)->rip = CODE;
    run_at_device(HPET_ADDRESS, "mov qword ptr [0x440ffc], 0");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_machine, close_machine)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(where_nothing_is_reads_find_ones_and_writes_go_nowhere),
        TEST(what_is_written_to_the_serial_port_goes_out_at_once),
        TEST(received_bytes_wait_in_order_and_no_more_than_fit),
        TEST(the_serial_line_rises_with_the_first_byte_only_if_asked),
        TEST(the_interval_timer_fires_once_after_its_count),
        TEST(a_periodic_timer_loses_edges_that_nobody_heard),
        TEST(a_latched_count_is_read_low_byte_first),
        TEST(a_new_mode_stops_the_interval_timer),
        TEST(the_hpet_counts_whole_nanoseconds_while_it_runs),
        TEST(half_a_register_of_the_hpet_can_be_read_and_written),
        TEST(a_comparator_is_met_once_and_never_when_it_lies_behind),
        TEST(a_periodic_comparator_moves_on_by_its_period),
        TEST(firmware_leaves_tables_whose_sums_are_nought),
        TEST(loads_from_empty_device_memory_give_ones),
        TEST(a_read_modify_write_reaches_a_register_and_a_load_sees_the_time),
        TEST(a_store_to_a_device_ends_the_run_so_that_its_timers_are_seen),
        TEST(code_in_device_memory_is_no_instruction),
        TEST(an_access_across_the_edge_of_a_device_page_harms_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
