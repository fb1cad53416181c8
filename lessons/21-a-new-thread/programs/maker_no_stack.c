/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: the worker has no stack, its RSP is 0. */
#define WITHOUT_STACK
#define WORKER "no_stack"
#include "maker.c"
