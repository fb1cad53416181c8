/* SPDX-License-Identifier: BSD-2-Clause */
/* The model against the host's processor: random instruction sequences of every family, run natively
 * and in the core from the same state, must end in the same exception with the same registers, flags
 * and memory. FAULTLINE_SEQUENCES says how many a family (default 3000), FAULTLINE_SEED where to begin.
 *
 * Left out of the comparison, and why: flags that the manual leaves undefined; the error code of
 * kernel addresses, which Linux rewrites; the fetch bit, because the host enables NX. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "machine/cpu.h"
#include "machine/text.h"
#include "machine/debugged.h"
#include "machine/native.h"
#include "machine/sequence.h"

enum {
    MEMORY_SIZE = 1 << 20,
    TABLES = 0x10000,
    PAGES = 0x40000,
    DATA_SIZE = NATIVE_DATA_PAGES * NATIVE_PAGE,
    REPORTS_MAX = 3,
    BUDGET = 1000000
};

static struct world world;
static struct core *core;
static uint8_t fresh_data[DATA_SIZE];

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

static int open_both(void **state)
{
    (void)state;
    if (!native_available()) return 0;
    world.memory_size = MEMORY_SIZE;
    world.arena = map_zeroed(arena_size(&world));
    world.mark = map_zeroed(arena_size(&world) >> PAGE_BITS);
    core = core_init(map_zeroed(core_size()));
    paddr_t page = PAGES;
    map_page(NATIVE_CODE, page, ENTRY_WRITE);
    for (unsigned i = 0; i < NATIVE_DATA_PAGES; i++)
        map_page(NATIVE_DATA + i * PAGE_SIZE, page += PAGE_SIZE, ENTRY_WRITE);
    map_page(NATIVE_READ_ONLY, page + PAGE_SIZE, 0);
    return 0;
}

static struct native_state first_state(struct sequence *s)
{
    struct native_state state = { .rip = NATIVE_CODE, .rflags = 0x202 };
    state.cs = s->is_compat ? NATIVE_CODE_32 : NATIVE_CODE_64;
    for (int i = 0; i < 16; i++) state.reg[i] = sequence_value(s);
    const unsigned pointers[] = { REG_RBX, REG_RSI, REG_RDI, REG_R13 };
    for (unsigned i = 0; i < 4; i++)
        state.reg[pointers[i]] = NATIVE_DATA + 0x800 + 8 * sequence_below(s, 64);
    state.reg[REG_RSP] = NATIVE_DATA + 0x1400;
    if (s->is_compat) /* a processor may forget upper halves in 32-bit code */
        for (int i = 0; i < 16; i++) state.reg[i] = (uint32_t)state.reg[i];
    return state;
}

/* Debug registers for a run of the model. */
static word_t model_dr0, model_dr7;

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

static void prepare_model(const struct native_state *state, const struct sequence *s)
{
    memcpy(memory_edit(&world, page_of(NATIVE_CODE), s->length), s->code, s->length);
    for (unsigned i = 0; i < NATIVE_DATA_PAGES; i++)
        memcpy(memory_edit(&world, page_of(NATIVE_DATA + i * PAGE_SIZE), PAGE_SIZE),
               fresh_data + i * PAGE_SIZE, PAGE_SIZE);
    cpu_reset(&world);
    struct cpu *cpu = cpu_edit(&world);
    memcpy(cpu->reg, state->reg, sizeof cpu->reg);
    cpu->rip = state->rip;
    cpu->rflags = state->rflags;
    memcpy(cpu->fpu, state->fpu, NATIVE_FPU);
    cpu->cr3 = TABLES;
    cpu->dr[0] = model_dr0;
    cpu->dr[7] |= model_dr7;
    cpu->features |= CPU_OSXMMEXCPT | CPU_ALIGNMENT; /* as the host's system software has it */
    memset(cpu->gdt, 0, sizeof cpu->gdt);
    memcpy(cpu->gdt, linux_descriptors, sizeof linux_descriptors);
    cpu->gdt_limit = 127;
    cpu->cs = (uint16_t)state->cs;
    cpu->ss = NATIVE_STACK;
    memset(cpu->gate_open, 0, sizeof cpu->gate_open);
    cpu->gate_open[0] = 1 << VECTOR_BP | 1 << VECTOR_OF;
}

