/* SPDX-License-Identifier: BSD-2-Clause */
/* What the root task is told of the machine: seL4_BootInfo, the list of untyped memory, and the chunks
 * behind it (ACPI root pointer, memory map, TSC frequency).
 * seL4: libsel4/include/sel4/bootinfo_types.h, src/kernel/boot.c create_untypeds. */
#include <string.h>

#include "kernel/boot.h"

/* ---- Untyped memory ---- */

enum { UNTYPED_LIST_MAX = 230 };

/* Where the list of untypeds begins in seL4_BootInfo, in words. MCS has one more region before it. */
static word_t untyped_list_word(const struct boot *b)
{
    return b->config->mcs ? 23 : 21;
}

static void provide_untyped(struct boot *b, bool device, word_t pointer, unsigned bits)
{
    word_t n = b->slot_next - b->untyped_slots.start;
    if (n >= UNTYPED_LIST_MAX) return; /* the real kernel says so on the serial line and goes on */
    paddr_t start = (pointer - kernel_pointer(0)) & CAP_MASK(48);
    struct cap cap = cap_new(CAP_UNTYPED);
    cap_untyped_set_object(&cap, start);
    cap_untyped_set_size_bits(&cap, bits);
    cap_untyped_set_is_device(&cap, device);
    cap_untyped_set_free_index(&cap, UINT64_C(1) << (bits - UNTYPED_MIN_BITS));
    boot_provide(b, cap);
    paddr_t at = b->bootinfo + (untyped_list_word(b) + 2 * n) * sizeof(word_t);
    memory_set_word(b->w, at, start);
    memory_set_word(b->w, at + sizeof(word_t), bits | (word_t)device << 8);
}

/* Cuts a region into aligned powers of two. Alignment is that of the address in the kernel's window, which
 * for device memory beyond it wraps around: so the largest pieces come after that. */
static void create_untypeds(struct boot *b, bool device, paddr_t from, paddr_t to)
{
    word_t start = kernel_pointer(from), end = kernel_pointer(to);
    while (start != end) {
        unsigned bits = 63u - (unsigned)__builtin_clzll(end - start);
        if (bits > UNTYPED_MAX_BITS) bits = UNTYPED_MAX_BITS;
        if (start && bits > (unsigned)__builtin_ctzll(start))
            bits = (unsigned)__builtin_ctzll(start);
        if (bits >= UNTYPED_MIN_BITS) provide_untyped(b, device, start, bits);
        start += UINT64_C(1) << bits;
    }
}

#define DEVICES_TOP (UINT64_C(1) << 47)

void bootinfo_create_untypeds(struct boot *b)
{
    /* Not to be given out: memory, the two interrupt controllers, and where writing would raise interrupts
     * (MSI; seL4: platAddDevices). Everything else is a device. */
    const struct memory_region reserved[] = {
        b->ram,
        { UINT64_C(0xfec00000), UINT64_C(0xfec01000) },
        { UINT64_C(0xfee00000), UINT64_C(0xfee01000) },
        { UINT64_C(0xfffffff8), UINT64_C(0x100000000) },
    };
    paddr_t start = 0;
    b->untyped_slots.start = b->slot_next;
    for (unsigned i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        create_untypeds(b, true, start, reserved[i].start);
        start = reserved[i].end;
    }
    create_untypeds(b, true, start, DEVICES_TOP);
    /* The kernel needs its boot code no more. */
    create_untypeds(b, false, RAM_START, BOOT_CODE_END);
    create_untypeds(b, false, b->free_low.start, b->free_low.end);
    create_untypeds(b, false, b->free_high.start, b->free_high.end);
    b->untyped_slots.end = b->slot_next;
}

/* ---- seL4_BootInfo ---- */

static void put_region(word_t **at, struct slot_region r)
{
    *(*at)++ = r.start;
    *(*at)++ = r.end;
}

void bootinfo_write(struct boot *b)
{
    word_t *at = memory_edit(b->w, b->bootinfo, PAGE_SIZE), *first = at;
    const struct slot_region none = { 0, 0 };
    *at++ = EXTRA_BOOTINFO_SIZE;
    *at++ = 0;          /* nodeID */
    *at++ = 1;          /* numNodes */
    *at++ = ~(word_t)0; /* numIOPTLevels: no IOMMU support */
    *at++ = b->ipc_buffer_vaddr;
    put_region(&at,
               (struct slot_region){ b->slot_next, UINT64_C(1) << b->config->root_cnode_bits });
    put_region(&at, none); /* sharedFrames */
    put_region(&at, b->image_slots);
    put_region(&at, b->paging_slots);
    put_region(&at, none); /* ioSpaceCaps */
    put_region(&at, b->extra_slots);
    *at++ = b->config->root_cnode_bits;
    *at++ = 0; /* initThreadDomain */
    if (b->config->mcs) put_region(&at, b->sched_control);
    put_region(&at, b->untyped_slots);
    INVARIANT(at == first + untyped_list_word(b));
}

/* ---- Chunks behind it ---- */

enum { CHUNK_MEMORY_MAP = 2, CHUNK_ACPI_RSDP = 3, CHUNK_TSC_FREQUENCY = 5 };
enum { MEMORY_MAP_ENTRIES = 50, MEMORY_MAP_ENTRY_SIZE = 24, RSDP_SIZE = 36, TSC_MHZ = 1000 };

static uint8_t *put(uint8_t *at, word_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) *at++ = (uint8_t)(value >> 8 * i);
    return at;
}

static uint8_t *put_header(uint8_t *at, word_t id, word_t length)
{
    return put(put(at, id, 8), length, 8);
}

/* A copy of what firmware left; of its first revision, which is shorter than the place for it. */
static uint8_t *put_rsdp(const struct world *w, uint8_t *at)
{
    uint8_t *rsdp = put_header(at, CHUNK_ACPI_RSDP, 16 + RSDP_SIZE);
    memcpy(rsdp, memory_at(w, FIRMWARE_RSDP), FIRMWARE_RSDP_SIZE);
    return rsdp + RSDP_SIZE;
}

/* The map as the machine's firmware gives it; type 1 is memory. */
static uint8_t *put_memory_map(uint8_t *at, struct memory_region ram)
{
    const struct {
        uint64_t start, size, type;
    } map[] = {
        { 0, 0x9fc00, 1 },
        { 0x9fc00, 0x400, 2 },
        { 0xf0000, 0x10000, 2 },
        { ram.start, ram.end - ram.start, 1 },
        { ram.end, FIRMWARE_SIZE, 2 },
        { 0xfeffc000, 0x4000, 2 },
        { 0xfffc0000, 0x40000, 2 },
    };
    unsigned count = sizeof map / sizeof map[0];
    uint8_t *end = at + 16 + 4 + MEMORY_MAP_ENTRIES * MEMORY_MAP_ENTRY_SIZE;
    at = put_header(at, CHUNK_MEMORY_MAP, (word_t)(end - at));
    at = put(at, count * MEMORY_MAP_ENTRY_SIZE, 4);
    for (unsigned i = 0; i < count; i++)
        at = put(put(put(put(at, 20, 4), map[i].start, 8), map[i].size, 8), map[i].type, 4);
    return end;
}

void bootinfo_write_extra(struct boot *b)
{
    uint8_t *start = memory_edit(b->w, b->extra, PAGE_SIZE), *at = start;
    at = put_rsdp(b->w, at);
    at = put_memory_map(at, b->ram);
    at = put(put_header(at, CHUNK_TSC_FREQUENCY, 20), TSC_MHZ, 4);
    INVARIANT(at == start + EXTRA_BOOTINFO_SIZE);
}
