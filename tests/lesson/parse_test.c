/* SPDX-License-Identifier: BSD-2-Clause */
/* Lesson files: what is read, and what is refused with file and line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lesson/lesson.h"
#include "place.h"

static const char good[] = "# A title\n"
                           "minutes 7    needs compiler no    vary BADGE 0x10..0x1f default 0x12\n"
                           "## First page\n"
                           "Type {BADGE} and\nfill this paragraph.\n"
                           "    code {BADGE}   stays\n"
                           "```goal one weight 2\n"
                           "say   something happens\n"
                           "once  fault vm badge BADGE      # a comment\n"
                           "now   1 == 1\n"
                           "if    once double-fault -> it went wrong. undo\n"
                           "hint  first\n"
                           "hint  second\n"
                           "```\n"
                           "## Second page\n"
                           "```question guess weight 1 before two late\n"
                           "ask   Yes or no?\n"
                           "choice yes -> Not so.\n"
                           "choice no  *\n"
                           "```\n"
                           "```goal two\n"
                           "say   it happens again\n"
                           "at least 2 times fault vm\n"
                           "```\n";

static char above[PLACE_SIZE], folder[96];

/* Writes a lesson into it and reads it. */
static struct lesson *load(const char *text, size_t length, struct problem *p)
{
    char path[128];
    snprintf(path, sizeof path, "%s/lesson.md", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fwrite(text, 1, length, file);
    fclose(file);
    return lesson_load(folder, p);
}

static int make_folder(void **state)
{
    (void)state;
    if (place_make(above, "parse") != 0) return -1;
    snprintf(folder, sizeof folder, "%s/07-trial", above);
    return mkdir(folder, 0700);
}

static int remove_folder(void **state)
{
    (void)state;
    return place_remove(above);
}

static void a_lesson_is_read_in_order(void **state)
{
    struct problem p;
    struct lesson *l = load(good, strlen(good), &p);
    (void)state;
    if (!l) fail_msg("%s", p.text);
    assert_int_equal(l->number, 7);
    assert_int_equal(l->minutes, 7);
    assert_string_equal(l->title, "A title");
    assert_int_equal(l->item_count, 5);
    assert_string_equal(l->item[0].id, "First page");
    assert_string_equal(l->item[1].id, "one");
    assert_int_equal(l->item[1].weight, 2);
    assert_string_equal(l->item[1].holds[0], "once  fault vm badge BADGE");
    assert_string_equal(l->item[1].warning[0].when, "once double-fault");
    assert_string_equal(l->item[1].warning[0].text, "it went wrong. undo");
    assert_int_equal(l->item[1].hint_count, 2);
    assert_string_equal(l->item[2].text, "");
    assert_string_equal(l->item[3].before, "two");
    assert_true(l->item[3].late);
    assert_true(l->item[3].choice[1].right);
    assert_string_equal(l->item[4].holds[0], "at least 2 times fault vm");
    lesson_free(l);
}

static void students_have_numbers_of_their_own_within_the_range(void **state)
{
    struct problem p;
    struct lesson *l = load(good, strlen(good), &p);
    (void)state;
    assert_int_equal(l->vary[0].value, 0x12);
    lesson_draw(l, "ada");
    word_t ada = l->vary[0].value;
    assert_in_range(ada, 0x10, 0x1f);
    lesson_draw(l, "brook");
    assert_in_range(l->vary[0].value, 0x10, 0x1f);
    lesson_draw(l, "ada");
    assert_int_equal(l->vary[0].value, ada);
    lesson_free(l);
}

static void a_drawn_number_is_shown_as_its_range_is_written(void **state)
{
    static const char text[] = "# T\nvary A 5..9 default 7 vary B 0x5..0x9 default 7\n## P\nT\n";
    char filled[32];
    struct problem p;
    struct lesson *l = load(text, strlen(text), &p);
    (void)state;
    lesson_fill_in(l, "{A} {B}", filled, sizeof filled);
    assert_string_equal(filled, "7 0x7");
    lesson_free(l);
}

static void text_is_filled_and_code_is_not(void **state)
{
    struct problem p;
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    struct lesson *l = load(good, strlen(good), &p);
    (void)state;
    lesson_fill(l, out, "Goal 1 reached.", l->item[0].text);
    fclose(out);
    assert_string_equal(
        text, "  Goal 1 reached. Type 0x12 and fill this paragraph.\n      code 0x12   stays\n");
    free(text);
    lesson_free(l);
}

static void what_is_no_lesson_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text, *part;
    } table[] = {
        { "", "lesson.md:1: a lesson begins with its title" },
        { "Hello\n", "lesson.md:1: a lesson begins with its title" },
        { "# T\n", "a lesson has at least one page" },
        { "# T\nsize 5\n## P\n", "lesson.md:2: what is size" },
        { "# T\nvary X 5\n## P\n", "lesson.md:2: no range" },
        { "# T\n## P\ntext\n```game x\n```\n", "lesson.md:4: no such block: game" },
        { "# T\n## P\n```goal\n```\n", "lesson.md:3: a block needs an id" },
        { "# T\n## P\n```goal x\nsay y\n```\n", "lesson.md:5: nothing decides this goal: x" },
        { "# T\n## P\n```goal x\nonce fault\n```\n", "this block says nothing: x" },
        { "# T\n## P\n```goal x\nshout y\n```\n", "lesson.md:4: a goal has no line shout" },
        { "# T\n## P\n```goal x\nif once fault\n```\n", "lesson.md:4: no `->`" },
        { "# T\n## P\n```goal x\nsay y\nonce fault\n", "a block is not closed: x" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct problem p;
        if (load(table[i].text, strlen(table[i].text), &p)) fail_msg("taken:\n%s", table[i].text);
        if (!strstr(p.text, table[i].part)) fail_msg("%s\nis said of:\n%s", p.text, table[i].text);
    }
}

static void a_missing_file_is_refused(void **state)
{
    struct problem p;
    (void)state;
    assert_null(lesson_load("/nowhere/at-all", &p));
    assert_non_null(strstr(p.text, "/nowhere/at-all/lesson.md: No such file"));
}

static void a_lesson_cut_anywhere_or_with_any_byte_changed_does_no_harm(void **state)
{
    struct problem p;
    char text[sizeof good];
    (void)state;
    for (size_t n = 0; n < sizeof good; n++) lesson_free(load(good, n, &p));
    for (size_t n = 0; n < sizeof good - 1; n++) {
        memcpy(text, good, sizeof good);
        text[n] = "\n`# \0~"[n % 6];
        lesson_free(load(text, sizeof good - 1, &p));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lesson_is_read_in_order),
        cmocka_unit_test(students_have_numbers_of_their_own_within_the_range),
        cmocka_unit_test(a_drawn_number_is_shown_as_its_range_is_written),
        cmocka_unit_test(text_is_filled_and_code_is_not),
        cmocka_unit_test(what_is_no_lesson_is_refused_with_its_line),
        cmocka_unit_test(a_missing_file_is_refused),
        cmocka_unit_test(a_lesson_cut_anywhere_or_with_any_byte_changed_does_no_harm),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
