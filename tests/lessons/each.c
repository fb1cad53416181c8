/* SPDX-License-Identifier: BSD-2-Clause */
/* The lessons' tests are as many as there are folders. */
#include "lessons/each.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/lesson.h"
#include "part.h"

enum { TEST_NAME_SIZE = 200 };

struct list {
    const struct lesson_tests *tests;
    struct CMUnitTest *test;
    size_t lessons;
};

static void list_grow(struct list *list, size_t more)
{
    list->test = realloc(list->test, (list->lessons + more) * sizeof *list->test);
    if (!list->test) abort();
}

/* The rest of the lessons: scripts/test has them in the first build. */
static void left_out(void **state)
{
    (void)state;
    skip();
}

static void add_lesson(void *context, const char *folder)
{
    struct list *list = context;
    char name[TEST_NAME_SIZE];
    const char *slash = strrchr(folder, '/');
    if (list->tests->fits && !list->tests->fits(folder)) return;
    snprintf(name, sizeof name, "%s%s%s", list->tests->before, slash ? slash + 1 : folder,
             list->tests->after);
    list_grow(list, 1);
    bool is_left_out = !part_has(list->lessons);
    list->test[list->lessons++] =
        (struct CMUnitTest){ .name = strdup(name),
                             .test_func = is_left_out ? left_out : list->tests->test,
                             .initial_state = strdup(folder) };
}

int lesson_tests_run(const struct lesson_tests *tests, int argc, char **argv)
{
    struct list list = { .tests = tests };
    lessons_each(add_lesson, &list);
    if (!list.lessons) {
        fprintf(stderr, "%s: no lesson was found\n", tests->group);
        return 1;
    }
    list_grow(&list, tests->extra_count);
    if (tests->extra_count)
        memcpy(list.test + list.lessons, tests->extra, tests->extra_count * sizeof *tests->extra);
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    int failed = _cmocka_run_group_tests(tests->group, list.test, list.lessons + tests->extra_count,
                                         NULL, NULL);
    for (size_t i = 0; i < list.lessons; i++) {
        free(list.test[i].initial_state);
        free((void *)(uintptr_t)list.test[i].name);
    }
    free(list.test);
    return failed;
}
