/* SPDX-License-Identifier: BSD-2-Clause */
/* Trap and emulate as one root task, to be booted: the program, its handler, and a bystander that
 * waits for a message which nobody sends. The kernel's list of threads is shown before and after. */
#define PART_OF_A_ROOT_TASK
#include <guest/root.h>

#include "program.c"
#include "handler.c"

static struct root_thread program_thread, handler_thread, bystander_thread;
enum { PROGRAM_FAULT_EP = 1, BYSTANDER_EP = 1 };

static void bystander(void)
{
    seL4_Recv(BYSTANDER_EP, seL4_Null);
}

int main(void)
{
    root_begin();
    seL4_CPtr fault_ep = root_object(seL4_EndpointObject, 0);
    seL4_CPtr program_cspace = root_cspace(), handler_cspace = root_cspace();
    seL4_CPtr bystander_cspace = root_cspace();

    root_thread_make(&program_thread, "program", program_cspace, PROGRAM_FAULT_EP);
    root_give_badged(program_cspace, PROGRAM_FAULT_EP, fault_ep, PROGRAM_BADGE);

    root_thread_make(&bystander_thread, "bystander", bystander_cspace, 0);
    root_give(bystander_cspace, BYSTANDER_EP, root_object(seL4_EndpointObject, 0));

    root_thread_make(&handler_thread, "handler", handler_cspace, 0);
    root_give(handler_cspace, HANDLER_FAULT_EP, fault_ep);
    root_give(handler_cspace, HANDLER_PROGRAM_TCB, program_thread.tcb);
    root_give(handler_cspace, HANDLER_BYSTANDER_TCB, bystander_thread.tcb);

    root_thread_start(&bystander_thread, bystander);
    root_thread_start(&handler_thread, handler);
    root_thread_start(&program_thread, program);
    seL4_DebugDumpScheduler();
    root_let_others_run();
    seL4_DebugDumpScheduler();
    root_end();
    return 0;
}
