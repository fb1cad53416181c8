/* SPDX-License-Identifier: BSD-2-Clause */
/* How far somebody has come: the open goal, what counts, the score. What is reached stays reached; whether
 * it still stands where somebody went back is another question. */
#include "lesson/run.h"

unsigned goal_number(const struct lesson *lesson, unsigned item)
{
    unsigned number = 0;
    for (unsigned i = 0; i <= item && i < lesson->item_count; i++)
        number += lesson->item[i].kind == ITEM_GOAL;
    return number;
}

unsigned lesson_page_of(const struct lesson *lesson, unsigned item)
{
    while (item > 0 && (item >= lesson->item_count || lesson->item[item].kind != ITEM_PAGE)) item--;
    return item;
}

unsigned lesson_open_goal(const struct lesson_run *run)
{
    unsigned i = 0;
    while (i < run->lesson->item_count &&
           (run->lesson->item[i].kind != ITEM_GOAL || run->reached[i]))
        i++;
    return i;
}

word_t lesson_reached_step(const struct lesson_run *run, unsigned goal)
{
    word_t step = 0;
    for (unsigned i = 0; i < goal; i++)
        if (run->reached[i]) step = run->way[i].step;
    return step;
}

void lesson_move_shown(struct lesson_run *run, unsigned goal)
{
    run->moves_shown[goal]++;
    run->unsaved = true;
}

bool lesson_stands(const struct lesson_run *run, const struct session *s, unsigned goal)
{
    return run->reached[goal] && session_went_through(s, &run->way[goal]);
}

bool lesson_counts(const struct lesson_run *run, const struct session *s, unsigned item)
{
    if (run->lesson->item[item].kind == ITEM_QUESTION) return run->right[item];
    for (unsigned i = item; run->reached[item] && i < run->lesson->item_count; i++)
        if (run->lesson->item[i].kind == ITEM_GOAL && lesson_stands(run, s, i)) return true;
    return false;
}

struct lesson_score lesson_score(const struct lesson_run *run, const struct session *s)
{
    struct lesson_score score = { 0 };
    for (unsigned i = 0; i < run->lesson->item_count; i++) {
        const struct item *item = &run->lesson->item[i];
        if (item->kind == ITEM_PAGE) continue;
        score.all += item->weight;
        score.reached += lesson_counts(run, s, i) ? item->weight : 0;
    }
    return score;
}
