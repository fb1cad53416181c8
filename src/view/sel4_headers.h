/* SPDX-License-Identifier: BSD-2-Clause */
/* The headers under include/sel4/ that say the same as the kernel's tables: numbers, labels, types,
 * fault messages and invocation stubs, as C for guest programs. `make headers` writes them, and a
 * test compares them with what lies in the tree. */
#ifndef FAULTLINE_VIEW_SEL4_HEADERS_H
#define FAULTLINE_VIEW_SEL4_HEADERS_H

#include <stdio.h>

struct sel4_header {
    const char *file; /* below include/sel4/ */
    void (*write)(FILE *out);
};

extern const struct sel4_header sel4_header_table[]; /* ends with a file of NULL */

void sel4_write_stubs(FILE *out); /* sel4_stubs.c: the invocation stubs */

#endif
