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
#include "course/skeleton.h"
#include "part.h"

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
        { "lesson.md", "default 0x42", "default 0x42    vary server 1..9 default 1", "lesson.md: vary server: a thread is called that, too" },
        { "lesson.md", "default 0x42", "default 0x42    vary ep 1..9 default 1", "setup.fl:2: `ep` is a variable already" },
        { "lesson.md", "default 0x42", "default 0x42    vary server_tcb 1..9 default 1", "lesson.md: vary server_tcb: " },
        { "lesson.md", "default 0x42", "default 0x42    vary seL4_Fault_VMFault 1..9 default 1", "lesson.md: vary seL4_Fault_VMFault: `seL4_Fault_VMFault` is a constant of libsel4" },
        { "setup.fl", "new endpoint ep", "new endpoint ep\nBADGE = 9", "lesson.md: vary BADGE: the lesson's commands set it" },
        { "setup.fl", "new endpoint ep", "new endpiont ep", "the lesson does not open" },
        { "solution.fl", "recv ep", "recv pe", "solution.fl:4: the solution stops: " },
        { "solution.fl", "badge BADGE", "badge 0x42", "(with --variant student-" },
        { "solution.fl", "send ep words 7", "", "the solution stops" },
        { "wrong/nobody-receives.fl", "# fails arrived: ", "# fails arrived", "wrong/nobody-receives.fl:1: a wrong attempt begins with" },
        { "wrong/nobody-receives.fl", "arrived", "departed", "wrong/nobody-receives.fl:1: the lesson has no goal departed" },
        { "wrong/nobody-receives.fl", "Nobody", "Somebody", "nobody says: Somebody waits at ep" },
        { "wrong/nobody-receives.fl", "send ep", "sent ep", "wrong/nobody-receives.fl:4: a wrong attempt runs to its end, and this stops: there is no command `sent`" },
        { "lesson.md", "thread client receiver server", "thread klient receiver server", "lesson.md:20: this asks for nothing: no thread is called `klient`" },
        { "lesson.md", "once  ipc", "once  ipcc", "lesson.md:20: this asks for nothing: `ipcc` is no event" },
        { "lesson.md", "badge BADGE", "badje BADGE", "lesson.md:20: this asks for nothing: `badje` is no part of an event" },
        { "lesson.md", "if    client.state", "if    klient.state", "lesson.md:22: this asks for nothing: " },
        { "lesson.md", "once  ipc thread client", "never double-fault and once ipc thread klient", "lesson.md:20: this asks for nothing: " },
        { "lesson.md", "weight 2", "weight two", "lesson.md:18: no such number: two" },
        { "lesson.md", "weight 2", "weight -1", "lesson.md:18: no such number: -1" },
        { "lesson.md", "minutes 5", "minutes soon", "lesson.md:2: no such number: soon" },
        { "lesson.md", "needs compiler no", "needs compiler maybe", "lesson.md:2: who needs what? compiler" },
        { "lesson.md", "goal arrived", "goal", "lesson.md:18: a block needs an id, not weight" },
        { "lesson.md", "it trusts.\n```\n", "it trusts.\n", "lesson.md:17: another block begins before the end of says" },
        { "lesson.md", "```goal", "```\n```goal", "lesson.md:18: no block is open that could end here" },
        { "lesson.md", "## Who", "## Nobody\n## Who", "lesson.md:3: the page Nobody is empty" },
        { "setup.fl", "new endpoint ep", "new endpiont ep", "the lesson does not open: setup.fl:2: " },
        { "wrong/other-badge.fl", "BADGE+1", "BADGE", "wrong/other-badge.fl: it reaches all goals" },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof flaws / sizeof *flaws; i++) {
        char before[MADE_TEXT];
        if (!part_has(i)) continue;
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

static void put(const char *path, const void *bytes, size_t size)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, size, out), size);
    assert_int_equal(fclose(out), 0);
}

