/* SPDX-License-Identifier: BSD-2-Clause */
/* The handler of emulate_no_skip.c, as a program of its own. */
#define REPLY_SKIP 0
#include "handler.c"
