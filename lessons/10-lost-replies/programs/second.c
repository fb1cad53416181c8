/* SPDX-License-Identifier: BSD-2-Clause */
/* The second client: the same with another number. */
#define NUMBER SECOND_NUMBER
#include "first.c"
