/* SPDX-License-Identifier: BSD-2-Clause */
/* maker makes a second thread in its own address space, the worker, and waits for the worker's message
 * of ten words. A thread needs more than a TCB and an IP: a stack, thread-local storage, and an IPC
 * buffer that both the kernel and its own code know. */
#include <sel4runtime.h>
#include <stdio.h>

#include "protocol.h"

#ifndef WORKER
#define WORKER "worker"
#endif

static char stack[4096] __attribute__((aligned(16)));
static char tls[1024] __attribute__((aligned(64)));

/* The worker's code: says hello, sends ten words. */
static void worker(void)
{
    printf("%s: here\n", WORKER);
    for (int i = 0; i < WORDS; i++) seL4_SetMR(i, (seL4_Word)(i + 1));
    seL4_Send(RESULT_EP, seL4_MessageInfo_new(7, 0, 0, WORDS));
    for (;;) seL4_TCB_Suspend(WORKER_TCB);
}

static void check(const char *what, seL4_Error error)
{
    if (error != seL4_NoError) printf("maker: %s: error %d\n", what, (int)error);
}

/* What the kernel is to know: CSpace, address space, fault handler, IPC buffer. */
static void configure(void)
{
    seL4_Word buffer = BUFFER_ADDRESS;
    seL4_CPtr frame = BUFFER_FRAME;
#ifdef WITHOUT_BUFFER
    buffer = 0;
    frame = 0;
#endif
    check("seL4_X86_Page_Map", seL4_X86_Page_Map(BUFFER_FRAME, OWN_VSPACE, BUFFER_ADDRESS,
                                                 seL4_ReadWrite, seL4_X86_Default_VMAttributes));
    check("seL4_TCB_Configure",
          seL4_TCB_Configure(WORKER_TCB, FAULT_EP, OWN_CSPACE, 0, OWN_VSPACE, 0, buffer, frame));
    seL4_DebugNameThread(WORKER_TCB, WORKER);
}

/* What the code is to find: the registers. FS leads to the thread-local storage, in which lies, among
 * others, the address of the IPC buffer. */
static void start(void)
{
    seL4_UserContext c = { .rip = (seL4_Word)worker, .rflags = 0x202 };
#ifndef WITHOUT_STACK
    c.rsp = (seL4_Word)stack + sizeof stack - sizeof(seL4_Word);
#endif
#ifndef WITHOUT_TLS
    seL4_IPCBuffer *buffer = (seL4_IPCBuffer *)BUFFER_ADDRESS;
    c.fs_base = sel4runtime_write_tls_image(tls);
    sel4runtime_set_tls_variable(c.fs_base, __sel4_ipc_buffer, buffer);
#endif
    check("seL4_TCB_WriteRegisters",
          seL4_TCB_WriteRegisters(WORKER_TCB, 1, 0, sizeof c / sizeof(seL4_Word), &c));
    (void)stack, (void)tls;
}

int main(void)
{
    configure();
    start();
    seL4_Word sum = 0, length = seL4_MessageInfo_get_length(seL4_Recv(RESULT_EP, seL4_Null));
    for (seL4_Word i = 0; i < length; i++) sum += seL4_GetMR((int)i);
    printf("maker: %lu words from %s, their sum is %lu\n", length, WORKER, sum);
    seL4_Recv(RESULT_EP, seL4_Null);
    return 0;
}
