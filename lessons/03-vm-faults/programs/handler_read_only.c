/* SPDX-License-Identifier: BSD-2-Clause */
/* The wrong handler of pager_read_only.c, as a program of its own. */
#define NEVER_ALLOWS_WRITING
#include "handler.c"
