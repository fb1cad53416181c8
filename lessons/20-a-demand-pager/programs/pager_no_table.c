/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: it never makes a page table. */
#define NEVER_MAKES_TABLES
#include "page_in.h"
