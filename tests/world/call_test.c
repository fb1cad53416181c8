/* SPDX-License-Identifier: BSD-2-Clause */
/* libsel4 calls: how parameters travel, and what comes back. */
#include "world/lesson.h"

static struct hand_act encode(struct session *s, const char *function, word_t service,
                              const word_t *arg, unsigned argc)
{
    struct call call;
    struct hand_act act;
    struct problem p;
    assert_true(call_find(session_world_at(s), function, &call));
    call.service = service;
    call.argc = argc;
    memcpy(call.arg, arg, argc * sizeof arg[0]);
    assert_true(call_encode(s, &call, &act, &p));
    return act;
}

static void parameters_are_split_with_their_widths(void **state)
{
    (void)state;
    struct parameter p[CALL_ARGS_MAX];

    assert_int_equal(parameters_of("", p), 0);
    assert_int_equal(
        parameters_of("seL4_Word dest_index, seL4_Uint8 dest_depth, seL4_CNode src_root", p), 3);
    assert_string_equal(p[0].type, "seL4_Word");
    assert_string_equal(p[0].name, "dest_index");
    assert_int_equal(p[0].bits, 64);
    assert_int_equal(p[1].bits, 8);
    assert_true(p[2].is_cap);
    assert_false(p[1].is_cap);
}

static void narrow_parameters_share_a_word_at_multiples_of_their_width(void **state)
{
    const word_t arg[] = { 1, 0x55, 20 };

    struct hand_act act = encode(*state, "seL4_TCB_ReadRegisters", 7, arg, 3);

    assert_int_equal(act.mr[0], 0x5501);
    assert_int_equal(act.mr[1], 20);
    assert_int_equal(message_length(act.reg[REG_RSI]), 2);
    assert_int_equal(message_label(act.reg[REG_RSI]), 2);
    assert_int_equal(act.reg[REG_RDI], 7);
    assert_int_equal(act.mr_count, 4);
}

static void capabilities_travel_beside_the_words(void **state)
{
    const word_t arg[] = { 11, 64, 2, 12, 64, 15, 0xbeef };

    struct hand_act act = encode(*state, "seL4_CNode_Mint", 3, arg, 7);

    assert_int_equal(act.cap_count, 1);
    assert_int_equal(act.cap[0], 2);
    assert_int_equal(message_caps(act.reg[REG_RSI]), 1);
    assert_int_equal(message_length(act.reg[REG_RSI]), 6);
    const word_t words[] = { 11, 64, 12, 64, 15, 0xbeef };
    assert_memory_equal(act.mr, words, sizeof words);
}

static void a_call_with_too_few_arguments_is_a_problem(void **state)
{
    struct call call;
    struct hand_act act;
    struct problem p;
    assert_true(call_find(session_world_at(*state), "seL4_CNode_Delete", &call));
    call.argc = 1;

    assert_false(call_encode(*state, &call, &act, &p));
    assert_non_null(strstr(p.text, "takes 2 arguments"));
}

static void unknown_functions_and_those_of_other_kernels_are_not_found(void **state)
{
    struct call call;
    const struct world *w = session_world_at(*state);

    assert_false(call_find(w, "seL4_Nonsense", &call));
    assert_false(call_find(w, "seL4_SchedControl_ConfigureFlags", &call));
    assert_true(call_find(w, "seL4_Reply", &call));
    for (unsigned i = 0; call_function_name(i); i++)
        if (strcmp(call_function_name(i), "seL4_NBWait") != 0)
            assert_true(call_find(w, call_function_name(i), &call));
}

static void an_error_comes_back_with_its_words(void **state)
{
    struct session *s = *state;
    struct call_result r;

    assert_int_equal(do_call(s, "seL4_CNode_Delete", 2, 0, &r, 1, 65), STOP_DONE);
    assert_int_equal(r.error, SEL4_RangeError);
    assert_int_equal(r.refusal.word[0], 1);
    assert_int_equal(r.refusal.word[1], 64);

    do_call(s, "seL4_CNode_Copy", 2, 0, &r, 700, 64, 2, 701, 64, 15);
    assert_int_equal(r.error, SEL4_FailedLookup);
    assert_int_equal(r.refusal.word[0], 1);
    assert_int_equal(r.refusal.lookup.type, LOOKUP_MISSING_CAPABILITY);
    assert_int_equal(r.refusal.lookup.bits_left, 64);
}

