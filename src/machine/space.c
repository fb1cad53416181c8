/* SPDX-License-Identifier: BSD-2-Clause */
/* The translations that are kept, for several address spaces at once: which ones are chosen, and what makes
 * them stale. Made by memory.c, on a miss. */
#include "machine/core.h"

static void space_clear(struct core *m, struct space *s, paddr_t cr3)
{
    for (unsigned i = 0; i < TRANSLATIONS; i++)
        s->tlb[i] = (struct translation){ .read = NO_TAG, .write = NO_TAG };
    s->cr3 = cr3;
    s->stamp = ++m->stamps;
    s->cleaned = m->world->marks_cleaned;
}

static struct space *space_find(struct core *m, paddr_t cr3)
{
    struct space *oldest = &m->spaces[0];
    for (unsigned i = 0; i < SPACES; i++) {
        struct space *s = &m->spaces[i];
        if (s->stamp && s->cr3 == cr3) return s;
        if (!s->stamp || s->last_used < oldest->last_used) oldest = s;
        if (!oldest->stamp) oldest->last_used = 0;
    }
    space_clear(m, oldest, cr3);
    return oldest;
}

void space_select(struct core *m, paddr_t cr3)
{
    struct space *s = m->space;
    cr3 = m->is_compat ? cr3 | COMPAT_SPACE : cr3 & ~COMPAT_SPACE;
    if (!s || !s->stamp || s->cr3 != cr3) {
        s = space_find(m, cr3);
        s->last_used = ++m->stamps;
    }
    if (s->cleaned != m->world->marks_cleaned) {
        for (unsigned i = 0; i < TRANSLATIONS; i++) s->tlb[i].write = NO_TAG;
        s->cleaned = m->world->marks_cleaned;
    }
    m->space = s;
    m->tlb = s->tlb;
    m->stamp = s->stamp;
}

void spaces_drop(struct core *m)
{
    for (unsigned i = 0; i < SPACES; i++) m->spaces[i].stamp = 0;
    m->space = NULL;
}

void spaces_restamp(struct core *m)
{
    for (unsigned i = 0; i < SPACES; i++)
        if (m->spaces[i].stamp) m->spaces[i].stamp = ++m->stamps;
    if (m->space) m->stamp = m->space->stamp;
}

void memory_watch(struct core *m, paddr_t page, uint8_t mark)
{
    uint8_t *marks = &m->world->mark[(ARENA_MEMORY + page) >> PAGE_BITS];
    bool is_watched = *marks & (MARK_CODE | MARK_TABLE);
    *marks |= mark;
    if (is_watched) return; /* then there is no write translation */
    uintptr_t host = (uintptr_t)(m->memory + page);
    for (unsigned s = 0; s < SPACES; s++) {
        if (!m->spaces[s].stamp) continue;
        for (unsigned i = 0; i < TRANSLATIONS; i++) {
            struct translation *t = &m->spaces[s].tlb[i];
            if (t->write != NO_TAG && t->host + t->write == host) t->write = NO_TAG;
        }
    }
}

void memory_withhold(struct core *m, word_t address)
{
    struct translation *t = translation_of(m, address);
    if (t->read == (address & ~(word_t)(PAGE_SIZE - 1))) t->read = t->write = NO_TAG;
}
