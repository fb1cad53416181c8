/* SPDX-License-Identifier: BSD-2-Clause */
/* The lesson as one root task, to be booted: how many slots there are, copies of its own TCB's
 * capability, a revoke that takes both away, and the end by its own hand. */
#include <sel4runtime.h>
#include <stdio.h>

static seL4_Error copy_tcb(seL4_CPtr slot)
{
    return seL4_CNode_Copy(seL4_CapInitThreadCNode, slot, seL4_WordBits, seL4_CapInitThreadCNode,
                           seL4_CapInitThreadTCB, seL4_WordBits, seL4_AllRights);
}

/* A capability onto its own slot: refused whatever lies there, and the error says what does. */
static seL4_Error move_onto_itself(seL4_CPtr slot)
{
    return seL4_CNode_Move(seL4_CapInitThreadCNode, slot, seL4_WordBits, seL4_CapInitThreadCNode,
                           slot, seL4_WordBits);
}

int main(void)
{
    seL4_BootInfo *info = sel4runtime_bootinfo();
    if (!info) {
        printf("this program is a root task: boot it\n");
        return 1;
    }
    seL4_Word slots = 1UL << info->initThreadCNodeSizeBits;
    printf("the CNode has %lu slots, %lu bytes\n", slots, slots << seL4_SlotBits);

    seL4_CPtr first = info->empty.start, last = info->empty.end - 1;
    printf("the last slot, %lu, is empty: error %d\n", last,
           (int)seL4_TCB_SetPriority(last, last, 10));
    printf("copies in slots %lu and %lu: errors %d and %d\n", first, last, (int)copy_tcb(first),
           (int)copy_tcb(last));
    printf("the priority, set by the copy: error %d\n", (int)seL4_TCB_SetPriority(last, last, 10));
    printf("a move onto a full slot: error %d\n", (int)move_onto_itself(first));

    printf("revoke: error %d\n",
           (int)seL4_CNode_Revoke(seL4_CapInitThreadCNode, seL4_CapInitThreadTCB, seL4_WordBits));
    printf("moves from both slots: errors %d and %d\n", (int)move_onto_itself(first),
           (int)move_onto_itself(last));

    printf("stopping myself\n");
    seL4_TCB_Suspend(seL4_CapInitThreadTCB);
    printf("this is never printed\n");
    return 0;
}
