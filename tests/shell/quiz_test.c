/* SPDX-License-Identifier: BSD-2-Clause */
/* The quiz: the same seed asks the same; answers agree with what a reader works out from the text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "part.h"
#include "shell/quiz.h"

enum { QUESTIONS = 60 };

static unsigned questions(void)
{
    return part_of(QUESTIONS);
}

typedef unsigned long long number;

static void the_same_seed_asks_the_same(void **state)
{
    (void)state;
    struct quiz_question a, b;
    unsigned others = 0;
    for (unsigned i = 1; i <= questions(); i++) {
        assert_true(quiz_make(5, i, NULL, &a));
        assert_true(quiz_make(5, i, NULL, &b));
        assert_string_equal(a.text, b.text);
        assert_string_equal(a.answer, b.answer);
        assert_true(quiz_make(6, i, NULL, &b));
        others += strcmp(a.text, b.text) != 0;
    }
    assert_in_range(others, questions() * 3 / 4, questions());
}

static void every_question_fits_and_has_an_answer(void **state)
{
    (void)state;
    for (unsigned k = 0; quiz_kind_name(k); k++) {
        for (unsigned i = 1; i <= questions(); i++) {
            struct quiz_question q;
            if (!quiz_make(9, i, quiz_kind_name(k), &q)) fail_msg("%s %u", quiz_kind_name(k), i);
            assert_string_equal(q.kind, quiz_kind_name(k));
            assert_true(q.answer[0] && !strchr(q.answer, ' ') && q.why[0]);
            for (const char *at = q.text; *at;) {
                size_t n = strcspn(at, "\n");
                if (n + 2 > QUIZ_COLUMNS) fail_msg("%s: too wide: %.*s", q.kind, (int)n, at);
                assert_int_equal(at[n], '\n');
                at += n + 1;
            }
        }
    }
}

static void badges_are_or_ed(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= questions(); i++) {
        struct quiz_question q;
        number sum = 0, badge;
        assert_true(quiz_make(1, i, "badge", &q));
        for (const char *at = strstr(q.text, "0x"); at; at = strstr(at + 2, "0x")) {
            assert_int_equal(sscanf(at, "%llx", &badge), 1);
            sum |= badge;
        }
        assert_int_equal(strtoull(q.answer, NULL, 0), sum);
    }
}

/* As the manual says: from the top bit on, guards first. */
static void slots_are_where_a_reader_finds_them(void **state)
{
    (void)state;
    unsigned inner = 0, mismatch = 0, outer = 0;
    for (unsigned i = 1; i <= 4 * questions(); i++) {
        struct quiz_question q;
        unsigned ro, go, ri, gi, so;
        number guard_o, guard_i, cptr;
        char wanted[64];
        assert_true(quiz_make(2, i, "slot", &q));
        assert_int_equal(
            sscanf(q.text,
                   "t's root CNode is outer: 2^%u slots, guard %llx in %u bits. Slot %u of it "
                   "has a capability to the CNode inner: 2^%u slots, guard %llx in %u",
                   &ro, &guard_o, &go, &so, &ri, &guard_i, &gi),
            7);
        assert_int_equal(sscanf(strstr(q.text, "CPtr "), "CPtr %llx", &cptr), 1);
        assert_int_equal(ro + go + ri + gi, 64);
        number slot = cptr >> (ri + gi) & ((1u << ro) - 1), rest = cptr & ((1u << (ri + gi)) - 1);
        if (cptr >> (ro + ri + gi) != guard_o || (slot == so && rest >> ri != guard_i)) {
            snprintf(wanted, sizeof wanted, "GuardMismatch");
            mismatch++;
        } else if (slot != so) {
            snprintf(wanted, sizeof wanted, "outer/%llu", slot);
            outer++;
        } else {
            snprintf(wanted, sizeof wanted, "inner/%llu", rest & ((1u << ri) - 1));
            inner++;
        }
        if (strcmp(wanted, q.answer) != 0)
            fail_msg("%s is said, not %s:\n%s", q.answer, wanted, q.text);
    }
    assert_true(inner && mismatch && outer);
}

