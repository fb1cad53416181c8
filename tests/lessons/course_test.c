/* SPDX-License-Identifier: BSD-2-Clause */
/* docs/course.md says of each lesson what its folder says, and of each pitfall where it is treated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/lesson.h"

enum { LESSONS = 22, PITFALLS = 38, TABLE_MAX = 1 << 16 };

static char *read_table(void)
{
    char *text = calloc(1, TABLE_MAX);
    FILE *in = fopen("docs/course.md", "r");
    assert_non_null(text);
    assert_non_null(in);
    size_t n = fread(text, 1, TABLE_MAX - 1, in);
    fclose(in);
    assert_true(n < TABLE_MAX - 1);
    return text;
}

/* Whether a lesson has programs in C or assembly. */
static bool has_programs(const struct lesson *lesson)
{
    char path[700];
    snprintf(path, sizeof path, "%s/programs", lesson->folder);
    DIR *d = opendir(path);
    if (d) closedir(d);
    return d != NULL;
}

/* The row of a table that begins so, up to the end of its line; NULL: there is none. */
static const char *row_of(const char *table, const char *start, char row[400])
{
    const char *at = strstr(table, start);
    if (at) snprintf(row, 400, "%.*s", (int)strcspn(at + 1, "\n"), at + 1);
    return at ? row : NULL;
}

static const char *last_cell(const char *row)
{
    const char *cell = row + strlen(row);
    for (unsigned bars = 0; cell > row; cell--) {
        bars += *cell == '|';
        if (bars == 2) break;
    }
    return cell + 1;
}

static void each_lesson_has_a_row_with_its_title_and_minutes(void **state)
{
    (void)state;
    char *table = read_table(), start[300], number[16], folder[600], row[400];
    struct problem p;
    for (unsigned i = 1; i <= LESSONS; i++) {
        snprintf(number, sizeof number, "%u", i);
        if (!lesson_find(number, folder, sizeof folder, &p)) continue;
        struct lesson *lesson = lesson_load(folder, &p);
        if (!lesson) fail_msg("%s", p.text);
        snprintf(start, sizeof start, "\n| %u | %s | %u |", i, lesson->title, lesson->minutes);
        if (!row_of(table, start, row)) fail_msg("docs/course.md has no row%s", start);
        if (has_programs(lesson) != (strchr(last_cell(row), 'C') != NULL))
            fail_msg("which languages? %s", row);
        lesson_free(lesson);
    }
    free(table);
}

static void each_pitfall_has_a_row_and_a_lesson_or_a_reason(void **state)
{
    (void)state;
    char *table = read_table(), start[16], row[400];
    const char *second = strstr(table, "| pitfall |");
    assert_non_null(second);
    for (unsigned i = 1; i <= PITFALLS; i++) {
        snprintf(start, sizeof start, "\n| %u |", i);
        if (!row_of(second, start, row)) fail_msg("pitfall %u has no row", i);
        const char *where = last_cell(row);
        unsigned lesson;
        bool has_lesson = sscanf(where, " %u", &lesson) == 1 && lesson >= 1 && lesson <= LESSONS;
        if (!has_lesson && !strstr(where, " none: ")) fail_msg("pitfall %u: %s", i, where);
    }
    free(table);
}

static void differs(const char *where, const char *here, const char *there)
{
    if (here && *here && there && strcmp(here, there) == 0)
        fail_msg("%s: still English: %s", where, here);
}

static void compare_texts(const struct lesson *lesson, const struct lesson *english)
{
    differs(lesson->folder, lesson->title, english->title);
    for (unsigned i = 0; i < lesson->item_count; i++) {
        const struct item *here = &lesson->item[i], *there = &english->item[i];
        differs(lesson->folder, here->text, there->text);
        differs(lesson->folder, here->noted, there->noted);
        for (unsigned n = 0; n < here->warning_count; n++)
            differs(lesson->folder, here->warning[n].text, there->warning[n].text);
        for (unsigned n = 0; n < here->choice_count; n++)
            differs(lesson->folder, here->choice[n].text, there->choice[n].text);
    }
}

static void count_german(void *context, const char *folder)
{
    struct problem p;
    unsigned *count = context;
    if (lesson_lacks_language(folder, "de")) return;
    struct lesson *lesson = lesson_load(folder, &p), *english = lesson_load(folder, &p);
    assert_true(lesson && english && lesson_translate(lesson, "de", &p));
    compare_texts(lesson, english);
    lesson_free(lesson);
    lesson_free(english);
    ++*count;
}

static void the_first_three_lessons_are_wholly_in_german_too(void **state)
{
    (void)state;
    unsigned count = 0;
    lessons_each(count_german, &count);
    assert_true(count >= 3);
}

static void find_exact(void *context, const char *folder)
{
    struct problem p;
    struct lesson *lesson = lesson_load(folder, &p);
    assert_non_null(lesson);
    for (unsigned i = 0; i < lesson->item_count; i++) {
        const struct item *item = &lesson->item[i];
        for (unsigned n = 0; n < item->holds_count; n++)
            if (isdigit((unsigned char)*item->holds[n]))
                fail_msg("%s, goal %s: %s", folder, item->id, item->holds[n]);
        for (unsigned n = 0; n < item->warning_count; n++)
            if (isdigit((unsigned char)*item->warning[n].when))
                fail_msg("%s, goal %s: if %s", folder, item->id, item->warning[n].when);
    }
    lesson_free(lesson);
    ++*(unsigned *)context;
}

/* Who tries something once more than the page says must not be stuck. */
static void no_goal_can_be_overshot(void **state)
{
    unsigned count = 0;
    (void)state;
    lessons_each(find_exact, &count);
    assert_int_equal(count, LESSONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_lesson_has_a_row_with_its_title_and_minutes),
        cmocka_unit_test(the_first_three_lessons_are_wholly_in_german_too),
        cmocka_unit_test(no_goal_can_be_overshot),
        cmocka_unit_test(each_pitfall_has_a_row_and_a_lesson_or_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