static void what_is_no_small_file_is_complained_of_and_not_read(void **state)
{
    unsigned complaints;
    assert_int_equal(mkfifo(made_path(state, "wrong/pipe.fl"), 0600), 0);
    assert_int_equal(symlink("loop.fl", made_path(state, "wrong/loop.fl")), 0);
    assert_complains(*state, "wrong/pipe.fl: this is no file");
    assert_complains(*state, "wrong/loop.fl: Too many levels");
    assert_int_equal(unlink(made_path(state, "wrong/pipe.fl")), 0);
    assert_int_equal(unlink(made_path(state, "wrong/loop.fl")), 0);
    assert_int_equal(truncate(made_path(state, "solution.fl"), 100 << 20), 0);
    assert_complains(*state, "solution.fl: this is more than 1 MiB");
    assert_int_equal(unlink(made_path(state, "setup.fl")), 0);
    assert_int_equal(mkfifo(made_path(state, "setup.fl"), 0600), 0);
    char *said = check(*state, &complaints);
    assert_non_null(strstr(said, "setup.fl: this is no file"));
    assert_int_equal(complaints, 2);
    free(said);
}

static void a_folder_is_named_so_that_progress_can_say_it(void **state)
{
    char other[2 * MADE_PATH];
    struct problem p;
    assert_false(lesson_new("/tmp/31 made", &p));
    assert_false(lesson_new("/tmp/31-m\xc3\xa4rz", &p));
    snprintf(other, sizeof other, "%s of mine", (const char *)*state);
    assert_int_equal(rename(*state, other), 0);
    assert_complains(other, "a lesson's folder is named with letters");
    assert_int_equal(rename(other, *state), 0);
}

static void a_set_up_that_fails_is_the_only_complaint(void **state)
{
    unsigned complaints;
    made_write(state, "setup.fl", "new endpoint ep\nnew nothing x\n");
    char *said = check(*state, &complaints);
    assert_non_null(strstr(said, "the lesson does not open: setup.fl:2: "));
    assert_int_equal(complaints, 1);
    free(said);
}

static void files_of_other_editors_are_read_or_refused_as_no_text(void **state)
{
    static const char *const files[] = { "lesson.md", "setup.fl", "solution.fl" };
    char before[MADE_TEXT];
    unsigned complaints;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char marked[MADE_TEXT + 3] = "\xef\xbb\xbf", *at = marked + 3;
        strcpy(before, made_read(state, files[i]));
        for (const char *from = before; *from; *at++ = *from++)
            if (*from == '\n') *at++ = '\r';
        put(made_path(state, files[i]), marked, (size_t)(at - marked));
    }
    char *said = check(*state, &complaints);
    if (complaints) fail_msg("%s", said);
    free(said);
    put(made_path(state, "solution.fl"), "as server\0\n", 11);
    assert_complains(*state, "solution.fl:1: the solution stops: this is no line of text");
    put(made_path(state, "lesson.md"), "# A title\n## A\0page\n", 20);
    assert_complains(*state, "lesson.md:2: a NUL: this is no text");
}

static void a_translation_has_the_same_ids_and_pages(void **state)
{
    static const char good[] = "# Ein Titel\n## Wer sendet?\nText.\n```goal arrived\n"
                               "say   die Nachricht kommt an\nif -> rootserver hat sie.\n"
                               "if -> Niemand wartet.\nif -> Das Badge ist anders.\n```\n";
    made_write(state, "lesson.de.md", good);
    unsigned complaints;
    char *said = check(*state, &complaints);
    if (complaints) fail_msg("%s", said);
    free(said);
    made_change(state, "lesson.de.md", "if -> Niemand wartet.\n", "");
    assert_complains(*state, "lesson.de.md:4: not the `if` or `hint` lines of lesson.md: arrived");
    made_write(state, "lesson.de.md", good);
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
    made_write(state, "wrong/loop.fl", "# fails arrived: nothing\nsource wrong/loop.fl\n");
    assert_complains(*state, "wrong/loop.fl");
    if (!part_is_whole()) return; /* the limit is far */
    made_write(state, "wrong/loop.fl",
               "# fails arrived: nothing\nas client\nasm \"jmp 0x7ff000\"\ncontinue\n");
    assert_complains(*state,
                     "wrong/loop.fl: a wrong attempt runs to its end, and this stops at the limit");
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
        MADE_TEST(what_is_no_small_file_is_complained_of_and_not_read),
        MADE_TEST(a_folder_is_named_so_that_progress_can_say_it),
        MADE_TEST(a_set_up_that_fails_is_the_only_complaint),
        MADE_TEST(files_of_other_editors_are_read_or_refused_as_no_text),
        MADE_TEST(a_translation_has_the_same_ids_and_pages),
        MADE_TEST(a_script_that_loops_is_stopped),
        MADE_TEST(a_new_lesson_does_not_overwrite_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
