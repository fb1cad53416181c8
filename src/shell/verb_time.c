/* SPDX-License-Identifier: BSD-2-Clause */
/* Verbs that go to other times: back and its kin, goto, timeline; and branches. Looking back changes
 * nothing: what was ahead is there until somebody does otherwise, and then it is another branch. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/commands.h"
#include "shell/recording.h"
#include "view/difference.h"
#include "world/part.h"

typedef unsigned long long number;

/* Where one has come to. */
static enum outcome arrived(struct shell *sh)
{
    struct stop stop = { .kind = STOP_PHASE };
    sh->begun = false;
    sh->from = session_event_count(sh->session);
    if (session_phase(sh->session, NULL, NULL)) return tell_story(sh, &stop, 0);
    if (sh->silent) return OUTCOME_DONE;
    word_t here = session_position(sh->session).step, end = session_end(sh->session).step;
    char where[80] = "";
    if (session_is_past(sh->session) && end > here)
        snprintf(where, sizeof where, ", %llu step%s before the end of this branch",
                 (number)(end - here), end - here == 1 ? "" : "s");
    shell_say(sh, "  @%llu%s%s", (number)here, where, here ? "" : ": the start");
    show_place(sh);
    return sh->host.interrupt && *sh->host.interrupt ? OUTCOME_INTERRUPTED : OUTCOME_DONE;
}

enum outcome go_back(struct shell *sh, struct args *a, word_t count, bool phases)
{
    bool moved = false;
    struct position now = session_position(sh->session);
    if (count > 1 && !phases && count <= now.step) { /* many steps are one way */
        struct position to = { .step = now.step - count };
        return session_goto(sh->session, to, &a->problem) ? arrived(sh) : OUTCOME_FAILED;
    }
    for (; count > 0 && !(sh->host.interrupt && *sh->host.interrupt); count--) {
        if (!(phases ? session_back(sh->session) : session_back_next(sh->session))) break;
        moved = true;
    }
    if (moved) return arrived(sh);
    problem_set(&a->problem, "`step` and `continue` go forwards", "this is the start");
    return OUTCOME_FAILED;
}

static enum outcome read_and_go_back(struct shell *sh, struct args *a, bool phases)
{
    word_t count = 1;
    if ((arg_more(a) && !arg_word(a, "how often", &count)) || !arg_end(a)) return OUTCOME_FAILED;
    return count ? go_back(sh, a, count, phases) : OUTCOME_DONE;
}

enum outcome verb_back(struct shell *sh, struct args *a)
{
    return read_and_go_back(sh, a, true);
}

enum outcome verb_reverse_next(struct shell *sh, struct args *a)
{
    return read_and_go_back(sh, a, false);
}

enum outcome verb_reverse_continue(struct shell *sh, struct args *a)
{
    struct goal goal = { .broken = false };
    const struct breakpoint *breaks;
    bool has_goal = arg_more(a);
    if (has_goal && !goal_parse(a, &goal)) return OUTCOME_FAILED;
    if (!has_goal && !session_breaks(sh->session, &breaks)) {
        problem_set(&a->problem, "break fault, or: reverse-continue fault",
                    "there is no breakpoint to go back to");
        return OUTCOME_FAILED;
    }
    struct stop stop = session_back_run(sh->session, has_goal ? &goal.until : NULL);
    enum outcome outcome = OUTCOME_DONE;
    if (stop.kind == STOP_DONE && !sh->silent)
        shell_say(sh, "  It was never met before: this is the start.");
    else if (stop.kind == STOP_BREAK || (stop.kind == STOP_UNTIL && stop.event.thread))
        outcome = tell_story(sh, &stop, 0);
    if (!goal.broken) return outcome == OUTCOME_DONE ? arrived(sh) : outcome;
    a->problem = goal.problem;
    return OUTCOME_FAILED;
}

/* ---- goto ---- */

static bool read_digits(const char **at, word_t *value)
{
    char *end;
    if (**at < '0' || **at > '9' || strspn(*at, "0123456789") > 19) return false;
    *value = strtoull(*at, &end, 10);
    *at = end;
    return true;
}

bool position_parse(const char *text, struct position *to, struct problem *p)
{
    const char *at = text + (*text == '@');
    word_t phase = 0;
    bool good = read_digits(&at, &to->step);
    if (good && *at == '.') {
        at++;
        good = read_digits(&at, &phase) && phase > 0 && phase < 1u << 30;
    }
    to->phase = (unsigned)phase;
    if (good && !*at) return true;
    return problem_set(p, "goto @5, goto @5.2, goto fault 3, goto start, goto now",
                       "`%.40s` is no position", text);
}

