/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of this room offer each other; nobody outside world/ includes this.
 * Each block names the file that owns the functions. */
#ifndef FAULTLINE_WORLD_INSIDE_H
#define FAULTLINE_WORLD_INSIDE_H

#include "world/call.h"

/* Where events go that happen again and are not held with the newest. */
enum hearing { HEARING_PAST, HEARING_ASIDE, HEARING_NONE };

/* ---- memory.c: the host's memory; the one place that ends the process when there is none ---- */
void *host_allocate(size_t size); /* zeroed */
void *host_resize(void *memory, size_t size);
char *host_copy_text(const char *text);

/* ---- delta.c: pages as they were ---- */
struct delta_page {
    uint64_t page;  /* number of the page in the arena */
    uint8_t *bytes; /* what it holds on the other side */
};

struct delta {
    struct delta_page *list;
    size_t count, room;
};

void delta_add(struct delta *d, uint64_t page, const uint8_t *bytes);
void delta_clear(struct delta *d);

/* ---- turn.c: one turn of the machine ---- */
enum turn {
    TURN_RAN,     /* instructions, no trap */
    TURN_ENTERED, /* a kernel entry was the last thing */
    TURN_PHASE,   /* it stands at a phase of a kernel entry */
    TURN_NOBODY,  /* no thread can run */
    TURN_HALTED,
};

/* ---- history.c: what changed since when ---- */
enum { CHANGED_IN_COMMAND = 1, CHANGED_SINCE_CHECKPOINT = 2 };

struct history {
    uint8_t
        *shadow; /* the arena as it was at the last mark; mapped like it, filled where it changed */
    size_t shadow_size;
    uint8_t *kept;       /* by page: which of the two below have it already */
    struct delta before; /* pages as they were when the present command began */
    struct delta since; /* pages as they were at the checkpoint that the present was reached from */
    char *line;         /* of a command that has changed nothing so far; NULL: none */
};

bool history_open(struct session *s);
void history_close(struct session *s);
/* What there is now cannot be taken back. */
void history_start(struct session *s);
/* Notes what changed since the last mark, also, but for this room's own pages, in *step. */
void history_mark(struct session *s, struct delta *step);
/* Swaps pages of the arena with those that a delta holds. */
void history_swap(struct session *s, struct delta *d);
/* What the present command has changed, and its line, are put by, to be taken up again at the same place. */
void history_put_by(struct session *s, struct delta *before, char **line);
void history_take_up(struct session *s, struct delta *before, char *line);
/* Begins to note anew what a command changes. */
void history_fresh(struct session *s);
/* The first dirty page from `page` on; the number of pages when there is none. */
uint64_t history_next_dirty(const struct session *s, uint64_t page);
uint64_t page_count(const struct session *s);
const uint8_t *shadow_page(const struct session *s, uint64_t page);
/* Whether anything differs from what it was at the last mark. */
bool history_differs(const struct session *s);

/* ---- journal.c: what came into the machine from outside, and where ---- */
enum input_kind {
    INPUT_COMMAND, /* a line begins: its text */
    INPUT_EDIT,    /* fingers, seat, names, variables: bytes of the arena */
    INPUT_RUN,     /* the machine ran, and whose typed instruction was to end */
};

/* One input. They are a tree: each knows the one before it, and never changes once another follows. */
struct input {
    struct input *before, *older; /* older: the list of all */
    enum input_kind kind;
    word_t start, end; /* steps; equal but for a run */
    paddr_t seat;      /* of a run: whose instruction; 0: nobody's */
    bool turned; /* a run that ended after somebody's turn was looked for, before it was taken */
    bool cut;    /* a run that somebody went back into: it just stops there */
    char *line;
    uint8_t *patch; /* of an edit: struct patch, its bytes, the next one, … */
    size_t patch_length;
};

/* A point on the present branch: inputs before number `at` are done; `inside` a run that is number `at`
 * `steps` says where. */
struct moment {
    size_t at;
    bool inside;
    word_t steps;
    paddr_t claiming; /* inside a run: who is still to get its turn */
};

struct branch {
    char name[NAME_SIZE];
    struct input *last;
    word_t parted, end; /* steps: where it left another one, and how far it goes */
};

struct journal {
    struct input **path; /* the present branch, from the start */
    size_t count, room;
    struct input *newest;
    struct moment now; /* its steps are those of the world */
    size_t origin;     /* nobody goes back before this input */
    word_t origin_steps;
    size_t origin_events; /* how many there were by then */
    bool edited;          /* somebody may have changed the arena since the last mark */
    struct branch *branch;
    size_t branch_count, branch_at;
};

