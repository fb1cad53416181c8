/* SPDX-License-Identifier: BSD-2-Clause */
/* The first session as a person reads it, to the letter: echoes, stories, the message, and what the
 * views say on the way. */
#include "view/first.h"

/* Wraps a check: what is written to `v` must be exactly `text`. */
#define EXPECT(s, v, text, ...)                                                                    \
    do {                                                                                           \
        struct output output;                                                                      \
        struct view v = view_into(s, &output, 80);                                                 \
        __VA_ARGS__;                                                                               \
        assert_output(&output, text);                                                              \
    } while (0)

static paddr_t thread(const struct session *s, const char *name)
{
    return thread_find(session_world_at(s), name);
}

static void quiet(struct session *s, void (*act)(struct session *s, const struct view *v))
{
    struct output o;
    struct view v = view_into(s, &o, 80);
    act(s, &v);
    fclose(o.file);
}

static void fault(struct session *s, const struct view *v)
{
    mint(s, v, 0xcafe);
    sit(s, "handler");
    TELL(s, v, "seL4_Recv", cptr(s, "fault_ep"), 0);
    sit(s, "faulter");
    tell_asm(s, v, "mov rax, [0x10000000]");
    sit(s, "handler");
}

static void a_mint_is_echoed_with_names_of_the_seats_cspace(void **state)
{
    struct session *s = *state;
    EXPECT(s, v,
           "  seL4_CNode_Mint(faulter_cspace, 8, 64, cspace, fault_ep, 64,\n"
           "                  seL4_AllRights, 0xcafe)  =  seL4_NoError\n",
           mint(s, &v, 0xcafe));
}

static void a_recv_with_nobody_there_says_that_it_waits(void **state)
{
    struct session *s = *state;
    sit(s, "handler");
    EXPECT(s, v,
           "  seL4_Recv(fault_ep, &badge)\n"
           "  handler is blocked on recv: nobody has sent anything yet.\n",
           TELL(s, &v, "seL4_Recv", cptr(s, "fault_ep"), 0));
}

static void a_fault_is_told_from_cause_to_handler(void **state)
{
    struct session *s = *state;
    struct output o;
    struct view hidden = view_into(s, &o, 80);
    mint(s, &hidden, 0xcafe);
    sit(s, "handler");
    TELL(s, &hidden, "seL4_Recv", cptr(s, "fault_ep"), 0);
    fclose(o.file);
    sit(s, "faulter");
    EXPECT(s, v,
           "  VM fault: no page there. The kernel blocks faulter on reply, looks up its\n"
           "  fault handler (slot 8) and sends the message. handler's recv returns.\n",
           tell_asm(s, &v, "mov rax, [0x10000000]"));
}

static void a_fault_that_nobody_waits_for_queues(void **state)
{
    struct session *s = *state;
    struct output o;
    struct view hidden = view_into(s, &o, 80);
    mint(s, &hidden, 0xcafe);
    fclose(o.file);
    sit(s, "faulter");
    EXPECT(s, v,
           "  VM fault: no page there. The kernel looks up faulter's fault handler (slot 8):\n"
           "  nobody receives there, so faulter is blocked on send.\n",
           tell_asm(s, &v, "mov [0x10000000], rax"));
    EXPECT(s, v,
           "  waiting, first in line at the left\n"
           "  fault            waiting to send: faulter (badge 0xcafe)\n",
           view_queues(&v));
}

static void a_fault_without_a_handler_is_a_double_fault_with_the_kernels_own_words(void **state)
{
    struct session *s = *state;
    sit(s, "faulter");
    struct output o;
    struct view v = view_into(s, &o, 80);
    tell_asm(s, &v, "mov rax, [0x10000000]");
    fflush(o.file);
    rewind(o.file);
    char text[2048] = "";
    assert_true(fread(text, 1, sizeof text - 1, o.file) > 0);
    fclose(o.file);
    assert_non_null(strstr(text, "kernel| Caught cap fault in send phase at address 0x8\n"));
    assert_non_null(
        strstr(text, "kernel| vm fault on data at address 0x10000000 with status 0x4\n"));
    assert_non_null(strstr(text, "kernel| With stack: 16 words from 0x7feff0\n"));
    assert_non_null(strstr(
        text, "  VM fault: no page there. The kernel finds no fault handler for faulter (slot\n"
              "  8): nobody hears of it, and faulter becomes inactive.\n"));
}