static struct native_exit run_model(const struct native_state *state, const struct sequence *s)
{
    prepare_model(state, s);
    struct trap trap = core_run(core, &world, BUDGET);
    struct native_exit e = { .vector = trap.vector,
                             .error_code = trap.error_code,
                             .address = cpu_at(&world)->cr2 };
    if (trap.kind != TRAP_EXCEPTION) e.vector = 1000 + trap.kind;
    memcpy(e.state.reg, cpu_at(&world)->reg, sizeof e.state.reg);
    e.state.rip = cpu_at(&world)->rip;
    e.state.rflags = cpu_at(&world)->rflags;
    e.state.cs = cpu_at(&world)->cs;
    memcpy(e.state.fpu, cpu_at(&world)->fpu, NATIVE_FPU);
    return e;
}

static void prepare_host(const struct sequence *s)
{
    memcpy((void *)(uintptr_t)NATIVE_CODE, s->code, s->length);
    memcpy((void *)(uintptr_t)NATIVE_DATA, fresh_data, DATA_SIZE);
}

static struct native_exit run_host(const struct native_state *state, const struct sequence *s)
{
    prepare_host(s);
    return native_run(state);
}

static bool memory_agrees(void)
{
    for (unsigned i = 0; i < NATIVE_DATA_PAGES; i++)
        if (memcmp(memory_at(&world, page_of(NATIVE_DATA + i * PAGE_SIZE)),
                   (void *)(uintptr_t)(NATIVE_DATA + i * PAGE_SIZE), PAGE_SIZE) != 0)
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

static bool exits_agree(const struct native_exit *host, const struct native_exit *model,
                        uint64_t flags)
{
    if (host->vector != model->vector || host->state.rip != model->state.rip) return false;
    if (host->state.cs != model->state.cs) return false;
    if (memcmp(host->state.reg, model->state.reg, sizeof host->state.reg) != 0) return false;
    if (!fpu_agrees(host->state.fpu, model->state.fpu)) return false;
    if ((host->state.rflags ^ model->state.rflags) & flags) return false;
    if (host->vector != VECTOR_PF) return host->error_code == model->error_code;
    if (host->address != model->address) return false;
    bool kernel_address = host->address >> 47;
    return kernel_address || !((host->error_code ^ model->error_code) & ~(uint64_t)FAULT_FETCH);
}

static void print_code(const struct sequence *s)
{
    char text[128];
    printf("   ");
    for (size_t i = 0; i < s->length; i++) printf(" %02x", s->code[i]);
    printf("\n");
    for (size_t at = 0; at < s->length;) {
        size_t n =
            instruction_format(s->code + at, s->length - at, NATIVE_CODE + at, text, sizeof text);
        printf("    %s\n", text);
        at += n ? n : 1;
    }
}

static void print_bytes(const uint8_t *bytes, unsigned size)
{
    printf("   ");
    while (size) printf("%02x", bytes[--size]);
}

static void print_fpu(const uint8_t *from, const uint8_t *host, const uint8_t *model)
{
    for (unsigned i = 0; i < FPU_PARTS; i++) {
        if (i > 3 && part_agrees(i, host, model)) continue;
        printf("    %-5s", fpu_parts[i].name);
        print_bytes(from + fpu_parts[i].at, fpu_parts[i].size);
        print_bytes(host + fpu_parts[i].at, fpu_parts[i].size);
        print_bytes(model + fpu_parts[i].at, fpu_parts[i].size);
        printf("\n");
    }
}

static void report(const char *family, uint64_t seed, const struct sequence *s,
                   const struct native_state *from, const struct native_exit *host,
                   const struct native_exit *model)
{
    printf("%s, seed %" PRIu64 ":\n", family, seed);
    print_code(s);
    printf("            from               host               model\n");
    for (unsigned i = 0; i < 16; i++)
        if (host->state.reg[i] != model->state.reg[i])
            printf("    %-6s  %016" PRIx64 "   %016" PRIx64 "   %016" PRIx64 "\n", reg_name[i],
                   from->reg[i], host->state.reg[i], model->state.reg[i]);
    printf("    rip     %016" PRIx64 "   %016" PRIx64 "   %016" PRIx64 "\n", from->rip,
           host->state.rip, model->state.rip);
    printf("    flags   %016" PRIx64 "   %016" PRIx64 "   %016" PRIx64 "\n", from->rflags,
           host->state.rflags, model->state.rflags);
    printf("    vector  %" PRIu64 " code %#" PRIx64 " cr2 %#" PRIx64 " | %" PRIu64 " %#" PRIx64
           " %#" PRIx64 "\n",
           host->vector, host->error_code, host->address, model->vector, model->error_code,
           model->address);
    if (!fpu_agrees(host->state.fpu, model->state.fpu))
        print_fpu(from->fpu, host->state.fpu, model->state.fpu);
    if (!memory_agrees()) printf("    memory differs\n");
}

/* What a family wants of the state that code starts with; NULL: FNINIT's and MXCSR's reset values. */
static void first_fpu(const struct family *family, struct sequence *s, uint8_t *image)
{
    static const uint8_t reset[28] = { 0x7f, 0x03, [24] = 0x80, 0x1f };
    memcpy(image, reset, sizeof reset);
    if (family->prepare) family->prepare(s, image);
}

/* Whether the model lacks a page that this process has there: chance made a pointer into it. */
static bool met_our_own_memory(const struct native_exit *model)
{
    uintptr_t page = model->address & ~(uintptr_t)(NATIVE_PAGE - 1);
    bool is_both = page == NATIVE_CODE || page == NATIVE_READ_ONLY ||
                   (page >= NATIVE_DATA && page < NATIVE_DATA + DATA_SIZE);
    return model->vector == VECTOR_PF && !is_both &&
           msync((void *)page, NATIVE_PAGE, MS_ASYNC) == 0;
}

/* The state before, and fresh_data. */
static struct native_state begin(const struct family *family, struct sequence *s)
{
    for (unsigned i = 0; i < DATA_SIZE; i += 8) {
        uint64_t word = sequence_random(s);
        memcpy(fresh_data + i, &word, 8);
    }
    for (unsigned i = 0; i < DATA_SIZE; i += 48) {
        uint64_t vector[2];
        sequence_vector(s, vector);
        memcpy(fresh_data + i, vector, sizeof vector);
    }
    struct native_state from = first_state(s);
    first_fpu(family, s, from.fpu);
    return from;
}

typedef struct sequence make_fn(const struct family *family, uint64_t seed);

static bool sequence_agrees(make_fn *make, const struct family *family, uint64_t seed, bool tell)
{
    struct sequence s = make(family, seed);
    struct native_state from = begin(family, &s);
    struct native_exit host = run_host(&from, &s), model = run_model(&from, &s);
    uint64_t undefined = host.vector == VECTOR_DE ? 0x8d5 : s.undefined;
    if (exits_agree(&host, &model, ~undefined) && memory_agrees()) return true;
    if (met_our_own_memory(&model)) return true;
    if (tell) report(family->name, seed, &s, &from, &host, &model);
    return false;
}

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text && *text ? strtoull(text, NULL, 0) : otherwise;
}

