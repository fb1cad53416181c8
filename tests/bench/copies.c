/* SPDX-License-Identifier: BSD-2-Clause */
/* Many machines of a lesson in one process, as somebody has them who grades: what they hold. */
#include "bench/bench.h"

#include <stdio.h>
#include <unistd.h>

#include "shell/play.h"

enum { COPIES = 100 };

static double resident_mebibytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0;
    if (file && fscanf(file, "%*s %ld", &pages) != 1) pages = 0;
    if (file) fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

void measure_copies(void)
{
    static struct play copy[COPIES];
    struct problem p;
    double before = resident_mebibytes(), start = seconds_now();
    unsigned open = 0;
    while (open < COPIES && play_begin(&copy[open], "lessons/01-first-fault", NULL, &p)) open++;
    if (open == COPIES) {
        figure("copies_of_a_lesson_100", resident_mebibytes() - before, "MiB", "200");
        figure("copy_of_a_lesson_open", (seconds_now() - start) / COPIES * 1e3, "ms", "");
    } else {
        fprintf(stderr, "copies: %s\n", p.text);
    }
    while (open) play_end(&copy[--open]);
}
