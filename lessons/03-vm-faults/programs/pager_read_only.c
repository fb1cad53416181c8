/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: the page that is written to stays mapped for reading only: FSR 7 comes again and again. */
#define NEVER_ALLOWS_WRITING
#include "pager.c"
