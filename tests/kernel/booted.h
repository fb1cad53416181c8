/* SPDX-License-Identifier: BSD-2-Clause */
/* A booted world for tests of what boot made and of address spaces: the recorded machine with an
 * image of four pages at 0x400000. */
#ifndef FAULTLINE_TESTS_KERNEL_BOOTED_H
#define FAULTLINE_TESTS_KERNEL_BOOTED_H

#include "kernel/internal.h"

enum { BOOTED_VADDR = 0x400000, BOOTED_PAGES = 4, BOOTED_ENTRY = 0x400123 };

/* Boots; the world's arena is the caller's to close. */
bool booted_open(struct world *w, uint64_t memory_size, const struct kernel_config *config);

/* A slot of the root task's CNode. */
paddr_t booted_slot(const struct world *w, word_t index);
struct cap booted_cap(const struct world *w, word_t index);

/* A word of seL4_BootInfo. */
word_t booted_info(const struct world *w, unsigned word);

/* A call by the root task, carried out to its end if it is good. Extra capabilities by slot. */
struct booted_message {
    const char *label;
    unsigned length;
    word_t word[8];
    unsigned caps;
    word_t cap[3];
};
struct refusal booted_call(struct world *w, word_t slot, struct booted_message message);
/* New objects into the root CNode, from the untyped in a slot. */
enum sel4_error booted_retype(struct world *w, word_t untyped, const char *object, word_t bits,
                              word_t slot, word_t count);
/* The first slot with that much usable memory; 0: none. */
word_t booted_untyped(const struct world *w, unsigned bits);

#endif
