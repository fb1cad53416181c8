/* SPDX-License-Identifier: BSD-2-Clause */
/* The invocations as C functions.
 * Generated from kernel/tables/invocations.def by `make headers`. */
/* clang-format off */
#ifndef SEL4_INTERFACES_H
#define SEL4_INTERFACES_H

#include <sel4/functions.h>
#include <sel4/invocation.h>
#include <sel4/syscalls.h>
#include <sel4/types.h>

static inline seL4_Error
seL4_Untyped_Retype(seL4_Untyped _service, seL4_Word type, seL4_Word size_bits, seL4_CNode root, seL4_Word node_index, seL4_Word node_depth, seL4_Word node_offset, seL4_Word num_objects)
{
    seL4_Word mr0 = type, mr1 = size_bits, mr2 = node_index, mr3 = node_depth;
    seL4_SetCap(0, root);
    seL4_SetMR(4, node_offset);
    seL4_SetMR(5, num_objects);
    return seL4_Invoke(_service, UntypedRetype, 1, 6, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_TCB_ReadRegisters(seL4_TCB _service, seL4_Bool suspend_source, seL4_Uint8 arch_flags, seL4_Word count, seL4_UserContext *regs)
{
    seL4_Word mr0 = ((seL4_Word)suspend_source & 0x1) | ((seL4_Word)arch_flags & 0xff) << 8, mr1 = count, mr2 = 0, mr3 = 0;
    seL4_Error error = seL4_Invoke(_service, TCBReadRegisters, 0, 2, &mr0, &mr1, &mr2, &mr3);
    if (error != seL4_NoError) return error;
    seL4_Word *to = (seL4_Word *)regs;
    to[0] = mr0;
    to[1] = mr1;
    to[2] = mr2;
    to[3] = mr3;
    for (seL4_Word i = 4; i < count; i++) to[i] = seL4_GetMR((int)i);
    return error;
}

static inline seL4_Error
seL4_TCB_WriteRegisters(seL4_TCB _service, seL4_Bool resume_target, seL4_Uint8 arch_flags, seL4_Word count, seL4_UserContext *regs)
{
    seL4_Word mr0 = ((seL4_Word)resume_target & 0x1) | ((seL4_Word)arch_flags & 0xff) << 8, mr1 = count, mr2 = ((const seL4_Word *)regs)[0], mr3 = ((const seL4_Word *)regs)[1];
    const seL4_Word *from = (const seL4_Word *)regs;
    for (seL4_Word i = 2; i < count; i++) seL4_SetMR((int)i + 2, from[i]);
    return seL4_Invoke(_service, TCBWriteRegisters, 0, 22, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_TCB_CopyRegisters(seL4_TCB _service, seL4_TCB source, seL4_Bool suspend_source, seL4_Bool resume_target, seL4_Bool transfer_frame, seL4_Bool transfer_integer, seL4_Uint8 arch_flags)
{
    seL4_Word mr0 = ((seL4_Word)suspend_source & 0x1) | ((seL4_Word)resume_target & 0x1) << 1 | ((seL4_Word)transfer_frame & 0x1) << 2 | ((seL4_Word)transfer_integer & 0x1) << 3 | ((seL4_Word)arch_flags & 0xff) << 8, mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, source);
    return seL4_Invoke(_service, TCBCopyRegisters, 1, 1, &mr0, &mr1, &mr2, &mr3);
}

#ifndef CONFIG_KERNEL_MCS
static inline seL4_Error
seL4_TCB_Configure(seL4_TCB _service, seL4_Word fault_ep, seL4_CNode cspace_root, seL4_Word cspace_root_data, seL4_CPtr vspace_root, seL4_Word vspace_root_data, seL4_Word buffer, seL4_CPtr bufferFrame)
{
    seL4_Word mr0 = fault_ep, mr1 = cspace_root_data, mr2 = vspace_root_data, mr3 = buffer;
    seL4_SetCap(0, cspace_root);
    seL4_SetCap(1, vspace_root);
    seL4_SetCap(2, bufferFrame);
    return seL4_Invoke(_service, TCBConfigure, 3, 4, &mr0, &mr1, &mr2, &mr3);
}
#endif

#ifdef CONFIG_KERNEL_MCS
static inline seL4_Error
seL4_TCB_Configure(seL4_TCB _service, seL4_CNode cspace_root, seL4_Word cspace_root_data, seL4_CPtr vspace_root, seL4_Word vspace_root_data, seL4_Word buffer, seL4_CPtr bufferFrame)
{
    seL4_Word mr0 = cspace_root_data, mr1 = vspace_root_data, mr2 = buffer, mr3 = 0;
    seL4_SetCap(0, cspace_root);
    seL4_SetCap(1, vspace_root);
    seL4_SetCap(2, bufferFrame);
    return seL4_Invoke(_service, TCBConfigure, 3, 3, &mr0, &mr1, &mr2, &mr3);
}
#endif

static inline seL4_Error
seL4_TCB_SetPriority(seL4_TCB _service, seL4_TCB authority, seL4_Word priority)
{
    seL4_Word mr0 = priority, mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, authority);
    return seL4_Invoke(_service, TCBSetPriority, 1, 1, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_TCB_SetMCPriority(seL4_TCB _service, seL4_TCB authority, seL4_Word mcp)
{
    seL4_Word mr0 = mcp, mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, authority);
    return seL4_Invoke(_service, TCBSetMCPriority, 1, 1, &mr0, &mr1, &mr2, &mr3);
}

#ifndef CONFIG_KERNEL_MCS
static inline seL4_Error
seL4_TCB_SetSchedParams(seL4_TCB _service, seL4_TCB authority, seL4_Word mcp, seL4_Word priority)
{
    seL4_Word mr0 = mcp, mr1 = priority, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, authority);
    return seL4_Invoke(_service, TCBSetSchedParams, 1, 2, &mr0, &mr1, &mr2, &mr3);
}
#endif

#ifdef CONFIG_KERNEL_MCS
static inline seL4_Error
seL4_TCB_SetSchedParams(seL4_TCB _service, seL4_TCB authority, seL4_Word mcp, seL4_Word priority, seL4_CPtr sched_context, seL4_CPtr fault_ep)
{
    seL4_Word mr0 = mcp, mr1 = priority, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, authority);
    seL4_SetCap(1, sched_context);
    seL4_SetCap(2, fault_ep);
    return seL4_Invoke(_service, TCBSetSchedParams, 3, 2, &mr0, &mr1, &mr2, &mr3);
}
#endif

#ifdef CONFIG_KERNEL_MCS
static inline seL4_Error
seL4_TCB_SetTimeoutEndpoint(seL4_TCB _service, seL4_CPtr timeout_fault_ep)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, timeout_fault_ep);
    return seL4_Invoke(_service, TCBSetTimeoutEndpoint, 1, 0, &mr0, &mr1, &mr2, &mr3);
}
#endif

