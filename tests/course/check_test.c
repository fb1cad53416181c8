/* SPDX-License-Identifier: BSD-2-Clause */
/* The lint of a lesson: what `lesson new` makes passes; each thing that can be wrong is complained of
 * with file and line. */
#include "course/made.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "course/check.h"

/* What the check says; the caller frees it. */
static char *check(const char *folder, unsigned *complaints)
{
    char *said;
    size_t size;
    FILE *out = open_memstream(&said, &size);
    assert_non_null(out);
    *complaints = lesson_check(folder, out);
    fclose(out);
    return said;
}

static void assert_complains(const char *folder, const char *text)
{
    unsigned complaints;
    char *said = check(folder, &complaints);
    if (!complaints || !strstr(said, text)) fail_msg("\"%s\" is not said:\n%s", text, said);
    free(said);
}

static void a_new_lesson_is_well(void **state)
{
    unsigned complaints;
    char *said = check(*state, &complaints);
    if (complaints) fail_msg("%s", said);
    assert_string_equal(said, "");
    free(said);
}

static void a_folder_without_a_lesson_is_complained_of(void **state)
{
    (void)state;
    assert_complains("/nowhere/at-all", "/nowhere/at-all/lesson.md: No such file");
    assert_complains("/", "lesson.md: No such file");
    assert_complains("", "lesson.md: No such file");
}

struct flaw {
    const char *file, *old, *new, *complaint;
};

static void each_flaw_is_complained_of_where_it_stands(void **state)
{
    /* clang-format off */
    static const struct flaw flaws[] = {
        { "lesson.md", "# A title", "A title", "lesson.md:1: a lesson begins with its title" },
        { "lesson.md", "    as server", "    sa server", "lesson.md:8: what is `sa`?" },
        { "lesson.md", "`message`", "`massage`", "lesson.md:14: what is `massage`?" },
        { "lesson.md", "`message`", "`message", "lesson.md:14: a ` is not closed" },
        { "lesson.md", "caps client_cspace", "caps klient_cspace", "what is `klient_cspace`?" },
        { "lesson.md", "caps client_cspace", "caps nothing.elf", "what is `nothing.elf`?" },
        { "lesson.md", "caps client_cspace", "seL4_Sent(1)", "what is `seL4_Sent`?" },
        { "lesson.md", "A page has at most", "A page of this lesson, as of every other one, has at most", "lesson.md:4: 112 columns are too many" },
        { "lesson.md", "A page", "1\n2\n3\n4\n5\n6\nA page", "the page Who sends? has 14 lines" },
        { "lesson.md", "A page", "A\tpage", "lesson.md:4: this line cannot be printed" },
        { "lesson.md", "A page", "A \xffpage", "lesson.md:4: this line cannot be printed" },
        { "lesson.md", "A page", "A {SLOT} page", "lesson.md:4: {SLOT} is no varied number" },
        { "lesson.md", "A page", "### A page", "lesson.md:4: no heading of a page" },
        { "lesson.md", "hint  Then", "say   client's message reaches server with badge {BADGE}\n#int", "goal has no line #int" },
        { "lesson.md", "hint  `mint ep client_cspace/ep badge {BADGE}`: what, where to, badge.\n", "", "goal arrived has 2 of 3 hints" },
        { "lesson.md", "reaches server with badge {BADGE}", "reaches server with the badge that you have chosen for it, {BADGE}", "goal arrived has" },
        { "lesson.md", "badge * ->", "badge ->", "question says has 2 choices, 0 of them right" },
        { "lesson.md", "before arrived", "before departed", "question says stands before no goal: departed" },
        { "lesson.md", "```goal arrived", "```goal says", "a second says" },
        { "lesson.md", "once  ipc thread client receiver server", "once  ipc thread klient receiver server", "the solution does not reach goal arrived" },
        { "lesson.md", "if    client.state", "if    once double-fault -> Boom.\nif    client.state", "no wrong attempt provokes this `if` of goal arrived: Boom." },
        { "lesson.md", "if    client.state", "if    now client.prio == 254 -> So soon?\nif    client.state", "the solution itself provokes this `if` of goal arrived" },
        { "lesson.md", "needs compiler no", "exercise my.c", "there is no exercise programs/my.c" },
        { "solution.fl", "answer badge\n", "", "lesson.md:12: the solution does not answer question says" },
        { "solution.fl", "answer badge", "answer name", "lesson.md:12: the solution answers question says wrongly" },
        { "lesson.md", "choice name", "value 5\nchoice name", "question says has a value and choices" },
        { "setup.fl", "new endpoint ep", "new endpiont ep", "the lesson does not open" },
        { "solution.fl", "recv ep", "recv pe", "the solution stops: " },
        { "solution.fl", "badge BADGE", "badge 0x42", "(with --variant student-" },
        { "solution.fl", "send ep words 7", "", "the solution stops" },
        { "wrong/nobody-receives.fl", "# fails arrived: ", "# fails arrived", "wrong/nobody-receives.fl:1: a wrong attempt begins with" },
        { "wrong/nobody-receives.fl", "arrived", "departed", "wrong/nobody-receives.fl:1: the lesson has no goal departed" },
        { "wrong/nobody-receives.fl", "Nobody", "Somebody", "nobody says: Somebody waits at ep" },
        { "wrong/nobody-receives.fl", "send ep", "sent ep", "it stops:" },
        { "wrong/other-badge.fl", "BADGE+1", "BADGE", "wrong/other-badge.fl: it reaches all goals" },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof flaws / sizeof *flaws; i++) {
        char before[MADE_TEXT];
        strcpy(before, made_read(state, flaws[i].file));
        made_change(state, flaws[i].file, flaws[i].old, flaws[i].new);
        assert_complains(*state, flaws[i].complaint);
        made_write(state, flaws[i].file, before);
    }
}

