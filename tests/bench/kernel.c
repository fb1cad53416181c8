/* SPDX-License-Identifier: BSD-2-Clause */
/* What kernel entries cost: loops of assembly on both sides, in one address space. */
#include "bench/bench.h"
#include "bench/guest.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 1000000, TRIES = 3 };

/* Nanoseconds a round, the best of a few runs. */
static double round_of(const char *name, bool is_watched)
{
    char path[64];
    double best = 0;
    snprintf(path, sizeof path, "tests/bench/kernel/%s.elf", name);
    for (int i = 0; i < TRIES; i++) {
        struct guest g;
        if (!guest_open(&g, path, is_watched)) return 0;
        guest_run(&g, UINT64_MAX / 2);
        double took = (g.end - g.begin) / ROUNDS * 1e9;
        if (!i || took < best) best = took;
        guest_close(&g);
    }
    return best;
}

static void measure_pair(const char *name, const char *loop, const char *goal)
{
    char watched[64];
    double alone = round_of(loop, false), heard = round_of(loop, true);
    figure(name, alone, "ns", goal);
    snprintf(watched, sizeof watched, "%s_watched", name);
    figure(watched, heard / alone, "times", "2");
}

static void measure_crowd(void)
{
    double few = round_of("crowd_10", false), many = round_of("crowd_10000", false);
    figure("round_trip_among_10", few, "ns", "");
    figure("round_trip_among_10000", many / few, "times", "1.2");
}

static void measure_boot(void)
{
    enum { BOOTS = 20 };
    double best = 0;
    for (int i = 0; i < BOOTS; i++) {
        double start = seconds_now();
        if (system(FAULTLINE_BUILD "/faultline boot " FAULTLINE_BUILD
                                   "/tests/bench/kernel/large.elf --until 'first output' "
                                   ">/dev/null") != 0)
            return;
        double took = (seconds_now() - start) * 1e3;
        if (!i || took < best) best = took;
    }
    figure("boot_4MiB_to_first_output", best, "ms", "50");
}

void measure_kernel(void)
{
    measure_pair("fault_round_trip", "fault_loop", "300");
    measure_pair("call_and_reply", "call_loop", "200");
    measure_crowd();
    measure_boot();
}
