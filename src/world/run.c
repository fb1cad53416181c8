/* SPDX-License-Identifier: BSD-2-Clause */
/* The run loop and its stop reasons. Nobody watching, it runs in big pieces between device events;
 * where an address, a condition or a typed instruction is waited for, it goes instruction by
 * instruction. */
#include "world/inside.h"

enum { RUN_PIECE = 1 << 20 }; /* instructions between two looks at Ctrl-C */

void session_limit(struct session *s, uint64_t max_steps)
{
    s->limit_at = max_steps ? world_state_at(&s->world)->steps + max_steps : 0;
}

bool session_is_at_limit(const struct session *s)
{
    return s->limit_at && world_state_at(&s->world)->steps >= s->limit_at;
}

uint64_t session_limit_left(const struct session *s)
{
    word_t now = world_state_at(&s->world)->steps;
    if (!s->limit_at) return 0;
    return s->limit_at > now ? s->limit_at - now : 1;
}

void session_interrupt_flag(struct session *s, volatile sig_atomic_t *flag)
{
    s->interrupt = flag;
}

unsigned session_interruptions(const struct session *s)
{
    return s->interruptions;
}

void session_stop_at(struct session *s, bool on, word_t step)
{
    s->stops = on;
    s->stop_at = step + s->journal.origin_steps;
}

bool run_is_careful(const struct session *s, const struct goal *goal)
{
    if (goal->turns || s->break_addresses || watchpoints_need_steps(s)) return true;
    if (goal->until && (goal->until->has_address || goal->until->holds)) return true;
    return world_state_at(&s->world)->hands_used &&
           hand_find(&s->world, kernel_at(&s->world)->current) >= 0;
}

static uint64_t next_piece(const struct session *s, const struct goal *goal)
{
    uint64_t left = RUN_PIECE, now = world_state_at(&s->world)->steps;
    if (run_is_careful(s, goal)) return 1;
    if (s->limit_at && s->limit_at - now < left) left = s->limit_at - now;
    if (s->stops && s->stop_at - now < left) left = s->stop_at - now;
    return left;
}

/* A thread stands before an address that somebody waits for. */
static void meet_address(struct session *s, const struct goal *goal)
{
    const struct world *w = &s->world;
    if (kernel_at(w)->current == kernel_at(w)->idle) return;
    word_t ip = cpu_at(w)->rip;
    for (size_t i = 0; s->break_addresses && i < s->break_count && !s->met.number; i++)
        if (s->breaks[i].on_address && s->breaks[i].address == ip)
            s->met.number = s->breaks[i].number;
    if (goal->until && goal->until->has_address && goal->until->address == ip) s->met.until = true;
}

static bool condition_holds(const struct goal *goal)
{
    return goal->until && goal->until->holds && goal->until->holds(goal->until->context);
}

/* A jump has ended when its target can be fetched; else the fetch faults at once. */
static bool seat_is_done(const struct world *w, paddr_t seat)
{
    paddr_t at;
    if (kernel_at(w)->current != seat) return false;
    if (hand_drives(w, seat)) return hand_waits(w, seat);
    return page_walk(w, cpu_at(w)->cr3, cpu_at(w)->rip, FAULT_FETCH, &at) == 0;
}

static enum stop_kind nobody_stops(const struct session *s, const struct goal *goal)
{
    const struct world *w = &s->world;
    const struct world_state *state = world_state_at(w);
    if (goal->seat && thread_exists(w, goal->seat)) {
        const struct tcb *t = tcb_at(w, goal->seat);
        bool waits = t->state == TCB_BLOCKED_ON_RECEIVE || t->state == TCB_BLOCKED_ON_NOTIFICATION;
        bool unanswered = t->state == TCB_INACTIVE || t->fault.kind != FAULT_NONE;
        return s->met.seat_faulted && unanswered && !waits ? STOP_FAULTED : STOP_BLOCKED;
    }
    for (word_t i = 0; i < state->hands_used; i++)
        if (hand_waits(w, state->hands[i].tcb)) return STOP_YOUR_TURN;
    return STOP_IDLE;
}

void stop_at_break(const struct session *s, struct stop *stop)
{
    stop->kind = STOP_BREAK;
    stop->number = s->met.number;
    stop->event = s->met.event;
    stop->changed = s->met.changed;
    stop->before = s->met.before;
    stop->after = s->met.after;
}

