/* SPDX-License-Identifier: BSD-2-Clause */
/* How far somebody has come: goals, warnings, hints, questions. What is reached stays reached. */
#include "lesson/lesson.h"

#include <string.h>

#include "lesson/predicate.h"

enum { SAY_SIZE = 300 };

unsigned lesson_open_goal(const struct lesson_run *run)
{
    unsigned i = 0;
    while (i < run->lesson->item_count &&
           (run->lesson->item[i].kind != ITEM_GOAL || run->reached[i]))
        i++;
    return i;
}

/* Goals are counted from 1 for people. */
static unsigned goal_number(const struct lesson *lesson, unsigned item)
{
    unsigned number = 0;
    for (unsigned i = 0; i <= item && i < lesson->item_count; i++)
        number += lesson->item[i].kind == ITEM_GOAL;
    return number;
}

/* The page on which an item stands. */
static unsigned page_of(const struct lesson *lesson, unsigned item)
{
    while (item > 0 && (item >= lesson->item_count || lesson->item[item].kind != ITEM_PAGE)) item--;
    return item;
}

/* The question that stands before a goal; item_count when none does. */
static unsigned question_before(const struct lesson *lesson, unsigned goal)
{
    for (unsigned i = 0; i < lesson->item_count; i++) {
        const struct item *item = &lesson->item[i];
        if (item->kind != ITEM_QUESTION) continue;
        if (item->before ? strcmp(item->before, lesson->item[goal].id) == 0 : i + 1 == goal)
            return i;
    }
    return lesson->item_count;
}

static void say_question(const struct lesson_run *run, unsigned goal, FILE *out)
{
    unsigned i = question_before(run->lesson, goal);
    if (i == run->lesson->item_count || run->answer[i]) return;
    const struct item *q = &run->lesson->item[i];
    char choices[256] = "";
    for (unsigned c = 0; c < q->choice_count; c++) {
        size_t used = strlen(choices);
        snprintf(choices + used, sizeof choices - used, "%sanswer %s", c ? " | " : "",
                 q->choice[c].word);
    }
    bool fits = strlen(q->text) + strlen(choices) + 8 <= 80;
    fprintf(out, "  %s%s%s\n", q->text, fits ? "      " : "\n      ", choices);
}

void lesson_begin(const struct lesson_run *run, FILE *out)
{
    const struct lesson *l = run->lesson;
    int used = fprintf(out, "Lesson %u: %s", l->number, l->title);
    char about[32] = "";
    if (l->minutes) snprintf(about, sizeof about, "about %u minutes", l->minutes);
    fprintf(out, "%*s\n", 78 - used > 0 ? 78 - used : 0, about);
    lesson_task(run, out);
}

void lesson_task(const struct lesson_run *run, FILE *out)
{
    static const char offers[] = "hint  goals  undo  reset  help";
    const struct lesson *l = run->lesson;
    unsigned goal = lesson_open_goal(run);
    lesson_lines(l, out, l->item[page_of(l, goal)].text);
    if (goal == l->item_count) return;
    char say[SAY_SIZE];
    lesson_fill_in(l, l->item[goal].text, say, sizeof say);
    int used = fprintf(out, "  Goal %u: %s.", goal_number(l, goal), say);
    if (used + 2 + (int)sizeof offers <= 80)
        fprintf(out, "%*s\n", (used < 44 ? 44 - used : 2) + (int)sizeof offers - 1, offers);
    else
        fprintf(out, "\n  %s\n", offers);
    say_question(run, goal, out);
}

void lesson_goals(const struct lesson_run *run, FILE *out)
{
    const struct lesson *l = run->lesson;
    char lead[64];
    for (unsigned i = 0; i < l->item_count; i++) {
        if (l->item[i].kind != ITEM_GOAL) continue;
        snprintf(lead, sizeof lead, "[%c] %u.", run->reached[i] ? 'x' : ' ', goal_number(l, i));
        lesson_fill(l, out, lead, l->item[i].text);
    }
}

void lesson_hint(struct lesson_run *run, FILE *out)
{
    unsigned goal = lesson_open_goal(run);
    if (goal == run->lesson->item_count) {
        fprintf(out, "  All goals are reached.\n");
        return;
    }
    const struct item *g = &run->lesson->item[goal];
    if (g->hint_count == 0) {
        fprintf(out, "  There is no hint for goal %u: %s.\n", goal_number(run->lesson, goal),
                g->text);
        return;
    }
    unsigned given = run->hints_given[goal] % g->hint_count;
    char lead[32];
    snprintf(lead, sizeof lead, "Hint %u of %u:", given + 1, g->hint_count);
    lesson_fill(run->lesson, out, lead, g->hint[given]);
    run->hints_given[goal]++;
}

bool lesson_answer(struct lesson_run *run, const char *word, FILE *out, struct problem *p)
{
    unsigned goal = lesson_open_goal(run);
    unsigned i = goal < run->lesson->item_count ? question_before(run->lesson, goal)
                                                : run->lesson->item_count;
    if (i == run->lesson->item_count)
        return problem_set(p, "`task` shows what is to be done", "no question is open");
    const struct item *q = &run->lesson->item[i];
    for (unsigned c = 0; c < q->choice_count; c++) {
        if (strcmp(q->choice[c].word, word) != 0) continue;
        run->answer[i] = &q->choice[c];
        lesson_fill(run->lesson, out, "Noted.", q->noted ? q->noted : "Now try it, and see.");
        return true;
    }
    return problem_set(p, "`task` shows the question", "`%.40s` is none of the answers", word);
}

/* ---- Judging ---- */

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

/* What became of the guess. */
static void resolve_question(const struct lesson_run *run, unsigned goal, FILE *out)
{
    unsigned i = question_before(run->lesson, goal);
    if (i == run->lesson->item_count) return;
    const struct item *q = &run->lesson->item[i];
    const struct choice *given = run->answer[i];
    const char *text = given ? given->text : "";
    for (unsigned c = 0; c < q->choice_count && !*text; c++) text = q->choice[c].text;
    char lead[64] = "";
    if (given)
        snprintf(lead, sizeof lead, "(You said %.20s%s.)", given->word,
                 given->right ? ": right" : "");
    lesson_fill(run->lesson, out, lead, text);
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
        fprintf(out, "  %s %s.\n\n", reached, page->id);
        lesson_task(run, out);
        return;
    }
    lesson_fill_in(l, l->item[goal].text, say, sizeof say);
    snprintf(lead, sizeof lead, "%s Goal %u: %s.", reached, goal_number(l, goal), say);
    lesson_fill(l, out, lead, new_page ? l->item[page_of(l, goal)].text : "");
    say_question(run, goal, out);
}

void lesson_judge(struct lesson_run *run, const struct session *s,
                  const struct lesson_effort *effort, FILE *out)
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
        resolve_question(run, goal, out);
        say_next(run, goal, effort, out);
    }
}
