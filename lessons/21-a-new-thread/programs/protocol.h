/* SPDX-License-Identifier: BSD-2-Clause */
/* The slots of the maker's CSpace, which is the worker's, too, and where the worker's IPC buffer lies. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

enum {
    FAULT_EP = 1,
    WORKER_TCB = 2,
    OWN_CSPACE = 3,
    OWN_VSPACE = 4,
    BUFFER_FRAME = 5,
    RESULT_EP = 6,
};

#define BUFFER_ADDRESS 0x30000000ul
enum { WORDS = 10 };

#endif
