/* SPDX-License-Identifier: BSD-2-Clause */
/* A server that answers out of order: who asks first is kept until the second has his answer. */
#include <sel4/sel4.h>
#include <stdio.h>

#include "protocol.h"

static void desk_keep(void)
{
#ifndef FORGETS_TO_SAVE
    seL4_CNode_SaveCaller(DESK_CSPACE, DESK_LATER, seL4_WordBits);
#endif
}

int main(void)
{
    seL4_Word badge;
    seL4_Recv(DESK_EP, &badge);
    seL4_Word number = seL4_GetMR(0);
    printf("desk: %lu, please wait\n", number);
    desk_keep();

    seL4_Recv(DESK_EP, &badge);
    printf("desk: %lu, it is your turn\n", seL4_GetMR(0));
    seL4_SetMR(0, DESK_ANSWER);
    seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 1));

    printf("desk: now %lu\n", number);
    seL4_SetMR(0, DESK_ANSWER);
    seL4_Send(DESK_LATER, seL4_MessageInfo_new(0, 0, 0, 1));
    for (;;) seL4_Recv(DESK_EP, &badge);
}
