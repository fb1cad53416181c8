/* SPDX-License-Identifier: BSD-2-Clause */
/* What program and pager agree about: the pager's slots, and the memory that the program may use. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

enum {
    FAULT_EP = 1,
    PROGRAM_VSPACE = 2,
    POOL = 3, /* untyped memory */
    OWN_CNODE = 4,
    FIRST_FREE_SLOT = 16,
};

/* 16 pages of 4 KiB. A page table covers 2 MiB: the second half is another table's. */
#define MEMORY_BEGIN 0x201f8000ul
#define MEMORY_END   0x20208000ul

#endif
