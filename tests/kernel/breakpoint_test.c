/* SPDX-License-Identifier: BSD-2-Clause */
/* The hardware debug API: calls, refusals word for word, exceptions and answers to them. Expected
 * values: the recordings of the real kernel (cases e_) and src/arch/x86/machine/breakpoint.c.
 * Thread 1 is debugged, thread 2 debugs it with a higher priority. */
#include "kernel/threads.h"

#include <stdio.h>

enum { DEBUGGEE = 1, DEBUGGER = 2, BADGE = 0xbad };
enum { DATA, INSTRUCTION, STEP, SOFTWARE };
enum { READ, WRITE, READ_WRITE };
#define DR6_CLEAR UINT64_C(0xffff0ff0)

static struct threads *debugger_runs(void **state)
{
    struct threads *t = *state;
    KERNEL_EDIT(&t->w, config).hardware_debug_api = 1;
    numbers_fill(&KERNEL_EDIT(&t->w, numbers), kernel_config(&t->w));
    cpu_edit(&t->w)->dr[6] = DR6_CLEAR;
    cpu_edit(&t->w)->dr[7] = 0x400;
    thread_new(t, DEBUGGEE, 100);
    thread_new(t, DEBUGGER, 200);
    endpoint_cap(t, 20, RIGHTS_ALL, BADGE);
    tcb_edit(&t->w, thread_at(DEBUGGEE))->fault_handler = 20;
    thread_ready(t, DEBUGGEE);
    thread_ready(t, DEBUGGER);
    threads_start(t);
    assert_int_equal(current_number(t), DEBUGGER);
    return t;
}

static const struct tcb *debuggee(const struct threads *t)
{
    return tcb_at(&t->w, thread_at(DEBUGGEE));
}

/* The debugger calls a method on the debuggee. Returns the error. */
static word_t invoke(struct threads *t, const char *name, const word_t *word, unsigned words)
{
    word_t label = 0;
    assert_true(invocation_label(&kernel_at(&t->w)->numbers, name, &label));
    for (unsigned i = 0; i < words; i++) set_mr(t, i, word[i]);
    t->printed[0] = '\0';
    do_syscall(t, "Call", THREAD_SLOT + DEBUGGEE, message_info(label, 0, 0, words));
    return message_label(info_of(t, DEBUGGER));
}

static word_t set_breakpoint(struct threads *t, word_t number, word_t address, word_t type,
                             word_t size, word_t rw)
{
    return invoke(t, "TCBSetBreakpoint", (word_t[]){ number, address, type, size, rw }, 5);
}

static word_t step(struct threads *t, word_t count)
{
    return invoke(t, "TCBConfigureSingleStepping", (word_t[]){ 0, count }, 2);
}

static void debuggee_runs(struct threads *t)
{
    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    assert_int_equal(current_number(t), DEBUGGEE);
}

static void debug_exception(struct threads *t, word_t dr6)
{
    cpu_edit(&t->w)->dr[6] = DR6_CLEAR | dr6;
    do_exception(t, VECTOR_DB, 0);
}

static void assert_message(const struct threads *t, unsigned length, const word_t *word)
{
    assert_int_equal(current_number(t), DEBUGGER);
    assert_int_equal(info_of(t, DEBUGGER), message_info(4, 0, 0, length));
    assert_int_equal(badge_of(t, DEBUGGER), BADGE);
    for (unsigned i = 0; i < length; i++) assert_int_equal(mr_of(t, DEBUGGER, i), word[i]);
}

/* The debugger answers and waits again: the debuggee runs, if it may. */
static void answer(struct threads *t, word_t label, unsigned length, word_t word)
{
    set_mr(t, 0, word);
    do_syscall(t, "ReplyRecv", ENDPOINT_SLOT, message_info(label, 0, 0, length));
}

/* ---- calls ---- */