static void outputs_are_the_words_of_the_answer(void **state)
{
    struct session *s = *state;
    struct call_result r;
    new_object(s, "frame", "frame");
    paddr_t slot = name_find(session_world_at(s), seat_cspace(s), "frame");

    do_call(s, "seL4_X86_Page_GetAddress", cptr(s, "frame"), 0, &r);

    assert_int_equal(r.error, SEL4_NoError);
    assert_int_equal(r.word[0], cap_frame_object(cte_at(session_world_at(s), slot)->cap));
}

static void registers_are_read_from_another_thread(void **state)
{
    struct session *s = *state;
    struct call_result r;
    new_thread(s, "faulter");

    do_call(s, "seL4_TCB_ReadRegisters", cptr(s, "faulter_tcb"), 0, &r, 0, 0, 20);

    assert_int_equal(r.error, SEL4_NoError);
    assert_int_equal(r.word_count, 20);
    assert_int_equal(r.word[0], HAND_PAGE);
    assert_int_equal(r.word[1], HAND_PAGE - 16);
}

static void message_registers_are_set_and_got_without_the_kernel(void **state)
{
    struct session *s = *state;
    struct call_result r;
    size_t events = session_event_count(s);

    do_call(s, "seL4_SetMR", 0, 0, &r, 2, 0x22);
    do_call(s, "seL4_SetMR", 0, 0, &r, 100, 0x100);
    do_call(s, "seL4_GetMR", 0, 0, &r, 2);
    assert_int_equal(r.word[0], 0x22);
    do_call(s, "seL4_GetMR", 0, 0, &r, 100);
    assert_int_equal(r.word[0], 0x100);

    assert_int_equal(cpu_at(session_world_at(s))->reg[REG_R9], 0x22);
    assert_int_equal(session_event_count(s), events);
}

static void a_message_arrives_with_words_in_registers_and_buffer(void **state)
{
    struct session *s = *state;
    struct call call;
    struct hand_act act;
    struct stop stop;
    struct problem p;
    first_session(s);
    sit(s, "handler");
    do_call(s, "seL4_Recv", 1, 0, NULL);
    sit(s, "rootserver");
    assert_true(call_find(session_world_at(s), "seL4_Send", &call));
    call.service = cptr(s, "fault_ep");
    call.info = message_info(77, 0, 0, 6);
    assert_true(call_encode(s, &call, &act, &p));
    act.set_message = true;
    act.mr_count = 6;
    for (unsigned i = 0; i < 6; i++) act.mr[i] = 100 + i;
    session_begin(s, "send");

    assert_true(hand_do(s, &act, &stop, &p));

    assert_int_equal(stop.kind, STOP_DONE);
    const struct arrival *a = session_arrival(s, thread(s, "handler"));
    assert_int_equal(message_label(a->info), 77);
    assert_int_equal(a->fault_kind, FAULT_NONE);
    for (unsigned i = 0; i < 6; i++) assert_int_equal(a->mr[i], 100 + i);
}

static void a_thread_is_named_through_its_buffer(void **state)
{
    struct session *s = *state;
    new_thread(s, "faulter");
    assert_int_equal(thread_find(session_world_at(s), "faulter"), thread(s, "faulter"));
    assert_true(thread(s, "faulter"));
}

static void a_capability_is_identified_by_its_tag(void **state)
{
    struct call_result r;
    do_call(*state, "seL4_DebugCapIdentify", 2, 0, &r);
    assert_int_equal(r.word[0], CAP_CNODE);
    do_call(*state, "seL4_DebugCapIdentify", 1, 0, &r);
    assert_int_equal(r.word[0], CAP_THREAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_split_with_their_widths),
        PROMPT_TEST(narrow_parameters_share_a_word_at_multiples_of_their_width),
        PROMPT_TEST(capabilities_travel_beside_the_words),
        PROMPT_TEST(a_call_with_too_few_arguments_is_a_problem),
        PROMPT_TEST(unknown_functions_and_those_of_other_kernels_are_not_found),
        PROMPT_TEST(an_error_comes_back_with_its_words),
        PROMPT_TEST(outputs_are_the_words_of_the_answer),
        PROMPT_TEST(registers_are_read_from_another_thread),
        PROMPT_TEST(message_registers_are_set_and_got_without_the_kernel),
        PROMPT_TEST(a_message_arrives_with_words_in_registers_and_buffer),
        PROMPT_TEST(a_thread_is_named_through_its_buffer),
        PROMPT_TEST(a_capability_is_identified_by_its_tag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
