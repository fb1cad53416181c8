/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task that takes the ground from under its own feet, in the way that ENDING says. */
#include <sel4runtime.h>
#include <stdio.h>

enum { CNODE = seL4_CapInitThreadCNode, DEPTH = 64, LARGEST = 30 };

static seL4_BootInfo *info;

static void own_tcb_deleted(void)
{
    seL4_CNode_Delete(CNODE, seL4_CapInitThreadTCB, DEPTH);
}

static void null_function_called(void)
{
    void (*volatile function)(void) = 0;
    function();
}

static void own_cnode_revoked(void)
{
    seL4_CNode_Revoke(CNODE, CNODE, DEPTH);
    seL4_Signal(info->empty.start);
}

static void own_vspace_deleted(void)
{
    seL4_CNode_Revoke(CNODE, seL4_CapInitThreadVSpace, DEPTH);
    seL4_CNode_Delete(CNODE, seL4_CapInitThreadVSpace, DEPTH);
}

static void own_code_unmapped(void)
{
    for (seL4_CPtr frame = info->userImageFrames.start; frame < info->userImageFrames.end; frame++)
        seL4_X86_Page_Unmap(frame);
}

static void own_tcb_suspended(void)
{
    seL4_TCB_Suspend(seL4_CapInitThreadTCB);
}

/* Every untyped is filled, with big objects first; then it waits at the last endpoint that fits. */
static void memory_exhausted(void)
{
    seL4_CPtr slot = info->empty.start, ep = slot++;
    seL4_CPtr first = info->untyped.start, end = info->untyped.end;
    for (seL4_CPtr u = first;
         u < end && seL4_Untyped_Retype(u, seL4_EndpointObject, 0, CNODE, 0, 0, ep, 1); u++)
        continue;
    for (seL4_CPtr u = first; u < end; u++)
        for (seL4_Word bits = LARGEST; bits >= 4 && slot < info->empty.end;)
            if (seL4_Untyped_Retype(u, seL4_UntypedObject, bits, CNODE, 0, 0, slot, 1) ==
                seL4_NoError)
                slot++;
            else
                bits--;
    printf("%d objects\n", (int)(slot - ep));
    seL4_Wait(ep, 0);
}

static void everything_revoked(void)
{
    for (seL4_CPtr slot = info->empty.start - 1; slot > 0; slot--)
        if (slot != CNODE) seL4_CNode_Revoke(CNODE, slot, DEPTH);
    seL4_CNode_Revoke(CNODE, CNODE, DEPTH);
    seL4_Yield();
    seL4_Signal(info->empty.start);
}

static void everything_deleted(void)
{
    for (seL4_CPtr slot = info->empty.start - 1; slot > 0; slot--)
        if (slot != CNODE) seL4_CNode_Delete(CNODE, slot, DEPTH);
    seL4_CNode_Delete(CNODE, CNODE, DEPTH);
    seL4_Signal(info->empty.start);
}

/* Its own fault handler: the fault waits for somebody to receive it. */
static void own_fault_handler(void)
{
    seL4_CPtr ep = info->empty.start, u = info->untyped.start;
    while (seL4_Untyped_Retype(u, seL4_EndpointObject, 0, CNODE, 0, 0, ep, 1)) u++;
    seL4_TCB_SetSpace(seL4_CapInitThreadTCB, ep, CNODE, 0, seL4_CapInitThreadVSpace, 0);
    __asm__ volatile("ud2");
}

static void domain_never_comes(void)
{
    seL4_DomainSet_Set(seL4_CapDomain, 3, seL4_CapInitThreadTCB);
    seL4_Yield();
}

static void root_cnode_overwritten(void)
{
    seL4_CPtr slot = info->empty.start;
    seL4_CNode_Move(CNODE, slot, DEPTH, CNODE, CNODE, DEPTH);
    seL4_CNode_Delete(slot, slot, DEPTH);
    seL4_CNode_Delete(slot, seL4_CapInitThreadTCB, DEPTH);
    seL4_Recv(CNODE, 0);
}

int main(void)
{
    info = sel4runtime_bootinfo();
    printf("begin\n");
    ENDING();
    printf("still there\n");
    for (;;) seL4_Wait(0, 0);
}
