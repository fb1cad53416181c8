/* SPDX-License-Identifier: BSD-2-Clause */
/* What a call would do, before it is made, and what a reply does to a message: predict, message --flow. */
#include "shell/typing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* handler holds the message of an unknown system call. */
static void hold_a_system_call(void **state)
{
    typist_pair(state);
    say(state, "as handler");
    say(state, "recv fault_ep");
    say(state, "as faulter");
    say(state, "syscall rax=60 rdx=77");
    say(state, "as handler");
}

static void predict_agrees_with_what_the_kernel_then_does(void **state)
{
    static const char *const commands[] = {
        "mint fault_ep x badge 4",
        "mint faulter_cspace/8 x badge 4",
        "copy fault_ep handler_cspace/8",
        "mint fault_ep handler_cspace/8 badge 1",
        "delete fault_ep",
        "revoke fault_ep",
        "setprio handler 3",
        "setprio handler 3000",
        "suspend handler",
        "resume faulter",
        "map frame vspace 0x10000000",
        "map frame vspace 0x10000001",
        "map frame handler_vspace 0x600000",
        "bind handler frame",
        "seL4_TCB_SetPriority(frame, tcb, 5)",
        "seL4_CNode_Rotate(cspace, 1, 64, 0, cspace, 2, 64, 0, cspace, 3, 64)",
    };
    typist_pair(state);
    say(state, "new frame frame");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char predict[128];
        uint64_t before = typist_hash(state);
        snprintf(predict, sizeof predict, "predict %s", commands[i]);
        const char *said = say(state, predict);
        bool refused = strstr(said, "would be refused") != NULL;
        if (!refused) assert_says(said, "The kernel would do it");
        if (typist_hash(state) != before) fail_msg("`%s` changed the machine", predict);
        say(state, commands[i]);
        struct typist *t = *state;
        size_t count = session_event_count(t->shell.session);
        bool error = false;
        for (size_t e = session_command_events(t->shell.session); e < count; e++)
            error |= session_event(t->shell.session, e)->kind == EVENT_ERROR;
        if (error != refused) fail_msg("`%s` did not foresee it", predict);
        say(state, "undo");
    }
}

static void predict_tells_what_a_message_would_meet(void **state)
{
    typist_pair(state);
    say(state, "new notification note");
    assert_said(state, "predict send fault_ep",
                "  seL4_Send(fault_ep, seL4_MessageInfo_new(0, 0, 0, 0))\n"
                "  Nobody waits to receive: rootserver would block until somebody does.\n");
    assert_said(state, "predict signal note",
                "  seL4_Signal(note)\n"
                "  Nobody waits: the word would be kept, 0x0.\n");
    typist_fault(state);
    say(state, "as handler");
    assert_said(state, "predict recv fault_ep",
                "  seL4_Recv(fault_ep, &badge)\n"
                "  Nothing is there: handler would block. faulter is not answered yet: the right\n"
                "  to would be lost (`savecaller` keeps it).\n");
    assert_said(state, "predict reply",
                "  seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 0))\n"
                "  faulter would restart at 0x7ff000: the words of the reply are ignored.\n");
    assert_says(say(state, "predict send 0x4000000000"), "would get a capability");
}

static void predict_counts_what_a_reply_would_write(void **state)
{
    hold_a_system_call(state);
    assert_says(say(state, "predict reply"),
                "  0 registers of faulter would be written and it would do the same again at\n"
                "  0x7ff000.\n");
    assert_says(say(state, "predict reply length 15"),
                "15 registers of faulter would be written and "
                "it would do the same again");
    assert_says(say(state, "predict reply length 16"),
                "  16 registers of faulter would be written and it would go on where the reply's\n"
                "  FaultIP says.\n");
    assert_says(say(state, "predict reply label 1"), "it would\n  become inactive.");
}

static void predict_does_nothing_else(void **state)
{
    static const char *const refused[] = { "predict",
                                           "predict read 0",
                                           "predict new endpoint x",
                                           "predict x = 5",
                                           "predict seL4_Yield(); x = 5",
                                           "predict undo",
                                           "predict predict yield",
                                           "predict seL4_SetMR(0, 1)" };
    uint64_t before = typist_hash(state);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) blunder(state, refused[i]);
    assert_true(typist_hash(state) == before);
    say(state, "yield");
}

static void a_flow_shows_a_fault_there_and_back(void **state)
{
    typist_pair(state);
    typist_fault(state);
    say(state, "as handler");
    assert_said(state, "message --flow",
                "  VMFault: faulter → handler\n"
                "  MR  word              faulter had        handler has        a reply writes it\n"
                "   0  IP                0x7ff000           =                  (never)\n"
                "   1  Addr              0x10000000         =                  (never)\n"
                "   2  PrefetchFault     0                  =                  (never)\n"
                "   3  FSR               0x4                =                  (never)\n"
                "  faulter is blocked on reply: there is no reply yet.\n");
    say(state, "reply");
    assert_says(say(state, "message handler --flow"),
                "  The reply had label 0, length 0; 0 registers were written. faulter goes on at\n"
                "  0x7ff000.\n");
    assert_said(state, "message faulter --flow",
                "  the last message at faulter is no fault: nothing is written back\n");
}

static void a_flow_shows_what_a_reply_wrote(void **state)
{
    hold_a_system_call(state);
    say(state, "setmr RAX 99");
    assert_says(say(state, "message --flow"),
                "   0  RAX               0x3c               0x63               with length 1\n");
    say(state, "reply length 1");
    const char *said = say(state, "message --flow");
    assert_says(said, "   0  RAX               0x3c               0x63               0x63\n"
                      "   1  RBX               0                  =                  -\n");
    assert_says(said, "  15  FaultIP           0x7ff000           =                  -\n");
    assert_says(said,
                "  The reply had label 0, length 1; 1 registers were written. faulter goes on at\n"
                "  0x7ff000.\n");
}

static void a_flow_is_shown_of_a_message_of_the_past(void **state)
{
    struct typist *t = *state;
    typist_pair(state);
    typist_fault(state);
    say(state, "as handler");
    char line[64];
    unsigned long long at = session_position(t->shell.session).step;
    snprintf(line, sizeof line, "message --flow @%llu", at);
    say(state, "setmr 1 5");
    say(state, "reply");
    char *flow = strdup(say(state, "message --flow"));
    assert_says(flow, "The reply had label 0");
    say(state, "recv fault_ep");
    uint64_t now = typist_hash(state);
    assert_said(state, line, flow);
    free(flow);
    assert_says(say(state, "message --flow @999999"), "VMFault: faulter");
    snprintf(line, sizeof line, "message handler @%llu", at);
    assert_says(say(state, line), "VMFault");
    assert_int_equal(typist_hash(state), now);
    assert_says(blunder(state, "message --flow @0"), "no fault's message had arrived by @0");
    assert_says(blunder(state, "message --flow @x"), "is no position");
    assert_says(blunder(state, "message handler faulter"), "faulter");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(predict_agrees_with_what_the_kernel_then_does),
        TYPED_TEST(predict_tells_what_a_message_would_meet),
        TYPED_TEST(predict_counts_what_a_reply_would_write),
        TYPED_TEST(predict_does_nothing_else),
        TYPED_TEST(a_flow_shows_a_fault_there_and_back),
        TYPED_TEST(a_flow_shows_what_a_reply_wrote),
        TYPED_TEST(a_flow_is_shown_of_a_message_of_the_past),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
