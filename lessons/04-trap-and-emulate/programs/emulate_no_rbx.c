/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: the program does not keep RSP in RBX. After the reply RSP is 0, and its next push faults at
 * an address just below it. */
#define FORGETS_RBX
#include "emulate.c"
