/* SPDX-License-Identifier: BSD-2-Clause */
/* The lint's scripts: the solution for many students, and every wrong attempt. */
#include "course/check_inside.h"
#include "course/crew.h"

#include "lesson/predicate.h"
#include "world/names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 1024, TAIL = 200 };

/* Blanks and line ends become one blank each, so that filled text can be compared. */
static char *squeezed(const char *text)
{
    char *copy = malloc(strlen(text) + 1), *to = copy;
    if (!copy) abort();
    for (const char *from = text; *from; from++) {
        bool blank = isspace((unsigned char)*from);
        if (blank && (to == copy || to[-1] == ' ')) continue;
        *to++ = blank ? ' ' : *from;
    }
    while (to > copy && to[-1] == ' ') to--;
    *to = '\0';
    return copy;
}

static const char *open_goal(const struct play *p)
{
    unsigned i = lesson_open_goal(&p->run);
    return i < p->run.lesson->item_count ? p->run.lesson->item[i].id : "";
}

/* The end of what was said, which is where the reason stands. */
static void complain_with_tail(struct check *c, const char *file, const char *tip, struct play *p,
                               const char *what, const char *word)
{
    char *said = squeezed(play_said(p));
    size_t n = strlen(said);
    size_t from = n > TAIL ? n - TAIL : 0;
    while (from > 0 && from < n && said[from] != ' ') from++;
    complain(c, file, 0, tip, "%s%s%s%s", what, word, from ? " …" : *said ? " " : "", said + from);
    free(said);
}

/* A script that does not run to its end: which line of it, and why. */
static void complain_of_stop(struct check *c, const char *file, struct play *p,
                             enum outcome outcome, const char *what)
{
    char path[PATH_SIZE];
    unsigned line;
    struct problem why;
    snprintf(path, sizeof path, "%s/%s", c->folder, file);
    if (outcome == OUTCOME_LIMIT)
        complain(c, file, 0, "a program that never waits?", "%s at the limit of %d steps", what,
                 PLAY_MAX_STEPS);
    else if (play_reason(p, path, &line, &why))
        complain(c, file, line, why.tip, "%s: %s", what, why.text);
    else
        complain_with_tail(c, file, "", p, what, ":");
}

/* ---- What goals ask for ---- */

/* Whether every part of a predicate can be judged in this state. */
static bool is_judged(const struct scope *sc, const char *text, size_t from, struct problem *why)
{
    char one[PREDICATE_SIZE];
    for (; text; text = predicate_next(text)) {
        bool holds;
        if (!predicate_first(text, one)) return problem_set(why, "", "this check is too long");
        if (!predicate_judge(sc, one, from, &holds, why)) return false;
    }
    return true;
}

static void add_unjudged(struct check *c, const struct scope *sc, const char *text, size_t from)
{
    if (c->unjudged_count == JUDGED_MOST) return;
    struct unjudged *u = &c->unjudged[c->unjudged_count];
    u->text = text;
    c->unjudged_count += !is_judged(sc, text, from, &u->why);
}

/* Names come and go: a line asks for nothing if it cannot be judged in any of the states that are looked
 * at. The first of them is where the solution ends. */
static void judge_lines(struct check *c, const struct play *p)
{
    struct scope sc = scope_of_root(p->shell.session);
    const struct lesson *l = c->lesson;
    for (unsigned i = 0; i < l->item_count && !c->has_judged; i++) {
        for (unsigned n = 0; n < l->item[i].holds_count; n++)
            add_unjudged(c, &sc, l->item[i].holds[n], p->run.from_event);
        for (unsigned n = 0; n < l->item[i].warning_count; n++)
            add_unjudged(c, &sc, l->item[i].warning[n].when, p->run.from_event);
    }
    for (unsigned i = 0; i < c->unjudged_count && c->has_judged; i++) {
        struct problem unused;
        if (is_judged(&sc, c->unjudged[i].text, p->run.from_event, &unused))
            c->unjudged[i--] = c->unjudged[--c->unjudged_count];
    }
    c->has_judged = true;
}

static void check_judged(struct check *c)
{
    for (unsigned i = 0; i < c->unjudged_count; i++)
        complain_of(c, c->unjudged[i].text, c->unjudged[i].why.tip, "this asks for nothing: %s",
                    c->unjudged[i].why.text);
}

/* ---- Varied numbers ---- */

