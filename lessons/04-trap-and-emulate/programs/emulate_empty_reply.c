/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: an empty reply. It writes nothing back, so the program runs into the same instruction again. */
#define REPLIES_WITH_NOTHING
#include "emulate.c"
