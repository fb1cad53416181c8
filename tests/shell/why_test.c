/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions about threads and capabilities: why, who, last, lost. To the letter. */
#include "shell/typing.h"

static void why_names_who_could_wake_a_thread_and_with_what(void **state)
{
    typist_pair(state);
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
    typist_pair(state);
    typist_fault(state);
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
    typist_pair(state);
    say(state, "copy faulter_tcb handler_cspace/faulter_tcb");
    typist_fault(state);
    say(state, "as handler");
    say(state, "recv fault_ep");
    assert_says(say(state, "why faulter"),
                "  To resume it (nothing is written back): rootserver "
                "(faulter_tcb), handler\n  (faulter_tcb; blocked on recv itself).\n");
}

static void why_follows_a_right_to_answer_that_was_saved(void **state)
{
    typist_pair(state);
    say(state, "copy handler_cspace handler_cspace/cspace");
    typist_fault(state);
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
    typist_pair(state);
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
    typist_pair(state);
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
    typist_pair(state);
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
    typist_pair(state);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(why_names_who_could_wake_a_thread_and_with_what),
        TYPED_TEST(why_finds_what_became_of_the_right_to_answer),
        TYPED_TEST(why_names_all_who_could_resume_whole),
        TYPED_TEST(why_follows_a_right_to_answer_that_was_saved),
        TYPED_TEST(why_tells_a_double_fault_from_a_suspended_thread),
        TYPED_TEST(who_lists_every_capability_to_an_object),
        TYPED_TEST(last_write_names_the_call_that_changed_a_slot),
        TYPED_TEST(lost_counts_only_those_who_could_run_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
