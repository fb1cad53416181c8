/* SPDX-License-Identifier: BSD-2-Clause */
/* What is refused before it is known which invocation is meant: capabilities that cannot be invoked,
 * and labels that their type does not have. seL4: src/object/objecttype.c decodeInvocation, and the
 * end of each decode function. */
#include "kernel/errors.h"

/* clang-format off */
static void what_cannot_be_invoked_is_an_invalid_capability(void **state)
{
    static const struct error_row rows[] = {
        { { .cptr = EMPTY }, SEL4_InvalidCapability, 1, { 0 }, "decodeInvocation", "Attempted to invoke a null cap #80." },
        { { .cptr = EP_RECEIVE_ONLY }, SEL4_InvalidCapability, 1, { 0 }, "decodeInvocation", "Attempted to invoke a read-only endpoint cap #18." },
        { { .cptr = NTFN_RECEIVE_ONLY }, SEL4_InvalidCapability, 1, { 0 }, "decodeInvocation", "Attempted to invoke a read-only notification cap #22." },
        { { .cptr = REPLY_MASTER }, SEL4_InvalidCapability, 1, { 0 }, "decodeInvocation", "Attempted to invoke an invalid reply cap #27." },
    };
    EXPECT_ERRORS(*state, rows);
}

static void a_label_of_another_type_is_an_illegal_operation(void **state)
{
    static const struct error_row rows[] = {
        { { CPTR_UNTYPED, "TCBSuspend", 0, { 0 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, "decodeUntypedInvocation", "Untyped cap: Illegal operation attempted." },
        { { OTHER_TCB, "CNodeCopy", 0, { 0 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, "decodeTCBInvocation", "TCB: Illegal operation." },
        { { CPTR_CNODE, "TCBSuspend", 2, { EP, 64 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, "decodeCNodeInvocation", "CNodeCap: Illegal Operation attempted." },
        { { CPTR_IRQ_CONTROL, "TCBSuspend", 0, { 0 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, "Arch_decodeIRQControlInvocation", "IRQControl: Illegal operation" },
        { { IRQ_HANDLER, "TCBSuspend", 0, { 0 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, "decodeIRQHandlerInvocation", "IRQHandler: Illegal operation." },
        { { DOMAIN, "TCBSuspend", 0, { 0 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, NULL, NULL },
        { { FRAME, "TCBSuspend", 0, { 0 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, NULL, NULL },
        { { TABLE, "TCBSuspend", 0, { 0 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, "decodeX86PageTableInvocation", "X86PageTable: Illegal operation." },
        { { DIRECTORY, "TCBSuspend", 0, { 0 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, "decodeX64PageDirectoryInvocation", "X64Directory: Illegal operation." },
        { { TOP, "TCBSuspend", 0, { 0 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, "decodeX64PDPTInvocation", "X86PDPT: Illegal operation." },
        { { VSPACE, "TCBSuspend", 0, { 0 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, NULL, NULL },
        { { ASID_CONTROL, "TCBSuspend", 0, { 0 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, NULL, NULL },
        { { ASID_POOL, "TCBSuspend", 0, { 0 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, NULL, NULL },
        { { PORT_CONTROL, "TCBSuspend", 0, { 0 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, "decodeX86PortControlInvocation", "IOPortControl: Unknown operation." },
        { { PORTS, "TCBSuspend", 0, { 0 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, "decodeX86PortInvocation", "IOPort: Unknown operation." },
    };
    EXPECT_ERRORS(*state, rows);
}
/* clang-format on */

static void a_zombie_is_an_invalid_capability(void **state)
{
    struct fixture *f = *state;
    struct cap zombie = cap_new(CAP_ZOMBIE), was = cap_in(f, SMALL_CNODE);
    static const struct error_row row = { { .cptr = SMALL_CNODE },
                                          SEL4_InvalidCapability,
                                          1,
                                          { 0 },
                                          "decodeInvocation",
                                          "Attempted to invoke a zombie cap #26." };
    slot_set_cap(&f->w, slot_of(SMALL_CNODE), zombie);
    expect_error(f, &row);
    slot_set_cap(&f->w, slot_of(SMALL_CNODE), was);
}

/* A send is not answered: registers and buffer stay as they were, and only the print tells. */
static void an_error_of_a_send_is_only_printed(void **state)
{
    struct fixture *f = *state;
    message_put(f, (struct message){ .cptr = EMPTY, .length = 2, .word = { 7, 8 } });
    f->print[0] = '\0';
    word_t info = tcb_at(&f->w, FIXTURE_ROOT_TCB)->context[CTX_MSG_INFO];
    assert_int_equal(handle_invocation(&f->w, false, true), PROGRESS_DONE);
    assert_prints(f, "Attempted to invoke a null cap #80.>>\n");
    assert_int_equal(tcb_at(&f->w, FIXTURE_ROOT_TCB)->context[CTX_MSG_INFO], info);
    assert_int_equal(fixture_mr(f, 0), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ERRORS_TEST(what_cannot_be_invoked_is_an_invalid_capability),
        ERRORS_TEST(a_label_of_another_type_is_an_illegal_operation),
        ERRORS_TEST(a_zombie_is_an_invalid_capability),
        ERRORS_TEST(an_error_of_a_send_is_only_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
