/* SPDX-License-Identifier: BSD-2-Clause */
/* `faultline cc`: a guest program from C and assembly, by the compiler of the host and with the
 * headers, runtime and linker script of include/. */
#ifndef FAULTLINE_WORLD_COMPILE_H
#define FAULTLINE_WORLD_COMPILE_H

#include "world/world.h"

/* argv[0] is "cc". Returns the exit status: 0 done, 1 the compiler said no, 2 a wrong command line
 * or no compiler. Says what is wrong on standard error. */
int compile_main(int argc, char **argv);
/* The same; but where no compiler can be started nothing is said: `missing` says it, else its text is "". */
int compile_program(int argc, char **argv, struct problem *missing);

#endif
