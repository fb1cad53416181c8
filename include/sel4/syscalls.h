/* SPDX-License-Identifier: BSD-2-Clause */
/* The system calls. Registers: number in RDX, capability in RDI (comes back: the badge), message
 * info in RSI, MR0-3 in R10, R8, R9, R15; MCS: reply object in R12, a second capability in R13.
 * The `syscall` instruction itself overwrites RCX and R11, and the kernel does not bring RSP back:
 * the stub keeps it in RBX. Numbers: syscall.h. */
#ifndef SEL4_SYSCALLS_H
#define SEL4_SYSCALLS_H

#include <sel4/functions.h>
#include <sel4/syscall.h>
#include <sel4/types.h>

/* What goes into the kernel in registers, and what comes out in the same ones. */
struct seL4_SyscallRegisters {
    seL4_Word rdi;
    seL4_MessageInfo_t info;
    seL4_Word mr[seL4_FastMessageRegisters];
    seL4_Word reply, dest; /* MCS only */
};

static inline void seL4_Syscall(seL4_Word number, struct seL4_SyscallRegisters *r)
{
    register seL4_Word mr0 __asm__("r10") = r->mr[0];
    register seL4_Word mr1 __asm__("r8") = r->mr[1];
    register seL4_Word mr2 __asm__("r9") = r->mr[2];
    register seL4_Word mr3 __asm__("r15") = r->mr[3];
#ifdef CONFIG_KERNEL_MCS
    register seL4_Word reply __asm__("r12") = r->reply;
    register seL4_Word dest __asm__("r13") = r->dest;
#define SEL4_MCS_REGISTERS , "r"(reply), "r"(dest)
#else
#define SEL4_MCS_REGISTERS
#endif
    __asm__ volatile("movq %%rsp, %%rbx\n\t"
                     "syscall\n\t"
                     "movq %%rbx, %%rsp"
                     : "+D"(r->rdi), "+S"(r->info.words[0]), "+r"(mr0), "+r"(mr1), "+r"(mr2),
                       "+r"(mr3)
                     : "d"(number)SEL4_MCS_REGISTERS
                     : "rbx", "rcx", "r11", "memory");
#undef SEL4_MCS_REGISTERS
    r->mr[0] = mr0;
    r->mr[1] = mr1;
    r->mr[2] = mr2;
    r->mr[3] = mr3;
}

/* The registers of a call whose words lie in the IPC buffer; and the answer's back into it. */
static inline struct seL4_SyscallRegisters seL4_LoadMRs(seL4_CPtr cap, seL4_MessageInfo_t info)
{
    return (struct seL4_SyscallRegisters){
        .rdi = cap,
        .info = info,
        .mr = { seL4_GetMR(0), seL4_GetMR(1), seL4_GetMR(2), seL4_GetMR(3) },
    };
}

static inline seL4_MessageInfo_t seL4_StoreMRs(const struct seL4_SyscallRegisters *r,
                                               seL4_Word *sender)
{
    seL4_SetMR(0, r->mr[0]);
    seL4_SetMR(1, r->mr[1]);
    seL4_SetMR(2, r->mr[2]);
    seL4_SetMR(3, r->mr[3]);
    if (sender) *sender = r->rdi;
    return r->info;
}

/* The same for the …WithMRs forms: `mr` are pointers or null, and words behind the length are 0. */
static inline struct seL4_SyscallRegisters seL4_TakeMRs(seL4_CPtr cap, seL4_MessageInfo_t info,
                                                        seL4_Word *const mr[4])
{
    struct seL4_SyscallRegisters r = { .rdi = cap, .info = info };
    seL4_Word length = seL4_MessageInfo_get_length(info);
    if (mr[0] && length > 0) r.mr[0] = *mr[0];
    if (mr[1] && length > 1) r.mr[1] = *mr[1];
    if (mr[2] && length > 2) r.mr[2] = *mr[2];
    if (mr[3] && length > 3) r.mr[3] = *mr[3];
    return r;
}

static inline seL4_MessageInfo_t seL4_GiveMRs(const struct seL4_SyscallRegisters *r,
                                              seL4_Word *const mr[4], seL4_Word *sender)
{
    if (mr[0]) *mr[0] = r->mr[0];
    if (mr[1]) *mr[1] = r->mr[1];
    if (mr[2]) *mr[2] = r->mr[2];
    if (mr[3]) *mr[3] = r->mr[3];
    if (sender) *sender = r->rdi;
    return r->info;
}

