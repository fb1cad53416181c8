/* SPDX-License-Identifier: BSD-2-Clause */
/* The model beside the host's processor: the same code, data and registers given to both, run or stepped,
 * and whether they come to the same. Needs native.h; one pair a process. */
#ifndef FAULTLINE_TESTS_BOTH_H
#define FAULTLINE_TESTS_BOTH_H

#include <stdio.h>

#include "machine/cpu.h"
#include "machine/native.h"

enum { BOTH_DATA = NATIVE_DATA_PAGES * NATIVE_PAGE };

/* What both begin with. */
struct start {
    uint8_t code[1024]; /* ends in int3 */
    size_t length;
    struct native_state state;
    uint8_t data[BOTH_DATA];
    uint64_t undefined; /* arithmetic flags that the last instruction leaves undefined */
    uint64_t dr0, dr7;  /* debug registers, of the model */
};

/* Makes the machine; the test fails if there is no memory. */
void both_open(void);
/* The model's machine, for who wants to see more of it, or to spoil it. */
struct world *both_world(void);

void both_prepare_host(const struct start *start);
void both_prepare_model(const struct start *start);
struct trap both_run_prepared(uint64_t budget);

struct native_exit both_run_host(const struct start *start);
struct native_exit both_run_model(const struct start *start);
/* The model as it stands, in a native exit's words. */
struct native_exit both_model_exit(const struct trap *trap);

/* Flags: those that count. */
bool both_exits_agree(const struct native_exit *host, const struct native_exit *model,
                      uint64_t flags);
/* General registers, RIP, CS, XMM, x87. */
bool both_states_agree(const struct native_state *host, const struct native_state *model);
/* The model's data pages and these; NULL: those that both_run_host() left. */
bool both_memory_agrees(const uint8_t *data);

void both_print_code(FILE *out, const struct start *start);
/* Where the two differ, beside what was before. */
void both_print_states(FILE *out, const struct native_state *from, const struct native_exit *host,
                       const struct native_exit *model);

#endif
