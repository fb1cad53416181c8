/* SPDX-License-Identifier: BSD-2-Clause */
/* Verbs: each stands for the call that it prints, and the call can be pasted back; what moves, moves. */
#include "shell/typing.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The C in an answer: from "seL4_" up to the result, or to the first line that is our own sentence. */
static void read_echo(const char *said, char *call, size_t size)
{
    int depth = 0;
    size_t n = 0;
    const char *at = strstr(said, "seL4_");
    for (; at && *at && n + 1 < size; at++) {
        depth += *at == '(';
        depth -= *at == ')';
        call[n++] = *at == '\n' ? ' ' : *at; /* one line: one command for undo */
        bool ended = *at == ')' && depth == 0;
        if (ended && strncmp(at, "); seL4_", 8) != 0 && strncmp(at, ");\n  seL4_", 10) != 0) break;
    }
    call[n] = '\0';
    char *badge = strstr(call, "&badge"); /* a variable would be more than the verb does */
    if (badge) memcpy(badge, "NULL  ", 6);
}

static void what_a_verb_prints_can_be_pasted_back(void **state)
{
    static const char *const verbs[] = {
        "copy ep 200",
        "copy ep t_cspace/5",
        "copy ep 200 rights rg",
        "mint ep 200 badge 0xbeef",
        "mint ep t_cspace/named badge 5 rights wp",
        "mint t_cspace 200 guard 5 bits 10",
        "move ep 200",
        "mutate raw 200 guard 0 bits 60",
        "rotate ep frame 201",
        "delete ep",
        "delete t_cspace/4",
        "revoke ep",
        "cancel ep",
        "savecaller 200",
        "send full",
        "nbsend ep",
        "nbrecv ep",
        "nbsend ep label 3 words 1,2",
        "reply",
        "reply label 2 length 3",
        "signal note",
        "poll note",
        "yield",
        "setmr 0 5",
        "setmr 7 0xffffffffffffffff",
        "accept 202",
        "setspace t fault_ep 8",
        "setprio t 17",
        "suspend t",
        "resume t",
        "bind t note",
        "unbind t",
        "map frame vspace 0x50000000",
        "map frame t_vspace 0x600000 rights r",
        "unmap frame",
        "mint badged 200 badge 5",
        "setprio t 3000",
    };
    static const char *const before[] = { "new endpoint ep",          "new notification note",
                                          "new frame frame",          "new thread t",
                                          "new cnode raw bits 4",     "mint ep badged badge 3",
                                          "copy ep t_cspace/4",       "name t_cspace/9 named",
                                          "tables vspace 0x50000000", "copy note full" };
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) say(state, before[i]);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        char call[1024];
        uint64_t start = typist_hash(state);
        read_echo(say(state, verbs[i]), call, sizeof call);
        uint64_t by_verb = typist_hash(state);
        say(state, "undo");
        if (typist_hash(state) != start) fail_msg("`%s` is not undone", verbs[i]);
        if (!is_c(call)) fail_msg("`%s` prints no call", verbs[i]);
        say(state, call);
        if (typist_hash(state) != by_verb) fail_msg("`%s` is not the same as %s", verbs[i], call);
        say(state, "undo");
    }
}

static void who_calls_an_empty_slot_is_told_and_who_sends_is_not(void **state)
{
    assert_says(say(state, "call 200"), "the kernel's own: label 2, seL4_InvalidCapability");
    assert_says(say(state, "send 200"), "Send has no answer");
    assert_says(say(state, "nbsend 200"), "NBSend has no answer");
    assert_says(say(state, "undo"), "Taken back");
}

static void what_becomes_of_who_faulted_is_not_cut(void **state)
{
    const char *said = say(state, "send 0x100000 words 1");
    assert_says(said, "the bits differ from");
    assert_says(said, "becomes inactive.");
}

static void a_new_name_that_is_nearly_an_empty_slots_is_told(void **state)
{
    say(state, "new endpoint ep");
    say(state, "new thread t");
    say(state, "name t_cspace/8 fault");
    assert_says(say(state, "mint ep t_cspace/falt badge 1"),
                "`falt` is a new name, for slot 1. If you meant `fault`: `undo`.");
    assert_null(strstr(say(state, "copy ep t_cspace/other"), "a new name"));
    say(state, "copy ep t_cspace/fault");
    assert_null(strstr(say(state, "copy ep t_cspace/faults"), "a new name"));
}

