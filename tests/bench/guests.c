/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs that run in the simulator. Each prints `count=N`, what it did N times (instructions by the
 * machine's own clock, or round trips); the host's time for it comes from a whole run, less a run of
 * the empty program. */
#include "bench/bench.h"

#include <math.h>
#include <stdio.h>
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

void measure_guests(void)
{
    static const char *const integer[] = { "sieve", "crc", "sort", "bignum" };
    enum { PROGRAMS = sizeof integer / sizeof integer[0] };
    double empty = run_program("empty").seconds, logs = 0;
    for (int i = 0; i < PROGRAMS; i++) {
        double rate = rate_of(integer[i], empty) / 1e6;
        char name[64];
        snprintf(name, sizeof name, "guest_%s", integer[i]);
        figure(name, rate, "million instructions/s", "");
        logs += log(rate);
    }
    figure("guest_integer_mean", exp(logs / PROGRAMS), "million instructions/s", "150");
    figure("guest_floating", rate_of("floating", empty) / 1e6, "million instructions/s", "25");
    figure("fault_round_trips", rate_of("fault", empty) / 1e6, "million/s", "1.5");
}