void journal_close(struct session *s);
void journal_start(struct session *s);
/* Somebody is about to change the arena from outside. */
void journal_edit(struct session *s);
/* What somebody changed becomes an input. */
void journal_flush(struct session *s);
/* The same, but for a seat taken in the past: it is given back (0: none), to be taken again after a move. */
paddr_t journal_set_aside(struct session *s);
void journal_sit_again(struct session *s, paddr_t seat);
/* A live run begins; whether the line of a command was added for it. And it ends. */
bool journal_run(struct session *s, paddr_t seat);
void journal_ran(struct session *s, paddr_t seat, word_t start, bool turned, bool had_line);
/* What lies ahead is left: it stays reachable as a branch of its own. */
void journal_leave(struct session *s, bool keeps_name);
void patch_apply(struct session *s, const struct input *i);
struct moment moment_now(const struct session *s);
bool moment_before(const struct moment *a, const struct moment *b);
bool journal_at_end(const struct session *s);

/* ---- checkpoints.c: pages as they were, denser near the present ---- */
#define CHECKPOINT_LIMIT (UINT64_C(256) << 20)

struct checkpoint {
    struct moment moment;
    size_t events, console; /* how many there were */
    struct delta
        other; /* between this one and the next: pages as they are on the side that the present is not */
};

struct checkpoints {
    struct checkpoint *list;
    size_t count, room;
    size_t current; /* the one that the present was reached from; its `other` is history.since */
    uint64_t bytes, limit;
    word_t due; /* steps at which the next is taken */
};

void checkpoints_close(struct session *s);
void checkpoint_take(struct session *s);
/* After a turn: takes one when it is due; notices one that is reached. */
void checkpoints_look(struct session *s);
/* Goes to the checkpoint from which a moment is reached soonest, unless the present is such. */
void checkpoints_seek(struct session *s, const struct moment *to);
void checkpoint_restore(struct session *s, size_t number);
/* Forgets those ahead: they belong to another branch. */
void checkpoints_forget_ahead(struct session *s);

/* ---- travel.c: forwards along what is recorded ---- */
enum { TRAVEL_PIECE = 1 << 20 }; /* instructions between two looks at Ctrl-C */

enum advance {
    ADVANCED, /* an input is done */
    TURNED,   /* one turn was taken */
    ARRIVED,
};

/* One input or one turn of at most `budget` instructions towards a moment. */
enum advance travel_advance(struct session *s, const struct moment *to, uint64_t budget,
                            bool slowly, enum turn *turn);
/* Goes there, backwards or forwards. False: interrupted on the way. */
bool travel(struct session *s, const struct moment *to);
struct moment travel_end(const struct session *s);
/* Where one lands at a step: before what was typed there last. */
struct moment travel_landing(const struct session *s, word_t steps);
/* Runs along the record; false: nothing stopped it before the end. */
struct goal;
bool travel_run(struct session *s, const struct goal *goal, struct stop *stop);
struct stop travel_step(struct session *s, bool slowly);
/* After a move along the record: what was done where it ended, before the next line, is done, too. */
void travel_settle(struct session *s);

/* ---- positions.c ---- */
/* To before the turn that enters the kernel at a step. */
void travel_before_entry(struct session *s, word_t steps);
/* Into the entry that begins at a step; false when none does. The phase is at most its last. */
bool travel_into_entry(struct session *s, word_t steps, unsigned phase);

/* Where somebody stands who goes to look elsewhere and comes back as if nothing had been. */
struct stand {
    struct moment at;
    unsigned phase; /* 0: none is shown */
    paddr_t seat;
    struct delta before;
    char *line;
    size_t command_begin;
    volatile sig_atomic_t *interrupt;
    enum hearing hearing;
};
void stand_leave(struct session *s, struct stand *stand);
void stand_return(struct session *s, struct stand *stand);

/* ---- writes.c ---- */
/* The last write before a moment; goes there. False: there is none, or somebody interrupted. */
bool writes_find(struct session *s, const struct spot *spot, bool only_changes, struct moment to,
                 struct writing *out);

/* ---- place.c ---- */
/* Whether a place can change with every instruction that comes next. */
bool spot_needs_steps(const struct session *s, const struct spot *spot);
bool watchpoints_need_steps(const struct session *s);
void watchpoints_begin(struct session *s); /* a run begins */
void watchpoints_look(struct session *s);  /* after a turn: notes what changed in s->met */
void watchpoints_end(struct session *s);

