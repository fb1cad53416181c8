/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions at the prompt: explain, why, who, last, lost, predict, message --flow. To the letter. */
#include "shell/typing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/explain.h"
#include "view/internal.h"

#define assert_said(state, line, text) assert_string_equal(say(state, line), text)

/* What lesson 1 starts with, and a badged fault endpoint. */
static void pair(void **state)
{
    say_all(state, "new endpoint fault_ep\n"
                   "new thread faulter\n"
                   "new thread handler\n"
                   "copy fault_ep handler_cspace/fault_ep\n"
                   "setspace faulter fault_ep 8\n"
                   "mint fault_ep faulter_cspace/8 badge 0xcafe\n");
}

static void fault(void **state)
{
    say(state, "as handler");
    say(state, "recv fault_ep");
    say(state, "as faulter");
    say(state, "read 0x10000000");
}

static void explain_tells_the_rule_behind_what_was_just_shown(void **state)
{
    pair(state);
    fault(state);
    assert_said(state, "explain",
                "  faulter faults: VM fault.\n"
                "  The kernel stops it and sends four words (IP, Addr, PrefetchFault, FSR) to its\n"
                "  fault handler. Any reply only runs the same instruction again.\n"
                "  try: in the handler: `message`, `map` what is missing, then `reply`\n"
                "  read: handleFault; manual: Exceptions\n");
    say(state, "as handler");
    say(state, "reply");
    assert_says(say(state, "explain"), "CapFault, VMFault: it always restarts.");
    say(state, "reply");
    assert_said(state, "explain",
                "  nobody was waiting for handler's reply.\n"
                "  The right to answer is a capability in the thread's caller slot. It is empty:\n"
                "  never called, answered, given up by a Recv, or cancelled.\n"
                "  try: `why THREAD` says where it went\n"
                "  read: handleReply; manual: Message Passing\n");
}

static void explain_finds_rules_by_their_words(void **state)
{
    assert_said(state, "explain lost-reply",
                "  the right to answer was lost.\n"
                "  Without MCS a second Recv deletes the reply capability of whoever is not\n"
                "  answered yet: that thread stays blocked.\n"
                "  try: reply first, or `savecaller SLOT` and send to that slot later\n"
                "  read: deleteCallerCap; manual: Message Passing\n");
    assert_says(say(state, "explain seL4_RangeError"), "lowest and the highest");
    assert_says(say(state, "explain badge"), "It belongs to the capability");
    assert_said(state, "explain guard lookup failure",
                "  GuardMismatch: the CPtr's bits differ from the guard.\n"
                "  The next bits must equal the guard of the CNode's capability; the failure\n"
                "  carries guard and size.\n"
                "  try: `lookup CPTR` shows both\n"
                "  read: resolveAddressBits; manual: Capability Address Lookup\n");
}

static void explain_with_nothing_to_explain_says_so(void **state)
{
    assert_says(blunder(state, "explain frobnicate"), "no explanation speaks of `frobnicate`");
    assert_says(blunder(state, "explain"), "nothing has happened");
}

static void every_event_and_error_has_an_explanation(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < EVENT_KIND_COUNT; kind++)
        for (word_t detail = 1; detail < 5; detail++)
            assert_non_null(explanation_of(
                &(struct event){ .kind = (enum event_kind)kind, .arg = { detail } }));
    for (word_t error = 1; error < SEL4_ERROR_COUNT; error++) {
        const struct explanation *row =
            explanation_of(&(struct event){ .kind = EVENT_ERROR, .arg = { error } });
        assert_says(row->title, error_table[error].name);
    }
}

static void every_rule_fits_in_two_lines_and_says_where_it_is_written(void **state)
{
    struct typist *t = *state;
    const struct explanation *row;
    for (size_t i = 0; (row = explanation_at(i)); i++) {
        struct view v = shell_view(&t->shell);
        hear(state);
        view_explanation(&v, row, NULL, EVENT_NONE);
        const char *said = hear(state);
        if (strstr(said, " ~\n") || strstr(said, "~\n") || strstr(said, "read:  "))
            fail_msg("%s:\n%s", row->word, said);
        assert_true(strlen(row->word) <= 18);
    }
}

