/* SPDX-License-Identifier: BSD-2-Clause */
/* The types that travel between program and kernel. */
#ifndef SEL4_TYPES_H
#define SEL4_TYPES_H

#include <sel4/assert.h>
#include <sel4/constants.h>
#include <sel4/errors.h>
#include <sel4/objecttype.h>
#include <sel4/simple_types.h>

typedef seL4_Word seL4_NodeId;
typedef seL4_Word seL4_PAddr;
typedef seL4_Word seL4_Domain;
typedef seL4_Uint64 seL4_Time;

/* Capabilities by what they are to; all are addresses in the CSpace of whoever uses them. */
typedef seL4_CPtr seL4_CNode;
typedef seL4_CPtr seL4_IRQHandler;
typedef seL4_CPtr seL4_IRQControl;
typedef seL4_CPtr seL4_TCB;
typedef seL4_CPtr seL4_Untyped;
typedef seL4_CPtr seL4_DomainSet;
typedef seL4_CPtr seL4_SchedContext;
typedef seL4_CPtr seL4_SchedControl;
typedef seL4_CPtr seL4_X64_PML4;
typedef seL4_CPtr seL4_X86_PDPT;
typedef seL4_CPtr seL4_X86_PageDirectory;
typedef seL4_CPtr seL4_X86_PageTable;
typedef seL4_CPtr seL4_X86_Page;
typedef seL4_CPtr seL4_X86_ASIDControl;
typedef seL4_CPtr seL4_X86_ASIDPool;
typedef seL4_CPtr seL4_X86_IOPort;
typedef seL4_CPtr seL4_X86_IOPortControl;

typedef enum {
    seL4_X86_Default_VMAttributes = 0,
    seL4_X86_WriteBack = 0,
    seL4_X86_WriteThrough = 1,
    seL4_X86_CacheDisabled = 2,
    seL4_X86_Uncacheable = 3,
    seL4_X86_WriteCombining = 4,
} seL4_X86_VMAttributes;

/* A thread's registers, as seL4_TCB_ReadRegisters and seL4_TCB_WriteRegisters number them. */
typedef struct seL4_UserContext_ {
    seL4_Word rip, rsp, rflags, rax, rbx, rcx, rdx, rsi, rdi, rbp;
    seL4_Word r8, r9, r10, r11, r12, r13, r14, r15;
    seL4_Word fs_base, gs_base;
} seL4_UserContext;

/* Stops a program that puts more into a field of `bits` bits than fits. */
#define SEL4_FIELD_FITS(value, bits) seL4_DebugAssert(((value) & ~((1ull << (bits)) - 1)) == 0)

/* Message info: label, 52 bits | capsUnwrapped, 3 | extraCaps, 2 | length, 7. */
typedef struct seL4_MessageInfo {
    seL4_Word words[1];
} seL4_MessageInfo_t;

static inline seL4_MessageInfo_t CONST seL4_MessageInfo_new(seL4_Uint64 label,
                                                            seL4_Uint64 capsUnwrapped,
                                                            seL4_Uint64 extraCaps,
                                                            seL4_Uint64 length)
{
    SEL4_FIELD_FITS(label, 52);
    SEL4_FIELD_FITS(capsUnwrapped, 3);
    SEL4_FIELD_FITS(extraCaps, 2);
    SEL4_FIELD_FITS(length, 7);
    return (seL4_MessageInfo_t){ { label << 12 | (capsUnwrapped & 7) << 9 | (extraCaps & 3) << 7 |
                                   (length & 127) } };
}

static inline seL4_Uint64 seL4_MessageInfo_get_label(seL4_MessageInfo_t info)
{
    return info.words[0] >> 12;
}

static inline seL4_Uint64 seL4_MessageInfo_get_capsUnwrapped(seL4_MessageInfo_t info)
{
    return info.words[0] >> 9 & 7;
}

static inline seL4_Uint64 seL4_MessageInfo_get_extraCaps(seL4_MessageInfo_t info)
{
    return info.words[0] >> 7 & 3;
}

static inline seL4_Uint64 seL4_MessageInfo_get_length(seL4_MessageInfo_t info)
{
    return info.words[0] & 127;
}

static inline seL4_MessageInfo_t seL4_MessageInfo_set_label(seL4_MessageInfo_t info, seL4_Uint64 v)
{
    return (seL4_MessageInfo_t){ { v << 12 | (info.words[0] & 0xfff) } };
}

