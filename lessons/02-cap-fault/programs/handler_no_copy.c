/* SPDX-License-Identifier: BSD-2-Clause */
/* The wrong handler of tutorial_no_copy.c, as a program of its own. */
#define FORGETS_THE_COPY
#include "handler.c"
