/* SPDX-License-Identifier: BSD-2-Clause */
#include "both.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

#include "machine/text.h"

enum { MEMORY_SIZE = 1 << 20, TABLES = 0x10000, PAGES = 0x40000, BUDGET = 1000000 };

static struct world world;
static struct core *core;

struct world *both_world(void)
{
    return &world;
}

static paddr_t table_below(paddr_t table, word_t index, paddr_t *next_table)
{
    paddr_t entry = table + index * 8;
    if (!memory_word(&world, entry)) {
        memory_set_word(&world, entry, *next_table | ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER);
        *next_table += PAGE_SIZE;
    }
    return memory_word(&world, entry) & ENTRY_ADDRESS;
}

static void map_page(word_t address, paddr_t page, word_t rights)
{
    static paddr_t next_table = TABLES + PAGE_SIZE;
    paddr_t table = TABLES;
    for (unsigned shift = 39; shift > 12; shift -= 9)
        table = table_below(table, address >> shift & 511, &next_table);
    memory_set_word(&world, table + (address >> 12 & 511) * 8,
                    page | ENTRY_PRESENT | ENTRY_USER | rights);
}

static paddr_t page_of(word_t address)
{
    paddr_t page = 0;
    assert_int_equal(page_walk(&world, TABLES, address, 0, &page), 0);
    return page;
}

static void *map_zeroed(size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(p != MAP_FAILED);
    return p;
}

void both_open(void)
{
    world.memory_size = MEMORY_SIZE;
    world.arena = map_zeroed(arena_size(&world));
    world.mark = map_zeroed(arena_size(&world) >> PAGE_BITS);
    core = core_init(map_zeroed(core_size()));
    paddr_t page = PAGES;
    map_page(NATIVE_CODE, page, ENTRY_WRITE);
    for (unsigned i = 0; i < NATIVE_DATA_PAGES; i++)
        map_page(NATIVE_DATA + i * PAGE_SIZE, page += PAGE_SIZE, ENTRY_WRITE);
    map_page(NATIVE_READ_ONLY, page + PAGE_SIZE, 0);
}

/* Selectors up to 0x33 as Linux has them; what lies behind differs. */
static const word_t linux_descriptors[] = {
    0,
    UINT64_C(0x00cf9b000000ffff),
    UINT64_C(0x00af9b000000ffff),
    UINT64_C(0x00cf93000000ffff),
    UINT64_C(0x00cffb000000ffff),
    UINT64_C(0x00cff3000000ffff),
    UINT64_C(0x00affb000000ffff),
};

void both_prepare_model(const struct start *start)
{
    const struct native_state *state = &start->state;
    memcpy(memory_edit(&world, page_of(NATIVE_CODE), start->length), start->code, start->length);
    for (unsigned i = 0; i < NATIVE_DATA_PAGES; i++)
        memcpy(memory_edit(&world, page_of(NATIVE_DATA + i * PAGE_SIZE), PAGE_SIZE),
               start->data + i * PAGE_SIZE, PAGE_SIZE);
    cpu_reset(&world);
    struct cpu *cpu = cpu_edit(&world);
    memcpy(cpu->reg, state->reg, sizeof cpu->reg);
    cpu->rip = state->rip;
    cpu->rflags = state->rflags;
    memcpy(cpu->fpu, state->fpu, NATIVE_FPU);
    cpu->cr3 = TABLES;
    cpu->dr[0] = start->dr0;
    cpu->dr[7] |= start->dr7;
    cpu->features |= CPU_OSXMMEXCPT | CPU_ALIGNMENT; /* as the host's system software has it */
    memset(cpu->gdt, 0, sizeof cpu->gdt);
    memcpy(cpu->gdt, linux_descriptors, sizeof linux_descriptors);
    cpu->gdt_limit = 127;
    cpu->cs = (uint16_t)state->cs;
    cpu->ss = NATIVE_STACK;
    memset(cpu->gate_open, 0, sizeof cpu->gate_open);
    cpu->gate_open[0] = 1 << VECTOR_BP | 1 << VECTOR_OF;
}

/* Whatever changes the FPU is noticed (world.fpu_is_kept). */
struct trap both_run_prepared(uint64_t budget)
{
    uint8_t before[sizeof cpu_at(&world)->fpu];
    memcpy(before, cpu_at(&world)->fpu, sizeof before);
    world.fpu_is_kept = true;
    struct trap trap = core_run(core, &world, budget);
    if (world.fpu_is_kept) assert_memory_equal(before, cpu_at(&world)->fpu, sizeof before);
    return trap;
}

struct native_exit both_model_exit(const struct trap *trap)
{
    const struct cpu *cpu = cpu_at(&world);
    struct native_exit e = { .vector = trap->vector,
                             .error_code = trap->error_code,
                             .address = cpu->cr2 };
    if (trap->kind != TRAP_EXCEPTION) e.vector = 1000 + trap->kind;
    memcpy(e.state.reg, cpu->reg, sizeof e.state.reg);
    e.state.rip = cpu->rip;
    e.state.rflags = cpu->rflags;
    e.state.cs = cpu->cs;
    memcpy(e.state.fpu, cpu->fpu, NATIVE_FPU);
    return e;
}

struct native_exit both_run_model(const struct start *start)
{
    both_prepare_model(start);
    struct trap trap = both_run_prepared(BUDGET);
    return both_model_exit(&trap);
}

void both_prepare_host(const struct start *start)
{
    memcpy((void *)(uintptr_t)NATIVE_CODE, start->code, start->length);
    memcpy((void *)(uintptr_t)NATIVE_DATA, start->data, BOTH_DATA);
}

