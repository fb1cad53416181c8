/* SPDX-License-Identifier: BSD-2-Clause */
/* Pays three times into the bank. It does not know its own badge, and cannot say who it is. */
#include <sel4/sel4.h>

enum { CLIENT_BANK = 1, PAYMENTS = 3, AMOUNT = 10 };

int main(void)
{
    for (int i = 0; i < PAYMENTS; i++) {
        seL4_SetMR(0, AMOUNT);
        seL4_Call(CLIENT_BANK, seL4_MessageInfo_new(0, 0, 0, 1));
    }
    seL4_TCB_Suspend(2); /* nothing left to do; slot 2 is its own TCB */
    return 0;
}
