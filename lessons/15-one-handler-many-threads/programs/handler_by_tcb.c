/* SPDX-License-Identifier: BSD-2-Clause */
/* Right, too, by WriteRegisters: the badge is the CPtr of the worker's TCB, because it was minted so. */
#define WRITES_REGISTERS
#include "handler.c"