static inline seL4_Error
seL4_TCB_SetIPCBuffer(seL4_TCB _service, seL4_Word buffer, seL4_CPtr bufferFrame)
{
    seL4_Word mr0 = buffer, mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, bufferFrame);
    return seL4_Invoke(_service, TCBSetIPCBuffer, 1, 1, &mr0, &mr1, &mr2, &mr3);
}

#ifndef CONFIG_KERNEL_MCS
static inline seL4_Error
seL4_TCB_SetSpace(seL4_TCB _service, seL4_Word fault_ep, seL4_CNode cspace_root, seL4_Word cspace_root_data, seL4_CPtr vspace_root, seL4_Word vspace_root_data)
{
    seL4_Word mr0 = fault_ep, mr1 = cspace_root_data, mr2 = vspace_root_data, mr3 = 0;
    seL4_SetCap(0, cspace_root);
    seL4_SetCap(1, vspace_root);
    return seL4_Invoke(_service, TCBSetSpace, 2, 3, &mr0, &mr1, &mr2, &mr3);
}
#endif

#ifdef CONFIG_KERNEL_MCS
static inline seL4_Error
seL4_TCB_SetSpace(seL4_TCB _service, seL4_CPtr fault_ep, seL4_CNode cspace_root, seL4_Word cspace_root_data, seL4_CPtr vspace_root, seL4_Word vspace_root_data)
{
    seL4_Word mr0 = cspace_root_data, mr1 = vspace_root_data, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, fault_ep);
    seL4_SetCap(1, cspace_root);
    seL4_SetCap(2, vspace_root);
    return seL4_Invoke(_service, TCBSetSpace, 3, 2, &mr0, &mr1, &mr2, &mr3);
}
#endif