static void the_message_names_each_word_and_says_what_it_means(void **state)
{
    struct session *s = *state;
    quiet(s, fault);
    EXPECT(s, v,
           "  label 5 VMFault   length 4   badge 0xcafe  (all it says about the sender)\n"
           "  MR  seL4_VMFault_   value       meaning\n"
           "   0  IP              0x7ff000    the instruction that faulted\n"
           "   1  Addr            0x10000000  the address it wanted\n"
           "   2  PrefetchFault   0           it wanted data, not an instruction\n"
           "   3  FSR             0x4         user level, read, page not present\n",
           view_message(&v, session_seat(s)));
}

static void a_wide_message_says_where_each_word_lies(void **state)
{
    struct session *s = *state;
    struct output o;
    quiet(s, fault);
    struct view v = view_into(s, &o, 120);
    view_message(&v, session_seat(s));
    assert_output(&o,
                  "  label 5 VMFault   length 4   badge 0xcafe  (all it says about the sender)\n"
                  "  MR  where   seL4_VMFault_   value       meaning\n"
                  "   0  r10     IP              0x7ff000    the instruction that faulted\n"
                  "   1  r8      Addr            0x10000000  the address it wanted\n"
                  "   2  r9      PrefetchFault   0           it wanted data, not an instruction\n"
                  "   3  r15     FSR             0x4         user level, read, page not present\n");
}

static void an_empty_reply_mends_nothing_and_the_fault_comes_again(void **state)
{
    struct session *s = *state;
    quiet(s, fault);
    EXPECT(s, v,
           "  seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 0))\n"
           "  faulter restarts at 0x7ff000: it will do the same read again.\n",
           TELL(s, &v, "seL4_Reply", 0, 0));
    EXPECT(s, v,
           "  seL4_Recv(fault_ep, &badge)\n"
           "  label 5 VMFault, length 4, badge 0xcafe: the same fault again.\n",
           TELL(s, &v, "seL4_Recv", cptr(s, "fault_ep"), 0));
}

static void a_mapped_page_lets_the_faulter_go_on(void **state)
{
    struct session *s = *state;
    quiet(s, fault);
    EXPECT(s, v,
           "  seL4_X86_Page_Map(frame, faulter_vspace, 0x10000000, seL4_ReadWrite,\n"
           "                    seL4_X86_Default_VMAttributes)  =  seL4_NoError\n",
           TELL(s, &v, "seL4_X86_Page_Map", cptr(s, "frame"), 0, cptr(s, "faulter_vspace"), HARM, 3,
                0));
    EXPECT(s, v,
           "  label 5 VMFault   length 4   badge 0xcafe  (all it says about the sender)\n"
           "  MR  seL4_VMFault_   value         meaning\n"
           "   0  IP              0x7ff000 ~    the instruction that faulted\n"
           "   1  Addr            0x10000000 ~  the address it wanted\n"
           "   2  PrefetchFault   0             it wanted data, not an instruction\n"
           "   3  FSR             0x4 ~         user level, read, page not present\n"
           "  ~ no longer there: register or buffer hold something else by now\n",
           view_message(&v, session_seat(s)));
    EXPECT(s, v,
           "  seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 0))\n"
           "  faulter restarts at 0x7ff000.\n",
           TELL(s, &v, "seL4_Reply", 0, 0));
    EXPECT(s, v,
           "  seL4_Recv(fault_ep, &badge)\n"
           "  faulter ran: mov rax, [0x10000000]   rax = 0\n"
           "  handler is blocked on recv: nobody has sent anything yet.\n",
           TELL(s, &v, "seL4_Recv", cptr(s, "fault_ep"), 0));
}