static void undo_with_words_takes_back_from_the_last_command_that_begins_so(void **state)
{
    say(state, "new endpoint ep");
    uint64_t start = typist_hash(state);
    say(state, "new frame a");
    say(state, "signal ep");
    assert_says(say(state, "undo new"), "2 commands taken back, the first: new frame a");
    assert_true(typist_hash(state) == start);
    assert_says(blunder(state, "undo load"),
                "no command that could be taken back begins with `load`");
    assert_true(typist_hash(state) == start);
    assert_says(say(state, "undo new endpoint"), "Taken back: new endpoint ep");
}

static void what_was_taken_back_is_told_whole_or_marked(void **state)
{
    say(state, "new endpoint ep");
    say(state, "copy ep cspace/an_endpoint_of_a_long_name rights rw");
    assert_says(say(state, "undo"),
                "Taken back: copy ep cspace/an_endpoint_of_a_long_name rights rw\n");
    say(state, "copy ep cspace/an_endpoint_of_a_long_name rights rw      # a comment as well");
    assert_says(say(state, "undo"), "an_endpoint_of_a_long_name rights rw\n");
    say(state, "copy ep cspace/an_endpoint_of_a_long_name rights seL4_CanRead|seL4_CanWrite");
    assert_says(say(state, "undo"), "an_endpoint_of_a_long_name rights seL4_CanRead| ~\n");
}

static void rights_that_are_none_are_refused_with_the_letters(void **state)
{
    say(state, "new endpoint ep");
    const char *said = blunder(state, "copy ep other rights x");
    assert_says(said, "`x` are no rights");
    assert_says(said, "letters of r w g p");
    assert_says(blunder(state, "copy ep other rights …"), "stands for what is left to you");
    say(state, "copy ep other rights seL4_CanRead");
}

static void slot_0_is_called_0_whatever_lies_in_it(void **state)
{
    assert_says(say(state, "copy tcb 0"), "seL4_CNode_Copy(cspace, 0, 64, cspace, tcb, 64,");
    assert_says(say(state, "delete 0"), "seL4_CNode_Delete(cspace, 0, 64)");
}

static void who_blocks_is_told_the_name_that_was_used(void **state)
{
    say(state, "new endpoint ep");
    say(state, "mint ep badged badge 5");
    assert_says(say(state, "send badged"), "nobody receives on badged yet");
}

static void the_kernels_table_of_threads_fits_the_terminal(void **state)
{
    for (const char *line = say(state, "seL4_DebugDumpScheduler()"); *line;) {
        size_t length = strcspn(line, "\n");
        assert_in_range(length, 0, 80);
        line += length + (line[length] == '\n');
    }
}

static void errors_do_not_break_words(void **state)
{
    say(state, "new endpoint ep");
    const char *said =
        blunder(state, "as one_whom_nobody_knows_and_whose_name_is_as_long_as_it_may");
    assert_says(said, "error: no thread is called");
    for (; *said; said += strcspn(said, "\n") + (strchr(said, '\n') != NULL))
        assert_in_range(strcspn(said, "\n"), 0, 80);
}

static void the_dots_of_a_lesson_are_told_what_they_stand_for(void **state)
{
    say(state, "new endpoint ep");
    assert_says(blunder(state, "mint ep 200 badge …"), "stands for what is left to you");
}

static void lookup_says_a_cptr_in_decimal_and_hex(void **state)
{
    assert_says(say(state, "lookup 0x23"), "CPtr 35 = 0x23, 64 bits");
    assert_says(say(state, "lookup 8"), "CPtr 8, 64 bits");
}

