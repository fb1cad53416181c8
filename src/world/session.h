/* SPDX-License-Identifier: BSD-2-Clause */
/* A world with somebody at it: the run loop with its stop reasons, what happened since, and the way
 * back. A session is the host's; all that decides the future lies in its world. */
#ifndef FAULTLINE_WORLD_SESSION_H
#define FAULTLINE_WORLD_SESSION_H

#include <signal.h>

#include "world/spot.h"
#include "world/watch.h"
#include "world/world.h"

enum stop_kind {
    STOP_DONE,      /* what was asked for has been done (N steps; the typed instruction ended) */
    STOP_BREAK,     /* a breakpoint: .number */
    STOP_UNTIL,     /* what `until` waited for: .event for an event */
    STOP_YOUR_TURN, /* all that can run is driven by hand, and nothing is typed */
    STOP_IDLE,      /* no thread can ever run again */
    STOP_BLOCKED,   /* the typed instruction blocked its thread, and nothing else can run */
    STOP_FAULTED, /* the typed instruction faulted and its thread waits for an answer, or is inactive */
    STOP_LIMIT,       /* the limit on steps */
    STOP_INTERRUPTED, /* Ctrl-C */
    STOP_HALTED,      /* DebugHalt */
    STOP_PHASE,       /* a phase inside a kernel entry is shown */
};

struct stop {
    enum stop_kind kind;
    paddr_t thread;     /* whose turn it was */
    paddr_t ran;        /* of a step: who took it; 0: this was a run */
    unsigned number;    /* breakpoint */
    struct event event; /* that was waited for; kind EVENT_TRAP and thread 0 when it was none */
    bool changed;       /* the breakpoint is a watchpoint: what stood there */
    bool is_ahead;      /* backwards: it changes with what comes next */
    struct reading before, after;
};

struct session;

/* A session in a fresh world of this configuration, NULL when the host has no room (problem filled). */
struct session *session_open(const struct kernel_config *config, uint64_t memory_size,
                             struct problem *p);
void session_close(struct session *s);
struct world *session_world(struct session *s);
const struct world *session_world_at(const struct session *s);

/* Boots a root task that is driven by hand, and sits the person in its seat. */
bool session_boot_prompt(struct session *s, struct problem *p);
/* Boots a root task from an ELF file (world/boot.h). The seat is the root task's: one can look and step. */
bool session_boot_image(struct session *s, const char *path, struct problem *p);
/* The same with the session's own configuration of the kernel; takes the program over. */
struct image; /* world/image.h */
bool session_boot_program(struct session *s, struct image *image, struct problem *p);

/* Another session takes this one's place: who listens, who may interrupt and how far it may run are the same. */
void session_hand_over(struct session *from, struct session *to);

/* The seat. Taking one changes nothing in the machine. */
paddr_t session_seat(const struct session *s);
void session_sit(struct session *s, paddr_t tcb);

/* ---- Running ---- */

/* A limit on steps for all that follows; 0: none. `interrupt` is set by a signal handler: a run ends. */
void session_limit(struct session *s, uint64_t max_steps);
uint64_t session_limit_left(const struct session *s); /* 0: there is none */
bool session_is_at_limit(const struct session *s);
void session_interrupt_flag(struct session *s, volatile sig_atomic_t *flag);
/* How many runs were ended by that so far; going along what is recorded is none. */
unsigned session_interruptions(const struct session *s);
/* Runs end at this step of a position as if Ctrl-C had come there; not `on`: no more. */
void session_stop_at(struct session *s, bool on, word_t step);

/* One instruction of whoever runs next, or one phase inside the kernel. */
struct stop session_step(struct session *s);
/* One instruction, or one whole kernel entry. */
struct stop session_next(struct session *s);
/* Runs until a stop reason (in the past, STOP_DONE where the branch ends): `until` is NULL, or asked after every step (and sees the last events). */
struct until {
    const struct watch *watch; /* or NULL */
    bool has_address;
    word_t address;               /* the thread that runs is about to execute it */
    bool (*holds)(void *context); /* or NULL: asked after every kernel entry and instruction */
    void *context;
};
struct stop session_run(struct session *s, const struct until *until);
/* Finishes the kernel entry whose phases are shown, if any is. */
void session_finish_phases(struct session *s);
/* One phase back inside a kernel entry; false at its start. */
bool session_phase_back(struct session *s);
/* The phase shown (1…) and how many there are; 0 when none is shown. The event that began it in *e. */
unsigned session_phase(const struct session *s, unsigned *count, struct event *e);
/* Makes the next kernel entry stop at its phases (`slowly`). */
void session_slowly(struct session *s, bool on);