#define SEL4_MR_PARAMETERS seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3
#define SEL4_MR_POINTERS   ((seL4_Word *const[4]){ mr0, mr1, mr2, mr3 })

/* Sending. A send to an endpoint waits for a receiver; the NB forms do not wait. */
static inline void seL4_Send(seL4_CPtr dest, seL4_MessageInfo_t info)
{
    struct seL4_SyscallRegisters r = seL4_LoadMRs(dest, info);
    seL4_Syscall((seL4_Word)seL4_SysSend, &r);
}

static inline void seL4_NBSend(seL4_CPtr dest, seL4_MessageInfo_t info)
{
    struct seL4_SyscallRegisters r = seL4_LoadMRs(dest, info);
    seL4_Syscall((seL4_Word)seL4_SysNBSend, &r);
}

static inline void seL4_SendWithMRs(seL4_CPtr dest, seL4_MessageInfo_t info, SEL4_MR_PARAMETERS)
{
    struct seL4_SyscallRegisters r = seL4_TakeMRs(dest, info, SEL4_MR_POINTERS);
    seL4_Syscall((seL4_Word)seL4_SysSend, &r);
}

static inline void seL4_NBSendWithMRs(seL4_CPtr dest, seL4_MessageInfo_t info, SEL4_MR_PARAMETERS)
{
    struct seL4_SyscallRegisters r = seL4_TakeMRs(dest, info, SEL4_MR_POINTERS);
    seL4_Syscall((seL4_Word)seL4_SysNBSend, &r);
}

static inline void seL4_Signal(seL4_CPtr dest)
{
    struct seL4_SyscallRegisters r = { .rdi = dest, .info = seL4_MessageInfo_new(0, 0, 0, 1) };
    seL4_Syscall((seL4_Word)seL4_SysSend, &r);
}

/* Send, and wait for the answer. */
static inline seL4_MessageInfo_t seL4_Call(seL4_CPtr dest, seL4_MessageInfo_t info)
{
    struct seL4_SyscallRegisters r = seL4_LoadMRs(dest, info);
    seL4_Syscall((seL4_Word)seL4_SysCall, &r);
    return seL4_StoreMRs(&r, seL4_Null);
}

static inline seL4_MessageInfo_t seL4_CallWithMRs(seL4_CPtr dest, seL4_MessageInfo_t info,
                                                  SEL4_MR_PARAMETERS)
{
    struct seL4_SyscallRegisters r = seL4_TakeMRs(dest, info, SEL4_MR_POINTERS);
    seL4_Syscall((seL4_Word)seL4_SysCall, &r);
    return seL4_GiveMRs(&r, SEL4_MR_POINTERS, seL4_Null);
}

#ifdef CONFIG_KERNEL_MCS
#define SEL4_REPLY_PARAMETER , seL4_CPtr reply
#define SEL4_REPLY_REGISTER  r.reply = reply
#else
#define SEL4_REPLY_PARAMETER
#define SEL4_REPLY_REGISTER (void)0

/* Answers whoever called this thread last. Nobody there: nothing happens. */
static inline void seL4_Reply(seL4_MessageInfo_t info)
{
    struct seL4_SyscallRegisters r = seL4_LoadMRs(0, info);
    seL4_Syscall((seL4_Word)seL4_SysReply, &r);
}

static inline void seL4_ReplyWithMRs(seL4_MessageInfo_t info, SEL4_MR_PARAMETERS)
{
    struct seL4_SyscallRegisters r = seL4_TakeMRs(0, info, SEL4_MR_POINTERS);
    seL4_Syscall((seL4_Word)seL4_SysReply, &r);
}
#endif

/* The registers of a receive. RSI goes in, too: when nothing arrives (seL4_NBRecv, a notification)
 * the kernel leaves it alone, and the caller finds the old word as its message info. Here that is
 * an address, which nobody takes for an empty message. */
static inline struct seL4_SyscallRegisters seL4_Receiver(seL4_CPtr src)
{
    return (struct seL4_SyscallRegisters){
        .rdi = src,
        .info.words[0] = (seL4_Word)__sel4_ipc_buffer,
    };
}

