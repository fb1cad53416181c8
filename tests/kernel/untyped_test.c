/* SPDX-License-Identifier: BSD-2-Clause */
/* Retype: every refusal with the real kernel's words, the watermark, the reset. */
#include "kernel/kernel_fixture.h"

enum { EP = CPTR_FREE, EMPTY = 40, SLOTS = 1 << FIXTURE_CNODE_BITS };

struct row {
    const char *object; /* NULL: a type that does not exist */
    word_t bits, cptr, count;
    enum sel4_error error;
    unsigned words;
    word_t mr[2];
    const char *text;
};

static void expect(struct fixture *f, const struct row *row)
{
    struct cap before = cap_in(f, CPTR_UNTYPED);
    assert_int_equal(retype(f, row->object ? row->object : "?", row->bits, row->cptr, row->count),
                     row->error);
    word_t info = tcb_at(&f->w, FIXTURE_ROOT_TCB)->context[CTX_MSG_INFO];
    assert_int_equal(message_length(info), row->words);
    for (unsigned i = 0; i < row->words; i++) assert_int_equal(fixture_mr(f, i), row->mr[i]);
    assert_prints(f, "[decodeUntypedInvocation/");
    assert_prints(f, row->text);
    assert_memory_equal(&before, &cte_at(&f->w, slot_of(CPTR_UNTYPED))->cap, sizeof before);
    assert_int_equal(fixture_count(f, EVENT_OBJECT_CREATE), 0);
}

/* clang-format off */
static void refusals_come_in_the_real_ones_order(void **state)
{
    static const struct row rows[] = {
        { NULL,             0,  EP, 0, SEL4_InvalidArgument, 1, { 0 }, "Untyped Retype: Invalid object type." },
        { "EndpointObject", 64, EP, 0, SEL4_RangeError,      2, { 0, 47 }, "Untyped Retype: Invalid object size." },
        { "UntypedObject",  48, EP, 0, SEL4_RangeError,      2, { 0, 47 }, "Untyped Retype: Invalid object size." },
        { "CapTableObject", 43, EP, 0, SEL4_RangeError,      2, { 0, 47 }, "Untyped Retype: Invalid object size." },
        { "CapTableObject", 0,  EP, 0, SEL4_InvalidArgument, 1, { 1 }, "Untyped Retype: Requested CapTable size too small." },
        { "UntypedObject",  3,  EP, 0, SEL4_InvalidArgument, 1, { 1 }, "Untyped Retype: Requested UntypedItem size too small." },
        { "EndpointObject", 0,  9000, 1, SEL4_RangeError, 2, { 0, SLOTS - 1 }, "Untyped Retype: Destination node offset #9000 too large." },
        { "EndpointObject", 0,  EP, 0,   SEL4_RangeError, 2, { 1, 256 }, "Untyped Retype: Number of requested objects (0) too small or large." },
        { "EndpointObject", 0,  EP, 257, SEL4_RangeError, 2, { 1, 256 }, "Untyped Retype: Number of requested objects (257) too small or large." },
        { "EndpointObject", 0,  SLOTS - 2, 3, SEL4_RangeError, 2, { 1, 2 }, "Untyped Retype: Requested destination window overruns size of node." },
        { "EndpointObject", 0,  CPTR_TCB, 1, SEL4_DeleteFirst, 0, { 0 }, "Untyped Retype: Slot #1 in destination window non-empty." },
        { "CapTableObject", 20, EP, 1, SEL4_NotEnoughMemory, 1, { 65536 }, "Untyped Retype: Insufficient memory (1 * 33554432 bytes needed, 65536 bytes available)." },
        { "TCBObject",      0,  EP, 33, SEL4_NotEnoughMemory, 1, { 65536 }, "Untyped Retype: Insufficient memory (33 * 2048 bytes needed, 65536 bytes available)." },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) expect(*state, &rows[i]);
}
/* clang-format on */

static struct message retype_into(word_t root, word_t index, word_t depth)
{
    return (struct message){ .cptr = CPTR_UNTYPED,
                             .label = "UntypedRetype",
                             .length = 6,
                             .word = { 2, 0, index, depth, EP, 1 },
                             .caps = 1,
                             .cap = { root } };
}

static void the_destination_must_be_a_cnode(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(call(f, retype_into(CPTR_TCB, 0, 0)), SEL4_FailedLookup);
    assert_prints(f, "Untyped Retype: Destination cap invalid or read-only.");
    assert_int_equal(fixture_mr(f, 0), 0);
    assert_int_equal(fixture_mr(f, 1), LOOKUP_MISSING_CAPABILITY);
    assert_int_equal(fixture_mr(f, 2), 0);
    assert_int_equal(call(f, retype_into(CPTR_CNODE, CPTR_TCB, 64)), SEL4_FailedLookup);
    assert_int_equal(fixture_mr(f, 2), 64);
    assert_int_equal(call(f, retype_into(CPTR_CNODE, 0x2000, 64)), SEL4_FailedLookup);
    assert_prints(f, "Untyped Retype: Invalid destination address.");
    assert_int_equal(call(f, retype_into(CPTR_CNODE, CPTR_CNODE, 64)), SEL4_NoError);
}

static void short_messages_are_truncated(void **state)
{
    struct fixture *f = *state;
    struct message m = retype_into(CPTR_CNODE, 0, 0);
    m.length = 5;
    assert_int_equal(call(f, m), SEL4_TruncatedMessage);
    assert_prints(f, "Untyped invocation: Truncated message.");
    m.length = 6;
    m.caps = 0;
    assert_int_equal(call(f, m), SEL4_TruncatedMessage);
}

