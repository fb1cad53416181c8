/* SPDX-License-Identifier: BSD-2-Clause */
/* What the programs share: say(), a printf of their own that also prints floating point exactly, and a
 * generator of numbers. The same source runs on the host and in the simulator. */
#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define BEGIN "program begins\n"
#define END   "program ends\n"

/* %d %u %x %s %c with `l`; %f %e %g and with `L`; precision, width, 0. */
void say(const char *format, ...);
int program(void);

static inline uint64_t next_number(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}
