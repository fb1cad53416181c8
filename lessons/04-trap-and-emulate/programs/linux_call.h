/* SPDX-License-Identifier: BSD-2-Clause */
/* A system call as a Linux program makes it: number in RAX, arguments in RDI, RSI, RDX, R10, R8 and
 * R9. The kernel here is seL4: it takes its number from RDX, and 3 is none of its own. */
#ifndef LINUX_CALL_H
#define LINUX_CALL_H

#ifdef FORGETS_RBX
#define KEEP_STACK    ""
#define RESTORE_STACK ""
#else
/* The kernel does not bring RSP back from a system call that it does not know. */
#define KEEP_STACK    "movq %%rsp, %%rbx\n\t"
#define RESTORE_STACK "\n\tmovq %%rbx, %%rsp"
#endif

static inline long linux_call(long number, long a, long b, long c, long d, long e, long f)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile(KEEP_STACK "syscall" RESTORE_STACK
                     : "+a"(number), "+D"(a), "+S"(b), "+d"(c), "+r"(r10), "+r"(r8), "+r"(r9)
                     :
                     : "rbx", "rcx", "r11", "memory");
    return number;
}

#endif
