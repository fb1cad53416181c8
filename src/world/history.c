/* SPDX-License-Identifier: BSD-2-Clause */
/* What changed since when. A shadow holds the arena as it was at the last mark; at the next one the
 * pages that are dirty and differ are kept as they were: for the present command, for the checkpoint
 * that the present was reached from, and for the phase of a kernel entry that is being watched. The
 * same lists of pages, swapped in, go back and forth. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "world/inside.h"

uint64_t page_count(const struct session *s)
{
    return arena_size(&s->world) >> PAGE_BITS;
}

const uint8_t *shadow_page(const struct session *s, uint64_t page)
{
    return s->history.shadow + (page << PAGE_BITS);
}

static uint8_t *shadow_edit(struct session *s, uint64_t page)
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
    h->kept = host_allocate(page_count(s));
    return true;
}

void history_close(struct session *s)
{
    struct history *h = &s->history;
    delta_clear(&h->before);
    delta_clear(&h->since);
    free(h->line);
    free(h->kept);
    if (h->shadow) munmap(h->shadow, h->shadow_size);
}

/* This room's globals are the person's, not the machine's: walking through phases leaves them alone. */
static bool page_is_machine(uint64_t page)
{
    return page < ARENA_WORLD >> PAGE_BITS || page >= ARENA_MEMORY >> PAGE_BITS;
}

uint64_t history_next_dirty(const struct session *s, uint64_t page)
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

bool history_differs(const struct session *s)
{
    for (uint64_t page = history_next_dirty(s, 0); page < page_count(s);
         page = history_next_dirty(s, page + 1))
        if (page_differs(s, page)) return true;
    return false;
}

static void keep(struct history *h, uint8_t bit, struct delta *d, uint64_t page)
{
    if (h->kept[page] & bit) return;
    h->kept[page] |= bit;
    delta_add(d, page, h->shadow + (page << PAGE_BITS));
}

static void mark_page(struct session *s, uint64_t page, struct delta *step)
{
    struct history *h = &s->history;
    if (!page_differs(s, page)) return;
    keep(h, CHANGED_IN_COMMAND, &h->before, page);
    keep(h, CHANGED_SINCE_CHECKPOINT, &h->since, page);
    if (step && page_is_machine(page)) delta_add(step, page, shadow_page(s, page));
    memcpy(shadow_edit(s, page), arena_at(&s->world, page << PAGE_BITS), PAGE_SIZE);
}

void history_mark(struct session *s, struct delta *step)
{
    uint64_t first = history_next_dirty(s, 0);
    for (uint64_t page = first; page < page_count(s); page = history_next_dirty(s, page + 1))
        mark_page(s, page, step);
    if (first < page_count(s)) arena_clean(&s->world);
}

void history_swap(struct session *s, struct delta *d)
{
    history_mark(s, NULL);
    for (size_t i = 0; i < d->count; i++) {
        uint64_t page = d->list[i].page;
        uint8_t *now = arena_edit(&s->world, page << PAGE_BITS, PAGE_SIZE);
        memcpy(shadow_edit(s, page), d->list[i].bytes, PAGE_SIZE);
        memcpy(d->list[i].bytes, now, PAGE_SIZE);
        memcpy(now, shadow_page(s, page), PAGE_SIZE);
    }
    arena_clean(&s->world);
}

void history_fresh(struct session *s)
{
    struct history *h = &s->history;
    for (size_t i = 0; i < h->before.count; i++)
        h->kept[h->before.list[i].page] &= (uint8_t)~CHANGED_IN_COMMAND;
    delta_clear(&h->before);
    free(h->line);
    h->line = NULL;
    s->log.command_begin = session_event_count(s);
}

void history_put_by(struct session *s, struct delta *before, char **line)
{
    struct history *h = &s->history;
    history_mark(s, NULL);
    for (size_t i = 0; i < h->before.count; i++)
        h->kept[h->before.list[i].page] &= (uint8_t)~CHANGED_IN_COMMAND;
    *before = h->before;
    *line = h->line;
    h->before = (struct delta){ 0 };
    h->line = NULL;
}

void history_take_up(struct session *s, struct delta *before, char *line)
{
    struct history *h = &s->history;
    history_mark(s, NULL);
    history_fresh(s);
    h->before = *before;
    h->line = line;
    for (size_t i = 0; i < h->before.count; i++)
        h->kept[h->before.list[i].page] |= CHANGED_IN_COMMAND;
}

void history_start(struct session *s)
{
    history_mark(s, NULL);
    history_fresh(s);
    journal_start(s);
}

void session_begin(struct session *s, const char *line)
{
    paddr_t seat = journal_set_aside(s);
    history_mark(s, NULL);
    history_fresh(s);
    s->history.line = host_copy_text(line ? line : "");
    if (journal_at_end(s) && !phases_shown(s)) checkpoint_take(s);
    journal_sit_again(s, seat);
}

void session_line_over(struct session *s)
{
    struct history *h = &s->history;
    if (h->line && s->journal.edited && history_differs(s)) journal_flush(s);
    free(h->line);
    h->line = NULL;
}

const void *session_before(const struct session *s, uint64_t at)
{
    const struct history *h = &s->history;
    uint64_t page = at >> PAGE_BITS, within = at & (PAGE_SIZE - 1);
    bool kept = h->kept[page] & CHANGED_IN_COMMAND;
    for (size_t i = 0; kept && i < h->before.count; i++)
        if (h->before.list[i].page == page) return h->before.list[i].bytes + within;
    /* The present command had not changed it at the last mark. */
    return shadow_page(s, page) + within;
}

/* ---- Taking back ---- */

/* The input that began the i-th last command on this branch before the present; count: none. */
static size_t command_begun(const struct session *s, unsigned i)
{
    const struct journal *j = &s->journal;
    for (size_t n = j->now.inside ? j->now.at + 1 : j->now.at; n-- > j->origin;)
        if (j->path[n]->kind == INPUT_COMMAND && i-- == 0) return n;
    return j->count;
}

/* Whose instructions a command's runs were; 0: nobody's. */
static paddr_t command_seat(const struct session *s, size_t begun)
{
    const struct journal *j = &s->journal;
    for (size_t n = begun + 1; n < j->count && j->path[n]->kind != INPUT_COMMAND; n++)
        if (j->path[n]->kind == INPUT_RUN && j->path[n]->seat) return j->path[n]->seat;
    return 0;
}

bool session_past(const struct session *s, unsigned i, struct past *past)
{
    const struct journal *j = &s->journal;
    bool open = s->history.line && s->journal.edited && history_differs(s);
    if (open && i == 0) {
        *past = (struct past){ s->history.line, session_seat(s), session_position(s).step };
        return true;
    }
    size_t found = command_begun(s, i - open);
    if (found == j->count) return false;
    word_t start = j->path[found]->start;
    *past = (struct past){ j->path[found]->line, command_seat(s, found), start - j->origin_steps };
    return true;
}

const char *session_undo_line(const struct session *s, unsigned i)
{
    struct past past;
    return session_past(s, i, &past) ? past.line : NULL;
}

unsigned session_undo(struct session *s, unsigned count)
{
    session_finish_phases(s);
    journal_set_aside(s);
    size_t to = s->journal.count;
    unsigned undone = 0;
    while (undone < count) {
        size_t found = command_begun(s, undone);
        if (found == s->journal.count) break;
        to = found;
        undone++;
    }
    history_fresh(s);
    if (!undone) return 0;
    struct moment moment = { .at = to, .steps = s->journal.path[to]->start };
    if (!travel(s, &moment)) return 0; /* interrupted on the way */
    journal_leave(s, true);
    return undone;
}
