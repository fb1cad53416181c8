/* SPDX-License-Identifier: BSD-2-Clause */
/* A server with an account for each badge: it trusts the badge, because no client can choose it. */
#include <sel4/sel4.h>
#include <stdio.h>

enum { BANK_EP = 1, ACCOUNTS = 8 };

int main(void)
{
    seL4_Word account[ACCOUNTS] = { 0 }, badge;
    seL4_Recv(BANK_EP, &badge);
    for (;;) {
        if (badge < ACCOUNTS) account[badge] += seL4_GetMR(0);
        printf("bank: badge %lu pays %lu in", badge, seL4_GetMR(0));
        if (badge < ACCOUNTS)
            printf(", and has %lu\n", account[badge]);
        else
            printf(", but has no account\n");
        seL4_ReplyRecv(BANK_EP, seL4_MessageInfo_new(0, 0, 0, 0), &badge);
    }
}
