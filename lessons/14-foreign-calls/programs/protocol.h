/* SPDX-License-Identifier: BSD-2-Clause */
/* What program and handler agree about. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

enum { HANDLER_FAULT_EP = 1 };
#define NOWHERE 0x10000000ul

#endif
