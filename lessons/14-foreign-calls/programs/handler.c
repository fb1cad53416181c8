/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells faults apart by their labels. libsel4 has a name for each, and the compiler puts in the number
 * that the kernel of this configuration uses. */
#include <sel4/sel4.h>
#include <stdio.h>

#include "protocol.h"

#ifdef NUMBERS_OF_ANOTHER_KERNEL
/* Wrong: copied from a program for the kernel with MCS, where Timeout is 5 and VMFault 6. */
enum { LABEL_UNKNOWN_SYSCALL = 2, LABEL_TIMEOUT = 5, LABEL_VM_FAULT = 6 };
#else
enum {
    LABEL_UNKNOWN_SYSCALL = seL4_Fault_UnknownSyscall,
    LABEL_TIMEOUT = -1, /* this kernel has none */
    LABEL_VM_FAULT = seL4_Fault_VMFault,
};
#endif

static void emulate(void)
{
    printf("handler: system call %lu\n", seL4_GetMR(seL4_UnknownSyscall_RAX));
    seL4_SetMR(seL4_UnknownSyscall_RAX, 0);
    seL4_SetMR(seL4_UnknownSyscall_FaultIP, seL4_GetMR(seL4_UnknownSyscall_FaultIP) + 2);
    seL4_Reply(seL4_MessageInfo_new(0, 0, 0, seL4_UnknownSyscall_FaultIP + 1));
}

int main(void)
{
    for (;;) {
        seL4_Word badge;
        long label = (long)seL4_MessageInfo_get_label(seL4_Recv(HANDLER_FAULT_EP, &badge));
        if (label == LABEL_UNKNOWN_SYSCALL)
            emulate();
        else if (label == LABEL_TIMEOUT)
            printf("handler: its time is up\n");
        else if (label == LABEL_VM_FAULT)
            printf("handler: VM fault at 0x%lx\n", seL4_GetMR(seL4_VMFault_Addr));
        else
            printf("handler: a fault with label %ld\n", label);
    }
}
