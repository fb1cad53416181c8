/* SPDX-License-Identifier: BSD-2-Clause */
/* Random walks: several threads of different priority do what chance says, the kernel schedules them as
 * ever, and after every kernel entry the rules are checked that always hold. A walk is a list of
 * operations that mean the same whatever came before them, so that a failing one can be cut down
 * (shrink.c) and told as a script (script.c). */
#ifndef FAULTLINE_TESTS_WALK_WALK_H
#define FAULTLINE_TESTS_WALK_WALK_H

#include <stdio.h>

#include "world/call.h"
#include "world/world.h"

/* The window: slots of the root CNode, which is everybody's CSpace, that operations name. What lies
 * there at the start: setup.txt in machine.c. */
enum { WINDOW = 0x300, WINDOW_SLOTS = 48, THREADS = 4, ENDPOINT_SLOT = WINDOW + 10 };
enum {
    SLOT_OWN_TCB = 1,
    SLOT_CNODE = 2,
    SLOT_VSPACE = 3,
    OP_ARGS = 12,
    ROWS_MAX = 80,
    SELDOM = 16
};

enum op_kind {
    OP_INVOKE,  /* seL4_Call with the message of a row of tables/invocations.def */
    OP_MESSAGE, /* any system call with any message */
    OP_ACCEPT,  /* where a capability goes that comes with a message */
    OP_FAULT,
    OP_TIME, /* the clock goes on, nobody does anything */
    OP_BYTE, /* one arrives at the serial port */
};

enum op_fault { FAULT_BY_READ, FAULT_BY_UD2, FAULT_BY_INT3, FAULT_BY_SYSCALL, FAULT_WAYS };

struct op {
    uint8_t kind;
    uint8_t which; /* row of the table; enum syscall; enum op_fault */
    uint8_t length, caps;
    uint32_t unused;
    word_t service, label;
    word_t arg[OP_ARGS]; /* by parameter; message registers; address; nanoseconds; byte */
    word_t cap[MESSAGE_MAX_CAPS];
};

struct walk {
    struct op *op;
    size_t count, room;
};
void walk_add(struct walk *walk, const struct op *op);
void walk_free(struct walk *walk);

/* ---- machine.c: the machine that walks are played on ---- */
struct parameters {
    unsigned count;
    struct parameter p[CALL_ARGS_MAX];
};

struct machine {
    struct world w;
    uint8_t *start;      /* the arena as each walk finds it */
    uint8_t *start_used; /* by page */
    struct parameters row[ROWS_MAX];
    /* NULL, or what is wrong: asked after every kernel entry; and what takes longer, after every
     * SELDOM-th and at the end of a walk, unless `thorough`. */
    const char *(*check)(const struct world *w);
    const char *(*check_seldom)(const struct world *w);
    bool thorough;
    uint64_t entries; /* kernel entries so far */
    uint64_t events[EVENT_KIND_COUNT];
    uint64_t calls[ROWS_MAX], refused[ROWS_MAX]; /* by row of the table of invocations */
    size_t last_row;
};

bool machine_open(struct machine *m, const struct kernel_config *config);
void machine_close(struct machine *m);
void machine_reset(struct machine *m);
/* The commands with which the prompt comes to where walks begin. */
extern const char machine_setup[];

/* Lets whoever runs do it, and the machine go on until somebody asks for the next one, or nobody can
 * run. What is wrong then; NULL: nothing. */
const char *machine_do(struct machine *m, const struct op *op);
const char *machine_check(struct machine *m, bool whole);
/* Nobody asks for anything: all wait. */
bool machine_is_quiet(const struct machine *m);
/* The message of an invocation: label, words in op.arg, capabilities. */
const char *syscall_name(unsigned id); /* "Recv" */
struct op op_as_message(const struct machine *m, const struct op *op);

/* ---- chance.c: operations by chance ---- */
struct dice {
    uint64_t state;
};
word_t roll(struct dice *d, word_t sides);
struct op op_by_chance(const struct machine *m, struct dice *d);

/* ---- shrink.c ---- */
/* Plays a walk from the start; where it goes wrong (walk.count: nowhere), and why. */
size_t walk_play(struct machine *m, const struct walk *walk, const char **wrong);
/* Takes operations out, and makes what is left plainer, as long as the walk goes wrong for the same reason. */
void walk_shrink(struct machine *m, struct walk *walk, const char *wrong);

/* ---- script.c ---- */
/* The walk in the command language, `claim` as its last line; what the language has no words for as
 * comments. Every line is followed by the operation in numbers, for walk_read(). */
void walk_write(struct machine *m, const struct walk *walk, const char *claim, FILE *out);
/* Operations in numbers, out of such a file, and the kernel they are for. */
bool walk_read(FILE *in, struct walk *walk, struct kernel_config *config);
/* Whether the prompt, given the script, finds the claim wrong. */
bool walk_script_fails(const char *path, const struct kernel_config *config);

#endif
