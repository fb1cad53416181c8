/* SPDX-License-Identifier: BSD-2-Clause */
/* How CPtrs are resolved: src/kernel/cspace.c. */
#include "kernel/kernel_fixture.h"

enum { CHILD = 0x200000, GRANDCHILD = 0x210000 };

/* A CSpace of two levels below the root: a child of 4 bits behind guard 0xab (8 bits) in slot 5 of
 * a root of 52 bits' guard, and an endpoint in the child's slot 3. */
static struct cap two_levels(struct fixture *f)
{
    struct cap endpoint = cap_new(CAP_ENDPOINT);
    cap_endpoint_set_object(&endpoint, GRANDCHILD);
    slot_write_initial(&f->w, CHILD + (5 << SLOT_BITS), cnode_cap(CHILD + 0x1000, 4, 0xab, 8));
    slot_write_initial(&f->w, CHILD + 0x1000 + (3 << SLOT_BITS), endpoint);
    return cnode_cap(CHILD, 4, 0, 48);
}

static void resolves_to(struct fixture *f, word_t cptr, word_t bits, paddr_t slot, word_t left)
{
    struct resolved r = resolve_address_bits(&f->w, two_levels(f), cptr, bits);
    assert_int_equal(r.failure.type, LOOKUP_OK);
    assert_int_equal(r.slot, slot);
    assert_int_equal(r.bits_left, left);
}

static void fails_with(struct fixture *f, word_t cptr, word_t bits, struct lookup_failure expected)
{
    struct resolved r = resolve_address_bits(&f->w, two_levels(f), cptr, bits);
    assert_memory_equal(&r.failure, &expected, sizeof expected);
    assert_int_equal(r.slot, 0);
}

static void guards_then_indices_lead_to_the_slot(void **state)
{
    struct fixture *f = *state;
    resolves_to(f, 0x5ab3, 64, CHILD + 0x1000 + (3 << SLOT_BITS), 0);
}

static void bits_behind_a_slot_without_a_cnode_are_left_over(void **state)
{
    struct fixture *f = *state;
    resolves_to(f, 0x7123, 64, CHILD + (7 << SLOT_BITS), 12);
}

static void a_wrong_guard_tells_the_bits_left_and_the_guard(void **state)
{
    struct fixture *f = *state;
    fails_with(f, 0x15ab3, 64, (struct lookup_failure){ LOOKUP_GUARD_MISMATCH, 64, 48, 0 });
    fails_with(f, 0x5ac3, 64, (struct lookup_failure){ LOOKUP_GUARD_MISMATCH, 12, 8, 0xab });
}

static void a_guard_longer_than_the_bits_left_is_a_guard_mismatch(void **state)
{
    struct fixture *f = *state;
    fails_with(f, 0, 40, (struct lookup_failure){ LOOKUP_GUARD_MISMATCH, 40, 48, 0 });
}

static void a_level_that_wants_more_bits_is_a_depth_mismatch(void **state)
{
    struct fixture *f = *state;
    fails_with(f, 0, 50, (struct lookup_failure){ LOOKUP_DEPTH_MISMATCH, 50, 52, 0 });
}

static void a_root_that_is_no_cnode_is_an_invalid_root(void **state)
{
    struct fixture *f = *state;
    struct resolved r = resolve_address_bits(&f->w, cap_new(CAP_ENDPOINT), 1, 64);
    assert_int_equal(r.failure.type, LOOKUP_INVALID_ROOT);
    assert_int_equal(fixture_count(f, EVENT_LOOKUP_LEVEL), 0);
    assert_int_equal(fixture_count(f, EVENT_LOOKUP_FAILED), 1);
}

static void each_level_is_told(void **state)
{
    struct fixture *f = *state;
    resolves_to(f, 0x5ab3, 64, CHILD + 0x1000 + (3 << SLOT_BITS), 0);
    assert_int_equal(fixture_count(f, EVENT_LOOKUP), 1);
    assert_int_equal(fixture_count(f, EVENT_LOOKUP_LEVEL), 2);
    const struct event *second = &f->event[2];
    assert_int_equal(second->arg[0], CHILD + (5 << SLOT_BITS)); /* the slot of the CNode */
    assert_int_equal(second->arg[1], 12);                       /* bits left */
    assert_int_equal(second->arg[2], 0xab);
    assert_int_equal(second->arg[5], 3);
}

static void levels_for_drawing_are_the_same_and_silent(void **state)
{
    struct fixture *f = *state;
    struct lookup_level level[LOOKUP_LEVELS_MAX];
    struct lookup_failure failure;
    assert_int_equal(kernel_lookup_levels(&f->w, two_levels(f), 0x5ab3, 64, level, &failure), 2);
    assert_int_equal(failure.type, LOOKUP_OK);
    assert_int_equal(level[0].index, 5);
    assert_int_equal(level[1].guard_bits, 0xab);
    assert_int_equal(level[1].slot, CHILD + 0x1000 + (3 << SLOT_BITS));
    assert_int_equal(kernel_lookup_levels(&f->w, two_levels(f), 0x5ac3, 64, level, &failure), 2);
    assert_int_equal(failure.type, LOOKUP_GUARD_MISMATCH);
    assert_false(level[1].guard_fits);
    assert_int_equal(f->events, 0);
}

