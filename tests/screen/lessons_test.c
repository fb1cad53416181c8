/* SPDX-License-Identifier: BSD-2-Clause */
/* Every lesson can be done from its first page to its last goal on the screen: the lines of its solution,
 * typed as keys at 80x24, where each page is seen to its end. A person has to answer a question before anything new
 * happens, so all answers are offered in front of each line; those that fit none are refused, and that is all. */
#include "lessons/each.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sanitized.h"

#define FAULTLINE FAULTLINE_BUILD "/faultline"
enum { ANSWERS = 32, LINE = 2000, PATH = 600 };

static void put_keys(const char *line, FILE *out)
{
    for (; *line && *line != '\n'; line++) *line == '<' ? fputs("<Less>", out) : fputc(*line, out);
    fputs("<Enter>\n", out);
}

static bool is_line(const char *line)
{
    return *line != '#' && *line != '\n';
}

/* The solution as keys. */
static void write_keys(const char *folder, FILE *out)
{
    char path[PATH], line[LINE], answer[ANSWERS][LINE];
    unsigned answers = 0;
    snprintf(path, sizeof path, "%s/solution.fl", folder);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    while (fgets(line, sizeof line, in))
        if (strncmp(line, "answer ", 7) == 0 && answers < ANSWERS) strcpy(answer[answers++], line);
    rewind(in);
    fputs("<Esc><screen>\n:\n", out);
    while (fgets(line, sizeof line, in)) {
        if (!is_line(line) || strncmp(line, "answer ", 7) == 0) continue;
        for (unsigned i = 0; i < answers; i++) put_keys(answer[i], out);
        put_keys(line, out);
        fputs("<Esc><Esc><screen>\n:\n", out);
    }
    fclose(in);
}

static void lesson_can_be_done_on_the_screen(void **state)
{
    const char *folder = *state;
    char keys[] = "/tmp/faultline-keys-XXXXXX", command[PATH * 2], row[LINE], top[LINE] = "";
    if (SANITIZED) skip(); /* the same code runs in the other builds, and in time */
    FILE *out = fdopen(mkstemp(keys), "w");
    assert_non_null(out);
    write_keys(folder, out);
    assert_int_equal(fclose(out), 0);
    snprintf(command, sizeof command,
             FAULTLINE " --screen lesson %s --keys %s --dump-screen --size 80x24 --ascii", folder,
             keys);
    FILE *screen = popen(command, "r");
    assert_non_null(screen);
    while (fgets(row, sizeof row, screen)) {
        if (strstr(row, " without MCS ")) strcpy(top, row);
        if (strstr(row, "shows all of it")) fail_msg("a page is cut: %s", top);
    }
    assert_int_equal(pclose(screen), 0);
    unlink(keys);
    if (strstr(top, " goal ") || !strstr(top, " goals ")) fail_msg("goals are open: %s", top);
}

/* A lesson of the test's own, as the screen shows it once `keys` were typed. */
static void show_made_lesson(const char *page, const char *keys, char *text, size_t size)
{
    char folder[] = "/tmp/faultline-page-XXXXXX", path[PATH], command[PATH * 3];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/lesson.md", folder);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(page, out);
    assert_int_equal(fclose(out), 0);
    snprintf(command, sizeof command,
             "touch %s/setup.fl; printf '%s' > %s/keys; " FAULTLINE
             " --screen lesson %s --keys %s/keys --dump-screen "
             "--size 80x24 --ascii; rm -r %s",
             folder, keys, folder, folder, folder, folder);
    FILE *screen = popen(command, "r");
    assert_non_null(screen);
    text[fread(text, 1, size - 1, screen)] = '\0';
    assert_int_equal(pclose(screen), 0);
}

