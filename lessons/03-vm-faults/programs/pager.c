/* SPDX-License-Identifier: BSD-2-Clause */
/* Faulter and pager as one root task, to be booted: two threads in one address space, CSpaces as
 * protocol.h says. */
#define PART_OF_A_ROOT_TASK
#include <guest/root.h>

#include "faulter.c"
#include "handler.c"

static struct root_thread faulter_thread, handler_thread;
enum { FAULTER_FAULT_EP = 1 };

int main(void)
{
    root_begin();
    seL4_CPtr fault_ep = root_object(seL4_EndpointObject, 0);
    seL4_CPtr faulter_cspace = root_cspace(), handler_cspace = root_cspace();
    root_tables(READ_ADDRESS);

    root_thread_make(&faulter_thread, "faulter", faulter_cspace, FAULTER_FAULT_EP);
    root_give_badged(faulter_cspace, FAULTER_FAULT_EP, fault_ep, FAULTER_BADGE);

    root_thread_make(&handler_thread, "handler", handler_cspace, 0);
    root_give(handler_cspace, HANDLER_FAULT_EP, fault_ep);
    root_give(handler_cspace, HANDLER_FAULTER_TCB, faulter_thread.tcb);
    root_give(handler_cspace, HANDLER_FAULTER_VSPACE, seL4_CapInitThreadVSpace);
    for (seL4_Word i = 0; i < 3; i++)
        root_give(handler_cspace, HANDLER_FRAMES + i, root_object(seL4_X86_4K, 0));

    root_thread_start(&handler_thread, handler);
    root_thread_start(&faulter_thread, faulter);
    root_let_others_run();
    seL4_DebugDumpScheduler();
    root_end();
    return 0;
}
