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
    lessons_each(add_lesson, &list);
    if (!list.count) return 1;
    int failed = _cmocka_run_group_tests("lessons", list.test, list.count, NULL, NULL);
    for (size_t i = 0; i < list.count; i++) {
        free(list.test[i].initial_state);
        free((void *)(uintptr_t)list.test[i].name);
    }
    return failed;
}