static bool go_to(struct shell *sh, struct args *a)
{
    const char *text;
    struct position to;
    word_t n = 1;
    if (arg_key(a, "start") && arg_end(a)) {
        session_goto_start(sh->session);
        return true;
    }
    if (arg_key(a, "now") && arg_end(a)) {
        session_goto_end(sh->session);
        return true;
    }
    if (arg_key(a, "fault"))
        return (!arg_more(a) || arg_word(a, "a number", &n)) && arg_end(a) &&
               session_goto_fault(sh->session, n, &a->problem);
    return arg_text(a, "a position", &text) && arg_end(a) &&
           position_parse(text, &to, &a->problem) && session_goto(sh->session, to, &a->problem);
}

enum outcome verb_goto(struct shell *sh, struct args *a)
{
    return go_to(sh, a) ? arrived(sh) : OUTCOME_FAILED;
}

/* ---- timeline ---- */

enum { LINES_BEFORE = 15, LINES_AHEAD = 5 };

/* Which events are shown. */
struct filter {
    bool has_watch, all;
    struct watch watch;
    paddr_t thread;
    size_t start; /* the set-up is not shown */
};

static bool filter_takes(void *context, const struct session *s, size_t i, const struct event *e)
{
    const struct filter *f = context;
    if (i < f->start) return false;
    if (f->has_watch) return watch_matches(session_world_at(s), &f->watch, e);
    return (!f->thread || f->thread == e->thread) && (f->all || event_is_notable(e));
}

static bool filter_parse(struct args *a, struct filter *f)
{
    *f = (struct filter){ .all = arg_key(a, "all") };
    if (!arg_more(a)) return true;
    if (arg_key(a, "thread")) return arg_thread(a, &f->thread) && arg_end(a);
    f->has_watch = true;
    return watch_parse(&a->sc, a->word + a->at, a->count - a->at, &f->watch, &a->problem);
}

/* Shows what a search has found; false: interrupted. */
static bool show_found(const struct shell *sh, struct event_search *q)
{
    struct view v = shell_view(sh);
    for (unsigned i = 0; i < q->count; i++) {
        if (!session_event_hold(sh->session, q->found[i])) return false;
        view_event_at(&v, q->found[i]);
    }
    return true;
}

/* How many there were before those that are shown, as far as they are held. */
static void show_earlier(const struct shell *sh, const struct event_search *q)
{
    size_t i = q->found[0], earlier = 0;
    for (; i > q->from && session_event_is_held(sh->session, i - 1); i--)
        earlier += q->takes(q->context, sh->session, i - 1, session_event(sh->session, i - 1));
    if (earlier || i > q->from)
        shell_say(sh, "  (%s%zu earlier one%s)", i > q->from ? "at least " : "", earlier,
                  earlier == 1 ? "" : "s");
}

/* And how many there are behind them. */
static void show_later(const struct shell *sh, const struct event_search *q)
{
    size_t i = q->found[q->count - 1] + 1, later = 0;
    for (; i < q->to && session_event_is_held(sh->session, i); i++)
        later += q->takes(q->context, sh->session, i, session_event(sh->session, i));
    if (later || i < q->to)
        shell_say(sh, "  (%s%zu later one%s)", i < q->to ? "at least " : "", later,
                  later == 1 ? "" : "s");
}

enum outcome verb_timeline(struct shell *sh, struct args *a)
{
    struct filter filter;
    struct view v = shell_view(sh);
    char at[48];
    if (!filter_parse(a, &filter)) return OUTCOME_FAILED;
    filter.start = shell_first_event(sh);
    size_t now = session_event_count(sh->session);
    struct event_search q = { .from = filter.start,
                              .to = now,
                              .backwards = true,
                              .most = LINES_BEFORE,
                              .takes = filter_takes,
                              .context = &filter };
    if (!session_events_find(sh->session, &q)) return OUTCOME_INTERRUPTED;
    if (q.count == q.most) show_earlier(sh, &q);
    if (!show_found(sh, &q)) return OUTCOME_INTERRUPTED;
    view_position(session_position(sh->session), at, sizeof at);
    view_pair(&v, at, 8, "you are here", 1);
    q.from = now;
    q.to = session_events_known(sh->session);
    q.backwards = false;
    q.most = LINES_AHEAD;
    if (!session_events_find(sh->session, &q) || !show_found(sh, &q)) return OUTCOME_INTERRUPTED;
    if (q.count == q.most) show_later(sh, &q);
    return OUTCOME_DONE;
}

/* ---- branches ---- */

enum { BRANCHES_SHOWN = 20 };

