/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: all four threads have the fault endpoint, the handler, too. When it faults, it waits for itself,
 * and nothing is printed. */
#define WATCHED 4
#include "component.c"