static void who_calls_without_grant_is_told_that_nobody_may_answer(void **state)
{
    say(state, "new endpoint ep");
    say(state, "new thread a");
    say(state, "new thread b");
    say(state, "copy ep a_cspace/ep rights w");
    say(state, "copy ep b_cspace/ep");
    say(state, "as b");
    say(state, "recv ep");
    say(state, "as a");
    assert_says(say(state, "call ep"), "a becomes inactive");
    say(state, "expect a.state == \"inactive\"");
    say(state, "as rootserver");
    assert_null(strstr(say(state, "suspend rootserver"), "neither g nor p"));
}

static void a_thread_resumed_out_of_a_queue_is_not_said_to_be_inactive(void **state)
{
    say(state, "new endpoint ep");
    say(state, "new thread a");
    say(state, "copy ep a_cspace/ep");
    say(state, "as a");
    say(state, "send ep words 1");
    say(state, "as rootserver");
    const char *said = say(state, "resume a");
    assert_says(said, "a restarts at");
    assert_null(strstr(said, "inactive"));
    assert_says(say(state, "suspend a"), "a becomes inactive");
}

static void a_blocked_seat_can_look_but_not_act(void **state)
{
    say(state, "new endpoint ep");
    assert_says(say(state, "recv ep"), "rootserver is blocked on recv");
    assert_says(blunder(state, "yield"), "tip: ");
    say(state, "threads");
    say(state, "expect rootserver.state == \"blocked on recv\"");
    say(state, "expect queue(ep) == 1");
}

static void an_actor_needs_the_capability(void **state)
{
    say(state, "new thread a");
    say(state, "new thread b");
    say(state, "as a");
    assert_says(blunder(state, "suspend b"), "a has no capability to b's TCB");
    assert_says(blunder(state, "mint cspace x"), "no capability to its own cspace");
}

static void one_instruction_is_one_instruction(void **state)
{
    say(state, "new frame f");
    say(state, "tables vspace 0x50000000");
    say(state, "map f vspace 0x50000000");
    say(state, "write 0x50000000 0x1122334455667788");
    assert_says(say(state, "read 0x50000004 2"), "mov ax, [0x50000004]");
    say(state, "expect (rootserver.rax & 0xffff) == 0x3344");
    assert_says(say(state, "read 0x50000000"), "rax = 0x1122334455667788");
    assert_says(say(state, "asm \"mov rbx, 5; add rbx, rax\""), "mov rbx, 5; add rbx, rax");
    say(state, "expect rootserver.rbx == 0x112233445566778d");
    assert_says(blunder(state, "read 0x50000000 3"), "no instruction accesses 3 bytes");
    assert_says(blunder(state, "asm \"frobnicate rax\""), "tip: ");
    assert_says(blunder(state, "int 256"), "0 to 255");
    assert_says(blunder(state, "syscall rip=5"), "`rip` is no register");
}

static void an_unknown_system_call_is_answered_with_the_next_instruction(void **state)
{
    say_all(state, "new thread t\n"
                   "new endpoint ep\n"
                   "mint ep t_cspace/1 badge 1\n"
                   "setspace t fault_ep 1\n"
                   "as t\n"
                   "syscall rax=60 rdx=77\n"
                   "as rootserver\n"
                   "recv ep\n");
    say(state, "expect message.label == seL4_Fault_UnknownSyscall");
    say(state, "expect message.Syscall == 77");
    say(state, "expect message.rax == 60");
    say(state, "setmr RAX 99");
    say(state, "setmr FaultIP message.FaultIP+2");
    say(state, "reply length 16");
    say(state, "yield");
    say(state, "expect t.rax == 99");
    say(state, "expect once fault unknown thread t receiver rootserver badge 1");
}

static void a_gates_message_is_shown_whole_and_nothing_in_it_is_called_stale(void **state)
{
    say_all(state, "new endpoint ep\n"
                   "new thread faulter\n"
                   "copy ep faulter_cspace/1\n"
                   "setspace faulter fault_ep 1\n"
                   "new thread handler\n"
                   "copy ep handler_cspace/ep\n"
                   "as handler\n"
                   "recv ep\n"
                   "as faulter\n"
                   "int 0xa0\n"
                   "as handler\n");
    const char *said = say(state, "message");
    assert_says(said, "18 Syscall 0xffffffffa0000000\n");
    assert_says(said, "SP: fresh");
    assert_null(strstr(said, "stale"));
    assert_says(say(state, "why faulter"), " 0xffffffffa0000000.");
    say(state, "undo int");
    say(state, "as faulter");
    say(state, "syscall rdx=77");
    say(state, "as handler");
    said = say(state, "message");
    assert_says(said, "SP: stale");
    assert_says(said, "Syscall 77\n");
    assert_says(say(state, "why faulter"), "unknown system call 77.");
    say(state, "undo syscall");
    say(state, "as faulter");
    say(state, "syscall rdx=0x1234");
    say(state, "as handler");
    assert_says(say(state, "message"), "Syscall 0x1234\n");
    assert_says(say(state, "why faulter"), "unknown system call 0x1234.");
}