/* A varied number is a variable. Of what else has its name, or gives it another value, commands and goals
 * mean now the one and now the other. */
static void check_varied(struct check *c, const struct play *p)
{
    const struct scope sc = scope_of_root(p->shell.session);
    const struct lesson *l = p->run.lesson;
    for (unsigned i = 0; i < l->vary_count; i++) {
        const char *name = l->vary[i].name;
        word_t value = l->vary[i].value;
        struct problem why = { .text = "" };
        if (thread_find(scope_world(&sc), name))
            problem_set(&why, "", "a thread is called that, too");
        else if (scope_name_is_free(&sc, name, &why) &&
                 variable_get(scope_world(&sc), name, &value) && value != l->vary[i].value)
            problem_set(&why, "", "the lesson's commands set it");
        if (why.text[0])
            complain(c, "lesson.md", 0, "another name: in capital letters it meets nobody",
                     "vary %s: %s", name, why.text);
    }
}

/* ---- Solution ---- */

struct solved {
    uint64_t hash;
    char *said;
};

/* Who does it right is not scolded on the way. */
static void check_unprovoked(struct check *c, const struct play *p)
{
    for (unsigned i = 0; i < c->lesson->item_count; i++)
        for (unsigned w = 0; w < c->lesson->item[i].warning_count; w++)
            if (p->run.provoked[i] & 1U << w)
                complain_of(c, c->lesson->item[i].warning[w].when,
                            "who does it right is not to be scolded on the way",
                            "the solution itself provokes this `if` of goal %s",
                            c->lesson->item[i].id);
}

/* A question that the solution does not answer rightly may have no right answer. */
static void check_answers(struct check *c, const struct play *p)
{
    for (unsigned i = 0; i < c->lesson->item_count; i++) {
        const struct item *q = &c->lesson->item[i];
        if (q->kind == ITEM_QUESTION && !p->run.right[i])
            complain_of(c, q->id, "`answer …` in solution.fl, before the goal is reached",
                        p->run.said[i][0] ? "the solution answers question %s wrongly"
                                          : "the solution does not answer question %s",
                        q->id);
    }
}

static bool judge_solution(struct check *c, struct play *p, enum outcome outcome,
                           const char *student, const struct problem *problem)
{
    char what[160];
    if (outcome == OUTCOME_FAILED && problem->text[0]) {
        complain(c, "solution.fl", 0, "the commands that reach all goals", "%s", problem->text);
    } else if (outcome != OUTCOME_DONE) {
        snprintf(what, sizeof what, "the solution stops%s", student);
        complain_of_stop(c, "solution.fl", p, outcome, what);
    } else if (!p->run.done) {
        snprintf(what, sizeof what, "the solution does not reach%s goal ", student);
        complain_with_tail(c, "solution.fl",
                           "a goal's lines must all hold after one and the same command", p, what,
                           open_goal(p));
    }
    return outcome == OUTCOME_DONE && p->run.done;
}

/* Plays solution.fl for a student; true when it reached all goals. */
static bool solve(struct check *c, const char *variant, struct solved *solved)
{
    struct play p;
    struct problem problem;
    char path[PATH_SIZE], student[64] = "";
    *solved = (struct solved){ .said = NULL };
    if (variant) snprintf(student, sizeof student, " (with --variant %s)", variant);
    if (!play_begin(&p, c->folder, variant, &problem)) {
        complain(c, "setup.fl", 0, problem.tip, "the lesson does not open%s: %s", student,
                 problem.text);
        return false;
    }
    c->opens = true;
    if (c->has_judged && !variant) judge_lines(c, &p);
    snprintf(path, sizeof path, "%s/solution.fl", c->folder);
    enum outcome outcome = play_file(&p, path, &problem);
    bool done = judge_solution(c, &p, outcome, student, &problem);
    if (!variant && !c->has_words) {
        known_add_language(&c->known, session_world_at(p.shell.session));
        known_add_machine(&c->known, session_world_at(p.shell.session));
        c->has_words = true;
        judge_lines(c, &p);
        check_varied(c, &p);
        check_unprovoked(c, &p);
        if (done) check_answers(c, &p);
    }
    solved->hash = arena_hash(session_world_at(p.shell.session));
    solved->said = squeezed(play_said(&p));
    play_end(&p);
    return done;
}

