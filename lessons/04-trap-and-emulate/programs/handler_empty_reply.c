/* SPDX-License-Identifier: BSD-2-Clause */
/* The handler of emulate_empty_reply.c, as a program of its own. */
#define REPLIES_WITH_NOTHING
#include "handler.c"
