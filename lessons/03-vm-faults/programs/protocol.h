/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the faulter does harm, and what the handler has in its CSpace. Page tables for the addresses
 * are mapped beforehand, pages are not. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

/* clang-format off */
#define READ_ADDRESS      0x10000000ul /* is read: no page there */
#define WRITE_ADDRESS     0x10001000ul /* is written to: no page there */
#define READ_ONLY_ADDRESS 0x10002000ul /* is read and then written to: the handler first allows reading only */
#define JUMP_ADDRESS      0x10003000ul /* is jumped to */
/* clang-format on */

enum handler_slots {
    HANDLER_FAULT_EP = 1,
    HANDLER_FAULTER_TCB = 2,
    HANDLER_FAULTER_VSPACE = 3,
    HANDLER_FRAMES = 4, /* three frames: slots 4, 5 and 6 */
};

enum { FAULTER_BADGE = 0xfa };

#endif
