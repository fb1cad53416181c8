/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests of refusals: a world of kernel_fixture.h with a capability of each sort in a slot of its
 * own, and rows that say what a wrong call gets: error, message words and the whole print. A refused
 * call must leave CSpace, kernel and objects as they were. */
#ifndef FAULTLINE_TESTS_KERNEL_ERRORS_H
#define FAULTLINE_TESTS_KERNEL_ERRORS_H

#include "kernel/kernel_fixture.h"

/* CPtrs beside the fixture's. */
enum {
    EP = 16,
    EP_BADGED,
    EP_RECEIVE_ONLY,
    NTFN,
    NTFN_BADGED,
    NTFN_SEND_ONLY,
    NTFN_RECEIVE_ONLY,
    NTFN_BOUND, /* to OTHER_TCB's elder brother, BOUND_TCB */
    OTHER_TCB,
    BOUND_TCB,
    SMALL_CNODE, /* 4 bits, no guard */
    REPLY_MASTER,
    DOMAIN,
    IRQ_HANDLER,
    PORT_CONTROL,
    PORTS, /* 0x3f8 to 0x3ff */
    ASID_CONTROL,
    ASID_POOL,
    VSPACE,        /* tables for the first 4 MiB but for the page table of the second 2 */
    VSPACE_NEW,    /* without an identifier */
    VSPACE_STALE,  /* its identifier names another address space */
    VSPACE_NOBODY, /* its identifier names none */
    FRAME,
    FRAME_MAPPED, /* in VSPACE at 0x5000 */
    FRAME_DEVICE,
    FRAME_LARGE,
    FRAME_HUGE,
    TABLE,
    TABLE_MAPPED, /* in VSPACE at 0; TABLE_COPY is its copy */
    TABLE_COPY,
    DIRECTORY,
    DIRECTORY_MAPPED,
    DIRECTORY_COPY,
    TOP, /* a PDPT */
    TOP_MAPPED,
    TOP_COPY,
    UNTYPED_PAGE,   /* 4 KiB */
    UNTYPED_DEVICE, /* 4 KiB */
    UNTYPED_PARENT, /* 4 KiB, with UNTYPED_CHILD in it */
    UNTYPED_CHILD,
    EMPTY = 80,
};

struct error_row {
    struct message m;
    enum sel4_error error;
    unsigned words;
    word_t mr[5];
    const char *where, *text; /* NULL: nothing is printed */
};

int errors_setup(void **state);
void expect_error(struct fixture *f, const struct error_row *row);
void expect_errors(struct fixture *f, const struct error_row *row, size_t rows);

#define EXPECT_ERRORS(f, rows) expect_errors(f, rows, sizeof(rows) / sizeof(rows)[0])
#define ERRORS_TEST(name)      cmocka_unit_test_setup_teardown(name, errors_setup, fixture_teardown)

#endif
