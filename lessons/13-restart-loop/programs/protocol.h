/* SPDX-License-Identifier: BSD-2-Clause */
/* What program and handler agree about: the slots of the handler's CSpace, and the port that is not
 * there. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

enum { HANDLER_FAULT_EP = 1, HANDLER_PROGRAM_TCB = 2 };
enum { KEYBOARD_PORT = 0x60 };

#endif