/* Receiving: *sender is the badge of the capability that was used to send. */
static inline seL4_MessageInfo_t seL4_Recv(seL4_CPtr src, seL4_Word *sender SEL4_REPLY_PARAMETER)
{
    struct seL4_SyscallRegisters r = seL4_Receiver(src);
    SEL4_REPLY_REGISTER;
    seL4_Syscall((seL4_Word)seL4_SysRecv, &r);
    return seL4_StoreMRs(&r, sender);
}

static inline seL4_MessageInfo_t seL4_RecvWithMRs(seL4_CPtr src, seL4_Word *sender,
                                                  SEL4_MR_PARAMETERS SEL4_REPLY_PARAMETER)
{
    struct seL4_SyscallRegisters r = seL4_Receiver(src);
    SEL4_REPLY_REGISTER;
    seL4_Syscall((seL4_Word)seL4_SysRecv, &r);
    return seL4_GiveMRs(&r, SEL4_MR_POINTERS, sender);
}

/* With nothing there *sender is 0, and the message info is what it was before. */
static inline seL4_MessageInfo_t seL4_NBRecv(seL4_CPtr src, seL4_Word *sender SEL4_REPLY_PARAMETER)
{
    struct seL4_SyscallRegisters r = seL4_Receiver(src);
    SEL4_REPLY_REGISTER;
    seL4_Syscall((seL4_Word)seL4_SysNBRecv, &r);
    return seL4_StoreMRs(&r, sender);
}

/* Answer, and receive the next message, in one call. */
static inline seL4_MessageInfo_t seL4_ReplyRecv(seL4_CPtr src, seL4_MessageInfo_t info,
                                                seL4_Word *sender SEL4_REPLY_PARAMETER)
{
    struct seL4_SyscallRegisters r = seL4_LoadMRs(src, info);
    SEL4_REPLY_REGISTER;
    seL4_Syscall((seL4_Word)seL4_SysReplyRecv, &r);
    return seL4_StoreMRs(&r, sender);
}

static inline seL4_MessageInfo_t seL4_ReplyRecvWithMRs(seL4_CPtr src, seL4_MessageInfo_t info,
                                                       seL4_Word *sender,
                                                       SEL4_MR_PARAMETERS SEL4_REPLY_PARAMETER)
{
    struct seL4_SyscallRegisters r = seL4_TakeMRs(src, info, SEL4_MR_POINTERS);
    SEL4_REPLY_REGISTER;
    seL4_Syscall((seL4_Word)seL4_SysReplyRecv, &r);
    return seL4_GiveMRs(&r, SEL4_MR_POINTERS, sender);
}

#ifdef CONFIG_KERNEL_MCS
/* Waiting without a reply object: who calls cannot be answered. */
static inline seL4_MessageInfo_t seL4_Wait(seL4_CPtr src, seL4_Word *sender)
{
    struct seL4_SyscallRegisters r = seL4_Receiver(src);
    seL4_Syscall((seL4_Word)seL4_SysWait, &r);
    return seL4_StoreMRs(&r, sender);
}

static inline seL4_MessageInfo_t seL4_WaitWithMRs(seL4_CPtr src, seL4_Word *sender,
                                                  SEL4_MR_PARAMETERS)
{
    struct seL4_SyscallRegisters r = seL4_Receiver(src);
    seL4_Syscall((seL4_Word)seL4_SysWait, &r);
    return seL4_GiveMRs(&r, SEL4_MR_POINTERS, sender);
}

static inline seL4_MessageInfo_t seL4_NBWait(seL4_CPtr src, seL4_Word *sender)
{
    struct seL4_SyscallRegisters r = seL4_Receiver(src);
    seL4_Syscall((seL4_Word)seL4_SysNBWait, &r);
    return seL4_StoreMRs(&r, sender);
}

static inline seL4_MessageInfo_t seL4_Poll(seL4_CPtr src, seL4_Word *sender)
{
    return seL4_NBWait(src, sender);
}

