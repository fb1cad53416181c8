/* SPDX-License-Identifier: BSD-2-Clause */
/* The pager's loop: receives faults, asks page_in() to mend each, and answers. */
#ifndef LOOP_H
#define LOOP_H

#include <sel4/sel4.h>
#include <stdio.h>

#include "protocol.h"

enum { PAGE_SIZE = 4096, GIVES_UP_AFTER = 30 };

/* Maps a new page at an address of the program's. 0: done; the pager answers. Anything else: the fault is
 * not to be mended; the program is left where it is. */
static int page_in(seL4_Word address);

static seL4_CPtr next_slot = FIRST_FREE_SLOT;

/* A new object of a type out of the pool; the slot in which it lies. */
static inline seL4_CPtr object_new(seL4_Word type)
{
    seL4_CPtr slot = next_slot++;
    seL4_Error error = seL4_Untyped_Retype(POOL, type, 0, OWN_CNODE, 0, 0, slot, 1);
    if (error != seL4_NoError) printf("pager: seL4_Untyped_Retype: error %d\n", (int)error);
    return slot;
}

int main(void)
{
    seL4_Word badge;
    for (int faults = 1;; faults++) {
        seL4_MessageInfo_t info = seL4_Recv(FAULT_EP, &badge);
        seL4_Word address = seL4_GetMR(seL4_VMFault_Addr);
        if (!seL4_isVMFault_tag(info) || faults > GIVES_UP_AFTER) {
            printf("pager: fault %d: I give up\n", faults);
            continue;
        }
        if (page_in(address) == 0)
            seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 0));
        else
            printf("pager: 0x%lx is not mine to mend\n", address);
    }
}

#endif
