/* SPDX-License-Identifier: BSD-2-Clause */
/* Lessons and grading, as whole processes: what a student and a teacher wait for. */
#include "bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CLASS = 300, REPEAT = 5 };

/* Seconds that a shell command takes; below 0: it failed. */
static double seconds_of(const char *command)
{
    double start = seconds_now();
    int status = system(command);
    double seconds = seconds_now() - start;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? seconds : -1;
}

/* The best of some: what the host does beside it is not ours. */
static void measure(const char *name, const char *command, double scale, const char *unit,
                    const char *goal)
{
    double best = -1;
    for (int i = 0; i < REPEAT; i++) {
        double seconds = seconds_of(command);
        if (seconds < 0) {
            printf("%s: %s fails\n", name, command);
            return;
        }
        if (best < 0 || seconds < best) best = seconds;
    }
    figure(name, best * scale, unit, goal);
}

static int fill(const char *folder)
{
    char command[400];
    snprintf(
        command, sizeof command,
        "for i in $(seq %d); do cp lessons/01-first-fault/solution.fl %s/s$i.fl || exit 1; done",
        CLASS, folder);
    return system(command);
}

void measure_lessons(void)
{
    char folder[] = "/tmp/faultline-bench-XXXXXX", command[400];
    measure("lesson_opens",
            "XDG_STATE_HOME=/dev/null/x " FAULTLINE_BUILD
            "/faultline lesson 1 </dev/null >/dev/null 2>&1",
            1e3, "ms", "100");
    measure("lesson_check_first", FAULTLINE_BUILD "/faultline lesson check 1 >/dev/null", 1, "s",
            "1");
    measure("lesson_check_longest", FAULTLINE_BUILD "/faultline lesson check 20 >/dev/null", 1, "s",
            "1");
    if (!mkdtemp(folder)) return;
    if (fill(folder) == 0) {
        snprintf(command, sizeof command,
                 FAULTLINE_BUILD "/faultline grade 1 --each %s -j 2 >/dev/null", folder);
        measure("grade_300_scripts", command, 1, "s", "3");
    }
    snprintf(command, sizeof command, "rm -r %s", folder);
    if (system(command) != 0) fprintf(stderr, "%s stays\n", folder);
}
