/* SPDX-License-Identifier: BSD-2-Clause */
/* Every lesson can be done from its first page to its last goal on the screen: the lines of its solution,
 * typed as keys at 80x24. A person has to answer a question before anything new happens, so all answers
 * are offered in front of each line; those that fit none are refused, and that is all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lesson/lesson.h"
#include "sanitized.h"

#define FAULTLINE FAULTLINE_BUILD "/faultline"
enum { LESSONS_MAX = 64, ANSWERS = 32, LINE = 2000, PATH = 600 };

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
    fputs(":\n", out);
    while (fgets(line, sizeof line, in)) {
        if (!is_line(line) || strncmp(line, "answer ", 7) == 0) continue;
        for (unsigned i = 0; i < answers; i++) put_keys(answer[i], out);
        put_keys(line, out);
    }
    fputs("<screen>\n", out);
    fclose(in);
}

static void lesson_can_be_done_on_the_screen(void **state)
{
    const char *folder = *state;
    char keys[] = "/tmp/faultline-keys-XXXXXX", command[PATH * 2], top[LINE] = "";
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
    assert_non_null(fgets(top, sizeof top, screen));
    while (fgets(command, sizeof command, screen)) continue;
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
    assert_shows(text, "solution  help   ");
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

/* They would go on with the next lesson for ever. */
static void keys_of_a_file_are_pressed_once(void **state)
{
    (void)state;
    if (SANITIZED) skip();
    assert_int_equal(system("k=$(mktemp); echo ':lesson 2<Enter>' >$k; timeout 20 " FAULTLINE
                            " --screen --keys $k --dump-screen lesson 1 >/dev/null; s=$?; "
                            "rm $k; exit $s"),
                     0);
}

static void who_sees_half_a_page_is_told_how_to_see_all(void **state)
{
    (void)state;
    char text[16000];
    if (SANITIZED) skip();
    show_lesson("17 --size 80x24", text, sizeof text);
    assert_shows(text, "lesson (`task` shows all of it)");
    show_lesson("17 --size 120x40", text, sizeof text);
    assert_null(strstr(text, "shows all of it"));
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

struct list {
    size_t count;
    struct CMUnitTest test[LESSONS_MAX];
};

static void add_lesson(void *context, const char *folder)
{
    struct list *list = context;
    const char *slash = strrchr(folder, '/');
    char name[128];
    if (list->count == LESSONS_MAX) abort();
    snprintf(name, sizeof name, "%.60s_can_be_done_on_the_screen", slash ? slash + 1 : folder);
    list->test[list->count++] = (struct CMUnitTest){ .name = strdup(name),
                                                     .test_func = lesson_can_be_done_on_the_screen,
                                                     .initial_state = strdup(folder) };
}

int main(void)
{
    static struct list list;
    list.test[list.count++] =
        (struct CMUnitTest)cmocka_unit_test(what_is_to_be_typed_has_a_line_of_its_own);
    list.test[list.count++] = (struct CMUnitTest)cmocka_unit_test(no_choice_is_broken);
    list.test[list.count++] = (struct CMUnitTest)cmocka_unit_test(keys_of_a_file_are_pressed_once);
    list.test[list.count++] =
        (struct CMUnitTest)cmocka_unit_test(who_sees_half_a_page_is_told_how_to_see_all);
    list.test[list.count++] =
        (struct CMUnitTest)cmocka_unit_test(a_wide_screen_shows_a_page_to_its_end);
    lessons_each(add_lesson, &list);
    if (list.count < 6) return 1;
    int failed = _cmocka_run_group_tests("lessons", list.test, list.count, NULL, NULL);
    for (size_t i = 0; i < list.count; i++) {
        if (!list.test[i].initial_state) continue;
        free(list.test[i].initial_state);
        free((void *)(uintptr_t)list.test[i].name);
    }
    return failed;
}
