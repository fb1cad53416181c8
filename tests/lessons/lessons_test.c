/* SPDX-License-Identifier: BSD-2-Clause */
/* Every lesson: its solution reaches all goals, each wrong attempt fails at the goal and with the words
 * that its first line names, each `if` line is provoked by one of them, pages fit the terminal. */
#include "lessons/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "world/share.h"

enum {
    TESTS_MAX = 1024,
    PAGE_LINES = 12,
    PAGE_COLUMNS = 78,
    GOAL_COLUMNS = 66,
    PATH_SIZE = 600,
    VARIANTS = 5
};

/* One test: a lesson, and a wrong attempt in it or none. */
struct subject {
    char folder[PATH_SIZE], script[PATH_SIZE];
};

/* ---- Solutions ---- */

static void solution_reaches_every_goal(void **state)
{
    const struct subject *t = *state;
    struct play p = play_script(t->folder, "solution.fl", NULL);
    if (p.outcome != OUTCOME_DONE || !p.done) fail_msg("open goal \"%s\": %s", p.goal, p.said);
    play_free(&p);
}

static void solution_does_not_depend_on_the_student(void **state)
{
    const struct subject *t = *state;
    char variant[32];
    for (unsigned i = 0; i < VARIANTS; i++) {
        snprintf(variant, sizeof variant, "student %u", i);
        struct play p = play_script(t->folder, "solution.fl", variant);
        if (p.outcome != OUTCOME_DONE || !p.done) fail_msg("%s: %s", variant, p.said);
        play_free(&p);
    }
}

static void solution_played_twice_gives_the_same_machine_and_text(void **state)
{
    const struct subject *t = *state;
    struct play a = play_script(t->folder, "solution.fl", NULL),
                b = play_script(t->folder, "solution.fl", NULL);
    assert_int_equal(a.hash, b.hash);
    assert_string_equal(a.said, b.said);
    play_free(&a);
    play_free(&b);
}

/* ---- Wrong attempts ---- */