static void each_refusal_has_its_error_words_and_print(void **state)
{
    static const struct {
        word_t word[5], error, first, second;
        const char *where, *text;
    } rows[] = {
        { { 0, UINT64_C(0x7fffffffffff), INSTRUCTION, 0, READ },
          SEL4_InvalidArgument,
          1,
          0,
          "decodeSetBreakpoint",
          "Debug: Invalid address 7fffffffffff: bp addresses must be userspace addresses.>>" },
        { { 9, 0x1001, STEP, 3, 7 },
          SEL4_InvalidArgument,
          2,
          0,
          "decodeSetBreakpoint",
          "Debug: Unknown breakpoint type 2.>>" },
        { { 0, 0x1000, SOFTWARE, 0, READ },
          SEL4_InvalidArgument,
          2,
          0,
          "decodeSetBreakpoint",
          "Debug: Unknown breakpoint type 3.>>" },
        { { 0, 0x1000, INSTRUCTION, 1, WRITE },
          SEL4_InvalidArgument,
          3,
          0,
          "decodeSetBreakpoint",
          "Debug: Instruction bps must have size of 0.>>" },
        { { 0, 0x1000, INSTRUCTION, 0, READ_WRITE },
          SEL4_InvalidArgument,
          4,
          0,
          "decodeSetBreakpoint",
          "Debug: Instruction bps must be break-on-read.>>" },
        { { 0, 0x1000, DATA, 0, WRITE },
          SEL4_InvalidArgument,
          3,
          0,
          "decodeSetBreakpoint",
          "Debug: Data bps cannot have size of 0.>>" },
        { { 0, 0x1000, DATA, 3, 3 },
          SEL4_InvalidArgument,
          3,
          0,
          "decodeSetBreakpoint",
          "Debug: Unknown access-type 3.>>" },
        { { 0, 0x1001, DATA, 16, WRITE },
          SEL4_InvalidArgument,
          3,
          0,
          "decodeSetBreakpoint",
          "Debug: Invalid size 16.>>" },
        { { 4, 0x1002, DATA, 4, WRITE },
          SEL4_AlignmentError,
          0,
          0,
          "decodeSetBreakpoint",
          "Debug: Unaligned data watchpoint address 1002 (size 4) rejected.\n>>" },
        { { 4, 0x1000, DATA, 8, WRITE },
          SEL4_RangeError,
          0,
          3,
          "Arch_decodeSetBreakpoint",
          "Debug: invalid bp_num 4.>>" },
        { { 3, 0x1000, DATA, 8, WRITE },
          SEL4_InvalidArgument,
          3,
          0,
          "Arch_decodeSetBreakpoint",
          "Debug: 8-byte breakpoints/watchpoints unsupported on this CPU.>>" },
    };
    struct threads *t = debugger_runs(state);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const word_t *w = rows[i].word;
        struct tcb before = *debuggee(t);
        t->printed[0] = '\0';
        assert_int_equal(set_breakpoint(t, w[0], w[1], w[2], w[3], w[4]), rows[i].error);
        char print[256];
        snprintf(print, sizeof print,
                 "<<seL4(CPU 0) [%s/0 T0xffffff8000011400 \"thread2\" @%llx]: %s\n", rows[i].where,
                 (unsigned long long)tcb_reg(&t->w, thread_at(DEBUGGER), CTX_FAULT_IP),
                 rows[i].text);
        assert_string_equal(t->printed, print);
        if (rows[i].error != SEL4_AlignmentError)
            assert_int_equal(mr_of(t, DEBUGGER, 0), rows[i].first);
        if (rows[i].error == SEL4_RangeError)
            assert_int_equal(mr_of(t, DEBUGGER, 1), rows[i].second);
        assert_memory_equal(debuggee(t), &before, sizeof before);
    }
}

