/* SPDX-License-Identifier: BSD-2-Clause */
/* The state in which the root task begins, held against what is known of the recorded machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "kernel/booted.h"
#include "world/world.h"

#define MEMORY (UINT64_C(512) << 20)

/* Words of seL4_BootInfo without MCS. */
enum {
    INFO_BUFFER = 4,
    INFO_EMPTY = 5,
    INFO_IMAGE = 9,
    INFO_PAGING = 11,
    INFO_EXTRA = 15,
    INFO_CNODE_BITS = 17,
    INFO_UNTYPED = 19,
    INFO_LIST = 21
};

static struct world w;

static int boot(void **state)
{
    (void)state;
    return booted_open(&w, MEMORY, &kernel_config_default) ? 0 : -1;
}

static int close_world(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static void the_root_tcb_is_where_the_recordings_have_it(void **state)
{
    (void)state;
    assert_int_equal(kernel_pointer(kernel_at(&w)->root_tcb), 0xffffff801ffc8400);
    assert_int_equal(kernel_at(&w)->current, kernel_at(&w)->root_tcb);
}

static void the_first_instruction_is_next_with_bootinfo_in_rdi(void **state)
{
    (void)state;
    const struct cpu *cpu = cpu_at(&w);
    assert_int_equal(cpu->rip, BOOTED_ENTRY);
    assert_int_equal(cpu->reg[REG_RDI], BOOTED_VADDR + (BOOTED_PAGES + 1) * PAGE_SIZE);
    assert_int_equal(cpu->cr3, cap_object(booted_cap(&w, 3)));
    assert_int_equal(cpu->rflags & FLAG_IF, FLAG_IF);
}

static void fixed_slots_hold_the_initial_capabilities(void **state)
{
    (void)state;
    static const enum cap_type type[16] = {
        CAP_NULL,        CAP_THREAD,       CAP_CNODE,     CAP_PML4,
        CAP_IRQ_CONTROL, CAP_ASID_CONTROL, CAP_ASID_POOL, CAP_IO_PORT_CONTROL,
        CAP_NULL,        CAP_FRAME,        CAP_FRAME,     CAP_DOMAIN,
        CAP_NULL,        CAP_NULL,         CAP_NULL,      CAP_NULL,
    };
    for (unsigned i = 0; i < 16; i++) assert_int_equal(cap_type(booted_cap(&w, i)), type[i]);
    assert_int_equal(cap_cnode_radix(booted_cap(&w, 2)), 13);
    assert_int_equal(cap_cnode_guard_size(booted_cap(&w, 2)), 51);
}

static void bootinfo_names_the_regions_in_order(void **state)
{
    (void)state;
    assert_int_equal(booted_info(&w, INFO_BUFFER), BOOTED_VADDR + BOOTED_PAGES * PAGE_SIZE);
    assert_int_equal(booted_info(&w, INFO_PAGING), 16);
    assert_int_equal(booted_info(&w, INFO_PAGING + 1), 19);
    assert_int_equal(booted_info(&w, INFO_EXTRA), 19);
    assert_int_equal(booted_info(&w, INFO_IMAGE), 20);
    assert_int_equal(booted_info(&w, INFO_IMAGE + 1), 20 + BOOTED_PAGES);
    assert_int_equal(booted_info(&w, INFO_UNTYPED), 20 + BOOTED_PAGES);
    assert_int_equal(booted_info(&w, INFO_UNTYPED + 1), booted_info(&w, INFO_EMPTY));
    assert_int_equal(booted_info(&w, INFO_EMPTY + 1), 0x2000);
    assert_int_equal(booted_info(&w, INFO_CNODE_BITS), 13);
    assert_int_equal(cap_type(booted_cap(&w, booted_info(&w, INFO_EMPTY))), CAP_NULL);
}

static void image_frames_are_contiguous_and_writable(void **state)
{
    (void)state;
    for (word_t i = 0; i < BOOTED_PAGES; i++) {
        struct cap frame = booted_cap(&w, 20 + i);
        word_t vaddr = BOOTED_VADDR + i * PAGE_SIZE;
        paddr_t at;
        assert_int_equal(cap_type(frame), CAP_FRAME);
        assert_int_equal(cap_object(frame), kernel_image_paddr() + i * PAGE_SIZE);
        assert_int_equal(cap_frame_address(frame), vaddr);
        assert_true(vspace_translate(&w, booted_cap(&w, 3), vaddr + 5, &at));
        assert_int_equal(at, cap_object(frame) + 5);
    }
}

static void untypeds_cover_all_free_memory_once(void **state)
{
    (void)state;
    word_t count = booted_info(&w, INFO_UNTYPED + 1) - booted_info(&w, INFO_UNTYPED), regular = 0;
    for (unsigned i = 0; i < count; i++) {
        struct cap cap = booted_cap(&w, booted_info(&w, INFO_UNTYPED) + i);
        word_t about = booted_info(&w, INFO_LIST + 2 * i + 1);
        assert_int_equal(cap_type(cap), CAP_UNTYPED);
        assert_int_equal(booted_info(&w, INFO_LIST + 2 * i), cap_object(cap));
        assert_int_equal(about & 0xff, cap_untyped_size_bits(cap));
        assert_int_equal(about >> 8, cap_untyped_is_device(cap));
        if (!cap_untyped_is_device(cap)) regular += UINT64_C(1) << cap_untyped_size_bits(cap);
    }
    /* the boot code, between image and root task's objects, behind them */
    word_t low = kernel_image_paddr() + BOOTED_PAGES * PAGE_SIZE;
    assert_int_equal(regular, 0x100000 + (0x1ff80000 - low) + (0x1ffe0000 - 0x1ffc8800));
}

static void the_largest_untyped_of_at_most_16_mib_lies_where_the_recordings_have_it(void **state)
{
    (void)state;
    for (word_t slot = booted_info(&w, INFO_UNTYPED);; slot++) {
        struct cap cap = booted_cap(&w, slot);
        if (cap_type(cap) != CAP_UNTYPED || cap_untyped_is_device(cap) ||
            cap_untyped_size_bits(cap) != 24)
            continue;
        assert_int_equal(cap_object(cap), 0x1000000);
        return;
    }
}

static void all_threads_are_idle_thread_then_rootserver(void **state)
{
    (void)state;
    paddr_t first = kernel_at(&w)->debug_tcbs, second = tcb_debug_at(&w, first)->next;
    assert_string_equal(tcb_debug_at(&w, first)->name, "idle_thread");
    assert_string_equal(tcb_debug_at(&w, second)->name, "rootserver");
    assert_int_equal(tcb_debug_at(&w, second)->next, 0);
    assert_int_equal(tcb_at(&w, second)->priority, 255);
    assert_int_equal(tcb_at(&w, second)->state, TCB_RUNNING);
    assert_int_equal(tcb_at(&w, first)->state, TCB_IDLE);
}

static void user_gates_are_the_breakpoint_and_the_unused_vectors(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 256; n++)
        assert_int_equal(cpu_at(&w)->gate_open[n / 64] >> n % 64 & 1, n == 3 || n >= 0x9e);
}

