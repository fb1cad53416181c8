/* SPDX-License-Identifier: BSD-2-Clause */
/* The first client: asks the desk once, with its number, and stops itself. second.c is the other one. */
#include <sel4/sel4.h>
#include <stdio.h>

#include "protocol.h"

#ifndef NUMBER
#define NUMBER FIRST_NUMBER
#endif

int main(void)
{
    seL4_SetMR(0, NUMBER);
    seL4_Call(CLIENT_DESK, seL4_MessageInfo_new(0, 0, 0, 1));
    printf("client %d: the answer is %lu\n", NUMBER, seL4_GetMR(0));
    seL4_TCB_Suspend(CLIENT_TCB);
    return 0;
}
