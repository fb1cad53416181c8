/* SPDX-License-Identifier: BSD-2-Clause */
/* Expressions: operators, names, terms, and what is refused. */
#include "shell/typing.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    word_t value;
} table[] = {
    { "10", 10 },
    { "0x1f", 31 },
    { "0b101", 5 },
    { "'a'", 97 },
    { "'\\n'", 10 },
    { "0", 0 },
    { "-1", ~(word_t)0 },
    { "1UL", 1 },
    { "0xffffffffffffffff", ~(word_t)0 },
    { "2+3*4", 14 },
    { "(2+3)*4", 20 },
    { "10-3-2", 5 },
    { "7/2", 3 },
    { "7%4", 3 },
    { "1<<4|1", 17 },
    { "1 << 64", 0 },
    { "6&3", 2 },
    { "6^3", 5 },
    { "~0", ~(word_t)0 },
    { "!5", 0 },
    { "1==1&&2!=3", 1 },
    { "0||0", 0 },
    { "1||1/0", 1 },
    { "0&&nobody", 0 },
    { "1?2:nobody", 2 },
    { "0?1:0?2:3", 3 },
    { "3>=3", 1 },
    { "\"a\"==\"a\"", 1 },
    { "\"a\"!=\"a\"", 0 },
    { "(seL4_Word)5", 5 },
    { "(unsigned long)5+1", 6 },
    { "seL4_CapInitThreadCNode", 2 },
    { "seL4_WordBits", 64 },
    { "seL4_AllRights", 15 },
    { "seL4_ReadWrite", 3 },
    { "seL4_EndpointObject", 2 },
    { "seL4_RangeError", 4 },
    { "seL4_GuardMismatch", 4 },
    { "seL4_Fault_VMFault", 5 },
    { "seL4_VMFault_Addr", 1 },
    { "seL4_UnknownSyscall_FaultIP", 15 },
    { "seL4_MessageInfo_new(1, 0, 0, 3)", 1 << 12 | 3 },
    { "seL4_MessageInfo_get_label(seL4_MessageInfo_new(7, 0, 0, 3))", 7 },
    { "seL4_CapRights_new(0, 0, 1, 1)", 3 },
    { "seL4_CNode_CapData_new(5, 8)", 5 << 6 | 8 },
    { "BIT(12)", 4096 },
    { "cspace", 2 },
    { "vspace", 3 },
    { "tcb", 1 },
    { "rootserver.prio", 255 },
    { "rootserver.state==\"running\"", 1 },
    { "invariants==\"hold\"", 1 },
    { "slot(cspace).type==\"CNode\"", 1 },
    { "slot(cspace).bits", 13 },
    { "slot(cspace).guard", 0 },
    { "slot(cspace).guard_bits", 51 },
    { "slot(tcb).bits", 0 },
    { "slot(tcb).object==slot(1).object", 1 },
    { "slot(tcb).object==slot(cspace).object", 0 },
    { "slot(200).object", 0 },
};

static const char *const refused[] = {
    "",
    "010",
    "1+",
    "(1",
    "1)",
    "1 2",
    "nobody",
    "nobody.rax",
    "1/0",
    "5%0",
    "\"a\"+1",
    "\"a\"==1",
    "0x",
    "0b2",
    "12abc",
    "message.mr[0]",
    "x=1",
    "slot(cspace)",
    "queue(tcb)",
    "'ab'",
    "18446744073709551616",
    "seL4_Recv(1)",
    "info->x",
    "&x",
    "slot(cspace).nothing",
    "rootserver.nothing",
};

static void every_row_has_its_value(void **state)
{
    struct typist *t = *state;
    struct scope sc = scope_of_seat(t->shell.session);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct problem p = { .text = "" };
        word_t value = 0;
        if (!expr_word(&sc, table[i].text, &value, &p)) fail_msg("%s: %s", table[i].text, p.text);
        if (value != table[i].value)
            fail_msg("%s is %llx", table[i].text, (unsigned long long)value);
    }
}

static void called_is_the_last_invocation_refused_or_not(void **state)
{
    say(state, "expect called == \"\"");
    say(state, "new endpoint ep");
    say(state, "copy ep other");
    say(state, "expect called == \"CNode_Copy\"");
    say(state, "move ep other");
    say(state, "expect called == \"CNode_Move\" && error == seL4_DeleteFirst");
    say(state, "nbsend ep");
    say(state, "expect called == \"CNode_Move\"");
}

static void what_is_no_expression_is_refused_with_a_sentence(void **state)
{
    struct typist *t = *state;
    struct scope sc = scope_of_seat(t->shell.session);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct problem p = { .text = "" };
        word_t value;
        if (expr_word(&sc, refused[i], &value, &p)) fail_msg("%s is taken", refused[i]);
        assert_true(p.text[0]);
    }
}

static void deep_nesting_is_refused(void **state)
{
    static const char openers[] = "(-!~";
    struct typist *t = *state;
    struct scope sc = scope_of_seat(t->shell.session);
    for (size_t i = 0; openers[i]; i++) {
        char text[10001];
        struct problem p;
        word_t value;
        memset(text, openers[i], sizeof text - 1);
        text[sizeof text - 1] = '\0';
        assert_false(expr_word(&sc, text, &value, &p));
        assert_says(p.text, "nested too deeply");
    }
}

static void a_leading_zero_gets_the_tip_about_octal(void **state)
{
    assert_says(blunder(state, "print 010"), "tip: C reads a number with a leading 0 as octal");
}

static void a_path_is_the_index_and_elsewhere_a_slash_divides(void **state)
{
    say(state, "new thread t");
    say(state, "name t_cspace/9 nine");
    say(state, "expect t_cspace/nine == 9");
    say(state, "expect t_cspace / 1 == t_cspace");
    say(state, "expect 18/2 == 9");
}

static void a_variable_behind_a_path_is_a_slot_number(void **state)
{
    say(state, "new endpoint ep");
    say(state, "new thread t");
    say(state, "n = 7");
    say(state, "copy ep t_cspace/n");
    say(state, "expect slot(t_cspace/7).object == slot(ep).object");
    say(state, "expect slot(t_cspace/n).object == slot(ep).object");
    say(state, "expect slot(t_cspace/0).type == \"null\"");
}

static void variables_are_words_that_can_be_changed(void **state)
{
    say(state, "x = 5");
    say(state, "x = x + 1");
    say(state, "expect x == 6");
    assert_says(blunder(state, "seL4_CapNull = 4"), "is a constant of libsel4");
    assert_says(blunder(state, "cspace = 4"), "is the name of slot 2 already");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(every_row_has_its_value),
        TYPED_TEST(called_is_the_last_invocation_refused_or_not),
        TYPED_TEST(what_is_no_expression_is_refused_with_a_sentence),
        TYPED_TEST(deep_nesting_is_refused),
        TYPED_TEST(a_leading_zero_gets_the_tip_about_octal),
        TYPED_TEST(a_path_is_the_index_and_elsewhere_a_slash_divides),
        TYPED_TEST(a_variable_behind_a_path_is_a_slot_number),
        TYPED_TEST(variables_are_words_that_can_be_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
