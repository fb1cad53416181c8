/* SPDX-License-Identifier: BSD-2-Clause */
/* A session: a world, its processor's cache, what happened, the way back, breakpoints, and the seat. */
#include "world/session.h"

#include <stdlib.h>
#include <string.h>

#include "world/inside.h"

static bool open_parts(struct session *s, uint64_t memory_size)
{
    if (!world_open(&s->world, memory_size)) return false;
    size_t size = (core_size() + PAGE_SIZE - 1) & ~(size_t)(PAGE_SIZE - 1);
    void *core = aligned_alloc(PAGE_SIZE, size);
    if (!core) return false;
    s->core = core_init(core);
    s->checkpoints.limit = CHECKPOINT_LIMIT;
    s->world.hear = events_hear;
    s->world.listener = s;
    return history_open(s);
}

struct session *session_open(const struct kernel_config *config, uint64_t memory_size,
                             struct problem *p)
{
    struct session *s = calloc(1, sizeof *s);
    if (s) s->config = *config;
    if (s && open_parts(s, memory_size)) return s;
    if (s) session_close(s);
    problem_set(p, "a smaller machine may fit: --memory 64M", "no room for a machine of %llu MiB",
                (unsigned long long)(memory_size >> 20));
    return NULL;
}

void session_close(struct session *s)
{
    s->journal.edited = false;
    phases_discard(s);
    events_close(s);
    checkpoints_close(s);
    journal_close(s);
    history_close(s);
    programs_close(s);
    free(s->breaks);
    free(s->core);
    world_close(&s->world);
    free(s);
}

/* Whoever asks for a world that can be changed may change it. */
struct world *session_world(struct session *s)
{
    journal_edit(s);
    return &s->world;
}

const struct world *session_world_at(const struct session *s)
{
    return &s->world;
}

void session_hand_over(struct session *from, struct session *to)
{
    uint64_t left = session_limit_left(from);
    session_limit(to, left);
    to->interrupt = from->interrupt;
    to->checkpoints.limit = from->checkpoints.limit;
    to->log.tap = from->log.tap;
    to->log.tap_context = from->log.tap_context;
    from->interrupt = NULL;
    from->log.tap = NULL;
}

/* ---- the seat ---- */

paddr_t session_seat(const struct session *s)
{
    return world_state_at(&s->world)->seat;
}

void session_sit(struct session *s, paddr_t tcb)
{
    journal_edit(s);
    WORLD_EDIT(&s->world, seat) = tcb;
}

/* ---- breakpoints ---- */

static void breaks_count(struct session *s)
{
    s->break_addresses = s->break_events = s->break_changes = false;
    for (size_t i = 0; i < s->break_count; i++) {
        const struct breakpoint *b = &s->breaks[i];
        s->break_addresses |= b->on_address;
        s->break_changes |= b->on_change;
        s->break_events |= !b->on_address && !b->on_change;
    }
}

unsigned session_break_add(struct session *s, const struct breakpoint *b)
{
    s->breaks = host_resize(s->breaks, (s->break_count + 1) * sizeof s->breaks[0]);
    s->breaks[s->break_count] = *b;
    s->breaks[s->break_count++].number = ++s->break_last;
    breaks_count(s);
    return s->break_last;
}

bool session_break_delete(struct session *s, unsigned number)
{
    for (size_t i = 0; i < s->break_count; i++) {
        if (s->breaks[i].number != number) continue;
        memmove(&s->breaks[i], &s->breaks[i + 1], (--s->break_count - i) * sizeof s->breaks[0]);
        breaks_count(s);
        return true;
    }
    return false;
}

size_t session_breaks(const struct session *s, const struct breakpoint **list)
{
    *list = s->breaks;
    return s->break_count;
}
