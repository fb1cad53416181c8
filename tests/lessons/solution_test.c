/* SPDX-License-Identifier: BSD-2-Clause */
/* `solution` leads through every lesson: who types each move that it shows comes to the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/lesson.h"
#include "lesson/token.h"
#include "shell/play.h"

enum { LESSONS_MAX = 128, MOVES_MAX = 200, TAIL = 700 };

/* The move that `solution` shows now; "": it shows none. */
static void ask_for_move(struct play *play, char *move, size_t size)
{
    static const char words[] = "next move:   ";
    size_t before = strlen(play_said(play));
    shell_line(&play->shell, "solution");
    const char *said = strstr(play_said(play) + before, words);
    snprintf(move, size, "%s", said ? said + sizeof words - 1 : "");
    move[strcspn(move, "\n")] = '\0';
}

static void who_types_what_solution_shows_reaches_every_goal(void **state)
{
    struct problem p;
    struct play *play = malloc(sizeof *play);
    char move[LINE_SIZE];
    assert_non_null(play);
    assert_true(play_begin(play, *state, NULL, &p));
    for (unsigned i = 0; i < MOVES_MAX && !play->run.done; i++) {
        ask_for_move(play, move, sizeof move);
        if (!*move || shell_line(&play->shell, move) != OUTCOME_DONE) break;
    }
    if (!play->run.done) {
        const char *said = play_said(play);
        size_t n = strlen(said);
        fail_msg("%s", said + (n > TAIL ? n - TAIL : 0));
    }
    play_end(play);
    free(play);
}

struct list {
    size_t count;
    struct CMUnitTest test[LESSONS_MAX];
};

static void add_lesson(void *context, const char *folder)
{
    struct list *list = context;
    char name[160];
    const char *slash = strrchr(folder, '/');
    if (list->count == LESSONS_MAX) abort();
    snprintf(name, sizeof name, "who_types_what_solution_shows_reaches_every_goal_of_%.60s",
             slash ? slash + 1 : folder);
    list->test[list->count++] =
        (struct CMUnitTest){ .name = strdup(name),
                             .test_func = who_types_what_solution_shows_reaches_every_goal,
                             .initial_state = strdup(folder) };
}

/* An argument chooses tests: `solution_test '*05-*'`. */
int main(int argc, char **argv)
{
    static struct list list;
    lessons_each(add_lesson, &list);
    if (!list.count) return 1;
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    int failed = _cmocka_run_group_tests("solution", list.test, list.count, NULL, NULL);
    for (size_t i = 0; i < list.count; i++) {
        free(list.test[i].initial_state);
        free((void *)(uintptr_t)list.test[i].name);
    }
    return failed;
}