static void get_and_unset_know_four_breakpoints(void **state)
{
    struct threads *t = debugger_runs(state);
    assert_int_equal(invoke(t, "TCBGetBreakpoint", (word_t[]){ 4 }, 1), SEL4_RangeError);
    assert_non_null(strstr(t->printed, "Arch_decodeGetBreakpoint"));
    assert_int_equal(invoke(t, "TCBUnsetBreakpoint", (word_t[]){ 0xffff }, 1), SEL4_RangeError);
    assert_non_null(strstr(t->printed, "Debug: invalid bp_num 65535."));
    assert_int_equal(mr_of(t, DEBUGGER, 1), 3);
    /* the number is of 16 bits */
    assert_int_equal(invoke(t, "TCBUnsetBreakpoint", (word_t[]){ 0x10003 }, 1), SEL4_NoError);
}

static void assert_breakpoint(struct threads *t, word_t number, const word_t *want)
{
    assert_int_equal(invoke(t, "TCBGetBreakpoint", &number, 1), SEL4_NoError);
    assert_int_equal(message_length(info_of(t, DEBUGGER)), 5);
    for (unsigned i = 0; i < 5; i++) assert_int_equal(mr_of(t, DEBUGGER, i), want[i]);
}

static void what_is_set_can_be_read_and_unset(void **state)
{
    static const word_t unset[5] = { 0, INSTRUCTION, 0, READ, 0 };
    static const struct {
        word_t type, size, rw, read_back_rw, dr7;
    } rows[] = {
        { INSTRUCTION, 0, READ, READ, 0x0 }, { DATA, 1, WRITE, WRITE, 0x1 },
        { DATA, 2, WRITE, WRITE, 0x5 },      { DATA, 4, READ_WRITE, READ_WRITE, 0xf },
        { DATA, 4, READ, READ_WRITE, 0xf }, /* the processor cannot watch for reads alone */
    };
    struct threads *t = debugger_runs(state);
    for (word_t n = 0; n < 4; n++)
        for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            word_t want[5] = { 0x1230, rows[i].type, rows[i].size, rows[i].read_back_rw, 1 };
            assert_breakpoint(t, n, unset);
            assert_int_equal(set_breakpoint(t, n, 0x1230, rows[i].type, rows[i].size, rows[i].rw),
                             0);
            assert_int_equal(debuggee(t)->breakpoint_control,
                             0x400 | rows[i].dr7 << (16 + 4 * n) | UINT64_C(2) << 2 * n);
            assert_breakpoint(t, n, want);
            assert_int_equal(invoke(t, "TCBUnsetBreakpoint", &n, 1), SEL4_NoError);
            assert_breakpoint(t, n, unset);
        }
}

static void stepping_consumes_no_breakpoint_whatever_its_number(void **state)
{
    struct threads *t = debugger_runs(state);
    for (word_t n = 0; n < 0x10000; n += 0x1111) {
        assert_int_equal(invoke(t, "TCBConfigureSingleStepping", (word_t[]){ n, 1 }, 2), 0);
        assert_int_equal(message_length(info_of(t, DEBUGGER)), 1);
        assert_int_equal(mr_of(t, DEBUGGER, 0), 0);
        assert_int_equal(invoke(t, "TCBConfigureSingleStepping", (word_t[]){ n, 0 }, 2), 0);
        assert_int_equal(debuggee(t)->breakpoints_used, 0);
    }
}

static void without_the_debug_api_its_labels_name_other_calls(void **state)
{
    struct threads *t = *state;
    word_t label;
    assert_false(invocation_label(&kernel_at(&t->w)->numbers, "TCBSetBreakpoint", &label));
}

/* ---- the processor's registers ---- */

static void each_thread_runs_with_its_own_breakpoints(void **state)
{
    struct threads *t = debugger_runs(state);
    set_breakpoint(t, 1, 0x1230, DATA, 4, WRITE);
    assert_int_equal(cpu_at(&t->w)->dr[7], 0x400);
    debuggee_runs(t);
    assert_int_equal(cpu_at(&t->w)->dr[1], 0x1230);
    assert_int_equal(cpu_at(&t->w)->dr[7], 0x400 | 8 | UINT64_C(0xd) << 20);
    do_exception(t, VECTOR_UD, 0);
    assert_int_equal(current_number(t), DEBUGGER);
    assert_int_equal(cpu_at(&t->w)->dr[7], 0x400);
}

