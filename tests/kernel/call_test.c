/* SPDX-License-Identifier: BSD-2-Clause */
/* The way of a call: what is looked up, who is refused how, what the answer
 * holds; and that predicting it changes and tells nothing. */
#include "kernel/kernel_fixture.h"

enum { EP = CPTR_FREE, NT, EMPTY = 40, OUTSIDE = 0x1000 };

static int make_slots(void **state)
{
    fixture_setup(state);
    enum sel4_error e = retype(*state, "EndpointObject", 0, EP, 1);
    if (!e) e = retype(*state, "NotificationObject", 0, NT, 1);
    return (int)e;
}

static word_t info_of(const struct fixture *f)
{
    return tcb_at(&f->w, FIXTURE_ROOT_TCB)->context[CTX_MSG_INFO];
}

static void a_null_capability_is_an_error_and_no_fault(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(call(f, (struct message){ .cptr = EMPTY }), SEL4_InvalidCapability);
    assert_int_equal(message_length(info_of(f)), 1);
    assert_int_equal(fixture_mr(f, 0), 0);
    assert_prints(f, "Attempted to invoke a null cap #40.");
    assert_int_equal(fixture_count(f, EVENT_FAULT), 0);
    assert_int_equal(fixture_count(f, EVENT_CALL), 1);
}

static void a_failed_lookup_faults_if_the_call_blocks(void **state)
{
    struct fixture *f = *state;
    message_put(f, (struct message){ .cptr = OUTSIDE });
    assert_int_equal(handle_invocation(&f->w, false, false), PROGRESS_DONE);
    assert_prints(f, "handleInvocation/");
    assert_prints(f, "Invocation of invalid cap #4096.");
    assert_int_equal(fixture_count(f, EVENT_FAULT), 0);

    call(f, (struct message){ .cptr = OUTSIDE });
    assert_int_equal(fixture_count(f, EVENT_FAULT), 1);
    assert_int_equal(fixture_count(f, EVENT_CALL), 0);
    tcb_edit(&f->w, FIXTURE_ROOT_TCB)->state = TCB_RUNNING; /* the double fault stopped it */
}

static void a_failed_lookup_of_an_extra_capability_faults(void **state)
{
    struct fixture *f = *state;
    call(f, (struct message){ .cptr = CPTR_CNODE, .caps = 2, .cap = { EMPTY, OUTSIDE } });
    assert_prints(f, "Lookup of extra caps failed.");
    assert_int_equal(fixture_count(f, EVENT_FAULT), 1);
    tcb_edit(&f->w, FIXTURE_ROOT_TCB)->state = TCB_RUNNING;
}

static void each_type_refuses_foreign_labels_in_its_own_words(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(call(f, (struct message){ .cptr = CPTR_TCB, .label = "CNodeCopy" }),
                     SEL4_IllegalOperation);
    assert_prints(f, "[decodeTCBInvocation/");
    assert_prints(f, "TCB: Illegal operation.");
    assert_int_equal(call(f, (struct message){ .cptr = CPTR_UNTYPED, .label = "CNodeCopy" }),
                     SEL4_IllegalOperation);
    assert_prints(f, "Untyped cap: Illegal operation attempted.");
    assert_int_equal(call(f, (struct message){ .cptr = CPTR_CNODE, .label = "TCBSuspend" }),
                     SEL4_IllegalOperation);
    assert_prints(f, "CNodeCap: Illegal Operation attempted.");
    assert_int_equal(call(f, (struct message){ .cptr = CPTR_IRQ_CONTROL, .label = "TCBSuspend" }),
                     SEL4_IllegalOperation);
    assert_prints(f, "IRQControl: Illegal operation");
    assert_int_equal(message_length(info_of(f)), 0);
}

