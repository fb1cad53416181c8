/* SPDX-License-Identifier: BSD-2-Clause */
/* CNode invocations, with the answers of the real kernel (the recording's case
 * i_cnode): error, message words, and what is printed. */
#include "kernel/kernel_fixture.h"

/* What make_slots() puts where; the rest is empty. */
enum { EP = CPTR_FREE, NT, CN, TCB, BADGED, BADGED_COPY, NO_RIGHTS, EMPTY = 40 };

#define OCCUPIED     "CNode Copy/Mint/Move/Mutate: Destination not empty."
#define INVALID      "CNode Copy/Mint/Move/Mutate: Mutated cap would be invalid."
#define NO_TARGET    "CNode operation: Target slot invalid."
#define NO_SOURCE    "CNode Copy/Mint/Move/Mutate: Invalid source slot."
#define SOURCE_EMPTY "CNode Copy/Mint/Move/Mutate: Source slot invalid or empty."

static int make_slots(void **state)
{
    fixture_setup(state);
    struct fixture *f = *state;
    enum sel4_error e = retype(f, "EndpointObject", 0, EP, 1);
    if (!e) e = retype(f, "NotificationObject", 0, NT, 1);
    if (!e) e = retype(f, "CapTableObject", 4, CN, 1);
    if (!e) e = retype(f, "TCBObject", 0, TCB, 1);
    if (!e) e = cnode_call(f, "CNodeMint", BADGED, EP, RIGHTS_ALL, 0x11);
    if (!e) e = cnode_call(f, "CNodeCopy", BADGED_COPY, BADGED, RIGHTS_ALL, 0);
    if (!e) e = cnode_call(f, "CNodeMint", NO_RIGHTS, EP, 0, 0x33);
    return (int)e;
}

struct row {
    struct message m;
    enum sel4_error error;
    unsigned words; /* that the error sets */
    word_t mr[5];
    const char *text; /* NULL: silent */
};

/* Every refusal also changes nothing in the slots. */
static void expect(struct fixture *f, const struct row *row)
{
    uint8_t before[256 << SLOT_BITS];
    memcpy(before, memory_at(&f->w, FIXTURE_CNODE), sizeof before);
    assert_int_equal(call(f, row->m), row->error);
    assert_int_equal(message_length(tcb_at(&f->w, FIXTURE_ROOT_TCB)->context[CTX_MSG_INFO]),
                     row->words);
    for (unsigned i = 0; i < row->words; i++) assert_int_equal(fixture_mr(f, i), row->mr[i]);
    if (row->text)
        assert_prints(f, row->text);
    else
        assert_string_equal(f->print, "");
    assert_int_equal(fixture_count(f, EVENT_ERROR), row->error != SEL4_NoError);
    if (row->error) assert_memory_equal(before, memory_at(&f->w, FIXTURE_CNODE), sizeof before);
    assert_int_equal(tcb_at(&f->w, FIXTURE_ROOT_TCB)->state, TCB_RUNNING);
}

static void expect_all(void **state, const struct row *row, size_t rows)
{
    for (size_t i = 0; i < rows; i++) expect(*state, &row[i]);
}

#define EXPECT_ALL(rows) expect_all(state, rows, sizeof(rows) / sizeof(rows)[0])

/* clang-format off */
#define WITHIN(label, ...) { CPTR_CNODE, label, 6, { __VA_ARGS__ }, 1, { CPTR_CNODE } }
#define COPY_TO(root, index, depth) \
    { root, "CNodeCopy", 5, { index, depth, NO_RIGHTS, 64, RIGHTS_ALL }, 1, { CPTR_CNODE } }
#define COPY_FROM(root, index, depth) \
    { CN, "CNodeCopy", 5, { 4, 4, index, depth, RIGHTS_ALL }, 1, { root } }

