/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as guest code: the core comes back within its budget, with a trap that exists, and nothing
 * has changed but the registers and the pages that are mapped writable. */
#include <stdlib.h>
#include <string.h>

#include "machine/cpu.h"
#include "world/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    MEMORY = 1 << 20,
    PML4 = 0x1000,
    PDPT = 0x2000,
    DIRECTORY = 0x3000,
    TABLE = 0x4000,
    CODE = 0x10000,
    CODE_PAGES = 4,      /* writable, as the pages of a program are */
    CONSTANTS = 0x14000, /* mapped, but not writable */
    CANARY = 0x20000,
    CODE_AT = 0x400000,
    BREAKPOINT = 0xcc, /* what follows the data */
    BUDGET = 2000,
    TRAPS = 16,
};

static struct world w;
static struct core *core;
static uint8_t constants[PAGE_SIZE];

static void map(paddr_t page, unsigned index, word_t rights)
{
    memory_set_word(&w, TABLE + index * sizeof(word_t), page | rights | ENTRY_PRESENT | ENTRY_USER);
}

static void open_once(void)
{
    if (core) return;
    size_t bytes = (core_size() + PAGE_SIZE - 1) & ~(size_t)(PAGE_SIZE - 1);
    void *memory = aligned_alloc(PAGE_SIZE, bytes);
    if (!memory || !world_open(&w, MEMORY)) abort();
    core = core_init(memory);
    memset(constants, 0x5a, sizeof constants);
}

/* The debug registers from the end of the data: breakpoints anywhere in the code's pages. */
static void set_breakpoints(struct cpu *cpu, const uint8_t *data, size_t size)
{
    enum { BYTES = 12 };
    if (size < BYTES || data[size - 1] & 1) return;
    uint16_t at[4];
    uint32_t control;
    memcpy(at, data + size - BYTES, sizeof at);
    memcpy(&control, data + size - sizeof control, sizeof control);
    for (unsigned n = 0; n < 4; n++) cpu->dr[n] = CODE_AT + at[n] % (CODE_PAGES * PAGE_SIZE);
    cpu->dr[7] |= control;
}

static size_t length_of(size_t size)
{
    return size < 2 * PAGE_SIZE ? size : 2 * PAGE_SIZE;
}

static void set_up(const uint8_t *data, size_t size)
{
    memset(memory_edit(&w, PML4, 4 * PAGE_SIZE), 0, 4 * PAGE_SIZE);
    memory_set_word(&w, PML4, PDPT | ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER);
    memory_set_word(&w, PDPT, DIRECTORY | ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER);
    memory_set_word(&w, DIRECTORY + 2 * sizeof(word_t),
                    TABLE | ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER);
    for (unsigned i = 0; i < CODE_PAGES; i++) map(CODE + i * PAGE_SIZE, i, ENTRY_WRITE);
    map(CONSTANTS, CODE_PAGES, 0);

    uint8_t *code = memory_edit(&w, CODE, (CODE_PAGES + 1) * PAGE_SIZE);
    /* Zeros would be instructions that write. */
    memset(code, BREAKPOINT, (CODE_PAGES + 1) * PAGE_SIZE);
    memcpy(code, data, length_of(size));
    memcpy(code + CODE_PAGES * PAGE_SIZE, constants, PAGE_SIZE);

    cpu_reset(&w);
    struct cpu *cpu = cpu_edit(&w);
    for (unsigned r = 0; r < REG_COUNT; r++) cpu->reg[r] = CODE_AT + r * 0x400;
    cpu->cr3 = PML4;
    cpu->rip = CODE_AT;
    /* The last byte says what the system has set up: 32-bit code, alignment checks, breakpoints. */
    uint8_t choice = size ? data[size - 1] : 0;
    cpu->gdt[DESCRIPTORS - 1] = UINT64_C(0x00cffb000000ffff);
    cpu->gdt_limit = DESCRIPTORS * sizeof(word_t) - 1;
    if (choice & 1) cpu->cs = (DESCRIPTORS - 1) * 8 + 3;
    if (choice & 2) cpu->features |= CPU_ALIGNMENT;
    if (choice & 4) cpu->rflags |= FLAG_AC;
    if (choice & 8) cpu->rflags |= FLAG_TF;
    set_breakpoints(cpu, data, size);
}

static void check(const struct trap *trap, word_t retired)
{
    static const uint8_t zero[PAGE_SIZE];
    if (trap->kind >= TRAP_DEVICE) abort();
    if (cpu_at(&w)->retired - retired > BUDGET) abort();
    if (memcmp(memory_at(&w, CONSTANTS), constants, PAGE_SIZE) != 0) abort();
    if (memcmp(memory_at(&w, CANARY), zero, PAGE_SIZE) != 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    open_once();
    set_up(data, size);
    for (unsigned i = 0; i < TRAPS; i++) {
        word_t retired = cpu_at(&w)->retired;
        struct trap trap = core_run(core, &w, BUDGET);
        check(&trap, retired);
        if (trap.kind == TRAP_NONE) break;
        /* On behind what trapped, wherever that is: decoding at odd places is what is wanted. */
        cpu_edit(&w)->rip = CODE_AT + (cpu_at(&w)->rip + 1) % (length_of(size) + 1);
        cpu_edit(&w)->rflags = FLAG_FIXED | FLAG_IF;
    }
    return 0;
}
