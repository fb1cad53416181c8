/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames of all sizes: mapped, written all over, mapped once more, unmapped, mapped again; device
 * memory that is no IPC buffer; a mapping that goes with its capability. The root task does it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "kernel/booted.h"
#include "kernel/vspace.h"
#include "world/world.h"

enum { VSPACE = 3, TABLES = 0x1000, FRAME = 0x1010, OTHER_FRAME, TCB, TOUCHES = 16 };
#define WHERE  UINT64_C(0x8000000000)
#define MEMORY (UINT64_C(4) << 30)

static struct world w;

static int boot(void **state)
{
    (void)state;
    return booted_open(&w, MEMORY, &kernel_config_default) ? 0 : -1;
}

static int close_world(void **state)
{
    (void)state;
    bool sound = kernel_check_invariants(&w) == NULL;
    world_close(&w);
    return sound ? 0 : -1;
}

static enum sel4_error map(word_t slot, const char *label, word_t vaddr)
{
    bool frame = strcmp(label, "X86PageMap") == 0;
    struct booted_message m = { label, frame ? 3 : 2, { vaddr, 0, 0 }, 1, { VSPACE } };
    if (frame) m.word[1] = RIGHTS_ALL;
    return booted_call(&w, slot, m).error;
}

/* The tables above a frame of 2^bits bytes. */
static void make_tables(unsigned bits)
{
    static const struct {
        const char *object, *label;
        unsigned above;
    } tables[] = { { "X86_PDPTObject", "X86PDPTMap", 0 },
                   { "X86_PageDirectoryObject", "X86PageDirectoryMap", 30 },
                   { "X86_PageTableObject", "X86PageTableMap", 21 } };
    for (word_t i = 0; i < 3; i++) {
        if (tables[i].above && bits >= tables[i].above) continue;
        assert_int_equal(
            booted_retype(&w, booted_untyped(&w, 20), tables[i].object, 0, TABLES + i, 1),
            SEL4_NoError);
        assert_int_equal(map(TABLES + i, tables[i].label, WHERE), SEL4_NoError);
    }
}

/* Sixteen places all over the frame hold one word each, and get another. */
static void touch(unsigned bits, word_t old, word_t new)
{
    for (word_t i = 0; i < TOUCHES; i++) {
        paddr_t at;
        word_t vaddr = WHERE + (i << (bits - 4));
        assert_true(kernel_translate(&w, kernel_at(&w)->current, vaddr, &at));
        assert_int_equal(at, cap_object(booted_cap(&w, FRAME)) + (i << (bits - 4)));
        assert_int_equal(memory_word(&w, at), old ? old + i : 0);
        memory_set_word(&w, at, new + i);
    }
}

static void use_frame(const char *object, unsigned bits)
{
    paddr_t at;
    make_tables(bits);
    assert_int_equal(booted_retype(&w, booted_untyped(&w, bits), object, 0, FRAME, 1),
                     SEL4_NoError);
    assert_int_equal(map(FRAME, "X86PageMap", WHERE), SEL4_NoError);
    touch(bits, 0, 0x100);
    assert_int_equal(map(FRAME, "X86PageMap", WHERE), SEL4_NoError);
    touch(bits, 0x100, 0x200);
    assert_int_equal(
        booted_call(&w, FRAME, (struct booted_message){ .label = "X86PageUnmap" }).error,
        SEL4_NoError);
    assert_false(kernel_translate(&w, kernel_at(&w)->current, WHERE, &at));
    assert_int_equal(map(FRAME, "X86PageMap", WHERE), SEL4_NoError);
    touch(bits, 0x200, 0x300);
}

static void a_frame_of_4_kib_is_mapped_touched_and_mapped_again(void **state)
{
    (void)state;
    use_frame("X86_4K", 12);
}
static void a_frame_of_2_mib_is_mapped_touched_and_mapped_again(void **state)
{
    (void)state;
    use_frame("X86_LargePageObject", 21);
}
static void a_frame_of_1_gib_is_mapped_touched_and_mapped_again(void **state)
{
    (void)state;
    use_frame("X64_HugePageObject", 30);
}

/* The copy that was mapped goes, the original stays: the page is gone, the frame is not. */
static void deleting_the_mapped_copy_unmaps_the_frame(void **state)
{
    (void)state;
    paddr_t at;
    make_tables(12);
    assert_int_equal(booted_retype(&w, booted_untyped(&w, 12), "X86_4K", 0, FRAME, 1),
                     SEL4_NoError);
    struct booted_message copy = { "CNodeCopy", 5, { OTHER_FRAME, 64, FRAME, 64, 15 }, 1, { 2 } };
    assert_int_equal(booted_call(&w, 2, copy).error, SEL4_NoError);
    assert_int_equal(map(OTHER_FRAME, "X86PageMap", WHERE), SEL4_NoError);
    assert_true(kernel_translate(&w, kernel_at(&w)->current, WHERE, &at));
    struct booted_message gone = { "CNodeDelete", 2, { OTHER_FRAME, 64 }, 0, { 0 } };
    assert_int_equal(booted_call(&w, 2, gone).error, SEL4_NoError);
    assert_false(kernel_translate(&w, kernel_at(&w)->current, WHERE, &at));
    assert_int_equal(map(FRAME, "X86PageMap", WHERE), SEL4_NoError);
}

/* A thread whose buffer would be device memory keeps the one that it has. */
static void device_memory_is_no_buffer(void **state)
{
    (void)state;
    struct world *world = &w;
    word_t device = 20;
    while (cap_type(booted_cap(&w, device)) != CAP_UNTYPED ||
           !cap_untyped_is_device(booted_cap(&w, device)))
        device++;
    assert_int_equal(booted_retype(world, device, "X86_4K", 0, FRAME, 1), SEL4_NoError);
    assert_int_equal(booted_retype(world, booted_untyped(&w, 12), "TCBObject", 0, TCB, 1),
                     SEL4_NoError);
    struct booted_message configure = {
        "TCBConfigure", 4, { 0, 0, 0, 0x700000 }, 3, { 2, VSPACE, FRAME }
    };
    assert_int_equal(booted_call(&w, TCB, configure).error, SEL4_IllegalOperation);
    configure.cap[2] = 10; /* the root task's own buffer will do */
    assert_int_equal(booted_call(&w, TCB, configure).error, SEL4_NoError);
    paddr_t tcb = cap_object(booted_cap(&w, TCB)), buffer = tcb_ipc_buffer(&w, tcb, true);
    assert_true(buffer);
    struct booted_message other = { "TCBSetIPCBuffer", 1, { 0x700000 }, 1, { FRAME } };
    assert_int_equal(booted_call(&w, TCB, other).error, SEL4_IllegalOperation);
    assert_int_equal(tcb_ipc_buffer(&w, tcb, true), buffer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, boot, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_frame_of_4_kib_is_mapped_touched_and_mapped_again),
        TEST(a_frame_of_2_mib_is_mapped_touched_and_mapped_again),
        TEST(a_frame_of_1_gib_is_mapped_touched_and_mapped_again),
        TEST(deleting_the_mapped_copy_unmaps_the_frame),
        TEST(device_memory_is_no_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
