/* SPDX-License-Identifier: BSD-2-Clause */
/* Going along what is recorded: the inputs of the present branch happen again, each where it happened,
 * and the machine does what it did. Anything in the past is a checkpoint and a way from there. */
#include "world/inside.h"

static word_t steps_now(const struct session *s)
{
    return world_state_at(&s->world)->steps;
}

struct moment travel_end(const struct session *s)
{
    const struct journal *j = &s->journal;
    word_t steps = j->count ? j->path[j->count - 1]->end : s->checkpoints.list[0].moment.steps;
    return (struct moment){ .at = j->count, .steps = steps };
}

/* The first input that begins behind a step. */
static size_t first_behind(const struct journal *j, word_t steps)
{
    size_t low = 0, high = j->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (j->path[middle]->start > steps)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

struct moment travel_landing(const struct session *s, word_t steps)
{
    const struct journal *j = &s->journal;
    struct moment end = travel_end(s), landing = { .at = j->origin, .steps = j->origin_steps };
    if (steps >= end.steps) return end;
    if (steps < j->origin_steps) return landing;
    landing.steps = steps;
    size_t i = first_behind(j, steps);
    for (; i > j->origin && j->path[i - 1]->start == steps; i--) {
        landing.at = i - 1;
        if (j->path[i - 1]->kind == INPUT_COMMAND) return landing;
    }
    if (i == j->origin) return landing;
    landing.inside = j->path[i - 1]->end > steps;
    landing.at = landing.inside ? i - 1 : i;
    return landing;
}

/* ---- one thing at a time ---- */

static void done(struct session *s)
{
    s->journal.now = (struct moment){ .at = s->journal.now.at + 1 };
    checkpoints_look(s);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Instructions up to the next place where something is to be done. The last one before where one goes is
 * taken alone: it may enter the kernel. */
static uint64_t budget_to(const struct session *s, const struct moment *to, uint64_t budget)
{
    const struct checkpoints *c = &s->checkpoints;
    word_t steps = steps_now(s);
    size_t at = s->journal.now.at;
    paddr_t current = kernel_at(&s->world)->current;
    if (world_state_at(&s->world)->hands_used && hand_find(&s->world, current) >= 0) return 1;
    budget = least(budget, s->journal.path[at]->end - steps);
    word_t left = to->steps - steps;
    if (to->at == at && to->inside) budget = least(budget, left > 1 ? left - 1 : left);
    if (c->current + 1 < c->count) {
        const struct moment *next = &c->list[c->current + 1].moment;
        if (next->at == at && next->steps > steps) budget = least(budget, next->steps - steps);
    }
    if (c->due > steps) budget = least(budget, c->due - steps);
    return budget;
}

/* The step that is gone to may lie between an instruction and the kernel entry that it brings about:
 * then the entry's first phase is shown. */
static enum turn take_turn(struct session *s, const struct moment *to, uint64_t budget, bool slowly)
{
    bool is_last = to->inside && to->at == s->journal.now.at && to->steps - steps_now(s) == 1;
    enum turn turn = machine_turn(s, budget_to(s, to, budget), slowly || is_last);
    if (turn == TURN_PHASE && !slowly && steps_now(s) <= to->steps) {
        session_finish_phases(s);
        turn = TURN_ENTERED;
    }
    if (turn != TURN_PHASE) checkpoints_look(s);
    return turn;
}

static enum advance run_on(struct session *s, const struct moment *to, uint64_t budget, bool slowly,
                           enum turn *turn)
{
    struct journal *j = &s->journal;
    const struct input *run = j->path[j->now.at];
    bool ends = steps_now(s) >= run->end;
    if (!j->now.inside) j->now = (struct moment){ j->now.at, true, 0, run->seat };
    s->goal_seat = run->seat;
    if (!ends || run->turned) {
        hand_turns(s, j->now.claiming);
        if (kernel_at(&s->world)->current == j->now.claiming) j->now.claiming = 0;
    }
    *turn = ends ? TURN_NOBODY : take_turn(s, to, budget, slowly);
    s->goal_seat = 0;
    if (*turn != TURN_NOBODY && *turn != TURN_HALTED) return TURNED;
    if (j->now.claiming && !run->cut) hand_turns(s, 0);
    done(s);
    return ADVANCED;
}

enum advance travel_advance(struct session *s, const struct moment *to, uint64_t budget,
                            bool slowly, enum turn *turn)
{
    struct moment now = moment_now(s);
    if (!moment_before(&now, to)) return ARRIVED;
    const struct input *i = s->journal.path[now.at];
    if (i->kind == INPUT_RUN) return run_on(s, to, budget, slowly, turn);
    if (i->kind == INPUT_EDIT) patch_apply(s, i);
    done(s);
    return ADVANCED;
}

static bool is_interrupted(const struct session *s)
{
    return s->interrupt && *s->interrupt;
}

static bool go(struct session *s, const struct moment *to)
{
    enum turn turn;
    enum advance step = ADVANCED;
    bool slowly = s->slowly;
    s->slowly = false;
    while (step != ARRIVED && !is_interrupted(s))
        step = travel_advance(s, to, TRAVEL_PIECE, false, &turn);
    s->slowly = slowly;
    struct moment now = moment_now(s);
    return !moment_before(&now, to);
}

/* ---- going ---- */

bool travel(struct session *s, const struct moment *to)
{
    session_finish_phases(s);
    checkpoints_seek(s, to);
    bool arrived = go(s, to);
    history_fresh(s);
    return arrived;
}

void travel_settle(struct session *s)
{
    const struct journal *j = &s->journal;
    if (journal_at_end(s) || phases_shown(s)) return;
    if (!j->now.inside || steps_now(s) < j->path[j->now.at]->end) return;
    struct moment to = travel_landing(s, steps_now(s));
    go(s, &to);
}

struct stop travel_step(struct session *s, bool slowly)
{
    struct moment end = travel_end(s);
    struct stop stop = { .thread = kernel_at(&s->world)->current };
    enum turn turn = TURN_RAN;
    enum advance step = ADVANCED;
    paddr_t seat = journal_set_aside(s);
    while (step == ADVANCED) step = travel_advance(s, &end, 1, slowly, &turn);
    bool is_phase = step == TURNED && turn == TURN_PHASE;
    stop.kind = is_phase ? STOP_PHASE : STOP_DONE;
    if (step == TURNED) stop.ran = s->ran.thread;
    travel_settle(s);
    if (session_is_past(s)) journal_sit_again(s, seat);
    return stop;
}

/* What somebody wrote at the prompt meets a watchpoint, too. */
static bool edit_stops(struct session *s, struct stop *stop)
{
    watchpoints_look(s);
    if (!s->met.number) return false;
    stop_at_break(s, stop);
    return true;
}

bool travel_run(struct session *s, const struct goal *goal, struct stop *stop)
{
    struct moment end = travel_end(s);
    enum turn turn = TURN_RAN;
    enum advance step = ADVANCED;
    bool stopped = false;
    paddr_t seat = journal_set_aside(s);
    s->met = (struct met){ 0 };
    s->until = goal->until;
    watchpoints_begin(s);
    while (step != ARRIVED && !stopped) {
        uint64_t budget = run_is_careful(s, goal) ? 1 : TRAVEL_PIECE;
        stop->thread = kernel_at(&s->world)->current;
        step = travel_advance(s, &end, budget, false, &turn);
        if (step == TURNED) stopped = turn_stops(s, goal, turn, 0, stop);
        if (step == ADVANCED) stopped = edit_stops(s, stop);
        if (!stopped && is_interrupted(s)) {
            stop->kind = STOP_INTERRUPTED;
            stopped = true;
        }
    }
    s->until = NULL;
    watchpoints_end(s);
    travel_settle(s);
    if (session_is_past(s)) journal_sit_again(s, seat);
    return stopped;
}
