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
    assert_int_equal(regular, 0x700000 + (0x1ff80000 - low) + (0x1ffe0000 - 0x1ffc8800));
}

/* What the real kernel hands out on a machine of 512 MiB, from bootinfo: all but memory, the interrupt
 * controllers and the page of interrupt messages, in pieces as large as their place in the kernel's window
 * allows. */
static const struct {
    word_t paddr, bits;
} device_table[] = { { 0x0, 20 },
                     { 0x1ffe0000, 17 },
                     { 0x20000000, 29 },
                     { 0x40000000, 30 },
                     { 0x80000000, 30 },
                     { 0xc0000000, 29 },
                     { 0xe0000000, 28 },
                     { 0xf0000000, 27 },
                     { 0xf8000000, 26 },
                     { 0xfc000000, 25 },
                     { 0xfe000000, 23 },
                     { 0xfe800000, 22 },
                     { 0xfec01000, 12 },
                     { 0xfec02000, 13 },
                     { 0xfec04000, 14 },
                     { 0xfec08000, 15 },
                     { 0xfec10000, 16 },
                     { 0xfec20000, 17 },
                     { 0xfec40000, 18 },
                     { 0xfec80000, 19 },
                     { 0xfed00000, 20 },
                     { 0xfee01000, 12 },
                     { 0xfee02000, 13 },
                     { 0xfee04000, 14 },
                     { 0xfee08000, 15 },
                     { 0xfee10000, 16 },
                     { 0xfee20000, 17 },
                     { 0xfee40000, 18 },
                     { 0xfee80000, 19 },
                     { 0xfef00000, 20 },
                     { 0xff000000, 23 },
                     { 0xff800000, 22 },
                     { 0xffc00000, 21 },
                     { 0xffe00000, 20 },
                     { 0xfff00000, 19 },
                     { 0xfff80000, 18 },
                     { 0xfffc0000, 17 },
                     { 0xfffe0000, 16 },
                     { 0xffff0000, 15 },
                     { 0xffff8000, 14 },
                     { 0xffffc000, 13 },
                     { 0xffffe000, 12 },
                     { 0xfffff000, 11 },
                     { 0xfffff800, 10 },
                     { 0xfffffc00, 9 },
                     { 0xfffffe00, 8 },
                     { 0xffffff00, 7 },
                     { 0xffffff80, 6 },
                     { 0xffffffc0, 5 },
                     { 0xffffffe0, 4 },
                     { 0x100000000, 32 },
                     { 0x200000000, 33 },
                     { 0x400000000, 34 },
                     { 0x800000000, 35 },
                     { 0x1000000000, 36 },
                     { 0x2000000000, 37 },
                     { 0x4000000000, 38 },
                     { 0x8000000000, 46 },
                     { 0x408000000000, 45 },
                     { 0x608000000000, 44 },
                     { 0x708000000000, 43 },
                     { 0x788000000000, 42 },
                     { 0x7c8000000000, 41 },
                     { 0x7e8000000000, 40 },
                     { 0x7f8000000000, 39 } };

static void device_untypeds_are_those_of_the_real_kernel(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof device_table / sizeof device_table[0]; i++) {
        assert_int_equal(booted_info(&w, INFO_LIST + 2 * i), device_table[i].paddr);
        assert_int_equal(booted_info(&w, INFO_LIST + 2 * i + 1), device_table[i].bits | 1 << 8);
    }
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
        { 0xa13000, 0x400000, 0, 0x400000 },
        { 0xa13000, 0x400001, 1, 0x400000 },
        { 0xa13000, 0x400000, UINT64_MAX, 0x400000 },
        { 0xa13000, 0x400000, UINT64_C(1) << 52, 0x400000 },
        { 0xa13000, UINT64_MAX - 0xfff, 1, 0x400000 },
        { 0xa13000, 0x7ffffffff000, 1, 0x400000 },
        { 0xa13000, 0x400000, 100000, 0x400000 },
        { 0xa13000, 0x400000, 9000, 0x400000 },
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
        cmocka_unit_test(device_untypeds_are_those_of_the_real_kernel),
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