struct native_exit both_run_host(const struct start *start)
{
    both_prepare_host(start);
    return native_run(&start->state);
}

bool both_memory_agrees(const uint8_t *data)
{
    if (!data) data = (const uint8_t *)(uintptr_t)NATIVE_DATA;
    for (unsigned i = 0; i < NATIVE_DATA_PAGES; i++)
        if (memcmp(memory_at(&world, page_of(NATIVE_DATA + i * PAGE_SIZE)), data + i * PAGE_SIZE,
                   PAGE_SIZE) != 0)
            return false;
    return true;
}

/* Parts of the FXSAVE image. Left out: where the last x87 instruction and its operand were, which some
 * processors keep only for exceptions. */
static const struct {
    const char *name;
    unsigned at, size;
} fpu_parts[] = {
    { "fcw", 0, 2 },      { "fsw", 2, 2 },      { "ftw", 4, 1 },      { "mxcsr", 24, 4 },
    { "st0", 32, 10 },    { "st1", 48, 10 },    { "st2", 64, 10 },    { "st3", 80, 10 },
    { "st4", 96, 10 },    { "st5", 112, 10 },   { "st6", 128, 10 },   { "st7", 144, 10 },
    { "xmm0", 160, 16 },  { "xmm1", 176, 16 },  { "xmm2", 192, 16 },  { "xmm3", 208, 16 },
    { "xmm4", 224, 16 },  { "xmm5", 240, 16 },  { "xmm6", 256, 16 },  { "xmm7", 272, 16 },
    { "xmm8", 288, 16 },  { "xmm9", 304, 16 },  { "xmm10", 320, 16 }, { "xmm11", 336, 16 },
    { "xmm12", 352, 16 }, { "xmm13", 368, 16 }, { "xmm14", 384, 16 }, { "xmm15", 400, 16 },
};
enum { FPU_PARTS = sizeof fpu_parts / sizeof fpu_parts[0] };

static bool part_agrees(unsigned part, const uint8_t *a, const uint8_t *b)
{
    return memcmp(a + fpu_parts[part].at, b + fpu_parts[part].at, fpu_parts[part].size) == 0;
}

static bool fpu_agrees(const uint8_t *a, const uint8_t *b)
{
    for (unsigned i = 0; i < FPU_PARTS; i++)
        if (!part_agrees(i, a, b)) return false;
    return true;
}

bool both_states_agree(const struct native_state *host, const struct native_state *model)
{
    return host->rip == model->rip && host->cs == model->cs &&
           memcmp(host->reg, model->reg, sizeof host->reg) == 0 &&
           fpu_agrees(host->fpu, model->fpu);
}

bool both_exits_agree(const struct native_exit *host, const struct native_exit *model,
                      uint64_t flags)
{
    if (host->vector != model->vector || !both_states_agree(&host->state, &model->state))
        return false;
    if ((host->state.rflags ^ model->state.rflags) & flags) return false;
    if (host->vector != VECTOR_PF) return host->error_code == model->error_code;
    if (host->address != model->address) return false;
    bool kernel_address = host->address >> 47;
    return kernel_address || !((host->error_code ^ model->error_code) & ~(uint64_t)FAULT_FETCH);
}

void both_print_code(FILE *out, const struct start *start)
{
    char text[128];
    fprintf(out, "   ");
    for (size_t i = 0; i < start->length; i++) fprintf(out, " %02x", start->code[i]);
    fprintf(out, "\n");
    for (size_t at = 0; at < start->length;) {
        size_t n = instruction_format(start->code + at, start->length - at, NATIVE_CODE + at, text,
                                      sizeof text);
        fprintf(out, "    %s\n", text);
        at += n ? n : 1;
    }
}

static void print_bytes(FILE *out, const uint8_t *bytes, unsigned size)
{
    fprintf(out, "   ");
    while (size) fprintf(out, "%02x", bytes[--size]);
}

static void print_fpu(FILE *out, const uint8_t *from, const uint8_t *host, const uint8_t *model)
{
    for (unsigned i = 0; i < FPU_PARTS; i++) {
        if (i > 3 && part_agrees(i, host, model)) continue;
        fprintf(out, "    %-5s", fpu_parts[i].name);
        print_bytes(out, from + fpu_parts[i].at, fpu_parts[i].size);
        print_bytes(out, host + fpu_parts[i].at, fpu_parts[i].size);
        print_bytes(out, model + fpu_parts[i].at, fpu_parts[i].size);
        fprintf(out, "\n");
    }
}

void both_print_states(FILE *out, const struct native_state *from, const struct native_exit *host,
                       const struct native_exit *model)
{
    const struct native_state *a = &host->state, *b = &model->state;
    fprintf(out, "            from               host               model\n");
    for (unsigned i = 0; i < 16; i++)
        if (a->reg[i] != b->reg[i])
            fprintf(out, "    %-6s  %016" PRIx64 "   %016" PRIx64 "   %016" PRIx64 "\n",
                    reg_name[i], from->reg[i], a->reg[i], b->reg[i]);
    fprintf(out, "    rip     %016" PRIx64 "   %016" PRIx64 "   %016" PRIx64 "\n", from->rip,
            a->rip, b->rip);
    fprintf(out, "    flags   %016" PRIx64 "   %016" PRIx64 "   %016" PRIx64 "\n", from->rflags,
            a->rflags, b->rflags);
    if (!fpu_agrees(a->fpu, b->fpu)) print_fpu(out, from->fpu, a->fpu, b->fpu);
}