static void badged_capabilities_cannot_be_badged_again(void **state)
{
    static const struct row rows[] = {
        { WITHIN("CNodeMint", EMPTY, 64, BADGED, 64, RIGHTS_ALL, 0x22), SEL4_IllegalOperation, 0, { 0 }, INVALID },
        { WITHIN("CNodeMint", EMPTY, 64, BADGED, 64, RIGHTS_ALL, 0x11), SEL4_IllegalOperation, 0, { 0 }, INVALID },
        { WITHIN("CNodeMint", EMPTY, 64, BADGED, 64, RIGHTS_ALL, 0),    SEL4_IllegalOperation, 0, { 0 }, INVALID },
        { WITHIN("CNodeMint", EMPTY, 64, NO_RIGHTS, 64, RIGHTS_ALL, 0), SEL4_IllegalOperation, 0, { 0 }, INVALID },
        { WITHIN("CNodeMutate", EMPTY, 64, EP, 64, 0x44),               SEL4_IllegalOperation, 0, { 0 }, INVALID },
    };
    EXPECT_ALL(rows);
}

static void an_occupied_destination_is_refused_before_the_source_is_looked_at(void **state)
{
    static const struct row rows[] = {
        { WITHIN("CNodeMint", BADGED, 64, EP, 64, RIGHTS_ALL, 0x12), SEL4_DeleteFirst, 0, { 0 }, OCCUPIED },
        { WITHIN("CNodeCopy", BADGED, 64, EP, 64, RIGHTS_ALL),       SEL4_DeleteFirst, 0, { 0 }, OCCUPIED },
        { WITHIN("CNodeMove", EP, 64, EMPTY, 64),                    SEL4_DeleteFirst, 0, { 0 }, OCCUPIED },
        { WITHIN("CNodeMove", EP, 64, EP, 64),                       SEL4_DeleteFirst, 0, { 0 }, OCCUPIED },
        { WITHIN("CNodeMutate", EP, 64, EMPTY, 64, 0x45),            SEL4_DeleteFirst, 0, { 0 }, OCCUPIED },
        { WITHIN("CNodeSaveCaller", EP, 64), SEL4_DeleteFirst, 0, { 0 }, "CNode SaveCaller: Destination slot not empty." },
    };
    EXPECT_ALL(rows);
}

static void a_destination_must_be_named_exactly(void **state)
{
    static const struct row rows[] = {
        { COPY_TO(CN, 3, 3),   SEL4_FailedLookup, 4, { 0, 3, 3, 4 },    NO_TARGET },
        { COPY_TO(CN, 3, 5),   SEL4_FailedLookup, 4, { 0, 3, 1, 0 },    NO_TARGET },
        { COPY_TO(CN, 3, 64),  SEL4_FailedLookup, 4, { 0, 3, 0x3c, 0 }, NO_TARGET },
        { COPY_TO(CN, 3, 0),   SEL4_RangeError,   2, { 1, 0x40 },       NO_TARGET },
        { COPY_TO(CN, 3, 65),  SEL4_RangeError,   2, { 1, 0x40 },       NO_TARGET },
        { COPY_TO(CN, 3, 255), SEL4_RangeError,   2, { 1, 0x40 },       NO_TARGET },
        { COPY_TO(CPTR_CNODE, 0x2000, 64), SEL4_FailedLookup, 5, { 0, 4, 0x40, 0, FIXTURE_GUARD_SIZE }, NO_TARGET },
    };
    EXPECT_ALL(rows);
}

static void a_source_must_exist(void **state)
{
    static const struct row rows[] = {
        { COPY_FROM(CN, 9, 4),      SEL4_FailedLookup, 3, { 1, 2, 4 },    SOURCE_EMPTY },
        { WITHIN("CNodeMove", EMPTY, 64, EMPTY + 1, 64), SEL4_FailedLookup, 3, { 1, 2, 0x40 }, SOURCE_EMPTY },
        { COPY_FROM(CN, 9, 5),      SEL4_FailedLookup, 4, { 1, 3, 1, 0 }, NO_SOURCE },
        { COPY_FROM(CN, 0, 65),     SEL4_RangeError,   2, { 1, 0x40 },    NO_SOURCE },
        { COPY_FROM(EP, 0, 4),      SEL4_FailedLookup, 2, { 1, 1 },       NO_SOURCE },
        { COPY_FROM(EMPTY, 0, 4),   SEL4_FailedLookup, 2, { 1, 1 },       NO_SOURCE },
        { WITHIN("CNodeCopy", EMPTY, 64, 0x2000, 64, RIGHTS_ALL), SEL4_FailedLookup, 5, { 1, 4, 0x40, 0, FIXTURE_GUARD_SIZE }, NO_SOURCE },
    };
    EXPECT_ALL(rows);
}

