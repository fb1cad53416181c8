/* SPDX-License-Identifier: BSD-2-Clause */
/* The personality with a loader that leaves every `syscall` as it is. */
#define LEAVES_SYSCALL
#include "personality.c"
