/* SPDX-License-Identifier: BSD-2-Clause */
/* A bare machine for tests: an arena of its own, page tables made by hand, no kernel. One page each of
 * code, data (also read-only, and kernel-only), and stack, with unmapped pages beside them. */
#ifndef FAULTLINE_TESTS_MACHINE_FIXTURE_H
#define FAULTLINE_TESTS_MACHINE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "machine/cpu.h"
#include "machine/text.h"

enum fixture_address {
    CODE = 0x400000,      /* two pages, writable, next to unmapped 0x402000 */
    DATA = 0x440000,      /* two pages, next to unmapped 0x442000 */
    READ_ONLY = 0x480000, /* one page */
    KERNEL_PAGE = 0x4c0000,
    STACK = 0x500000, /* one page; its end is STACK_TOP */
    STACK_TOP = 0x501000,
    UNMAPPED = 0x10000000,
    ROOT = 0x1000, /* physical: the tables lie at 0x1000 to 0x4fff, one a level */
    FRAMES = 0x10000,
    FIXTURE_MEMORY = 0x400000,
};

#define NON_CANONICAL UINT64_C(0x8000000000000000)

struct machine {
    struct world world;
    struct core *core;
};

/* The physical address behind an address of the fixture. */
static inline paddr_t machine_frame(word_t address)
{
    return FRAMES + (address - CODE);
}

static inline void machine_map(struct machine *m, word_t address, paddr_t frame, word_t bits)
{
    paddr_t table = ROOT;
    for (unsigned shift = 39, n = 1; shift > PAGE_BITS; shift -= 9, n++) {
        paddr_t entry = table + (address >> shift & 511) * 8, next = ROOT + n * PAGE_SIZE;
        if (!(memory_word(&m->world, entry) & ENTRY_PRESENT))
            memory_set_word(&m->world, entry, next | ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER);
        table = memory_word(&m->world, entry) & ENTRY_ADDRESS;
    }
    memory_set_word(&m->world, table + (address >> PAGE_BITS & 511) * 8, bits ? frame | bits : 0);
}

static inline struct machine *machine_new(void)
{
    const word_t all = ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER;
    struct machine *m = calloc(1, sizeof *m);
    size_t size = ARENA_MEMORY + FIXTURE_MEMORY, pages = size >> PAGE_BITS;
    m->world.arena = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    m->world.mark = calloc(1, pages);
    m->world.memory_size = FIXTURE_MEMORY;
    m->core = core_init(
        mmap(NULL, core_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    for (word_t page = 0; page < 2 * PAGE_SIZE; page += PAGE_SIZE) {
        machine_map(m, CODE + page, machine_frame(CODE + page), all);
        machine_map(m, DATA + page, machine_frame(DATA + page), all);
    }
    machine_map(m, READ_ONLY, machine_frame(READ_ONLY), ENTRY_PRESENT | ENTRY_USER);
    machine_map(m, KERNEL_PAGE, machine_frame(KERNEL_PAGE), ENTRY_PRESENT | ENTRY_WRITE);
    machine_map(m, STACK, machine_frame(STACK), all);
    cpu_reset(&m->world);
    struct cpu *cpu = cpu_edit(&m->world);
    cpu->cr3 = ROOT;
    cpu->rip = CODE;
    cpu->reg[REG_RSP] = STACK_TOP;
    for (unsigned vector = 0x9e; vector < 256; vector++)
        cpu->gate_open[vector / 64] |= UINT64_C(1) << vector % 64;
    return m;
}

static inline void machine_free(struct machine *m)
{
    munmap(m->world.arena, ARENA_MEMORY + FIXTURE_MEMORY);
    munmap(m->core, core_size());
    free(m->world.mark);
    free(m);
}

static inline struct cpu *machine_cpu(struct machine *m)
{
    return cpu_edit(&m->world);
}

/* Bytes at a virtual address of the fixture, through the door. */
static inline void machine_put(struct machine *m, word_t address, const void *bytes, size_t size)
{
    memcpy(memory_edit(&m->world, machine_frame(address), size), bytes, size);
}

static inline word_t machine_word(const struct machine *m, word_t address)
{
    word_t value;
    memcpy(&value, memory_at(&m->world, machine_frame(address)), sizeof value);
    return value;
}

static inline void machine_put_word(struct machine *m, word_t address, word_t value)
{
    machine_put(m, address, &value, sizeof value);
}

/* Assembles at an address; the test fails if it does not assemble. Returns the address behind. */
static inline word_t machine_asm(struct machine *m, word_t address, const char *source)
{
    struct assembled a = assemble(source, address);
    if (a.error[0]) fail_msg("%s: %s", source, a.error);
    machine_put(m, address, a.code, a.length);
    return address + a.length;
}

/* Runs code assembled at CODE from a fresh machine's registers as they are. Whatever changes the FPU is
 * noticed (world.fpu_is_kept). */
static inline struct trap machine_run(struct machine *m, uint64_t budget)
{
    uint8_t before[sizeof cpu_at(&m->world)->fpu];
    memcpy(before, cpu_at(&m->world)->fpu, sizeof before);
    m->world.fpu_is_kept = true;
    struct trap trap = core_run(m->core, &m->world, budget);
    if (m->world.fpu_is_kept) assert_memory_equal(before, cpu_at(&m->world)->fpu, sizeof before);
    return trap;
}

#endif
