/* SPDX-License-Identifier: BSD-2-Clause */
/* What kernel entries cost: loops of assembly on both sides, in one address space. A guest marks with
 * '<' and '>' what counts; the time is the processor's, so that others on the host disturb less. */
#define _GNU_SOURCE
#include "bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "world/boot.h"
#include "world/world.h"

enum { ROUNDS = 1000000, TRIES = 3, MEMORY = 128 << 20, BUDGET = 1 << 20 };

struct guest {
    struct world world;
    struct core *core;
    double begin, end;
    uint64_t events;
};

static double seconds_used(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void hear(void *guest, const struct event *e)
{
    struct guest *g = guest;
    g->events++;
    if (e->kind != EVENT_CONSOLE) return;
    if (e->arg[0] == '<') g->begin = seconds_used();
    if (e->arg[0] == '>') g->end = seconds_used();
}

static bool guest_open(struct guest *g, const char *name, bool is_watched)
{
    char path[256];
    struct problem p;
    snprintf(path, sizeof path, "%s/tests/bench/kernel/%s.elf", FAULTLINE_BUILD, name);
    struct image *image = image_open(path, &p);
    *g = (struct guest){ .core = core_init(aligned_alloc(PAGE_SIZE, core_size())) };
    bool is_open = image && world_open(&g->world, MEMORY);
    if (is_open) {
        g->world.hear = hear;
        g->world.listener = g;
        g->world.deaf = is_watched ? 0 : ~(UINT64_C(1) << EVENT_CONSOLE);
        is_open = boot_image(&g->world, &kernel_config_default, image, &p);
    }
    if (!is_open) fprintf(stderr, "%s: %s\n", name, p.text);
    image_close(image);
    return is_open;
}

static void guest_run(struct guest *g)
{
    const struct trap device = { .kind = TRAP_DEVICE };
    struct world *w = &g->world;
    while (!g->end && kernel_at(w)->current != kernel_at(w)->idle) {
        word_t left = kernel_next_event(w) - cpu_at(w)->clock;
        struct trap trap = core_run(g->core, w, left < BUDGET ? left : BUDGET);
        if (trap.kind != TRAP_NONE) kernel_entry(w, &trap);
        if (kernel_interrupt_due(w)) kernel_entry(w, &device);
    }
}

/* Nanoseconds a round, the best of a few runs. */
static double round_of(const char *name, bool is_watched)
{
    double best = 0;
    for (int i = 0; i < TRIES; i++) {
        struct guest g;
        if (!guest_open(&g, name, is_watched)) return 0;
        guest_run(&g);
        double took = (g.end - g.begin) / ROUNDS * 1e9;
        if (!i || took < best) best = took;
        free(g.core);
        world_close(&g.world);
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
    double best = 0;
    for (int i = 0; i < TRIES; i++) {
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
