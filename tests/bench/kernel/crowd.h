/* SPDX-License-Identifier: BSD-2-Clause */
/* CROWD threads call one endpoint for ever. Each is of higher priority than the server, so all but the one
 * that is being answered stand in the endpoint's queue at any time. */
#include "objects.h"

enum { ROUNDS = 1000000, KEEP_BITS = 14 };

__asm__(".text\n.globl caller_loop\ncaller_loop:\n"
        "\tmov %r13, %rdx\n\tmov %r12, %rdi\n\txor %esi, %esi\n\tsyscall\n\tjmp caller_loop\n");
extern const char caller_loop[];

int main(void)
{
    seL4_CPtr endpoint = bench_make(seL4_EndpointObject, 0);
    seL4_CPtr keep = bench_make(seL4_CapTableObject, KEEP_BITS);
    seL4_Word badge, nothing = 0;
    for (seL4_Word i = 0; i < CROWD; i++) {
        seL4_CPtr tcb = bench_start(caller_loop, 254, endpoint, 0);
        seL4_CNode_Move(keep, i, KEEP_BITS, seL4_CapInitThreadCNode, tcb, seL4_WordBits);
        next_slot = tcb;
    }
    seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 100);
    seL4_Recv(endpoint, &badge);
    BENCH_LOOP(2 * CROWD, seL4_SysReplyRecv, endpoint, 0, "", &nothing);
    bench_mark('<');
    BENCH_LOOP(ROUNDS, seL4_SysReplyRecv, endpoint, 0, "", &nothing);
    bench_mark('>');
    return 0;
}