static void why_names_who_could_wake_a_thread_and_with_what(void **state)
{
    pair(state);
    assert_said(state, "why handler",
                "  handler is not blocked: it waits for what you type (`as handler`).\n");
    say(state, "as handler");
    say(state, "recv fault_ep");
    assert_says(say(state, "why"), "nobody has sent on fault_ep.\n"
                                   "  rootserver (fault_ep), faulter (8) can send there.\n");
    say(state, "as faulter");
    say(state, "read 0x10000000");
    assert_says(say(state, "why faulter"),
                ": VM fault at 0x10000000.\n"
                "  handler (caller slot) can answer.\n"
                "  To resume it (nothing is written back): rootserver (faulter_tcb).\n");
}

static void why_finds_what_became_of_the_right_to_answer(void **state)
{
    pair(state);
    fault(state);
    say(state, "as handler");
    say(state, "recv fault_ep");
    const char *said = say(state, "why faulter");
    assert_says(said, "  Nobody can answer it: the reply capability was deleted at @");
    assert_says(said, "when handler\n  received again without answering.\n");
    assert_said(state, "lost",
                "  faulter, blocked on reply: nobody can answer it; it could be resumed, by\n"
                "  rootserver (faulter_tcb).\n");
}

static void why_names_all_who_could_resume_whole(void **state)
{
    pair(state);
    say(state, "copy faulter_tcb handler_cspace/faulter_tcb");
    fault(state);
    say(state, "as handler");
    say(state, "recv fault_ep");
    assert_says(say(state, "why faulter"),
                "  To resume it (nothing is written back): rootserver "
                "(faulter_tcb), handler\n  (faulter_tcb; blocked on recv itself).\n");
}

static void why_follows_a_right_to_answer_that_was_saved(void **state)
{
    pair(state);
    say(state, "copy handler_cspace handler_cspace/cspace");
    fault(state);
    say(state, "as handler");
    say(state, "savecaller kept");
    assert_says(say(state, "queue"), "handler ==reply cap kept==> faulter");
    assert_says(say(state, "threads"), "handler's answer");
    assert_says(say(state, "why faulter"), "  handler (kept) can answer.\n");
    say(state, "delete kept");
    assert_says(say(state, "why faulter"), "by handler's\n  seL4_CNode_Delete.\n");
}

static void why_tells_a_double_fault_from_a_suspended_thread(void **state)
{
    pair(state);
    say(state, "delete faulter_cspace/8");
    say(state, "as faulter");
    say(state, "read 0x10000000");
    assert_says(say(state, "why faulter"), ": it faulted (VM fault), and the kernel found\n"
                                           "  no fault handler at CPtr 8.\n"
                                           "  To resume it: rootserver (faulter_tcb).\n");
    say(state, "as rootserver");
    say(state, "suspend handler");
    assert_says(say(state, "why handler"), "rootserver's seL4_TCB_Suspend stopped it.\n");
}

static void who_lists_every_capability_to_an_object(void **state)
{
    pair(state);
    say(state, "as handler");
    say(state, "recv fault_ep");
    assert_said(state, "who fault_ep",
                "  in CSpace of slot           what it allows   (< of which it was made)\n"
                "  rootserver   fault_ep       r w g p\n"
                "  faulter      8              r w g p  badge 0xcafe  < rootserver's fault_ep\n"
                "  handler      fault_ep       r w g p  < rootserver's fault_ep\n"
                "  fault_ep         waiting to receive: handler\n");
    assert_says(say(state, "who faulter"), "  rootserver   faulter_tcb    TCB faulter\n");
    assert_says(blunder(state, "who 200"), "that slot is empty");
}

static void last_write_names_the_call_that_changed_a_slot(void **state)
{
    pair(state);
    assert_says(say(state, "last write faulter_cspace/8"),
                ": rootserver's seL4_CNode_Mint put a capability there, made of fault_ep.\n");
    say(state, "delete faulter_cspace/8");
    assert_says(
        say(state, "last write faulter_cspace/8"),
        ": rootserver's seL4_CNode_Delete emptied it: a capability of type\n  endpoint went.\n");
    say(state, "move fault_ep 200");
    assert_says(say(state, "last write fault_ep"),
                "seL4_CNode_Move moved what lay there to 200.\n");
    assert_says(say(state, "last write 300"), "Nothing has changed that slot");
    assert_says(blunder(state, "last"), "the last what?");
    assert_says(say(state, "last write rax"), "Nobody has written that");
}

