/* SPDX-License-Identifier: BSD-2-Clause */
/* Goals are judged after each command, warnings said, and what is next. */
#include "lesson/run.h"

#include <ctype.h>
#include <string.h>

#include "lesson/predicate.h"

void lesson_count(const struct lesson_run *run, const struct session *s)
{
    struct scope sc = scope_of_root(s);
    for (unsigned i = 0; i < run->lesson->item_count; i++) {
        const struct item *item = &run->lesson->item[i];
        for (unsigned n = 0; n < item->holds_count; n++)
            predicate_prepare(&sc, item->holds[n], run->from_event);
        for (unsigned n = 0; n < item->warning_count; n++)
            predicate_prepare(&sc, item->warning[n].when, run->from_event);
    }
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

/* Since when events are new. Who looks back and returns has done nothing; who does something there has
 * left what came behind. */
static size_t news_from(const struct lesson_run *run, const struct session *s)
{
    size_t count = session_event_count(s);
    if (session_is_past(s)) return count;
    bool left = run->has_looked_back && count != run->judged_event;
    size_t from = left && run->past_event < run->judged_event ? run->past_event : run->judged_event;
    return from < count ? from : count;
}

static void note_judged(struct lesson_run *run, const struct session *s)
{
    run->has_looked_back = session_is_past(s);
    *(run->has_looked_back ? &run->past_event : &run->judged_event) = session_event_count(s);
}

static bool counts_at_least(const char *when)
{
    return strncmp(when, "at least ", 9) == 0;
}

/* Whether it can be told when it has happened again: of what was printed nobody knows since when. */
static bool is_told_again(const char *when)
{
    return counts_at_least(when) && !strstr(when, " times printed ");
}

/* Whether what a warning is about has happened since goals were judged last: before that, nobody was
 * on the way to a goal that is only open now. */
static bool is_fresh(const struct lesson_run *run, const struct scope *sc, const char *when)
{
    char once[SAY_SIZE];
    struct problem unused;
    bool holds, counts = isdigit((unsigned char)*when) || counts_at_least(when);
    const char *what = counts ? strstr(when, " times ") : when;
    if (!what || (!counts && strncmp(when, "once ", 5) != 0)) return true;
    snprintf(once, sizeof once, "%s%s", counts ? "once " : "", counts ? what + 7 : what);
    return predicate_judge(sc, once, news_from(run, sc->session), &holds, &unused) && holds;
}

/* Says the first warning that holds and has not been said. One that counts `at least` so often is said
 * whenever it has happened again; the command that opened the goal was on the way to another one. */
static void warn(struct lesson_run *run, const struct scope *sc, unsigned goal, bool opened,
                 FILE *out)
{
    const struct item *g = &run->lesson->item[goal];
    struct problem unused;
    bool said = false;
    for (unsigned i = 0; i < g->warning_count; i++) {
        const char *when = g->warning[i].when;
        uint32_t bit = 1U << i;
        bool holds, again = is_told_again(when), was_said = run->warned[goal] & bit;
        if (!predicate_judge(sc, when, run->from_event, &holds, &unused)) holds = false;
        bool is_news = holds && (again ? !opened && is_fresh(run, sc, when)
                                       : !was_said && (!opened || is_fresh(run, sc, when)));
        if (is_news && !said) {
            lesson_fill(run->lesson, out, "", g->warning[i].text);
            run->provoked[goal] |= bit;
            said = true;
        }
        bool stands = holds && (!again || was_said || is_news);
        run->warned[goal] = (run->warned[goal] & ~bit) | (stands ? bit : 0);
    }
}

static void say_end(struct lesson_run *run, const struct lesson_effort *effort, const char *reached,
                    FILE *out)
{
    const struct lesson *l = run->lesson;
    char lead[200], which[32] = "The lesson", minutes[32] = "", commands[32] = "";
    const struct item *last = &l->item[lesson_page_of(l, l->item_count)];
    bool has_goal = false;
    for (unsigned i = lesson_page_of(l, l->item_count); i < l->item_count; i++)
        has_goal |= l->item[i].kind == ITEM_GOAL;
    if (effort->minutes)
        snprintf(minutes, sizeof minutes, "%u minute%s, ", effort->minutes,
                 effort->minutes == 1 ? "" : "s");
    if (effort->commands) snprintf(commands, sizeof commands, "%u commands", effort->commands);
    if (l->number) snprintf(which, sizeof which, "Lesson %u", l->number);
    snprintf(lead, sizeof lead, "%s %s is done%s%s%s.", reached, which,
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
    bool new_page = lesson_page_of(l, goal) != lesson_page_of(l, before);
    const struct item *page = &l->item[lesson_page_of(l, goal)];
    if (new_page && is_long(page->text)) {
        fprintf(out, "%s%s %s.\n\n", l->plain ? "" : "  ", reached, page->id);
        lesson_task(run, out);
        return;
    }
    lesson_fill_in(l, l->item[goal].text, say, sizeof say);
    snprintf(lead, sizeof lead, "%s Goal %u: %s.", reached, goal_number(l, goal), say);
    lesson_fill(l, out, lead, new_page ? l->item[lesson_page_of(l, goal)].text : "");
    questions_say(run, out);
}

/* A goal that holds already where it opens: the question before it is asked first. Who answers, or goes on
 * without an answer as scripts may, has reached it. */
static bool waits_for_answer(const struct lesson_run *run, const struct session *s)
{
    unsigned question = lesson_open_question(run);
    if (question == run->lesson->item_count || run->lesson->item[question].late) return false;
    return session_position(s).step <= run->opened_step;
}

/* It held where it opened, and who has gone on from there without an answer may have changed that. */
static bool has_held(const struct lesson_run *run, const struct session *s, unsigned goal)
{
    return run->held == goal + 1 && session_position(s).step > run->opened_step &&
           session_went_through(s, &run->held_way);
}

static void hold(struct lesson_run *run, struct session *s, unsigned goal)
{
    run->held = goal + 1;
    run->held_way = session_waypoint(s);
}

/* The end of this kernel entry, if one is under way: nothing new can be done before. */
static word_t next_stand(const struct session *s)
{
    return session_position(s).step + (session_phase(s, NULL, NULL) ? 1 : 0);
}

static void judge_goals(struct lesson_run *run, struct session *s, bool asks,
                        const struct lesson_effort *effort, FILE *out)
{
    struct scope sc = scope_of_root(s);
    bool opened = false;
    for (;; opened = true) {
        unsigned goal = lesson_open_goal(run);
        if (goal == run->lesson->item_count) return;
        bool held = has_held(run, s, goal),
             holds = held || goal_holds(run, &sc, &run->lesson->item[goal]);
        if (!holds || (asks && waits_for_answer(run, s))) {
            if (holds) hold(run, s, goal);
            /* what a kernel entry is about to do is no mistake yet */
            if (session_phase(s, NULL, NULL)) return;
            if (!holds) warn(run, &sc, goal, opened, out);
            note_judged(run, s);
            return;
        }
        run->reached[goal] = true;
        run->way[goal] = held ? run->held_way : session_waypoint(s);
        run->opened_step = next_stand(s);
        run->unsaved = true;
        questions_resolve(run, s, goal, out);
        say_next(run, goal, effort, out);
    }
}

void lesson_judge(struct lesson_run *run, struct session *s, const struct lesson_effort *effort,
                  FILE *out)
{
    judge_goals(run, s, true, effort, out);
}

void lesson_judge_end(struct lesson_run *run, struct session *s, FILE *out)
{
    static const struct lesson_effort none = { 0 };
    judge_goals(run, s, false, &none, out);
}
