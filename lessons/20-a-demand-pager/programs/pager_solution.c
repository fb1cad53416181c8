/* SPDX-License-Identifier: BSD-2-Clause */
/* pager.c with its hole filled. */
#include "page_in.h"
