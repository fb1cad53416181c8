/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs for the threads of threads.h: address spaces with a page of code and a page of data for
 * each, machine code as bytes, and a processor that runs it. Threads without an address space stay
 * the test's own to drive. */
#ifndef FAULTLINE_TESTS_KERNEL_PROGRAMS_H
#define FAULTLINE_TESTS_KERNEL_PROGRAMS_H

#include "kernel/threads.h"

enum { SPACES_MAX = 2, SHARED_PAGE = 0x490000, NOTHING_THERE = 0x4f0000 };

/* Where thread n's code and data are in its address space, and its data in physical memory. */
word_t code_of(unsigned n);
word_t data_of(unsigned n);
paddr_t data_at(unsigned n);
paddr_t shared_at(void); /* what SHARED_PAGE is in every address space */

/* Gives thread n a place in address space `space`, which is made if need be, and its code. */
void thread_program(struct threads *t, unsigned n, unsigned space, const uint8_t *code,
                    size_t size);
#define THREAD_PROGRAM(t, n, space, ...)                                                           \
    thread_program(t, n, space, (const uint8_t[]){ __VA_ARGS__ },                                  \
                   sizeof((const uint8_t[]){ __VA_ARGS__ }))

/* A register with which the thread begins. */
void thread_register_set(struct threads *t, unsigned n, enum context_reg reg, word_t value);

/* The physical address of the page table entry for an address, to map or unmap by hand. */
paddr_t entry_in(unsigned space, word_t vaddr);

/* Runs until nobody's program can go on, the thread that runs is the test's own, or so many
 * instructions are done. Returns how many were. */
word_t programs_run(struct threads *t, word_t instructions);

#endif
