/* SPDX-License-Identifier: BSD-2-Clause */
/* One row an exception: the instruction, and what the processor's manual says the kernel then sees.
 * Each runs in a block and as a single step; all of registers and memory that the row does not name
 * must be as before. */
#include "machine_fixture.h"

enum where { AT, AFTER };

struct row {
    const char *source;
    uint32_t vector;
    word_t error_code;
    word_t cr2; /* 0: as before */
    enum where where;
};

/* What every row starts with: these, rbx DATA, rcx UNMAPPED, rdx READ_ONLY, rdi KERNEL_PAGE, rsi and rbp
 * NON_CANONICAL, r14 0, r15 1; the stack's top and the word at DATA + 8 are NON_CANONICAL. */
#define START_RAX   UINT64_C(0x1122334455667788)
#define BEFORE_HOLE (DATA + 0x1ffc)  /* r8: four bytes before an unmapped page */
#define FAR_BIT     (0x2000 * 8 + 3) /* r12: a bit on that page, counted from DATA */

/* clang-format off */
static const struct row rows[] = {
    /* #PF: P, W, U; CR2 is the first byte that fails */
    { "mov rax, [rcx]",               VECTOR_PF, 4, UNMAPPED, AT },
    { "mov rax, [rcx+5]",             VECTOR_PF, 4, UNMAPPED + 5, AT },
    { "mov rax, [0x10000000]",        VECTOR_PF, 4, UNMAPPED, AT },
    { "mov [rcx], rax",               VECTOR_PF, 6, UNMAPPED, AT },
    { "add [rcx], rax",               VECTOR_PF, 6, UNMAPPED, AT },
    { "inc dword ptr [rcx]",          VECTOR_PF, 6, UNMAPPED, AT },
    { "lock inc dword ptr [rcx]",     VECTOR_PF, 6, UNMAPPED, AT },
    { "xchg rax, [rcx]",              VECTOR_PF, 6, UNMAPPED, AT },
    { "cmpxchg [rcx], rax",           VECTOR_PF, 6, UNMAPPED, AT },
    { "cmpxchg8b [rcx]",              VECTOR_PF, 6, UNMAPPED, AT },
    { "cmpxchg16b [rcx]",             VECTOR_PF, 6, UNMAPPED, AT },
    { "xadd [rcx], rax",              VECTOR_PF, 6, UNMAPPED, AT },
    { "bts dword ptr [rcx], 1",       VECTOR_PF, 6, UNMAPPED, AT },
    { "bts [rbx], r12",               VECTOR_PF, 6, DATA + 0x2000, AT },
    { "bt [rcx], r12",                VECTOR_PF, 4, UNMAPPED + 0x2000, AT },
    { "shl qword ptr [rcx], 1",       VECTOR_PF, 6, UNMAPPED, AT },
    { "shld [rcx], rax, 3",           VECTOR_PF, 6, UNMAPPED, AT },
    { "sete byte ptr [rcx]",          VECTOR_PF, 6, UNMAPPED, AT },
    { "not byte ptr [rcx]",           VECTOR_PF, 6, UNMAPPED, AT },
    { "cmp [rcx], rax",               VECTOR_PF, 4, UNMAPPED, AT },
    { "test [rcx], rax",              VECTOR_PF, 4, UNMAPPED, AT },
    { "cmovo rax, [rcx]",             VECTOR_PF, 4, UNMAPPED, AT },
    { "movzx eax, byte ptr [rcx]",    VECTOR_PF, 4, UNMAPPED, AT },
    { "movsxd rax, dword ptr [rcx]",  VECTOR_PF, 4, UNMAPPED, AT },
    { "imul rax, [rcx], 3",           VECTOR_PF, 4, UNMAPPED, AT },
    { "div qword ptr [rcx]",          VECTOR_PF, 4, UNMAPPED, AT },
    { "popcnt rax, [rcx]",            VECTOR_PF, 4, UNMAPPED, AT },
    { "clflush [rcx]",                VECTOR_PF, 4, UNMAPPED, AT },
    { "mov [rdx], rax",               VECTOR_PF, 7, READ_ONLY, AT },
    { "mov byte ptr [rdx+7], 1",      VECTOR_PF, 7, READ_ONLY + 7, AT },
    { "add [rdx], rax",               VECTOR_PF, 7, READ_ONLY, AT },
    { "cmpxchg [rdx], rax",           VECTOR_PF, 7, READ_ONLY, AT },
    { "mov rax, [rdi]",               VECTOR_PF, 5, KERNEL_PAGE, AT },
    { "mov [rdi], rax",               VECTOR_PF, 7, KERNEL_PAGE, AT },
    { "push qword ptr [rcx]",         VECTOR_PF, 4, UNMAPPED, AT },
    { "call [rcx]",                   VECTOR_PF, 4, UNMAPPED, AT },
    { "jmp [rcx]",                    VECTOR_PF, 4, UNMAPPED, AT },
    { "mov ds, word ptr [rcx]",       VECTOR_PF, 4, UNMAPPED, AT },
    /* across the end of a page: the second page's first byte; nothing is written on the first */
    { "mov rax, [r8]",                VECTOR_PF, 4, DATA + 0x2000, AT },
    { "mov [r8], rax",                VECTOR_PF, 6, DATA + 0x2000, AT },
    { "add [r8], rax",                VECTOR_PF, 6, DATA + 0x2000, AT },
    { "xchg [r8], rax",               VECTOR_PF, 6, DATA + 0x2000, AT },
    { "push qword ptr [r8]",          VECTOR_PF, 4, DATA + 0x2000, AT },
    { "pop qword ptr [r8]",           VECTOR_PF, 6, DATA + 0x2000, AT },
    /* #GP(0): privileged */
    { "hlt",                          VECTOR_GP, 0, 0, AT },
    { "cli",                          VECTOR_GP, 0, 0, AT },
    { "sti",                          VECTOR_GP, 0, 0, AT },
    { "in al, dx",                    VECTOR_GP, 0, 0, AT },
    { "in al, 0x60",                  VECTOR_GP, 0, 0, AT },
    { "out dx, al",                   VECTOR_GP, 0, 0, AT },
    { "insb",                         VECTOR_GP, 0, 0, AT },
    { "rep outsb",                    VECTOR_GP, 0, 0, AT },
    { "rdmsr",                        VECTOR_GP, 0, 0, AT },
    { "wrmsr",                        VECTOR_GP, 0, 0, AT },
    { "mov cr0, rax",                 VECTOR_GP, 0, 0, AT },
    { "mov rax, cr3",                 VECTOR_GP, 0, 0, AT },
    { "mov dr0, rax",                 VECTOR_GP, 0, 0, AT },
    { "mov rax, dr7",                 VECTOR_GP, 0, 0, AT },
    { "lgdt [rbx]",                   VECTOR_GP, 0, 0, AT },
    { "lidt [rbx]",                   VECTOR_GP, 0, 0, AT },
    { "invd",                         VECTOR_GP, 0, 0, AT },
    { "wbinvd",                       VECTOR_GP, 0, 0, AT },
    { "invlpg [rbx]",                 VECTOR_GP, 0, 0, AT },
    { "clts",                         VECTOR_GP, 0, 0, AT },
    { "swapgs",                       VECTOR_GP, 0, 0, AT },
    { "sysret",                       VECTOR_GP, 0, 0, AT },
    { ".byte 0x48, 0x0f, 0x07",       VECTOR_GP, 0, 0, AT }, /* sysretq */
    { "sysenter",                     VECTOR_GP, 0, 0, AT },
    { "rdpmc",                        VECTOR_GP, 0, 0, AT },
    /* #GP: addresses that are not canonical, at the instruction */
    { "mov rax, [rsi]",               VECTOR_GP, 0, 0, AT },
    { "mov [rsi], rax",               VECTOR_GP, 0, 0, AT },
    { "add [rsi], rax",               VECTOR_GP, 0, 0, AT },
    { "cmpxchg16b [rsi]",             VECTOR_GP, 0, 0, AT },
    { "push qword ptr [rsi]",         VECTOR_GP, 0, 0, AT },
    { "pop qword ptr [rsi]",          VECTOR_GP, 0, 0, AT },
    { "call [rsi]",                   VECTOR_GP, 0, 0, AT },
    { "jmp rsi",                      VECTOR_GP, 0, 0, AT },
    { "call rsi",                     VECTOR_GP, 0, 0, AT },
    { "jmp qword ptr [rbx+8]",        VECTOR_GP, 0, 0, AT },
    { "call qword ptr [rbx+8]",       VECTOR_GP, 0, 0, AT },
    { "ret",                          VECTOR_GP, 0, 0, AT },
    { "ret 16",                       VECTOR_GP, 0, 0, AT },
    { "cmpxchg16b [rbx+8]",           VECTOR_GP, 0, 0, AT },
    /* #SS: the same for the stack */
    { "mov rax, [rbp]",               VECTOR_SS, 0, 0, AT },
    { "mov [rbp+8], rax",             VECTOR_SS, 0, 0, AT },
    { "add [rbp+rax*2-1], eax",       VECTOR_SS, 0, 0, AT },
    { "leave",                        VECTOR_SS, 0, 0, AT },
    { "push qword ptr [rbp]",         VECTOR_SS, 0, 0, AT },
    { "jmp [rbp]",                    VECTOR_SS, 0, 0, AT },
    /* #GP: selectors */
    { ".byte 0x8e, 0xd8",             VECTOR_GP, 0x7788, 0, AT }, /* mov ds, ax */
    { "mov es, ax",                   VECTOR_GP, 0x7788, 0, AT },
    { "mov fs, ax",                   VECTOR_GP, 0x7788, 0, AT },
    { "mov ss, ax",                   VECTOR_GP, 0x7788, 0, AT },
    { "mov ss, r14w",                 VECTOR_GP, 0, 0, AT },      /* a null selector */
    { ".byte 0x8e, 0xc8",             VECTOR_UD, 0, 0, AT }, /* mov cs, ax */
    /* #GP: closed gates, error code 8n + 2 */
    { "int 0x20",                     VECTOR_GP, 0x102, 0, AT },
    { "int 0x80",                     VECTOR_GP, 0x402, 0, AT },
    { "int 0x0d",                     VECTOR_GP, 0x6a, 0, AT },
    { "int 0x9d",                     VECTOR_GP, 0x4ea, 0, AT },
    { "int 4",                        VECTOR_GP, 0x22, 0, AT },
    { "int 0",                        VECTOR_GP, 2, 0, AT },
    /* #GP: more than 15 bytes */
    { ".byte 0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x90", VECTOR_GP, 0, 0, AT },
    /* #UD */
    { "ud2",                          VECTOR_UD, 0, 0, AT },
    { ".byte 0x0f, 0xb9, 0xc0",       VECTOR_UD, 0, 0, AT }, /* ud1 */
    { ".byte 0x0f, 0xff, 0xc0",       VECTOR_UD, 0, 0, AT }, /* ud0 */
    { ".byte 0x06",                   VECTOR_UD, 0, 0, AT }, /* push es */
    { ".byte 0xf0, 0x90",             VECTOR_UD, 0, 0, AT }, /* lock nop */
    { ".byte 0xf0, 0x01, 0xd8",       VECTOR_UD, 0, 0, AT }, /* lock add eax, ebx */
    { ".byte 0xf0, 0x39, 0x03",       VECTOR_UD, 0, 0, AT }, /* lock cmp [rbx], eax */
    { ".byte 0xf0, 0x8b, 0x03",       VECTOR_UD, 0, 0, AT }, /* lock mov eax, [rbx] */
    { ".byte 0x8d, 0xc0",             VECTOR_UD, 0, 0, AT }, /* lea of a register */
    { ".byte 0xce",                   VECTOR_UD, 0, 0, AT }, /* into */
    { ".byte 0x0f, 0x01, 0xcb",       VECTOR_UD, 0, 0, AT }, /* stac */
    { ".byte 0x0f, 0x01, 0xd0",       VECTOR_UD, 0, 0, AT }, /* xgetbv: no XSAVE */
    { ".byte 0x0f, 0xc7, 0xf0",       VECTOR_UD, 0, 0, AT }, /* rdrand */
    { ".byte 0x0f, 0x38, 0xf0, 0x03", VECTOR_UD, 0, 0, AT }, /* movbe */
    { ".byte 0xf3, 0x48, 0x0f, 0xae, 0xd0", VECTOR_UD, 0, 0, AT }, /* wrfsbase */
    { ".byte 0xc5, 0xf8, 0x77",       VECTOR_UD, 0, 0, AT }, /* vzeroupper */
    { ".byte 0x0f, 0x22, 0xc8",       VECTOR_UD, 0, 0, AT }, /* mov cr1, rax */
    { ".byte 0x0f, 0x0f, 0xc0, 0xbf", VECTOR_UD, 0, 0, AT }, /* 3DNow */
    /* #DE */
    { "div r14",                      VECTOR_DE, 0, 0, AT },
    { "div r14b",                     VECTOR_DE, 0, 0, AT },
    { "idiv r14d",                    VECTOR_DE, 0, 0, AT },
    { "div r15",                      VECTOR_DE, 0, 0, AT }, /* quotient too large */
    { "idiv r15",                     VECTOR_DE, 0, 0, AT },
    { "idiv qword ptr [rbx+16]",      VECTOR_DE, 0, 0, AT }, /* of zero in memory */
    { "div byte ptr [rbx+16]",        VECTOR_DE, 0, 0, AT },
    /* traps: behind the instruction */
    { "int3",                         VECTOR_BP, 0, 0, AFTER },
    { ".byte 0xcd, 0x03",             VECTOR_BP, 0, 0, AFTER },
    { ".byte 0xf1",                   VECTOR_DB, 0, 0, AFTER },
};
/* clang-format on */

