/* SPDX-License-Identifier: BSD-2-Clause */
/* Every lesson keeps what the format promises (course/check.h): its solution, wrong attempts, texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "course/check.h"
#include "lesson/lesson.h"

enum { LESSONS_MAX = 128 };

static void lesson_passes_its_check(void **state)
{
    char *said;
    size_t size;
    FILE *out = open_memstream(&said, &size);
    assert_non_null(out);
    unsigned complaints = lesson_check(*state, out);
    fclose(out);
    if (complaints) fail_msg("%s", said);
    free(said);
}

struct list {
    size_t count;
    struct CMUnitTest test[LESSONS_MAX];
};

static void add_lesson(void *context, const char *folder)
{
    struct list *list = context;
    char name[128];
    const char *slash = strrchr(folder, '/');
    if (list->count == LESSONS_MAX) abort();
    snprintf(name, sizeof name, "lesson_%.60s_passes_its_check", slash ? slash + 1 : folder);
    list->test[list->count++] = (struct CMUnitTest){ .name = strdup(name),
                                                     .test_func = lesson_passes_its_check,
                                                     .initial_state = strdup(folder) };
}

/* An argument chooses tests: `lessons_test '05-*'`. */
int main(int argc, char **argv)
{
    static struct list list;
    lessons_each(add_lesson, &list);
    if (!list.count) return 1;
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    int failed = _cmocka_run_group_tests("lessons", list.test, list.count, NULL, NULL);
    for (size_t i = 0; i < list.count; i++) {
        free(list.test[i].initial_state);
        free((void *)(uintptr_t)list.test[i].name);
    }
    return failed;
}
