/* SPDX-License-Identifier: BSD-2-Clause */
/* Right, by another way: TCB_WriteRegisters with resume instead of a reply. */
#define WRITES_REGISTERS
#include "emulate.c"