static void assert_shows(const char *text, const char *part)
{
    if (!strstr(text, part)) fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void what_is_to_be_typed_has_a_line_of_its_own(void **state)
{
    (void)state;
    char text[8000];
    if (SANITIZED) skip();
    show_made_lesson("# A lesson with a title that is nearly as long as a row\n## Page\n"
                     "Words of a line that is full, and that is why it goes on in the\nnext.\n"
                     "    asm \"mov eax, 100; xor edx, edx; xor ecx, ecx; div ecx\"\n"
                     "    as rootserver\n"
                     "```question q before g\nask   This question is behind the words that help\n"
                     "choice this_one_or_nothing *\nchoice another_one_or_nothing -> No.\n```\n"
                     "```goal g\nsay   a goal with words behind it\nnow   1 == 2\n```\n",
                     "<Esc>\n<screen>\n", text, sizeof text);
    assert_shows(text, "goes on in the next. ");
    assert_shows(text, "div ecx\"   ");
    assert_shows(text, "|     as rootserver   ");
    assert_shows(text, "solution  help--");
    assert_shows(text, "| Guess: This question");
    assert_shows(text, "lesson  @0"); /* in the title */
}

static void no_choice_is_broken(void **state)
{
    (void)state;
    char text[16000];
    if (SANITIZED) skip();
    show_made_lesson("# A lesson\n## Page\nWords.\n"
                     "```question q before g\nask   Which of these?\n"
                     "choice seL4_InvalidCapability *\nchoice seL4_FailedLookup -> No.\n"
                     "choice seL4_DeleteFirst -> No.\nchoice nothing -> No.\n```\n"
                     "```goal g\nsay   a goal\nnow   1 == 2\n```\n",
                     "<Esc><118x40>\n<screen>\n", text, sizeof text);
    assert_shows(text, "answer seL4_InvalidCapability | answer seL4_FailedLookup |");
    assert_shows(text, "  answer seL4_DeleteFirst | answer nothing ");
    show_made_lesson("# A lesson\n## Page\nWords.\n"
                     "```question q before g\nask   Which of these?\n"
                     "choice copy_it *\nchoice move_it -> No.\n"
                     "choice delete_it -> No.\nchoice mutate -> No.\n```\n"
                     "```goal g\nsay   a goal\nnow   1 == 2\n```\n",
                     "<Esc><110x40>\n<screen>\n", text, sizeof text);
    assert_shows(text, "answer copy_it | answer move_it | answer delete_it |  ");
    assert_shows(text, "  answer mutate ");
}

/* They would go on with the next lesson for ever. */
static void keys_of_a_file_are_pressed_once(void **state)
{
    (void)state;
    if (SANITIZED) skip();
    assert_int_equal(system("k=$(mktemp); echo ':lesson 2<Enter>' >$k; timeout 600 " FAULTLINE
                            " --screen --keys $k --dump-screen lesson 1 >/dev/null; s=$?; "
                            "rm $k; exit $s"),
                     0);
}

static void who_sees_half_a_page_is_told_how_to_see_all(void **state)
{
    (void)state;
    char text[16000], page[1000] = "# A lesson\n## Page\nWords.\n";
    if (SANITIZED) skip();
    for (unsigned i = 0; i < 14; i++) strcat(page, "    threads\n");
    strcat(page, "```goal g\nsay   a goal\nnow   1 == 2\n```\n");
    show_made_lesson(page, "<Esc><screen>\n", text, sizeof text);
    assert_shows(text, "-lesson (`task` shows all of it)----hint  goals  undo  reset");
    show_made_lesson(page, "<Esc><100x30><screen>\n", text, sizeof text);
    assert_null(strstr(text, "shows all of it"));
    assert_shows(text, "-hint  goals  undo  reset  solution  help--");
}

/* Until then message and threads have more rows than they need. */
static void a_page_comes_before_the_message(void **state)
{
    (void)state;
    char text[16000];
    if (SANITIZED) skip();
    show_made_lesson(
        "# A lesson\n## Page\nWords.\n    as s\n    nbsend e\n    threads\n    threads\n"
        "    threads\n    threads\n    threads\n    threads\n    threads\n    threads\n"
        "```goal g\nsay   a goal\nnow   1 == 2\n```\n",
        "<Esc><screen>\n", text, sizeof text);
    assert_shows(text, "Goal 1: a goal.");
    assert_null(strstr(text, "No message has arrived"));
}

static void a_page_that_is_in_its_pane_is_not_told_as_well(void **state)
{
    (void)state;
    char text[16000];
    if (SANITIZED) skip();
    show_made_lesson(
        "# A lesson\n## Page\nWords.\n```goal g\nsay   a goal\nnow   rootserver.prio == 7\n```\n"
        "## Second page\nThis one\n    threads\n    threads\n"
        "has lines.\n```goal h\nsay   another\nnow   1 == 2\n```\n",
        ":setprio rootserver 7<Enter><screen>\n", text, sizeof text);
    assert_shows(text, "Goal 1 reached. Second page.");
    assert_shows(text, "| This one ");
    assert_null(strstr(strstr(text, "This one") + 1, "This one"));
}

static void a_phase_is_told_beside_the_page(void **state)
{
    (void)state;
    char text[16000];
    if (SANITIZED) skip();
    show_made_lesson("# A lesson\n## Page\nWords.\n```goal g\nsay   a goal\nnow   1 == 2\n```\n",
                     ":slowly seL4_Yield()<Enter><screen>\n", text, sizeof text);
    assert_shows(text, "-what the kernel did-");
    assert_shows(text, "| rootserver enters the kernel");
    assert_shows(text, "| Words.");
}

/* What the screen shows of a lesson of the course before anything is done. */
static void show_lesson(const char *number_and_size, char *text, size_t size)
{
    char command[PATH];
    snprintf(command, sizeof command,
             "k=$(mktemp); echo '<Esc><screen>' >$k; " FAULTLINE
             " --screen --keys $k --dump-screen lesson %s; rm $k",
             number_and_size);
    FILE *screen = popen(command, "r");
    assert_non_null(screen);
    text[fread(text, 1, size - 1, screen)] = '\0';
    assert_int_equal(pclose(screen), 0);
}

/* Rows below it stood empty while the last line of the first page did not fit. */
static void a_wide_screen_shows_a_page_to_its_end(void **state)
{
    (void)state;
    char text[16000];
    if (SANITIZED) skip();
    show_lesson("10 --size 120x40", text, sizeof text);
    assert_shows(text, "answer anna | answer ben | answer both");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest extra[] = {
        cmocka_unit_test(what_is_to_be_typed_has_a_line_of_its_own),
        cmocka_unit_test(no_choice_is_broken),
        cmocka_unit_test(keys_of_a_file_are_pressed_once),
        cmocka_unit_test(who_sees_half_a_page_is_told_how_to_see_all),
        cmocka_unit_test(a_page_comes_before_the_message),
        cmocka_unit_test(a_page_that_is_in_its_pane_is_not_told_as_well),
        cmocka_unit_test(a_phase_is_told_beside_the_page),
        cmocka_unit_test(a_wide_screen_shows_a_page_to_its_end),
    };
    const struct lesson_tests tests = { .group = "lessons",
                                        .before = "",
                                        .after = "_can_be_done_on_the_screen",
                                        .test = lesson_can_be_done_on_the_screen,
                                        .extra = extra,
                                        .extra_count = sizeof extra / sizeof *extra };
    return lesson_tests_run(&tests, argc, argv);
}