static void lost_counts_only_those_who_could_run_themselves(void **state)
{
    pair(state);
    assert_said(state, "lost",
                "  Nobody is lost: every thread can run, or somebody can wake it.\n");
    say(state, "copy faulter_tcb faulter_cspace/9");
    say(state, "delete faulter_tcb");
    say(state, "copy fault_ep faulter_cspace/10 rights r");
    say(state, "copy fault_ep handler_cspace/10 rights r");
    say(state, "delete handler_cspace/fault_ep");
    say(state, "delete faulter_cspace/8");
    say(state, "delete fault_ep");
    say(state, "as faulter");
    say(state, "recv 10");
    say(state, "as handler");
    say(state, "recv 10");
    const char *said = say(state, "lost");
    assert_says(said,
                "  faulter, blocked on recv: nobody can send to it, and nobody has its TCB.\n");
    assert_says(said, "  handler, blocked on recv: nobody can send to it; it could be resumed, by\n"
                      "  rootserver (handler_tcb).\n");
}

static uint64_t hash(void **state)
{
    struct typist *t = *state;
    return arena_hash(session_world_at(t->shell.session));
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
    pair(state);
    say(state, "new frame frame");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char predict[128];
        uint64_t before = hash(state);
        snprintf(predict, sizeof predict, "predict %s", commands[i]);
        const char *said = say(state, predict);
        bool refused = strstr(said, "would be refused") != NULL;
        if (!refused) assert_says(said, "The kernel would do it");
        if (hash(state) != before) fail_msg("`%s` changed the machine", predict);
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
    pair(state);
    say(state, "new notification note");
    assert_said(state, "predict send fault_ep",
                "  seL4_Send(fault_ep, seL4_MessageInfo_new(0, 0, 0, 0))\n"
                "  Nobody waits to receive: rootserver would block until somebody does.\n");
    assert_said(state, "predict signal note",
                "  seL4_Signal(note)\n"
                "  Nobody waits: the word would be kept, 0x0.\n");
    fault(state);
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
    pair(state);
    say(state, "as handler");
    say(state, "recv fault_ep");
    say(state, "as faulter");
    say(state, "syscall rax=60 rdx=77");
    say(state, "as handler");
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
    uint64_t before = hash(state);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) blunder(state, refused[i]);
    assert_true(hash(state) == before);
    say(state, "yield");
}

static void a_flow_shows_a_fault_there_and_back(void **state)
{
    pair(state);
    fault(state);
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
    pair(state);
    say(state, "as handler");
    say(state, "recv fault_ep");
    say(state, "as faulter");
    say(state, "syscall rax=60 rdx=77");
    say(state, "as handler");
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
    pair(state);
    fault(state);
    say(state, "as handler");
    char line[64];
    unsigned long long at = session_position(t->shell.session).step;
    snprintf(line, sizeof line, "message --flow @%llu", at);
    say(state, "setmr 1 5");
    say(state, "reply");
    char *flow = strdup(say(state, "message --flow"));
    assert_says(flow, "The reply had label 0");
    say(state, "recv fault_ep");
    uint64_t now = arena_hash(session_world_at(t->shell.session));
    assert_said(state, line, flow);
    free(flow);
    assert_says(say(state, "message --flow @999999"), "VMFault: faulter");
    snprintf(line, sizeof line, "message handler @%llu", at);
    assert_says(say(state, line), "VMFault");
    assert_int_equal(arena_hash(session_world_at(t->shell.session)), now);
    assert_says(blunder(state, "message --flow @0"), "no fault's message had arrived by @0");
    assert_says(blunder(state, "message --flow @x"), "is no position");
    assert_says(blunder(state, "message handler faulter"), "faulter");
}

/* So much happens that nothing of the beginning is held. */
static void live_on(void **state)
{
    struct typist *t = *state;
    session_event_limit(t->shell.session, 0);
    for (unsigned i = 0; i < 200; i++) type(state, "signal 99");
    assert_true(session_first_event(t->shell.session) > 0);
    hear(state);
}

/* "@12" of the first fault. */
static void fault_position(void **state, char *text, size_t size)
{
    struct typist *t = *state;
    const struct session *s = t->shell.session;
    for (size_t i = 0; i < session_event_count(s); i++)
        if (session_event(s, i)->kind == EVENT_FAULT)
            snprintf(text, size, "@%llu", (unsigned long long)session_event_position(s, i).step);
}

