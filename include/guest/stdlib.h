/* SPDX-License-Identifier: BSD-2-Clause */
/* Ways to end. There is no heap. */
#ifndef GUEST_STDLIB_H
#define GUEST_STDLIB_H

#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

void exit(int code) __attribute__((noreturn));
void abort(void) __attribute__((noreturn)); /* an invalid instruction: a user exception */

#endif
