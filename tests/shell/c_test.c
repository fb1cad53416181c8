/* SPDX-License-Identifier: BSD-2-Clause */
/* C at the prompt: single calls, and blocks as they stand in tutorials. */
#include "shell/typing.h"

#include <string.h>

static void a_call_over_several_lines_is_one(void **state)
{
    say(state, "new endpoint fault_ep");
    assert_true(line_is_open("seL4_CNode_Mint(cspace, badged, 64,"));
    assert_false(
        line_is_open("seL4_CNode_Mint(cspace, 200, 64, cspace, fault_ep, 64, seL4_AllRights, 5);"));
    const char *said = say(
        state,
        "seL4_CNode_Mint(\n    cspace, 200, 64, // where to\n    cspace, fault_ep, 64, /* from */\n"
        "    seL4_AllRights, 0xbeef);");
    assert_says(said, "seL4_NoError");
    say(state, "expect slot(200).badge == 0xbeef");
}

static void a_block_of_the_capabilities_tutorial_can_be_pasted(void **state)
{
    say(state, "{\n"
               "    seL4_CPtr first_free_slot = 300;\n"
               "    seL4_CPtr last_slot = first_free_slot + 1;\n"
               "    /* use seL4_CNode_Copy to make another copy of the initial TCB capability */\n"
               "    seL4_Error error = seL4_CNode_Copy(seL4_CapInitThreadCNode, first_free_slot, "
               "seL4_WordBits,\n"
               "                                       seL4_CapInitThreadCNode, "
               "seL4_CapInitThreadTCB, seL4_WordBits,\n"
               "                                       seL4_AllRights);\n"
               "    ZF_LOGF_IF(error, \"Failed to copy cap!\");\n"
               "    error = seL4_TCB_SetPriority(last_slot, last_slot, 10);\n"
               "    if (error == seL4_NoError) {\n"
               "        seL4_DebugPutChar('n');\n"
               "    } else\n"
               "        seL4_DebugPutChar('e');\n"
               "}");
    say(state, "expect slot(300).type == \"TCB\"");
    say(state, "expect error == seL4_InvalidCapability");
    struct typist *t = *state;
    size_t length;
    const char *console = session_console(t->shell.session, &length);
    assert_int_equal(length, 1);
    assert_int_equal(*console, 'e');
}

static void a_new_name_as_the_destination_takes_the_first_empty_slot(void **state)
{
    static const char mint[] =
        "seL4_CNode_Mint(cspace, badged, 64, cspace, ep, 64, seL4_AllRights, 0xbeef)";
    say(state, "new endpoint ep");
    say(state, "new thread t");
    assert_says(say(state, mint), "seL4_CNode_Mint(cspace, badged, 64, cspace, ep,");
    say(state, "expect slot(badged).badge == 0xbeef");
    say(state, "undo");
    assert_says(blunder(state, "print badged"), "nothing called `badged`");
    say(state, "seL4_CNode_Copy(t_cspace, given, 64, cspace, ep, 64, seL4_AllRights)");
    say(state, "expect slot(t_cspace/given).type == \"endpoint\"");
    say(state, "seL4_CNode_Copy(cspace, never, 64, cspace, 999, 64, seL4_AllRights)");
    assert_says(blunder(state, "print never"), "nothing called `never`"); /* it was refused */
    assert_says(blunder(state, "seL4_CNode_Delete(cspace, nothing, 64)"), "nothing called");
}

static void a_block_of_the_threads_tutorial_can_be_pasted(void **state)
{
    say(state, "new thread t");
    say(state, "{\n"
               "    UNUSED seL4_UserContext regs = {0};\n"
               "    int error = seL4_TCB_ReadRegisters(t_tcb, 0, 0,\n"
               "                                       sizeof(regs)/sizeof(seL4_Word), &regs);\n"
               "    ZF_LOGF_IFERR(error, \"cannot read\");\n"
               "    sel4utils_set_instruction_pointer(&regs, (seL4_Word)0x401000);\n"
               "    sel4utils_set_stack_pointer(&regs, 0x7fe000);\n"
               "    regs.rdi = regs.rip + 1;\n"
               "    error = seL4_TCB_WriteRegisters(t_tcb, 0, 0,\n"
               "                                    sizeof(regs)/sizeof(seL4_Word), &regs);\n"
               "    assert(error == seL4_NoError);\n"
               "}");
    say(state, "expect t.rip == 0x401000 && t.rsp == 0x7fe000 && t.rdi == 0x401001");
    assert_says(blunder(state, "regs.foo = 1;"), "`foo` is no register");
    assert_says(blunder(state, "t.rip = 1;"), "no structure `t`");
    assert_says(blunder(state, "seL4_TCB_WriteRegisters(t_tcb, 0, 0, 2, &other)"),
                "there is no structure `&other`");
    say(state, "undo");
    assert_says(blunder(state, "print regs.rip"), "no thread is called `regs`");
}

static void a_check_that_fails_ends_the_block(void **state)
{
    struct typist *t = *state;
    size_t length;
    assert_says(blunder(state, "assert(1 == 2); seL4_DebugPutChar('x');"),
                "`assert(1 == 2)`: here the program would end");
    assert_says(blunder(state, "ZF_LOGF_IF(1, \"no\"); seL4_DebugPutChar('x');"), "would end");
    session_console(t->shell.session, &length);
    assert_int_equal(length, 0);
    assert_string_equal(say(state, "assert(1 == 1);"), "");
    say(state, "ZF_LOGF_IFERR(seL4_NoError, \"no\"); seL4_DebugPutChar('x');");
    session_console(t->shell.session, &length);
    assert_int_equal(length, 1);
}

