/* SPDX-License-Identifier: BSD-2-Clause */
/* The handler of emulate_write_registers.c, as a program of its own. */
#define WRITES_REGISTERS
#include "handler.c"
