/* SPDX-License-Identifier: BSD-2-Clause */
/* The faulter: reads, writes and jumps where there is nothing, and says what became of it. As a
 * program of its own it is loaded into a thread; pager.c has it as one of its threads. */
#include <sel4/sel4.h>
#include <stdio.h>

#include "protocol.h"

static void faulter_read(void)
{
    printf("faulter: reading 0x%lx\n", READ_ADDRESS);
    seL4_Word word = *(volatile seL4_Word *)READ_ADDRESS;
    printf("faulter: read %lu\n", word);
}

static void faulter_write(void)
{
    printf("faulter: writing to 0x%lx\n", WRITE_ADDRESS);
    *(volatile seL4_Word *)WRITE_ADDRESS = 1234;
    printf("faulter: wrote, and read %lu\n", *(volatile seL4_Word *)WRITE_ADDRESS);
}

static void faulter_write_read_only(void)
{
    printf("faulter: reading 0x%lx\n", READ_ONLY_ADDRESS);
    seL4_Word word = *(volatile seL4_Word *)READ_ONLY_ADDRESS;
    printf("faulter: read %lu; now writing there\n", word);
    *(volatile seL4_Word *)READ_ONLY_ADDRESS = 77;
    printf("faulter: wrote, and read %lu\n", *(volatile seL4_Word *)READ_ONLY_ADDRESS);
}

/* RBX says where to go on: whoever mends this fault has to set RIP, a page would not help. */
static void faulter_jump(void)
{
    printf("faulter: jumping to 0x%lx\n", JUMP_ADDRESS);
    __asm__ volatile("leaq 1f(%%rip), %%rbx\n\t"
                     "jmpq *%0\n"
                     "1:"
                     :
                     : "r"(JUMP_ADDRESS)
                     : "rbx", "memory");
    printf("faulter: back from the jump\n");
}

static void faulter(void)
{
    faulter_read();
    faulter_write();
    faulter_write_read_only();
    faulter_jump();
    printf("faulter: all four went well; returning, but to nowhere\n");
}

#ifndef PART_OF_A_ROOT_TASK
int main(void)
{
    faulter();
    return 0;
}
#endif
