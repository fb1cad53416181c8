/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks a kernel that is not there for its number, by a foreign system call, and says what it got. */
#include <stdio.h>

static long ask(void)
{
    long result;
    /* `syscall` loses RSP, so it is kept in RBX. */
    __asm__ volatile("movq %%rsp, %%rbx\n\t"
                     "syscall\n\t"
                     "movq %%rbx, %%rsp"
                     : "=a"(result)
                     : "a"(39), "d"(3)
                     : "rbx", "rcx", "r11", "memory");
    return result;
}

int main(void)
{
    long first = ask(), second = ask();
    printf("worker: I am number %ld%s\n", first, first == second ? "" : ", or another");
    return 0; /* to nowhere: a VM fault, which the handler leaves alone */
}
