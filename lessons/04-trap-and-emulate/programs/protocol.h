/* SPDX-License-Identifier: BSD-2-Clause */
/* What the handler has in its CSpace. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

enum handler_slots {
    HANDLER_FAULT_EP = 1,
    HANDLER_PROGRAM_TCB = 2,
    HANDLER_BYSTANDER_TCB = 3, /* a thread that has nothing to do with it */
};

enum { PROGRAM_BADGE = 0x60, PROGRAM_ROUNDS = 3 };

/* What the handler makes the program's RAX. */
enum { EMULATED_RESULT = 1000 };

#endif
