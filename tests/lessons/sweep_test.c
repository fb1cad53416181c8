/* SPDX-License-Identifier: BSD-2-Clause */
/* The solution of every lesson is played, then history is swept: back to every event one by one and
 * forward again, and each place between two lines of the script is what it was when the line was played. */
#include "lessons/each.h"

#include <stdlib.h>

#include "shell/play.h"
#include "world/sweep.h"

enum { LINES_MAX = 1024, PLACES = 400, PATH_SIZE = 600 };

struct lines {
    struct swept at[LINES_MAX];
    size_t count;
};

/* Commands that did not let the machine run stand at one step: the last of them decides. What was undone
 * is on another branch. */
static void note_place(void *context, const struct play *p, const char *line)
{
    struct lines *lines = context;
    const struct session *s = p->shell.session;
    struct position at = session_position(s);
    (void)line;
    if (lines->count == LINES_MAX || at.phase || session_is_past(s)) return;
    while (lines->count && lines->at[lines->count - 1].at.step >= at.step) lines->count--;
    lines->at[lines->count++] = (struct swept){ at, arena_hash(session_world_at(s)) };
}

static void the_solution_is_the_same_backwards_and_forwards(void **state)
{
    char script[2 * PATH_SIZE];
    static struct lines lines;
    struct play p;
    struct problem problem;
    lines.count = 0;
    snprintf(script, sizeof script, "%s/solution.fl", (const char *)*state);
    if (!play_begin(&p, *state, NULL, &problem)) fail_msg("%s", problem.text);
    enum outcome outcome = play_lines(&p, script, note_place, &lines, &problem);
    if (outcome != OUTCOME_DONE) fail_msg("%s", play_said(&p));
    sweep_places(p.shell.session, lines.at, lines.count);
    assert_in_range(sweep_events(p.shell.session, p.shell.start, PLACES), 1, ~0UL);
    play_end(&p);
}

int main(int argc, char **argv)
{
    const struct lesson_tests tests = {
        .group = "sweeps",
        .before = "the_solution_of_",
        .after = "_is_the_same_backwards_and_forwards",
        .test = the_solution_is_the_same_backwards_and_forwards,
    };
    return lesson_tests_run(&tests, argc, argv);
}