static inline seL4_Error
seL4_TCB_Suspend(seL4_TCB _service)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, TCBSuspend, 0, 0, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_TCB_Resume(seL4_TCB _service)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, TCBResume, 0, 0, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_TCB_BindNotification(seL4_TCB _service, seL4_CPtr notification)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, notification);
    return seL4_Invoke(_service, TCBBindNotification, 1, 0, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_TCB_UnbindNotification(seL4_TCB _service)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, TCBUnbindNotification, 0, 0, &mr0, &mr1, &mr2, &mr3);
}

#ifdef CONFIG_HARDWARE_DEBUG_API
static inline seL4_Error
seL4_TCB_SetBreakpoint(seL4_TCB _service, seL4_Uint16 bp_num, seL4_Word vaddr, seL4_Word type, seL4_Word size, seL4_Word rw)
{
    seL4_Word mr0 = ((seL4_Word)bp_num & 0xffff), mr1 = vaddr, mr2 = type, mr3 = size;
    seL4_SetMR(4, rw);
    return seL4_Invoke(_service, TCBSetBreakpoint, 0, 5, &mr0, &mr1, &mr2, &mr3);
}
#endif

#ifdef CONFIG_HARDWARE_DEBUG_API
typedef struct seL4_TCB_GetBreakpoint {
    int error;
    seL4_Word vaddr;
    seL4_Word type;
    seL4_Word size;
    seL4_Word rw;
    seL4_Bool is_enabled;
} seL4_TCB_GetBreakpoint_t;
static inline seL4_TCB_GetBreakpoint_t
seL4_TCB_GetBreakpoint(seL4_TCB _service, seL4_Uint16 bp_num)
{
    seL4_Word mr0 = ((seL4_Word)bp_num & 0xffff), mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_TCB_GetBreakpoint_t result = { .error = 0 };
    result.error = (int)seL4_Invoke(_service, TCBGetBreakpoint, 0, 1, &mr0, &mr1, &mr2, &mr3);
    if (result.error != seL4_NoError) return result;
    result.vaddr = mr0;
    result.type = mr1;
    result.size = mr2;
    result.rw = mr3;
    result.is_enabled = (seL4_Bool)(seL4_GetMR(4) >> 0 & 0x1);
    return result;
}
#endif

#ifdef CONFIG_HARDWARE_DEBUG_API
static inline seL4_Error
seL4_TCB_UnsetBreakpoint(seL4_TCB _service, seL4_Uint16 bp_num)
{
    seL4_Word mr0 = ((seL4_Word)bp_num & 0xffff), mr1 = 0, mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, TCBUnsetBreakpoint, 0, 1, &mr0, &mr1, &mr2, &mr3);
}
#endif

#ifdef CONFIG_HARDWARE_DEBUG_API
typedef struct seL4_TCB_ConfigureSingleStepping {
    int error;
    seL4_Bool bp_was_consumed;
} seL4_TCB_ConfigureSingleStepping_t;
static inline seL4_TCB_ConfigureSingleStepping_t
seL4_TCB_ConfigureSingleStepping(seL4_TCB _service, seL4_Uint16 bp_num, seL4_Word num_instructions)
{
    seL4_Word mr0 = ((seL4_Word)bp_num & 0xffff), mr1 = num_instructions, mr2 = 0, mr3 = 0;
    seL4_TCB_ConfigureSingleStepping_t result = { .error = 0 };
    result.error = (int)seL4_Invoke(_service, TCBConfigureSingleStepping, 0, 2, &mr0, &mr1, &mr2, &mr3);
    if (result.error != seL4_NoError) return result;
    result.bp_was_consumed = (seL4_Bool)(mr0 >> 0 & 0x1);
    return result;
}
#endif

static inline seL4_Error
seL4_TCB_SetTLSBase(seL4_TCB _service, seL4_Word tls_base)
{
    seL4_Word mr0 = tls_base, mr1 = 0, mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, TCBSetTLSBase, 0, 1, &mr0, &mr1, &mr2, &mr3);
}

