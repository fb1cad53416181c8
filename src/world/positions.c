/* SPDX-License-Identifier: BSD-2-Clause */
/* Positions in time, and going to them: by number, by fault, back by steps, back to a breakpoint.
 * Wherever one goes, what lay ahead stays there until somebody does otherwise. */
#include "world/inside.h"

#include <inttypes.h>

static word_t steps_now(const struct session *s)
{
    return world_state_at(&s->world)->steps;
}

static bool is_interrupted(const struct session *s)
{
    return s->interrupt && *s->interrupt;
}

struct position session_position(const struct session *s)
{
    word_t steps = steps_now(s) - s->journal.origin_steps;
    if (!phases_shown(s)) return (struct position){ .step = steps };
    return (struct position){ .step = steps - 1, .phase = (unsigned)s->phases.at };
}

struct position session_end(const struct session *s)
{
    return (struct position){ .step = travel_end(s).steps - s->journal.origin_steps };
}

bool session_is_past(const struct session *s)
{
    return !journal_at_end(s);
}

void session_start(struct session *s)
{
    session_finish_phases(s);
    journal_flush(s);
    journal_leave(s, false);
    s->journal.origin = s->journal.now.at;
    s->journal.origin_steps = steps_now(s);
    s->journal.origin_events = s->log.seen;
    s->journal.branch_count = 1;
    s->journal.branch_at = 0;
    s->journal.branch[0] = (struct branch){ .name = "main" };
    history_fresh(s);
}

size_t session_start_events(const struct session *s)
{
    return s->journal.origin_events;
}

static bool travel_to_steps(struct session *s, word_t steps)
{
    struct moment to = travel_landing(s, steps);
    return travel(s, &to);
}

void travel_before_entry(struct session *s, word_t steps)
{
    travel_to_steps(s, steps);
    if (phases_shown(s)) travel_to_steps(s, steps - 1);
}

bool travel_into_entry(struct session *s, word_t steps, unsigned phase)
{
    travel_to_steps(s, steps);
    if (!phases_shown(s) && session_is_past(s)) travel_step(s, true);
    if (!phases_shown(s) || steps_now(s) != steps + 1) return false;
    while (s->phases.at < phase && s->phases.at < s->phases.count) phases_forward(s);
    history_fresh(s);
    return true;
}

/* Into a phase; where there is no such phase one stays where one was. */
static bool goto_phase(struct session *s, struct position to, struct problem *p)
{
    paddr_t seat = journal_set_aside(s);
    struct moment was = moment_now(s);
    unsigned shown = phases_shown(s) ? (unsigned)s->phases.at : 0;
    bool entered = travel_into_entry(s, to.step + s->journal.origin_steps, to.phase);
    size_t phases = s->phases.count;
    if (entered && s->phases.at == to.phase) return true;
    if (shown)
        travel_into_entry(s, was.steps - 1, shown);
    else
        travel(s, &was);
    s->journal.now = was;
    journal_sit_again(s, seat);
    if (!entered)
        return problem_set(
            p, "a system call is two steps, its instruction and its entry: `timeline` shows phases",
            "no kernel entry begins at @%" PRIu64, to.step);
    return problem_set(p, "goto its last one, or the position behind it",
                       "the entry at @%" PRIu64 " has %zu phases", to.step, phases);
}

bool session_goto(struct session *s, struct position to, struct problem *p)
{
    word_t end = session_end(s).step;
    if (to.step > end || (to.step == end && to.phase))
        return problem_set(p, "`continue` or `step` go on from there; `goto now` goes there",
                           "this branch ends at @%" PRIu64, end);
    if (to.phase) return goto_phase(s, to, p);
    session_finish_phases(s);
    journal_set_aside(s);
    travel_to_steps(s, to.step + s->journal.origin_steps);
    return true;
}

/* ---- there and back ---- */

void stand_leave(struct session *s, struct stand *stand)
{
    stand->seat = journal_set_aside(s);
    stand->at = moment_now(s);
    stand->phase = phases_shown(s) ? (unsigned)s->phases.at : 0;
    stand->interrupt = s->interrupt;
    stand->hearing = s->log.hearing;
    s->log.hearing = HEARING_ASIDE;
    history_put_by(s, &stand->before, &stand->line);
    stand->command_begin = s->log.command_begin;
}

