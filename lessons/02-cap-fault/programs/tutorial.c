/* SPDX-License-Identifier: BSD-2-Clause */
/* The cap-fault tutorial as one root task, to be booted: it makes faulter and handler, each with a
 * CSpace of its own, gives them what protocol.h says, and lets them run. */
#define PART_OF_A_ROOT_TASK
#include <guest/root.h>

#include "faulter.c"
#include "handler.c"

static struct root_thread faulter_thread, handler_thread;

int main(void)
{
    root_begin();
    seL4_CPtr sequence = root_object(seL4_EndpointObject, 0);
    seL4_CPtr fault_ep = root_object(seL4_EndpointObject, 0);
    seL4_CPtr gift = root_object(seL4_EndpointObject, 0);
    seL4_CPtr faulter_cspace = root_cspace(), handler_cspace = root_cspace();

    root_thread_make(&faulter_thread, "faulter", faulter_cspace, 0);
    root_give(faulter_cspace, FAULTER_SEQUENCE, sequence);

    root_thread_make(&handler_thread, "handler", handler_cspace, 0);
    root_give(handler_cspace, HANDLER_SEQUENCE, sequence);
    root_give(handler_cspace, HANDLER_FAULT_EP, fault_ep);
    root_give(handler_cspace, HANDLER_FAULTER_TCB, faulter_thread.tcb);
    root_give(handler_cspace, HANDLER_FAULTER_CSPACE, faulter_cspace);
    root_give(handler_cspace, HANDLER_FAULTER_VSPACE, seL4_CapInitThreadVSpace);
    root_give(handler_cspace, HANDLER_CSPACE, handler_cspace);
    root_give(handler_cspace, HANDLER_GIFT, gift);

    root_thread_start(&faulter_thread, faulter);
    root_thread_start(&handler_thread, handler);
    root_let_others_run();
    seL4_DebugDumpScheduler();
    root_end();
    return 0;
}
