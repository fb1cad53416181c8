/* SPDX-License-Identifier: BSD-2-Clause */
/* A window on what happened: consecutive events with their positions. Memory is bounded: when there is
 * no room for one more, the oldest go. What is not held can be heard again (rehear.c). */
#include <stdlib.h>

#include "world/inside.h"

static size_t chunk_size(const struct event_window *w)
{
    return w->chunk_size ? w->chunk_size : WINDOW_CHUNK;
}

static size_t chunk_of(const struct event_window *w, size_t i)
{
    return i / chunk_size(w) % WINDOW_CHUNKS;
}

static struct event *held(const struct event_window *w, size_t i)
{
    return &w->chunk[chunk_of(w, i)][i % chunk_size(w)];
}

static void drop(const struct event_window *w, size_t i)
{
    struct event *e = held(w, i);
    free((char *)(uintptr_t)e->text);
    e->text = NULL;
}

static void chunk_open(struct event_window *w, size_t chunk)
{
    if (w->chunk[chunk]) return;
    w->chunk[chunk] = host_allocate(chunk_size(w) * sizeof *w->chunk[chunk]);
    w->step[chunk] = host_allocate(chunk_size(w) * sizeof *w->step[chunk]);
    w->phase[chunk] = host_allocate(chunk_size(w) * sizeof *w->phase[chunk]);
}

bool window_holds(const struct event_window *w, size_t i)
{
    return i >= w->first && i < w->end;
}

const struct event *window_event(const struct event_window *w, size_t i)
{
    return held(w, i);
}

struct position window_position(const struct event_window *w, size_t i)
{
    size_t chunk = chunk_of(w, i), n = i % chunk_size(w);
    return (struct position){ .step = w->step[chunk][n], .phase = w->phase[chunk][n] };
}

void window_append(struct event_window *w, size_t i, const struct event *e, struct position at)
{
    if (i != w->end) {
        window_cut(w, w->first);
        w->first = w->end = i;
    }
    if (w->end - w->first == chunk_size(w) * WINDOW_CHUNKS)
        for (size_t n = chunk_size(w); n > 0; n--) drop(w, w->first++);
    size_t chunk = chunk_of(w, i), n = i % chunk_size(w);
    chunk_open(w, chunk);
    w->step[chunk][n] = at.step;
    w->phase[chunk][n] = at.phase;
    w->chunk[chunk][n] = *e;
    if (e->text) w->chunk[chunk][n].text = host_copy_text(e->text);
    w->end++;
}

void window_cut(struct event_window *w, size_t end)
{
    while (w->end > end && w->end > w->first) drop(w, --w->end);
    if (w->end > end) w->first = w->end = end;
}

void window_close(struct event_window *w)
{
    window_cut(w, 0);
    for (unsigned i = 0; i < WINDOW_CHUNKS; i++) {
        free(w->chunk[i]);
        free(w->step[i]);
        free(w->phase[i]);
    }
    *w = (struct event_window){ .chunk_size = w->chunk_size };
}
