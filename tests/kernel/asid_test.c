/* SPDX-License-Identifier: BSD-2-Clause */
/* Pools of address space identifiers: made until there are no more, filled until there is no more
 * room, and each good for an address space that can be used. The root task does it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/booted.h"
#include "kernel/vspace.h"
#include "world/world.h"

enum { VSPACE = 3, CONTROL = 5, POOL = 0x1000, PAGE = 0x1010, SPACE = 0x1100, TABLES = 0x1300 };
enum { POOL_SIZE = 512, MADE_POOLS = ASID_HIGH_COUNT - 1 };
#define WHERE UINT64_C(0x10000000)

static struct world w;

static int boot(void **state)
{
    (void)state;
    return booted_open(&w, UINT64_C(512) << 20, &kernel_config_default) ? 0 : -1;
}

static int close_world(void **state)
{
    (void)state;
    bool sound = kernel_check_invariants(&w) == NULL;
    world_close(&w);
    return sound ? 0 : -1;
}

static void make(const char *object, word_t bits, word_t slot, word_t count)
{
    assert_int_equal(booted_retype(&w, booted_untyped(&w, 24), object, bits, slot, count),
                     SEL4_NoError);
}

static enum sel4_error make_pool(word_t i)
{
    make("UntypedObject", 12, PAGE + i, 1);
    struct booted_message m = { "X86ASIDControlMakePool", 2, { POOL + i, 64 }, 2, { PAGE + i, 2 } };
    return booted_call(&w, CONTROL, m).error;
}

static enum sel4_error assign(word_t pool, word_t space)
{
    struct booted_message m = { "X86ASIDPoolAssign", 0, { 0 }, 1, { space } };
    return booted_call(&w, POOL + pool, m).error;
}

static void a_pool_takes_an_address_space_that_has_no_identifier(void **state)
{
    (void)state;
    assert_int_equal(make_pool(0), SEL4_NoError);
    assert_int_equal(assign(0, VSPACE), SEL4_InvalidCapability);
    make("X64_PML4Object", 0, SPACE, 1);
    assert_int_equal(assign(0, SPACE), SEL4_NoError);
    assert_int_equal(cap_pml4_asid(booted_cap(&w, SPACE)), POOL_SIZE);
    assert_int_equal(asid_find(&w, POOL_SIZE), cap_object(booted_cap(&w, SPACE)));
}

static void there_are_pools_for_all_identifiers_and_no_more(void **state)
{
    (void)state;
    for (word_t i = 0; i < MADE_POOLS; i++) assert_int_equal(make_pool(i), SEL4_NoError);
    assert_int_equal(make_pool(MADE_POOLS), SEL4_DeleteFirst);
    assert_int_equal(cap_type(booted_cap(&w, POOL + MADE_POOLS)), CAP_NULL);
}

static void a_pool_has_room_for_512(void **state)
{
    (void)state;
    assert_int_equal(make_pool(0), SEL4_NoError);
    make("X64_PML4Object", 0, SPACE, 256);
    make("X64_PML4Object", 0, SPACE + 256, 256);
    for (word_t i = 0; i < POOL_SIZE; i++) assert_int_equal(assign(0, SPACE + i), SEL4_NoError);
    make("X64_PML4Object", 0, SPACE + POOL_SIZE, 1);
    assert_int_equal(assign(0, SPACE + POOL_SIZE), SEL4_DeleteFirst);
    assert_int_equal(cap_pml4_asid(booted_cap(&w, SPACE + POOL_SIZE)), 0);
}

/* Its tables, a page at WHERE; the capability to the page is in `slot` + 3. */
static void build_space(word_t space, word_t slot)
{
    static const char *const object[] = { "X86_PDPTObject", "X86_PageDirectoryObject",
                                          "X86_PageTableObject", "X86_4K" };
    static const char *const label[] = { "X86PDPTMap", "X86PageDirectoryMap", "X86PageTableMap",
                                         "X86PageMap" };
    for (word_t i = 0; i < 4; i++) {
        struct booted_message m = { label[i], i == 3 ? 3 : 2, { WHERE, 0, 0 }, 1, { space } };
        if (i == 3) m.word[1] = RIGHTS_ALL;
        make(object[i], 0, slot + i, 1);
        assert_int_equal(booted_call(&w, slot + i, m).error, SEL4_NoError);
    }
}

/* The same address is a page of its own in each, and the same page after switching to and fro. */
static void an_address_space_of_every_pool_can_be_used(void **state)
{
    (void)state;
    paddr_t thread = kernel_at(&w)->current, vtable = tcb_slot(thread, TCB_VTABLE), at;
    for (word_t i = 0; i < MADE_POOLS; i++) {
        assert_int_equal(make_pool(i), SEL4_NoError);
        make("X64_PML4Object", 0, SPACE + i, 1);
        assert_int_equal(assign(i, SPACE + i), SEL4_NoError);
        build_space(SPACE + i, TABLES + 4 * i);
        memory_set_word(&w, cap_object(booted_cap(&w, TABLES + 4 * i + 3)), 0x1234 + i);
    }
    struct cap own = cte_at(&w, vtable)->cap;
    for (word_t i = 0; i < 2 * MADE_POOLS; i++) {
        slot_set_cap(&w, vtable, booted_cap(&w, SPACE + i % MADE_POOLS));
        vspace_switch_to(&w, thread);
        assert_int_equal(cpu_at(&w)->cr3, cap_object(booted_cap(&w, SPACE + i % MADE_POOLS)));
        assert_true(kernel_translate(&w, thread, WHERE, &at));
        assert_int_equal(memory_word(&w, at), 0x1234 + i % MADE_POOLS);
    }
    slot_set_cap(&w, vtable, own);
    vspace_switch_to(&w, thread);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, boot, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_pool_takes_an_address_space_that_has_no_identifier),
        TEST(there_are_pools_for_all_identifiers_and_no_more),
        TEST(a_pool_has_room_for_512),
        TEST(an_address_space_of_every_pool_can_be_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
