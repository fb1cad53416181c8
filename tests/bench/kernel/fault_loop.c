/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread faults for ever by an unknown system call, the handler moves FaultIP on by 2 and answers. */
#include "objects.h"

enum { ROUNDS = 1000000 };

__asm__(".text\n.globl fault_loop\nfault_loop:\n\tsyscall\n\tjmp fault_loop\n");
extern const char fault_loop[];

int main(void)
{
    seL4_CPtr endpoint = bench_make(seL4_EndpointObject, 0);
    seL4_Word *ip = &seL4_GetIPCBuffer()->msg[seL4_UnknownSyscall_FaultIP], badge;
    bench_start(fault_loop, 254, endpoint, endpoint);
    seL4_Recv(endpoint, &badge);
    seL4_MessageInfo_t info = seL4_MessageInfo_new(0, 0, 0, seL4_UnknownSyscall_FaultIP + 1);
    bench_mark('<');
    BENCH_LOOP(ROUNDS, seL4_SysReplyRecv, endpoint, info.words[0], "addq $2, %[word]\n", ip);
    bench_mark('>');
    return 0;
}