static void a_reply_that_nobody_awaits_is_said(void **state)
{
    struct session *s = *state;
    EXPECT(s, v,
           "  seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 0))\n"
           "  nobody was waiting for rootserver's reply\n",
           TELL(s, &v, "seL4_Reply", 0, 0));
}

static void threads_show_state_seat_turn_and_what_each_waits_for(void **state)
{
    struct session *s = *state;
    quiet(s, fault);
    EXPECT(s, v,
           "    name             state              prio   ip       waits for\n"
           "    rootserver       running, yours      255   0x7ff002\n"
           "    faulter          blocked on reply    254 * 0x7ff000 handler's answer\n"
           " >@ handler          running, yours      254 * 0x7ff002\n"
           "    idle_thread      idle                  0   0x0\n"
           " > runs   @ your seat   * changed\n",
           view_threads(&v));
    EXPECT(s, v,
           "  waiting, first in line at the left\n"
           "  fault_ep         nobody\n"
           "  handler ==reply cap==> faulter\n",
           view_queues(&v));
}

static void a_cspace_shows_names_guards_and_derivation(void **state)
{
    struct session *s = *state;
    quiet(s, fault);
    sit(s, "rootserver");
    EXPECT(s, v,
           "  CSpace of faulter: 256 slots (8 bits), guard 0 of 56 bits\n"
           "  slot  name               what it holds   (< of which it was made)\n"
           "     8  fault              endpoint fault_ep badge 0xcafe r w g p  < fault_ep\n",
           view_caps(&v, cspace_of(s, "faulter"), false));
}

static void a_lookup_is_drawn_bit_by_bit(void **state)
{
    struct session *s = *state;
    quiet(s, fault);
    EXPECT(s, v,
           "  CPtr 8, 64 bits, in faulter's CSpace\n"
           "  0000...0000 00001000\n"
           "  ----56----- ---8----\n"
           "  root: guard 0 fits, then radix 8: slot 8, bits left 0\n"
           "  found: slot 8  fault  endpoint fault_ep badge 0xcafe r w g p\n",
           view_lookup(&v, thread(s, "faulter"), 8, 64));
    EXPECT(s, v,
           "  CPtr 0xab00, 64 bits, in faulter's CSpace\n"
           "  0000...1011 00000000\n"
           "  ----56----- ---8----\n"
           "  root: guard 0, but the bits are 0xab\n"
           "  not found: GuardMismatch: the bits differ from the CNode's guard.\n"
           "  bits left 64, guard 0 of 56 bits\n",
           view_lookup(&v, thread(s, "faulter"), 0xab00, 64));
}

static void registers_mark_what_the_last_command_changed_and_what_is_stale(void **state)
{
    struct session *s = *state;
    sit(s, "faulter");
    do_asm(s, "mov rbx, 5");
    EXPECT(s, v,
           "  rip 0x7ff007          *  rsp 0x7feff0             rbp 0\n"
           "  rax 0                    rbx 0x5               *  rcx 0\n"
           "  rdx 0                    rsi 0                    rdi 0\n"
           "  r8  0                    r9  0                    r10 0\n"
           "  r11 0                    r12 0                    r13 0\n"
           "  r14 0                    r15 0\n"
           "  flags 0x202 (IF)   fs 0x0   gs 0x0\n"
           "  * changed by the last command\n",
           view_registers(&v, session_seat(s)));
}

static void unknown_syscall(struct session *s, const struct view *v)
{
    mint(s, v, 0xcafe);
    sit(s, "handler");
    TELL(s, v, "seL4_Recv", cptr(s, "fault_ep"), 0);
    sit(s, "faulter");
    tell_asm(s, v, "mov rax, 60; mov rdx, 3; syscall");
    sit(s, "handler");
}

