/* SPDX-License-Identifier: BSD-2-Clause */
/* What the two files of the boot code share: the plan of memory, and the root CNode's next free slot. */
#ifndef FAULTLINE_KERNEL_BOOT_H
#define FAULTLINE_KERNEL_BOOT_H

#include "kernel/vspace.h"

struct slot_region {
    word_t start, end;
};

struct memory_region {
    paddr_t start, end;
};

/* Physical memory of the recorded machine below its size, and of its kernel. */
enum {
    RAM_START = 0x100000,
    BOOT_CODE_END = 0x800000, /* what the kernel no longer needs once it runs begins at RAM_START */
    FIRMWARE_SIZE = 0x20000,  /* ACPI tables at the end of memory */
};

/* Where everything goes; worked out before the first byte is written. */
struct boot {
    struct world *w;
    const struct kernel_config *config;
    const struct boot_image *image;
    struct memory_region ram;                 /* what the machine has, from 1 MiB on */
    struct memory_region free_low, free_high; /* below and above the root task's objects */
    word_t ipc_buffer_vaddr, bootinfo_vaddr, extra_vaddr, end_vaddr;
    word_t paging_count;
    paddr_t cnode, vspace, extra, asid_pool, ipc_buffer, bootinfo, paging, tcb, sched_context;
    word_t slot_next;
    bool full; /* the root CNode had no slot left for something */
    struct slot_region sched_control, paging_slots, extra_slots, image_slots, untyped_slots;
};

static inline paddr_t root_slot(const struct boot *b, word_t slot)
{
    return b->cnode + (slot << SLOT_BITS);
}

/* Puts a capability into the root CNode's next free slot. */
static inline void boot_provide(struct boot *b, struct cap cap)
{
    if (b->slot_next >> b->config->root_cnode_bits)
        b->full = true;
    else
        slot_write_initial(b->w, root_slot(b, b->slot_next++), cap);
}

/* bootinfo.c */
enum { EXTRA_BOOTINFO_SIZE = 52 + 1220 + 20 }; /* ACPI root pointer, memory map, TSC frequency */
void bootinfo_write_extra(struct boot *b);
void bootinfo_create_untypeds(struct boot *b); /* and lists them */
void bootinfo_write(struct boot *b);

#endif