static void a_new_thread_inherits_the_fields_of_dr7_but_nothing_enabled(void **state)
{
    struct threads *t = debugger_runs(state);
    cpu_edit(&t->w)->dr[7] = 0x400 | 8 | UINT64_C(0xd) << 20;
    breakpoint_init(&t->w, thread_at(DEBUGGEE));
    assert_breakpoint(t, 1, (word_t[]){ 0, DATA, 4, WRITE, 0 });
}

/* ---- exceptions ---- */

static void a_breakpoint_tells_its_address_and_number(void **state)
{
    struct threads *t = debugger_runs(state);
    set_breakpoint(t, 2, 0x400000, INSTRUCTION, 0, READ);
    debuggee_runs(t);
    word_t ip = cpu_at(&t->w)->rip;
    debug_exception(t, 4);
    assert_message(t, 4, (word_t[]){ ip, INSTRUCTION, 0x400000, 2 });
    assert_int_equal(cpu_at(&t->w)->dr[6], DR6_CLEAR);
    answer(t, 0, 0, 0);
    assert_int_equal(current_number(t), DEBUGGEE);
    assert_int_equal(cpu_at(&t->w)->rip, ip);
    assert_int_equal(cpu_at(&t->w)->rflags, 0x202); /* no RF: it hits again */
}

static void of_several_breakpoints_the_lowest_is_told(void **state)
{
    struct threads *t = debugger_runs(state);
    set_breakpoint(t, 1, 0x1230, DATA, 1, WRITE);
    set_breakpoint(t, 3, 0x1230, DATA, 2, WRITE);
    debuggee_runs(t);
    word_t ip = cpu_at(&t->w)->rip;
    debug_exception(t, 2 | 8 | DR6_SINGLE_STEP);
    assert_message(t, 4, (word_t[]){ ip, DATA, 0x1230, 1 });
    answer(t, 0, 0, 0);
    assert_int_equal(cpu_at(&t->w)->dr[6], DR6_CLEAR); /* the others are forgotten */
}

static void an_answer_with_a_label_leaves_the_debuggee_inactive(void **state)
{
    struct threads *t = debugger_runs(state);
    debuggee_runs(t);
    debug_exception(t, 1);
    answer(t, 1, 1, 5);
    assert_int_equal(state_of(t, DEBUGGEE), TCB_INACTIVE);
    assert_int_equal(debuggee(t)->is_stepping, 0); /* only steps read the answer's words */
}

static void int3_is_a_software_break_of_two_words(void **state)
{
    struct threads *t = debugger_runs(state);
    debuggee_runs(t);
    word_t ip = cpu_at(&t->w)->rip;
    do_exception(t, VECTOR_BP, 0);
    assert_message(t, 2, (word_t[]){ ip, SOFTWARE });
    assert_int_equal(debuggee(t)->fault.word[1], ip);
}

static void an_exception_of_which_dr6_is_silent_is_ignored(void **state)
{
    struct threads *t = debugger_runs(state);
    debuggee_runs(t);
    struct cpu before = *cpu_at(&t->w);
    debug_exception(t, 0);
    assert_int_equal(current_number(t), DEBUGGEE);
    assert_int_equal(cpu_at(&t->w)->rip, before.rip);
    assert_int_equal(cpu_at(&t->w)->rflags, before.rflags);
    assert_int_equal(heard(t, EVENT_FAULT), 0);
}

static void a_step_is_told_when_its_count_is_through(void **state)
{
    struct threads *t = debugger_runs(state);
    step(t, 3);
    debuggee_runs(t);
    assert_true(cpu_at(&t->w)->rflags & FLAG_TF);
    for (unsigned i = 0; i < 2; i++) {
        debug_exception(t, DR6_SINGLE_STEP);
        assert_int_equal(current_number(t), DEBUGGEE);
        assert_int_equal(cpu_at(&t->w)->rflags, 0x302 | FLAG_RF);
        assert_int_equal(cpu_at(&t->w)->dr[6], DR6_CLEAR);
    }
    word_t ip = cpu_at(&t->w)->rip;
    debug_exception(t, DR6_SINGLE_STEP);
    assert_message(t, 2, (word_t[]){ ip, STEP });
    assert_int_equal(debuggee(t)->context[CTX_FLAGS], 0x302 | FLAG_RF);
}

