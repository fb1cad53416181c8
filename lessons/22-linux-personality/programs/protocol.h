/* SPDX-License-Identifier: BSD-2-Clause */
/* What lies where: the slots of the personality's CSpace, and the addresses that it and the Linux
 * program live at. The scripts of the lesson keep to the same numbers. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

enum {
    FAULT_EP = 1,
    PROGRAM_TCB = 2,
    PROGRAM_VSPACE = 3,
    OWN_VSPACE = 4,
    POOL = 5, /* untyped memory, pieces of 2 MiB come from it */
    OWN_CNODE = 6,
    FIRST_FREE_SLOT = 16,
    SLOTS = 256,
};

/* The program lives in the first GiB of its address space, in pieces of 2 MiB. The personality sees each
 * piece one GiB higher in its own. */
#define PIECE_SIZE   0x200000ul
#define PROGRAM_END  0x40000000ul
#define WINDOW       0x40000000ul
#define FILE_ADDRESS 0x30000000ul /* the program's file, in the personality's own memory */
#define STACK_TOP    PROGRAM_END
#define MAPPINGS     0x20000000ul /* where mmap begins */

#endif
