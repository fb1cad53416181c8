/* SPDX-License-Identifier: BSD-2-Clause */
/* The way back. A shadow holds the arena as it was at the last mark; at the next one the pages that
 * are dirty and differ are kept as they were. The same deltas, swapped in, undo a command and walk
 * through the phases of a kernel entry, in both directions. Memory is bounded: the oldest commands
 * are forgotten first. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "world/inside.h"

static uint64_t page_count(const struct session *s)
{
    return arena_size(&s->world) >> PAGE_BITS;
}

static uint8_t *shadow_page(const struct session *s, uint64_t page)
{
    return s->history.shadow + (page << PAGE_BITS);
}

bool history_open(struct session *s)
{
    struct history *h = &s->history;
    h->shadow_size = arena_size(&s->world);
    void *shadow = mmap(NULL, h->shadow_size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (shadow == MAP_FAILED) return false;
    h->shadow = shadow;
    h->is_in_open = host_allocate(page_count(s));
    return true;
}

static void command_clear(struct command *c)
{
    free(c->line);
    delta_clear(&c->before);
    *c = (struct command){ 0 };
}

void history_close(struct session *s)
{
    struct history *h = &s->history;
    command_clear(&h->open);
    for (size_t i = 0; i < h->done_count; i++) command_clear(&h->done[i]);
    free(h->done);
    free(h->is_in_open);
    if (h->shadow) munmap(h->shadow, h->shadow_size);
}

/* This room's globals are the person's, not the machine's: walking through phases leaves them alone. */
static bool page_is_machine(uint64_t page)
{
    return page < ARENA_WORLD >> PAGE_BITS || page >= ARENA_MEMORY >> PAGE_BITS;
}

/* The first dirty page from `page` on; page_count() when there is none. */
static uint64_t next_dirty(const struct session *s, uint64_t page)
{
    const uint8_t *mark = s->world.mark;
    uint64_t count = page_count(s), eight;
    while (page < count) {
        if (page + 8 <= count) {
            memcpy(&eight, mark + page, 8);
            if (!(eight & MARK_DIRTY * UINT64_C(0x0101010101010101))) {
                page += 8;
                continue;
            }
        }
        if (mark[page] & MARK_DIRTY) break;
        page++;
    }
    return page;
}

static bool page_differs(const struct session *s, uint64_t page)
{
    return memcmp(arena_at(&s->world, page << PAGE_BITS), shadow_page(s, page), PAGE_SIZE) != 0;
}

static void mark_page(struct session *s, uint64_t page, struct delta *step)
{
    struct history *h = &s->history;
    uint8_t *before = shadow_page(s, page);
    if (!page_differs(s, page)) return;
    if (!h->is_in_open[page]) {
        h->is_in_open[page] = 1;
        delta_add(&h->open.before, page, before);
    }
    if (step && page_is_machine(page)) delta_add(step, page, before);
    memcpy(before, arena_at(&s->world, page << PAGE_BITS), PAGE_SIZE);
}

void history_mark(struct session *s, struct delta *step)
{
    uint64_t first = next_dirty(s, 0);
    for (uint64_t page = first; page < page_count(s); page = next_dirty(s, page + 1))
        mark_page(s, page, step);
    if (first < page_count(s)) arena_clean(&s->world);
}

void history_swap(struct session *s, struct delta *d)
{
    history_mark(s, NULL);
    for (size_t i = 0; i < d->count; i++) {
        uint64_t page = d->list[i].page;
        uint8_t *now = arena_edit(&s->world, page << PAGE_BITS, PAGE_SIZE);
        memcpy(shadow_page(s, page), d->list[i].bytes, PAGE_SIZE);
        memcpy(d->list[i].bytes, now, PAGE_SIZE);
        memcpy(now, shadow_page(s, page), PAGE_SIZE);
    }
    arena_clean(&s->world);
}

static void open_command(struct session *s, const char *line)
{
    struct history *h = &s->history;
    for (size_t i = 0; i < h->open.before.count; i++)
        h->is_in_open[h->open.before.list[i].page] = 0;
    command_clear(&h->open);
    h->open.line = line ? host_copy_text(line) : NULL;
    h->open.events = s->log.count;
    h->open.console = s->log.console_length;
    s->log.command = session_event_count(s);
}

void history_start(struct session *s)
{
    history_mark(s, NULL);
    open_command(s, NULL);
}

static uint64_t command_bytes(const struct command *c)
{
    return (uint64_t)c->before.count * PAGE_SIZE;
}

static void forget_oldest(struct history *h)
{
    h->bytes -= command_bytes(&h->done[0]);
    command_clear(&h->done[0]);
    h->done_count--;
    memmove(&h->done[0], &h->done[1], h->done_count * sizeof h->done[0]);
}

/* The open command has ended; it is kept when it changed anything. */
static void finish_command(struct session *s)
{
    struct history *h = &s->history;
    history_mark(s, NULL);
    if (!h->open.before.count) return;
    for (size_t i = 0; i < h->open.before.count; i++)
        h->is_in_open[h->open.before.list[i].page] = 0;
    if (h->done_count == h->done_room) {
        h->done_room = h->done_room ? 2 * h->done_room : 64;
        h->done = host_resize(h->done, h->done_room * sizeof h->done[0]);
    }
    h->done[h->done_count++] = h->open;
    h->bytes += command_bytes(&h->open);
    h->open = (struct command){ 0 };
    while (h->bytes > HISTORY_BYTES && h->done_count) forget_oldest(h);
}

void session_begin(struct session *s, const char *line)
{
    finish_command(s);
    open_command(s, line);
}

unsigned session_undo(struct session *s, unsigned count)
{
    struct history *h = &s->history;
    phases_discard(s);
    finish_command(s);
    unsigned undone = 0;
    while (undone < count && h->done_count) {
        struct command *c = &h->done[--h->done_count];
        h->bytes -= command_bytes(c);
        history_swap(s, &c->before);
        events_truncate(s, c->events, c->console);
        command_clear(c);
        undone++;
    }
    open_command(s, NULL);
    return undone;
}

/* Whether the open command has changed anything so far. */
static bool open_is_changed(const struct session *s)
{
    if (s->history.open.before.count) return true;
    for (uint64_t page = next_dirty(s, 0); page < page_count(s); page = next_dirty(s, page + 1))
        if (page_differs(s, page)) return true;
    return false;
}

const char *session_undo_line(const struct session *s, unsigned i)
{
    const struct history *h = &s->history;
    const struct command *c = NULL;
    bool open = open_is_changed(s);
    if (open && i == 0)
        c = &h->open;
    else if (i - open < h->done_count)
        c = &h->done[h->done_count - 1 - (i - open)];
    if (!c) return NULL;
    return c->line ? c->line : "";
}

const void *session_before(const struct session *s, uint64_t at)
{
    const struct history *h = &s->history;
    uint64_t page = at >> PAGE_BITS, within = at & (PAGE_SIZE - 1);
    for (size_t i = 0; h->is_in_open[page] && i < h->open.before.count; i++)
        if (h->open.before.list[i].page == page) return h->open.before.list[i].bytes + within;
    /* The open command had not changed it at the last mark. */
    return shadow_page(s, page) + within;
}
