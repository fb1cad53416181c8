/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts and how they add up. */
#include "lesson/progress.h"

#include <stdlib.h>
#include <string.h>

struct facts *progress_new(void)
{
    struct facts *p = calloc(1, sizeof *p);
    if (!p) abort();
    return p;
}

void progress_free(struct facts *p)
{
    if (!p) return;
    free(p->fact);
    free(p->unknown);
    free(p);
}

static struct fact *find(const struct facts *p, enum fact_kind kind, const char *lesson,
                         const char *id)
{
    for (size_t i = 0; i < p->count; i++) {
        struct fact *f = &p->fact[i];
        if (f->kind == kind && strcmp(f->lesson, lesson) == 0 && strcmp(f->id, id) == 0) return f;
    }
    return NULL;
}

const struct fact *progress_find(const struct facts *p, enum fact_kind kind, const char *lesson,
                                 const char *id)
{
    return find(p, kind, lesson, id);
}

/* Which of two facts about one thing stays. */
static bool replaces(const struct fact *new, const struct fact *old)
{
    if (new->kind == FACT_HINT || new->kind == FACT_SOLUTION)
        return strtoul(new->value, NULL, 10) > strtoul(old->value, NULL, 10);
    return new->time < old->time;
}

void progress_add(struct facts *p, const struct fact *fact)
{
    struct fact *old = find(p, fact->kind, fact->lesson, fact->id);
    if (old) {
        if (replaces(fact, old)) *old = *fact;
        return;
    }
    if (p->count == PROGRESS_FACTS) return;
    struct fact *more = realloc(p->fact, (p->count + 1) * sizeof *more);
    if (!more) abort();
    p->fact = more;
    p->fact[p->count++] = *fact;
}

unsigned progress_goals(const struct facts *p, const struct lesson *lesson, unsigned *all)
{
    unsigned reached = 0;
    *all = 0;
    for (unsigned i = 0; i < lesson->item_count; i++) {
        if (lesson->item[i].kind != ITEM_GOAL) continue;
        ++*all;
        reached += find(p, FACT_GOAL, lesson_name(lesson), lesson->item[i].id) != NULL;
    }
    return reached;
}
