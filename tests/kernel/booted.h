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

#endif