/* ---- window.c: a stretch of events that is held, the oldest of which go when it is full ---- */
enum { WINDOW_CHUNKS = 64, WINDOW_CHUNK = 4096, WINDOW_LEAST = 1024 };

struct event_window {
    struct event *chunk[WINDOW_CHUNKS]; /* event i lies at i modulo how many have room */
    word_t *step[WINDOW_CHUNKS];        /* where each happened, beside it */
    uint32_t *phase[WINDOW_CHUNKS];
    size_t first, end; /* numbers of those held: [first, end) */
    size_t chunk_size; /* events in one; 0: WINDOW_CHUNK */
};

bool window_holds(const struct event_window *w, size_t i);
const struct event *window_event(const struct event_window *w, size_t i);
struct position window_position(const struct event_window *w, size_t i);
/* Number i; where it does not follow the newest one, nothing else is held any more. */
void window_append(struct event_window *w, size_t i, const struct event *e, struct position at);
/* Numbers from `end` on are forgotten; a window that lay behind it is empty there. */
void window_cut(struct event_window *w, size_t end);
void window_close(struct event_window *w);

/* ---- marks.c: marked numbers out of a growing row ---- */
struct mark_block {
    size_t before;  /* marked ones in the blocks before it */
    uint64_t *bits; /* NULL: none is marked */
};

struct marks {
    struct mark_block *block;
    size_t blocks, room, count;
};

/* A number above all that are marked. */
void marks_add(struct marks *m, size_t number);
size_t marks_below(const struct marks *m, size_t end);
size_t marks_between(const struct marks *m, size_t from, size_t to); /* [from, to) */
void marks_cut(struct marks *m, size_t end); /* from there on none is marked */
void marks_close(struct marks *m);

/* ---- tally.c: how often something happened ---- */
enum { TALLIES = 128, PRINTED = 64 };

/* Counts what happened on this branch from event `from` on. */
struct tally {
    struct watch watch;
    size_t from;
    uint64_t asked; /* when, among the others */
    struct marks marks;
};

/* What programs printed was looked through for this text up to character `to`. */
struct printed {
    char *text;
    size_t to;
    struct marks marks;
};

struct tallies {
    struct tally *list;
    size_t count;
    uint64_t asked;
    uint64_t kinds; /* bit per kind of event that one of them may count */
    struct printed printed[PRINTED];
    size_t printed_next;
};

/* A new event, not one that happens again. */
void tallies_hear(struct session *s, size_t number, const struct event *e);
/* What is behind so many events and characters is on another branch. */
void tallies_cut(struct session *s, size_t events, size_t console);
void tallies_close(struct session *s);

/* ---- events.c: what happened ---- */
enum { CONSOLE_BYTES = 64 << 20 };

struct event_log {
    struct event_window newest; /* up to the end of the branch */
    struct event_window past;   /* up to the present, when somebody went back before the newest */
    struct event_window aside;  /* that somebody looked for */
    enum hearing hearing;
    void (*ear)(void *context, const struct session *s, size_t number, const struct event *e);
    void *ear_context;    /* hears also what happens again */
    size_t count;         /* of this branch */
    size_t seen;          /* up to the present; those behind it lie ahead */
    size_t command_begin; /* how many there were when the present command began */
    char *console;
    size_t console_dropped; /* characters; counts below include them */
    size_t console_length, console_room, console_seen;
    size_t *fault; /* numbers of the events that are faults */
    struct position *fault_at;
    size_t fault_count, fault_room;
    struct tallies tallies;
    void (*tap)(void *context, const struct session *s, size_t number, const struct event *e);
    void *tap_context;
};

struct position event_position(const struct session *s, size_t i); /* counted from boot */
void events_hear(void *session, const struct event *e);
/* So many have been seen now. */
void events_rewind(struct session *s, size_t events, size_t console);
/* Those ahead are forgotten. */
void events_forget_ahead(struct session *s);
void events_close(struct session *s);

/* ---- phases.c: a kernel entry seen from inside ---- */
enum { PHASES_MAX = 4096 };

struct phase {
    struct event event;
    struct delta delta;     /* between the phase before and this one */
    size_t events, console; /* how many there were at it */
};

struct phases {
    bool recording;
    struct phase *list;
    size_t count, room;
    struct delta last; /* between the last phase and the end of the entry */
    size_t at;         /* 1 to count: shown; 0: none is recorded; count + 1: the entry has ended */
};

void phases_begin(struct session *s);
void phases_hear(struct session *s, const struct event *e);
void phases_end(struct session *s); /* and shows the first; nothing when there was none */
bool phases_shown(const struct session *s);
bool phases_forward(struct session *s); /* false: that was the last, the entry has ended */
void phases_discard(struct session *s); /* after going to the end of the entry */

