/* SPDX-License-Identifier: BSD-2-Clause */
/* Fault messages: labels, and which message register holds what.
 * Generated from kernel/tables/faults.def by `make headers`. */
/* clang-format off */
#ifndef SEL4_FAULTS_H
#define SEL4_FAULTS_H

#include <sel4/functions.h>
#include <sel4/types.h>

typedef enum {
    seL4_Fault_NullFault = 0,
#ifdef CONFIG_KERNEL_MCS
    seL4_Fault_CapFault = 1,
    seL4_Fault_UnknownSyscall = 2,
    seL4_Fault_UserException = 3,
    seL4_Fault_VMFault = 6,
    seL4_Fault_DebugException = 4,
    seL4_Fault_Timeout = 5,
#else
    seL4_Fault_CapFault = 1,
    seL4_Fault_UnknownSyscall = 2,
    seL4_Fault_UserException = 3,
    seL4_Fault_VMFault = 5,
    seL4_Fault_DebugException = 4,
#endif
} seL4_FaultType_t;
typedef seL4_FaultType_t seL4_Fault_tag_t;

typedef enum {
    seL4_CapFault_IP, /* the system call instruction */
    seL4_CapFault_Addr, /* the CPtr that was looked up */
    seL4_CapFault_InRecvPhase, /* 0 while sending, 1 while receiving */
    seL4_CapFault_LookupFailureType, /* why the lookup failed */
    seL4_CapFault_BitsLeft,
    seL4_CapFault_DepthMismatch_BitsFound = seL4_CapFault_BitsLeft + 1,
    seL4_CapFault_GuardMismatch_GuardFound = seL4_CapFault_BitsLeft + 1,
    seL4_CapFault_GuardMismatch_BitsFound = seL4_CapFault_BitsLeft + 2,
} seL4_CapFault_Msg;

typedef enum {
    seL4_UnknownSyscall_RAX, /* where Linux programs put the number */
    seL4_UnknownSyscall_RBX,
    seL4_UnknownSyscall_RCX, /* stale: from the last full save */
    seL4_UnknownSyscall_RDX, /* where seL4 looks for the number */
    seL4_UnknownSyscall_RSI,
    seL4_UnknownSyscall_RDI,
    seL4_UnknownSyscall_RBP,
    seL4_UnknownSyscall_R8,
    seL4_UnknownSyscall_R9,
    seL4_UnknownSyscall_R10,
    seL4_UnknownSyscall_R11, /* stale: from the last full save */
    seL4_UnknownSyscall_R12,
    seL4_UnknownSyscall_R13,
    seL4_UnknownSyscall_R14,
    seL4_UnknownSyscall_R15,
    seL4_UnknownSyscall_FaultIP, /* the instruction; +2 is the next one */
    seL4_UnknownSyscall_SP, /* stale: from the last full save */
    seL4_UnknownSyscall_FLAGS,
    seL4_UnknownSyscall_Syscall, /* the number that seL4 does not know */
    seL4_UnknownSyscall_Length,
} seL4_UnknownSyscall_Msg;

typedef enum {
    seL4_UserException_FaultIP, /* the instruction (a trap: the next one) */
    seL4_UserException_SP, /* the stack pointer */
    seL4_UserException_FLAGS, /* the flags */
    seL4_UserException_Number, /* the processor's vector */
    seL4_UserException_Code, /* the processor's error code */
    seL4_UserException_Length,
} seL4_UserException_Msg;

typedef enum {
    seL4_VMFault_IP, /* the instruction that faulted */
    seL4_VMFault_Addr, /* the address it wanted */
    seL4_VMFault_PrefetchFault, /* 1 if it wanted an instruction (0 here always: no NX) */
    seL4_VMFault_FSR, /* the processor's error code: 1 present, 2 write, 4 user */
    seL4_VMFault_Length,
} seL4_VMFault_Msg;

#ifdef CONFIG_HARDWARE_DEBUG_API
typedef enum {
    seL4_DebugException_FaultIP, /* where it stopped */
    seL4_DebugException_ExceptionReason, /* 0 data, 1 instruction, 2 single step, 3 software break */
    seL4_DebugException_TriggerAddress, /* the address that is watched */
    seL4_DebugException_BreakpointNumber, /* which breakpoint */
    seL4_DebugException_Length,
} seL4_DebugException_Msg;
#endif

#ifdef CONFIG_KERNEL_MCS
typedef enum {
    seL4_Timeout_Data, /* the badge of the scheduling context */
    seL4_Timeout_Consumed, /* microseconds used */
    seL4_Timeout_Length,
} seL4_Timeout_Msg;
#endif

/* A message taken out of the IPC buffer: its label, then its words. */
typedef struct seL4_Fault {
    seL4_Word words[20];
} seL4_Fault_t;

static inline seL4_Fault_t seL4_getFault(seL4_MessageInfo_t tag)
{
    seL4_Fault_t fault = { { seL4_MessageInfo_get_label(tag) } };
    for (int i = 0; i < 19; i++) fault.words[i + 1] = seL4_GetMR(i);
    return fault;
}

static inline seL4_Word seL4_Fault_get_seL4_FaultType(seL4_Fault_t fault)
{ return fault.words[0]; }
static inline seL4_Bool seL4_isNullFault_tag(seL4_MessageInfo_t tag)
{ return seL4_MessageInfo_get_label(tag) == seL4_Fault_NullFault; }