static void the_answer_to_a_step_says_how_far_the_next_goes(void **state)
{
    static const struct {
        unsigned length;
        word_t word, left;
    } rows[] = { { 0, 7, 1 }, { 1, 1, 1 }, { 1, 5, 5 }, { 2, 5, 5 }, { 1, 0, 0 } };
    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        void *own;
        threads_open(&own);
        struct threads *t = debugger_runs(&own);
        step(t, 1);
        debuggee_runs(t);
        debug_exception(t, DR6_SINGLE_STEP);
        answer(t, 0, rows[i].length, rows[i].word);
        assert_int_equal(current_number(t), DEBUGGEE);
        assert_int_equal(debuggee(t)->steps_left, rows[i].left);
        assert_int_equal(!(cpu_at(&t->w)->rflags & FLAG_TF), !rows[i].left);
        threads_close(&own);
    }
}

static void a_system_call_that_is_stepped_traps_on_its_way_out(void **state)
{
    struct threads *t = debugger_runs(state);
    step(t, 1);
    debuggee_runs(t);
    word_t ip = cpu_at(&t->w)->rip;
    do_syscall(t, "Yield", 0, 0);
    assert_int_equal(current_number(t), DEBUGGEE);
    assert_int_equal(cpu_at(&t->w)->debug_pending, DR6_SINGLE_STEP);
    assert_int_equal(cpu_at(&t->w)->rip, ip + 2);
    cpu_edit(&t->w)->clock = kernel_next_event(&t->w);
    assert_false(kernel_interrupt_due(&t->w)); /* the trap comes first */
    do_exception(t, VECTOR_UD, 0); /* the debugger leaves by sysret, too, but without TF */
    assert_int_equal(current_number(t), DEBUGGER);
    assert_int_equal(cpu_at(&t->w)->debug_pending, 0);
}

static void without_a_handler_it_is_an_unknown_fault(void **state)
{
    struct threads *t = debugger_runs(state);
    tcb_edit(&t->w, thread_at(DEBUGGEE))->fault_handler = EMPTY_SLOT;
    debuggee_runs(t);
    debug_exception(t, 1);
    assert_non_null(strstr(t->printed, "while trying to handle:\nunknown fault\nin thread"));
    assert_int_equal(state_of(t, DEBUGGEE), TCB_INACTIVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(each_refusal_has_its_error_words_and_print),
        THREADS_TEST(get_and_unset_know_four_breakpoints),
        THREADS_TEST(what_is_set_can_be_read_and_unset),
        THREADS_TEST(stepping_consumes_no_breakpoint_whatever_its_number),
        THREADS_TEST(without_the_debug_api_its_labels_name_other_calls),
        THREADS_TEST(each_thread_runs_with_its_own_breakpoints),
        THREADS_TEST(a_new_thread_inherits_the_fields_of_dr7_but_nothing_enabled),
        THREADS_TEST(a_breakpoint_tells_its_address_and_number),
        THREADS_TEST(of_several_breakpoints_the_lowest_is_told),
        THREADS_TEST(an_answer_with_a_label_leaves_the_debuggee_inactive),
        THREADS_TEST(int3_is_a_software_break_of_two_words),
        THREADS_TEST(an_exception_of_which_dr6_is_silent_is_ignored),
        THREADS_TEST(a_step_is_told_when_its_count_is_through),
        cmocka_unit_test(the_answer_to_a_step_says_how_far_the_next_goes),
        THREADS_TEST(a_system_call_that_is_stepped_traps_on_its_way_out),
        THREADS_TEST(without_a_handler_it_is_an_unknown_fault),
    };
    return cmocka_run_group_tests_name("hardware debug API", tests, NULL, NULL);
}
