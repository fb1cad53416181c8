/* SPDX-License-Identifier: BSD-2-Clause */
/* The system calls. Registers: number in RDX, capability in RDI (comes back: the badge), message
 * info in RSI, MR0-3 in R10, R8, R9, R15; MCS: reply object in R12, a second capability in R13.
 * The `syscall` instruction itself overwrites RCX and R11, and the kernel does not bring RSP back:
 * the stub keeps it in RBX. Numbers: syscall.h.
 *
 * A register that a call does not take is left as it is, as libsel4 does it: when nothing arrives
 * (seL4_NBRecv, a notification), the receiver finds its own old RSI as message info. */
#ifndef SEL4_SYSCALLS_H
#define SEL4_SYSCALLS_H

#include <sel4/functions.h>
#include <sel4/syscall.h>
#include <sel4/types.h>

/* ---- Ways into the kernel: one for each set of registers ---- */

#define SEL4_ENTER_KERNEL                                                                          \
    "movq %%rsp, %%rbx\n\t"                                                                        \
    "syscall\n\t"                                                                                  \
    "movq %%rbx, %%rsp"

#ifdef CONFIG_KERNEL_MCS
#define SEL4_REPLY_REGISTER register seL4_Word reply_register __asm__("r12") = reply
#define SEL4_REPLY_OPERAND  , "r"(reply_register)
#else
#define SEL4_REPLY_REGISTER (void)reply
#define SEL4_REPLY_OPERAND
#endif

static inline void seL4_SyscallSend(seL4_Word number, seL4_Word dest, seL4_Word info,
                                    seL4_Word word0, seL4_Word word1, seL4_Word word2,
                                    seL4_Word word3)
{
    register seL4_Word mr0 __asm__("r10") = word0;
    register seL4_Word mr1 __asm__("r8") = word1;
    register seL4_Word mr2 __asm__("r9") = word2;
    register seL4_Word mr3 __asm__("r15") = word3;
    __asm__ volatile(SEL4_ENTER_KERNEL
                     :
                     : "d"(number), "D"(dest), "S"(info), "r"(mr0), "r"(mr1), "r"(mr2), "r"(mr3)
                     : "rbx", "rcx", "r11");
}

static inline void seL4_SyscallReply(seL4_Word number, seL4_Word info, seL4_Word word0,
                                     seL4_Word word1, seL4_Word word2, seL4_Word word3)
{
    register seL4_Word mr0 __asm__("r10") = word0;
    register seL4_Word mr1 __asm__("r8") = word1;
    register seL4_Word mr2 __asm__("r9") = word2;
    register seL4_Word mr3 __asm__("r15") = word3;
    __asm__ volatile(SEL4_ENTER_KERNEL
                     :
                     : "d"(number), "S"(info), "r"(mr0), "r"(mr1), "r"(mr2), "r"(mr3)
                     : "rbx", "rcx", "r11");
}

static inline void seL4_SyscallReceive(seL4_Word number, seL4_Word src, seL4_Word *badge,
                                       seL4_Word *info, seL4_Word *word0, seL4_Word *word1,
                                       seL4_Word *word2, seL4_Word *word3, seL4_Word reply)
{
    register seL4_Word mr0 __asm__("r10");
    register seL4_Word mr1 __asm__("r8");
    register seL4_Word mr2 __asm__("r9");
    register seL4_Word mr3 __asm__("r15");
    SEL4_REPLY_REGISTER;
    __asm__ volatile(SEL4_ENTER_KERNEL
                     : "=D"(*badge), "=S"(*info), "=r"(mr0), "=r"(mr1), "=r"(mr2), "=r"(mr3)
                     : "d"(number), "D"(src)SEL4_REPLY_OPERAND
                     : "rbx", "rcx", "r11", "memory");
    *word0 = mr0;
    *word1 = mr1;
    *word2 = mr2;
    *word3 = mr3;
}

