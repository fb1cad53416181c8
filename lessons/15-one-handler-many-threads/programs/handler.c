/* SPDX-License-Identifier: BSD-2-Clause */
/* One handler for three workers. All faults come to the same endpoint; the badge says whose it is. A reply
 * goes to the thread that faulted, by itself. An invocation goes to the thread whose TCB it names. */
#include <sel4/sel4.h>
#include <stdio.h>

#include "protocol.h"

enum { SYSCALL_LENGTH = 2 };

#ifndef WRITES_REGISTERS
static void answer(seL4_Word number)
{
    seL4_SetMR(seL4_UnknownSyscall_RAX, number);
    seL4_SetMR(seL4_UnknownSyscall_FaultIP,
               seL4_GetMR(seL4_UnknownSyscall_FaultIP) + SYSCALL_LENGTH);
    seL4_Reply(seL4_MessageInfo_new(0, 0, 0, seL4_UnknownSyscall_FaultIP + 1));
}
#else
/* By invocations instead: right as long as the TCB is that of the thread that faulted. */
static void answer_by_tcb(seL4_CPtr tcb, seL4_Word number)
{
    seL4_UserContext c;
    const seL4_Word count = sizeof c / sizeof(seL4_Word);
    seL4_TCB_ReadRegisters(tcb, 0, 0, count, &c);
    c.rip += SYSCALL_LENGTH;
    c.rax = number;
    seL4_TCB_WriteRegisters(tcb, 1, 0, count, &c);
}
#endif

int main(void)
{
    seL4_Word badge;
    for (;;) {
        seL4_MessageInfo_t info = seL4_Recv(HANDLER_FAULT_EP, &badge);
        if (!seL4_isUnknownSyscall_tag(info)) continue; /* its main() has returned */
        printf("handler: badge %lu asks\n", badge);
#if defined(ONE_TCB)
        answer_by_tcb(FIRST_WORKER, badge);
#elif defined(WRITES_REGISTERS)
        answer_by_tcb(badge, badge);
#else
        answer(badge);
#endif
    }
}
