/* SPDX-License-Identifier: BSD-2-Clause */
/* The wrong handler of tutorial_no_fill.c, as a program of its own. */
#define FILLS_NOTHING
#include "handler.c"
