/* SPDX-License-Identifier: BSD-2-Clause */
/* The handler of VM faults, a little pager. It mends each of the faulter's four faults in another
 * way: a page and a reply; a page and TCB_Resume; more rights and a reply; other registers. */
#include <sel4/sel4.h>
#include <stdio.h>

#include "protocol.h"

static void handler_check(const char *what, seL4_Error error)
{
    if (error != seL4_NoError) printf("handler: %s: error %d\n", what, (int)error);
}

static void handler_map(int frame, seL4_Word address, seL4_CapRights_t rights)
{
#ifdef MAPS_NOTHING
    (void)frame, (void)address, (void)rights, (void)handler_check;
#else
    handler_check("seL4_X86_Page_Map",
                  seL4_X86_Page_Map(HANDLER_FRAMES + (seL4_CPtr)frame, HANDLER_FAULTER_VSPACE,
                                    address, rights, seL4_X86_Default_VMAttributes));
#endif
}

/* The reply's label and words mean nothing after a VM fault: the instruction is done once more. */
static void handler_reply(void)
{
    seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 0));
}

/* Resume does without the reply: the thread restarts at the same instruction, too. */
static void handler_resume(void)
{
    handler_check("seL4_TCB_Resume", seL4_TCB_Resume(HANDLER_FAULTER_TCB));
}

/* Takes the faulter to the place that it left in RBX. */
static void handler_redirect(void)
{
    seL4_UserContext c;
    const seL4_Word count = sizeof c / sizeof(seL4_Word);
    handler_check("seL4_TCB_ReadRegisters",
                  seL4_TCB_ReadRegisters(HANDLER_FAULTER_TCB, 0, 0, count, &c));
    c.rip = c.rbx;
    handler_check("seL4_TCB_WriteRegisters",
                  seL4_TCB_WriteRegisters(HANDLER_FAULTER_TCB, 1, 0, count, &c));
}

static void handler_mend(seL4_Word address, seL4_Word fsr)
{
    switch (address & ~0xffful) {
    case READ_ADDRESS:
        printf("handler: a page, and a reply\n");
        handler_map(0, READ_ADDRESS, seL4_ReadWrite);
        handler_reply();
        break;
    case WRITE_ADDRESS:
        printf("handler: a page, and TCB_Resume\n");
        handler_map(1, WRITE_ADDRESS, seL4_ReadWrite);
        handler_resume();
        break;
    case READ_ONLY_ADDRESS:
#ifndef NEVER_ALLOWS_WRITING
        if (fsr & 1) {
            printf("handler: the same page, now for writing, and a reply\n");
            handler_map(2, READ_ONLY_ADDRESS, seL4_ReadWrite);
            handler_reply();
            break;
        }
#endif
        printf("handler: a page for reading, and a reply\n");
        handler_map(2, READ_ONLY_ADDRESS, seL4_CanRead);
        handler_reply();
        break;
    case JUMP_ADDRESS:
        printf("handler: other registers\n");
        handler_redirect();
        break;
    case 0: printf("handler: it has returned to nowhere: I leave it there\n"); break;
    default: printf("handler: nothing to be done about that\n"); break;
    }
    (void)fsr;
}

static void handler(void)
{
    seL4_Word badge;
    for (int faults = 1;; faults++) {
        seL4_MessageInfo_t info = seL4_Recv(HANDLER_FAULT_EP, &badge);
        seL4_Word ip = seL4_GetMR(seL4_VMFault_IP), address = seL4_GetMR(seL4_VMFault_Addr);
        seL4_Word fsr = seL4_GetMR(seL4_VMFault_FSR);
        printf("handler: label %lu, badge 0x%lx, Addr 0x%lx%s, PrefetchFault %lu, FSR 0x%lx\n",
               seL4_MessageInfo_get_label(info), badge, address, ip == address ? " (= IP)" : "",
               seL4_GetMR(seL4_VMFault_PrefetchFault), fsr);
        if (faults <= 8)
            handler_mend(address, fsr);
        else
            printf("handler: one fault too many: I give up\n");
    }
}

#ifndef PART_OF_A_ROOT_TASK
int main(void)
{
    handler();
    return 0;
}
#endif
