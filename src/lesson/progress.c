/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts and how they add up; and what a run through a lesson has to tell. Files: progress_file.c. */
#include "lesson/progress.h"
#include "world/path.h"

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

const char *lesson_name(const struct lesson *lesson)
{
    return path_name(lesson->folder);
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

/* ---- A run ---- */

static void add(struct facts *p, const struct lesson_run *run, unsigned item, enum fact_kind kind,
                const char *value, long long now)
{
    struct fact f = { .kind = kind, .time = now };
    snprintf(f.lesson, sizeof f.lesson, "%.40s", lesson_name(run->lesson));
    snprintf(f.id, sizeof f.id, "%.40s", run->lesson->item[item].id);
    snprintf(f.value, sizeof f.value, "%.40s", value);
    for (char *at = f.value; *at; at++) /* one word */
        if ((unsigned char)*at <= ' ') *at = '_';
    progress_add(p, &f);
}

static void add_number(struct facts *p, const struct lesson_run *run, unsigned item,
                       enum fact_kind kind, unsigned number, long long now)
{
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    if (number) add(p, run, item, kind, text, now);
}

bool progress_keep(const struct lesson_run *run, long long now, struct problem *problem)
{
    char path[1024];
    if (!progress_path(path, sizeof path, problem)) return false;
    struct facts *p = progress_new();
    for (unsigned i = 0; i < run->lesson->item_count; i++) {
        if (run->lesson->item[i].kind == ITEM_PAGE) continue;
        if (run->reached[i]) add(p, run, i, FACT_GOAL, "-", now);
        if (run->said[i][0]) add(p, run, i, FACT_ANSWER, run->said[i], now);
        add_number(p, run, i, FACT_HINT, run->hints_given[i], now);
        add_number(p, run, i, FACT_SOLUTION, run->moves_shown[i], now);
    }
    bool kept = progress_merge(p, path, problem);
    progress_free(p);
    return kept;
}