typedef struct seL4_TCB_SetFlags {
    int error;
    seL4_Word flags;
} seL4_TCB_SetFlags_t;
static inline seL4_TCB_SetFlags_t
seL4_TCB_SetFlags(seL4_TCB _service, seL4_Word clear, seL4_Word set)
{
    seL4_Word mr0 = clear, mr1 = set, mr2 = 0, mr3 = 0;
    seL4_TCB_SetFlags_t result = { .error = 0 };
    result.error = (int)seL4_Invoke(_service, TCBSetFlags, 0, 2, &mr0, &mr1, &mr2, &mr3);
    if (result.error != seL4_NoError) return result;
    result.flags = mr0;
    return result;
}

static inline seL4_Error
seL4_CNode_Revoke(seL4_CNode _service, seL4_Word index, seL4_Uint8 depth)
{
    seL4_Word mr0 = index, mr1 = ((seL4_Word)depth & 0xff), mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, CNodeRevoke, 0, 2, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_CNode_Delete(seL4_CNode _service, seL4_Word index, seL4_Uint8 depth)
{
    seL4_Word mr0 = index, mr1 = ((seL4_Word)depth & 0xff), mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, CNodeDelete, 0, 2, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_CNode_CancelBadgedSends(seL4_CNode _service, seL4_Word index, seL4_Uint8 depth)
{
    seL4_Word mr0 = index, mr1 = ((seL4_Word)depth & 0xff), mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, CNodeCancelBadgedSends, 0, 2, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_CNode_Copy(seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth, seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth, seL4_CapRights_t rights)
{
    seL4_Word mr0 = dest_index, mr1 = ((seL4_Word)dest_depth & 0xff), mr2 = src_index, mr3 = ((seL4_Word)src_depth & 0xff);
    seL4_SetCap(0, src_root);
    seL4_SetMR(4, rights.words[0]);
    return seL4_Invoke(_service, CNodeCopy, 1, 5, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_CNode_Mint(seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth, seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth, seL4_CapRights_t rights, seL4_Word badge)
{
    seL4_Word mr0 = dest_index, mr1 = ((seL4_Word)dest_depth & 0xff), mr2 = src_index, mr3 = ((seL4_Word)src_depth & 0xff);
    seL4_SetCap(0, src_root);
    seL4_SetMR(4, rights.words[0]);
    seL4_SetMR(5, badge);
    return seL4_Invoke(_service, CNodeMint, 1, 6, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_CNode_Move(seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth, seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth)
{
    seL4_Word mr0 = dest_index, mr1 = ((seL4_Word)dest_depth & 0xff), mr2 = src_index, mr3 = ((seL4_Word)src_depth & 0xff);
    seL4_SetCap(0, src_root);
    return seL4_Invoke(_service, CNodeMove, 1, 4, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_CNode_Mutate(seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth, seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth, seL4_Word badge)
{
    seL4_Word mr0 = dest_index, mr1 = ((seL4_Word)dest_depth & 0xff), mr2 = src_index, mr3 = ((seL4_Word)src_depth & 0xff);
    seL4_SetCap(0, src_root);
    seL4_SetMR(4, badge);
    return seL4_Invoke(_service, CNodeMutate, 1, 5, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_CNode_Rotate(seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth, seL4_Word dest_badge, seL4_CNode pivot_root, seL4_Word pivot_index, seL4_Uint8 pivot_depth, seL4_Word pivot_badge, seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth)
{
    seL4_Word mr0 = dest_index, mr1 = ((seL4_Word)dest_depth & 0xff), mr2 = dest_badge, mr3 = pivot_index;
    seL4_SetCap(0, pivot_root);
    seL4_SetCap(1, src_root);
    seL4_SetMR(4, ((seL4_Word)pivot_depth & 0xff));
    seL4_SetMR(5, pivot_badge);
    seL4_SetMR(6, src_index);
    seL4_SetMR(7, ((seL4_Word)src_depth & 0xff));
    return seL4_Invoke(_service, CNodeRotate, 2, 8, &mr0, &mr1, &mr2, &mr3);
}

#ifndef CONFIG_KERNEL_MCS
static inline seL4_Error
seL4_CNode_SaveCaller(seL4_CNode _service, seL4_Word index, seL4_Uint8 depth)
{
    seL4_Word mr0 = index, mr1 = ((seL4_Word)depth & 0xff), mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, CNodeSaveCaller, 0, 2, &mr0, &mr1, &mr2, &mr3);
}
#endif

static inline seL4_Error
seL4_IRQControl_Get(seL4_IRQControl _service, seL4_Word irq, seL4_CNode root, seL4_Word index, seL4_Uint8 depth)
{
    seL4_Word mr0 = irq, mr1 = index, mr2 = ((seL4_Word)depth & 0xff), mr3 = 0;
    seL4_SetCap(0, root);
    return seL4_Invoke(_service, IRQIssueIRQHandler, 1, 3, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_IRQHandler_Ack(seL4_IRQHandler _service)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, IRQAckIRQ, 0, 0, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_IRQHandler_SetNotification(seL4_IRQHandler _service, seL4_CPtr notification)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, notification);
    return seL4_Invoke(_service, IRQSetIRQHandler, 1, 0, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_IRQHandler_Clear(seL4_IRQHandler _service)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, IRQClearIRQHandler, 0, 0, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_DomainSet_Set(seL4_DomainSet _service, seL4_Uint8 domain, seL4_TCB thread)
{
    seL4_Word mr0 = ((seL4_Word)domain & 0xff), mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, thread);
    return seL4_Invoke(_service, DomainSetSet, 1, 1, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_DomainSet_ScheduleConfigure(seL4_DomainSet _service, seL4_Word index, seL4_Uint8 domain, seL4_Time duration)
{
    seL4_Word mr0 = index, mr1 = ((seL4_Word)domain & 0xff), mr2 = duration, mr3 = 0;
    return seL4_Invoke(_service, DomainScheduleConfigure, 0, 3, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_DomainSet_ScheduleSetStart(seL4_DomainSet _service, seL4_Word index)
{
    seL4_Word mr0 = index, mr1 = 0, mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, DomainScheduleSetStart, 0, 1, &mr0, &mr1, &mr2, &mr3);
}

#ifdef CONFIG_KERNEL_MCS
static inline seL4_Error
seL4_SchedControl_ConfigureFlags(seL4_SchedControl _service, seL4_SchedContext schedcontext, seL4_Time budget, seL4_Time period, seL4_Word extra_refills, seL4_Word badge, seL4_Word flags)
{
    seL4_Word mr0 = budget, mr1 = period, mr2 = extra_refills, mr3 = badge;
    seL4_SetCap(0, schedcontext);
    seL4_SetMR(4, flags);
    return seL4_Invoke(_service, SchedControlConfigureFlags, 1, 5, &mr0, &mr1, &mr2, &mr3);
}
#endif

#ifdef CONFIG_KERNEL_MCS
static inline seL4_Error
seL4_SchedContext_Bind(seL4_SchedContext _service, seL4_CPtr cap)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, cap);
    return seL4_Invoke(_service, SchedContextBind, 1, 0, &mr0, &mr1, &mr2, &mr3);
}
#endif

#ifdef CONFIG_KERNEL_MCS
static inline seL4_Error
seL4_SchedContext_Unbind(seL4_SchedContext _service)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, SchedContextUnbind, 0, 0, &mr0, &mr1, &mr2, &mr3);
}
#endif

#ifdef CONFIG_KERNEL_MCS
static inline seL4_Error
seL4_SchedContext_UnbindObject(seL4_SchedContext _service, seL4_CPtr cap)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, cap);
    return seL4_Invoke(_service, SchedContextUnbindObject, 1, 0, &mr0, &mr1, &mr2, &mr3);
}
#endif

#ifdef CONFIG_KERNEL_MCS
typedef struct seL4_SchedContext_Consumed {
    int error;
    seL4_Time consumed;
} seL4_SchedContext_Consumed_t;
static inline seL4_SchedContext_Consumed_t
seL4_SchedContext_Consumed(seL4_SchedContext _service)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_SchedContext_Consumed_t result = { .error = 0 };
    result.error = (int)seL4_Invoke(_service, SchedContextConsumed, 0, 0, &mr0, &mr1, &mr2, &mr3);
    if (result.error != seL4_NoError) return result;
    result.consumed = mr0;
    return result;
}
#endif

#ifdef CONFIG_KERNEL_MCS
typedef struct seL4_SchedContext_YieldTo {
    int error;
    seL4_Time consumed;
} seL4_SchedContext_YieldTo_t;
static inline seL4_SchedContext_YieldTo_t
seL4_SchedContext_YieldTo(seL4_SchedContext _service)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_SchedContext_YieldTo_t result = { .error = 0 };
    result.error = (int)seL4_Invoke(_service, SchedContextYieldTo, 0, 0, &mr0, &mr1, &mr2, &mr3);
    if (result.error != seL4_NoError) return result;
    result.consumed = mr0;
    return result;
}
#endif

static inline seL4_Error
seL4_X86_PDPT_Map(seL4_X86_PDPT _service, seL4_X64_PML4 pml4, seL4_Word vaddr, seL4_X86_VMAttributes attr)
{
    seL4_Word mr0 = vaddr, mr1 = attr, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, pml4);
    return seL4_Invoke(_service, X86PDPTMap, 1, 2, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_X86_PDPT_Unmap(seL4_X86_PDPT _service)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, X86PDPTUnmap, 0, 0, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_X86_PageDirectory_Map(seL4_X86_PageDirectory _service, seL4_CPtr vspace, seL4_Word vaddr, seL4_X86_VMAttributes attr)
{
    seL4_Word mr0 = vaddr, mr1 = attr, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, vspace);
    return seL4_Invoke(_service, X86PageDirectoryMap, 1, 2, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_X86_PageDirectory_Unmap(seL4_X86_PageDirectory _service)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, X86PageDirectoryUnmap, 0, 0, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_X86_PageTable_Map(seL4_X86_PageTable _service, seL4_CPtr vspace, seL4_Word vaddr, seL4_X86_VMAttributes attr)
{
    seL4_Word mr0 = vaddr, mr1 = attr, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, vspace);
    return seL4_Invoke(_service, X86PageTableMap, 1, 2, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_X86_PageTable_Unmap(seL4_X86_PageTable _service)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, X86PageTableUnmap, 0, 0, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_X86_Page_Map(seL4_X86_Page _service, seL4_CPtr vspace, seL4_Word vaddr, seL4_CapRights_t rights, seL4_X86_VMAttributes attr)
{
    seL4_Word mr0 = vaddr, mr1 = rights.words[0], mr2 = attr, mr3 = 0;
    seL4_SetCap(0, vspace);
    return seL4_Invoke(_service, X86PageMap, 1, 3, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_X86_Page_Unmap(seL4_X86_Page _service)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, X86PageUnmap, 0, 0, &mr0, &mr1, &mr2, &mr3);
}

typedef struct seL4_X86_Page_GetAddress {
    int error;
    seL4_Word paddr;
} seL4_X86_Page_GetAddress_t;
static inline seL4_X86_Page_GetAddress_t
seL4_X86_Page_GetAddress(seL4_X86_Page _service)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_X86_Page_GetAddress_t result = { .error = 0 };
    result.error = (int)seL4_Invoke(_service, X86PageGetAddress, 0, 0, &mr0, &mr1, &mr2, &mr3);
    if (result.error != seL4_NoError) return result;
    result.paddr = mr0;
    return result;
}

static inline seL4_Error
seL4_X86_ASIDControl_MakePool(seL4_X86_ASIDControl _service, seL4_Untyped untyped, seL4_CNode root, seL4_Word index, seL4_Uint8 depth)
{
    seL4_Word mr0 = index, mr1 = ((seL4_Word)depth & 0xff), mr2 = 0, mr3 = 0;
    seL4_SetCap(0, untyped);
    seL4_SetCap(1, root);
    return seL4_Invoke(_service, X86ASIDControlMakePool, 2, 2, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_X86_ASIDPool_Assign(seL4_X86_ASIDPool _service, seL4_CPtr vspace)
{
    seL4_Word mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_SetCap(0, vspace);
    return seL4_Invoke(_service, X86ASIDPoolAssign, 1, 0, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_X86_IOPortControl_Issue(seL4_X86_IOPortControl _service, seL4_Word first_port, seL4_Word last_port, seL4_CNode root, seL4_Word index, seL4_Uint8 depth)
{
    seL4_Word mr0 = first_port, mr1 = last_port, mr2 = index, mr3 = ((seL4_Word)depth & 0xff);
    seL4_SetCap(0, root);
    return seL4_Invoke(_service, X86IOPortControlIssue, 1, 4, &mr0, &mr1, &mr2, &mr3);
}

typedef struct seL4_X86_IOPort_In8 {
    int error;
    seL4_Uint8 result;
} seL4_X86_IOPort_In8_t;
static inline seL4_X86_IOPort_In8_t
seL4_X86_IOPort_In8(seL4_X86_IOPort _service, seL4_Uint16 port)
{
    seL4_Word mr0 = ((seL4_Word)port & 0xffff), mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_X86_IOPort_In8_t result = { .error = 0 };
    result.error = (int)seL4_Invoke(_service, X86IOPortIn8, 0, 1, &mr0, &mr1, &mr2, &mr3);
    if (result.error != seL4_NoError) return result;
    result.result = (seL4_Uint8)(mr0 >> 0 & 0xff);
    return result;
}

typedef struct seL4_X86_IOPort_In16 {
    int error;
    seL4_Uint16 result;
} seL4_X86_IOPort_In16_t;
static inline seL4_X86_IOPort_In16_t
seL4_X86_IOPort_In16(seL4_X86_IOPort _service, seL4_Uint16 port)
{
    seL4_Word mr0 = ((seL4_Word)port & 0xffff), mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_X86_IOPort_In16_t result = { .error = 0 };
    result.error = (int)seL4_Invoke(_service, X86IOPortIn16, 0, 1, &mr0, &mr1, &mr2, &mr3);
    if (result.error != seL4_NoError) return result;
    result.result = (seL4_Uint16)(mr0 >> 0 & 0xffff);
    return result;
}

typedef struct seL4_X86_IOPort_In32 {
    int error;
    seL4_Uint32 result;
} seL4_X86_IOPort_In32_t;
static inline seL4_X86_IOPort_In32_t
seL4_X86_IOPort_In32(seL4_X86_IOPort _service, seL4_Uint16 port)
{
    seL4_Word mr0 = ((seL4_Word)port & 0xffff), mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_X86_IOPort_In32_t result = { .error = 0 };
    result.error = (int)seL4_Invoke(_service, X86IOPortIn32, 0, 1, &mr0, &mr1, &mr2, &mr3);
    if (result.error != seL4_NoError) return result;
    result.result = (seL4_Uint32)(mr0 >> 0 & 0xffffffff);
    return result;
}

static inline seL4_Error
seL4_X86_IOPort_Out8(seL4_X86_IOPort _service, seL4_Word port, seL4_Word data)
{
    seL4_Word mr0 = port, mr1 = data, mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, X86IOPortOut8, 0, 2, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_X86_IOPort_Out16(seL4_X86_IOPort _service, seL4_Word port, seL4_Word data)
{
    seL4_Word mr0 = port, mr1 = data, mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, X86IOPortOut16, 0, 2, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_X86_IOPort_Out32(seL4_X86_IOPort _service, seL4_Word port, seL4_Word data)
{
    seL4_Word mr0 = port, mr1 = data, mr2 = 0, mr3 = 0;
    return seL4_Invoke(_service, X86IOPortOut32, 0, 2, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_IRQControl_GetIOAPIC(seL4_IRQControl _service, seL4_CNode root, seL4_Word index, seL4_Uint8 depth, seL4_Word ioapic, seL4_Word pin, seL4_Word level, seL4_Word polarity, seL4_Word vector)
{
    seL4_Word mr0 = index, mr1 = ((seL4_Word)depth & 0xff), mr2 = ioapic, mr3 = pin;
    seL4_SetCap(0, root);
    seL4_SetMR(4, level);
    seL4_SetMR(5, polarity);
    seL4_SetMR(6, vector);
    return seL4_Invoke(_service, X86IRQIssueIRQHandlerIOAPIC, 1, 7, &mr0, &mr1, &mr2, &mr3);
}

static inline seL4_Error
seL4_IRQControl_GetMSI(seL4_IRQControl _service, seL4_CNode root, seL4_Word index, seL4_Uint8 depth, seL4_Word pci_bus, seL4_Word pci_dev, seL4_Word pci_func, seL4_Word handle, seL4_Word vector)
{
    seL4_Word mr0 = index, mr1 = ((seL4_Word)depth & 0xff), mr2 = pci_bus, mr3 = pci_dev;
    seL4_SetCap(0, root);
    seL4_SetMR(4, pci_func);
    seL4_SetMR(5, handle);
    seL4_SetMR(6, vector);
    return seL4_Invoke(_service, X86IRQIssueIRQHandlerMSI, 1, 7, &mr0, &mr1, &mr2, &mr3);
}

#endif
/* clang-format on */
