/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: the handler replies, but the slot is as empty as before. The same fault comes again. */
#define FILLS_NOTHING
#include "tutorial.c"
