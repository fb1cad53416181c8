/* SPDX-License-Identifier: BSD-2-Clause */
/* The handler: emulates the system calls that the kernel does not know. It reads number and arguments
 * out of the message, and answers with the registers as they were, but for two: RAX holds the result,
 * and FaultIP is 2 further, behind the `syscall` instruction. */
#include <sel4/sel4.h>
#include <stdio.h>

#include "protocol.h"

enum { SYSCALL_INSTRUCTION_LENGTH = 2, GIVES_UP_AFTER = 6 };

static void handler_print(seL4_MessageInfo_t info, seL4_Word badge)
{
    printf("handler: label %lu, length %lu, badge 0x%lx, Syscall %ld\n",
           seL4_MessageInfo_get_label(info), seL4_MessageInfo_get_length(info), badge,
           (long)seL4_GetMR(seL4_UnknownSyscall_Syscall));
    printf("handler: rax %lu, arguments %lu %lu %lu %lu %lu %lu\n",
           seL4_GetMR(seL4_UnknownSyscall_RAX), seL4_GetMR(seL4_UnknownSyscall_RDI),
           seL4_GetMR(seL4_UnknownSyscall_RSI), seL4_GetMR(seL4_UnknownSyscall_RDX),
           seL4_GetMR(seL4_UnknownSyscall_R10), seL4_GetMR(seL4_UnknownSyscall_R8),
           seL4_GetMR(seL4_UnknownSyscall_R9));
}

#if defined(WRITES_THE_WRONG_THREAD)
/* Wrong: registers are written, but those of a thread that did not fault. */
static void handler_answer(void)
{
    seL4_UserContext c;
    const seL4_Word count = sizeof c / sizeof(seL4_Word);
    seL4_TCB_ReadRegisters(HANDLER_PROGRAM_TCB, 0, 0, count, &c);
    c.rip += SYSCALL_INSTRUCTION_LENGTH;
    c.rax = EMULATED_RESULT;
    seL4_TCB_WriteRegisters(HANDLER_BYSTANDER_TCB, 1, 0, count, &c);
}
#elif defined(REPLIES_WITH_NOTHING)
/* Wrong: nothing is written back, so FaultIP still is the instruction itself. */
static void handler_answer(void)
{
    seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 0));
}
#elif defined(WRITES_REGISTERS)
/* Right, too, and by another way: WriteRegisters with resume instead of a reply. */
static void handler_answer(void)
{
    seL4_UserContext c;
    const seL4_Word count = sizeof c / sizeof(seL4_Word);
    seL4_TCB_ReadRegisters(HANDLER_PROGRAM_TCB, 0, 0, count, &c);
    c.rip += SYSCALL_INSTRUCTION_LENGTH;
    c.rax = EMULATED_RESULT;
    seL4_TCB_WriteRegisters(HANDLER_PROGRAM_TCB, 1, 0, count, &c);
}
#else
#ifndef REPLY_LABEL
#define REPLY_LABEL 0
#endif
#ifndef REPLY_SKIP
#define REPLY_SKIP SYSCALL_INSTRUCTION_LENGTH
#endif
static void handler_answer(void)
{
    seL4_SetMR(seL4_UnknownSyscall_RAX, EMULATED_RESULT);
    seL4_SetMR(seL4_UnknownSyscall_FaultIP, seL4_GetMR(seL4_UnknownSyscall_FaultIP) + REPLY_SKIP);
    /* As many words as registers are to be written: all up to FLAGS. */
    seL4_Reply(seL4_MessageInfo_new(REPLY_LABEL, 0, 0, seL4_UnknownSyscall_FLAGS + 1));
}
#endif

static void handler(void)
{
    seL4_Word badge;
    for (int faults = 1;; faults++) {
        seL4_MessageInfo_t info = seL4_Recv(HANDLER_FAULT_EP, &badge);
        if (!seL4_isUnknownSyscall_tag(info)) {
            printf("handler: label %lu, Addr 0x%lx: no system call; I leave it there\n",
                   seL4_MessageInfo_get_label(info), seL4_GetMR(seL4_VMFault_Addr));
            continue;
        }
        handler_print(info, badge);
        if (faults > GIVES_UP_AFTER) {
            printf("handler: the same again and again: I give up\n");
            continue;
        }
        handler_answer();
    }
}

#ifndef PART_OF_A_ROOT_TASK
int main(void)
{
    handler();
    return 0;
}
#endif