/* What a live entry did is done, though its phases are shown: the present is the end of the branch. */
void stand_return(struct session *s, struct stand *stand)
{
    s->interrupt = NULL;
    s->log.hearing = HEARING_NONE;
    if (stand->phase)
        travel_into_entry(s, stand->at.steps - 1, stand->phase);
    else
        travel(s, &stand->at);
    s->journal.now = stand->at;
    s->interrupt = stand->interrupt;
    s->log.hearing = stand->hearing;
    history_take_up(s, &stand->before, stand->line);
    s->log.command_begin = stand->command_begin;
    if (stand->seat) journal_sit_again(s, stand->seat);
}

bool session_visit(struct session *s, struct position at, void (*show)(void *), void *context,
                   struct problem *p)
{
    struct stand stand;
    stand_leave(s, &stand);
    bool arrived = session_goto(s, at, p) && !is_interrupted(s);
    if (arrived) show(context);
    stand_return(s, &stand);
    return arrived;
}

void session_goto_start(struct session *s)
{
    session_finish_phases(s);
    journal_set_aside(s);
    struct moment to = { .at = s->journal.origin, .steps = s->journal.origin_steps };
    travel(s, &to);
}

void session_goto_end(struct session *s)
{
    session_finish_phases(s);
    journal_set_aside(s);
    struct moment to = travel_end(s);
    travel(s, &to);
}

bool session_goto_fault(struct session *s, word_t n, struct problem *p)
{
    const struct event_log *log = &s->log;
    word_t left = n;
    for (size_t i = 0; i < log->fault_count; i++) {
        struct position at = log->fault_at[i];
        if (!left || at.step < s->journal.origin_steps || --left) continue;
        session_finish_phases(s);
        journal_set_aside(s);
        travel_before_entry(s, at.step);
        return true;
    }
    if (!n) return problem_set(p, "goto fault 1 is the first", "faults are counted from 1");
    if (left == n) return problem_set(p, "`until fault` runs to one", "there was no fault so far");
    return problem_set(p, "`timeline fault` lists them", "there %s only %" PRIu64 " fault%s so far",
                       n - left == 1 ? "was" : "were", n - left, n - left == 1 ? "" : "s");
}

/* ---- back, step by step ---- */

/* Whether the last turn was a kernel entry, and where it began. What the scheduler did outside of one,
 * for who waits at the prompt, is no turn. */
static bool comes_from_entry(const struct session *s, struct position *at)
{
    for (size_t i = s->log.seen; i > 0; i--) {
        if (!session_event_is_held(s, i - 1) && !session_event_hold(s, i - 1)) return false;
        struct position last = event_position(s, i - 1);
        if (!last.phase && last.step == steps_now(s)) continue;
        if (!last.phase || last.step + 1 != steps_now(s)) return false;
        *at = last;
        return true;
    }
    return false;
}

bool session_back_next(struct session *s)
{
    struct position entry = { .step = steps_now(s) - 1 };
    if (steps_now(s) <= s->journal.origin_steps) return false;
    bool is_entry = phases_shown(s) || comes_from_entry(s, &entry);
    session_finish_phases(s);
    journal_set_aside(s);
    if (is_entry)
        travel_before_entry(s, entry.step);
    else
        travel_to_steps(s, entry.step);
    return true;
}

bool session_back(struct session *s)
{
    struct position entry;
    if (session_phase_back(s)) return true;
    if (phases_shown(s) || !comes_from_entry(s, &entry)) return session_back_next(s);
    if (steps_now(s) <= s->journal.origin_steps) return false;
    journal_set_aside(s);
    if (!travel_into_entry(s, entry.step, PHASES_MAX)) travel_before_entry(s, entry.step);
    return true;
}

/* ---- back to a breakpoint ---- */

/* Where something was met last, before the present. */
struct found {
    bool any;
    word_t step;
    struct stop stop;
};

static bool event_meets(const struct session *s, const struct until *until, const struct event *e,
                        struct stop *stop)
{
    stop->event = *e;
    stop->event.text = NULL;
    stop->kind = STOP_UNTIL;
    if (until) return until->watch && watch_matches(&s->world, until->watch, e);
    stop->kind = STOP_BREAK;
    for (size_t i = 0; i < s->break_count; i++) {
        stop->number = s->breaks[i].number;
        const struct breakpoint *b = &s->breaks[i];
        if (!b->on_address && !b->on_change && watch_matches(&s->world, &b->watch, e)) return true;
    }
    return false;
}

