/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task's first tools: objects out of untyped memory, small CSpaces, threads. For programs that
 * set up a little system of their own and are booted with `faultline boot`; every step is an
 * ordinary invocation, and what is refused ends the program with a message. */
#ifndef GUEST_ROOT_H
#define GUEST_ROOT_H

#include <sel4runtime.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROOT_CSPACE_BITS = 4, ROOT_THREAD_PRIORITY = 100 };

/* A thread's memory: whole pages of the program's image, the IPC buffer in the first of them. */
struct root_thread {
    seL4_IPCBuffer buffer __attribute__((aligned(4096)));
    char tls[1024] __attribute__((aligned(64)));
    char stack[16384 - 2048];
    seL4_CPtr tcb;
} __attribute__((aligned(4096)));

static struct {
    seL4_CPtr next_slot;
    seL4_CPtr untyped;
} root;

extern char __executable_start[];

static inline void root_check(const char *what, seL4_Error error)
{
    if (error == seL4_NoError) return;
    printf("rootserver: %s: error %d\n", what, (int)error);
    abort();
}

/* Takes the largest piece of ordinary memory. */
static inline void root_begin(void)
{
    seL4_BootInfo *info = sel4runtime_bootinfo();
    seL4_Word best = 0;
    if (!info) {
        printf("this program is a root task: boot it\n");
        abort();
    }
    root.next_slot = info->empty.start;
    for (seL4_Word i = 0; i < info->untyped.end - info->untyped.start; i++) {
        const seL4_UntypedDesc *d = &info->untypedList[i];
        if (d->isDevice || d->sizeBits <= best) continue;
        best = d->sizeBits;
        root.untyped = info->untyped.start + i;
    }
}

static inline seL4_CPtr root_object(seL4_Word type, seL4_Word size_bits)
{
    seL4_CPtr slot = root.next_slot++;
    root_check("seL4_Untyped_Retype", seL4_Untyped_Retype(root.untyped, type, size_bits,
                                                          seL4_CapInitThreadCNode, 0, 0, slot, 1));
    return slot;
}

/* A CSpace of 16 slots, whose CPtrs are the slots' numbers: a guard fills the other 60 bits. */
static inline seL4_CPtr root_cspace(void)
{
    seL4_CPtr made = root_object(seL4_CapTableObject, ROOT_CSPACE_BITS), slot = root.next_slot++;
    seL4_Word guard = seL4_CNode_CapData_new(0, seL4_WordBits - ROOT_CSPACE_BITS).words[0];
    root_check("seL4_CNode_Mint", seL4_CNode_Mint(seL4_CapInitThreadCNode, slot, seL4_WordBits,
                                                  seL4_CapInitThreadCNode, made, seL4_WordBits,
                                                  seL4_AllRights, guard));
    return slot;
}

/* Copies a capability of the root task into a slot of such a CSpace. */
static inline void root_give(seL4_CPtr cspace, seL4_Word slot, seL4_CPtr cap)
{
    root_check("seL4_CNode_Copy",
               seL4_CNode_Copy(cspace, slot, seL4_WordBits, seL4_CapInitThreadCNode, cap,
                               seL4_WordBits, seL4_AllRights));
}

/* The same with a badge. */
static inline void root_give_badged(seL4_CPtr cspace, seL4_Word slot, seL4_CPtr cap,
                                    seL4_Word badge)
{
    root_check("seL4_CNode_Mint",
               seL4_CNode_Mint(cspace, slot, seL4_WordBits, seL4_CapInitThreadCNode, cap,
                               seL4_WordBits, seL4_AllRights, badge));
}

static inline seL4_CPtr root_frame_of(const void *address)
{
    seL4_Word page = ((seL4_Word)address - (seL4_Word)__executable_start) >> seL4_PageBits;
    return sel4runtime_bootinfo()->userImageFrames.start + page;
}

/* A thread in the root task's address space. `fault_ep`: where its faults go, a CPtr in *its*
 * CSpace (MCS: a capability of the root task). */
static inline void root_thread_make(struct root_thread *t, const char *name, seL4_CPtr cspace,
                                    seL4_Word fault_ep)
{
    t->tcb = root_object(seL4_TCBObject, 0);
    seL4_Word buffer = (seL4_Word)&t->buffer;
#ifdef CONFIG_KERNEL_MCS
    seL4_CPtr sc = root_object(seL4_SchedContextObject, seL4_MinSchedContextBits);
    root_check("seL4_SchedControl_ConfigureFlags",
               seL4_SchedControl_ConfigureFlags(sel4runtime_bootinfo()->schedcontrol.start, sc,
                                                10000, 10000, 0, 0, 0));
    root_check("seL4_TCB_Configure", seL4_TCB_Configure(t->tcb, cspace, 0, seL4_CapInitThreadVSpace,
                                                        0, buffer, root_frame_of(&t->buffer)));
    root_check("seL4_TCB_SetSchedParams",
               seL4_TCB_SetSchedParams(t->tcb, seL4_CapInitThreadTCB, 0, ROOT_THREAD_PRIORITY, sc,
                                       fault_ep));
#else
    root_check("seL4_TCB_Configure",
               seL4_TCB_Configure(t->tcb, fault_ep, cspace, 0, seL4_CapInitThreadVSpace, 0, buffer,
                                  root_frame_of(&t->buffer)));
    root_check("seL4_TCB_SetPriority",
               seL4_TCB_SetPriority(t->tcb, seL4_CapInitThreadTCB, ROOT_THREAD_PRIORITY));
#endif
    seL4_DebugNameThread(t->tcb, name);
}

/* Where a thread goes whose function returned: nowhere, as after main(). */
static inline void root_thread_start(struct root_thread *t, void (*function)(void))
{
    seL4_UserContext c = { .rip = (seL4_Word)function, .rflags = 0x202 };
    char *stack_top = t->stack + sizeof t->stack;
    c.rsp = ((seL4_Word)stack_top & ~15ul) - sizeof(seL4_Word);
    c.fs_base = sel4runtime_write_tls_image(t->tls);
    sel4runtime_set_tls_variable(c.fs_base, __sel4_ipc_buffer, &t->buffer);
    root_check("seL4_TCB_WriteRegisters",
               seL4_TCB_WriteRegisters(t->tcb, 1, 0, sizeof c / sizeof(seL4_Word), &c));
}

/* Gives the processor to all threads of higher priority than 1, until none of them can run. */
static inline void root_let_others_run(void)
{
    root_check("seL4_TCB_SetPriority",
               seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 1));
}

/* Maps the page tables that are missing at an address of the root task's own address space. */
static inline void root_tables(seL4_Word address)
{
    static const seL4_Word types[] = { seL4_X86_PDPTObject, seL4_X86_PageDirectoryObject,
                                       seL4_X86_PageTableObject };
    for (int i = 0; i < 3; i++) {
        seL4_CPtr table = root_object(types[i], 0);
        seL4_CPtr vspace = seL4_CapInitThreadVSpace;
        seL4_Error error =
            i == 0 ? seL4_X86_PDPT_Map(table, vspace, address, seL4_X86_Default_VMAttributes)
            : i == 1
                ? seL4_X86_PageDirectory_Map(table, vspace, address, seL4_X86_Default_VMAttributes)
                : seL4_X86_PageTable_Map(table, vspace, address, seL4_X86_Default_VMAttributes);
        if (error != seL4_DeleteFirst) root_check("mapping a table", error);
    }
}

static inline void root_end(void)
{
    printf("rootserver: nobody else can run; the end\n");
    for (;;) seL4_TCB_Suspend(seL4_CapInitThreadTCB);
}

#endif
