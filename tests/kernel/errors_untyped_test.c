/* SPDX-License-Identifier: BSD-2-Clause */
/* What Retype is refused with, in the order in which the real kernel checks.
 * seL4: src/object/untyped.c decodeUntypedInvocation. */
#include "kernel/errors.h"

#define WHERE "decodeUntypedInvocation"

/* Numbers of object types without MCS. */
enum {
    UNTYPED_OBJECT,
    TCB_OBJECT,
    ENDPOINT_OBJECT,
    NOTIFICATION_OBJECT,
    CAP_TABLE,
    PAGE_4K = 8,
    TYPES = 12
};

#define RETYPE(type, bits, index, depth, offset, count)                                            \
    {                                                                                              \
        CPTR_UNTYPED, "UntypedRetype", 6, { type, bits, index, depth, offset, count }, 1,          \
        {                                                                                          \
            CPTR_CNODE                                                                             \
        }                                                                                          \
    }
#define RETYPE_OF(untyped, type, bits, count)                                                      \
    {                                                                                              \
        untyped, "UntypedRetype", 6, { type, bits, 0, 0, EMPTY, count }, 1,                        \
        {                                                                                          \
            CPTR_CNODE                                                                             \
        }                                                                                          \
    }

/* clang-format off */
static void type_and_size_are_checked_first(void **state)
{
    static const struct error_row rows[] = {
        { { CPTR_UNTYPED, "UntypedRetype", 5, { 0 }, 1, { CPTR_CNODE } }, SEL4_TruncatedMessage, 0, { 0 }, WHERE, "Untyped invocation: Truncated message." },
        { { CPTR_UNTYPED, "UntypedRetype", 6, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, WHERE, "Untyped invocation: Truncated message." },
        { RETYPE(TYPES, 64, 0, 0, EMPTY, 0), SEL4_InvalidArgument, 1, { 0 }, WHERE, "Untyped Retype: Invalid object type." },
        { RETYPE(~(word_t)0, 0, 0, 0, EMPTY, 1), SEL4_InvalidArgument, 1, { 0 }, WHERE, "Untyped Retype: Invalid object type." },
        { RETYPE(TCB_OBJECT, 64, 0, 0, EMPTY, 0), SEL4_RangeError, 2, { 0, 47 }, WHERE, "Untyped Retype: Invalid object size." },
        { RETYPE(UNTYPED_OBJECT, 48, 0, 0, EMPTY, 0), SEL4_RangeError, 2, { 0, 47 }, WHERE, "Untyped Retype: Invalid object size." },
        { RETYPE(CAP_TABLE, 43, 0, 0, EMPTY, 0), SEL4_RangeError, 2, { 0, 47 }, WHERE, "Untyped Retype: Invalid object size." },
        { RETYPE(CAP_TABLE, ~(word_t)0, 0, 0, EMPTY, 0), SEL4_RangeError, 2, { 0, 47 }, WHERE, "Untyped Retype: Invalid object size." },
        { RETYPE(CAP_TABLE, 0, 0, 0, EMPTY, 0), SEL4_InvalidArgument, 1, { 1 }, WHERE, "Untyped Retype: Requested CapTable size too small." },
        { RETYPE(UNTYPED_OBJECT, 3, 0, 0, EMPTY, 0), SEL4_InvalidArgument, 1, { 1 }, WHERE, "Untyped Retype: Requested UntypedItem size too small." },
    };
    EXPECT_ERRORS(*state, rows);
}

static void then_where_the_capabilities_go(void **state)
{
    static const struct error_row rows[] = {
        { RETYPE(ENDPOINT_OBJECT, 0, SMALL_CNODE, 65, 0, 0), SEL4_RangeError, 2, { 1, 64 }, WHERE, "Untyped Retype: Invalid destination address." },
        { RETYPE(ENDPOINT_OBJECT, 0, 0x100, 64, 0, 0), SEL4_FailedLookup, 5, { 0, LOOKUP_GUARD_MISMATCH, 64, 0, 56 }, WHERE, "Untyped Retype: Invalid destination address." },
        { RETYPE(ENDPOINT_OBJECT, 0, EP, 64, 0, 0), SEL4_FailedLookup, 3, { 0, LOOKUP_MISSING_CAPABILITY, 64 }, WHERE, "Untyped Retype: Destination cap invalid or read-only." },
        { { CPTR_UNTYPED, "UntypedRetype", 6, { ENDPOINT_OBJECT, 0, 0, 0, 0, 1 }, 1, { EP } }, SEL4_FailedLookup, 3, { 0, LOOKUP_MISSING_CAPABILITY, 0 }, WHERE, "Untyped Retype: Destination cap invalid or read-only." },
        { RETYPE(ENDPOINT_OBJECT, 0, 0, 0, 256, 0), SEL4_RangeError, 2, { 0, 255 }, WHERE, "Untyped Retype: Destination node offset #256 too large." },
        { RETYPE(ENDPOINT_OBJECT, 0, 0, 0, ~(word_t)0, 0), SEL4_RangeError, 2, { 0, 255 }, WHERE, "Untyped Retype: Destination node offset #-1 too large." },
        { RETYPE(ENDPOINT_OBJECT, 0, SMALL_CNODE, 64, 16, 0), SEL4_RangeError, 2, { 0, 15 }, WHERE, "Untyped Retype: Destination node offset #16 too large." },
        { RETYPE(ENDPOINT_OBJECT, 0, 0, 0, 255, 0), SEL4_RangeError, 2, { 1, 256 }, WHERE, "Untyped Retype: Number of requested objects (0) too small or large." },
        { RETYPE(ENDPOINT_OBJECT, 0, 0, 0, 255, 257), SEL4_RangeError, 2, { 1, 256 }, WHERE, "Untyped Retype: Number of requested objects (257) too small or large." },
        { RETYPE(ENDPOINT_OBJECT, 0, 0, 0, 250, 7), SEL4_RangeError, 2, { 1, 6 }, WHERE, "Untyped Retype: Requested destination window overruns size of node." },
        { RETYPE(ENDPOINT_OBJECT, 0, 0, 0, EP, 1), SEL4_DeleteFirst, 0, { 0 }, WHERE, "Untyped Retype: Slot #16 in destination window non-empty." },
        { RETYPE(ENDPOINT_OBJECT, 0, 0, 0, 0, 200), SEL4_DeleteFirst, 0, { 0 }, WHERE, "Untyped Retype: Slot #1 in destination window non-empty." },
    };
    EXPECT_ERRORS(*state, rows);
}

static void then_the_memory(void **state)
{
    static const struct error_row rows[] = {
        { RETYPE_OF(CPTR_UNTYPED, CAP_TABLE, 12, 1), SEL4_NotEnoughMemory, 1, { 65536 }, WHERE, "Untyped Retype: Insufficient memory (1 * 131072 bytes needed, 65536 bytes available)." },
        { RETYPE_OF(UNTYPED_PAGE, TCB_OBJECT, 0, 3), SEL4_NotEnoughMemory, 1, { 4096 }, WHERE, "Untyped Retype: Insufficient memory (3 * 2048 bytes needed, 4096 bytes available)." },
        { RETYPE_OF(UNTYPED_PARENT, PAGE_4K, 0, 1), SEL4_NotEnoughMemory, 1, { 3840 }, WHERE, "Untyped Retype: Insufficient memory (1 * 4096 bytes needed, 3840 bytes available)." },
        { RETYPE_OF(UNTYPED_DEVICE, UNTYPED_OBJECT, 13, 1), SEL4_NotEnoughMemory, 1, { 4096 }, WHERE, "Untyped Retype: Insufficient memory (1 * 8192 bytes needed, 4096 bytes available)." },
        { RETYPE_OF(UNTYPED_DEVICE, TCB_OBJECT, 0, 1), SEL4_InvalidArgument, 1, { 1 }, WHERE, "Untyped Retype: Creating kernel objects with device untyped" },
        { RETYPE_OF(UNTYPED_DEVICE, CAP_TABLE, 4, 1), SEL4_InvalidArgument, 1, { 1 }, WHERE, "Untyped Retype: Creating kernel objects with device untyped" },
    };
    EXPECT_ERRORS(*state, rows);
}
/* clang-format on */

static void numbers_of_object_types_are_those_of_the_rows(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *name;
        word_t number;
    } types[] = { { "UntypedObject", UNTYPED_OBJECT },           { "TCBObject", TCB_OBJECT },
                  { "EndpointObject", ENDPOINT_OBJECT },         { "CapTableObject", CAP_TABLE },
                  { "NotificationObject", NOTIFICATION_OBJECT }, { "X86_4K", PAGE_4K } };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        word_t number;
        assert_true(object_type(&kernel_at(&f->w)->numbers, types[i].name, &number));
        assert_int_equal(number, types[i].number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ERRORS_TEST(type_and_size_are_checked_first),
        ERRORS_TEST(then_where_the_capabilities_go),
        ERRORS_TEST(then_the_memory),
        ERRORS_TEST(numbers_of_object_types_are_those_of_the_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