/* ---- Breakpoints ---- */
struct breakpoint {
    unsigned number; /* from 1; stable */
    bool on_address;
    word_t address;
    struct watch watch;
    bool on_change; /* a watchpoint: stops behind what changes the place; backwards, before it */
    struct spot spot;
    struct reading last; /* the session's own */
};
unsigned session_break_add(struct session *s, const struct breakpoint *b);
bool session_break_delete(struct session *s, unsigned number);
size_t session_breaks(const struct session *s, const struct breakpoint **list);

/* ---- What happened ---- */

/* Every event since boot on this branch, oldest first. Texts of kernel prints are kept with them. */
size_t session_event_count(const struct session *s);
/* The oldest of those up to the present that are held: memory is bounded. One that is not held reads as a
 * TICK of nobody; it can be looked for, and held (below). */
size_t session_first_event(const struct session *s);
const struct event *session_event(const struct session *s, size_t i);
bool session_event_is_held(const struct session *s, size_t i);
/* How many are held at least (1024 or more); what is held already is dropped. */
void session_event_limit(struct session *s, size_t most);

/* Events are looked for among those with numbers [from, to), by hearing again what is not held. The
 * machine is where it was afterwards; it can take as long as history did. */
enum { EVENTS_SOUGHT = 64 };
#define EVENT_NONE (~(size_t)0)
typedef bool event_filter(void *context, const struct session *s, size_t i, const struct event *e);
struct event_search {
    size_t from, to;
    bool backwards; /* the last ones are looked for, else the first */
    unsigned most;  /* how many, up to EVENTS_SOUGHT */
    event_filter *takes;
    void *context;
    size_t found[EVENTS_SOUGHT]; /* in order of time */
    unsigned count;
};
/* False: interrupted. */
bool session_events_find(const struct session *s, struct event_search *q);
/* Event i and those around it are held from now on, until the next such wish. False: interrupted. */
bool session_event_hold(const struct session *s, size_t i);
/* The last event before number `before` that the filter takes, held with its surroundings; EVENT_NONE. */
size_t session_event_last(const struct session *s, size_t before, event_filter *takes,
                          void *context);
/* How many of the events [from, to), up to those known, are such. The first time they are looked for, as above;
 * from then on what was counted is kept. */
size_t session_event_tally(const struct session *s, const struct watch *watch, size_t from,
                           size_t to);
/* How often a text stands in session_console(). */
size_t session_printed_count(const struct session *s, const char *text);
/* How many events there were when the present command began. */
size_t session_command_events(const struct session *s);
/* All that guests printed since boot, as one text (not terminated; raw guest bytes). */
const char *session_console(const struct session *s, size_t *length);
/* Who hears every new event while the kernel does it, with its number. */
void session_events_tap(struct session *s,
                        void (*hear)(void *context, const struct session *s, size_t number,
                                     const struct event *e),
                        void *context);
/* The last message that arrived at a thread, as it arrived; NULL when none did. */
const struct arrival *session_arrival(const struct session *s, paddr_t tcb);

/* ---- Positions ---- */

/* Instructions and kernel entries since the start; inside a kernel entry its phase, from 1. */
struct position {
    word_t step;
    unsigned phase;
};
struct position session_position(const struct session *s);
/* How far this branch goes, and whether the present lies before that. */
struct position session_end(const struct session *s);
bool session_is_past(const struct session *s);
/* Where an event happened. */
struct position session_event_position(const struct session *s, size_t i);
/* How many events there are on this branch, those ahead of the present included. */
size_t session_events_known(const struct session *s);
/* The present is the start: steps count from here, nobody goes back before it, and what lay ahead is forgotten. */
void session_start(struct session *s);
/* How many events there were at the start: they have no position that could be gone to. */
size_t session_start_events(const struct session *s);

