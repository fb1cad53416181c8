/* SPDX-License-Identifier: BSD-2-Clause */
/* The program that knows nothing of seL4: in a loop it makes system call 60 with the arguments 1 to 6.
 * As a program of its own it is loaded into a thread; emulate.c has it as one of its threads. */
#include <stdio.h>

#include "linux_call.h"
#include "protocol.h"

static void program(void)
{
    for (int round = 1; round <= PROGRAM_ROUNDS; round++) {
        long result = linux_call(60, 1, 2, 3, 4, 5, 6);
        printf("program: After the syscall instruction! rax = %ld\n", result);
    }
}

#ifndef PART_OF_A_ROOT_TASK
int main(void)
{
    program();
    return 0;
}
#endif
