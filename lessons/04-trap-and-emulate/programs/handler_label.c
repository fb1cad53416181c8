/* SPDX-License-Identifier: BSD-2-Clause */
/* The handler of emulate_label.c, as a program of its own. */
#define REPLY_LABEL 1
#include "handler.c"