static void labels_beyond_the_table_are_illegal(void **state)
{
    struct fixture *f = *state;
    word_t label[] = { 0, 95, 96, ~(word_t)0 >> 12 };
    for (unsigned i = 0; i < 4; i++) {
        message_put(f, (struct message){ .cptr = CPTR_CNODE });
        tcb_edit(&f->w, FIXTURE_ROOT_TCB)->context[CTX_MSG_INFO] = message_info(label[i], 0, 0, 0);
        handle_invocation(&f->w, true, true);
        assert_int_equal(message_label(info_of(f)), SEL4_IllegalOperation);
    }
}

static void an_error_without_a_call_leaves_the_registers(void **state)
{
    struct fixture *f = *state;
    message_put(f, (struct message){ .cptr = EMPTY, .length = 1, .word = { 77 } });
    word_t info = info_of(f);
    handle_invocation(&f->w, false, true);
    assert_int_equal(info_of(f), info);
    assert_int_equal(fixture_mr(f, 0), 77);
    assert_int_equal(fixture_count(f, EVENT_ERROR), 1);
}

static void without_a_buffer_only_four_words_count(void **state)
{
    struct fixture *f = *state;
    slot_delete_one(&f->w, tcb_slot(FIXTURE_ROOT_TCB, TCB_BUFFER));
    assert_int_equal(retype(f, "EndpointObject", 0, EMPTY, 1), SEL4_TruncatedMessage);
    assert_prints(f, "Warning: No IPC buffer for thread. Truncating message length to: 4.");
    assert_prints(f, "Untyped invocation: Truncated message.");
}

static void a_read_only_endpoint_cannot_be_invoked(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(cnode_call(f, "CNodeMint", EMPTY, EP, RIGHT_READ, 0), SEL4_NoError);
    assert_int_equal(call(f, (struct message){ .cptr = EMPTY }), SEL4_InvalidCapability);
    assert_prints(f, "Attempted to invoke a read-only endpoint cap #40.");
    assert_int_equal(cnode_call(f, "CNodeMint", EMPTY + 1, NT, RIGHT_READ, 0), SEL4_NoError);
    assert_int_equal(call(f, (struct message){ .cptr = EMPTY + 1 }), SEL4_InvalidCapability);
    assert_prints(f, "Attempted to invoke a read-only notification cap #41.");
}

static void a_signal_by_call_is_answered_empty(void **state)
{
    struct fixture *f = *state;
    tcb_edit(&f->w, FIXTURE_ROOT_TCB)->context[CTX_BADGE] = NT;
    assert_int_equal(call(f, (struct message){ .cptr = NT, .length = 3 }), SEL4_NoError);
    assert_int_equal(info_of(f), 0);
    assert_int_equal(tcb_at(&f->w, FIXTURE_ROOT_TCB)->context[CTX_BADGE], 0);
    assert_int_equal(tcb_at(&f->w, FIXTURE_ROOT_TCB)->state, TCB_RUNNING);
    assert_int_equal(notification_state(&f->w, cap_object(cap_in(f, NT))), NOTIFICATION_ACTIVE);
}

static void an_io_apic_kernel_gives_out_no_isa_interrupts(void **state)
{
    struct fixture *f = *state;
    struct message m = { CPTR_IRQ_CONTROL, "IRQIssueIRQHandler", 3, { 4, EMPTY, 64 }, 1,
                         { CPTR_CNODE } };
    assert_int_equal(call(f, m), SEL4_IllegalOperation);
    assert_prints(f, "[Arch_checkIRQ/");
}

static struct message get_msi(word_t irq, word_t to)
{
    return (struct message){
        CPTR_IRQ_CONTROL, "X86IRQIssueIRQHandlerMSI", 7, { to, 64, 0, 0, 0, 0, irq }, 1,
        { CPTR_CNODE }
    };
}

