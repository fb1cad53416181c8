/* SPDX-License-Identifier: BSD-2-Clause */
/* What calls on a CNode are refused with, in the order in which the real kernel checks.
 * seL4: src/object/cnode.c decodeCNodeInvocation, src/kernel/cspace.c lookupSlotForCNodeOp. */
#include "kernel/errors.h"

#define WHERE       "decodeCNodeInvocation"
#define COPY_PREFIX "CNode Copy/Mint/Move/Mutate: "

enum {
    MISSING = LOOKUP_MISSING_CAPABILITY,
    DEPTH = LOOKUP_DEPTH_MISMATCH,
    GUARD = LOOKUP_GUARD_MISMATCH
};

/* clang-format off */
static void the_target_is_checked_first(void **state)
{
    static const char text[] = "CNode operation: Target slot invalid.";
    static const struct error_row rows[] = {
        { { CPTR_CNODE, "CNodeDelete", 1, { EP }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, WHERE, "CNode operation: Truncated message." },
        { { CPTR_CNODE, "CNodeDelete", 2, { EP, 0 }, 0, { 0 } }, SEL4_RangeError, 2, { 1, 64 }, WHERE, text },
        { { CPTR_CNODE, "CNodeDelete", 2, { EP, 65 }, 0, { 0 } }, SEL4_RangeError, 2, { 1, 64 }, WHERE, text },
        { { CPTR_CNODE, "CNodeRevoke", 2, { EP, 63 }, 0, { 0 } }, SEL4_FailedLookup, 4, { 0, DEPTH, 63, 64 }, WHERE, text },
        { { CPTR_CNODE, "CNodeRevoke", 2, { 0x100, 64 }, 0, { 0 } }, SEL4_FailedLookup, 5, { 0, GUARD, 64, 0, 56 }, WHERE, text },
        { { SMALL_CNODE, "CNodeSaveCaller", 2, { 1, 3 }, 0, { 0 } }, SEL4_FailedLookup, 4, { 0, DEPTH, 3, 4 }, WHERE, text },
        { { SMALL_CNODE, "CNodeSaveCaller", 2, { 1, 5 }, 0, { 0 } }, SEL4_FailedLookup, 4, { 0, DEPTH, 1, 0 }, WHERE, text },
        { { CPTR_CNODE, "CNodeCopy", 2, { EMPTY, 0 }, 0, { 0 } }, SEL4_RangeError, 2, { 1, 64 }, WHERE, text },
    };
    EXPECT_ERRORS(*state, rows);
}

static void then_the_message_the_destination_and_the_source(void **state)
{
    static const struct error_row rows[] = {
        { { CPTR_CNODE, "CNodeCopy", 3, { EP, 64, EMPTY }, 1, { EP } }, SEL4_TruncatedMessage, 0, { 0 }, WHERE, COPY_PREFIX "Truncated message." },
        { { CPTR_CNODE, "CNodeMove", 4, { EP, 64, EMPTY, 64 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, WHERE, COPY_PREFIX "Truncated message." },
        { { CPTR_CNODE, "CNodeMint", 4, { EP, 64, EMPTY, 64 }, 1, { EP } }, SEL4_DeleteFirst, 0, { 0 }, WHERE, COPY_PREFIX "Destination not empty." },
        { { CPTR_CNODE, "CNodeMint", 4, { EMPTY, 64, EP, 64 }, 1, { EP } }, SEL4_FailedLookup, 2, { 1, LOOKUP_INVALID_ROOT }, WHERE, COPY_PREFIX "Invalid source slot." },
        { { CPTR_CNODE, "CNodeMint", 4, { EMPTY, 64, EP, 0 }, 1, { CPTR_CNODE } }, SEL4_RangeError, 2, { 1, 64 }, WHERE, COPY_PREFIX "Invalid source slot." },
        { { CPTR_CNODE, "CNodeMint", 4, { EMPTY, 64, EMPTY + 1, 64 }, 1, { CPTR_CNODE } }, SEL4_FailedLookup, 3, { 1, MISSING, 64 }, WHERE, COPY_PREFIX "Source slot invalid or empty." },
        { { CPTR_CNODE, "CNodeMint", 4, { EMPTY, 64, 3, 4 }, 1, { SMALL_CNODE } }, SEL4_FailedLookup, 3, { 1, MISSING, 4 }, WHERE, COPY_PREFIX "Source slot invalid or empty." },
        { { CPTR_CNODE, "CNodeCopy", 4, { EMPTY, 64, EP, 64 }, 1, { CPTR_CNODE } }, SEL4_TruncatedMessage, 0, { 0 }, WHERE, "Truncated message for CNode Copy operation." },
        { { CPTR_CNODE, "CNodeMint", 5, { EMPTY, 64, EP, 64, 15 }, 1, { CPTR_CNODE } }, SEL4_TruncatedMessage, 0, { 0 }, WHERE, "CNode Mint: Truncated message." },
        { { CPTR_CNODE, "CNodeMutate", 4, { EMPTY, 64, EP, 64 }, 1, { CPTR_CNODE } }, SEL4_TruncatedMessage, 0, { 0 }, WHERE, "CNode Mutate: Truncated message." },
    };
    EXPECT_ERRORS(*state, rows);
}

#define COPY(cptr) { CPTR_CNODE, "CNodeCopy", 5, { EMPTY, 64, cptr, 64, RIGHTS_ALL }, 1, { CPTR_CNODE } }
#define MINT(cptr, data) { CPTR_CNODE, "CNodeMint", 6, { EMPTY, 64, cptr, 64, RIGHTS_ALL, data }, 1, { CPTR_CNODE } }
#define MUTATE(cptr, data) { CPTR_CNODE, "CNodeMutate", 5, { EMPTY, 64, cptr, 64, data }, 1, { CPTR_CNODE } }
#define INVALID COPY_PREFIX "Mutated cap would be invalid."

static void what_would_come_out_must_be_a_capability(void **state)
{
    static const struct error_row rows[] = {
        { COPY(CPTR_IRQ_CONTROL), SEL4_IllegalOperation, 0, { 0 }, WHERE, INVALID },
        { COPY(REPLY_MASTER), SEL4_IllegalOperation, 0, { 0 }, WHERE, INVALID },
        { COPY(PORT_CONTROL), SEL4_IllegalOperation, 0, { 0 }, WHERE, INVALID },
        { MINT(EP_BADGED, 5), SEL4_IllegalOperation, 0, { 0 }, WHERE, INVALID },
        { MINT(EP_BADGED, 0), SEL4_IllegalOperation, 0, { 0 }, WHERE, INVALID },
        { MINT(NTFN_BADGED, 6), SEL4_IllegalOperation, 0, { 0 }, WHERE, INVALID },
        { MINT(SMALL_CNODE, 61), SEL4_IllegalOperation, 0, { 0 }, WHERE, INVALID },
        { MUTATE(EP, 5), SEL4_IllegalOperation, 0, { 0 }, WHERE, INVALID },
        { MUTATE(NTFN, 0), SEL4_IllegalOperation, 0, { 0 }, WHERE, INVALID },
        { MUTATE(SMALL_CNODE, 61), SEL4_IllegalOperation, 0, { 0 }, WHERE, INVALID },
    };
    EXPECT_ERRORS(*state, rows);
}

#define ROTATE(length, to, pivot, from) \
    { CPTR_CNODE, "CNodeRotate", length, { to, 64, 0, pivot, 64, 0, from, 64 }, 2, { CPTR_CNODE, CPTR_CNODE } }

static void rotate_is_mostly_refused_without_a_print(void **state)
{
    static const char same[] = "CNode Rotate: Pivot slot the same as source or dest slot.";
    static const struct error_row rows[] = {
        { ROTATE(7, EMPTY, OTHER_TCB, BOUND_TCB), SEL4_TruncatedMessage, 0, { 0 }, NULL, NULL },
        { { CPTR_CNODE, "CNodeRotate", 8, { EMPTY, 64, 0, OTHER_TCB, 64, 0, BOUND_TCB, 64 }, 1, { CPTR_CNODE } }, SEL4_TruncatedMessage, 0, { 0 }, NULL, NULL },
        { { CPTR_CNODE, "CNodeRotate", 8, { EMPTY, 64, 0, OTHER_TCB, 0, 0, BOUND_TCB, 64 }, 2, { EP, EP } }, SEL4_FailedLookup, 2, { 1, LOOKUP_INVALID_ROOT }, NULL, NULL },
        { { CPTR_CNODE, "CNodeRotate", 8, { EMPTY, 64, 0, OTHER_TCB, 65, 0, BOUND_TCB, 64 }, 2, { EP, CPTR_CNODE } }, SEL4_FailedLookup, 2, { 1, LOOKUP_INVALID_ROOT }, NULL, NULL },
        { { CPTR_CNODE, "CNodeRotate", 8, { EMPTY, 64, 0, OTHER_TCB, 65, 0, BOUND_TCB, 64 }, 2, { CPTR_CNODE, CPTR_CNODE } }, SEL4_RangeError, 2, { 1, 64 }, NULL, NULL },
        { ROTATE(8, EMPTY, BOUND_TCB, BOUND_TCB), SEL4_IllegalOperation, 0, { 0 }, WHERE, same },
        { ROTATE(8, OTHER_TCB, OTHER_TCB, BOUND_TCB), SEL4_IllegalOperation, 0, { 0 }, WHERE, same },
        { ROTATE(8, DOMAIN, OTHER_TCB, BOUND_TCB), SEL4_DeleteFirst, 0, { 0 }, NULL, NULL },
        { ROTATE(8, EMPTY, OTHER_TCB, EMPTY + 1), SEL4_FailedLookup, 3, { 1, MISSING, 64 }, NULL, NULL },
        { ROTATE(8, EMPTY, EMPTY + 1, OTHER_TCB), SEL4_FailedLookup, 3, { 0, MISSING, 64 }, NULL, NULL },
        { ROTATE(8, EMPTY, OTHER_TCB, EP), SEL4_IllegalOperation, 0, { 0 }, WHERE, "CNode Rotate: Source cap invalid." },
        { ROTATE(8, EMPTY, EP, OTHER_TCB), SEL4_IllegalOperation, 0, { 0 }, WHERE, "CNode Rotate: Pivot cap invalid." },
        { ROTATE(8, EMPTY, NTFN, EP), SEL4_IllegalOperation, 0, { 0 }, WHERE, "CNode Rotate: Source cap invalid." },
    };
    EXPECT_ERRORS(*state, rows);
}

static void calls_on_one_slot_have_their_own_conditions(void **state)
{
    static const struct error_row rows[] = {
        { { CPTR_CNODE, "CNodeSaveCaller", 2, { EP, 64 }, 0, { 0 } }, SEL4_DeleteFirst, 0, { 0 }, WHERE, "CNode SaveCaller: Destination slot not empty." },
        { { CPTR_CNODE, "CNodeCancelBadgedSends", 2, { EP_RECEIVE_ONLY, 64 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, WHERE, "CNode CancelBadgedSends: Target cap invalid." },
        { { CPTR_CNODE, "CNodeCancelBadgedSends", 2, { NTFN, 64 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, WHERE, "CNode CancelBadgedSends: Target cap invalid." },
        { { CPTR_CNODE, "CNodeCancelBadgedSends", 2, { EMPTY, 64 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, WHERE, "CNode CancelBadgedSends: Target cap invalid." },
    };
    EXPECT_ERRORS(*state, rows);
}
/* clang-format on */

#define LINE(where, text)                                                                          \
    "<<seL4(CPU 0) [" where "/0 T0xffffff8000010400 \"tester\" @0]: " text ">>\n"

/* Derivation speaks first, then the call that wanted it. */
static void a_copy_that_cannot_be_derived_is_refused_in_two_lines(void **state)
{
    static const struct {
        word_t cptr;
        enum sel4_error error;
        const char *copy, *mint;
    } rows[] = {
#define BOTH(where, text)                                                                          \
    LINE(where, text)                                                                              \
    LINE(WHERE, "Error deriving cap for CNode Copy operation."),                                   \
        LINE(where, text) LINE(WHERE, "Error deriving cap for CNode Mint operation.")
        { TABLE, SEL4_IllegalOperation, BOTH("Arch_deriveCap", "Deriving an unmapped PT cap") },
        { DIRECTORY, SEL4_IllegalOperation,
          BOTH("Arch_deriveCap", "Deriving a PD cap without an assigned ASID") },
        { TOP, SEL4_IllegalOperation, BOTH("Mode_deriveCap", "Deriving an unmapped PTPD cap") },
        { VSPACE_NEW, SEL4_IllegalOperation,
          BOTH("Mode_deriveCap", "Deriving a PML4 cap without an assigned ASID") },
        { UNTYPED_PARENT, SEL4_RevokeFirst,
          LINE(WHERE, "Error deriving cap for CNode Copy operation."),
          LINE(WHERE, "Error deriving cap for CNode Mint operation.") },
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct message copy = COPY(rows[i].cptr), mint = MINT(rows[i].cptr, 0);
        assert_int_equal(call(f, copy), rows[i].error);
        assert_string_equal(f->print, rows[i].copy);
        assert_int_equal(call(f, mint), rows[i].error);
        assert_string_equal(f->print, rows[i].mint);
        assert_int_equal(cap_type(cap_in(f, EMPTY)), CAP_NULL);
    }
}

/* Not an error: the copy is made, and is of no use to anybody. */
static void a_write_only_copy_of_a_frame_is_warned_of(void **state)
{
    struct fixture *f = *state;
    static const char warning[] =
        LINE("maskVMRights", "Attempted to make unsupported write only mapping");
    assert_int_equal(cnode_call(f, "CNodeCopy", EMPTY, FRAME, RIGHT_WRITE, 0), SEL4_NoError);
    assert_string_equal(f->print, warning);
    assert_int_equal(cap_frame_vm_rights(cap_in(f, EMPTY)), VM_KERNEL_ONLY);
    assert_int_equal(cnode_call(f, "CNodeMint", EMPTY + 1, FRAME, RIGHT_WRITE | RIGHT_GRANT, 0),
                     SEL4_NoError);
    assert_string_equal(f->print, warning);
    assert_int_equal(cnode_call(f, "CNodeCopy", EMPTY + 2, FRAME, RIGHT_READ, 0), SEL4_NoError);
    assert_string_equal(f->print, "");
    assert_int_equal(cap_frame_vm_rights(cap_in(f, EMPTY + 2)), VM_READ_ONLY);
    assert_int_equal(cnode_call(f, "CNodeCopy", EMPTY + 3, EMPTY + 2, RIGHT_WRITE, 0),
                     SEL4_NoError);
    assert_string_equal(f->print, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ERRORS_TEST(the_target_is_checked_first),
        ERRORS_TEST(then_the_message_the_destination_and_the_source),
        ERRORS_TEST(what_would_come_out_must_be_a_capability),
        ERRORS_TEST(rotate_is_mostly_refused_without_a_print),
        ERRORS_TEST(calls_on_one_slot_have_their_own_conditions),
        ERRORS_TEST(a_copy_that_cannot_be_derived_is_refused_in_two_lines),
        ERRORS_TEST(a_write_only_copy_of_a_frame_is_warned_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