static void check_families(make_fn *make, const struct family *family, size_t families)
{
    if (!native_available()) skip();
    assert_true(native_open()); /* here: cmocka takes the signals before each test */
    uint64_t count = setting("FAULTLINE_SEQUENCES", 3000), seed = setting("FAULTLINE_SEED", 1);
    unsigned wrong = 0;
    for (size_t f = 0; f < families; f++) {
        unsigned wrong_here = 0;
        for (uint64_t i = 0; i < count; i++)
            if (!sequence_agrees(make, &family[f], seed + i, wrong_here < REPORTS_MAX))
                wrong_here++;
        if (wrong_here)
            printf("%s: %u of %" PRIu64 " sequences differ\n", family[f].name, wrong_here, count);
        wrong += wrong_here;
    }
    assert_int_equal(wrong, 0);
}

static void random_sequences_end_as_on_the_hosts_processor(void **state)
{
    (void)state;
    check_families(sequence_make, integer_families, integer_family_count);
}

static void random_x87_sequences_end_as_on_the_hosts_processor(void **state)
{
    (void)state;
    check_families(sequence_make, x87_families, x87_family_count);
}

static void random_sse_sequences_end_as_on_the_hosts_processor(void **state)
{
    (void)state;
    check_families(sequence_make, sse_families, sse_family_count);
}