static void a_traps_ip_is_behind_the_instruction_and_an_empty_reply_goes_on(void **state)
{
    say_all(state, "new thread t\n"
                   "new endpoint ep\n"
                   "mint ep t_cspace/1 badge 1\n"
                   "setspace t fault_ep 1\n");
    say(state, "as t");
    say(state, "ud2");
    say(state, "as rootserver");
    say(state, "recv ep");
    assert_says(say(state, "reply"), "it will do the same instruction again");
    say(state, "recv ep");
    say(state, "setmr FaultIP message.FaultIP+2");
    say(state, "reply length 1");
    say(state, "as t");
    say(state, "int 3");
    say(state, "as rootserver");
    say(state, "recv ep");
    assert_says(say(state, "reply"), "t restarts at 0x7ff002.\n");
    say(state, "yield");
    say(state, "expect 3 times fault user thread t");
    say(state, "expect at least 2 times fault user thread t");
    assert_int_equal(type(state, "expect at least 4 times fault user thread t"), OUTCOME_CHECK);
    assert_says(hear(state), "it happened 3 times");
    assert_int_equal(type(state, "expect 2 times fault user thread t"), OUTCOME_CHECK);
}

static void a_signal_wakes_whoever_waits_for_a_message_and_has_it_bound(void **state)
{
    say_all(state, "new thread t\n"
                   "new endpoint ep\n"
                   "new notification n\n"
                   "copy ep t_cspace/ep\n"
                   "bind t n\n"
                   "mint n bell badge 0x10\n"
                   "as t\n"
                   "recv ep\n"
                   "as rootserver\n");
    assert_says(say(state, "signal bell"), "t was waiting for it and wakes up with badge 0x10.");
    assert_says(say(state, "signal bell"),
                "Nobody waits: the signal is kept, its word is now 0x10.");
}

static void breakpoints_and_until_stop_at_events(void **state)
{
    say(state, "new thread t");
    assert_says(say(state, "break double-fault"), "breakpoint 1");
    assert_says(say(state, "breaks"), "double-fault");
    say(state, "as t");
    assert_says(say(state, "read 0"), "reakpoint 1");
    say(state, "break call CNode_Mint");
    assert_says(say(state, "breaks"), "call CNode_Mint");
    say(state, "delete-break 1");
    assert_says(blunder(state, "delete-break 1"), "there is no breakpoint 1");
    assert_says(blunder(state, "until fault vm thread nobody"), "no thread is called `nobody`");
    assert_says(blunder(state, "break fault vm badge"), "`badge` wants a value");
}

static void expect_counts_events_since_the_start(void **state)
{
    say(state, "new thread t");
    say(state, "expect never fault");
    say(state, "as t");
    say(state, "read 0");
    say(state, "expect once fault vm thread t");
    say(state, "expect 1 times double-fault");
    assert_int_equal(type(state, "expect never fault else \"mind the gap\""), OUTCOME_CHECK);
    assert_says(hear(state), "tip: mind the gap");
    assert_int_equal(type(state, "expect t.state == \"running\""), OUTCOME_CHECK);
    assert_says(hear(state), "t.state is \"inactive\"");
    say(state, "undo");
    say(state, "expect never fault");
}

static void a_slot_keeps_its_new_name_while_its_call_is_shown_slowly(void **state)
{
    say(state, "new endpoint ep");
    assert_says(say(state, "slowly mint ep b badge 3"), "phase 1 of ");
    say(state, "next");
    say(state, "expect slot(b).badge == 3");
    say(state, "mint b c badge 4");
    assert_says(blunder(state, "print c"), "knows nothing called `c`");
}

