/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: WriteRegisters on the bystander. It goes on in the program's place, on the program's stack;
 * the program itself stays blocked on reply. */
#define WRITES_THE_WRONG_THREAD
#include "emulate.c"