static inline void seL4_SyscallSendReceive(seL4_Word number, seL4_Word dest, seL4_Word *badge,
                                           seL4_Word info, seL4_Word *info_out, seL4_Word *word0,
                                           seL4_Word *word1, seL4_Word *word2, seL4_Word *word3,
                                           seL4_Word reply)
{
    register seL4_Word mr0 __asm__("r10") = *word0;
    register seL4_Word mr1 __asm__("r8") = *word1;
    register seL4_Word mr2 __asm__("r9") = *word2;
    register seL4_Word mr3 __asm__("r15") = *word3;
    SEL4_REPLY_REGISTER;
    __asm__ volatile(SEL4_ENTER_KERNEL
                     : "=S"(*info_out), "+r"(mr0), "+r"(mr1), "+r"(mr2), "+r"(mr3), "=D"(*badge)
                     : "d"(number), "D"(dest), "S"(info)SEL4_REPLY_OPERAND
                     : "rbx", "rcx", "r11", "memory");
    *word0 = mr0;
    *word1 = mr1;
    *word2 = mr2;
    *word3 = mr3;
}

#ifdef CONFIG_KERNEL_MCS
/* Sends to one capability (R13) and receives from another. */
static inline void seL4_SyscallSendReceiveFrom(seL4_Word number, seL4_Word dest, seL4_Word src,
                                               seL4_Word *badge, seL4_Word info,
                                               seL4_Word *info_out, seL4_Word words[4],
                                               seL4_Word reply)
{
    register seL4_Word mr0 __asm__("r10") = words[0];
    register seL4_Word mr1 __asm__("r8") = words[1];
    register seL4_Word mr2 __asm__("r9") = words[2];
    register seL4_Word mr3 __asm__("r15") = words[3];
    register seL4_Word dest_register __asm__("r13") = dest;
    SEL4_REPLY_REGISTER;
    __asm__ volatile(SEL4_ENTER_KERNEL
                     : "=S"(*info_out), "+r"(mr0), "+r"(mr1), "+r"(mr2), "+r"(mr3), "=D"(*badge)
                     : "d"(number), "D"(src), "S"(info), "r"(dest_register)SEL4_REPLY_OPERAND
                     : "rbx", "rcx", "r11", "memory");
    words[0] = mr0;
    words[1] = mr1;
    words[2] = mr2;
    words[3] = mr3;
}
#endif

/* No message: only a capability and an info word, or not even these. */
static inline void seL4_SyscallPlain(seL4_Word number, seL4_Word dest, seL4_Word info)
{
    __asm__ volatile(SEL4_ENTER_KERNEL
                     :
                     : "d"(number), "D"(dest), "S"(info)
                     : "rbx", "rcx", "r11", "memory");
}

static inline void seL4_SyscallNull(seL4_Word number)
{
    __asm__ volatile(SEL4_ENTER_KERNEL
                     :
                     : "d"(number)
                     : "rbx", "rcx", "rsi", "rdi", "r11", "memory");
}

/* ---- Message registers and the IPC buffer ---- */

static inline void seL4_StoreMRs(seL4_Word mr0, seL4_Word mr1, seL4_Word mr2, seL4_Word mr3)
{
    seL4_SetMR(0, mr0);
    seL4_SetMR(1, mr1);
    seL4_SetMR(2, mr2);
    seL4_SetMR(3, mr3);
}

/* For the ...WithMRs forms: `mr` is a pointer or null, and a word behind the length goes as 0. */
static inline seL4_Word seL4_TakeMR(const seL4_Word *mr, unsigned i, seL4_MessageInfo_t info)
{
    return mr && i < seL4_MessageInfo_get_length(info) ? *mr : 0;
}

static inline void seL4_GiveMR(seL4_Word *mr, seL4_Word word)
{
    if (mr) *mr = word;
}

#define SEL4_MR_PARAMETERS seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3
#define SEL4_TAKE_MRS                                                                              \
    seL4_Word word0 = seL4_TakeMR(mr0, 0, info), word1 = seL4_TakeMR(mr1, 1, info);                \
    seL4_Word word2 = seL4_TakeMR(mr2, 2, info), word3 = seL4_TakeMR(mr3, 3, info)