static void set_up(struct machine *m, const struct row *row, unsigned nops)
{
    struct cpu *cpu = machine_cpu(m);
    word_t at = CODE;
    for (unsigned i = 0; i < nops; i++) at = machine_asm(m, at, "nop");
    machine_asm(m, at, row->source);
    for (unsigned i = 0; i < REG_COUNT; i++) cpu->reg[i] = 0x1111 * (i + 1);
    cpu->reg[REG_RAX] = START_RAX;
    cpu->reg[REG_RBX] = DATA;
    cpu->reg[REG_RCX] = UNMAPPED;
    cpu->reg[REG_RDX] = READ_ONLY;
    cpu->reg[REG_RDI] = KERNEL_PAGE;
    cpu->reg[REG_RSI] = NON_CANONICAL;
    cpu->reg[REG_RBP] = NON_CANONICAL;
    cpu->reg[REG_R8] = BEFORE_HOLE;
    cpu->reg[REG_R12] = FAR_BIT;
    cpu->reg[REG_R14] = 0;
    cpu->reg[REG_R15] = 1;
    cpu->reg[REG_RSP] = STACK_TOP - 64;
    cpu->cr2 = 0x77;
    cpu->rflags = FLAG_FIXED | FLAG_IF | FLAG_CF | FLAG_ZF | FLAG_PF | FLAG_DF;
    machine_put_word(m, DATA + 8, NON_CANONICAL);
    machine_put_word(m, STACK_TOP - 64, NON_CANONICAL);
}

