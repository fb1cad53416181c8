/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of this room offer each other; nobody outside world/ includes this.
 * Each block names the file that owns the functions. */
#ifndef FAULTLINE_WORLD_INSIDE_H
#define FAULTLINE_WORLD_INSIDE_H

#include "world/call.h"

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

/* ---- history.c: the way back ---- */
enum { HISTORY_BYTES = 256 << 20 };

/* A command that changed the machine: what was before it. */
struct command {
    char *line;
    struct delta before;
    size_t events, console; /* how many there were before it */
};

struct history {
    uint8_t
        *shadow; /* the arena as it was at the last mark; mapped like it, filled where it changed */
    size_t shadow_size;
    uint8_t *is_in_open; /* by page: the open command has kept it already */
    struct command open; /* the command that is going on */
    struct command *done;
    size_t done_count, done_room;
    uint64_t bytes; /* that `done` holds */
};

bool history_open(struct session *s);
void history_close(struct session *s);
/* What there is now cannot be taken back. */
void history_start(struct session *s);
/* Keeps what changed since the last mark, for the open command and, but for this room's own pages, in *step. */
void history_mark(struct session *s, struct delta *step);
/* Swaps pages of the arena with those that a delta holds. */
void history_swap(struct session *s, struct delta *d);

/* ---- events.c: what happened ---- */
enum { EVENT_CHUNK = 4096, EVENT_CHUNKS = 64, CONSOLE_BYTES = 64 << 20 };

struct event_log {
    struct event
        *chunk[EVENT_CHUNKS]; /* event i lies in chunk i / EVENT_CHUNK, modulo how many there are */
    size_t first, count;      /* events before the first are dropped */
    size_t command;           /* how many there were when the present command began */
    char *console;
    size_t console_length, console_room;
    void (*serial)(void *context, const char *text, size_t length, bool from_kernel);
    void *serial_context;
    void (*tap)(void *context, const struct session *s, size_t number, const struct event *e);
    void *tap_context;
};

void events_hear(void *session, const struct event *e);
void events_truncate(struct session *s, size_t events, size_t console);
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

/* ---- turn.c: one turn of the machine ---- */
enum turn {
    TURN_RAN,     /* instructions, no trap */
    TURN_ENTERED, /* a kernel entry was the last thing */
    TURN_PHASE,   /* it stands at a phase of a kernel entry */
    TURN_NOBODY,  /* no thread can run */
    TURN_HALTED,
};

/* What was heard during the last kernel entry. */
enum { MESSAGES_AN_ENTRY = 8 };
struct heard {
    unsigned messages;
    struct {
        paddr_t receiver;
        word_t fault_kind;
    } message[MESSAGES_AN_ENTRY];
    bool objects_changed; /* something was deleted or made: names, seats and hands may be void */
    size_t from;          /* the first event of it */
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

/* What breakpoints and `until` have met since a run began. */
struct met {
    unsigned number; /* of the breakpoint, 0: none */
    bool until, seat_faulted;
    struct event event;
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
    struct phases phases;
    struct heard heard;
    struct met met;
    const struct until *until; /* of the run that is going on */
    paddr_t goal_seat;
    struct breakpoint *breaks;
    size_t break_count;
    unsigned break_last; /* number that was given out last */
    bool break_addresses, break_events;
    word_t limit_at; /* steps; 0: none */
    volatile sig_atomic_t *interrupt;
    bool slowly;
    struct image **images; /* all that were ever loaded: undo may bring one back */
    size_t image_count;
    struct kernel_config config;
};

#endif
