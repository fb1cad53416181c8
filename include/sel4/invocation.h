/* SPDX-License-Identifier: BSD-2-Clause */
/* Labels of the invocations.
 * Generated from kernel/tables/invocations.def by `make headers`. */
/* clang-format off */
#ifndef SEL4_INVOCATION_H
#define SEL4_INVOCATION_H

enum invocation_label {
    InvalidInvocation,
    UntypedRetype,
    TCBReadRegisters,
    TCBWriteRegisters,
    TCBCopyRegisters,
#ifndef CONFIG_KERNEL_MCS
    TCBConfigure,
#endif
#ifdef CONFIG_KERNEL_MCS
    TCBConfigure,
#endif
    TCBSetPriority,
    TCBSetMCPriority,
#ifndef CONFIG_KERNEL_MCS
    TCBSetSchedParams,
#endif
#ifdef CONFIG_KERNEL_MCS
    TCBSetSchedParams,
    TCBSetTimeoutEndpoint,
#endif
    TCBSetIPCBuffer,
#ifndef CONFIG_KERNEL_MCS
    TCBSetSpace,
#endif
#ifdef CONFIG_KERNEL_MCS
    TCBSetSpace,
#endif
    TCBSuspend,
    TCBResume,
    TCBBindNotification,
    TCBUnbindNotification,
#ifdef CONFIG_HARDWARE_DEBUG_API
    TCBSetBreakpoint,
    TCBGetBreakpoint,
    TCBUnsetBreakpoint,
    TCBConfigureSingleStepping,
#endif
    TCBSetTLSBase,
    TCBSetFlags,
    CNodeRevoke,
    CNodeDelete,
    CNodeCancelBadgedSends,
    CNodeCopy,
    CNodeMint,
    CNodeMove,
    CNodeMutate,
    CNodeRotate,
#ifndef CONFIG_KERNEL_MCS
    CNodeSaveCaller,
#endif
    IRQIssueIRQHandler,
    IRQAckIRQ,
    IRQSetIRQHandler,
    IRQClearIRQHandler,
    DomainSetSet,
    DomainScheduleConfigure,
    DomainScheduleSetStart,
#ifdef CONFIG_KERNEL_MCS
    SchedControlConfigureFlags,
    SchedContextBind,
    SchedContextUnbind,
    SchedContextUnbindObject,
    SchedContextConsumed,
    SchedContextYieldTo,
#endif
    X86PDPTMap,
    X86PDPTUnmap,
    X86PageDirectoryMap,
    X86PageDirectoryUnmap,
    X86PageTableMap,
    X86PageTableUnmap,
    X86PageMap,
    X86PageUnmap,
    X86PageGetAddress,
    X86ASIDControlMakePool,
    X86ASIDPoolAssign,
    X86IOPortControlIssue,
    X86IOPortIn8,
    X86IOPortIn16,
    X86IOPortIn32,
    X86IOPortOut8,
    X86IOPortOut16,
    X86IOPortOut32,
    X86IRQIssueIRQHandlerIOAPIC,
    X86IRQIssueIRQHandlerMSI,
    nArchInvocationLabels
};

#endif
/* clang-format on */
