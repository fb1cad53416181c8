/* SPDX-License-Identifier: BSD-2-Clause */
/* A lesson at the prompt: hints and behind them the solution's moves, questions before anything moves,
 * why a goal is not reached and since when, what still stands after going back. */
#include "shell/typing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lesson/run.h"
#include "place.h"

/* A lesson of the test's own. */
static const char page[] =
    "# Trial\nvary BADGE 5..9 default 7    vary ANY 0x10..0x60 default 0x40\n## Page\nDo it.\n"
    "```question which before sent\nask   Which badge comes?\n"
    "value message.badge -> The badge is the capability's.\n```\n"
    "```goal sent weight 3\nsay   a message with the badge\n"
    "once  ipc thread sender receiver taker badge BADGE\nnow   sender.rbx == 9\n"
    "if    once ipc thread sender and sender.rbx != 9 -> Not 9.\n"
    "hint  one\nhint  two\nhint  three\n```\n"
    "## More\nLine.\n```goal more weight 2\nsay   more\nnow   sender.rcx != 0 and taker.prio == "
    "7\nif    once error seL4_DeleteFirst -> That place was taken.\n```\n";
static const char setup[] = "new endpoint ep\nnew thread sender\nnew thread taker\n"
                            "copy ep taker_cspace/ep\nmint ep sender_cspace/ep badge BADGE\n";
static const char solution[] =
    "# comment\nas taker\nrecv ep\nanswer 7\nas sender\nasm \"mov rbx, 9\"\n"
    "send ep words 1\nas rootserver\nsetprio taker 7\n";

struct visit {
    struct typist *typist;
    struct lesson_run run;
    char folder[PLACE_SIZE];
};

static struct visit visit;