/* Sends to `dest`, then receives from `src`. */
static inline seL4_MessageInfo_t seL4_NBSendRecv(seL4_CPtr dest, seL4_MessageInfo_t info,
                                                 seL4_CPtr src, seL4_Word *sender, seL4_CPtr reply)
{
    struct seL4_SyscallRegisters r = seL4_LoadMRs(src, info);
    r.reply = reply;
    r.dest = dest;
    seL4_Syscall((seL4_Word)seL4_SysNBSendRecv, &r);
    return seL4_StoreMRs(&r, sender);
}

/* Answers through the reply object `dest`, then waits for `src`. */
static inline seL4_MessageInfo_t seL4_NBSendWait(seL4_CPtr dest, seL4_MessageInfo_t info,
                                                 seL4_CPtr src, seL4_Word *sender)
{
    struct seL4_SyscallRegisters r = seL4_LoadMRs(src, info);
    r.reply = dest;
    seL4_Syscall((seL4_Word)seL4_SysNBSendWait, &r);
    return seL4_StoreMRs(&r, sender);
}
#else
static inline void seL4_Wait(seL4_CPtr src, seL4_Word *sender)
{
    (void)seL4_Recv(src, sender);
}

static inline seL4_MessageInfo_t seL4_Poll(seL4_CPtr src, seL4_Word *sender)
{
    return seL4_NBRecv(src, sender);
}
#endif

static inline void seL4_Yield(void)
{
    struct seL4_SyscallRegisters r = { .rdi = 0 };
    seL4_Syscall((seL4_Word)seL4_SysYield, &r);
}

/* What invocations do: as Call, but the words of an error go into the IPC buffer, where
 * seL4_GetMR finds them; `mr` is the four message registers, in and out. */
static inline seL4_Error seL4_Invoke(seL4_CPtr service, seL4_Word label, seL4_Word caps,
                                     seL4_Word length, seL4_Word mr[4])
{
    struct seL4_SyscallRegisters r = {
        .rdi = service,
        .info = seL4_MessageInfo_new(label, 0, caps, length),
        .mr = { mr[0], mr[1], mr[2], mr[3] },
    };
    seL4_Syscall((seL4_Word)seL4_SysCall, &r);
    seL4_Error error = (seL4_Error)seL4_MessageInfo_get_label(r.info);
    if (error != seL4_NoError) seL4_StoreMRs(&r, seL4_Null);
    mr[0] = r.mr[0];
    mr[1] = r.mr[1];
    mr[2] = r.mr[2];
    mr[3] = r.mr[3];
    return error;
}

/* Debugging. */
static inline seL4_Word seL4_DebugCall(seL4_Word number, seL4_Word argument)
{
    struct seL4_SyscallRegisters r = { .rdi = argument };
    seL4_Syscall(number, &r);
    return r.rdi;
}

#ifdef CONFIG_PRINTING
static inline void seL4_DebugPutChar(char c)
{
    seL4_DebugCall((seL4_Word)seL4_SysDebugPutChar, (seL4_Word)c);
}

static inline void seL4_DebugPutString(const char *text)
{
    while (*text) seL4_DebugPutChar(*text++);
}

static inline void seL4_DebugDumpScheduler(void)
{
    seL4_DebugCall((seL4_Word)seL4_SysDebugDumpScheduler, 0);
}
#endif

#ifdef CONFIG_DEBUG_BUILD
static inline void seL4_DebugHalt(void)
{
    seL4_DebugCall((seL4_Word)seL4_SysDebugHalt, 0);
}
static inline void seL4_DebugSnapshot(void)
{
    seL4_DebugCall((seL4_Word)seL4_SysDebugSnapshot, 0);
}

static inline seL4_Uint32 seL4_DebugCapIdentify(seL4_CPtr cap)
{
    return (seL4_Uint32)seL4_DebugCall((seL4_Word)seL4_SysDebugCapIdentify, cap);
}

/* The name travels in the IPC buffer, over whatever message lies there. */
static inline void seL4_DebugNameThread(seL4_CPtr tcb, const char *name)
{
    char *to = (char *)__sel4_ipc_buffer->msg;
    while ((*to++ = *name++)) continue;
    seL4_DebugCall((seL4_Word)seL4_SysDebugNameThread, tcb);
}
#endif

#ifdef CONFIG_SET_TLS_BASE_SELF
static inline void seL4_SetTLSBase(seL4_Word tls_base)
{
    seL4_DebugCall((seL4_Word)seL4_SysSetTLSBase, tls_base);
}
#endif

#endif
