/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's own processor as a test's oracle: runs a few bytes of user code natively from a given
 * register state until an exception, and says what a processor says then. x86-64 Linux only; elsewhere
 * native_available() is false and the tests skip. */
#ifndef FAULTLINE_TESTS_NATIVE_H
#define FAULTLINE_TESTS_NATIVE_H

#include <stdbool.h>
#include <stdint.h>

/* Where code and data lie, at the same addresses natively and in the simulated machine. */
enum {
    NATIVE_CODE = 0x10000000, /* one page, executable */
    NATIVE_DATA = 0x20000000, /* NATIVE_DATA_PAGES pages, writable; the page behind is unmapped */
    NATIVE_DATA_PAGES = 2,
    NATIVE_READ_ONLY = 0x30000000, /* one page */
    NATIVE_PAGE = 4096,
};

/* Registers in the processor's own numbering (enum reg), RIP and RFLAGS, and an FXSAVE image of x87,
 * MMX and SSE, of which the first NATIVE_FPU bytes count. */
enum { NATIVE_FPU = 416 };

/* Linux's descriptors of user code and data. */
enum { NATIVE_CODE_32 = 0x23, NATIVE_STACK = 0x2b, NATIVE_CODE_64 = 0x33 };

struct native_state {
    uint64_t reg[16], rip, rflags;
    uint64_t cs; /* NATIVE_CODE_64 or NATIVE_CODE_32 */
    uint8_t fpu[512];
};

struct native_exit {
    struct native_state state;
    uint64_t vector, error_code, address; /* CR2 of a page fault */
};

bool native_available(void);

/* Starts the process again without random addresses, where the host lets it: else its own heap may lie
 * where the pages above belong, or where a random pointer leads. First thing in main(). */
void native_settle(char **argv);

/* Maps the pages above and takes the signals, once a test; false when the host refuses. */
bool native_open(void);

/* Runs from `state` until an exception. The code must end in one (int3). */
struct native_exit native_run(const struct native_state *state);

#endif
