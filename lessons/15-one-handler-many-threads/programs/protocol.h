/* SPDX-License-Identifier: BSD-2-Clause */
/* The slots of the handler's CSpace. The TCB of the worker whose faults carry badge N lies in slot N: that
 * was arranged by whoever minted the badges, and nothing else ties the two. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

enum { HANDLER_FAULT_EP = 1, FIRST_WORKER = 2 };

#endif
