/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: the kernel does not know of the worker's IPC buffer. */
#define WITHOUT_BUFFER
#define WORKER "no_buffer"
#include "maker.c"
