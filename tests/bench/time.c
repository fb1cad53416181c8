/* SPDX-License-Identifier: BSD-2-Clause */
/* Going back: after ten million steps, and to the middle of a hundred million; what recording costs. */
#include "bench/bench.h"
#include "bench/guest.h"

#include <stdio.h>

#include "world/session.h"

enum { MEMORY = 64 << 20, SHORT_RUN = 10000000, LONG_RUN = 100000000, TRIES = 41 };

static void run_for(struct session *s, word_t steps)
{
    session_limit(s, steps);
    session_run(s, NULL);
    session_limit(s, 0);
}

static void measure_back(struct session *s)
{
    double took[TRIES], worst = 0;
    for (unsigned i = 0; i < TRIES; i++) {
        double start = seconds_now();
        session_back(s);
        took[i] = (seconds_now() - start) * 1e3;
        if (took[i] > worst) worst = took[i];
    }
    figure("back_1_after_10M_median", median(took, TRIES), "ms", "20");
    figure("back_1_after_10M_worst", worst, "ms", "100");
}

static void measure_goto(struct session *s)
{
    struct problem p;
    double start = seconds_now();
    session_goto(s, (struct position){ .step = LONG_RUN / 2 + 12345 }, &p);
    figure("goto_middle_of_100M", seconds_now() - start, "s", "0.5");
    start = seconds_now();
    session_goto_end(s);
    figure("goto_now_of_100M", seconds_now() - start, "s", "0.5");
}

static struct session *open_program(const char *name)
{
    char path[256];
    struct problem p;
    snprintf(path, sizeof path, "%s/tests/bench/programs/%s.elf", FAULTLINE_BUILD, name);
    struct session *s = session_open(&kernel_config_default, MEMORY, &p);
    if (s && session_boot_image(s, path, &p)) return s;
    fprintf(stderr, "%s: %s\n", name, p.text);
    if (s) session_close(s);
    return NULL;
}

/* How much longer the same instructions take in a session, in per cent of processor time. */
static double recording_cost_of(const char *name)
{
    enum { RUN = 100000000 };
    char path[64];
    struct guest g;
    snprintf(path, sizeof path, "tests/bench/programs/%s.elf", name);
    if (!guest_open(&g, path, false)) return 0;
    double start = seconds_used();
    guest_run(&g, RUN);
    double plain = (seconds_used() - start) / (double)cpu_at(&g.world)->retired;
    guest_close(&g);
    struct session *s = open_program(name);
    if (!s) return 0;
    start = seconds_used();
    run_for(s, RUN);
    double recorded = (seconds_used() - start) / (double)cpu_at(session_world_at(s))->retired;
    session_close(s);
    return (recorded / plain - 1) * 100;
}

static void measure_recording(void)
{
    static const char *const integer[] = { "sieve", "crc", "sort", "bignum" };
    enum { PROGRAMS = sizeof integer / sizeof integer[0] };
    double sum = 0;
    for (int i = 0; i < PROGRAMS; i++) sum += recording_cost_of(integer[i]);
    figure("recording_cost", sum / PROGRAMS, "% of run time", "10");
}

void measure_time(void)
{
    measure_recording();
    struct session *s = open_program("sieve");
    if (!s) return;
    run_for(s, SHORT_RUN);
    measure_back(s);
    session_goto_end(s);
    double start = seconds_now();
    run_for(s, LONG_RUN - SHORT_RUN);
    figure("recorded_run", (LONG_RUN - SHORT_RUN) / (seconds_now() - start) / 1e6,
           "million instructions/s", "");
    measure_goto(s);
    session_close(s);
}