static inline seL4_MessageInfo_t seL4_MessageInfo_set_capsUnwrapped(seL4_MessageInfo_t info,
                                                                    seL4_Uint64 v)
{
    return (seL4_MessageInfo_t){ { (info.words[0] & ~0xe00ul) | (v & 7) << 9 } };
}

static inline seL4_MessageInfo_t seL4_MessageInfo_set_extraCaps(seL4_MessageInfo_t info,
                                                                seL4_Uint64 v)
{
    return (seL4_MessageInfo_t){ { (info.words[0] & ~0x180ul) | (v & 3) << 7 } };
}

static inline seL4_MessageInfo_t seL4_MessageInfo_set_length(seL4_MessageInfo_t info, seL4_Uint64 v)
{
    return (seL4_MessageInfo_t){ { (info.words[0] & ~0x7ful) | (v & 127) } };
}

/* Rights: write 1, read 2, grant 4, grant reply 8. */
typedef struct seL4_CapRights {
    seL4_Word words[1];
} seL4_CapRights_t;

static inline seL4_CapRights_t seL4_CapRights_new(seL4_Uint64 grantReply, seL4_Uint64 grant,
                                                  seL4_Uint64 read, seL4_Uint64 write)
{
    SEL4_FIELD_FITS(grantReply, 1);
    SEL4_FIELD_FITS(grant, 1);
    SEL4_FIELD_FITS(read, 1);
    SEL4_FIELD_FITS(write, 1);
    return (seL4_CapRights_t){ { (grantReply & 1) << 3 | (grant & 1) << 2 | (read & 1) << 1 |
                                 (write & 1) } };
}

static inline seL4_Uint64 seL4_CapRights_get_capAllowWrite(seL4_CapRights_t rights)
{
    return rights.words[0] & 1;
}

static inline seL4_Uint64 seL4_CapRights_get_capAllowRead(seL4_CapRights_t rights)
{
    return rights.words[0] >> 1 & 1;
}

static inline seL4_Uint64 seL4_CapRights_get_capAllowGrant(seL4_CapRights_t rights)
{
    return rights.words[0] >> 2 & 1;
}

static inline seL4_Uint64 seL4_CapRights_get_capAllowGrantReply(seL4_CapRights_t rights)
{
    return rights.words[0] >> 3 & 1;
}

#define seL4_ReadWrite     seL4_CapRights_new(0, 0, 1, 1)
#define seL4_AllRights     seL4_CapRights_new(1, 1, 1, 1)
#define seL4_CanRead       seL4_CapRights_new(0, 0, 1, 0)
#define seL4_CanWrite      seL4_CapRights_new(0, 0, 0, 1)
#define seL4_CanGrant      seL4_CapRights_new(0, 1, 0, 0)
#define seL4_CanGrantReply seL4_CapRights_new(1, 0, 0, 0)
#define seL4_NoWrite       seL4_CapRights_new(1, 1, 1, 0)
#define seL4_NoRead        seL4_CapRights_new(1, 1, 0, 1)
#define seL4_NoRights      seL4_CapRights_new(0, 0, 0, 0)

/* A CNode's guard: value, 58 bits | size, 6. */
typedef struct seL4_CNode_CapData {
    seL4_Word words[1];
} seL4_CNode_CapData_t;

static inline seL4_CNode_CapData_t seL4_CNode_CapData_new(seL4_Uint64 guard, seL4_Uint64 guardSize)
{
    SEL4_FIELD_FITS(guard, 58);
    SEL4_FIELD_FITS(guardSize, 6);
    return (seL4_CNode_CapData_t){ { guard << 6 | (guardSize & 63) } };
}

static inline seL4_Uint64 seL4_CNode_CapData_get_guard(seL4_CNode_CapData_t data)
{
    return data.words[0] >> 6;
}

static inline seL4_Uint64 seL4_CNode_CapData_get_guardSize(seL4_CNode_CapData_t data)
{
    return data.words[0] & 63;
}

/* What a message does not fit into registers, and where received capabilities go. */
typedef struct seL4_IPCBuffer_ {
    seL4_MessageInfo_t tag;
    seL4_Word msg[seL4_MsgMaxLength];
    seL4_Word userData;
    seL4_Word caps_or_badges[(1 << seL4_MsgExtraCapBits) - 1];
    seL4_CPtr receiveCNode;
    seL4_CPtr receiveIndex;
    seL4_Word receiveDepth;
} seL4_IPCBuffer __attribute__((aligned(1024)));

_Static_assert(sizeof(seL4_IPCBuffer) == 1 << seL4_IPCBufferSizeBits, "1 KiB");

#endif
