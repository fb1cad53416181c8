/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: labels as numbers, from another kernel. */
#define NUMBERS_OF_ANOTHER_KERNEL
#include "handler.c"