static void the_new_state_keeps_all_invariants(void **state)
{
    (void)state;
    assert_null(kernel_check_invariants(&w));
}

static void every_configuration_boots(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        struct kernel_config config = kernel_config_default;
        struct world other;
        config.mcs = i & 1;
        config.hardware_debug_api = i >> 1 & 1;
        assert_true(booted_open(&other, MEMORY, &config));
        world_close(&other);
    }
}

static void the_same_boot_gives_the_same_bytes(void **state)
{
    (void)state;
    struct world other;
    assert_true(booted_open(&other, MEMORY, &kernel_config_default));
    assert_true(arena_hash(&other) == arena_hash(&w));
    world_close(&other);
}

static void a_machine_too_small_is_refused(void **state)
{
    (void)state;
    for (uint64_t size = PAGE_SIZE; size < UINT64_C(12) << 20; size += UINT64_C(37) * PAGE_SIZE) {
        struct world small;
        bool booted = booted_open(&small, size, &kernel_config_default);
        assert_int_equal(booted, size >= 0xa40000 + 0x48800 + 0x20000);
        world_close(&small);
    }
}

static void absurd_images_are_refused(void **state)
{
    (void)state;
    static const struct boot_image images[] = {
        { 0xa0d000, 0x400000, 0, 0x400000 },
        { 0xa0d000, 0x400001, 1, 0x400000 },
        { 0xa0d000, 0x400000, UINT64_MAX, 0x400000 },
        { 0xa0d000, 0x400000, UINT64_C(1) << 52, 0x400000 },
        { 0xa0d000, UINT64_MAX - 0xfff, 1, 0x400000 },
        { 0xa0d000, 0x7ffffffff000, 1, 0x400000 },
        { 0xa0d000, 0x400000, 100000, 0x400000 },
        { 0xa0d000, 0x400000, 9000, 0x400000 },
        { 0x1000, 0x400000, 1, 0x400000 },
    };
    for (size_t i = 0; i < sizeof images / sizeof images[0]; i++) {
        struct world other;
        assert_true(world_open(&other, MEMORY));
        assert_false(kernel_boot(&other, &kernel_config_default, &images[i]));
        world_close(&other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_root_tcb_is_where_the_recordings_have_it),
        cmocka_unit_test(the_first_instruction_is_next_with_bootinfo_in_rdi),
        cmocka_unit_test(fixed_slots_hold_the_initial_capabilities),
        cmocka_unit_test(bootinfo_names_the_regions_in_order),
        cmocka_unit_test(image_frames_are_contiguous_and_writable),
        cmocka_unit_test(untypeds_cover_all_free_memory_once),
        cmocka_unit_test(the_largest_untyped_of_at_most_16_mib_lies_where_the_recordings_have_it),
        cmocka_unit_test(all_threads_are_idle_thread_then_rootserver),
        cmocka_unit_test(user_gates_are_the_breakpoint_and_the_unused_vectors),
        cmocka_unit_test(the_new_state_keeps_all_invariants),
        cmocka_unit_test(every_configuration_boots),
        cmocka_unit_test(the_same_boot_gives_the_same_bytes),
        cmocka_unit_test(a_machine_too_small_is_refused),
        cmocka_unit_test(absurd_images_are_refused),
    };
    return cmocka_run_group_tests(tests, boot, close_world);
}