/* ---- Going there ---- */

/* All of these follow what is recorded; what was ahead stays there until somebody does otherwise. */
bool session_goto(struct session *s, struct position to, struct problem *p);
void session_goto_start(struct session *s);
/* Goes there, has somebody look who changes nothing, and is back as if nothing had been. False: it could not
 * be gone to (problem filled), or was interrupted on the way. */
bool session_visit(struct session *s, struct position at, void (*show)(void *context),
                   void *context, struct problem *p);
void session_goto_end(struct session *s);
/* To the instruction or kernel entry of the n-th fault (from 1) on this branch. */
bool session_goto_fault(struct session *s, word_t n, struct problem *p);
/* Back by one step or phase; by one instruction or whole kernel entry. False at the start. */
bool session_back(struct session *s);
bool session_back_next(struct session *s);
/* Back to where a breakpoint, or `until`, was met last: STOP_BREAK, STOP_UNTIL, or at the start STOP_DONE. */
struct stop session_back_run(struct session *s, const struct until *until);
/* Who wrote a place last, up to the present: by == WRITER_NOBODY when nobody has since the start. One
 * stays where one is. False: interrupted. */
bool session_last_write(struct session *s, const struct spot *spot, struct writing *out);
/* How much memory checkpoints may take; older positions take longer to reach then, never cannot be. */
void session_checkpoint_limit(struct session *s, uint64_t bytes);

/* ---- Branches ---- */

struct branch_info {
    const char *name;
    struct position parted, end;
    bool is_present;
};
size_t session_branches(const struct session *s);
struct branch_info session_branch(const struct session *s, size_t i);
/* Its number, or session_branches(). */
size_t session_branch_find(const struct session *s, const char *name);
bool session_branch_name(struct session *s, const char *name, struct problem *p);
/* Goes to where a branch ends. */
void session_branch_go(struct session *s, size_t i);
/* Where two branches part, and the lines that were typed next on each; NULL: it ends there. */
struct position session_branch_compare(const struct session *s, size_t a, size_t b,
                                       const char *next[2]);

/* A point that one has come by: whether the way to the present still leads through it. */
struct waypoint {
    const void *input; /* the last that was done there; NULL: none */
    word_t step;
};
struct waypoint session_waypoint(struct session *s);
bool session_went_through(const struct session *s, const struct waypoint *w);

/* ---- The way back ---- */

/* A command that may change the machine begins: what follows belongs to it. */
void session_begin(struct session *s, const char *line);
/* What follows does not belong to the command that began last. */
void session_line_over(struct session *s);
/* Takes back the last `count` commands that changed the machine. Returns how many it took back. */
unsigned session_undo(struct session *s, unsigned count);
/* The line of the i-th last such command (0: the last); NULL when there is none. */
const char *session_undo_line(const struct session *s, unsigned i);
/* The same with whose instructions it was (0: nobody's), and the step at which it began. */
struct past {
    const char *line;
    paddr_t seat;
    word_t step;
};
bool session_past(const struct session *s, unsigned i, struct past *past);

/* What stands at arena offset `at`, up to the end of its page, as it was when the present command began.
 * Valid until the machine runs on. */
const void *session_before(const struct session *s, uint64_t at);

/* Whether the fingers wrote the word at arena offset `at` in the present command, and what. */
bool session_typed(const struct session *s, uint64_t at, word_t *value);

/* ---- Programs ---- */
/* The program that a thread was loaded from, for symbols and C lines; NULL when it is none. */
const struct image *session_image(const struct session *s, paddr_t tcb);
void session_set_image(struct session *s, paddr_t vspace, struct image *image); /* takes it over */
/* Tells that a thread runs the program of this file, which somebody else has loaded. False: its first
 * instructions are not in the thread's memory, or it is no program (problem filled). */
bool session_know_image(struct session *s, paddr_t tcb, const char *file, struct problem *p);

#endif
