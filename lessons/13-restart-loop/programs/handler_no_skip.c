/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: AL is written, but the IP stays at the instruction. */
#define SKIP 0
#include "handler.c"