static void explain_tells_of_any_position_however_long_ago(void **state)
{
    struct typist *t = *state;
    char at[40] = "", line[80];
    pair(state);
    fault(state);
    fault_position(state, at, sizeof at);
    say(state, "as rootserver");
    uint64_t now = arena_hash(session_world_at(t->shell.session));
    for (unsigned round = 0; round < 2; round++) {
        snprintf(line, sizeof line, "explain %s", at);
        assert_says(say(state, line), "faulter faults: VM fault.");
        snprintf(line, sizeof line, "explain %s.3", at);
        assert_says(say(state, line), "the kernel looks CPtr");
        snprintf(line, sizeof line, "explain %s.99", at);
        assert_says(blunder(state, line), "no phase of a kernel entry begins at @");
        assert_int_equal(arena_hash(session_world_at(t->shell.session)), now);
        live_on(state);
        now = arena_hash(session_world_at(t->shell.session));
    }
    assert_says(blunder(state, "explain @99999999"), "this branch ends at @");
    assert_says(blunder(state, "explain @x"), "is no position");
    say(state, "goto start");
    snprintf(line, sizeof line, "explain %s", at);
    assert_says(say(state, line), "faulter faults: VM fault."); /* ahead */
}

static void explain_tells_an_answered_right_from_a_lost_one(void **state)
{
    pair(state);
    fault(state);
    say(state, "as handler");
    say(state, "slowly reply");
    say(state, "step");
    assert_says(say(state, "explain"), "Answering uses the reply capability up");
}

static void a_picture_shows_what_is_held_no_more(void **state)
{
    pair(state);
    fault(state);
    say(state, "as rootserver");
    session_event_limit(((struct typist *)*state)->shell.session, 0);
    for (unsigned i = 0; i < 150; i++) say(state, "signal 99");
    assert_true(session_first_event(((struct typist *)*state)->shell.session) > 0);
    assert_says(say(state, "draw sequence 400"), "VM fault");
}

static void questions_reach_behind_what_is_held(void **state)
{
    struct typist *t = *state;
    static const char *const question[] = {
        "why faulter",  "last write faulter_cspace/8", "timeline fault", "message handler --flow",
        "timeline ipc", "last write faulter rip",
    };
    char *answer[sizeof question / sizeof question[0]];
    pair(state);
    fault(state);
    say(state, "as rootserver");
    for (size_t i = 0; i < sizeof question / sizeof question[0]; i++)
        answer[i] = strdup(say(state, question[i]));
    live_on(state);
    uint64_t now = arena_hash(session_world_at(t->shell.session));
    for (size_t i = 0; i < sizeof question / sizeof question[0]; i++) {
        const char *again = say(state, question[i]);
        if (i != 2 && i != 4) assert_string_equal(again, answer[i]);
        assert_says(again, strtok(answer[i], "\n"));
        free(answer[i]);
    }
    assert_int_equal(arena_hash(session_world_at(t->shell.session)), now);
    say(state, "expect once fault vm");
    say(state, "expect 1 times fault");
    say(state, "rc fault vm");
    say(state, "goto now");
    say(state, "goto fault 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(explain_tells_the_rule_behind_what_was_just_shown),
        TYPED_TEST(explain_tells_of_any_position_however_long_ago),
        TYPED_TEST(explain_tells_an_answered_right_from_a_lost_one),
        TYPED_TEST(a_picture_shows_what_is_held_no_more),
        TYPED_TEST(explain_finds_rules_by_their_words),
        TYPED_TEST(explain_with_nothing_to_explain_says_so),
        TYPED_TEST(every_event_and_error_has_an_explanation),
        TYPED_TEST(every_rule_fits_in_two_lines_and_says_where_it_is_written),
        TYPED_TEST(why_names_who_could_wake_a_thread_and_with_what),
        TYPED_TEST(why_finds_what_became_of_the_right_to_answer),
        TYPED_TEST(why_names_all_who_could_resume_whole),
        TYPED_TEST(why_follows_a_right_to_answer_that_was_saved),
        TYPED_TEST(why_tells_a_double_fault_from_a_suspended_thread),
        TYPED_TEST(who_lists_every_capability_to_an_object),
        TYPED_TEST(last_write_names_the_call_that_changed_a_slot),
        TYPED_TEST(lost_counts_only_those_who_could_run_themselves),
        TYPED_TEST(predict_agrees_with_what_the_kernel_then_does),
        TYPED_TEST(predict_tells_what_a_message_would_meet),
        TYPED_TEST(predict_counts_what_a_reply_would_write),
        TYPED_TEST(predict_does_nothing_else),
        TYPED_TEST(a_flow_shows_a_fault_there_and_back),
        TYPED_TEST(a_flow_shows_what_a_reply_wrote),
        TYPED_TEST(a_flow_is_shown_of_a_message_of_the_past),
        TYPED_TEST(questions_reach_behind_what_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
