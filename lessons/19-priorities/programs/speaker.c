/* SPDX-License-Identifier: BSD-2-Clause */
/* Each time somebody rings, it says its number: the order in which numbers come is the order in which
 * threads run. */
#include <sel4/sel4.h>
#include <stdio.h>

#include "protocol.h"

int main(void)
{
    seL4_Word number;
    for (;;) {
        seL4_Wait(BELL, &number);
        printf("%lu ", number);
    }
}