static void files_that_are_missing_or_none_are_complained_of(void **state)
{
    static const struct {
        const char *file, *complaint;
    } files[] = {
        { "solution.fl", "solution.fl: No such file" },
        { "setup.fl", "the lesson does not open" },
        { "lesson.md", "lesson.md: No such file" },
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char before[MADE_TEXT];
        strcpy(before, made_read(state, files[i].file));
        assert_int_equal(unlink(made_path(state, files[i].file)), 0);
        assert_complains(*state, files[i].complaint);
        assert_int_equal(mkdir(made_path(state, files[i].file), 0700), 0);
        assert_complains(*state, "");
        assert_int_equal(rmdir(made_path(state, files[i].file)), 0);
        made_write(state, files[i].file, before);
    }
    made_write(state, "lesson.md.old", "");
    assert_int_equal(rename(made_path(state, "lesson.md"), made_path(state, "lesson.md.old")), 0);
    assert_int_equal(mkfifo(made_path(state, "lesson.md"), 0600), 0);
    assert_complains(*state, "lesson.md is no file");
    assert_int_equal(rename(made_path(state, "lesson.md.old"), made_path(state, "lesson.md")), 0);
    assert_int_equal(mkdir(made_path(state, "programs"), 0700), 0);
    made_write(state, "programs/thing.c", "int main(void) { return 0; }\n");
    assert_complains(*state, "programs/thing.c: there is no compiled program thing.elf");
    assert_int_equal(unlink(made_path(state, "wrong/other-badge.fl")), 0);
    assert_int_equal(unlink(made_path(state, "wrong/nobody-receives.fl")), 0);
    assert_int_equal(unlink(made_path(state, "wrong/rootserver-receives.fl")), 0);
    assert_complains(*state, "the lesson has no wrong attempts");
}

static void a_translation_has_the_same_ids_and_pages(void **state)
{
    static const char good[] = "# Ein Titel\n## Wer sendet?\nText.\n```goal arrived\n"
                               "say   die Nachricht kommt an\nif -> rootserver hat sie.\n```\n";
    made_write(state, "lesson.de.md", good);
    unsigned complaints;
    char *said = check(*state, &complaints);
    if (complaints) fail_msg("%s", said);
    free(said);
    made_change(state, "lesson.de.md", "goal arrived", "goal angekommen");
    assert_complains(*state, "lesson.de.md:4: lesson.md has no angekommen");
    made_write(state, "lesson.de.md", "# Ein Titel\n## Eins\n## Zwei\n");
    assert_complains(*state, "lesson.de.md:3: lesson.md has no Zwei");
    made_write(state, "lesson.de.md", "# Ein Titel\n");
    assert_complains(*state, "lesson.de.md:1: a lesson has at least one page");
    made_write(state, "lesson.de.md", good);
    made_change(state, "lesson.de.md", "Text.", "Text `massage`.");
    assert_complains(*state, "lesson.de.md:3: what is `massage`?");
}

static void a_script_that_loops_is_stopped(void **state)
{
    made_write(state, "wrong/loop.fl", "# fails arrived: nothing\nas client\nasm \"jmp $\"\n");
    assert_complains(*state, "wrong/loop.fl: ");
    made_write(state, "wrong/loop.fl", "# fails arrived: nothing\nsource wrong/loop.fl\n");
    assert_complains(*state, "wrong/loop.fl: ");
}

static void a_new_lesson_does_not_overwrite_one(void **state)
{
    char command[2 * MADE_PATH];
    snprintf(command, sizeof command, FAULTLINE_BUILD "/faultline lesson new %s 2>/dev/null",
             (const char *)*state);
    assert_int_not_equal(system(command), 0);
    a_new_lesson_is_well(state);
}

int main(void)
{
#define MADE_TEST(f) cmocka_unit_test_setup_teardown(f, made_begin, made_end)
    const struct CMUnitTest tests[] = {
        MADE_TEST(a_new_lesson_is_well),
        MADE_TEST(a_folder_without_a_lesson_is_complained_of),
        MADE_TEST(each_flaw_is_complained_of_where_it_stands),
        MADE_TEST(files_that_are_missing_or_none_are_complained_of),
        MADE_TEST(a_translation_has_the_same_ids_and_pages),
        MADE_TEST(a_script_that_loops_is_stopped),
        MADE_TEST(a_new_lesson_does_not_overwrite_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
