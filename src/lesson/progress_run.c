/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run through a lesson has to tell, as facts that are kept in the user's file. */
#include "lesson/progress.h"

#include <stdio.h>

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
