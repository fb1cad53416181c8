/* SPDX-License-Identifier: BSD-2-Clause */
/* `solution` leads through every lesson: who types each move that it shows comes to the end. */
#include "lessons/each.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/token.h"
#include "shell/play.h"

enum { MOVES_MAX = 200, TAIL = 700 };

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

int main(int argc, char **argv)
{
    const struct lesson_tests tests = {
        .group = "solution",
        .before = "who_types_what_solution_shows_reaches_every_goal_of_",
        .after = "",
        .test = who_types_what_solution_shows_reaches_every_goal,
    };
    return lesson_tests_run(&tests, argc, argv);
}