static void higher_priorities_run_first(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= questions(); i++) {
        struct quiz_question q;
        unsigned priority[3];
        assert_true(quiz_make(3, i, "schedule", &q));
        assert_int_equal(
            sscanf(q.text, "Three threads wait: a (priority %u), b (priority %u), c (priority %u)",
                   &priority[0], &priority[1], &priority[2]),
            3);
        for (unsigned k = 1; k < 3; k++)
            assert_true(priority[q.answer[k - 1] - 'a'] >= priority[q.answer[k] - 'a']);
    }
}

static void replies_write_back_in_the_order_of_the_message(void **state)
{
    static const char *const order[] = { "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8",
                                         "r9",  "r10", "r11", "r12", "r13", "r14", "r15" };
    (void)state;
    for (unsigned i = 1; i <= questions(); i++) {
        struct quiz_question q;
        char name[8];
        number had, length;
        unsigned at = 0;
        assert_true(quiz_make(4, i, "reply", &q));
        assert_int_equal(sscanf(strstr(q.text, "its "), "its %7s is %llx", name, &had), 2);
        assert_int_equal(sscanf(strstr(q.text, "length "), "length %llu", &length), 1);
        while (strcmp(order[at], name) != 0) at++;
        assert_int_equal(strtoull(q.answer, NULL, 0), at < length ? at + 0x70 : had);
    }
}

static void answers_are_numbers_by_value_or_words(void **state)
{
    (void)state;
    static const struct quiz_question q = { .answer = "0x2a" }, w = { .answer = "FailedLookup" };
    assert_true(quiz_is_right(&q, "42"));
    assert_true(quiz_is_right(&q, " 0x2A\t"));
    assert_false(quiz_is_right(&q, "43"));
    assert_false(quiz_is_right(&q, ""));
    assert_false(quiz_is_right(&q, "42 43"));
    assert_true(quiz_is_right(&w, "seL4_FailedLookup"));
    assert_true(quiz_is_right(&w, "failedlookup"));
    assert_false(quiz_is_right(&w, "Failed"));
}

static int sh(const char *command)
{
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define QUIZ FAULTLINE_BUILD "/faultline quiz"

static void a_file_of_answers_is_checked(void **state)
{
    (void)state;
    assert_int_equal(
        sh("d=$(mktemp -d) && " QUIZ " --seed 8 --count 20 --answers | "
           "sed -n 's/^  Answer: \\([^ ]*\\)\\..*/\\1/p' >$d/a && test $(wc -l <$d/a) = 20 && " QUIZ
           " --seed 8 --count 20 --check $d/a >$d/out && grep -q '^20 of 20 right' $d/out && "
           "sed -i 3d $d/a && ! " QUIZ " --seed 8 --count 20 --check $d/a >$d/out && "
           "grep -q '^3. wrong' $d/out; s=$?; rm -r $d; exit $s"),
        0);
    assert_int_equal(sh(QUIZ " --check /nowhere 2>/dev/null"), 2);
    assert_int_equal(sh(QUIZ " --kind slots 2>/dev/null"), 2);
    assert_int_equal(sh(QUIZ " --count 0 2>/dev/null"), 2);
    assert_int_equal(sh(QUIZ " --seed x 2>/dev/null"), 2);
}

static void the_prompt_asks_and_takes_answers(void **state)
{
    (void)state;
    assert_int_equal(
        sh("q=$(mktemp); printf 'x = 5\\nquiz badge seed 4\\nanswer 0\\nquiz badge seed 4\\nexpect "
           "x == 5\\n' | " FAULTLINE_BUILD "/faultline >$q && grep -q '^  No: it is 0x' $q && "
           "test $(grep -c 'Question 1 of seed 4' $q) = 2; s=$?; rm $q; exit $s"),
        0);
    assert_int_equal(sh("echo 'quiz nonsense' | " FAULTLINE_BUILD "/faultline >/dev/null 2>&1"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_asks_the_same),
        cmocka_unit_test(every_question_fits_and_has_an_answer),
        cmocka_unit_test(badges_are_or_ed),
        cmocka_unit_test(slots_are_where_a_reader_finds_them),
        cmocka_unit_test(higher_priorities_run_first),
        cmocka_unit_test(replies_write_back_in_the_order_of_the_message),
        cmocka_unit_test(answers_are_numbers_by_value_or_words),
        cmocka_unit_test(a_file_of_answers_is_checked),
        cmocka_unit_test(the_prompt_asks_and_takes_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
