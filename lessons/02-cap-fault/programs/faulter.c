/* SPDX-License-Identifier: BSD-2-Clause */
/* The faulter. It tells the handler in which slot its fault endpoint shall be, and then receives from
 * a slot that is empty: a capability fault. As a program of its own it is loaded into a thread
 * (`load`), slots as in protocol.h; tutorial.c has it as one of its threads. */
#include <sel4/sel4.h>
#include <stdio.h>

#include "protocol.h"

static void faulter(void)
{
    seL4_Word sender;
    printf("faulter: calling the handler: my fault endpoint goes into slot %d\n", FAULTER_FAULT_EP);
    seL4_SetMR(0, FAULTER_FAULT_EP);
    seL4_Call(FAULTER_SEQUENCE, seL4_MessageInfo_new(0, 0, 0, 1));
    for (;;) {
        printf("faulter: receiving from slot %d\n", FAULTER_EMPTY);
        seL4_MessageInfo_t info = seL4_Recv(FAULTER_EMPTY, &sender);
        printf("faulter: received label %lu, word %lu: I went on\n",
               seL4_MessageInfo_get_label(info), seL4_GetMR(0));
    }
}

#ifndef PART_OF_A_ROOT_TASK
int main(void)
{
    faulter();
    return 0;
}
#endif