static void an_interrupt_has_one_handler_until_it_is_deleted(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(call(f, get_msi(3, EMPTY)), SEL4_NoError);
    assert_int_equal(cap_irq_handler_irq(cap_in(f, EMPTY)), IRQ_USER_MIN + 3);
    assert_int_equal(kernel_at(&f->w)->irq_state[IRQ_USER_MIN + 3], IRQ_SIGNAL);
    assert_int_equal(call(f, get_msi(3, EMPTY + 1)), SEL4_RevokeFirst);
    assert_prints(f, "IRQControl: IRQ 19 is already active.");
    assert_int_equal(call(f, get_msi(108, EMPTY + 1)), SEL4_RangeError);
    assert_int_equal(fixture_mr(f, 1), 107);

    struct message set = { EMPTY, "IRQSetIRQHandler", 0, { 0 }, 1, { NT } };
    assert_int_equal(call(f, set), SEL4_NoError);
    paddr_t slot = FIXTURE_IRQ_NODE + ((IRQ_USER_MIN + 3) << SLOT_BITS);
    assert_int_equal(cap_type(cte_at(&f->w, slot)->cap), CAP_NOTIFICATION);
    assert_int_equal(slot_call(f, "CNodeDelete", EMPTY), SEL4_NoError);
    assert_int_equal(cap_type(cte_at(&f->w, slot)->cap), CAP_NULL);
    assert_int_equal(kernel_at(&f->w)->irq_state[IRQ_USER_MIN + 3], IRQ_INACTIVE);
}

static void a_prediction_is_what_would_happen_and_changes_nothing(void **state)
{
    struct fixture *f = *state;
    const struct message delete = { CPTR_CNODE, "CNodeDelete", 2, { EP, 64 }, 0, { 0 } };
    message_put(f, delete);
    f->events = 0;
    uint64_t before = arena_hash(&f->w);
    struct decoded d = kernel_predict(&f->w, FIXTURE_ROOT_TCB, CPTR_CNODE, info_of(f));
    assert_int_equal(d.refusal.error, SEL4_NoError);
    assert_int_equal(d.invocation.target, slot_of(EP));
    d = kernel_predict(&f->w, FIXTURE_ROOT_TCB, EMPTY, info_of(f));
    assert_int_equal(d.refusal.error, SEL4_InvalidCapability);
    d = kernel_predict(&f->w, FIXTURE_ROOT_TCB, OUTSIDE, info_of(f));
    assert_int_equal(d.refusal.lookup.type, LOOKUP_GUARD_MISMATCH);
    assert_true(arena_hash(&f->w) == before);
    assert_int_equal(f->events, 0);
}

static void a_domain_must_exist(void **state)
{
    struct fixture *f = *state;
    slot_write_initial(&f->w, slot_of(EMPTY), cap_new(CAP_DOMAIN));
    struct message m = { EMPTY, "DomainSetSet", 1, { 1 }, 1, { CPTR_TCB } };
    assert_int_equal(call(f, m), SEL4_InvalidArgument);
    assert_prints(f, "Domain Configure: invalid domain (1 >= 1).");
    m.word[0] = 0;
    assert_int_equal(call(f, m), SEL4_NoError);
    m.cap[0] = EP;
    assert_int_equal(call(f, m), SEL4_InvalidArgument);
    assert_int_equal(fixture_mr(f, 0), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_slots, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_null_capability_is_an_error_and_no_fault),
        TEST(a_failed_lookup_faults_if_the_call_blocks),
        TEST(a_failed_lookup_of_an_extra_capability_faults),
        TEST(each_type_refuses_foreign_labels_in_its_own_words),
        TEST(labels_beyond_the_table_are_illegal),
        TEST(an_error_without_a_call_leaves_the_registers),
        TEST(without_a_buffer_only_four_words_count),
        TEST(a_read_only_endpoint_cannot_be_invoked),
        TEST(a_signal_by_call_is_answered_empty),
        TEST(an_io_apic_kernel_gives_out_no_isa_interrupts),
        TEST(an_interrupt_has_one_handler_until_it_is_deleted),
        TEST(a_prediction_is_what_would_happen_and_changes_nothing),
        TEST(a_domain_must_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
