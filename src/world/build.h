/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole things that take many invocations: `new`, `load`. No back door builds state: every step is a
 * call by the seat's thread, with its authority. When one is refused, what was made is told and
 * stays; undo takes the whole command back. */
#ifndef FAULTLINE_WORLD_BUILD_H
#define FAULTLINE_WORLD_BUILD_H

#include "world/call.h"

struct build {
    bool ok;
    unsigned calls;   /* how many invocations it took */
    struct call last; /* that failed, with its result */
    struct call_result result;
    struct problem problem;
};

/* Makes an object of a kind (objects.def's word, "endpoint") in the slot `destination` of the seat's
 * root CNode. size_bits for kinds whose size the caller says. */
struct build build_object(struct session *s, const char *kind, word_t size_bits,
                          paddr_t destination);
/* A thread driven by hand: leaves NAME_tcb, NAME_cspace, NAME_vspace, NAME_ipcbuf in the seat's CSpace;
 * its CSpace's guard fills 64 bits; priority 254; it waits for its person. */
struct build build_thread(struct session *s, const char *name);
/* The same, running a program from an ELF file from its entry; it is ready to run. */
struct build build_load(struct session *s, const char *file, const char *name);
/* The bytes of a file, whatever it holds, in new pages from `address` (of a page) on in a VSpace that the
 * seat's thread has a capability to; its slots' names are nobody's. */
struct build build_data(struct session *s, const char *file, word_t vspace_cptr, word_t address);
/* Page tables that are missing for `address` in a VSpace that the seat's thread has a capability to. */
struct build build_tables(struct session *s, word_t vspace_cptr, word_t address);

#endif
