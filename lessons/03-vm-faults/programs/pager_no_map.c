/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: the handler replies, but maps nothing. A reply mends nothing: the same fault comes again. */
#define MAPS_NOTHING
#include "pager.c"
