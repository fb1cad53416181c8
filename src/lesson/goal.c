/* SPDX-License-Identifier: BSD-2-Clause */
/* How far somebody has come: goals are judged after each command, warnings said. What is reached stays
 * reached; whether it still stands where somebody went back is another question. */
#include "lesson/run.h"

#include <string.h>

#include "lesson/predicate.h"

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

static bool goal_holds(const struct lesson_run *run, const struct scope *sc,
                       const struct item *goal)
{
    struct problem unused;
    for (unsigned i = 0; i < goal->holds_count; i++) {
        bool holds;
        if (!predicate_judge(sc, goal->holds[i], run->from_event, &holds, &unused) || !holds)
            return false;
    }
    return true;
}

/* Says the first warning that holds and has not been said. */
static void warn(struct lesson_run *run, const struct scope *sc, unsigned goal, FILE *out)
{
    const struct item *g = &run->lesson->item[goal];
    struct problem unused;
    bool said = false;
    for (unsigned i = 0; i < g->warning_count; i++) {
        bool holds;
        if (!predicate_judge(sc, g->warning[i].when, run->from_event, &holds, &unused))
            holds = false;
        if (holds && !said && !(run->warned[goal] & 1U << i)) {
            lesson_fill(run->lesson, out, "", g->warning[i].text);
            run->provoked[goal] |= 1U << i;
            said = true;
        }
        run->warned[goal] = (run->warned[goal] & ~(1U << i)) | (uint32_t)holds << i;
    }
}

static void say_end(struct lesson_run *run, const struct lesson_effort *effort, const char *reached,
                    FILE *out)
{
    const struct lesson *l = run->lesson;
    char lead[200], minutes[32] = "", commands[32] = "";
    const struct item *last = &l->item[page_of(l, l->item_count)];
    bool has_goal = false;
    for (unsigned i = page_of(l, l->item_count); i < l->item_count; i++)
        has_goal |= l->item[i].kind == ITEM_GOAL;
    if (effort->minutes)
        snprintf(minutes, sizeof minutes, "%u minute%s, ", effort->minutes,
                 effort->minutes == 1 ? "" : "s");
    if (effort->commands) snprintf(commands, sizeof commands, "%u commands", effort->commands);
    snprintf(lead, sizeof lead, "%s Lesson %u is done%s%s%s.", reached, l->number,
             effort->commands ? ": " : "", minutes, commands);
    lesson_fill(l, out, lead, "");
    if (!has_goal) lesson_lines(l, out, last->text);
    run->done = true;
}

/* A page that needs to be seen as it was written; a short one goes on behind what was reached. */
static bool is_long(const char *text)
{
    unsigned lines = 1;
    for (; *text; text++) lines += *text == '\n';
    return lines > 3;
}

static void say_next(struct lesson_run *run, unsigned before, const struct lesson_effort *effort,
                     FILE *out)
{
    const struct lesson *l = run->lesson;
    char reached[64], lead[SAY_SIZE + 100], say[SAY_SIZE];
    snprintf(reached, sizeof reached, "Goal %u reached.", goal_number(l, before));
    unsigned goal = lesson_open_goal(run);
    if (goal == l->item_count) {
        say_end(run, effort, reached, out);
        return;
    }
    bool new_page = page_of(l, goal) != page_of(l, before);
    const struct item *page = &l->item[page_of(l, goal)];
    if (new_page && is_long(page->text)) {
        fprintf(out, "%s%s %s.\n\n", l->plain ? "" : "  ", reached, page->id);
        lesson_task(run, out);
        return;
    }
    lesson_fill_in(l, l->item[goal].text, say, sizeof say);
    snprintf(lead, sizeof lead, "%s Goal %u: %s.", reached, goal_number(l, goal), say);
    lesson_fill(l, out, lead, new_page ? l->item[page_of(l, goal)].text : "");
    questions_say(run, goal, out);
}

void lesson_judge(struct lesson_run *run, struct session *s, const struct lesson_effort *effort,
                  FILE *out)
{
    struct scope sc = scope_of_root(s);
    for (;;) {
        unsigned goal = lesson_open_goal(run);
        if (goal == run->lesson->item_count) return;
        if (!goal_holds(run, &sc, &run->lesson->item[goal])) {
            warn(run, &sc, goal, out);
            return;
        }
        run->reached[goal] = true;
        run->way[goal] = session_waypoint(s);
        run->unsaved = true;
        questions_resolve(run, s, goal, out);
        say_next(run, goal, effort, out);
    }
}
