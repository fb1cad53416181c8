/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks of the kernel's rules find what is wrong: a booted world is damaged in one place each time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "kernel/booted.h"
#include "kernel/vspace.h"
#include "world/world.h"

enum { MEMORY = 32 << 20, FREE_SLOT = 0x400, INFO_UNTYPED_END = 20 };

static struct world w;

static int open_world(void **state)
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

static void assert_wrong(const char *what)
{
    const char *wrong = kernel_check_invariants(&w);
    if (!wrong) wrong = kernel_check_references(&w);
    if (!wrong || !strstr(wrong, what)) fail_msg("\"%s\" is not \"%s\"", wrong ? wrong : "", what);
}

static struct cte *slot_edit(word_t index)
{
    return memory_edit(&w, booted_slot(&w, index), sizeof(struct cte));
}

static struct cap frame_at(paddr_t at)
{
    struct cap cap = cap_new(CAP_FRAME);
    cap_frame_set_object(&cap, at);
    cap_frame_set_vm_rights(&cap, 3);
    return cap;
}

static void a_booted_world_keeps_all_rules(void **state)
{
    (void)state;
    assert_null(kernel_check_invariants(&w));
    assert_null(kernel_check_references(&w));
}

static void a_capability_to_free_memory_is_found(void **state)
{
    (void)state;
    word_t last = booted_info(&w, INFO_UNTYPED_END) - 1;
    paddr_t free = cap_object(booted_cap(&w, last));
    assert_int_equal(cap_type(booted_cap(&w, last)), CAP_UNTYPED);
    slot_edit(FREE_SLOT)->cap = frame_at(free & ~(paddr_t)0xfff);
    assert_wrong("memory that is free");
}

static void a_child_above_the_watermark_is_found(void **state)
{
    (void)state;
    word_t untyped = booted_info(&w, INFO_UNTYPED_END) - 1;
    while (cap_object_size_bits(booted_cap(&w, untyped)) < PAGE_BITS) untyped--;
    slot_edit(FREE_SLOT)->cap = frame_at(cap_object(booted_cap(&w, untyped)));
    slot_edit(FREE_SLOT)->mdb_prev = booted_slot(&w, untyped);
    cap_untyped_set_free_index(&slot_edit(untyped)->cap, 0);
    slot_edit(untyped)->mdb_next |= booted_slot(&w, FREE_SLOT);
    assert_wrong("above its untyped's watermark");
}

static void overlapping_untypeds_are_found(void **state)
{
    (void)state;
    struct cap cap = cap_new(CAP_UNTYPED);
    word_t untyped = booted_info(&w, INFO_UNTYPED_END) - 1;
    while (cap_object_size_bits(booted_cap(&w, untyped)) < 15) untyped--;
    cap_untyped_set_object(&cap, cap_object(booted_cap(&w, untyped)));
    cap_untyped_set_size_bits(&cap, 14);
    slot_edit(FREE_SLOT)->cap = cap;
    assert_wrong("memory that is free");
}

static void a_derivation_list_that_is_a_ring_is_found(void **state)
{
    (void)state;
    paddr_t a = booted_slot(&w, FREE_SLOT), b = booted_slot(&w, FREE_SLOT + 1);
    struct cap cap = cap_new(CAP_DOMAIN);
    *slot_edit(FREE_SLOT) = (struct cte){ .cap = cap, .mdb_prev = b, .mdb_next = b };
    *slot_edit(FREE_SLOT + 1) = (struct cte){ .cap = cap, .mdb_prev = a, .mdb_next = a };
    assert_wrong("begins nowhere");
}

static void an_index_of_the_ready_queues_that_lies_is_found(void **state)
{
    (void)state;
    KERNEL_EDIT(&w, ready_level2)[0][1] |= 4;
    assert_wrong("does not show a queue");
}

static void a_page_that_no_capability_maps_is_found(void **state)
{
    (void)state;
    paddr_t entry, pml4 = cap_object(booted_cap(&w, 3));
    assert_int_equal(vspace_lookup(&w, pml4, BOOTED_VADDR, LEVEL_PT, &entry).type, LOOKUP_OK);
    memory_set_word(&w, entry + sizeof(word_t), memory_word(&w, entry));
    assert_wrong("a page is mapped without a capability");
}

static void interrupts_and_ports_without_a_capability_are_found(void **state)
{
    (void)state;
    KERNEL_EDIT(&w, irq_state)[20] = IRQ_SIGNAL;
    assert_wrong("active without a handler");
    KERNEL_EDIT(&w, irq_state)[20] = IRQ_INACTIVE;
    KERNEL_EDIT(&w, io_ports)[3] = 1;
    assert_wrong("the ports given out");
}

static void a_thread_without_a_capability_is_found(void **state)
{
    (void)state;
    *slot_edit(1) = (struct cte){ .cap = cap_new(CAP_NULL) };
    assert_wrong("names a thread that is gone"); /* its reply capability */
}

#define WORLD_TEST(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_booted_world_keeps_all_rules),
        WORLD_TEST(a_capability_to_free_memory_is_found),
        WORLD_TEST(a_child_above_the_watermark_is_found),
        WORLD_TEST(overlapping_untypeds_are_found),
        WORLD_TEST(a_derivation_list_that_is_a_ring_is_found),
        WORLD_TEST(an_index_of_the_ready_queues_that_lies_is_found),
        WORLD_TEST(a_page_that_no_capability_maps_is_found),
        WORLD_TEST(interrupts_and_ports_without_a_capability_are_found),
        WORLD_TEST(a_thread_without_a_capability_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