enum outcome verb_branches(struct shell *sh, struct args *a)
{
    size_t count = session_branches(sh->session), first = 0;
    struct view v = shell_view(sh);
    char parts[52] = "", parted[48] = "", ends[48];
    if (!arg_end(a)) return OUTCOME_FAILED;
    if (count > BRANCHES_SHOWN) first = count - BRANCHES_SHOWN;
    if (first) shell_say(sh, "  (%zu older ones)", first);
    for (size_t i = first; i < count; i++) {
        struct branch_info b = session_branch(sh->session, i);
        if (i) snprintf(parted, sizeof parted, "parts at @%llu", (number)b.parted.step);
        if (i) snprintf(parts, sizeof parts, "%s,", parted);
        snprintf(ends, sizeof ends, "ends at @%llu", (number)b.end.step);
        const struct row_item items[] = {
            { NULL, b.is_present ? "*" : "", b.is_present ? "you are on it" : "", 2, 1, false },
            { "branch", b.name, NULL, 1, 20, false },
            { NULL, parts, parted, i > 0, 0, false },
            { NULL, ends, NULL, 1, 0, false },
        };
        view_row(&v, LOOK_PLAIN, items, sizeof items / sizeof items[0]);
    }
    return OUTCOME_DONE;
}

enum outcome verb_branch(struct shell *sh, struct args *a)
{
    const char *name;
    if (!arg_text(a, "a name", &name) || !arg_end(a)) return OUTCOME_FAILED;
    size_t found = session_branch_find(sh->session, name);
    if (found < session_branches(sh->session)) {
        session_branch_go(sh->session, found);
        return arrived(sh);
    }
    if (!session_branch_name(sh->session, name, &a->problem)) return OUTCOME_FAILED;
    if (!sh->silent) shell_say(sh, "  This branch is called %s now.", name);
    return OUTCOME_DONE;
}

static bool arg_branch(const struct shell *sh, struct args *a, size_t *found)
{
    const char *name;
    if (!arg_text(a, "a branch's name", &name)) return false;
    *found = session_branch_find(sh->session, name);
    return *found < session_branches(sh->session) ||
           problem_set(&a->problem, "`branches` lists them", "no branch is called `%.40s`", name);
}

/* A word that names a file, and no branch. */
static bool is_file(const struct shell *sh, const char *word)
{
    char name[1024];
    word_unquote(word, name, sizeof name);
    return session_branch_find(sh->session, name) == session_branches(sh->session) &&
           access(name, R_OK) == 0;
}

static enum outcome compare_files(struct shell *sh, struct args *a)
{
    char name[2][1024];
    if (shell_leaves_files_alone(sh)) return OUTCOME_DONE;
    for (unsigned i = 0; i < 2; i++) word_unquote(a->word[i], name[i], sizeof name[i]);
    return compare_recordings(sh, name[0], name[1], &a->problem) ? OUTCOME_DONE : OUTCOME_FAILED;
}

enum { DIFFERENCES = 8 };

/* From where on the machines differ, and in what. */
static enum outcome compare_machines(struct shell *sh, const size_t branch[2])
{
    struct branches_part part;
    struct view v = shell_view(sh);
    char at[48];
    bool finished = session_branch_part(sh->session, branch[0], branch[1], &part);
    view_position(part.at, at, sizeof at);
    if (finished && part.differs) {
        fprintf(sh->out, "  From %s on the machines differ in (%s | %s):\n", at,
                session_branch(sh->session, branch[0]).name,
                session_branch(sh->session, branch[1]).name);
        view_difference(&v, &part.world[0], &part.world[1], DIFFERENCES);
    } else if (finished) {
        fprintf(sh->out, "  The machines agree up to %s.\n", at);
    }
    branches_part_close(&part);
    return finished ? OUTCOME_DONE : OUTCOME_INTERRUPTED;
}

enum outcome verb_compare(struct shell *sh, struct args *a)
{
    size_t branch[2];
    const char *next[2];
    char what[64];
    struct view v = shell_view(sh);
    if (a->count == 2 && is_file(sh, a->word[0]) && is_file(sh, a->word[1]))
        return compare_files(sh, a);
    if (!arg_branch(sh, a, &branch[0]) || !arg_branch(sh, a, &branch[1]) || !arg_end(a))
        return OUTCOME_FAILED;
    struct position at = session_branch_compare(sh->session, branch[0], branch[1], next);
    if (branch[0] == branch[1]) {
        shell_say(sh, "  That is one branch.");
        return OUTCOME_DONE;
    }
    shell_say(sh, "  They part at @%llu. What was done then:", (number)at.step);
    for (unsigned i = 0; i < 2; i++) {
        struct branch_info b = session_branch(sh->session, branch[i]);
        snprintf(what, sizeof what, "no other command; it ends at @%llu", (number)b.end.step);
        view_pair(&v, b.name, 20, next[i] ? next[i] : what, 1);
    }
    return compare_machines(sh, branch);
}
