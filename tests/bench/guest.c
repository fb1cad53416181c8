/* SPDX-License-Identifier: BSD-2-Clause */
#include "bench/guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MEMORY = 128 << 20, BUDGET = 1 << 20 };

double seconds_used(void)
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

bool guest_open(struct guest *g, const char *path, bool is_watched)
{
    char full[256];
    struct problem p;
    snprintf(full, sizeof full, "%s/%s", FAULTLINE_BUILD, path);
    struct image *image = image_open(full, &p);
    *g = (struct guest){ .core = core_init(aligned_alloc(PAGE_SIZE, core_size())) };
    bool is_open = image && world_open(&g->world, MEMORY);
    if (is_open) {
        g->world.hear = hear;
        g->world.listener = g;
        g->world.deaf = is_watched ? 0 : ~(UINT64_C(1) << EVENT_CONSOLE);
        is_open = boot_image(&g->world, &kernel_config_default, image, &p);
    }
    if (!is_open) fprintf(stderr, "%s: %s\n", full, p.text);
    image_close(image);
    return is_open;
}

void guest_run(struct guest *g, uint64_t instructions)
{
    const struct trap device = { .kind = TRAP_DEVICE };
    struct world *w = &g->world;
    word_t until = cpu_at(w)->retired + instructions;
    while (g->end <= 0 && kernel_at(w)->current != kernel_at(w)->idle &&
           cpu_at(w)->retired < until) {
        word_t left = kernel_next_event(w) - cpu_at(w)->clock;
        struct trap trap = core_run(g->core, w, left < BUDGET ? left : BUDGET);
        if (trap.kind != TRAP_NONE) kernel_entry(w, &trap);
        if (kernel_interrupt_due(w)) kernel_entry(w, &device);
    }
}

void guest_close(struct guest *g)
{
    free(g->core);
    world_close(&g->world);
}