/* The solution for one student: how many complaints it brings. */
static unsigned check_variant(void *context, unsigned i, FILE *out)
{
    struct check *all = context, mine = *all;
    struct solved solved;
    char variant[32];
    if (all->variant_failed) return 0; /* one in each process says enough */
    mine.out = out;
    mine.complaints = 0;
    snprintf(variant, sizeof variant, "student-%u", i + 1);
    all->variant_failed = !solve(&mine, variant, &solved);
    free(solved.said);
    return mine.complaints;
}

static void check_solution(struct check *c)
{
    struct solved once = { 0 }, again = { 0 };
    bool done = solve(c, NULL, &once) && solve(c, NULL, &again);
    if (done && (once.hash != again.hash || strcmp(once.said, again.said) != 0))
        complain(c, "solution.fl", 0, "nothing may depend on the host",
                 "played twice, it does not end in the same machine");
    free(once.said);
    free(again.said);
    if (done && c->lesson->vary_count)
        c->complaints += crew_work(CHECK_VARIANTS, check_variant, c, c->out);
}

/* ---- Wrong attempts ---- */

/* "# fails GOAL: words", the first line of a wrong attempt. */
static bool read_claim(struct check *c, const char *file, const char *path, char goal[64],
                       char words[256])
{
    FILE *in = fopen(path, "r");
    int found = in ? fscanf(in, "# fails %63[^:\n]: %255[^\n]", goal, words) : 0;
    if (in) fclose(in);
    if (found == 2) return true;
    complain(c, file, 1, "# fails stopped: Nobody waits at fault_ep",
             "a wrong attempt begins with `# fails GOAL: words that are said`");
    return false;
}

static bool has_goal(const struct lesson *lesson, const char *id)
{
    for (unsigned i = 0; i < lesson->item_count; i++)
        if (lesson->item[i].kind == ITEM_GOAL && strcmp(lesson->item[i].id, id) == 0) return true;
    return false;
}

/* What came of it, held against what it claims. */
static void judge_attempt(struct check *c, const char *file, struct play *p, const char *goal,
                          const char *words)
{
    char *said = squeezed(play_said(p)), *wanted = squeezed(words);
    if (strcmp(open_goal(p), goal) != 0)
        complain_with_tail(c, file, "the first goal that is not reached is the one it fails", p,
                           *open_goal(p) ? "it fails another goal: " : "it reaches all goals",
                           open_goal(p));
    else if (!strstr(said, wanted))
        complain_with_tail(c, file, "an `if` of the goal says it, or the machine does", p,
                           "nobody says: ", wanted);
    free(said);
    free(wanted);
}

static void check_attempt(struct check *c, const char *name)
{
    char file[300], path[PATH_SIZE], goal[64], words[256];
    struct play p;
    struct problem problem;
    snprintf(file, sizeof file, "wrong/%s", name);
    snprintf(path, sizeof path, "%s/%s", c->folder, file);
    if (!read_claim(c, file, path, goal, words)) return;
    if (!has_goal(c->lesson, goal)) {
        complain(c, file, 1, "```goal ID", "the lesson has no goal %s", goal);
        return;
    }
    if (!play_begin(&p, c->folder, NULL, &problem)) return; /* the solution said so */
    enum outcome outcome = play_file(&p, path, &problem);
    if (outcome == OUTCOME_DONE)
        judge_attempt(c, file, &p, goal, words);
    else
        complain_of_stop(c, file, &p, outcome, "a wrong attempt runs to its end, and this stops");
    for (unsigned i = 0; i < c->lesson->item_count; i++) c->provoked[i] |= p.run.provoked[i];
    judge_lines(c, &p);
    play_end(&p);
}

static void check_provoked(struct check *c)
{
    for (unsigned i = 0; i < c->lesson->item_count; i++) {
        const struct item *goal = &c->lesson->item[i];
        for (unsigned w = 0; w < goal->warning_count; w++)
            if (!(c->provoked[i] & 1U << w))
                complain_of(c, goal->warning[w].when, "add a wrong/NAME.fl that makes the mistake",
                            "no wrong attempt provokes this `if` of goal %s: %.80s", goal->id,
                            goal->warning[w].text);
    }
}

void check_scripts(struct check *c)
{
    check_solution(c);
    if (!c->opens) return; /* more would only repeat that */
    if (check_each_file(c, "wrong", ".fl", check_attempt, c) == 0)
        complain(c, "wrong", 0, "one wrong/NAME.fl for each known mistake",
                 "the lesson has no wrong attempts");
    check_judged(c);
    check_provoked(c);
}
