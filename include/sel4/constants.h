/* SPDX-License-Identifier: BSD-2-Clause */
/* Sizes, limits and flags of the x86_64 kernel. The words of fault messages: faults.h. */
#ifndef SEL4_CONSTANTS_H
#define SEL4_CONSTANTS_H

#include <sel4/macros.h>
#include <sel4/simple_types.h>

#define seL4_WordBits     64
#define seL4_WordSizeBits 3

/* Objects: each is 2^n bytes. */
#define seL4_SlotBits     5
#define seL4_TCBBits      11
#define seL4_EndpointBits 4
#ifdef CONFIG_KERNEL_MCS
#define seL4_NotificationBits    6
#define seL4_ReplyBits           5
#define seL4_MinSchedContextBits 7
/* A scheduling context's fixed part, its first two refills included, and each further refill. */
#define seL4_CoreSchedContextBytes 128
#define seL4_RefillSizeBytes       16
#else
#define seL4_NotificationBits 5
#endif
#define seL4_PageBits           12
#define seL4_LargePageBits      21
#define seL4_HugePageBits       30
#define seL4_PageTableBits      12
#define seL4_PageTableEntryBits 3
#define seL4_PageTableIndexBits 9
#define seL4_PageDirBits        12
#define seL4_PageDirEntryBits   3
#define seL4_PageDirIndexBits   9
#define seL4_PDPTBits           12
#define seL4_PDPTEntryBits      3
#define seL4_PDPTIndexBits      9
#define seL4_PML4Bits           12
#define seL4_PML4EntryBits      3
#define seL4_PML4IndexBits      9
#define seL4_VSpaceBits         seL4_PML4Bits
#define seL4_NumASIDPoolsBits   3
#define seL4_ASIDPoolBits       12
#define seL4_ASIDPoolIndexBits  9
#define seL4_MinUntypedBits     4
#define seL4_MaxUntypedBits     47

/* Capabilities. */
#define seL4_GuardSizeBits           6
#define seL4_GuardBits               58
#define seL4_BadgeBits               64
#define seL4_CapRightsBits           4
#define seL4_NilData                 0
#define seL4_UntypedRetypeMaxObjects CONFIG_RETYPE_FAN_OUT_LIMIT

/* Messages. The first four words travel in R10, R8, R9 and R15. */
enum seL4_MsgLimits {
    seL4_MsgLengthBits = 7,
    seL4_MsgExtraCapBits = 2,
    seL4_MsgMaxLength = 120,
};
#define seL4_MsgMaxExtraCaps      (LIBSEL4_BIT(seL4_MsgExtraCapBits) - 1)
#define seL4_FastMessageRegisters 4
#define seL4_IPCBufferSizeBits    10

/* The first address that user code cannot have, and the last that it can. */
#define seL4_UserTop       0x00007ffffffff000
#define seL4_UserVSpaceTop (seL4_UserTop - 1)

/* MR2 after a mapping call's FailedLookup: the address bits that a missing table would cover. */
#define SEL4_MAPPING_LOOKUP_LEVEL   2
#define SEL4_MAPPING_LOOKUP_NO_PT   21
#define SEL4_MAPPING_LOOKUP_NO_PD   30
#define SEL4_MAPPING_LOOKUP_NO_PDPT 39

/* Interrupts of I/O APIC and MSI. */
#define VECTOR_MIN 0
#define VECTOR_MAX 109
#define IRQ_OFFSET 0x30

enum priorityConstants {
    seL4_InvalidPrio = -1,
    seL4_MinPrio = 0,
    seL4_MaxPrio = CONFIG_NUM_PRIORITIES - 1,
};

/* For seL4_TCB_SetFlags. */
typedef enum {
    seL4_TCBFlag_NoFlag = 0,
    seL4_TCBFlag_fpuDisabled = 1,
    seL4_TCBFlag_MASK = 1,
} seL4_TCBFlag;

#ifdef CONFIG_KERNEL_MCS
/* For seL4_SchedControl_ConfigureFlags. */
typedef enum {
    seL4_SchedContext_NoFlag = 0,
    seL4_SchedContext_Sporadic = 1,
} seL4_SchedContextFlag;

/* How many refills beyond the first two fit into a scheduling context of 2^bits bytes. */
static inline seL4_Word seL4_MaxExtraRefills(seL4_Word bits)
{
    return (LIBSEL4_BIT(bits) - seL4_CoreSchedContextBytes) / seL4_RefillSizeBytes;
}
#endif

#ifdef CONFIG_HARDWARE_DEBUG_API
#define seL4_NumHWBreakpoints         4
#define seL4_FirstBreakpoint          (-1)
#define seL4_NumExclusiveBreakpoints  0
#define seL4_FirstWatchpoint          (-1)
#define seL4_NumExclusiveWatchpoints  0
#define seL4_FirstDualFunctionMonitor 0
#define seL4_NumDualFunctionMonitors  4

typedef enum {
    seL4_DataBreakpoint,
    seL4_InstructionBreakpoint,
    seL4_SingleStep,
    seL4_SoftwareBreakRequest,
} seL4_BreakpointType;

typedef enum {
    seL4_BreakOnRead,
    seL4_BreakOnWrite,
    seL4_BreakOnReadWrite,
    seL4_MaxBreakpointAccess,
} seL4_BreakpointAccess;
#endif

#endif