#define SEL4_GIVE_MRS                                                                              \
    seL4_GiveMR(mr0, word0);                                                                       \
    seL4_GiveMR(mr1, word1);                                                                       \
    seL4_GiveMR(mr2, word2);                                                                       \
    seL4_GiveMR(mr3, word3)

/* ---- Sending. A send to an endpoint waits for a receiver; the NB forms do not wait. ---- */

static inline void seL4_Send(seL4_CPtr dest, seL4_MessageInfo_t info)
{
    seL4_SyscallSend((seL4_Word)seL4_SysSend, dest, info.words[0], seL4_GetMR(0), seL4_GetMR(1),
                     seL4_GetMR(2), seL4_GetMR(3));
}

static inline void seL4_NBSend(seL4_CPtr dest, seL4_MessageInfo_t info)
{
    seL4_SyscallSend((seL4_Word)seL4_SysNBSend, dest, info.words[0], seL4_GetMR(0), seL4_GetMR(1),
                     seL4_GetMR(2), seL4_GetMR(3));
}

static inline void seL4_SendWithMRs(seL4_CPtr dest, seL4_MessageInfo_t info, SEL4_MR_PARAMETERS)
{
    SEL4_TAKE_MRS;
    seL4_SyscallSend((seL4_Word)seL4_SysSend, dest, info.words[0], word0, word1, word2, word3);
}

static inline void seL4_NBSendWithMRs(seL4_CPtr dest, seL4_MessageInfo_t info, SEL4_MR_PARAMETERS)
{
    SEL4_TAKE_MRS;
    seL4_SyscallSend((seL4_Word)seL4_SysNBSend, dest, info.words[0], word0, word1, word2, word3);
}

static inline void seL4_Signal(seL4_CPtr dest)
{
    seL4_SyscallPlain((seL4_Word)seL4_SysSend, dest, seL4_MessageInfo_new(0, 0, 0, 1).words[0]);
}

/* Send, and wait for the answer. */
static inline seL4_MessageInfo_t seL4_Call(seL4_CPtr dest, seL4_MessageInfo_t info)
{
    seL4_MessageInfo_t answer;
    seL4_Word mr0 = seL4_GetMR(0), mr1 = seL4_GetMR(1), mr2 = seL4_GetMR(2), mr3 = seL4_GetMR(3);
    seL4_SyscallSendReceive((seL4_Word)seL4_SysCall, dest, &dest, info.words[0], &answer.words[0],
                            &mr0, &mr1, &mr2, &mr3, 0);
    seL4_StoreMRs(mr0, mr1, mr2, mr3);
    return answer;
}

static inline seL4_MessageInfo_t seL4_CallWithMRs(seL4_CPtr dest, seL4_MessageInfo_t info,
                                                  SEL4_MR_PARAMETERS)
{
    seL4_MessageInfo_t answer;
    SEL4_TAKE_MRS;
    seL4_SyscallSendReceive((seL4_Word)seL4_SysCall, dest, &dest, info.words[0], &answer.words[0],
                            &word0, &word1, &word2, &word3, 0);
    SEL4_GIVE_MRS;
    return answer;
}

#ifdef CONFIG_KERNEL_MCS
#define SEL4_REPLY_PARAMETER , seL4_CPtr reply
#define SEL4_REPLY_ARGUMENT  reply
#else
#define SEL4_REPLY_PARAMETER
#define SEL4_REPLY_ARGUMENT 0

/* Answers whoever called this thread last. Nobody there: nothing happens. */
static inline void seL4_Reply(seL4_MessageInfo_t info)
{
    seL4_SyscallReply((seL4_Word)seL4_SysReply, info.words[0], seL4_GetMR(0), seL4_GetMR(1),
                      seL4_GetMR(2), seL4_GetMR(3));
}

static inline void seL4_ReplyWithMRs(seL4_MessageInfo_t info, SEL4_MR_PARAMETERS)
{
    SEL4_TAKE_MRS;
    seL4_SyscallReply((seL4_Word)seL4_SysReply, info.words[0], word0, word1, word2, word3);
}
#endif

