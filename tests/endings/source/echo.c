/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task that waits for bytes on COM1, by interrupt, and prints each in brackets; q ends it. */
#include <sel4runtime.h>
#include <stdio.h>

enum { CNODE = seL4_CapInitThreadCNode, DEPTH = 64, COM1 = 0x3f8, PIN = 4, VECTOR = 20 };

static seL4_CPtr slot, port, note, handler;

static void set_up(seL4_BootInfo *info)
{
    slot = info->empty.start;
    port = slot++, note = slot++, handler = slot++;
    seL4_Word u = 0;
    while (info->untypedList[u].isDevice) u++;
    seL4_Untyped_Retype(info->untyped.start + u, seL4_NotificationObject, 0, CNODE, 0, 0, note, 1);
    seL4_X86_IOPortControl_Issue(seL4_CapIOPortControl, COM1, COM1 + 7, CNODE, port, DEPTH);
    seL4_IRQControl_GetIOAPIC(seL4_CapIRQControl, CNODE, handler, DEPTH, 0, PIN, 0, 0, VECTOR);
    seL4_IRQHandler_SetNotification(handler, note);
    seL4_X86_IOPort_Out8(port, COM1 + 1, 1);
}

__attribute__((noinline)) int got_byte(int byte)
{
    if (byte != '\n') printf("[%c]", byte);
    return byte != 'q';
}

int main(void)
{
    set_up(sel4runtime_bootinfo());
    printf("ready\n");
    for (int goes_on = 1; goes_on;) {
        seL4_Wait(note, 0);
        while (goes_on && seL4_X86_IOPort_In8(port, COM1 + 5).result & 1)
            goes_on = got_byte(seL4_X86_IOPort_In8(port, COM1).result);
        seL4_IRQHandler_Ack(handler);
    }
    printf("\nbye\n");
    seL4_DebugHalt();
    return 0;
}
