/* SPDX-License-Identifier: BSD-2-Clause */
/* The handler of emulate_wrong_thread.c, as a program of its own. */
#define WRITES_THE_WRONG_THREAD
#include "handler.c"
