/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes one system call that seL4 does not know, and then reads where nothing is. */
#include "protocol.h"

int main(void)
{
    unsigned long saved;
    /* `syscall` loses RSP, so it is kept in RBX. */
    __asm__ volatile("movq %%rsp, %%rbx\n\t"
                     "syscall\n\t"
                     "movq %%rbx, %%rsp"
                     : "=a"(saved)
                     : "a"(39), "d"(3)
                     : "rbx", "rcx", "r11", "memory");
    return *(volatile int *)(NOWHERE + (saved & 1));
}
