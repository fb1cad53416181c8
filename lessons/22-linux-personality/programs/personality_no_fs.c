/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: arch_prctl says yes and does nothing. The C library's first access to its thread's own memory
 * goes by FS, which is 0. */
#define FORGETS_FS
#include "personality.c"
