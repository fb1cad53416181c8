/* SPDX-License-Identifier: BSD-2-Clause */
/* The program of emulate_no_rbx.c, by itself. */
#define FORGETS_RBX
#include "program.c"