static void an_unknown_system_call_stands_in_columns(void **state)
{
    struct session *s = *state;
    quiet(s, unknown_syscall);
    EXPECT(s, v,
           "  label 2 UnknownSyscall   length 19   badge 0xcafe\n"
           "   0 RAX 0x3c                7 R8 0                   14 R15 0\n"
           "   1 RBX 0                   8 R9 0                   15 FaultIP 0x7ff00e\n"
           "   2 RCX 0                   9 R10 0                  16 SP 0x7feff0\n"
           "   3 RDX 0x3                10 R11 0                  17 FLAGS 0x202\n"
           "   4 RSI 0                  11 R12 0                  18 Syscall 3\n"
           "   5 RDI 0                  12 R13 0\n"
           "   6 RBP 0                  13 R14 0\n"
           "  RAX: where Linux programs put the number; RCX, R11, SP: stale: from the last\n"
           "  full save; RDX: where seL4 looks for the number; FaultIP: the instruction; +2\n"
           "  is the next one; Syscall: the number that seL4 does not know\n",
           view_message(&v, session_seat(s)));
}

static void x87_where_the_host_has_none_is_refused_with_its_reason(void **state)
{
    struct session *s = *state;
    cpu_edit(session_world(s))->features |= CPU_NO_X87;
    sit(s, "faulter");
    EXPECT(s, v,
           "kernel| Caught cap fault in send phase at address 0x8\n"
           "kernel| while trying to handle:\n"
           "kernel| user exception 0x6 code 0\n"
           "kernel| in thread 0xffffff8001000400 \"faulter\" at address 0x7ff000\n"
           "kernel| With stack: 16 words from 0x7feff0\n"
           "  User exception: vector 6, invalid opcode. The kernel finds no fault handler\n"
           "  for faulter (slot 8): nobody hears of it, and faulter becomes inactive.\n"
           "  tip: built for x87 or MMX, which only an x86-64 host lends: use double, not\n"
           "  long double\n",
           tell_asm(s, &v, "fld1"));
}

static void replies_to_an_unknown_system_call_say_what_they_write(void **state)
{
    struct session *s = *state;
    quiet(s, unknown_syscall);
    EXPECT(s, v,
           "  seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 0))\n"
           "  faulter restarts at 0x7ff00e: it will do the same system call again.\n",
           TELL(s, &v, "seL4_Reply", 0, 0));
    struct output o;
    struct view hidden = view_into(s, &o, 80);
    TELL(s, &hidden, "seL4_Recv", cptr(s, "fault_ep"), 0);
    fclose(o.file);
    EXPECT(s, v,
           "  seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 18))\n"
           "  The reply writes 18 registers. faulter goes on at 0x7ff00e.\n",
           TELL(s, &v, "seL4_Reply", 0, message_info(0, 0, 0, 18)));
}

static void a_reply_with_a_label_leaves_the_faulter_inactive(void **state)
{
    struct session *s = *state;
    quiet(s, unknown_syscall);
    EXPECT(s, v,
           "  seL4_Reply(seL4_MessageInfo_new(1, 0, 0, 0))\n"
           "  faulter becomes inactive: the label of the reply was not 0.\n",
           TELL(s, &v, "seL4_Reply", 0, message_info(1, 0, 0, 0)));
}

static void silent_system_calls_are_spoken_for(void **state)
{
    struct session *s = *state;
    new_object(s, "notification", "ntfn");
    EXPECT(s, v,
           "  seL4_NBSend(fault_ep, seL4_MessageInfo_new(7, 0, 0, 1))\n"
           "  Nobody was waiting to receive: the message is dropped.\n",
           TELL(s, &v, "seL4_NBSend", cptr(s, "fault_ep"), message_info(7, 0, 0, 1)));
    EXPECT(s, v,
           "  seL4_Poll(ntfn, &badge)\n"
           "  Nothing was there: the badge is 0, label and words are what they were.\n",
           TELL(s, &v, "seL4_NBRecv", cptr(s, "ntfn"), 0));
    EXPECT(s, v,
           "  seL4_Signal(ntfn)\n"
           "  Nobody waits: the signal is kept, its word is now 0.\n",
           TELL(s, &v, "seL4_Signal", cptr(s, "ntfn"), 0));
}

