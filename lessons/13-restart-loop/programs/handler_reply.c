/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: a reply instead of WriteRegisters. No word of it is RAX. */
#define REPLIES
#include "handler.c"
