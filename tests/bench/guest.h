/* SPDX-License-Identifier: BSD-2-Clause */
/* An image running in this process with nobody at it and nothing recorded. A guest may mark with '<' and
 * '>' what counts. Times are the processor's, so that others on the host disturb less. */
#ifndef FAULTLINE_TESTS_BENCH_GUEST_H
#define FAULTLINE_TESTS_BENCH_GUEST_H

#include <stdbool.h>

#include "world/boot.h"
#include "world/world.h"

struct guest {
    struct world world;
    struct core *core;
    double begin, end; /* when the marks came */
    uint64_t events;
};

/* `path` is below the build folder; watched: it is told all events, not only what is printed. */
bool guest_open(struct guest *g, const char *path, bool is_watched);
/* Until '>', until nobody can run, or for about so many instructions. */
void guest_run(struct guest *g, uint64_t instructions);
void guest_close(struct guest *g);

double seconds_used(void);

#endif
