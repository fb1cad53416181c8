/* SPDX-License-Identifier: BSD-2-Clause */
/* The wrong handler of pager_no_map.c, as a program of its own. */
#define MAPS_NOTHING
#include "handler.c"
