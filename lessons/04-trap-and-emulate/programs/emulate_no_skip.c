/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: FaultIP goes back as it came. RAX is 1000 now, but the instruction is executed again. */
#define REPLY_SKIP 0
#include "emulate.c"
