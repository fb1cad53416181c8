/* SPDX-License-Identifier: BSD-2-Clause */
/* What calls on a TCB are refused with, in the order in which the real kernel checks. Breakpoints:
 * breakpoint_test.c. seL4: src/object/tcb.c, checkValidIPCBuffer of src/arch/x86/kernel/vspace.c. */
#include "kernel/errors.h"

/* clang-format off */
static void registers_are_those_of_another_thread(void **state)
{
    static const struct error_row rows[] = {
        { { OTHER_TCB, "TCBReadRegisters", 1, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeReadRegisters", "TCB ReadRegisters: Truncated message." },
        { { CPTR_TCB, "TCBReadRegisters", 2, { 0, 0 }, 0, { 0 } }, SEL4_RangeError, 2, { 1, 20 }, "decodeReadRegisters", "TCB ReadRegisters: Attempted to read an invalid number of registers (0)." },
        { { CPTR_TCB, "TCBReadRegisters", 2, { 0, 0xffffffff }, 0, { 0 } }, SEL4_RangeError, 2, { 1, 20 }, "decodeReadRegisters", "TCB ReadRegisters: Attempted to read an invalid number of registers (-1)." },
        { { CPTR_TCB, "TCBReadRegisters", 2, { 0, 20 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, "decodeReadRegisters", "TCB ReadRegisters: Attempted to read our own registers." },
        { { OTHER_TCB, "TCBWriteRegisters", 1, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeWriteRegisters", "TCB WriteRegisters: Truncated message." },
        { { CPTR_TCB, "TCBWriteRegisters", 4, { 0, 3 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeWriteRegisters", "TCB WriteRegisters: Message too short for requested write size (2/3)." },
        { { CPTR_TCB, "TCBWriteRegisters", 4, { 0, 2 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, "decodeWriteRegisters", "TCB WriteRegisters: Attempted to write our own registers." },
        { { OTHER_TCB, "TCBCopyRegisters", 0, { 0 }, 1, { BOUND_TCB } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeCopyRegisters", "TCB CopyRegisters: Truncated message." },
        { { OTHER_TCB, "TCBCopyRegisters", 1, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeCopyRegisters", "TCB CopyRegisters: Truncated message." },
        { { OTHER_TCB, "TCBCopyRegisters", 1, { 0 }, 1, { EMPTY } }, SEL4_InvalidCapability, 1, { 1 }, "decodeCopyRegisters", "TCB CopyRegisters: Invalid source TCB." },
        { { OTHER_TCB, "TCBSetTLSBase", 0, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeSetTLSBase", "TCB SetTLSBase: Truncated message." },
        { { OTHER_TCB, "TCBSetFlags", 1, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeSetFlags", "TCB SetFlags: Truncated message." },
    };
    EXPECT_ERRORS(*state, rows);
}

static void priorities_are_bounded_by_an_authority(void **state)
{
    static const struct error_row rows[] = {
        { { OTHER_TCB, "TCBSetPriority", 0, { 0 }, 1, { CPTR_TCB } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeSetPriority", "TCB SetPriority: Truncated message." },
        { { OTHER_TCB, "TCBSetPriority", 1, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeSetPriority", "TCB SetPriority: Truncated message." },
        { { OTHER_TCB, "TCBSetPriority", 1, { 999 }, 1, { EP } }, SEL4_InvalidCapability, 1, { 1 }, "decodeSetPriority", "Set priority: authority cap not a TCB." },
        { { OTHER_TCB, "TCBSetPriority", 1, { 201 }, 1, { CPTR_TCB } }, SEL4_RangeError, 2, { 0, 200 }, "decodeSetPriority", "TCB SetPriority: Requested priority 201 too high (max 200)." },
        { { OTHER_TCB, "TCBSetPriority", 1, { 1 }, 1, { OTHER_TCB } }, SEL4_RangeError, 2, { 0, 0 }, "decodeSetPriority", "TCB SetPriority: Requested priority 1 too high (max 0)." },
        { { OTHER_TCB, "TCBSetMCPriority", 0, { 0 }, 1, { CPTR_TCB } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeSetMCPriority", "TCB SetMCPriority: Truncated message." },
        { { OTHER_TCB, "TCBSetMCPriority", 1, { 0 }, 1, { NTFN } }, SEL4_InvalidCapability, 1, { 1 }, "decodeSetMCPriority", "TCB SetMCPriority: authority cap not a TCB." },
        { { OTHER_TCB, "TCBSetMCPriority", 1, { ~(word_t)0 }, 1, { CPTR_TCB } }, SEL4_RangeError, 2, { 0, 200 }, "decodeSetMCPriority", "TCB SetMCPriority: Requested maximum controlled priority 18446744073709551615 too high (max 200)." },
        { { OTHER_TCB, "TCBSetSchedParams", 1, { 0 }, 1, { CPTR_TCB } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeSetSchedParams", "TCB SetSchedParams: Truncated message." },
        { { OTHER_TCB, "TCBSetSchedParams", 2, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeSetSchedParams", "TCB SetSchedParams: Truncated message." },
        { { OTHER_TCB, "TCBSetSchedParams", 2, { 201, 201 }, 1, { DOMAIN } }, SEL4_InvalidCapability, 1, { 1 }, "decodeSetSchedParams", "TCB SetSchedParams: authority cap not a TCB." },
        { { OTHER_TCB, "TCBSetSchedParams", 2, { 201, 202 }, 1, { CPTR_TCB } }, SEL4_RangeError, 2, { 0, 200 }, "decodeSetSchedParams", "TCB SetSchedParams: Requested maximum controlled priority 201 too high (max 200)." },
        { { OTHER_TCB, "TCBSetSchedParams", 2, { 200, 202 }, 1, { CPTR_TCB } }, SEL4_RangeError, 2, { 0, 200 }, "decodeSetSchedParams", "TCB SetSchedParams: Requested priority 202 too high (max 200)." },
    };
    EXPECT_ERRORS(*state, rows);
}

static void spaces_are_a_cnode_and_an_address_space(void **state)
{
    static const struct error_row rows[] = {
        { { OTHER_TCB, "TCBSetSpace", 2, { 0 }, 2, { SMALL_CNODE, VSPACE } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeSetSpace", "TCB SetSpace: Truncated message." },
        { { OTHER_TCB, "TCBSetSpace", 3, { 0 }, 1, { SMALL_CNODE } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeSetSpace", "TCB SetSpace: Truncated message." },
        { { OTHER_TCB, "TCBSetSpace", 3, { 0 }, 2, { EMPTY, EMPTY } }, SEL4_IllegalOperation, 0, { 0 }, "decodeSetSpace", "TCB SetSpace: Invalid CNode cap." },
        { { OTHER_TCB, "TCBSetSpace", 3, { 0, 61, 0 }, 2, { SMALL_CNODE, VSPACE } }, SEL4_IllegalOperation, 0, { 0 }, "decodeSetSpace", "TCB SetSpace: Invalid CNode cap." },
        { { OTHER_TCB, "TCBSetSpace", 3, { 0 }, 2, { TABLE, VSPACE } }, SEL4_IllegalOperation, 0, { 0 }, "Arch_deriveCap", "Deriving an unmapped PT cap" },
        { { OTHER_TCB, "TCBSetSpace", 3, { 0 }, 2, { UNTYPED_PARENT, VSPACE } }, SEL4_RevokeFirst, 0, { 0 }, NULL, NULL },
        { { OTHER_TCB, "TCBSetSpace", 3, { 0 }, 2, { SMALL_CNODE, EMPTY } }, SEL4_IllegalOperation, 0, { 0 }, "decodeSetSpace", "TCB SetSpace: Invalid VSpace cap." },
        { { OTHER_TCB, "TCBSetSpace", 3, { 0 }, 2, { SMALL_CNODE, TOP_MAPPED } }, SEL4_IllegalOperation, 0, { 0 }, "decodeSetSpace", "TCB SetSpace: Invalid VSpace cap." },
        { { OTHER_TCB, "TCBSetSpace", 3, { 0 }, 2, { SMALL_CNODE, VSPACE_NEW } }, SEL4_IllegalOperation, 0, { 0 }, "Mode_deriveCap", "Deriving a PML4 cap without an assigned ASID" },
    };
    EXPECT_ERRORS(*state, rows);
}

static void a_buffer_is_aligned_memory(void **state)
{
    static const struct error_row rows[] = {
        { { OTHER_TCB, "TCBSetIPCBuffer", 0, { 0 }, 1, { FRAME } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeSetIPCBuffer", "TCB SetIPCBuffer: Truncated message." },
        { { OTHER_TCB, "TCBSetIPCBuffer", 1, { 0x400000 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeSetIPCBuffer", "TCB SetIPCBuffer: Truncated message." },
        { { OTHER_TCB, "TCBSetIPCBuffer", 1, { 0x400000 }, 1, { EMPTY } }, SEL4_IllegalOperation, 0, { 0 }, "checkValidIPCBuffer", "IPC Buffer is an invalid cap." },
        { { OTHER_TCB, "TCBSetIPCBuffer", 1, { 0x400001 }, 1, { FRAME_DEVICE } }, SEL4_IllegalOperation, 0, { 0 }, "checkValidIPCBuffer", "Specifying a device frame as an IPC buffer is not permitted." },
        { { OTHER_TCB, "TCBSetIPCBuffer", 1, { 0x100400200 }, 1, { FRAME } }, SEL4_AlignmentError, 0, { 0 }, "checkValidIPCBuffer", "IPC Buffer vaddr 0x400200 is not aligned." },
        { { OTHER_TCB, "TCBSetIPCBuffer", 1, { 0x400000 }, 1, { TABLE } }, SEL4_IllegalOperation, 0, { 0 }, "Arch_deriveCap", "Deriving an unmapped PT cap" },
    };
    EXPECT_ERRORS(*state, rows);
}

#define CONFIGURE(cspace, cspace_data, vspace, buffer, frame) \
    { OTHER_TCB, "TCBConfigure", 4, { 0, cspace_data, 0, buffer }, 3, { cspace, vspace, frame } }

static void configure_looks_at_the_buffer_before_the_spaces(void **state)
{
    static const struct error_row rows[] = {
        { { OTHER_TCB, "TCBConfigure", 3, { 0 }, 3, { SMALL_CNODE, VSPACE, FRAME } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeTCBConfigure", "TCB Configure: Truncated message." },
        { { OTHER_TCB, "TCBConfigure", 4, { 0 }, 2, { SMALL_CNODE, VSPACE } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeTCBConfigure", "TCB Configure: Truncated message." },
        { CONFIGURE(EMPTY, 0, EMPTY, 0x400000, EMPTY), SEL4_IllegalOperation, 0, { 0 }, "checkValidIPCBuffer", "IPC Buffer is an invalid cap." },
        { CONFIGURE(EMPTY, 0, EMPTY, 0x400000, FRAME_DEVICE), SEL4_IllegalOperation, 0, { 0 }, "checkValidIPCBuffer", "Specifying a device frame as an IPC buffer is not permitted." },
        { CONFIGURE(EMPTY, 0, EMPTY, 0x400010, FRAME), SEL4_AlignmentError, 0, { 0 }, "checkValidIPCBuffer", "IPC Buffer vaddr 0x400010 is not aligned." },
        { CONFIGURE(EMPTY, 0, EMPTY, 0, EMPTY), SEL4_IllegalOperation, 0, { 0 }, "decodeTCBConfigure", "TCB Configure: CSpace cap is invalid." },
        { CONFIGURE(SMALL_CNODE, 61, EMPTY, 0, EMPTY), SEL4_IllegalOperation, 0, { 0 }, "decodeTCBConfigure", "TCB Configure: CSpace cap is invalid." },
        { CONFIGURE(CPTR_IRQ_CONTROL, 0, VSPACE, 0, EMPTY), SEL4_IllegalOperation, 0, { 0 }, "decodeTCBConfigure", "TCB Configure: CSpace cap is invalid." },
        { CONFIGURE(SMALL_CNODE, 0, FRAME, 0, EMPTY), SEL4_IllegalOperation, 0, { 0 }, "decodeTCBConfigure", "TCB Configure: VSpace cap is invalid." },
        { CONFIGURE(SMALL_CNODE, 0, VSPACE_NEW, 0, EMPTY), SEL4_IllegalOperation, 0, { 0 }, "Mode_deriveCap", "Deriving a PML4 cap without an assigned ASID" },
    };
    EXPECT_ERRORS(*state, rows);
}

/* The last capability to a CNode or thread in such a slot would take long to delete. */
static void a_space_that_is_being_deleted_is_not_replaced(void **state)
{
    static const struct error_row rows[] = {
        { CONFIGURE(SMALL_CNODE, 0, VSPACE, 0, EMPTY), SEL4_IllegalOperation, 0, { 0 }, "decodeTCBConfigure", "TCB Configure: CSpace or VSpace currently being deleted." },
        { { OTHER_TCB, "TCBSetSpace", 3, { 0 }, 2, { EMPTY, EMPTY } }, SEL4_IllegalOperation, 0, { 0 }, "decodeSetSpace", "TCB SetSpace: CSpace or VSpace currently being deleted." },
    };
    struct fixture *f = *state;
    paddr_t slot = tcb_slot(cap_object(cap_in(f, OTHER_TCB)), TCB_CTABLE);
    slot_move(&f->w, cap_in(f, SMALL_CNODE), slot_of(SMALL_CNODE), slot);
    EXPECT_ERRORS(f, rows);
}

static void a_notification_is_bound_to_one_thread(void **state)
{
    static const struct error_row rows[] = {
        { { OTHER_TCB, "TCBBindNotification", 0, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, "decodeBindNotification", "TCB BindNotification: Truncated message." },
        { { BOUND_TCB, "TCBBindNotification", 0, { 0 }, 1, { EP } }, SEL4_IllegalOperation, 0, { 0 }, "decodeBindNotification", "TCB BindNotification: TCB already has a bound notification." },
        { { OTHER_TCB, "TCBBindNotification", 0, { 0 }, 1, { EP } }, SEL4_IllegalOperation, 0, { 0 }, "decodeBindNotification", "TCB BindNotification: Notification is invalid." },
        { { OTHER_TCB, "TCBBindNotification", 0, { 0 }, 1, { NTFN_SEND_ONLY } }, SEL4_IllegalOperation, 0, { 0 }, "decodeBindNotification", "TCB BindNotification: Insufficient access rights" },
        { { OTHER_TCB, "TCBBindNotification", 0, { 0 }, 1, { NTFN_BOUND } }, SEL4_IllegalOperation, 0, { 0 }, "decodeBindNotification", "TCB BindNotification: Notification cannot be bound." },
        { { OTHER_TCB, "TCBUnbindNotification", 0, { 0 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, "decodeUnbindNotification", "TCB UnbindNotification: TCB already has no bound Notification." },
    };
    EXPECT_ERRORS(*state, rows);
}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        ERRORS_TEST(registers_are_those_of_another_thread),
        ERRORS_TEST(priorities_are_bounded_by_an_authority),
        ERRORS_TEST(spaces_are_a_cnode_and_an_address_space),
        ERRORS_TEST(a_buffer_is_aligned_memory),
        ERRORS_TEST(configure_looks_at_the_buffer_before_the_spaces),
        ERRORS_TEST(a_space_that_is_being_deleted_is_not_replaced),
        ERRORS_TEST(a_notification_is_bound_to_one_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
