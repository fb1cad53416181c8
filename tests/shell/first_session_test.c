/* SPDX-License-Identifier: BSD-2-Clause */
/* The first session, as a person types it: our own copy of what it says, word for word. Lines that
 * begin with a prompt are typed, the others must be the answer. */
#include "shell/typing.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 16384 };

/* A lesson opened at the prompt. */
struct visit {
    struct typist *typist;
    struct lesson_run run;
};

static void visit_begin_as(struct visit *v, void **state, bool plain)
{
    struct problem p;
    v->typist = *state;
    v->run = (struct lesson_run){ .lesson = lesson_load("lessons/01-first-fault", &p) };
    if (!v->run.lesson) fail_msg("%s", p.text);
    v->typist->shell.plain = v->typist->shell.ascii = v->run.lesson->plain = plain;
    if (!lesson_open(&v->typist->shell, &v->run, &p)) fail_msg("%s: %s", p.text, hear(state));
    assert_string_equal(hear(state), "");
    lesson_begin(&v->run, v->typist->shell.out);
}

static void visit_begin(struct visit *v, void **state)
{
    visit_begin_as(v, state, false);
}

static void visit_end(struct visit *v)
{
    lesson_free(v->run.lesson);
}

/* Plays a transcript and writes what really happened. */
static void play(struct visit *v, void **state, FILE *transcript, char *text)
{
    char line[512], prompt[128];
    strcpy(text, hear(state));
    strcat(text, "\n");
    while (fgets(line, sizeof line, transcript)) {
        char *typed = strstr(line, "> ");
        bool is_typed =
            typed && (strncmp(line, "rootserver", 10) == 0 || strncmp(line, "faulter", 7) == 0 ||
                      strncmp(line, "handler", 7) == 0);
        if (!is_typed) continue;
        line[strcspn(line, "\n")] = '\0';
        prompt_text(&v->typist->shell, prompt, sizeof prompt);
        strcat(strcat(strcat(text, prompt), typed + 2), "\n");
        type(state, typed + 2);
        strcat(text, hear(state));
    }
}

static void session_is_as_in(void **state, const char *path, bool plain)
{
    static char said[TEXT_SIZE], wanted[TEXT_SIZE];
    struct visit v;
    FILE *transcript = fopen(path, "r");
    assert_non_null(transcript);
    visit_begin_as(&v, state, plain);
    play(&v, state, transcript, said);
    rewind(transcript);
    wanted[fread(wanted, 1, sizeof wanted - 1, transcript)] = '\0';
    fclose(transcript);
    visit_end(&v);
    if (getenv("WRITE_TRANSCRIPT")) fputs(said, stderr);
    assert_string_equal(said, wanted);
}

static void the_first_session_is_as_our_copy_has_it(void **state)
{
    session_is_as_in(state, "tests/shell/first_session.txt", false);
}

static void in_the_plain_form_it_is_as_our_copy_has_it(void **state)
{
    session_is_as_in(state, "tests/shell/plain_session.txt", true);
}

/* What a screen reader would stumble over: columns, pictures, line-end hints, control characters. */
static void assert_is_plain(const char *command, const char *said, bool named)
{
    static const char *const marks[] = { "  ", " ~", "==", "|", "[x]", "[ ]", " * ", "\033", "\t" };
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (strstr(said, marks[i])) fail_msg("`%s` says \"%s\":\n%s", command, marks[i], said);
    for (const char *at = said; *at; at += strcspn(at, "\n") + 1) {
        size_t length = strcspn(at, "\n");
        const char *colon = memchr(at, ':', length);
        for (size_t i = 0; i < length; i++) assert_in_range((unsigned char)at[i], 0x20, 0x7e);
        if (*at == ' ' || length == 0 || (named && (!colon || colon == at || colon[1] != ' ')))
            fail_msg("`%s` says the line \"%.*s\"", command, (int)length, at);
    }
}

static void in_the_plain_form_tables_are_names_and_values(void **state)
{
    static const char *const lines[] = { "threads",           "message",      "registers",
                                         "registers faulter", "queue",        "caps all",
                                         "timeline all",      "who frame",    "branches",
                                         "message --flow",    "draw threads", "goals",
                                         "draw sequence" };
    struct visit v;
    visit_begin_as(&v, state, true);
    hear(state);
    say(state, "mint fault_ep faulter_cspace/fault badge 0xcafe");
    say(state, "as handler");
    say(state, "recv fault_ep");
    say(state, "as faulter");
    say(state, "read 0x10000000");
    say(state, "as handler");
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *said = say(state, lines[i]);
        /* Sentences stand among these. */
        bool named = strcmp(lines[i], "goals") != 0 && strcmp(lines[i], "message --flow") != 0 &&
                     strcmp(lines[i], "caps all") != 0 && strcmp(lines[i], "timeline all") != 0;
        assert_is_plain(lines[i], said, named);
    }
    visit_end(&v);
}

