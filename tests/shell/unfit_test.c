/* SPDX-License-Identifier: BSD-2-Clause */
/* Receiving through what does not fit: the message says "missing capability" of all, we say which;
 * `why` in the middle of the entry that answers; `who` of a frame that is mapped twice. */
#include "shell/typing.h"

#include <stdio.h>
#include <string.h>

/* What a line says, its lines joined. */
static const char *joined(void **state, const char *line)
{
    static char text[4096];
    snprintf(text, sizeof text, "%s", say(state, line));
    for (char *at = text; (at = strstr(at, "\n  "));) {
        memmove(at, at + 2, strlen(at + 2) + 1);
        *at = ' ';
    }
    return text;
}

/* A notification that is bound to `a`, in slot 5 of `b`. */
static void bound(void **state)
{
    say_all(state, "new notification note\n"
                   "new thread a\n"
                   "new thread b\n"
                   "bind a_tcb note\n"
                   "copy note b_cspace/5\n");
}

static const char because[] = "note is bound to a, and only a may";

static void receiving_where_another_is_bound_names_the_binding(void **state)
{
    bound(state);
    say(state, "as b");
    assert_says(joined(state, "recv 5"), because);
    assert_says(joined(state, "explain"), because);
    assert_says(joined(state, "why b"), because);
    assert_says(joined(state, "explain @91.3"), "receive on an endpoint, or unbind first");
}

static void a_handler_is_told_of_the_binding_too(void **state)
{
    bound(state);
    say(state, "new endpoint ep");
    say(state, "copy ep b_cspace/6");
    say(state, "setspace b fault_ep 6");
    say(state, "as b");
    say(state, "recv 5");
    say(state, "as rootserver");
    say(state, "recv ep");
    assert_says(joined(state, "why b"), because);
    say(state, "unbind a_tcb");
    assert_null(strstr(say(state, "why b"), "bound")); /* it would fit by now */
}

static void why_of_who_waits_names_the_bound_notification(void **state)
{
    bound(state);
    say(state, "new endpoint ep");
    say(state, "copy ep a_cspace/6");
    say(state, "as a");
    say(state, "recv 6");
    assert_says(joined(state, "why"), "rootserver (ep) can send there.");
    assert_says(joined(state, "why"),
                "A signal of note, bound to it, wakes it, too: rootserver (note)");
}

static void what_lies_in_the_slot_is_told_of_every_kind(void **state)
{
    bound(state);
    say(state, "new endpoint ep");
    say(state, "mint ep b_cspace/6 rights w");
    say(state, "copy b_tcb b_cspace/7");
    say(state, "as b");
    assert_says(joined(state, "predict recv 6"), "the capability to ep has no Read right");
    assert_says(joined(state, "predict recv 7"), "no endpoint or notification lies there");
    assert_says(joined(state, "predict wait 5"), because);
    assert_says(joined(state, "recv 6"), "the capability to ep has no Read right");
    say(state, "undo");
    assert_says(joined(state, "recv 7"), "no endpoint or notification lies there");
    say(state, "undo");
    assert_says(joined(state, "recv 9"), "the slot is empty");
}

/* ---- In the middle of an answer ---- */

static void faulted(void **state)
{
    say_all(state, "new endpoint ep\n"
                   "new thread f\n"
                   "mint ep f_cspace/6\n"
                   "setspace f fault_ep 6\n"
                   "as f\n"
                   "read 0x1234\n"
                   "as rootserver\n"
                   "recv ep\n");
}

static void answers_in_every_phase(void **state, unsigned from, unsigned phases)
{
    for (unsigned i = 1; i < phases; i++) {
        const char *said = say(state, "why f");
        assert_says(said, i < from ? "rootserver (" : "rootserver answers it in this very kernel");
        assert_null(strstr(said, "without answering"));
        say(state, "step");
    }
}

static void why_within_a_reply_says_that_it_is_being_answered(void **state)
{
    faulted(state);
    say(state, "slowly reply");
    say(state, "step");
    answers_in_every_phase(state, 1, 2);
}

static void why_within_a_saved_answer_says_so_too(void **state)
{
    faulted(state);
    say(state, "savecaller sv");
    say(state, "slowly send sv");
    answers_in_every_phase(state, 4, 5);
}

static void why_of_who_is_in_the_kernel_says_so(void **state)
{
    faulted(state);
    say(state, "slowly reply");
    assert_says(joined(state, "why rootserver"), "it is in the kernel, in phase 1 of 3");
    say(state, "next");
    assert_says(joined(state, "why rootserver"), "it waits for what you type");
}

static void why_behind_a_second_receive_still_says_what_was_lost(void **state)
{
    faulted(state);
    say(state, "recv ep");
    assert_says(joined(state, "why f"), "received again without answering");
}

/* ---- A frame that is mapped twice ---- */

static void who_of_a_frame_says_where_each_capability_mapped_it(void **state)
{
    say_all(state, "new frame page\n"
                   "new thread h\n"
                   "new thread f\n"
                   "tables h_vspace 0x20000000\n"
                   "copy page page2\n"
                   "tables f_vspace 0x20000000\n"
                   "map page h_vspace 0x20000000\n"
                   "map page2 f_vspace 0x20000000 rights r\n");
    const char *both = say(state, "who page");
    assert_says(both, "  by page: at 0x20000000 of h's address space, read and write.\n");
    assert_says(both, "  by page2: at 0x20000000 of f's address space, read only.\n");
    say(state, "unmap page2");
    assert_null(strstr(say(state, "who page"), "by page2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(receiving_where_another_is_bound_names_the_binding),
        TYPED_TEST(a_handler_is_told_of_the_binding_too),
        TYPED_TEST(why_of_who_waits_names_the_bound_notification),
        TYPED_TEST(what_lies_in_the_slot_is_told_of_every_kind),
        TYPED_TEST(why_within_a_reply_says_that_it_is_being_answered),
        TYPED_TEST(why_within_a_saved_answer_says_so_too),
        TYPED_TEST(why_of_who_is_in_the_kernel_says_so),
        TYPED_TEST(why_behind_a_second_receive_still_says_what_was_lost),
        TYPED_TEST(who_of_a_frame_says_where_each_capability_mapped_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