/* "# fails GOAL: words", the first line of a wrong attempt. */
static void read_claim(const struct subject *t, char goal[64], char words[256])
{
    char path[2 * PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", t->folder, t->script);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    int found = fscanf(file, "# fails %63[^:]: %255[^\n]", goal, words);
    fclose(file);
    if (found != 2) fail_msg("%s begins without `# fails GOAL: words`", path);
}

static void wrong_attempt_fails_as_it_says(void **state)
{
    const struct subject *t = *state;
    char goal[64], words[256];
    read_claim(t, goal, words);
    struct play p = play_script(t->folder, t->script, NULL);
    if (p.outcome != OUTCOME_DONE) fail_msg("%s is no script: %s", t->script, p.said);
    assert_string_equal(p.goal, goal);
    if (!strstr(p.said, words)) fail_msg("nobody said \"%s\": %s", words, p.said);
    play_free(&p);
}

/* ---- `if` lines ---- */

struct provoked {
    const char *folder;
    const struct lesson *lesson;
    bool said[LESSON_ITEMS][GOAL_WARNINGS];
};

/* The text as a reader gets it: numbers of the lesson filled in. */
static char *text_as_read(const struct lesson *lesson, const char *text)
{
    char *read;
    size_t size;
    FILE *out = open_memstream(&read, &size);
    lesson_fill(lesson, out, "", text);
    fclose(out);
    squeeze(read);
    return read;
}

static void mark_provoked(void *context, const char *name)
{
    struct provoked *found = context;
    char script[PATH_SIZE];
    snprintf(script, sizeof script, "wrong/%s", name);
    struct play p = play_script(found->folder, script, NULL);
    for (unsigned i = 0; i < found->lesson->item_count; i++) {
        const struct item *goal = &found->lesson->item[i];
        for (unsigned w = 0; w < goal->warning_count; w++) {
            char *text = text_as_read(found->lesson, goal->warning[w].text);
            found->said[i][w] |= strstr(p.said, text) != NULL;
            free(text);
        }
    }
    play_free(&p);
}

static void every_if_line_is_provoked_by_a_wrong_attempt(void **state)
{
    const struct subject *t = *state;
    struct problem problem;
    char wrong[2 * PATH_SIZE];
    struct lesson *lesson = lesson_load(t->folder, &problem);
    struct provoked found = { .folder = t->folder, .lesson = lesson };
    assert_non_null(lesson);
    snprintf(wrong, sizeof wrong, "%s/wrong", t->folder);
    play_each(wrong, ".fl", mark_provoked, &found);
    for (unsigned i = 0; i < lesson->item_count; i++)
        for (unsigned w = 0; w < lesson->item[i].warning_count; w++)
            if (!found.said[i][w])
                fail_msg("goal %s: nobody provokes \"%s\"", lesson->item[i].id,
                         lesson->item[i].warning[w].text);
    lesson_free(lesson);
}

/* Who does it right is not scolded on the way. */
static void solution_provokes_no_if_line(void **state)
{
    const struct subject *t = *state;
    struct problem problem;
    struct lesson *lesson = lesson_load(t->folder, &problem);
    assert_non_null(lesson);
    struct play p = play_script(t->folder, "solution.fl", NULL);
    for (unsigned i = 0; i < lesson->item_count; i++) {
        for (unsigned w = 0; w < lesson->item[i].warning_count; w++) {
            char *text = text_as_read(lesson, lesson->item[i].warning[w].text);
            if (strstr(p.said, text)) fail_msg("%s is provoked by the solution: %s", text, p.said);
            free(text);
        }
    }
    play_free(&p);
    lesson_free(lesson);
}

/* ---- Pages ---- */

static void pages_fit_the_terminal(void **state)
{
    const struct subject *t = *state;
    struct problem problem;
    struct lesson *lesson = lesson_load(t->folder, &problem);
    if (!lesson) fail_msg("%s", problem.text);
    for (unsigned i = 0; i < lesson->item_count; i++) {
        unsigned lines = 0;
        if (lesson->item[i].kind == ITEM_GOAL && strlen(lesson->item[i].text) > GOAL_COLUMNS)
            fail_msg("goal %s: too long: %s", lesson->item[i].id, lesson->item[i].text);
        if (lesson->item[i].kind != ITEM_PAGE) continue;
        for (const char *at = lesson->item[i].text; *at; lines++) {
            size_t n = strcspn(at, "\n");
            if (n > PAGE_COLUMNS) fail_msg("%s: too wide: %.*s", lesson->item[i].id, (int)n, at);
            at += n + (at[n] == '\n');
        }
        if (lines > PAGE_LINES) fail_msg("%s has %u lines", lesson->item[i].id, lines);
    }
    lesson_free(lesson);
}

/* ---- The list of tests ---- */

struct list {
    const char *lessons; /* the folder of folders */
    const char *lesson;
    size_t count;
    struct CMUnitTest test[TESTS_MAX];
};

static void add(struct list *list, CMUnitTestFunction test, const char *script, const char *name)
{
    struct subject *t = calloc(1, sizeof *t);
    char title[2 * PATH_SIZE];
    if (!t || list->count == TESTS_MAX) abort();
    snprintf(t->folder, sizeof t->folder, "%s/%s", list->lessons, list->lesson);
    if (script) snprintf(t->script, sizeof t->script, "wrong/%s", script);
    snprintf(title, sizeof title, "%s%s%s_%s", list->lesson, script ? "/" : "",
             script ? script : "", name);
    list->test[list->count++] =
        (struct CMUnitTest){ .name = strdup(title), .test_func = test, .initial_state = t };
}

static void add_wrong(void *context, const char *name)
{
    add(context, wrong_attempt_fails_as_it_says, name, "fails_as_it_says");
}

#define ADD(list, test) add(list, test, NULL, #test)

static void add_lesson(void *context, const char *name)
{
    struct list *list = context;
    char wrong[2 * PATH_SIZE];
    list->lesson = name;
    ADD(list, solution_reaches_every_goal);
    ADD(list, solution_does_not_depend_on_the_student);
    ADD(list, solution_played_twice_gives_the_same_machine_and_text);
    ADD(list, solution_provokes_no_if_line);
    ADD(list, every_if_line_is_provoked_by_a_wrong_attempt);
    ADD(list, pages_fit_the_terminal);
    snprintf(wrong, sizeof wrong, "%s/%s/wrong", list->lessons, name);
    play_each(wrong, ".fl", add_wrong, list);
}

/* An argument chooses tests: `lessons_test '05-*'`. */
int main(int argc, char **argv)
{
    static struct list list;
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    char share[PATH_SIZE - 64], lessons[PATH_SIZE];
    if (!share_directory(share, sizeof share)) return 1;
    snprintf(lessons, sizeof lessons, "%s/lessons", share);
    list.lessons = lessons;
    play_each(lessons, "", add_lesson, &list);
    int failed = _cmocka_run_group_tests("lessons", list.test, list.count, NULL, NULL);
    for (size_t i = 0; i < list.count; i++) {
        free(list.test[i].initial_state);
        free((void *)(uintptr_t)list.test[i].name);
    }
    return failed;
}