static void write_file(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", visit.folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int begin(void **state)
{
    struct problem p;
    if (typist_sit_down(state) != 0) return -1;
    visit = (struct visit){ .typist = *state };
    if (place_make(visit.folder, "lesson") != 0) return -1;
    write_file("lesson.md", page);
    write_file("setup.fl", setup);
    write_file("solution.fl", solution);
    visit.run.lesson = lesson_load(visit.folder, &p);
    if (!visit.run.lesson || !lesson_open(&visit.typist->shell, &visit.run, &p)) return -1;
    hear(state);
    return 0;
}

static int end(void **state)
{
    lesson_free(visit.run.lesson);
    return place_remove(visit.folder) + typist_stand_up(state);
}

static void send_it(void **state)
{
    say_all(state, "answer 7\n"
                   "as taker\n"
                   "recv ep\n"
                   "as sender\n"
                   "asm \"mov rbx, 9\"\n"
                   "send ep words 1\n");
}

static void behind_the_last_hint_comes_the_offer_of_a_solution(void **state)
{
    assert_says(say(state, "hint"), "Hint 1 of 3: one");
    assert_says(say(state, "hint"), "Hint 2 of 3: two");
    assert_says(say(state, "hint"), "Hint 3 of 3: three");
    assert_says(say(state, "hint"), "`solution` shows the next move");
    assert_says(say(state, "hint"), "Hint 1 of 3: one");
    assert_int_equal(visit.run.hints_given[lesson_open_goal(&visit.run)], 5);
}

static void solution_shows_the_next_move_that_was_not_made(void **state)
{
    say(state, "answer 7");
    assert_says(say(state, "solution"), "next move:   as taker\n");
    say(state, "as taker");
    assert_says(say(state, "solution"), "next move:   recv ep\n");
    say(state, "recv   ep  # my way");
    assert_says(say(state, "solution"), "next move:   as sender\n");
    say(state, "as sender");
    say(state, "asm \"mov rbx, 9\"");
    assert_says(say(state, "solution"), "next move:   send ep words 1\n");
    say(state, "undo");
    assert_says(say(state, "solution"), "next move:   asm \"mov rbx, 9\"\n");
    say(state, "asm \"mov rbx, 9\"");
    say(state, "send ep words 1");
    assert_says(say(state, "solution"), "next move:   as rootserver\n");
    say(state, "as rootserver");
    say(state, "setprio taker 7");
    assert_true(visit.run.done);
    assert_says(say(state, "solution"), "All goals are reached");
}

/* A page shows the number; what was typed from it is the move that says the name. */
static void solution_knows_a_move_that_was_typed_with_the_students_number(void **state)
{
    write_file("solution.fl", "mint ep taker_cspace/mine badge BADGE\nas taker\nrecv ep\n");
    say(state, "answer 7");
    assert_says(say(state, "solution"), "next move:   mint ep taker_cspace/mine badge 7\n");
    say(state, "mint ep taker_cspace/mine badge 8");
    assert_says(say(state, "solution"), "next move:   mint ep taker_cspace/mine badge 7\n");
    say(state, "undo");
    say(state, "mint ep taker_cspace/mine badge 7");
    assert_says(say(state, "solution"), "next move:   as taker\n");
}

static void solution_takes_any_number_that_no_goal_asks_for(void **state)
{
    write_file("solution.fl", "mint ep taker_cspace/mine badge ANY\nas taker\nrecv ep\n");
    say(state, "answer 7");
    assert_says(say(state, "solution"), "next move:   mint ep taker_cspace/mine badge 0x40\n");
    say(state, "mint ep taker_cspace/mine badge 0xcafe");
    assert_says(say(state, "solution"), "next move:   as taker\n");
}

static void a_goal_that_opens_says_nothing_of_what_happened_before(void **state)
{
    say(state, "answer 7");
    say(state, "copy ep taker_cspace/ep");
    say(state, "as taker");
    say(state, "recv ep");
    say(state, "as sender");
    say(state, "asm \"mov rbx, 9\"");
    const char *said = say(state, "send ep words 1");
    assert_says(said, "Goal 1 reached.");
    assert_null(strstr(said, "That place was taken."));
}

static void nothing_moves_before_the_question_is_answered(void **state)
{
    assert_says(blunder(state, "read 0x1000"), "Your guess first: Which badge comes?");
    assert_says(blunder(state, "seL4_Yield()"), "Your guess first: Which badge comes?");
    const char *said = blunder(state, "step");
    assert_says(said, "Type `answer NUMBER`. Any answer lets you go on");
    assert_null(strstr(said, "error"));
    say(state, "threads");
    say(state, "as taker");
    assert_says(blunder(state, "recv ep"), "Your guess first");
    assert_says(blunder(state, "answer nonsense"), "nonsense");
    assert_says(say(state, "answer BADGE-1+1"), "Noted.");
    assert_says(blunder(state, "answer 3"), "no question is open");
    say(state, "recv ep");
}

static void value_of_the_machine_decides_the_answer(void **state)
{
    say(state, "answer 0x8");
    say(state, "as taker");
    say(state, "recv ep");
    say(state, "as sender");
    say(state, "asm \"mov rbx, 9\"");
    say(state, "send ep words 1");
    assert_true(visit.run.reached[2]);
    assert_false(visit.run.right[1]);
}

static void what_is_said_of_a_value_is_translated(void **state)
{
    struct problem p;
    write_file("lesson.de.md",
               "# Probe\n## Seite\nTu es.\n```question which\nask   Welches Badge?\n"
               "value -> Das der Capability.\n```\n## Mehr\nZeile.\n");
    assert_true(lesson_translate(visit.run.lesson, "de", &p));
    say(state, "answer 0x8");
    say(state, "as sender");
    say(state, "asm \"mov rbx, 9\"");
    say(state, "send ep words 1");
    say(state, "as taker");
    assert_says(say(state, "recv ep"), "(You said 0x8; it is 0x7.) Das der Capability.");
}

static void a_goal_says_what_was_expected_what_is_and_since_when(void **state)
{
    const struct world *w = session_world_at(visit.typist->shell.session);
    say(state, "answer 7");
    say(state, "as sender");
    say(state, "asm \"mov rbx, 4\"");
    say(state, "as rootserver");
    say(state, "copy ep copy");
    say(state, "mint ep other badge 6");
    uint64_t hash = arena_hash(w);
    const char *said = say(state, "goals");
    assert_says(said, "[ ] 1. a message with the badge");
    assert_says(said, "expected:  once  ipc thread sender receiver taker badge BADGE\n"
                      "    it is:     it has not happened\n");
    assert_says(said, "expected:  now   sender.rbx == 9\n"
                      "    it is:     sender.rbx is 0x4, since @0 (asm \"mov rbx, 4\")\n");
    assert_true(arena_hash(w) == hash);
    say(state, "undo");
    say(state, "as taker");
    say(state, "recv ep");
    say(state, "as rootserver");
    say(state, "send ep words 1");
    assert_says(say(state, "goals"), "it has not happened; what comes nearest is\n");
}

static void a_line_that_is_cut_says_so(void **state)
{
    say(state, "answer 7");
    say(state, "as sender");
    say(state, "asm \"mov rbx, 4; mov rcx, rbx; mov rdx, rbx\"");
    assert_says(say(state, "goals"), "(asm \"mov rbx, 4; mov rcx, rbx;~)");
}

static void a_long_demand_goes_on_in_the_next_line(void **state)
{
    visit.run.lesson->item[2].holds[1] = "now   sender.rbx == 9 || sender.rcx == 10 || "
                                         "sender.rdx == 11 || sender.rsi == 12";
    say(state, "answer 7");
    assert_says(say(state, "goals"), "sender.rdx == 11 ||\n               sender.rsi == 12\n");
}

static void no_mistake_is_told_within_a_kernel_entry(void **state)
{
    say(state, "answer 7");
    say(state, "as taker");
    say(state, "recv ep");
    say(state, "as sender");
    const char *said = say(state, "slowly send ep words 1");
    while (session_phase(visit.typist->shell.session, NULL, NULL)) {
        assert_null(strstr(said, "Not 9."));
        said = say(state, "step");
    }
    assert_says(said, "Not 9.");
}

static void what_is_undone_does_not_stand(void **state)
{
    struct session *s = visit.typist->shell.session;
    send_it(state);
    assert_true(visit.run.reached[2]);
    assert_true(lesson_stands(&visit.run, s, 2));
    assert_int_equal(lesson_score(&visit.run, s).all, 6);
    assert_int_equal(lesson_score(&visit.run, s).reached, 3 + visit.run.right[1]);
    say(state, "undo");
    assert_true(visit.run.reached[2]);
    assert_false(lesson_stands(&visit.run, s, 2));
    say(state, "send ep words 2");
    assert_false(lesson_stands(&visit.run, s, 2));
    say(state, "branch undone_2");
    assert_true(lesson_stands(&visit.run, s, 2));
    say(state, "reverse-next");
    assert_false(lesson_stands(&visit.run, s, 2));
    say(state, "goto now");
    assert_true(lesson_stands(&visit.run, s, 2));
}

static const char *undone(void)
{
    static char text[400];
    FILE *out = fmemopen(text, sizeof text, "w");
    text[0] = '\0';
    lesson_tell_undone(&visit.run, visit.typist->shell.session, out);
    fclose(out);
    return text;
}

static void who_leaves_with_a_goal_undone_is_told(void **state)
{
    send_it(state);
    assert_string_equal(undone(), "");
    say(state, "undo");
    assert_says(undone(), "Reached, but undone: goal 1.");
    say(state, "branch undone_2");
    assert_string_equal(undone(), "");
}

static void going_back_does_not_ask_again(void **state)
{
    say(state, "answer 7");
    say(state, "as rootserver");
    say(state, "copy ep copy");
    say(state, "back");
    say(state, "step");
    say(state, "reset");
    say(state, "reset");
    say(state, "copy ep copy");
}

static void a_late_question_holds_nobody_up(void **state)
{
    visit.run.lesson->item[1].late = true;
    say(state, "as taker");
    say(state, "recv ep");
    say(state, "answer 7");
}

static void open_page(void **state, const char *text)
{
    struct problem p;
    lesson_free(visit.run.lesson);
    write_file("lesson.md", text);
    write_file("setup.fl", "");
    visit.run = (struct lesson_run){ .lesson = lesson_load(visit.folder, &p) };
    assert_non_null(visit.run.lesson);
    assert_true(lesson_open(&visit.typist->shell, &visit.run, &p));
    hear(state);
}

/* The first goal can be reached on ways of several lengths; the same error is a mistake behind it. */
static const char counted[] =
    "# Trial\n## Page\nDo it.\n```goal one\nsay   one\n"
    "at least 2 times error seL4_DeleteFirst\nnow   taker.prio == 7\n```\n"
    "## More\nDo it.\n```goal two\nsay   two\nnow   sender.prio == 7\n"
    "if    at least 3 times error seL4_DeleteFirst -> The same error again.\n```\n";
static const char again[] = "The same error again.";

static void reach_it_the_long_way(void **state)
{
    open_page(state, counted);
    for (unsigned i = 0; i < 3; i++) say(state, "copy ep ep");
    assert_null(strstr(say(state, "setprio taker 7"), again));
}

static void the_same_mistake_is_told_however_long_the_way_to_it_was(void **state)
{
    reach_it_the_long_way(state);
    assert_null(strstr(say(state, "threads"), again));
    assert_says(say(state, "copy ep ep"), again);
    assert_null(strstr(say(state, "threads"), again));
    assert_says(say(state, "copy ep ep"), again);
}

/* Of what was printed nobody knows since when. */
static void what_was_printed_once_too_often_is_told_once(void **state)
{
    open_page(state, "# Trial\n## Page\nDo it.\n```goal one\nsay   one\nnow   sender.prio == 7\n"
                     "if    at least 2 times printed \"a\" -> Twice is too often.\n```\n");
    assert_null(strstr(say(state, "seL4_DebugPutChar('a')"), "Twice is too often."));
    assert_says(say(state, "seL4_DebugPutChar('a')"), "Twice is too often.");
    assert_null(strstr(say(state, "threads"), "Twice is too often."));
}

static void looking_back_is_no_mistake(void **state)
{
    reach_it_the_long_way(state);
    assert_null(strstr(say(state, "goto start"), again));
    assert_null(strstr(say(state, "goto now"), again));
    say(state, "goto start");
    assert_null(strstr(say(state, "step 4"), again));
    assert_null(strstr(say(state, "goto now"), again));
    assert_null(strstr(say(state, "undo 2"), again));
    assert_says(say(state, "copy ep ep"), again);
}

/* Its second goal holds as soon as the first one is reached. */
static const char early[] =
    "# Trial\n## Page\nDo it.\n```goal one weight 3\nsay   one\nnow   sender.prio == 7\n```\n"
    "## More\nLine.\n```question why before two\nask   Why?\nchoice so\nchoice thus * -> Thus.\n"
    "```\n```goal two weight 2\nsay   two\nnow   sender.prio == 7\n```\n";

static void a_goal_that_holds_where_it_opens_waits_for_its_question(void **state)
{
    open_page(state, early);
    const char *said = say(state, "setprio sender 7");
    assert_says(said, "Goal 1 reached");
    assert_says(said, "Guess: Why?");
    assert_null(strstr(said, "Goal 2 reached"));
    assert_null(strstr(say(state, "threads"), "Goal 2 reached"));
    said = blunder(state, "setprio sender 8");
    assert_says(said, "Type `answer so` or `answer thus`. Any answer lets you go on");
    assert_says(blunder(state, "answer because"), "tip: `answer so` or `answer thus`");
    said = say(state, "answer thus");
    assert_says(said, "Goal 2 reached");
    assert_says(said, "(You said thus: right.) Thus.");
    assert_true(visit.run.done);
}

static void a_script_reaches_such_a_goal_by_going_on(void **state)
{
    open_page(state, early);
    visit.typist->shell.typed = false;
    assert_null(strstr(say(state, "setprio sender 7"), "Goal 2 reached"));
    assert_says(say(state, "setprio taker 7"), "Goal 2 reached");
}

/* What it goes on with may end what the goal asks for. */
static void a_script_that_goes_on_has_reached_what_held(void **state)
{
    open_page(state, early);
    visit.typist->shell.typed = false;
    say(state, "setprio sender 7");
    assert_says(say(state, "setprio sender 8"), "Goal 2 reached");
    say(state, "undo");
    assert_true(lesson_stands(&visit.run, visit.typist->shell.session, 4));
}

static void behind_a_scripts_last_line_nobody_is_asked(void **state)
{
    open_page(state, early);
    visit.typist->shell.typed = false;
    say(state, "setprio sender 7");
    assert_false(visit.run.done);
    lesson_judge_end(&visit.run, visit.typist->shell.session, visit.typist->shell.out);
    assert_true(visit.run.done);
}

/* What is told of the questions of a lesson with one goal. */
static void assert_told(const char *question, void (*tell)(struct lesson_run *run, FILE *out),
                        const char *wanted)
{
    struct problem p;
    char text[1000], *said = NULL;
    size_t size;
    snprintf(text, sizeof text,
             "# Trial\n## Page\nDo it.\n%s```goal done\nsay   x\nnow   tcb == 1\n```\n", question);
    write_file("lesson.md", text);
    struct lesson_run run = { .lesson = lesson_load(visit.folder, &p) };
    FILE *out = open_memstream(&said, &size);
    assert_non_null(run.lesson);
    assert_non_null(out);
    tell(&run, out);
    fclose(out);
    assert_string_equal(said, wanted);
    free(said);
    lesson_free(run.lesson);
}

static void tell_open(struct lesson_run *run, FILE *out)
{
    questions_say(run, out);
}

static void tell_resolved(struct lesson_run *run, FILE *out)
{
    questions_resolve(run, visit.typist->shell.session, 2, out); /* behind the page */
}

static void choices_that_fill_a_line_go_on_in_the_next(void **state)
{
    (void)state;
    assert_told("```question many before done\nask   Which?\nchoice nothing\n"
                "choice seL4_InvalidCapability *\nchoice seL4_FailedLookup\nchoice fault\n```\n",
                tell_open,
                "  Guess: Which?\n      answer nothing | answer seL4_InvalidCapability |\n"
                "      answer seL4_FailedLookup | answer fault\n");
}

static void a_question_that_nobody_answered_is_resolved_by_the_right_choice(void **state)
{
    (void)state;
    assert_told("```question one before done\nask   Which?\nchoice first -> You thought so.\n"
                "choice second * -> So it is.\n```\n",
                tell_resolved, "  So it is.\n");
}

int main(void)
{
#define LESSON_TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
    const struct CMUnitTest tests[] = {
        LESSON_TEST(behind_the_last_hint_comes_the_offer_of_a_solution),
        LESSON_TEST(solution_shows_the_next_move_that_was_not_made),
        LESSON_TEST(solution_knows_a_move_that_was_typed_with_the_students_number),
        LESSON_TEST(a_goal_that_opens_says_nothing_of_what_happened_before),
        LESSON_TEST(solution_takes_any_number_that_no_goal_asks_for),
        LESSON_TEST(nothing_moves_before_the_question_is_answered),
        LESSON_TEST(value_of_the_machine_decides_the_answer),
        LESSON_TEST(what_is_said_of_a_value_is_translated),
        LESSON_TEST(a_goal_says_what_was_expected_what_is_and_since_when),
        LESSON_TEST(a_line_that_is_cut_says_so),
        LESSON_TEST(a_long_demand_goes_on_in_the_next_line),
        LESSON_TEST(no_mistake_is_told_within_a_kernel_entry),
        LESSON_TEST(what_is_undone_does_not_stand),
        LESSON_TEST(who_leaves_with_a_goal_undone_is_told),
        LESSON_TEST(going_back_does_not_ask_again),
        LESSON_TEST(a_late_question_holds_nobody_up),
        LESSON_TEST(the_same_mistake_is_told_however_long_the_way_to_it_was),
        LESSON_TEST(what_was_printed_once_too_often_is_told_once),
        LESSON_TEST(looking_back_is_no_mistake),
        LESSON_TEST(a_goal_that_holds_where_it_opens_waits_for_its_question),
        LESSON_TEST(a_script_reaches_such_a_goal_by_going_on),
        LESSON_TEST(a_script_that_goes_on_has_reached_what_held),
        LESSON_TEST(behind_a_scripts_last_line_nobody_is_asked),
        LESSON_TEST(choices_that_fill_a_line_go_on_in_the_next),
        LESSON_TEST(a_question_that_nobody_answered_is_resolved_by_the_right_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
