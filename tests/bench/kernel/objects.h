/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects and threads for the bench programs of the kernel, and the marks '<' and '>' between which the
 * host's time counts. Threads are loops of assembly in the root task's address space, without stack. */
#pragma once
#include <sel4/sel4.h>
#include <sel4runtime.h>
#include <stdint.h>
#include <stdio.h>

static seL4_CPtr next_slot;
static seL4_Word next_untyped;

/* From the largest untypeds that are left; 0: none is. */
static inline seL4_CPtr bench_make(seL4_Word type, seL4_Word size_bits)
{
    const seL4_BootInfo *info = sel4runtime_bootinfo();
    if (!next_slot) next_slot = info->empty.start;
    for (; next_untyped < info->untyped.end - info->untyped.start; next_untyped++) {
        const seL4_UntypedDesc *u = &info->untypedList[next_untyped];
        if (u->isDevice || u->sizeBits < 20) continue;
        if (seL4_Untyped_Retype(info->untyped.start + next_untyped, type, size_bits,
                                seL4_CapInitThreadCNode, 0, 0, next_slot, 1) == seL4_NoError)
            return next_slot++;
    }
    return 0;
}

/* A thread of priority `priority` at `code`: R12 is its endpoint, R13 and R14 numbers of system calls. */
static inline seL4_CPtr bench_start(const char *code, seL4_Word priority, seL4_CPtr endpoint,
                                    seL4_CPtr faults_to)
{
    seL4_CPtr tcb = bench_make(seL4_TCBObject, 0);
    seL4_TCB_Configure(tcb, faults_to, seL4_CapInitThreadCNode, 0, seL4_CapInitThreadVSpace, 0, 0,
                       0);
    seL4_TCB_SetPriority(tcb, seL4_CapInitThreadTCB, priority);
    seL4_UserContext context = { .rip = (seL4_Word)code,
                                 .rflags = 0x202,
                                 .rdx = 3, /* no number of a system call */
                                 .r12 = endpoint,
                                 .r13 = (seL4_Word)seL4_SysCall,
                                 .r14 = (seL4_Word)seL4_SysReplyRecv };
    seL4_TCB_WriteRegisters(tcb, 1, 0, sizeof context / sizeof(seL4_Word), &context);
    return tcb;
}

/* The same system call again and again, with what it gave as its message; `step` is run before each. */
#define BENCH_LOOP(rounds, number, endpoint, info, step, pointer)                                  \
    do {                                                                                           \
        uint64_t left = (rounds);                                                                  \
        register seL4_Word r12 __asm__("r12") = (endpoint);                                        \
        register seL4_Word r13 __asm__("r13") = (info);                                            \
        register seL4_Word r14 __asm__("r14") = (seL4_Word)(number);                               \
        __asm__ volatile("mov %%rsp, %%rbx\n"                                                      \
                         "1:\n" step "mov %%r12, %%rdi\n"                                          \
                         "mov %%r13, %%rsi\n"                                                      \
                         "mov %%r14, %%rdx\n"                                                      \
                         "syscall\n"                                                               \
                         "dec %[left]\n"                                                           \
                         "jnz 1b\n"                                                                \
                         "mov %%rbx, %%rsp\n"                                                      \
                         : [left] "+a"(left)                                                       \
                         : "r"(r12), "r"(r13), "r"(r14), [word] "m"(*(pointer))                    \
                         : "rbx", "rcx", "rdx", "rdi", "rsi", "r8", "r9", "r10", "r11", "r15",     \
                           "memory");                                                              \
    } while (0)

static inline void bench_mark(char mark)
{
    seL4_DebugPutChar(mark);
}
