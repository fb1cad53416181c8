/* SPDX-License-Identifier: BSD-2-Clause */
/* What DebugSnapshot prints: all objects and capabilities in the words of capDL. The two files that
 * print it (objects and CSpaces, address spaces) share a walk, which ends early where the real kernel
 * does not come through. seL4: include/machine/capdl.h. */
#ifndef FAULTLINE_KERNEL_CAPDL_H
#define FAULTLINE_KERNEL_CAPDL_H

#include "kernel/vspace.h"

/* How the print ends. The real kernel's code for this has its holes: it fails assertions, reads through
 * null pointers (`address` is what it reads), and never leaves the list of an untyped's children. */
struct capdl_end {
    enum { CAPDL_DONE, CAPDL_ASSERTION, CAPDL_FAULT, CAPDL_LOOP } how;
    word_t address;
};

/* Prints the whole. Changes the kernel's list of what it has seen. */
struct capdl_end capdl_print(struct world *w);

/* A pointer as the kernel's %p writes it: CAPDL_P in a format, CAPDL_PTR(value) among its arguments. */
#define CAPDL_P          "%s%016" PRIx64
#define CAPDL_PTR(value) (value) ? "0x" : "", (word_t)(value)

struct capdl {
    struct world *w;
    struct capdl_end end;
};

/* capdl_walk.c */
/* A print of the walk: nothing more comes once it has ended early. */
#define capdl_say(c, ...) ((c)->end.how == CAPDL_DONE ? kernel_print((c)->w, __VA_ARGS__) : (void)0)
void capdl_fail(struct capdl *c, const char *assertion, const char *file, const char *function);
void capdl_fault(struct capdl *c, word_t address);

/* Whether the walk has been here; if not, it has now. */
bool capdl_seen(struct capdl *c, struct cap cap);

/* capdl_vspace.c */
void capdl_vspace_objects(struct capdl *c, struct cap vspace);
void capdl_vspace_caps(struct capdl *c, struct cap vspace);
void capdl_frame_at(struct capdl *c, paddr_t pml4, word_t vaddr); /* "frame_… (RWX)" */
void capdl_cap_of_vspace(struct capdl *c, struct cap cap); /* frames, tables, address spaces */

#endif