static void objects_are_aligned_behind_the_watermark(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(retype(f, "EndpointObject", 0, EP, 1), SEL4_NoError);
    assert_int_equal(retype(f, "TCBObject", 0, EP + 1, 2), SEL4_NoError);
    assert_int_equal(fixture_count(f, EVENT_OBJECT_CREATE), 2);
    assert_int_equal(cap_object(cap_in(f, EP)), FIXTURE_UNTYPED);
    assert_int_equal(cap_object(cap_in(f, EP + 1)), FIXTURE_UNTYPED + 2048 + TCB_OFFSET);
    assert_int_equal(cap_object(cap_in(f, EP + 2)), FIXTURE_UNTYPED + 4096 + TCB_OFFSET);
    assert_int_equal(cap_untyped_free_index(cap_in(f, CPTR_UNTYPED)), 6144 / 16);
}

static void a_full_untyped_has_no_memory_left(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(retype(f, "TCBObject", 0, EP, 32), SEL4_NoError);
    assert_int_equal(retype(f, "EndpointObject", 0, EP + 32, 1), SEL4_NotEnoughMemory);
    assert_int_equal(fixture_mr(f, 0), 0);
    assert_prints(f, "Insufficient memory (1 * 16 bytes needed, 0 bytes available).");
}

static void a_copy_of_an_untyped_makes_the_original_full(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(cnode_call(f, "CNodeCopy", EP, CPTR_UNTYPED, RIGHTS_ALL, 0), SEL4_NoError);
    assert_int_equal(retype(f, "EndpointObject", 0, EP + 1, 1), SEL4_NotEnoughMemory);
    assert_int_equal(slot_call(f, "CNodeDelete", EP), SEL4_NoError);
    assert_int_equal(retype(f, "EndpointObject", 0, EP + 1, 1), SEL4_NoError);
    assert_int_equal(cnode_call(f, "CNodeCopy", EP, CPTR_UNTYPED, RIGHTS_ALL, 0), SEL4_RevokeFirst);
    assert_prints(f, "Error deriving cap for CNode Copy operation.");
}

static void memory_used_before_is_clean_when_used_again(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(retype(f, "UntypedObject", 12, EP, 2), SEL4_NoError);
    memset(memory_edit(&f->w, FIXTURE_UNTYPED, 8192), 0xaa, 8192);
    assert_int_equal(slot_call(f, "CNodeRevoke", CPTR_UNTYPED), SEL4_NoError);
    assert_int_equal(retype(f, "CapTableObject", 8, EP, 1), SEL4_NoError);
    for (word_t at = 0; at < 8192; at += 8)
        assert_int_equal(memory_word(&f->w, FIXTURE_UNTYPED + at), 0);
}

static void a_reset_is_preempted_and_goes_on(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(retype(f, "UntypedObject", FIXTURE_UNTYPED_BITS, EP, 1), SEL4_NoError);
    assert_int_equal(slot_call(f, "CNodeDelete", EP), SEL4_NoError);
    KERNEL_EDIT(&f->w, tick_due) = 0;
    KERNEL_EDIT(&f->w, work_units) = 0;
    assert_int_equal(retype(f, "EndpointObject", 0, EP, 1), SEL4_ERROR_COUNT);
    assert_int_equal(cap_untyped_free_index(cap_in(f, CPTR_UNTYPED)), (65536 - 100 * 256) / 16);
    assert_int_equal(cap_type(cap_in(f, EP)), CAP_NULL);
    assert_int_equal(retype(f, "EndpointObject", 0, EP, 1), SEL4_ERROR_COUNT);
    assert_int_equal(retype(f, "EndpointObject", 0, EP, 1), SEL4_NoError);
    assert_int_equal(cap_untyped_free_index(cap_in(f, CPTR_UNTYPED)), 1);
}

static void clearing_untouched_memory_touches_no_page(void **state)
{
    struct fixture *f = *state;
    struct cap cap = cap_in(f, CPTR_UNTYPED);
    cap_untyped_set_free_index(&cap, 65536 / 16);
    slot_set_cap(&f->w, slot_of(CPTR_UNTYPED), cap);
    assert_int_equal(retype(f, "EndpointObject", 0, EP, 1), SEL4_NoError);
    for (word_t at = PAGE_SIZE; at < 65536; at += PAGE_SIZE)
        assert_int_equal(f->w.mark[(ARENA_MEMORY + FIXTURE_UNTYPED + at) >> PAGE_BITS], 0);
}

static void device_memory_makes_no_kernel_objects(void **state)
{
    struct fixture *f = *state;
    struct cap cap = untyped_cap(0xfec00000, 12);
    cap_untyped_set_is_device(&cap, true);
    cap_untyped_set_free_index(&cap, 256);
    slot_set_cap(&f->w, slot_of(CPTR_UNTYPED), cap);
    assert_int_equal(retype(f, "EndpointObject", 0, EP, 1), SEL4_InvalidArgument);
    assert_int_equal(fixture_mr(f, 0), 1);
    assert_prints(f, "Untyped Retype: Creating kernel objects with device untyped");
    assert_int_equal(retype(f, "UntypedObject", 11, EP, 1), SEL4_NoError);
    assert_true(cap_untyped_is_device(cap_in(f, EP)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(refusals_come_in_the_real_ones_order),
        TEST(the_destination_must_be_a_cnode),
        TEST(short_messages_are_truncated),
        TEST(objects_are_aligned_behind_the_watermark),
        TEST(a_full_untyped_has_no_memory_left),
        TEST(a_copy_of_an_untyped_makes_the_original_full),
        TEST(memory_used_before_is_clean_when_used_again),
        TEST(a_reset_is_preempted_and_goes_on),
        TEST(clearing_untouched_memory_touches_no_page),
        TEST(device_memory_makes_no_kernel_objects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
