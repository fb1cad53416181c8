/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: it reads and writes the registers of the first worker, whoever has faulted. */
#define WRITES_REGISTERS
#define ONE_TCB
#include "handler.c"
