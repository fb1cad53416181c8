/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules behind what is shown: explain, of all there is, to the letter. */
#include "shell/typing.h"

#include "view/explain.h"
#include "view/internal.h"

static void explain_tells_the_rule_behind_what_was_just_shown(void **state)
{
    typist_pair(state);
    typist_fault(state);
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

static void explain_tells_an_answered_right_from_a_lost_one(void **state)
{
    typist_pair(state);
    typist_fault(state);
    say(state, "as handler");
    say(state, "slowly reply");
    say(state, "step");
    assert_says(say(state, "explain"), "Answering uses the reply capability up");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(explain_tells_the_rule_behind_what_was_just_shown),
        TYPED_TEST(explain_tells_an_answered_right_from_a_lost_one),
        TYPED_TEST(explain_finds_rules_by_their_words),
        TYPED_TEST(explain_with_nothing_to_explain_says_so),
        TYPED_TEST(every_event_and_error_has_an_explanation),
        TYPED_TEST(every_rule_fits_in_two_lines_and_says_where_it_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
