/* SPDX-License-Identifier: BSD-2-Clause */
/* The handler: gives the faulter a badged fault endpoint, waits for its fault, reads out of the
 * message whose it is and which CPtr it is about, puts an endpoint there, and lets it go on. */
#include <sel4/sel4.h>
#include <stdio.h>

#include "protocol.h"

static void handler_check(const char *what, seL4_Error error)
{
    if (error != seL4_NoError) printf("handler: %s: error %d\n", what, (int)error);
}

/* Without MCS the fault endpoint is a CPtr in the *faulter's* CSpace, looked up at each fault. So the
 * badged capability must lie there, not here. */
static void handler_set_fault_endpoint(seL4_Word slot)
{
    handler_check("seL4_CNode_Mint",
                  seL4_CNode_Mint(HANDLER_CSPACE, HANDLER_BADGED, seL4_WordBits, HANDLER_CSPACE,
                                  HANDLER_FAULT_EP, seL4_WordBits, seL4_AllRights, FAULTER_BADGE));
#ifndef FORGETS_THE_COPY
    handler_check("seL4_CNode_Copy",
                  seL4_CNode_Copy(HANDLER_FAULTER_CSPACE, slot, seL4_WordBits, HANDLER_CSPACE,
                                  HANDLER_BADGED, seL4_WordBits, seL4_AllRights));
#endif
    handler_check("seL4_TCB_SetSpace",
                  seL4_TCB_SetSpace(HANDLER_FAULTER_TCB, slot, HANDLER_FAULTER_CSPACE, 0,
                                    HANDLER_FAULTER_VSPACE, 0));
}

static void handler_print_fault(seL4_MessageInfo_t info, seL4_Word badge)
{
    printf("handler: label %lu (%s), length %lu, badge 0x%lx\n", seL4_MessageInfo_get_label(info),
           seL4_isCapFault_tag(info) ? "CapFault" : "something else",
           seL4_MessageInfo_get_length(info), badge);
    printf("handler: Addr %lu, InRecvPhase %lu, LookupFailureType %lu, BitsLeft %lu\n",
           seL4_GetMR(seL4_CapFault_Addr), seL4_GetMR(seL4_CapFault_InRecvPhase),
           seL4_GetMR(seL4_CapFault_LookupFailureType), seL4_GetMR(seL4_CapFault_BitsLeft));
}

static void handler_fill(seL4_Word slot)
{
#ifdef FILLS_NOTHING
    (void)slot;
#else
    handler_check("seL4_CNode_Copy",
                  seL4_CNode_Copy(HANDLER_FAULTER_CSPACE, slot, seL4_WordBits, HANDLER_CSPACE,
                                  HANDLER_GIFT, seL4_WordBits, seL4_AllRights));
#endif
}

static void handler(void)
{
    seL4_Word badge;
    seL4_Recv(HANDLER_SEQUENCE, &badge);
    seL4_Word slot = seL4_GetMR(0);
    printf("handler: the faulter names slot %lu\n", slot);
    handler_set_fault_endpoint(slot);
    seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 0));

    for (int faults = 1; faults <= 3; faults++) {
        seL4_MessageInfo_t info = seL4_Recv(HANDLER_FAULT_EP, &badge);
        handler_print_fault(info, badge);
        handler_fill(seL4_GetMR(seL4_CapFault_Addr));
        /* The reply's label and words mean nothing after a capability fault: the faulter's system
         * call is simply done once more. */
        seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 0));
#ifndef FILLS_NOTHING
        seL4_SetMR(0, GIFT_WORD);
        seL4_Send(HANDLER_GIFT, seL4_MessageInfo_new(GIFT_LABEL, 0, 0, 1));
        break;
#endif
    }
    printf("handler: my work is done\n");
    for (;;) seL4_Recv(HANDLER_FAULT_EP, &badge);
}

#ifndef PART_OF_A_ROOT_TASK
int main(void)
{
    handler();
    return 0;
}
#endif
