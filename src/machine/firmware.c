/* SPDX-License-Identifier: BSD-2-Clause */
/* What firmware leaves in memory for an operating system to find: the ACPI root pointer in the BIOS area,
 * and at the end of memory the tables it leads to, all with checksums that hold.
 * SIMPLIFIED: of the tables of a real PC there are the two whose hardware is here, the interrupt
 * controllers' and the HPET's; the others describe power management and PCI, which are not. */
#include "machine/device.h"

#include <string.h>

enum { HEADER_SIZE = 36, LENGTH_AT = 4, CHECKSUM_AT = 9, RSDP_CHECKSUM_AT = 8 };
#define LOCAL_APIC UINT64_C(0xfee00000)
#define IO_APIC    UINT64_C(0xfec00000)

/* A table as it is written: where it begins, and where the next byte goes. */
struct table {
    struct world *w;
    paddr_t start, at;
};

static void put(struct table *t, word_t value, unsigned bytes)
{
    uint8_t *out = memory_edit(t->w, t->at, bytes);
    for (unsigned i = 0; i < bytes; i++) out[i] = (uint8_t)(value >> 8 * i);
    t->at += bytes;
}

static void put_text(struct table *t, const char *text, size_t length)
{
    memcpy(memory_edit(t->w, t->at, length), text, length);
    t->at += length;
}

static void put_header(struct table *t, const char *signature)
{
    t->start = t->at;
    put_text(t, signature, 4);
    put(t, 0, 4); /* length */
    put(t, 1, 1); /* revision */
    put(t, 0, 1); /* checksum */
    put_text(t, "FAULTLFAULTLINE", 6 + 8);
    put(t, 1, 4);
    put_text(t, "FLTL", 4);
    put(t, 1, 4);
}

/* Makes the bytes from `start` add up to 0. */
static void seal(struct table *t, unsigned checksum_at)
{
    uint8_t *bytes = memory_edit(t->w, t->start, t->at - t->start), sum = 0;
    for (paddr_t i = 0; i < t->at - t->start; i++) sum = (uint8_t)(sum + bytes[i]);
    bytes[checksum_at] = (uint8_t)(bytes[checksum_at] - sum);
}

/* Returns where the table lies; the next one follows, aligned. */
static paddr_t finish(struct table *t)
{
    paddr_t start = t->start;
    uint32_t length = (uint32_t)(t->at - start);
    memcpy(memory_edit(t->w, start + LENGTH_AT, sizeof length), &length, sizeof length);
    seal(t, CHECKSUM_AT);
    t->at = (t->at + 15) & ~UINT64_C(15);
    return start;
}

static paddr_t put_interrupt_controllers(struct table *t)
{
    put_header(t, "APIC");
    put(t, LOCAL_APIC, 4);
    put(t, 1, 4);           /* there are two 8259 as well */
    put(t, 0 | 8 << 8, 2);  /* a processor: */
    put(t, 0 | 1 << 16, 6); /* number 0, enabled */
    put(t, 1 | 12 << 8, 2); /* an I/O APIC: */
    put(t, 0, 2);           /* number 0 */
    put(t, IO_APIC, 4);
    put(t, 0, 4);           /* its first line is line 0 */
    put(t, 2 | 10 << 8, 2); /* a line that lies elsewhere: */
    put(t, 0, 2);           /* interrupt 0 of the old bus, the PIT's, */
    put(t, LINE_PIT, 4);    /* is this line */
    put(t, 0, 2);
    return finish(t);
}

static paddr_t put_hpet(struct table *t)
{
    put_header(t, "HPET");
    put(t, 0x8086a201, 4);
    put(t, 0 | 64 << 8, 4); /* in memory, 64 bits wide */
    put(t, HPET_ADDRESS, 8);
    put(t, 0, 1);   /* the first one */
    put(t, 100, 2); /* ticks that a period has at least */
    put(t, 0, 1);
    return finish(t);
}

void firmware_write(struct world *w, paddr_t tables)
{
    struct table t = { .w = w, .start = tables, .at = tables };
    paddr_t found[] = { put_interrupt_controllers(&t), put_hpet(&t) };
    put_header(&t, "RSDT");
    for (unsigned i = 0; i < sizeof found / sizeof found[0]; i++) put(&t, found[i], 4);
    paddr_t root = finish(&t);
    t = (struct table){ .w = w, .start = FIRMWARE_RSDP, .at = FIRMWARE_RSDP };
    put_text(&t, "RSD PTR \0FAULTL\0", 16); /* checksum, vendor, revision 0 */
    put(&t, root, 4);
    seal(&t, RSDP_CHECKSUM_AT);
}
