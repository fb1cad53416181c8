/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs that run in the simulator. Each prints `count=N`, what it did N times (instructions by the
 * machine's own clock, or round trips); the host's time for it comes from a whole run, less a run of
 * the empty program. */
#include "bench/bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct run {
    double seconds, count;
};

static struct run run_program(const char *name)
{
    char command[256], line[256];
    snprintf(command, sizeof command,
             "%s/faultline boot %s/tests/bench/programs/%s.elf --until 'bench ends'",
             FAULTLINE_BUILD, FAULTLINE_BUILD, name);
    struct run r = { .count = 0 };
    double start = seconds_now();
    FILE *output = popen(command, "r");
    if (!output) return r;
    while (fgets(line, sizeof line, output)) {
        const char *count = strstr(line, "count=");
        if (count) sscanf(count, "count=%lf", &r.count);
    }
    if (pclose(output) != 0) r.count = 0;
    r.seconds = seconds_now() - start;
    return r;
}

static double rate_of(const char *name, double empty)
{
    struct run r = run_program(name);
    double seconds = r.seconds - empty;
    return seconds > 0 ? r.count / seconds : 0;
}

/* The same program on the host itself, for the same number of instructions. */
static double native_rate_of(const char *name, double count)
{
    char command[256];
    snprintf(command, sizeof command, "%s/tests/bench/programs/%s.native >/dev/null",
             FAULTLINE_BUILD, name);
    double start = seconds_now();
    if (system(command) != 0) return 0;
    return count / (seconds_now() - start);
}

static double measure_program(const char *name, double empty, const char *goal)
{
    struct run r = run_program(name);
    double rate = r.count / (r.seconds - empty) / 1e6;
    char figure_name[64];
    snprintf(figure_name, sizeof figure_name, "guest_%s", name);
    figure(figure_name, rate, "million instructions/s", goal);
    snprintf(figure_name, sizeof figure_name, "yardstick_native_%s", name);
    figure(figure_name, native_rate_of(name, r.count) / 1e6, "million instructions/s", "");
    return rate;
}

void measure_guests(void)
{
    static const char *const integer[] = { "sieve", "crc", "sort", "bignum" };
    enum { PROGRAMS = sizeof integer / sizeof integer[0] };
    double empty = run_program("empty").seconds, logs = 0;
    for (int i = 0; i < PROGRAMS; i++) logs += log(measure_program(integer[i], empty, ""));
    figure("guest_integer_mean", exp(logs / PROGRAMS), "million instructions/s", "400");
    measure_program("tight", empty, "700");
    measure_program("branchy", empty, "120");
    measure_program("floating", empty, "25");
    figure("fault_round_trips", rate_of("fault", empty) / 1e6, "million/s", "1.5");
}