/* ---- turn.c ---- */
/* What was heard during the last kernel entry. */
enum { MESSAGES_AN_ENTRY = 8 };
struct heard {
    unsigned messages;
    struct {
        paddr_t receiver;
        word_t fault_kind;
    } message[MESSAGES_AN_ENTRY];
    bool objects_changed; /* something was deleted or made: names, seats and hands may be void */
    struct made {
        paddr_t object, slot; /* a new object, and where its first capability was put */
    } * made;
    size_t made_count, made_room;
};

enum turn machine_turn(struct session *s, uint64_t budget, bool slowly);
/* What this room keeps of an entry that has ended: arrivals, names of memory that is something else now. */
void entry_settle(struct session *s);

/* ---- programs.c ---- */
void programs_forget(struct world *w, paddr_t from, paddr_t to);
void programs_close(struct session *s);

/* ---- arrivals.c ---- */
void arrivals_keep(struct session *s);
void arrivals_forget(struct world *w, paddr_t tcb);

/* ---- run.c ---- */
struct goal {
    const struct until *until; /* or NULL */
    paddr_t seat;              /* whose typed instruction is to end; 0: none */
    uint64_t turns;            /* so many turns; 0: as many as it takes */
    bool slowly;               /* kernel entries are shown in phases */
};
struct stop run_to(struct session *s, const struct goal *goal);
/* Whether instructions are taken one by one. */
bool run_is_careful(const struct session *s, const struct goal *goal);
/* Whether the turn that was just taken ends the run, and why. */
bool turn_stops(struct session *s, const struct goal *goal, enum turn turn, uint64_t turns,
                struct stop *stop);

/* Says of a stop which breakpoint was met. */
void stop_at_break(const struct session *s, struct stop *stop);

/* What breakpoints and `until` have met since a run began. */
struct met {
    unsigned number; /* of the breakpoint, 0: none */
    bool until, seat_faulted;
    struct event event;
    bool changed; /* it is a watchpoint */
    struct reading before, after;
};

/* Of the last turn: who ran, from where, how many instructions. */
struct ran {
    paddr_t thread;
    word_t ip, instructions;
};

/* ---- hands.c, fingers.c ---- */
int hand_find(const struct world *w, paddr_t tcb); /* its number, -1 for none */
struct hand *hand_edit(struct world *w, int number);
word_t hand_ip(const struct world *w, paddr_t tcb); /* where the thread will go on */
void hand_forget(struct world *w, paddr_t tcb);
/* A libsel4 stub's second half: the stack pointer back after a system call that returned by sysret. */
void hand_finish_stub(struct session *s);
/* Passes over who waits and, while the seat's thread has not come to run, its equals; reschedules. */
void hand_turns(struct session *s, paddr_t claiming);
bool fingers_type(struct session *s, paddr_t tcb, const struct hand_act *act, struct problem *p);
/* seL4_SetMR and its kin: false (problem filled) when the seat cannot act, or has no buffer. */
bool fingers_set_local(struct session *s, const struct call *call, struct problem *p);
/* A thread's IPC buffer in physical memory, 0 without one. */
enum { BUFFER_MESSAGE = 1, BUFFER_CAPS = 122, BUFFER_RECEIVE = 125 }; /* words of seL4_IPCBuffer */
paddr_t thread_buffer(const struct world *w, paddr_t tcb);
bool thread_exists(const struct world *w, paddr_t tcb);

struct session {
    struct world world;
    struct core *core;
    struct event_log log;
    struct history history;
    struct journal journal;
    struct checkpoints checkpoints;
    struct phases phases;
    struct heard heard;
    struct met met;
    struct ran ran;
    const struct until *until; /* of the run that is going on */
    paddr_t goal_seat;
    struct breakpoint *breaks;
    size_t break_count;
    unsigned break_last; /* number that was given out last */
    bool break_addresses, break_events, break_changes;
    word_t limit_at;        /* steps; 0: none */
    unsigned interruptions; /* runs that were ended by Ctrl-C */
    bool stops;             /* a playback is interrupted as it was recorded: */
    word_t stop_at;         /* at so many steps */
    volatile sig_atomic_t *interrupt;
    bool slowly;
    bool in_entry;         /* the kernel runs */
    unsigned in_phase;     /* phases of this entry so far */
    struct image **images; /* all that were ever loaded: undo may bring one back */
    size_t image_count;
    struct kernel_config config;
};

#endif
