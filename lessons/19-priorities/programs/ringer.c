/* SPDX-License-Identifier: BSD-2-Clause */
/* When somebody rings, it opens a bracket, rings for somebody else, and closes the bracket. Who speaks in
 * between has taken the processor from it. */
#include <sel4/sel4.h>
#include <stdio.h>

#include "protocol.h"

int main(void)
{
    for (;;) {
        seL4_Wait(BELL, seL4_Null);
        printf("( ");
        seL4_Signal(OTHER_BELL);
        printf(") ");
    }
}