static void a_threads_lookup_starts_at_its_cspace_root(void **state)
{
    struct fixture *f = *state;
    struct lookup_failure failure;
    paddr_t slot = lookup_slot(&f->w, FIXTURE_ROOT_TCB, CPTR_UNTYPED, &failure);
    assert_int_equal(slot, slot_of(CPTR_UNTYPED));
    assert_int_equal(f->event[0].arg[2], tcb_slot(FIXTURE_ROOT_TCB, TCB_CTABLE));
    f->events = 0;
    failure = kernel_lookup_slot(&f->w, FIXTURE_ROOT_TCB, 0x100, &slot);
    assert_int_equal(failure.type, LOOKUP_GUARD_MISMATCH);
    assert_int_equal(f->events, 0);
}

/* 64 CNodes of one bit each; the next lies in slot 0 and slot 1 by turns, an endpoint at the end. */
static void a_cspace_of_64_levels_is_resolved_bit_by_bit(void **state)
{
    enum { LEVELS = 64, FIRST_LEVEL = 16, ENDPOINT = 100, PAIR = 2 };
    struct fixture *f = *state;
    word_t cptr = 0;
    assert_int_equal(retype(f, "CapTableObject", 1, FIRST_LEVEL, LEVELS), SEL4_NoError);
    assert_int_equal(retype(f, "EndpointObject", 0, ENDPOINT, 1), SEL4_NoError);
    for (word_t i = 0; i < LEVELS; i++) {
        word_t slot = i % PAIR, next = i + 1 < LEVELS ? FIRST_LEVEL + i + 1 : ENDPOINT;
        struct message copy = { FIRST_LEVEL + i,           "CNodeCopy", 5,
                                { slot, 1, next, 64, 15 }, 1,           { CPTR_CNODE } };
        assert_int_equal(call(f, copy), SEL4_NoError);
        cptr = cptr << 1 | slot;
    }
    struct cap root = cap_in(f, FIRST_LEVEL);
    struct resolved r = resolve_address_bits(&f->w, root, cptr, LEVELS);
    assert_int_equal(r.failure.type, LOOKUP_OK);
    assert_int_equal(cap_type(cte_at(&f->w, r.slot)->cap), CAP_ENDPOINT);
    for (unsigned bit = 0; bit < LEVELS; bit++) {
        r = resolve_address_bits(&f->w, root, cptr ^ (word_t)1 << bit, LEVELS);
        assert_int_equal(r.failure.type, LOOKUP_OK);
        assert_int_equal(r.bits_left, bit);
        assert_int_equal(cap_type(cte_at(&f->w, r.slot)->cap), CAP_NULL);
    }
}

static void a_cnode_operation_must_use_all_bits(void **state)
{
    struct fixture *f = *state;
    paddr_t slot;
    struct refusal r = lookup_slot_for_cnode_op(&f->w, true, two_levels(f), 0x7123, 64, &slot);
    assert_int_equal(r.error, SEL4_FailedLookup);
    assert_int_equal(r.word[0], 1);
    assert_int_equal(r.lookup.type, LOOKUP_DEPTH_MISMATCH);
    assert_int_equal(r.lookup.bits_left, 12);
    assert_int_equal(r.lookup.bits_found, 0);
}

static void a_depth_outside_1_to_64_is_a_range_error(void **state)
{
    struct fixture *f = *state;
    static const word_t depth[] = { 0, 65, 255, ~(word_t)0 };
    for (unsigned i = 0; i < 4; i++) {
        paddr_t slot;
        struct refusal r =
            lookup_slot_for_cnode_op(&f->w, false, two_levels(f), 0, depth[i], &slot);
        assert_int_equal(r.error, SEL4_RangeError);
        assert_int_equal(r.word[0], 1);
        assert_int_equal(r.word[1], 64);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(guards_then_indices_lead_to_the_slot),
        TEST(bits_behind_a_slot_without_a_cnode_are_left_over),
        TEST(a_wrong_guard_tells_the_bits_left_and_the_guard),
        TEST(a_guard_longer_than_the_bits_left_is_a_guard_mismatch),
        TEST(a_level_that_wants_more_bits_is_a_depth_mismatch),
        TEST(a_root_that_is_no_cnode_is_an_invalid_root),
        TEST(each_level_is_told),
        TEST(levels_for_drawing_are_the_same_and_silent),
        TEST(a_threads_lookup_starts_at_its_cspace_root),
        TEST(a_cspace_of_64_levels_is_resolved_bit_by_bit),
        TEST(a_cnode_operation_must_use_all_bits),
        TEST(a_depth_outside_1_to_64_is_a_range_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