static void a_sourced_script_is_one_command_for_undo(void **state)
{
    char path[] = "/tmp/faultline-XXXXXX", line[64];
    FILE *script = fdopen(mkstemp(path), "w");
    assert_non_null(script);
    fputs("new endpoint one\nnew endpoint two\n", script);
    fclose(script);
    snprintf(line, sizeof line, "source %s", path);
    uint64_t start = typist_hash(state);
    say(state, line);
    unlink(path);
    say(state, "expect slot(two).type == \"endpoint\"");
    assert_says(say(state, "undo"), "Taken back: source");
    assert_true(typist_hash(state) == start);
}

/* cli calls srv with a label that is TCB_ReadRegisters' number, and srv answers. */
static void play_call_and_answer(void **state)
{
    say_all(state, "new endpoint meet\n"
                   "new thread srv\n"
                   "new thread cli\n"
                   "copy meet srv_cspace/meet\n"
                   "copy meet cli_cspace/meet\n"
                   "as srv\n"
                   "recv meet\n"
                   "as cli\n"
                   "call meet label 2 words 1\n"
                   "as srv\n"
                   "reply label 9 words 5,6\n"
                   "as cli\n");
}

static void after_a_call_message_shows_the_answer(void **state)
{
    play_call_and_answer(state);
    say(state, "expect message.label == 9 && message.length == 2 && message.mr[1] == 6");
}

static void a_label_like_an_invocations_makes_no_invocation_of_a_message(void **state)
{
    play_call_and_answer(state);
    say(state, "expect never call TCB_ReadRegisters thread cli");
    say(state, "expect once ipc thread cli receiver srv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(what_a_verb_prints_can_be_pasted_back),
        TYPED_TEST(who_calls_an_empty_slot_is_told_and_who_sends_is_not),
        TYPED_TEST(what_becomes_of_who_faulted_is_not_cut),
        TYPED_TEST(a_new_name_that_is_nearly_an_empty_slots_is_told),
        TYPED_TEST(undo_with_words_takes_back_from_the_last_command_that_begins_so),
        TYPED_TEST(what_was_taken_back_is_told_whole_or_marked),
        TYPED_TEST(rights_that_are_none_are_refused_with_the_letters),
        TYPED_TEST(slot_0_is_called_0_whatever_lies_in_it),
        TYPED_TEST(who_blocks_is_told_the_name_that_was_used),
        TYPED_TEST(the_kernels_table_of_threads_fits_the_terminal),
        TYPED_TEST(errors_do_not_break_words),
        TYPED_TEST(the_dots_of_a_lesson_are_told_what_they_stand_for),
        TYPED_TEST(lookup_says_a_cptr_in_decimal_and_hex),
        TYPED_TEST(who_calls_without_grant_is_told_that_nobody_may_answer),
        TYPED_TEST(a_thread_resumed_out_of_a_queue_is_not_said_to_be_inactive),
        TYPED_TEST(a_blocked_seat_can_look_but_not_act),
        TYPED_TEST(an_actor_needs_the_capability),
        TYPED_TEST(one_instruction_is_one_instruction),
        TYPED_TEST(an_unknown_system_call_is_answered_with_the_next_instruction),
        TYPED_TEST(a_gates_message_is_shown_whole_and_nothing_in_it_is_called_stale),
        TYPED_TEST(a_traps_ip_is_behind_the_instruction_and_an_empty_reply_goes_on),
        TYPED_TEST(a_signal_wakes_whoever_waits_for_a_message_and_has_it_bound),
        TYPED_TEST(breakpoints_and_until_stop_at_events),
        TYPED_TEST(expect_counts_events_since_the_start),
        TYPED_TEST(a_slot_keeps_its_new_name_while_its_call_is_shown_slowly),
        TYPED_TEST(a_sourced_script_is_one_command_for_undo),
        TYPED_TEST(after_a_call_message_shows_the_answer),
        TYPED_TEST(a_label_like_an_invocations_makes_no_invocation_of_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
