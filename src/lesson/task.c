/* SPDX-License-Identifier: BSD-2-Clause */
/* What a lesson shows: its first screen, the page and goal that are next, all goals, hints. */
#include "lesson/run.h"

#include <string.h>

enum { COLUMNS = 80, TITLE_END = 78 };

void lesson_begin(const struct lesson_run *run, FILE *out)
{
    const struct lesson *l = run->lesson;
    int used = l->number ? fprintf(out, "Lesson %u: %s", l->number, l->title)
                         : fprintf(out, "Lesson: %s", l->title);
    char about[64] = "";
    if (l->minutes)
        snprintf(about, sizeof about, "about %u minutes%s", l->minutes,
                 l->needs_compiler ? ", with a C compiler" : "");
    if (l->plain)
        fprintf(out, "%s%s\n", *about ? "\nTime: " : "", about);
    else
        fprintf(out, "%*s\n", TITLE_END - used > 0 ? TITLE_END - used : 0, about);
    lesson_task(run, out);
}

/* The page and its goal; the columns that the goal's line takes, 0: all goals are reached. */
static int say_page(const struct lesson_run *run, FILE *out)
{
    const struct lesson *l = run->lesson;
    char say[SAY_SIZE];
    unsigned goal = lesson_open_goal(run);
    lesson_lines(l, out, l->item[lesson_page_of(l, goal)].text);
    if (goal == l->item_count) return 0;
    lesson_fill_in(l, l->item[goal].text, say, sizeof say);
    return fprintf(out, "%sGoal %u: %s.", l->plain ? "" : "  ", goal_number(l, goal), say);
}

void lesson_page(const struct lesson_run *run, FILE *out)
{
    if (!say_page(run, out)) return;
    fputs("\n", out);
    questions_say(run, out);
}

void lesson_task(const struct lesson_run *run, FILE *out)
{
    static const char offers[] = LESSON_OFFERS("  ");
    const struct lesson *l = run->lesson;
    int used = say_page(run, out), room = TITLE_END - used;
    if (!used) return;
    if (l->plain)
        fputs("\nWords: " LESSON_OFFERS(", ") "\n", out);
    else if (room >= (int)sizeof offers + 1)
        fprintf(out, "%*s\n", room, offers);
    else
        fprintf(out, "\n  %s\n", offers);
    questions_say(run, out);
}

void lesson_goals(const struct lesson_run *run, FILE *out)
{
    const struct lesson *l = run->lesson;
    char lead[64], text[SAY_SIZE];
    for (unsigned i = 0; i < l->item_count; i++) {
        if (l->item[i].kind != ITEM_GOAL) continue;
        unsigned number = goal_number(l, i);
        if (l->plain) {
            lesson_fill_in(l, l->item[i].text, text, sizeof text);
            fprintf(out, "Goal %u, %s: %s\n", number, run->reached[i] ? "reached" : "open", text);
            continue;
        }
        snprintf(lead, sizeof lead, "[%c] %u.", run->reached[i] ? 'x' : ' ', number);
        lesson_fill(l, out, lead, l->item[i].text);
    }
}

void lesson_tell_undone(const struct lesson_run *run, const struct session *s, FILE *out)
{
    const struct lesson *l = run->lesson;
    char text[SAY_SIZE] = "";
    unsigned count = 0;
    for (unsigned i = 0; i < l->item_count; i++) {
        size_t used = strlen(text);
        bool is_lost = l->item[i].kind == ITEM_GOAL && run->reached[i] && !lesson_counts(run, s, i);
        if (!is_lost || used + 8 >= sizeof text / 4) continue;
        snprintf(text + used, 8, "%s%u", used ? ", " : "", goal_number(l, i));
        count++;
    }
    if (!count) return;
    strcat(text,
           ". A hand-in counts what holds at its end. `--again` goes on from here, `branches` "
           "lists what was undone, and `branch NAME` returns to it.");
    lesson_fill(l, out, count > 1 ? "Reached, but undone: goals" : "Reached, but undone: goal",
                text);
}

void lesson_hint(struct lesson_run *run, FILE *out)
{
    const struct lesson *l = run->lesson;
    char lead[48];
    unsigned goal = lesson_open_goal(run);
    if (goal == l->item_count) {
        lesson_fill(l, out, "All goals are reached.", "");
        return;
    }
    const struct item *g = &l->item[goal];
    unsigned given =
        run->hints_given[goal] % (g->hint_count + 1); /* then from the first one again */
    if (given == g->hint_count) {
        snprintf(lead, sizeof lead, "%s",
                 g->hint_count ? "Those were all the hints." : "No hints.");
        lesson_fill(l, out, lead, "`solution` shows the next move, one at a time.");
    } else {
        snprintf(lead, sizeof lead, "Hint %u of %u:", given + 1, g->hint_count);
        lesson_fill(l, out, lead, g->hint[given]);
    }
    run->hints_given[goal]++;
    run->unsaved = true;
}
