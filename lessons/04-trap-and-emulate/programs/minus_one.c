/* SPDX-License-Identifier: BSD-2-Clause */
/* A third argument of -1. As an `int` it is 0xffffffff in RDX, which no system call of seL4 has: the
 * handler hears of it. As a `long` it is the number of seL4_Call: the kernel calls whatever slot RDI
 * names, here an empty one, and nobody hears of anything. */
#define PART_OF_A_ROOT_TASK
#include <guest/root.h>

#include "linux_call.h"
#include "handler.c"

static struct root_thread program_thread, handler_thread;
enum { PROGRAM_FAULT_EP = 1, EMPTY_SLOT = 5 };

static void program(void)
{
    printf("program: a 32-bit -1\n");
    long result = linux_call(60, EMPTY_SLOT, 0, 0xffffffff, 4, 5, 6);
    printf("program: After the syscall instruction! rax = %ld\n", result);
    printf("program: a 64-bit -1\n");
    result = linux_call(60, EMPTY_SLOT, 0, -1, 4, 5, 6);
    printf("program: After the syscall instruction! rax = %ld: seL4 has taken the call\n", result);
}

int main(void)
{
    root_begin();
    seL4_CPtr fault_ep = root_object(seL4_EndpointObject, 0);
    seL4_CPtr program_cspace = root_cspace(), handler_cspace = root_cspace();
    root_thread_make(&program_thread, "program", program_cspace, PROGRAM_FAULT_EP);
    root_give_badged(program_cspace, PROGRAM_FAULT_EP, fault_ep, PROGRAM_BADGE);
    root_thread_make(&handler_thread, "handler", handler_cspace, 0);
    root_give(handler_cspace, HANDLER_FAULT_EP, fault_ep);
    root_thread_start(&handler_thread, handler);
    root_thread_start(&program_thread, program);
    root_let_others_run();
    root_end();
    return 0;
}
