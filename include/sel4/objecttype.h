/* SPDX-License-Identifier: BSD-2-Clause */
/* What seL4_Untyped_Retype makes.
 * Generated from kernel/tables/objects.def by `make headers`. */
/* clang-format off */
#ifndef SEL4_OBJECTTYPE_H
#define SEL4_OBJECTTYPE_H

typedef enum {
    seL4_UntypedObject, /* memory of which objects are made */
    seL4_TCBObject, /* a thread */
    seL4_EndpointObject, /* where threads meet to pass messages */
    seL4_NotificationObject, /* a word of bits to signal and wait for */
    seL4_CapTableObject, /* a table of capability slots */
#ifdef CONFIG_KERNEL_MCS
    seL4_SchedContextObject, /* a right to processor time */
    seL4_ReplyObject, /* the right to answer a caller */
#endif
    seL4_X86_PDPTObject, /* third level of page tables, 512 GiB */
    seL4_X64_PML4Object, /* an address space */
    seL4_X64_HugePageObject, /* a page of 1 GiB */
    seL4_X86_4K, /* a page of 4 KiB */
    seL4_X86_LargePageObject, /* a page of 2 MiB */
    seL4_X86_PageTableObject, /* last level of page tables, 2 MiB */
    seL4_X86_PageDirectoryObject, /* second level of page tables, 1 GiB */
    seL4_ObjectTypeCount
} seL4_ObjectType;

#endif
/* clang-format on */