static inline seL4_Bool seL4_isCapFault_tag(seL4_MessageInfo_t tag)
{ return seL4_MessageInfo_get_label(tag) == seL4_Fault_CapFault; }
static inline seL4_Word seL4_Fault_CapFault_get_IP(seL4_Fault_t fault)
{ return fault.words[1]; }
static inline seL4_Word seL4_Fault_CapFault_get_Addr(seL4_Fault_t fault)
{ return fault.words[2]; }
static inline seL4_Word seL4_Fault_CapFault_get_InRecvPhase(seL4_Fault_t fault)
{ return fault.words[3]; }
static inline seL4_Word seL4_Fault_CapFault_get_LookupFailureType(seL4_Fault_t fault)
{ return fault.words[4]; }
static inline seL4_Word seL4_Fault_CapFault_get_MR4(seL4_Fault_t fault)
{ return fault.words[5]; }
static inline seL4_Word seL4_Fault_CapFault_get_MR5(seL4_Fault_t fault)
{ return fault.words[6]; }
static inline seL4_Word seL4_Fault_CapFault_get_MR6(seL4_Fault_t fault)
{ return fault.words[7]; }

static inline seL4_Bool seL4_isUnknownSyscall_tag(seL4_MessageInfo_t tag)
{ return seL4_MessageInfo_get_label(tag) == seL4_Fault_UnknownSyscall; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_RAX(seL4_Fault_t fault)
{ return fault.words[1]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_RBX(seL4_Fault_t fault)
{ return fault.words[2]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_RCX(seL4_Fault_t fault)
{ return fault.words[3]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_RDX(seL4_Fault_t fault)
{ return fault.words[4]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_RSI(seL4_Fault_t fault)
{ return fault.words[5]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_RDI(seL4_Fault_t fault)
{ return fault.words[6]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_RBP(seL4_Fault_t fault)
{ return fault.words[7]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_R8(seL4_Fault_t fault)
{ return fault.words[8]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_R9(seL4_Fault_t fault)
{ return fault.words[9]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_R10(seL4_Fault_t fault)
{ return fault.words[10]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_R11(seL4_Fault_t fault)
{ return fault.words[11]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_R12(seL4_Fault_t fault)
{ return fault.words[12]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_R13(seL4_Fault_t fault)
{ return fault.words[13]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_R14(seL4_Fault_t fault)
{ return fault.words[14]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_R15(seL4_Fault_t fault)
{ return fault.words[15]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_FaultIP(seL4_Fault_t fault)
{ return fault.words[16]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_RSP(seL4_Fault_t fault)
{ return fault.words[17]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_FLAGS(seL4_Fault_t fault)
{ return fault.words[18]; }
static inline seL4_Word seL4_Fault_UnknownSyscall_get_Syscall(seL4_Fault_t fault)
{ return fault.words[19]; }

static inline seL4_Bool seL4_isUserException_tag(seL4_MessageInfo_t tag)
{ return seL4_MessageInfo_get_label(tag) == seL4_Fault_UserException; }
static inline seL4_Word seL4_Fault_UserException_get_FaultIP(seL4_Fault_t fault)
{ return fault.words[1]; }
static inline seL4_Word seL4_Fault_UserException_get_Stack(seL4_Fault_t fault)
{ return fault.words[2]; }
static inline seL4_Word seL4_Fault_UserException_get_FLAGS(seL4_Fault_t fault)
{ return fault.words[3]; }
static inline seL4_Word seL4_Fault_UserException_get_Number(seL4_Fault_t fault)
{ return fault.words[4]; }
static inline seL4_Word seL4_Fault_UserException_get_Code(seL4_Fault_t fault)
{ return fault.words[5]; }

static inline seL4_Bool seL4_isVMFault_tag(seL4_MessageInfo_t tag)
{ return seL4_MessageInfo_get_label(tag) == seL4_Fault_VMFault; }
static inline seL4_Word seL4_Fault_VMFault_get_IP(seL4_Fault_t fault)
{ return fault.words[1]; }
static inline seL4_Word seL4_Fault_VMFault_get_Addr(seL4_Fault_t fault)
{ return fault.words[2]; }
static inline seL4_Word seL4_Fault_VMFault_get_PrefetchFault(seL4_Fault_t fault)
{ return fault.words[3]; }
static inline seL4_Word seL4_Fault_VMFault_get_FSR(seL4_Fault_t fault)
{ return fault.words[4]; }

#ifdef CONFIG_HARDWARE_DEBUG_API
static inline seL4_Bool seL4_isDebugException_tag(seL4_MessageInfo_t tag)
{ return seL4_MessageInfo_get_label(tag) == seL4_Fault_DebugException; }
static inline seL4_Word seL4_Fault_DebugException_get_FaultIP(seL4_Fault_t fault)
{ return fault.words[1]; }
static inline seL4_Word seL4_Fault_DebugException_get_ExceptionReason(seL4_Fault_t fault)
{ return fault.words[2]; }
static inline seL4_Word seL4_Fault_DebugException_get_TriggerAddress(seL4_Fault_t fault)
{ return fault.words[3]; }
static inline seL4_Word seL4_Fault_DebugException_get_BreakpointNumber(seL4_Fault_t fault)
{ return fault.words[4]; }
#endif

#ifdef CONFIG_KERNEL_MCS
static inline seL4_Bool seL4_isTimeoutFault_tag(seL4_MessageInfo_t tag)
{ return seL4_MessageInfo_get_label(tag) == seL4_Fault_Timeout; }
static inline seL4_Word seL4_Fault_Timeout_get_data(seL4_Fault_t fault)
{ return fault.words[1]; }
static inline seL4_Word seL4_Fault_Timeout_get_consumed(seL4_Fault_t fault)
{ return fault.words[2]; }
#endif


#endif
/* clang-format on */