static void a_signal_wakes_who_waits(void **state)
{
    struct session *s = *state;
    struct output o;
    struct view hidden = view_into(s, &o, 80);
    new_object(s, "notification", "ntfn");
    give(s, "ntfn", "handler", 4);
    sit(s, "handler");
    TELL(s, &hidden, "seL4_Wait", cptr(s, "ntfn"), 0);
    fclose(o.file);
    sit(s, "rootserver");
    EXPECT(s, v,
           "  seL4_Signal(ntfn)\n"
           "  handler was waiting for it and wakes up with badge 0.\n",
           TELL(s, &v, "seL4_Signal", cptr(s, "ntfn"), 0));
}

static void errors_say_name_meaning_words_and_tip(void **state)
{
    struct session *s = *state;
    struct output o;
    struct view v = view_into(s, &o, 80);
    TELL(s, &v, "seL4_TCB_SetPriority", cptr(s, "handler_tcb"), 0, 1, 256);
    fflush(o.file);
    rewind(o.file);
    char text[2048] = "";
    assert_true(fread(text, 1, sizeof text - 1, o.file) > 0);
    fclose(o.file);
    assert_non_null(
        strstr(text, "  seL4_TCB_SetPriority(handler_tcb, tcb, 256)  =  seL4_RangeError\n"));
    assert_non_null(
        strstr(text, "TCB SetPriority: Requested priority 256 too high (max 255).>>\n"));
    assert_non_null(
        strstr(text, "  seL4_RangeError: an argument lies outside the range that is allowed (0 to\n"
                     "  255).\n"
                     "  tip: the bound is the MCP of the TCB that is shown as authority\n"));
}

static void code_marks_where_its_thread_is(void **state)
{
    struct session *s = *state;
    quiet(s, fault);
    EXPECT(s, v, "  ! 0x7ff000         mov rax, [0x10000000]\n",
           view_disassemble(&v, thread(s, "faulter"), HAND_PAGE, 1));
    EXPECT(s, v, "  0x10000000 is not mapped\n",
           view_disassemble(&v, thread(s, "faulter"), HARM, 1));
}

static void memory_stops_where_nothing_is_mapped(void **state)
{
    struct session *s = *state;
    EXPECT(s, v,
           "  0x7fdff0     00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00 ................\n",
           assert_true(view_memory(&v, thread(s, "faulter"), HAND_STACK - 16, 16)));
    EXPECT(s, v, "", assert_false(view_memory(&v, thread(s, "faulter"), HARM, 16)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIRST_TEST(a_mint_is_echoed_with_names_of_the_seats_cspace),
        FIRST_TEST(a_recv_with_nobody_there_says_that_it_waits),
        FIRST_TEST(a_fault_is_told_from_cause_to_handler),
        FIRST_TEST(a_fault_that_nobody_waits_for_queues),
        FIRST_TEST(a_fault_without_a_handler_is_a_double_fault_with_the_kernels_own_words),
        FIRST_TEST(the_message_names_each_word_and_says_what_it_means),
        FIRST_TEST(a_wide_message_says_where_each_word_lies),
        FIRST_TEST(an_empty_reply_mends_nothing_and_the_fault_comes_again),
        FIRST_TEST(a_mapped_page_lets_the_faulter_go_on),
        FIRST_TEST(a_reply_that_nobody_awaits_is_said),
        FIRST_TEST(threads_show_state_seat_turn_and_what_each_waits_for),
        FIRST_TEST(a_cspace_shows_names_guards_and_derivation),
        FIRST_TEST(a_lookup_is_drawn_bit_by_bit),
        FIRST_TEST(registers_mark_what_the_last_command_changed_and_what_is_stale),
        FIRST_TEST(an_unknown_system_call_stands_in_columns),
        FIRST_TEST(x87_where_the_host_has_none_is_refused_with_its_reason),
        FIRST_TEST(replies_to_an_unknown_system_call_say_what_they_write),
        FIRST_TEST(a_reply_with_a_label_leaves_the_faulter_inactive),
        FIRST_TEST(silent_system_calls_are_spoken_for),
        FIRST_TEST(a_signal_wakes_who_waits),
        FIRST_TEST(errors_say_name_meaning_words_and_tip),
        FIRST_TEST(code_marks_where_its_thread_is),
        FIRST_TEST(memory_stops_where_nothing_is_mapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