static void short_messages_are_truncated(void **state)
{
    static const struct row rows[] = {
        { { CPTR_CNODE, "CNodeDelete", 1, { EP }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, "CNode operation: Truncated message." },
        { { CPTR_CNODE, "CNodeMove", 3, { EMPTY, 64, EP }, 1, { CPTR_CNODE } }, SEL4_TruncatedMessage, 0, { 0 }, "CNode Copy/Mint/Move/Mutate: Truncated message." },
        { { CPTR_CNODE, "CNodeMove", 4, { EMPTY, 64, EP, 64 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, "CNode Copy/Mint/Move/Mutate: Truncated message." },
        { { CPTR_CNODE, "CNodeCopy", 4, { EMPTY, 64, EP, 64 }, 1, { CPTR_CNODE } }, SEL4_TruncatedMessage, 0, { 0 }, "Truncated message for CNode Copy operation." },
        { { CPTR_CNODE, "CNodeMint", 5, { EMPTY, 64, EP, 64, 15 }, 1, { CPTR_CNODE } }, SEL4_TruncatedMessage, 0, { 0 }, "CNode Mint: Truncated message." },
        { { CPTR_CNODE, "CNodeMutate", 4, { EMPTY, 64, EP, 64 }, 1, { CPTR_CNODE } }, SEL4_TruncatedMessage, 0, { 0 }, "CNode Mutate: Truncated message." },
        { { CPTR_CNODE, "CNodeRotate", 7, { EMPTY, 64 }, 2, { CPTR_CNODE, CPTR_CNODE } }, SEL4_TruncatedMessage, 0, { 0 }, NULL },
    };
    EXPECT_ALL(rows);
}

/* Words: destination, its depth, pivot's data, index, depth, source's data, index, depth. */
#define ROTATE(to, pivot_, from) \
    { CPTR_CNODE, "CNodeRotate", 8, { to, 64, 0, pivot_, 64, 0, from, 64 }, 2, { CPTR_CNODE, CPTR_CNODE } }

static void rotate_refuses_as_the_real_one_does(void **state)
{
    static const char same[] = "CNode Rotate: Pivot slot the same as source or dest slot.";
    static const struct row rows[] = {
        { ROTATE(EMPTY, BADGED, NO_RIGHTS), SEL4_IllegalOperation, 0, { 0 }, "CNode Rotate: Source cap invalid." },
        { ROTATE(EMPTY, BADGED, TCB),       SEL4_IllegalOperation, 0, { 0 }, "CNode Rotate: Pivot cap invalid." },
        { ROTATE(NO_RIGHTS, EMPTY, BADGED), SEL4_DeleteFirst,      0, { 0 }, NULL },
        { ROTATE(EMPTY, BADGED, EMPTY),     SEL4_FailedLookup,     3, { 1, 2, 0x40 }, NULL },
        { ROTATE(EMPTY, EMPTY + 1, TCB),    SEL4_FailedLookup,     3, { 0, 2, 0x40 }, NULL },
        { ROTATE(BADGED, BADGED, TCB),      SEL4_IllegalOperation, 0, { 0 }, same },
        { ROTATE(BADGED, TCB, TCB),         SEL4_IllegalOperation, 0, { 0 }, same },
    };
    EXPECT_ALL(rows);
}
/* clang-format on */

static void rotate_moves_two_capabilities_on_by_one(void **state)
{
    struct fixture *f = *state;
    struct message m = ROTATE(EMPTY, TCB, CN);
    assert_int_equal(call(f, m), SEL4_NoError);
    assert_int_equal(cap_type(cap_in(f, EMPTY)), CAP_THREAD);
    assert_int_equal(cap_type(cap_in(f, TCB)), CAP_CNODE);
    assert_int_equal(cap_type(cap_in(f, CN)), CAP_NULL);
}

static void rotate_onto_the_source_swaps(void **state)
{
    struct fixture *f = *state;
    struct message m = ROTATE(CN, TCB, CN);
    assert_int_equal(call(f, m), SEL4_NoError);
    assert_int_equal(cap_type(cap_in(f, CN)), CAP_THREAD);
    assert_int_equal(cap_type(cap_in(f, TCB)), CAP_CNODE);
}

static void a_copy_keeps_the_badge_and_has_at_most_the_rights(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(cnode_call(f, "CNodeCopy", EMPTY, BADGED, RIGHT_READ, 0), SEL4_NoError);
    struct cap cap = cap_in(f, EMPTY);
    assert_int_equal(cap_endpoint_badge(cap), 0x11);
    assert_true(cap_endpoint_can_receive(cap));
    assert_false(cap_endpoint_can_send(cap));
    assert_int_equal(fixture_count(f, EVENT_CAP_INSERT), 1);
}

static void mutate_sets_the_guard_of_a_cnode_and_moves_it(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(cnode_call(f, "CNodeMutate", EMPTY, CN, 2 << 6 | 4, 0), SEL4_NoError);
    assert_int_equal(cap_cnode_guard(cap_in(f, EMPTY)), 2);
    assert_int_equal(cap_cnode_guard_size(cap_in(f, EMPTY)), 4);
    assert_int_equal(cap_type(cap_in(f, CN)), CAP_NULL);
    assert_int_equal(cnode_call(f, "CNodeMint", EMPTY + 1, EMPTY, RIGHTS_ALL, 61),
                     SEL4_IllegalOperation);
}

static void an_index_beyond_the_radix_uses_its_low_bits(void **state)
{
    struct fixture *f = *state;
    struct message m = COPY_TO(CN, 17, 4);
    assert_int_equal(call(f, m), SEL4_NoError);
    paddr_t first = cap_object(cap_in(f, CN)) + (1 << SLOT_BITS);
    assert_int_equal(cap_type(cte_at(&f->w, first)->cap), CAP_ENDPOINT);
    struct message again = COPY_TO(CN, 1, 4);
    assert_int_equal(call(f, again), SEL4_DeleteFirst);
}

static void empty_slots_can_be_deleted_and_revoked(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(slot_call(f, "CNodeDelete", EMPTY), SEL4_NoError);
    assert_int_equal(slot_call(f, "CNodeRevoke", EMPTY), SEL4_NoError);
    assert_int_equal(fixture_count(f, EVENT_CAP_DELETE), 0);
}

static void save_caller_without_a_caller_says_so_and_succeeds(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(slot_call(f, "CNodeSaveCaller", EMPTY), SEL4_NoError);
    assert_prints(f, "invokeCNodeSaveCaller/");
    assert_prints(f, "CNode SaveCaller: Reply cap not present.");
}

static void cancel_badged_sends_wants_an_endpoint_with_all_rights(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(slot_call(f, "CNodeCancelBadgedSends", BADGED), SEL4_NoError);
    assert_int_equal(slot_call(f, "CNodeCancelBadgedSends", NO_RIGHTS), SEL4_IllegalOperation);
    assert_prints(f, "CNode CancelBadgedSends: Target cap invalid.");
    assert_int_equal(slot_call(f, "CNodeCancelBadgedSends", NT), SEL4_IllegalOperation);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_slots, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(badged_capabilities_cannot_be_badged_again),
        TEST(an_occupied_destination_is_refused_before_the_source_is_looked_at),
        TEST(a_destination_must_be_named_exactly),
        TEST(a_source_must_exist),
        TEST(short_messages_are_truncated),
        TEST(rotate_refuses_as_the_real_one_does),
        TEST(rotate_moves_two_capabilities_on_by_one),
        TEST(rotate_onto_the_source_swaps),
        TEST(a_copy_keeps_the_badge_and_has_at_most_the_rights),
        TEST(mutate_sets_the_guard_of_a_cnode_and_moves_it),
        TEST(an_index_beyond_the_radix_uses_its_low_bits),
        TEST(empty_slots_can_be_deleted_and_revoked),
        TEST(save_caller_without_a_caller_says_so_and_succeeds),
        TEST(cancel_badged_sends_wants_an_endpoint_with_all_rights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