static void a_receive_sets_its_badge_and_info(void **state)
{
    say(state, "new endpoint ep");
    say(state, "new thread t");
    say(state, "mint ep t_cspace/ep badge 7");
    say(state, "as t");
    say(state, "send ep label 3 words 1,2");
    say(state, "as rootserver");
    say(state, "seL4_Word badge; seL4_MessageInfo_t info = seL4_Recv(ep, &badge);");
    say(state, "expect badge == 7");
    say(state, "expect seL4_MessageInfo_get_label(info) == 3");
    say(state, "seL4_Word second = seL4_GetMR(1);");
    say(state, "expect second == 2");
}

static void message_registers_are_set_before_a_call(void **state)
{
    say(state, "new endpoint ep");
    say(state, "new thread t");
    say(state, "copy ep t_cspace/ep");
    say(state, "as t");
    say(state, "recv ep");
    say(state, "as rootserver");
    say(state, "seL4_SetMR(0, 5); seL4_SetMR(4, 6);");
    say(state, "seL4_Send(ep, seL4_MessageInfo_new(1, 0, 0, 5));");
    say(state, "as t");
    say(state, "expect message.mr[0] == 5");
    say(state, "expect message.mr[4] == 6");
}

static void a_wrong_number_of_arguments_shows_the_signature(void **state)
{
    assert_says(blunder(state, "seL4_CNode_Delete(cspace)"),
                "tip: seL4_CNode_Delete(_service, index, depth)");
    assert_says(blunder(state, "seL4_Recv(cspace)"), "tip: seL4_Recv(src, &badge)");
}

static void an_unknown_function_is_refused(void **state)
{
    assert_says(blunder(state, "seL4_CNode_Steal(cspace, 1, 64)"),
                "libsel4 has no function `seL4_CNode_Steal`");
    assert_says(blunder(state, "launch_missiles();"), "libsel4 has no function `launch_missiles`");
}

static void a_loop_is_refused_with_a_word(void **state)
{
    assert_says(blunder(state, "while (1) { seL4_Yield(); }"), "is for programs");
    assert_says(blunder(state, "for (int i = 0; i < 3; i++) seL4_Yield();"), "is for programs");
}

static void a_statement_behind_its_if_is_never_done_alone(void **state)
{
    assert_says(blunder(state, "if (0)"), "tip: put it on the same line, or in { }");
    assert_says(blunder(state, "else seL4_Yield();"), "`else` has lost its `if`");
    say(state, "if (0)\n    seL4_DebugPutChar('x');\nelse\n    seL4_DebugPutChar('y');");
    struct typist *t = *state;
    size_t length;
    assert_int_equal(*session_console(t->shell.session, &length), 'y');
}

static void several_lines_that_are_pasted_are_done_in_turn(void **state)
{
    say(state, "# set-up\nnew endpoint ep\nmint ep b badge 5 # five\n\nx = (1 +\n 1)\n");
    say(state, "expect slot(b).badge == 5 && x == 2");
    assert_says(say(state, "undo 2"), "the first: mint ep b");
    say(state, "seL4_Word z =\n    7;\nmint ep z badge 6\nseL4_Yield()\nthreads");
    say(state, "expect slot(7).badge == 0 && z == 7");
    assert_says(blunder(state, "y = 1\nnonsense\ny = 2"), "nonsense");
    say(state, "expect y == 1");
}

static void printing_is_left_out(void **state)
{
    assert_says(say(state, "printf(\"Hello, %d\\n\", 5);"), "(left out: printf");
}

static void a_structure_is_refused_with_a_word(void **state)
{
    assert_says(blunder(state, "seL4_CPtr slot = info->empty.start;"), "reaches into a structure");
}

static void a_result_has_no_name_of_a_slot(void **state)
{
    say(state, "new endpoint ep");
    assert_says(blunder(state, "seL4_Recv(ep, &ep);"), "is the name of slot");
}

static void registers_that_are_printed_can_be_pasted_back(void **state)
{
    say(state, "new thread t");
    say(state, "seL4_TCB_WriteRegisters(t_tcb, 0, 0, 20, &(seL4_UserContext){ .rip = 0x7ff000, "
               ".rsp = 16, .rax = 9 });");
    say(state, "expect t.rax == 9");
    say(state, "expect t.rsp == 16");
    assert_says(say(state, "writeregs t rax=10"), ".rax = 0xa");
    say(state, "expect t.rsp == 16 && t.rax == 10");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(a_call_over_several_lines_is_one),
        TYPED_TEST(a_block_of_the_capabilities_tutorial_can_be_pasted),
        TYPED_TEST(a_new_name_as_the_destination_takes_the_first_empty_slot),
        TYPED_TEST(a_block_of_the_threads_tutorial_can_be_pasted),
        TYPED_TEST(a_check_that_fails_ends_the_block),
        TYPED_TEST(a_receive_sets_its_badge_and_info),
        TYPED_TEST(message_registers_are_set_before_a_call),
        TYPED_TEST(a_wrong_number_of_arguments_shows_the_signature),
        TYPED_TEST(an_unknown_function_is_refused),
        TYPED_TEST(a_loop_is_refused_with_a_word),
        TYPED_TEST(a_statement_behind_its_if_is_never_done_alone),
        TYPED_TEST(several_lines_that_are_pasted_are_done_in_turn),
        TYPED_TEST(printing_is_left_out),
        TYPED_TEST(a_structure_is_refused_with_a_word),
        TYPED_TEST(a_result_has_no_name_of_a_slot),
        TYPED_TEST(registers_that_are_printed_can_be_pasted_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