static void random_segment_sequences_end_as_on_the_hosts_processor(void **state)
{
    (void)state;
    check_families(sequence_make, segment_families, segment_family_count);
}

static void random_32_bit_sequences_end_as_on_the_hosts_processor(void **state)
{
    (void)state;
    check_families(sequence_make_compat, compat_families, compat_family_count);
}

/* --- with a breakpoint ------------------------------------------------------------------------------ */

/* Somewhere in the code, or on data where the pointers and the stack pointer lead. */
static void choose_breakpoint(struct sequence *s)
{
    static const uint8_t bytes[4] = { 1, 2, 8, 4 };
    word_t length = sequence_below(s, 4), type = sequence_below(s, 3);
    word_t address = NATIVE_DATA + (sequence_below(s, 4) ? 0x7f0 + sequence_below(s, 0x210)
                                                         : 0x13c0 + sequence_below(s, 0x48));
    if (type == 2) type = 3;
    if (type == 0) {
        length = 0;
        address = NATIVE_CODE + sequence_below(s, s->length);
    }
    model_dr0 = address & ~(word_t)(bytes[length] - 1);
    model_dr7 = 1 | type << 16 | length << 18;
}

static int signal_of(uint64_t vector)
{
    switch (vector) {
    case VECTOR_DB:
    case VECTOR_BP: return SIGTRAP;
    case VECTOR_UD: return SIGILL;
    case VECTOR_DE:
    case VECTOR_MF:
    case VECTOR_XM: return SIGFPE;
    case VECTOR_SS:
    case VECTOR_AC: return SIGBUS;
    default: return SIGSEGV;
    }
}

enum outcome { ALIKE, ALIKE_AND_HIT, DIFFERENT, UNKNOWN };

static enum outcome breakpoint_outcome(const struct family *family, uint64_t seed, bool tell)
{
    struct sequence s = sequence_make(family, seed);
    struct native_state from = begin(family, &s);
    choose_breakpoint(&s);
    struct debugged d = { .rip = from.rip,
                          .rflags = from.rflags,
                          .fpu = from.fpu,
                          .dr = { model_dr0 },
                          .dr7 = model_dr7 };
    memcpy(d.reg, from.reg, sizeof d.reg);
    struct debugged_stop stop;
    prepare_host(&s);
    if (!debugged_run(&d, &stop)) return UNKNOWN;
    struct native_exit model = run_model(&from, &s);
    word_t dr6 = cpu_at(&world)->dr[6];
    bool is_hit = stop.dr6 & DR6_BREAKPOINTS;
    if (stop.signal == signal_of(model.vector) && stop.rip == model.state.rip &&
        !((stop.dr6 ^ dr6) & DR6_BREAKPOINTS))
        return is_hit ? ALIKE_AND_HIT : ALIKE;
    if (tell) {
        printf("%s, seed %" PRIu64 ", dr0 %#" PRIx64 ", dr7 %#" PRIx64 ":\n", family->name, seed,
               model_dr0, model_dr7);
        print_code(&s);
        printf("    host: signal %d rip %#" PRIx64 " dr6 %#" PRIx64 "; model: vector %" PRIu64
               " rip %#" PRIx64 " dr6 %#" PRIx64 "\n",
               stop.signal, stop.rip, stop.dr6, model.vector, model.state.rip, dr6);
    }
    return DIFFERENT;
}

static unsigned breakpoints_differ(const struct family *family, uint64_t count, uint64_t seed)
{
    unsigned outcomes[UNKNOWN + 1] = { 0 };
    for (uint64_t i = 0; i < count; i++)
        outcomes[breakpoint_outcome(family, seed + i, outcomes[DIFFERENT] < REPORTS_MAX)]++;
    if (outcomes[DIFFERENT])
        printf("%s: %u of %" PRIu64 " differ, %u hit\n", family->name, outcomes[DIFFERENT], count,
               outcomes[ALIKE_AND_HIT]);
    if (outcomes[UNKNOWN] == count) printf("%s: the host has no breakpoints\n", family->name);
    return outcomes[DIFFERENT];
}

