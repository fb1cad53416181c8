/* SPDX-License-Identifier: BSD-2-Clause */
/* A client calls for ever, a server of lower priority answers, both without a word in the message. */
#include "objects.h"

enum { ROUNDS = 1000000 };

/* R13 is the first call's number, R14 that of the others. */
__asm__(".text\n.globl server_loop\nserver_loop:\n"
        "\tmov %r14, %rdx\n\tmov %r12, %rdi\n\txor %esi, %esi\n\tsyscall\n\tjmp server_loop\n");
extern const char server_loop[];

int main(void)
{
    seL4_CPtr endpoint = bench_make(seL4_EndpointObject, 0);
    bench_start(server_loop, 255, endpoint, 0);
    seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 254); /* it waits by now */
    seL4_Word nothing = 0;
    bench_mark('<');
    BENCH_LOOP(ROUNDS, seL4_SysCall, endpoint, 0, "", &nothing);
    bench_mark('>');
    return 0;
}
