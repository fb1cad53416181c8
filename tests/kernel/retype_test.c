/* SPDX-License-Identifier: BSD-2-Clause */
/* Filling a small CNode and an untyped to the last place: windows that fit, overrun and overlap,
 * objects that are as large as the memory, and sixteen pages where there is room for sixteen. */
#include "kernel/kernel_fixture.h"

enum { SMALL = CPTR_FREE, ROOM, FREE, SLOTS = 4 };

/* Into the CNode of four slots. */
static enum sel4_error into_small(struct fixture *f, word_t offset, word_t count)
{
    word_t type = 0;
    assert_true(object_type(&kernel_at(&f->w)->numbers, "TCBObject", &type));
    return call(f, (struct message){ .cptr = ROOM,
                                     .label = "UntypedRetype",
                                     .length = 6,
                                     .word = { type, 0, SMALL, 64, offset, count },
                                     .caps = 1,
                                     .cap = { CPTR_CNODE } });
}

static struct fixture *small_cnode(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(retype(f, "CapTableObject", 2, SMALL, 1), SEL4_NoError);
    assert_int_equal(retype(f, "UntypedObject", TCB_BITS + 3, ROOM, 1), SEL4_NoError);
    return f;
}

static enum sel4_error delete_from_small(struct fixture *f, word_t index)
{
    return call(f, (struct message){
                       .cptr = SMALL, .label = "CNodeDelete", .length = 2, .word = { index, 2 } });
}

static void a_window_must_lie_in_the_cnode_and_be_empty(void **state)
{
    struct fixture *f = small_cnode(state);
    assert_int_equal(into_small(f, 1, 0), SEL4_RangeError);
    assert_int_equal(fixture_mr(f, 0), 1);
    assert_int_equal(fixture_mr(f, 1), 256);
    assert_int_equal(into_small(f, SLOTS - 1, 2), SEL4_RangeError);
    for (word_t i = 0; i < SLOTS; i++) assert_int_equal(into_small(f, i, 1), SEL4_NoError);
    assert_int_equal(into_small(f, SLOTS, 1), SEL4_RangeError);
    for (word_t i = 0; i < SLOTS; i++) assert_int_equal(into_small(f, i, 1), SEL4_DeleteFirst);
    assert_int_equal(into_small(f, 0, (word_t)1 << 31), SEL4_RangeError);
    assert_int_equal(into_small(f, 0, SLOTS + 1), SEL4_RangeError);
}

static void emptied_slots_take_all_but_one_at_once_and_then_the_last(void **state)
{
    struct fixture *f = small_cnode(state);
    assert_int_equal(into_small(f, 0, SLOTS), SEL4_NoError);
    for (word_t i = 0; i < SLOTS; i++) assert_int_equal(delete_from_small(f, i), SEL4_NoError);
    assert_int_equal(into_small(f, 0, SLOTS - 1), SEL4_NoError);
    for (word_t i = 0; i < SLOTS - 1; i++) assert_int_equal(into_small(f, i, 1), SEL4_DeleteFirst);
    assert_int_equal(into_small(f, SLOTS - 1, 1), SEL4_NoError);
    assert_int_equal(into_small(f, SLOTS - 1, 1), SEL4_DeleteFirst);
}

static enum sel4_error whole(struct fixture *f, word_t radix, word_t cptr)
{
    word_t type = 0;
    assert_true(object_type(&kernel_at(&f->w)->numbers, "CapTableObject", &type));
    return call(f, (struct message){ .cptr = ROOM,
                                     .label = "UntypedRetype",
                                     .length = 6,
                                     .word = { type, radix, 0, 0, cptr, 1 },
                                     .caps = 1,
                                     .cap = { CPTR_CNODE } });
}

static void an_object_may_be_as_large_as_its_memory_and_no_larger(void **state)
{
    struct fixture *f = small_cnode(state);
    word_t fits = TCB_BITS + 3 - SLOT_BITS;
    for (word_t more = 40; more > 0; more--)
        assert_int_equal(whole(f, fits + more, FREE), fits + more + SLOT_BITS > UNTYPED_MAX_BITS
                                                          ? SEL4_RangeError
                                                          : SEL4_NotEnoughMemory);
    assert_int_equal(whole(f, fits, FREE), SEL4_NoError);
    assert_int_equal(cap_cnode_radix(cap_in(f, FREE)), fits);
    assert_int_equal(whole(f, 1, FREE + 1), SEL4_NotEnoughMemory);
}

static void sixteen_pages_fill_64_kib(void **state)
{
    struct fixture *f = *state;
    for (word_t i = 0; i < 16; i++) {
        assert_int_equal(retype(f, "X86_4K", 0, FREE + i, 1), SEL4_NoError);
        assert_int_equal(cap_object(cap_in(f, FREE + i)), FIXTURE_UNTYPED + i * PAGE_SIZE);
    }
    assert_int_equal(retype(f, "X86_4K", 0, FREE + 16, 1 << 20), SEL4_RangeError);
    assert_int_equal(retype(f, "X86_4K", 0, FREE, 8), SEL4_DeleteFirst);
    assert_int_equal(retype(f, "X86_4K", 0, FREE + 16, 1), SEL4_NotEnoughMemory);
    assert_int_equal(cap_type(cap_in(f, FREE + 16)), CAP_NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_window_must_lie_in_the_cnode_and_be_empty),
        TEST(emptied_slots_take_all_but_one_at_once_and_then_the_last),
        TEST(an_object_may_be_as_large_as_its_memory_and_no_larger),
        TEST(sixteen_pages_fill_64_kib),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
