/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: a label other than 0. The registers are written, but the program stays inactive. */
#define REPLY_LABEL 1
#include "emulate.c"
