/* SPDX-License-Identifier: BSD-2-Clause */
/* A component of four threads as one root task, to be booted: control does the work, fault_handler answers
 * its faults, faultIn and faultOut belong to interfaces. Only control has a fault endpoint. The list of
 * threads is shown before and after. */
#define PART_OF_A_ROOT_TASK
#include <guest/root.h>

#ifndef WATCHED
#define WATCHED 1 /* the first of the four; with 4 all of them */
#endif

enum { CONTROL, FAULT_HANDLER, FAULT_IN, FAULT_OUT, THREADS };
enum { FAULT_EP = 1, INTERFACE_EP = 2, CONTROL_TCB = 3, BADGE = 0x60 };
#define NOWHERE 0x10000000ul

static struct root_thread thread[THREADS];
static const char *const names[THREADS] = { "control", "fault_handler", "faultIn", "faultOut" };

static void control(void)
{
    printf("control: at work\n");
    *(volatile int *)NOWHERE = 1;
    printf("control: never here\n");
}

/* Answers one fault: it takes control off to a better place. But before it does, it makes a mistake of
 * its own. */
static void fault_handler(void)
{
    seL4_Word badge;
    seL4_Recv(FAULT_EP, &badge);
    printf("fault_handler: a fault with badge 0x%lx\n", badge);
    printf("fault_handler: %d\n", *(volatile int *)(NOWHERE + 0x1000));
}

static void interface(void)
{
    seL4_Recv(INTERFACE_EP, seL4_Null);
}

int main(void)
{
    static void (*const function[THREADS])(void) = { control, fault_handler, interface, interface };
    root_begin();
    seL4_CPtr fault_ep = root_object(seL4_EndpointObject, 0);
    seL4_CPtr interface_ep = root_object(seL4_EndpointObject, 0);
    seL4_CPtr cspace[THREADS];
    for (int i = 0; i < THREADS; i++) {
        cspace[i] = root_cspace();
        root_thread_make(&thread[i], names[i], cspace[i], i < WATCHED ? FAULT_EP : 0);
        if (i == FAULT_HANDLER)
            root_give(cspace[i], FAULT_EP, fault_ep);
        else if (i < WATCHED)
            root_give_badged(cspace[i], FAULT_EP, fault_ep, BADGE + (seL4_Word)i);
        root_give(cspace[i], INTERFACE_EP, interface_ep);
    }
    for (int i = 0; i < THREADS; i++) root_thread_start(&thread[i], function[i]);
    seL4_DebugDumpScheduler();
    root_let_others_run();
    seL4_DebugDumpScheduler();
    root_end();
    return 0;
}
