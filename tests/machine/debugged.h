/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's processor with its debug registers as a test's oracle: a few bytes of code in a process of
 * their own, a copy of the test's, traced. x86-64 Linux only; elsewhere, and where tracing is forbidden, it says so. */
#ifndef FAULTLINE_TESTS_DEBUGGED_H
#define FAULTLINE_TESTS_DEBUGGED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "native.h"

struct debugged {
    struct {
        uint64_t address, size;
        bool is_read_only;
    } pages[4];
    struct {
        uint64_t address, value;
    } word[2];           /* in those pages; address 0: none */
    const uint8_t *code; /* for the first page, if there is one */
    size_t length;
    uint64_t reg[16], rip, rflags;
    const uint8_t *fpu; /* an FXSAVE image, or NULL */
    uint64_t dr[4], dr7;
};

struct debugged_stop {
    int signal;
    uint64_t rip, rflags, dr6;
};

/* What SS holds in a process of the host. */
uint16_t debugged_stack_selector(void);

/* In single steps, with the trap flag really set, from a state of native.h and what its pages hold. */
struct debugged_steps {
    int pid; /* 0: none */
};
bool debugged_begin(struct debugged_steps *steps, const struct native_state *state);
/* One instruction; the state becomes what it is then. SIGTRAP: it was one step, or int3. */
bool debugged_step(struct debugged_steps *steps, struct native_state *state, int *signal);
bool debugged_read(const struct debugged_steps *steps, uint64_t address, void *to, size_t size);
void debugged_end(struct debugged_steps *steps);

/* False: the host does not do this. */
bool debugged_run(const struct debugged *d, struct debugged_stop *stop);

#endif