struct meeting {
    const struct until *until;
    word_t before; /* steps */
    struct stop stop;
};

static bool meeting_takes(void *context, const struct session *s, size_t i, const struct event *e)
{
    struct meeting *m = context;
    struct stop stop = { 0 };
    word_t step = event_position(s, i).step;
    if (step < s->journal.origin_steps || step >= m->before) return false;
    if (!event_meets(s, m->until, e, &stop)) return false;
    m->stop = stop;
    return true;
}

static void find_event(const struct session *s, const struct until *until, word_t before,
                       struct found *found)
{
    struct meeting m = { .until = until, .before = before };
    bool waits = until ? until->watch != NULL : s->break_events;
    size_t last = waits ? session_event_last(s, s->log.seen, meeting_takes, &m) : EVENT_NONE;
    if (last == EVENT_NONE) return;
    found->any = true;
    found->step = event_position(s, last).step;
    found->stop = m.stop;
}

/* Whether the present is a place or a condition that is looked for. */
static bool place_meets(struct session *s, const struct until *until, struct stop *stop)
{
    const struct kernel *k = kernel_at(&s->world);
    word_t ip = cpu_at(&s->world)->rip;
    *stop = (struct stop){ .kind = STOP_UNTIL, .thread = k->current };
    if (until && until->holds && until->holds(until->context)) return true;
    if (k->current == k->idle) return false;
    if (until) return until->has_address && until->address == ip;
    stop->kind = STOP_BREAK;
    for (size_t i = 0; i < s->break_count; i++) {
        stop->number = s->breaks[i].number;
        if (s->breaks[i].on_address && s->breaks[i].address == ip) return true;
    }
    return false;
}

/* Goes through the steps [from, to) one by one and notes the last that is looked for. */
static void search_piece(struct session *s, const struct until *until, word_t from, word_t to,
                         struct found *found)
{
    struct stop stop;
    travel_to_steps(s, from);
    while (steps_now(s) < to && !is_interrupted(s)) {
        if (place_meets(s, until, &stop)) {
            found->any = true;
            found->step = steps_now(s);
            found->stop = stop;
        }
        if (!session_is_past(s)) return;
        travel_step(s, false);
    }
}

/* From checkpoint to checkpoint, the last piece first. */
static void find_place(struct session *s, const struct until *until, word_t before,
                       struct found *found)
{
    word_t least = found->any ? found->step + 1 : s->journal.origin_steps, to = before;
    bool any = false;
    while (to > least && !any && !is_interrupted(s)) {
        struct moment last = travel_landing(s, to - 1);
        checkpoints_seek(s, &last);
        word_t from = s->checkpoints.list[s->checkpoints.current].moment.steps;
        struct found here = { 0 };
        if (from < least) from = least;
        if (from >= to) from = to - 1;
        search_piece(s, until, from, to, &here);
        any = here.any;
        if (any) *found = here;
        to = from;
    }
}

/* The last change of what a watchpoint watches. */
static void find_change(struct session *s, const struct breakpoint *b, struct moment now,
                        struct found *found)
{
    struct writing w;
    if (!writes_find(s, &b->spot, true, now, &w)) return;
    bool is_later = w.step > found->step || (w.step == found->step && w.by != WRITER_PERSON);
    if (found->any && !is_later) return;
    found->any = true;
    found->step = w.step;
    found->stop = (struct stop){ .kind = STOP_BREAK,
                                 .number = b->number,
                                 .changed = true,
                                 .is_ahead = true,
                                 .before = w.before,
                                 .after = w.after };
}

struct stop session_back_run(struct session *s, const struct until *until)
{
    struct found found = { 0 };
    word_t before = session_position(s).step + s->journal.origin_steps;
    bool places = until ? until->has_address || until->holds : s->break_addresses;
    if (phases_shown(s)) travel_before_entry(s, before);
    journal_set_aside(s);
    struct moment now = moment_now(s);
    find_event(s, until, before, &found);
    if (places) find_place(s, until, before, &found);
    for (size_t i = 0; !until && i < s->break_count; i++)
        if (s->breaks[i].on_change) find_change(s, &s->breaks[i], now, &found);
    if (!found.any) {
        session_goto_start(s);
        return (struct stop){ .kind = is_interrupted(s) ? STOP_INTERRUPTED : STOP_DONE };
    }
    travel_before_entry(s, found.step);
    found.stop.thread = kernel_at(&s->world)->current;
    return found.stop;
}