bool turn_stops(struct session *s, const struct goal *goal, enum turn turn, uint64_t turns,
                struct stop *stop)
{
    if (turn == TURN_RAN || turn == TURN_ENTERED) meet_address(s, goal);
    if (turn != TURN_PHASE) watchpoints_look(s);
    if (turn == TURN_HALTED) {
        stop->kind = STOP_HALTED;
    } else if (turn == TURN_PHASE) {
        stop->kind = STOP_PHASE;
    } else if (turn == TURN_NOBODY) {
        stop->kind = nobody_stops(s, goal);
    } else if (s->met.until || condition_holds(goal)) {
        stop->kind = STOP_UNTIL;
    } else if (s->met.number) {
        stop->kind = STOP_BREAK;
    } else if (goal->turns ? turns == goal->turns
                           : goal->seat && seat_is_done(&s->world, goal->seat)) {
        stop->kind = STOP_DONE;
    } else {
        return false;
    }
    enum stop_kind kind = stop->kind;
    stop_at_break(s, stop);
    stop->kind = kind;
    return true;
}

/* Whether there is to be no further turn. */
static bool run_is_barred(const struct session *s, const struct goal *goal, struct stop *stop)
{
    stop->thread = kernel_at(&s->world)->current;
    stop->kind = STOP_DONE;
    if (goal->seat && seat_is_done(&s->world, goal->seat)) return true;
    stop->kind = STOP_LIMIT;
    if (session_is_at_limit(s)) return true;
    stop->kind = STOP_INTERRUPTED;
    if (s->stops && world_state_at(&s->world)->steps >= s->stop_at) return true;
    return s->interrupt && *s->interrupt;
}

/* Whose turn it is has just changed to a thread that stands before an address that is waited for. */
static bool meets_at_once(struct session *s, const struct goal *goal, paddr_t before,
                          struct stop *stop)
{
    stop->thread = kernel_at(&s->world)->current;
    if (goal->turns || stop->thread == before) return false;
    meet_address(s, goal);
    stop->kind = s->met.until ? STOP_UNTIL : STOP_BREAK;
    stop->number = s->met.number;
    return s->met.until || s->met.number;
}

/* The turns of a run, until one ends it; whether it ended before its last turn was taken. */
static bool run_turns(struct session *s, const struct goal *goal, struct stop *stop)
{
    paddr_t *claiming = &s->journal.now.claiming;
    for (uint64_t turns = 1;; turns++) {
        paddr_t before = kernel_at(&s->world)->current;
        hand_turns(s, *claiming);
        if (kernel_at(&s->world)->current == *claiming) *claiming = 0;
        if (meets_at_once(s, goal, before, stop) || run_is_barred(s, goal, stop)) return true;
        enum turn turn = machine_turn(s, next_piece(s, goal), goal->slowly);
        if (turn_stops(s, goal, turn, turns, stop))
            return turn == TURN_NOBODY || turn == TURN_HALTED;
        checkpoints_look(s);
    }
}

struct stop run_to(struct session *s, const struct goal *goal)
{
    struct stop stop = { 0 };
    bool had_line = journal_run(s, goal->seat);
    word_t start = world_state_at(&s->world)->steps;
    s->met = (struct met){ 0 };
    s->until = goal->until;
    s->goal_seat = goal->seat;
    watchpoints_begin(s);
    bool turned = run_turns(s, goal, &stop);
    watchpoints_end(s);
    s->until = NULL;
    s->goal_seat = 0;
    s->interruptions += stop.kind == STOP_INTERRUPTED;
    if (s->journal.now.claiming) hand_turns(s, 0);
    journal_ran(s, goal->seat, start, turned, had_line);
    return stop;
}

struct stop session_step(struct session *s)
{
    if (phases_shown(s)) {
        paddr_t thread = kernel_at(&s->world)->current;
        if (phases_forward(s)) return (struct stop){ .kind = STOP_PHASE, .thread = thread };
        entry_settle(s);
        travel_settle(s);
        return (struct stop){ .kind = STOP_DONE, .thread = thread };
    }
    if (session_is_past(s)) return travel_step(s, true);
    return run_to(s, &(struct goal){ .turns = 1, .slowly = true });
}

struct stop session_next(struct session *s)
{
    if (phases_shown(s)) {
        session_finish_phases(s);
        travel_settle(s);
        return (struct stop){ .kind = STOP_DONE, .thread = kernel_at(&s->world)->current };
    }
    if (session_is_past(s)) return travel_step(s, false);
    return run_to(s, &(struct goal){ .turns = 1 });
}

struct stop session_run(struct session *s, const struct until *until)
{
    struct stop stop = { 0 };
    const struct goal goal = { .until = until };
    session_finish_phases(s);
    if (!session_is_past(s)) return run_to(s, &goal);
    if (!travel_run(s, &goal, &stop)) stop.kind = STOP_DONE;
    return stop;
}
