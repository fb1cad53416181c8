/* SPDX-License-Identifier: BSD-2-Clause */
/* The first instruction after which the model and the host's processor differ: both take the code in
 * single steps, the host under ptrace. For sequences that are known to end differently: a step costs a
 * thousand times what an instruction does. */
#ifndef FAULTLINE_TESTS_PARTING_H
#define FAULTLINE_TESTS_PARTING_H

#include "machine/both.h"

enum parting_kind {
    PARTING_FOUND,
    PARTING_NONE, /* in single steps they agree to the end: it is how instructions stand together */
    PARTING_UNTRACED, /* the host lets nobody trace */
};

struct parting {
    enum parting_kind kind;
    unsigned step;            /* from 0; each repetition of REP is one */
    struct native_state from; /* the host's, before that instruction */
    struct native_exit host, model;
    int signal; /* what the host's processor ended in; SIGTRAP: the step */
    bool memory_differs;
};

/* Changes the model after a step: for tests of this. */
typedef void spoil_fn(struct world *w, unsigned step);

struct parting parting_find(const struct start *start, spoil_fn *spoil);
void parting_print(FILE *out, const struct start *start, const struct parting *p);

/* The signal that Linux makes of an exception. */
int parting_signal_of(uint64_t vector);

#endif
