/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel tells the root task: its address comes in RDI. */
#ifndef SEL4_BOOTINFO_H
#define SEL4_BOOTINFO_H

#include <sel4/types.h>

/* Slots of the root task's CNode that are the same at every boot. */
enum seL4_RootCNodeCapSlots {
    seL4_CapNull = 0,
    seL4_CapInitThreadTCB = 1,
    seL4_CapInitThreadCNode = 2,
    seL4_CapInitThreadVSpace = 3,
    seL4_CapIRQControl = 4,
    seL4_CapASIDControl = 5,
    seL4_CapInitThreadASIDPool = 6,
    seL4_CapIOPortControl = 7,
    seL4_CapIOSpace = 8, /* empty: no IOMMU */
    seL4_CapBootInfoFrame = 9,
    seL4_CapInitThreadIPCBuffer = 10,
    seL4_CapDomain = 11,
    seL4_CapSMMUSIDControl = 12, /* empty: not on x86 */
    seL4_CapSMMUCBControl = 13,  /* empty: not on x86 */
    seL4_CapInitThreadSC = 14,   /* MCS */
    seL4_CapSMC = 15,            /* empty: not on x86 */
    seL4_NumInitialCaps = 16,
};
#define seL4_CapInitThreadPD seL4_CapInitThreadVSpace

typedef seL4_Word seL4_SlotPos;

/* Slots from `start` up to, but not with, `end`. */
typedef struct seL4_SlotRegion {
    seL4_SlotPos start, end;
} seL4_SlotRegion;

typedef struct seL4_UntypedDesc {
    seL4_Word paddr;
    seL4_Uint8 sizeBits; /* 2^n bytes */
    seL4_Uint8 isDevice;
    seL4_Uint8 padding[6];
} seL4_UntypedDesc;

typedef struct seL4_BootInfo {
    seL4_Word extraLen; /* bytes of further information behind this page */
    seL4_NodeId nodeID;
    seL4_Word numNodes;
    seL4_Word numIOPTLevels;
    seL4_IPCBuffer *ipcBuffer;
    seL4_SlotRegion empty;
    seL4_SlotRegion sharedFrames;
    seL4_SlotRegion userImageFrames; /* the program's pages, in order */
    seL4_SlotRegion userImagePaging; /* and the tables that map them */
    seL4_SlotRegion ioSpaceCaps;
    seL4_SlotRegion extraBIPages;
    seL4_Word initThreadCNodeSizeBits; /* 2^n slots */
    seL4_Domain initThreadDomain;
#ifdef CONFIG_KERNEL_MCS
    seL4_SlotRegion schedcontrol; /* one for each processor */
#endif
    seL4_SlotRegion untyped;
    seL4_UntypedDesc
        untypedList[CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS]; /* in the order of `untyped` */
} seL4_BootInfo;

#define seL4_BootInfoFrameBits seL4_PageBits
#define seL4_BootInfoFrameSize LIBSEL4_BIT(seL4_BootInfoFrameBits)
_Static_assert(sizeof(seL4_BootInfo) <= seL4_BootInfoFrameSize, "bootinfo fits into its page");

/* Chunks of further information begin with a header. */
typedef struct seL4_BootInfoHeader {
    seL4_Word id;
    seL4_Word len; /* with this header */
} seL4_BootInfoHeader;

typedef enum {
    SEL4_BOOTINFO_HEADER_PADDING,
    SEL4_BOOTINFO_HEADER_X86_VBE,
    SEL4_BOOTINFO_HEADER_X86_MBMMAP,
    SEL4_BOOTINFO_HEADER_X86_ACPI_RSDP,
    SEL4_BOOTINFO_HEADER_X86_FRAMEBUFFER,
    SEL4_BOOTINFO_HEADER_X86_TSC_FREQ, /* in MHz */
    SEL4_BOOTINFO_HEADER_FDT,
    SEL4_BOOTINFO_HEADER_NUM,
} seL4_BootInfoID;

#endif
