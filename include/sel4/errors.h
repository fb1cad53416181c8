/* SPDX-License-Identifier: BSD-2-Clause */
/* Why an invocation was refused.
 * Generated from kernel/tables/errors.def by `make headers`. */
/* clang-format off */
#ifndef SEL4_ERRORS_H
#define SEL4_ERRORS_H

typedef enum {
    seL4_NoError = 0, /* done */
    seL4_InvalidArgument = 1, /* an argument has a value that the call does not take */
    seL4_InvalidCapability = 2, /* a capability is missing or of the wrong type */
    seL4_IllegalOperation = 3, /* this capability does not allow that */
    seL4_RangeError = 4, /* an argument lies outside the range that is allowed */
    seL4_AlignmentError = 5, /* an address or size is not a multiple of what it must be */
    seL4_FailedLookup = 6, /* the kernel looked a capability or a page table up and did not find it */
    seL4_TruncatedMessage = 7, /* the message has too few words or capabilities for this call */
    seL4_DeleteFirst = 8, /* the place is taken */
    seL4_RevokeFirst = 9, /* there are capabilities derived from this one */
    seL4_NotEnoughMemory = 10, /* the untyped memory is too small */
    seL4_NumErrors
} seL4_Error;

/* Why a lookup failed. */
typedef enum {
    seL4_NoFailure = 0,
    seL4_InvalidRoot = 1, /* the capability to start from is no CNode */
    seL4_MissingCapability = 2, /* nothing usable there, an empty slot or an unfit capability */
    seL4_DepthMismatch = 3, /* this level wants more bits than are left, or bits are left over */
    seL4_GuardMismatch = 4, /* the bits differ from the CNode's guard */
} seL4_LookupFailureType;

#endif
/* clang-format on */