/* ---- Receiving: *sender is the badge of the capability that was used to send. ---- */

static inline seL4_MessageInfo_t seL4_Receive(seL4_Word number, seL4_CPtr src, seL4_Word *sender,
                                              seL4_Word reply)
{
    seL4_MessageInfo_t info;
    seL4_Word badge, mr0, mr1, mr2, mr3;
    seL4_SyscallReceive(number, src, &badge, &info.words[0], &mr0, &mr1, &mr2, &mr3, reply);
    seL4_StoreMRs(mr0, mr1, mr2, mr3);
    if (sender) *sender = badge;
    return info;
}

static inline seL4_MessageInfo_t seL4_Recv(seL4_CPtr src, seL4_Word *sender SEL4_REPLY_PARAMETER)
{
    return seL4_Receive((seL4_Word)seL4_SysRecv, src, sender, SEL4_REPLY_ARGUMENT);
}

/* With nothing there *sender is 0, and the message info is stale. */
static inline seL4_MessageInfo_t seL4_NBRecv(seL4_CPtr src, seL4_Word *sender SEL4_REPLY_PARAMETER)
{
    return seL4_Receive((seL4_Word)seL4_SysNBRecv, src, sender, SEL4_REPLY_ARGUMENT);
}

static inline seL4_MessageInfo_t seL4_RecvWithMRs(seL4_CPtr src, seL4_Word *sender,
                                                  SEL4_MR_PARAMETERS SEL4_REPLY_PARAMETER)
{
    seL4_MessageInfo_t info;
    seL4_Word badge, word0, word1, word2, word3;
    seL4_SyscallReceive((seL4_Word)seL4_SysRecv, src, &badge, &info.words[0], &word0, &word1,
                        &word2, &word3, SEL4_REPLY_ARGUMENT);
    SEL4_GIVE_MRS;
    if (sender) *sender = badge;
    return info;
}

/* Answer, and receive the next message, in one call. */
static inline seL4_MessageInfo_t seL4_ReplyRecv(seL4_CPtr src, seL4_MessageInfo_t info,
                                                seL4_Word *sender SEL4_REPLY_PARAMETER)
{
    seL4_MessageInfo_t next;
    seL4_Word badge;
    seL4_Word mr0 = seL4_GetMR(0), mr1 = seL4_GetMR(1), mr2 = seL4_GetMR(2), mr3 = seL4_GetMR(3);
    seL4_SyscallSendReceive((seL4_Word)seL4_SysReplyRecv, src, &badge, info.words[0],
                            &next.words[0], &mr0, &mr1, &mr2, &mr3, SEL4_REPLY_ARGUMENT);
    seL4_StoreMRs(mr0, mr1, mr2, mr3);
    if (sender) *sender = badge;
    return next;
}

static inline seL4_MessageInfo_t seL4_ReplyRecvWithMRs(seL4_CPtr src, seL4_MessageInfo_t info,
                                                       seL4_Word *sender,
                                                       SEL4_MR_PARAMETERS SEL4_REPLY_PARAMETER)
{
    seL4_MessageInfo_t next;
    seL4_Word badge;
    SEL4_TAKE_MRS;
    seL4_SyscallSendReceive((seL4_Word)seL4_SysReplyRecv, src, &badge, info.words[0],
                            &next.words[0], &word0, &word1, &word2, &word3, SEL4_REPLY_ARGUMENT);
    SEL4_GIVE_MRS;
    if (sender) *sender = badge;
    return next;
}

#ifdef CONFIG_KERNEL_MCS
/* Waiting without a reply object: who calls cannot be answered. */
static inline seL4_MessageInfo_t seL4_Wait(seL4_CPtr src, seL4_Word *sender)
{
    return seL4_Receive((seL4_Word)seL4_SysWait, src, sender, 0);
}