static void random_breakpoints_hit_as_on_the_hosts_processor(void **state)
{
    (void)state;
    if (!native_available()) skip();
    assert_true(native_open());
    uint64_t count = setting("FAULTLINE_SEQUENCES", 3000) / 30;
    uint64_t seed = setting("FAULTLINE_SEED", 1);
    unsigned wrong = 0;
    for (size_t f = 0; f < integer_family_count; f++)
        wrong += breakpoints_differ(&integer_families[f], count, seed);
    for (size_t f = 0; f < x87_family_count; f++)
        wrong += breakpoints_differ(&x87_families[f], count, seed);
    for (size_t f = 0; f < sse_family_count; f++)
        if (strcmp(sse_families[f].name, "SSE shift") !=
            0) /* AMD reads half of a count in memory */
            wrong += breakpoints_differ(&sse_families[f], count, seed);
    model_dr0 = model_dr7 = 0;
    assert_int_equal(wrong, 0);
}

/* --- coverage: how often each instruction was executed in these sequences --------------------------- */

enum { MNEMONICS = 2048, STEPS_MAX = 2000 };

static struct {
    const char *name;
    unsigned count;
} met[MNEMONICS];

static void count_mnemonic(const char *name)
{
    unsigned i = 0;
    while (met[i].name && strcmp(met[i].name, name) != 0) i++;
    assert_true(i < MNEMONICS - 1);
    met[i].name = name;
    met[i].count++;
}

/* One step after the other, each instruction counted once however often REP repeats it. */
static void count_sequence(make_fn *make, const struct family *family, uint64_t seed)
{
    struct sequence s = make(family, seed);
    struct native_state from = begin(family, &s);
    struct trap trap = { .kind = TRAP_NONE };
    word_t last = 0;
    prepare_model(&from, &s);
    for (unsigned i = 0; i < STEPS_MAX && trap.kind == TRAP_NONE; i++) {
        word_t at = cpu_at(&world)->rip - NATIVE_CODE;
        bool is_compat = cpu_at(&world)->cs == NATIVE_CODE_32;
        bool is_new = at < s.length && at + 1 != last;
        const char *name =
            is_new ? instruction_mnemonic(s.code + at, s.length - at, is_compat) : NULL;
        if (name) count_mnemonic(name);
        last = at + 1;
        trap = core_run(core, &world, 1);
    }
}

static void count_families(make_fn *make, const struct family *family, size_t families)
{
    uint64_t count = setting("FAULTLINE_SEQUENCES", 3000), seed = setting("FAULTLINE_SEED", 1);
    for (size_t f = 0; f < families; f++)
        for (uint64_t i = 0; i < count; i++) count_sequence(make, &family[f], seed + i);
}

/* A line "MNEMONIC COUNT" each, of the sequences that the tests compare by default. */
static int print_coverage(void)
{
    if (!native_available() || open_both(NULL) != 0) return 1;
    count_families(sequence_make, integer_families, integer_family_count);
    count_families(sequence_make, x87_families, x87_family_count);
    count_families(sequence_make, sse_families, sse_family_count);
    count_families(sequence_make, segment_families, segment_family_count);
    count_families(sequence_make_compat, compat_families, compat_family_count);
    for (unsigned i = 0; met[i].name; i++) printf("%s %u\n", met[i].name, met[i].count);
    return 0;
}

int main(int argc, char **argv)
{
    native_settle(argv);
    if (argc > 1 && strcmp(argv[1], "--coverage") == 0) return print_coverage();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_sequences_end_as_on_the_hosts_processor),
        cmocka_unit_test(random_x87_sequences_end_as_on_the_hosts_processor),
        cmocka_unit_test(random_sse_sequences_end_as_on_the_hosts_processor),
        cmocka_unit_test(random_breakpoints_hit_as_on_the_hosts_processor),
        cmocka_unit_test(random_segment_sequences_end_as_on_the_hosts_processor),
        cmocka_unit_test(random_32_bit_sequences_end_as_on_the_hosts_processor),
    };
    return cmocka_run_group_tests_name("machine against the host", tests, open_both, NULL);
}