static void the_first_prompt_comes_within_fourteen_rows(void **state)
{
    struct visit v;
    unsigned lines = 0;
    visit_begin(&v, state);
    for (const char *at = hear(state); *at; at++) lines += *at == '\n';
    assert_in_range(lines, 5, 12);
    visit_end(&v);
}

static void undo_and_slowly_show_the_fault_from_inside(void **state)
{
    struct visit v;
    visit_begin(&v, state);
    say_all(state, "mint fault_ep faulter_cspace/fault badge 1\n"
                   "as handler\n"
                   "recv fault_ep\n"
                   "as faulter\n");
    say(state, "read 0x10000000");
    say(state, "undo");
    assert_says(say(state, "slowly read 0x10000000"), "phase 1 of ");
    assert_says(say(state, "step"), "phase 2 of ");
    assert_says(say(state, "back"), "phase 1 of ");
    say(state, "back");
    say(state, "expect faulter.state == \"running\"");
    assert_says(say(state, "step"), "phase 1 of ");
    say(state, "next");
    say(state, "expect handler.state == \"running\" && faulter.state == \"blocked on reply\"");
    visit_end(&v);
}

static void reset_asks_first_and_goes_back_to_the_set_up(void **state)
{
    struct visit v;
    visit_begin(&v, state);
    say(state, "mint fault_ep faulter_cspace/fault badge 1");
    assert_says(say(state, "reset"), "Type `reset` again");
    assert_says(say(state, "reset"), "Taken back: mint");
    say(state, "expect slot(faulter_cspace/fault).type == \"null\"");
    assert_says(blunder(state, "undo"), "there is nothing to take back");
    visit_end(&v);
}

static void nobody_awaits_a_reply_of_faulter_and_we_say_so(void **state)
{
    struct visit v;
    visit_begin(&v, state);
    say(state, "as faulter");
    assert_says(say(state, "reply"), "nobody was waiting for faulter's reply");
    visit_end(&v);
}

/* The first line of a wrong attempt: "# fails GOAL: what is said". */
static void fails_as_it_says(void **state, const char *path)
{
    static char all[TEXT_SIZE];
    char line[512], expected[512];
    struct visit v;
    FILE *file = fopen(path, "r");
    if (!file || !fgets(expected, sizeof expected, file)) fail_msg("%s cannot be read", path);
    expected[strcspn(expected, "\n")] = '\0';
    visit_begin(&v, state);
    all[0] = '\0';
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (lesson_open_question(&v.run) < v.run.lesson->item_count) say(state, "answer no");
        strcat(all, say(state, line));
    }
    fclose(file);
    assert_int_equal(strncmp(expected, "# fails ", 8), 0);
    const struct item *goal = &v.run.lesson->item[lesson_open_goal(&v.run)];
    if (strncmp(goal->id, expected + 8, strlen(goal->id)) != 0)
        fail_msg("%s: goal %s is open", path, goal->id);
    assert_says(all, strstr(expected, ": ") + 2);
    visit_end(&v);
}

static void wrong_attempts_fail_at_the_goal_that_they_name(void **state)
{
    static const char *const names[] = { "no-mint", "rootserver-receives", "nobody-receives",
                                         "rootserver-takes-second", "wrong-address" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "lessons/01-first-fault/wrong/%s.fl", names[i]);
        fails_as_it_says(state, path);
        typist_stand_up(state);
        assert_int_equal(typist_sit_down(state), 0);
    }
}

static void the_solution_reaches_every_goal(void **state)
{
    struct visit v;
    struct problem p;
    visit_begin(&v, state);
    if (script_file(&v.typist->shell, "lessons/01-first-fault/solution.fl", &p) != OUTCOME_DONE)
        fail_msg("%s", hear(state));
    assert_true(v.run.done);
    visit_end(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(the_first_session_is_as_our_copy_has_it),
        TYPED_TEST(in_the_plain_form_it_is_as_our_copy_has_it),
        TYPED_TEST(in_the_plain_form_tables_are_names_and_values),
        TYPED_TEST(the_first_prompt_comes_within_fourteen_rows),
        TYPED_TEST(undo_and_slowly_show_the_fault_from_inside),
        TYPED_TEST(reset_asks_first_and_goes_back_to_the_set_up),
        TYPED_TEST(nobody_awaits_a_reply_of_faulter_and_we_say_so),
        TYPED_TEST(wrong_attempts_fail_at_the_goal_that_they_name),
        TYPED_TEST(the_solution_reaches_every_goal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