static void check_row(const struct row *row, unsigned nops, uint64_t budget)
{
    struct machine *m = machine_new();
    set_up(m, row, nops);
    static uint8_t memory[FIXTURE_MEMORY];
    struct assembled a = assemble(row->source, CODE);
    struct cpu expected = *cpu_at(&m->world);
    memcpy(memory, memory_at(&m->world, 0), sizeof memory);
    bool is_fault = row->where == AT;
    uint64_t done = nops + !is_fault;
    expected.rip = CODE + nops + (is_fault ? 0 : a.length);
    expected.rflags |= is_fault ? FLAG_RF : 0;
    if (row->cr2) expected.cr2 = row->cr2;
    expected.retired += done;
    expected.clock += done;

    struct trap trap = { .kind = TRAP_NONE };
    for (unsigned i = 0; i <= nops && trap.kind == TRAP_NONE; i++) trap = machine_run(m, budget);

    bool is_right = trap.kind == TRAP_EXCEPTION && trap.vector == row->vector &&
                    trap.error_code == row->error_code;
    if (!is_right)
        fail_msg("%s: kind %u vector %u code %#lx, wanted vector %u code %#lx", row->source,
                 trap.kind, trap.vector, (unsigned long)trap.error_code, row->vector,
                 (unsigned long)row->error_code);
    const word_t *seen = (const word_t *)cpu_at(&m->world), *wanted = (const word_t *)&expected;
    for (unsigned i = 0; i < sizeof expected / sizeof *seen; i++)
        if (seen[i] != wanted[i])
            fail_msg("%s: word %u of the processor is %#lx, wanted %#lx", row->source, i,
                     (unsigned long)seen[i], (unsigned long)wanted[i]);
    /* Behind the page tables, which say what was accessed. */
    if (memcmp(memory + FRAMES, memory_at(&m->world, FRAMES), sizeof memory - FRAMES) != 0)
        fail_msg("%s: memory changed", row->source);
    machine_free(m);
}

static void each_exception_is_exact_in_a_block(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(&rows[i], 0, 1000);
        check_row(&rows[i], 3, 1000);
    }
}

static void each_exception_is_exact_in_single_steps(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(&rows[i], 0, 1);
        check_row(&rows[i], 2, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_exception_is_exact_in_a_block),
        cmocka_unit_test(each_exception_is_exact_in_single_steps),
    };
    return cmocka_run_group_tests_name("exceptions", tests, NULL, NULL);
}
