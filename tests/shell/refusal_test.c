/* SPDX-License-Identifier: BSD-2-Clause */
/* What a refused call is told: which argument or capability the kernel meant, and a tip for the reason. */
#include "shell/typing.h"

#include <string.h>

static void an_argument_is_named(void **state)
{
    const char *said =
        say(state, "seL4_Untyped_Retype(102, seL4_CapTableObject, 0, cspace, 0, 0, 201, 1)");
    assert_says(said, "(argument 1: size_bits)");
    assert_says(said, "tip: size_bits is the logarithm of the number of slots");
    said = say(state, "seL4_Untyped_Retype(102, 77, 0, cspace, 0, 0, 201, 1)");
    assert_says(said, "(argument 0: type)");
}

static void a_capability_is_named_and_shown(void **state)
{
    const char *said = say(state, "seL4_TCB_SetPriority(tcb, seL4_CapNull, 0)");
    assert_says(said, "(capability 1: authority)");
    assert_says(said, "tip: authority is CPtr 0: empty");
    said = say(state, "seL4_TCB_Resume(200)");
    assert_says(said, "(capability 0: the one invoked)");
    assert_says(said, "tip: CPtr 200: empty; the call wants a capability to: TCB");
}

static void the_handlers_notification_is_meant_by_its_capability_0(void **state)
{
    say(state, "seL4_IRQControl_GetIOAPIC(seL4_CapIRQControl, cspace, 300, 64, 0, 7, 0, 1, 5)");
    const char *said = say(state, "seL4_IRQHandler_SetNotification(300, tcb)");
    assert_says(said, "(capability 0: notification)");
    assert_says(said, "tip: notification is CPtr 1: TCB rootserver");
}

static void a_call_on_another_type_says_what_lies_there(void **state)
{
    const char *said =
        say(state, "seL4_Untyped_Retype(tcb, seL4_EndpointObject, 0, cspace, 0, 0, 201, 1)");
    assert_says(said, "seL4_IllegalOperation");
    assert_says(said, "CPtr 1: TCB rootserver; the call wants a capability to: untyped");
}

static void a_guard_that_does_not_match_is_told(void **state)
{
    const char *said = say(state, "delete 99999");
    assert_says(said, "seL4_FailedLookup: GuardMismatch");
    assert_says(said, "guard 0x0 of 51 bits");
    assert_says(said, "tip: `lookup 99999` draws the way");
    said = say(state, "seL4_CNode_Copy(cspace, 500, 64, cspace, tcb, 13, seL4_AllRights)");
    assert_says(said, "in the source");
    assert_says(said, "tip: `lookup 1 depth 13` draws the way");
}

static void a_tip_fits_the_kernels_reason(void **state)
{
    say(state, "new endpoint ep");
    say(state, "mint ep badged badge 1");
    assert_says(say(state, "mint badged other badge 2"), "tip: a badge is given once, by Mint");
    assert_says(say(state, "bind rootserver ep"), "tip: what is bound must be a notification");
    assert_says(say(state, "seL4_TCB_ReadRegisters(tcb, 0, 0, 20, &regs)"),
                "tip: no thread can read itself so");
}

static void a_refused_make_shows_the_kernels_line_and_the_size_that_was_typed(void **state)
{
    const char *said = blunder(state, "new untyped big bits 99");
    assert_says(said, "seL4_UntypedObject, 99,");
    assert_says(said, "kernel| ");
    assert_says(said, "Invalid object size");
    assert_says(said, "nothing was made: seL4_RangeError");
}

static void an_endpoint_takes_a_call_for_a_message_and_that_is_said(void **state)
{
    say(state, "new endpoint ep");
    assert_says(say(state, "unmap ep"), "ep is an endpoint: the call went there as a message");
    say(state, "undo");
    assert_null(strstr(say(state, "send ep"), "as a message"));
}

static void a_guard_that_does_not_fit_its_bits_is_refused(void **state)
{
    say(state, "new cnode box bits 4");
    assert_says(blunder(state, "mint box guarded guard 1 bits 70"), "no guard 1 of 70 bits");
    assert_says(blunder(state, "mint box guarded guard 4 bits 2"), "no guard 4 of 2 bits");
    say(state, "mint box guarded guard 3 bits 2");
}

static void a_name_that_is_no_text_halts_nothing(void **state)
{
    assert_says(blunder(state, "seL4_DebugNameThread(tcb, 5)"), "a text in quotes is wanted");
    say(state, "seL4_DebugNameThread(tcb, \"me\")");
    say(state, "expect me.state == \"running\"");
}

static void what_only_computes_or_identifies_is_shown(void **state)
{
    assert_says(say(state, "seL4_DebugCapIdentify(tcb)"), "=  12 (TCB)");
    assert_says(say(state, "seL4_MessageInfo_get_length(5)"), "=  0x5");
    say(state, "seL4_TCB_Resume(200)");
    assert_says(say(state, "print error"), "seL4_InvalidCapability: ");
}

static void what_is_nearly_right_has_its_name_for_a_tip(void **state)
{
    assert_says(blunder(state, "seL4_TCB_SetPriorit(1,2,3)"),
                "did you mean `seL4_TCB_SetPriority`?");
    assert_says(blunder(state, "rootserver.rax"), "`print rootserver.rax` shows a value");
    assert_says(blunder(state, "break fault banana"), "there is no fault called `banana`");
    assert_says(blunder(state, "break error Foo"), "there is no error called `Foo`");
}

static void a_slot_that_a_cnode_does_not_have_is_refused(void **state)
{
    say(state, "new endpoint ep");
    say(state, "new cnode box bits 4");
    assert_says(blunder(state, "copy ep box/16"), "`box` has 16 slots: none is 16");
    say(state, "copy ep box/15");
}

static void what_slowly_does_at_once_is_said(void **state)
{
    assert_says(say(state, "slowly new endpoint ep"), "Done at once");
    assert_null(strstr(say(state, "slowly mint ep b badge 1"), "Done at once"));
}

static void no_name_in_the_help_touches_its_line(void **state)
{
    assert_says(say(state, "help more"), "reverse-continue back to");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(an_argument_is_named),
        TYPED_TEST(a_capability_is_named_and_shown),
        TYPED_TEST(the_handlers_notification_is_meant_by_its_capability_0),
        TYPED_TEST(a_call_on_another_type_says_what_lies_there),
        TYPED_TEST(a_guard_that_does_not_match_is_told),
        TYPED_TEST(a_tip_fits_the_kernels_reason),
        TYPED_TEST(a_refused_make_shows_the_kernels_line_and_the_size_that_was_typed),
        TYPED_TEST(an_endpoint_takes_a_call_for_a_message_and_that_is_said),
        TYPED_TEST(a_guard_that_does_not_fit_its_bits_is_refused),
        TYPED_TEST(a_name_that_is_no_text_halts_nothing),
        TYPED_TEST(what_only_computes_or_identifies_is_shown),
        TYPED_TEST(a_slot_that_a_cnode_does_not_have_is_refused),
        TYPED_TEST(what_slowly_does_at_once_is_said),
        TYPED_TEST(no_name_in_the_help_touches_its_line),
        TYPED_TEST(what_is_nearly_right_has_its_name_for_a_tip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
