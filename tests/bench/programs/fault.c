/* SPDX-License-Identifier: BSD-2-Clause */
/* Fault round trips: a thread executes an unknown system call in a loop, the root task is its fault
 * handler and moves FaultIP on by 2. Both run as guest code. */
#include "bench.h"

enum { ROUNDS = 1000000 };

/* r12 counts down; rdx holds a number that seL4 does not know. */
__asm__(".text\n.globl fault_loop\nfault_loop:\n\tsyscall\n\tmov %rbx, %rsp\n\tdec %r12\n\tjnz "
        "fault_loop\n\tud2\n");
extern char fault_loop[];

static seL4_CPtr next_slot;

static seL4_CPtr make(seL4_BootInfo *info, seL4_Word type)
{
    for (seL4_CPtr untyped = info->untyped.start; untyped < info->untyped.end; untyped++) {
        if (info->untypedList[untyped - info->untyped.start].isDevice) continue;
        if (seL4_Untyped_Retype(untyped, type, 0, seL4_CapInitThreadCNode, 0, 0, next_slot, 1) ==
            seL4_NoError)
            return next_slot++;
    }
    return 0;
}

int main(void)
{
    seL4_BootInfo *info = sel4runtime_bootinfo();
    next_slot = info->empty.start;
    seL4_CPtr endpoint = make(info, seL4_EndpointObject), tcb = make(info, seL4_TCBObject);
    seL4_TCB_Configure(tcb, endpoint, seL4_CapInitThreadCNode, 0, seL4_CapInitThreadVSpace, 0, 0,
                       0);
    seL4_TCB_SetPriority(tcb, seL4_CapInitThreadTCB, 254);
    seL4_UserContext context = {
        .rip = (seL4_Word)fault_loop, .rdx = 3, .r12 = ROUNDS, .rflags = 0x202
    };
    seL4_TCB_WriteRegisters(tcb, 1, 0, sizeof context / sizeof(seL4_Word), &context);
    seL4_Word badge, rounds = 0;
    seL4_MessageInfo_t message = seL4_Recv(endpoint, &badge);
    while (seL4_MessageInfo_get_label(message) == seL4_Fault_UnknownSyscall) {
        rounds++;
        seL4_SetMR(seL4_UnknownSyscall_FaultIP, seL4_GetMR(seL4_UnknownSyscall_FaultIP) + 2);
        message = seL4_ReplyRecv(
            endpoint, seL4_MessageInfo_new(0, 0, 0, seL4_UnknownSyscall_FLAGS + 1), &badge);
    }
    bench_end(rounds, seL4_MessageInfo_get_label(message));
    return 0;
}
