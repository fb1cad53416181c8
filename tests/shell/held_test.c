/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions about the past are answered though its events are held no more. */
#include "shell/typing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So much happens that nothing of the beginning is held. */
static void live_on(void **state)
{
    struct typist *t = *state;
    session_event_limit(t->shell.session, 0);
    for (unsigned i = 0; i < 150; i++) type(state, "signal 99");
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
    char at[40] = "", line[80];
    typist_pair(state);
    typist_fault(state);
    fault_position(state, at, sizeof at);
    say(state, "as rootserver");
    uint64_t now = typist_hash(state);
    for (unsigned round = 0; round < 2; round++) {
        snprintf(line, sizeof line, "explain %s", at);
        assert_says(say(state, line), "faulter faults: VM fault.");
        snprintf(line, sizeof line, "explain %s.3", at);
        assert_says(say(state, line), "the kernel looks CPtr");
        snprintf(line, sizeof line, "explain %s.99", at);
        assert_says(blunder(state, line), "no phase of a kernel entry begins at @");
        assert_int_equal(typist_hash(state), now);
        live_on(state);
        now = typist_hash(state);
    }
    assert_says(blunder(state, "explain @99999999"), "this branch ends at @");
    assert_says(blunder(state, "explain @x"), "is no position");
    say(state, "goto start");
    snprintf(line, sizeof line, "explain %s", at);
    assert_says(say(state, line), "faulter faults: VM fault."); /* ahead */
}

static void a_picture_shows_what_is_held_no_more(void **state)
{
    typist_pair(state);
    typist_fault(state);
    say(state, "as rootserver");
    live_on(state);
    assert_says(say(state, "draw sequence 400"), "VM fault");
}

static void questions_reach_behind_what_is_held(void **state)
{
    static const char *const question[] = {
        "why faulter",  "last write faulter_cspace/8", "timeline fault", "message handler --flow",
        "timeline ipc", "last write faulter rip",
    };
    char *answer[sizeof question / sizeof question[0]];
    typist_pair(state);
    typist_fault(state);
    say(state, "as rootserver");
    for (size_t i = 0; i < sizeof question / sizeof question[0]; i++)
        answer[i] = strdup(say(state, question[i]));
    live_on(state);
    uint64_t now = typist_hash(state);
    for (size_t i = 0; i < sizeof question / sizeof question[0]; i++) {
        const char *again = say(state, question[i]);
        if (i != 2 && i != 4) assert_string_equal(again, answer[i]);
        assert_says(again, strtok(answer[i], "\n"));
        free(answer[i]);
    }
    assert_int_equal(typist_hash(state), now);
    say(state, "expect once fault vm");
    say(state, "expect 1 times fault");
    say(state, "rc fault vm");
    say(state, "goto now");
    say(state, "goto fault 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(explain_tells_of_any_position_however_long_ago),
        TYPED_TEST(a_picture_shows_what_is_held_no_more),
        TYPED_TEST(questions_reach_behind_what_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