static inline seL4_MessageInfo_t seL4_NBWait(seL4_CPtr src, seL4_Word *sender)
{
    return seL4_Receive((seL4_Word)seL4_SysNBWait, src, sender, 0);
}

static inline seL4_MessageInfo_t seL4_Poll(seL4_CPtr src, seL4_Word *sender)
{
    return seL4_NBWait(src, sender);
}

static inline seL4_MessageInfo_t seL4_WaitWithMRs(seL4_CPtr src, seL4_Word *sender,
                                                  SEL4_MR_PARAMETERS)
{
    seL4_MessageInfo_t info;
    seL4_Word badge, word0, word1, word2, word3;
    seL4_SyscallReceive((seL4_Word)seL4_SysWait, src, &badge, &info.words[0], &word0, &word1,
                        &word2, &word3, 0);
    SEL4_GIVE_MRS;
    if (sender) *sender = badge;
    return info;
}

static inline seL4_MessageInfo_t seL4_SendReceiveFrom(seL4_Word number, seL4_CPtr dest,
                                                      seL4_MessageInfo_t info, seL4_CPtr src,
                                                      seL4_Word *sender, seL4_CPtr reply)
{
    seL4_MessageInfo_t next;
    seL4_Word badge;
    seL4_Word words[4] = { seL4_GetMR(0), seL4_GetMR(1), seL4_GetMR(2), seL4_GetMR(3) };
    seL4_SyscallSendReceiveFrom(number, dest, src, &badge, info.words[0], &next.words[0], words,
                                reply);
    seL4_StoreMRs(words[0], words[1], words[2], words[3]);
    if (sender) *sender = badge;
    return next;
}

/* Sends to `dest`, then receives from `src`. */
static inline seL4_MessageInfo_t seL4_NBSendRecv(seL4_CPtr dest, seL4_MessageInfo_t info,
                                                 seL4_CPtr src, seL4_Word *sender, seL4_CPtr reply)
{
    return seL4_SendReceiveFrom((seL4_Word)seL4_SysNBSendRecv, dest, info, src, sender, reply);
}

/* Answers through the reply object `dest`, then waits for `src`. */
static inline seL4_MessageInfo_t seL4_NBSendWait(seL4_CPtr dest, seL4_MessageInfo_t info,
                                                 seL4_CPtr src, seL4_Word *sender)
{
    return seL4_SendReceiveFrom((seL4_Word)seL4_SysNBSendWait, 0, info, src, sender, dest);
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
    seL4_SyscallNull((seL4_Word)seL4_SysYield);
}

/* ---- Invocations: as Call, but the words of an error go into the IPC buffer, where seL4_GetMR
 * finds them; mr0 to mr3 go in and come out. ---- */

static inline seL4_Error seL4_Invoke(seL4_CPtr service, seL4_Word label, seL4_Word caps,
                                     seL4_Word length, SEL4_MR_PARAMETERS)
{
    seL4_MessageInfo_t answer, info = seL4_MessageInfo_new(label, 0, caps, length);
    seL4_SyscallSendReceive((seL4_Word)seL4_SysCall, service, &service, info.words[0],
                            &answer.words[0], mr0, mr1, mr2, mr3, 0);
    seL4_Error error = (seL4_Error)seL4_MessageInfo_get_label(answer);
    if (error != seL4_NoError) seL4_StoreMRs(*mr0, *mr1, *mr2, *mr3);
    return error;
}

/* ---- Debugging ---- */

static inline seL4_Word seL4_DebugCall(seL4_Word number, seL4_Word argument)
{
    seL4_Word info, mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_SyscallSendReceive(number, argument, &argument, 0, &info, &mr0, &mr1, &mr2, &mr3, 0);
    return argument;
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
    seL4_SyscallNull((seL4_Word)seL4_SysDebugHalt);
}

static inline void seL4_DebugSnapshot(void)
{
    seL4_SyscallNull((seL4_Word)seL4_SysDebugSnapshot);
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
    seL4_SyscallPlain((seL4_Word)seL4_SysSetTLSBase, tls_base, 0);
}
#endif

#endif
