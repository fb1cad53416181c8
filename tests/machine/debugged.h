/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's processor with its debug registers as a test's oracle: a few bytes of code in a process of
 * their own, a copy of the test's, traced. x86-64 Linux only; elsewhere, and where tracing is forbidden, it says so. */
#ifndef FAULTLINE_TESTS_DEBUGGED_H
#define FAULTLINE_TESTS_DEBUGGED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* False: the host does not do this. */
bool debugged_run(const struct debugged *d, struct debugged_stop *stop);

#endif
