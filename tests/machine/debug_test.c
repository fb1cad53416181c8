/* SPDX-License-Identifier: BSD-2-Clause */
/* The debug exception, a row each: the code, DR7, and what the processor's manual says the kernel then
 * sees. Every row runs at once and as single steps of the run loop; both must end alike. */
#include "machine_fixture.h"

#include <signal.h>

#include "debugged.h"

#define ON(n)        (UINT64_C(1) << (2 * (n) + 1))
#define LOCAL(n)     (UINT64_C(1) << 2 * (n))
#define EXECUTE(n)   ON(n)
#define WRITE(n, l)  (ON(n) | UINT64_C(1) << (16 + 4 * (n)) | (word_t)(l) << (18 + 4 * (n)))
#define ACCESS(n, l) (ON(n) | UINT64_C(3) << (16 + 4 * (n)) | (word_t)(l) << (18 + 4 * (n)))
enum { LEN1 = 0, LEN2 = 1, LEN8 = 2, LEN4 = 3 };
enum { B0 = 1, B1 = 2, B2 = 4, B3 = 8, BS = DR6_SINGLE_STEP };
#define DR6_FIXED UINT64_C(0xffff0ff0)
enum { NOTHING = 99 }; /* for a vector: it runs to the ud2 that follows every row */

struct row {
    const char *source;
    word_t flags; /* set at the start, with IF */
    word_t dr0, dr1, dr7;
    uint32_t vector;
    word_t dr6; /* without its fixed bits */
    word_t rip; /* from CODE; 0 with NOTHING */
    bool rf;
};

/* rbx DATA, rcx 3, rdx READ_ONLY, rsi DATA + 0x100, rdi DATA + 0x200, r8 UNMAPPED, r9 DATA + 0xffe. */
/* clang-format off */
static const struct row rows[] = {
    /* instructions: a fault before, RF clear in what is saved */
    { "nop; nop; nop", 0, CODE + 1, 0, EXECUTE(0), VECTOR_DB, B0, 1, false },
    { "nop; nop; nop", 0, CODE, 0, LOCAL(0), VECTOR_DB, B0, 0, false },
    { "nop; nop; nop", 0, 0, CODE + 2, EXECUTE(1), VECTOR_DB, B1, 2, false },
    { "nop; nop; nop", 0, CODE + 1, CODE + 1, EXECUTE(0) | EXECUTE(1), VECTOR_DB, B0 | B1, 1, false },
    { "nop; nop; nop", 0, CODE + 1, CODE + 1, EXECUTE(1), VECTOR_DB, B1, 1, false },
    { "nop; nop; nop", 0, CODE + 1, 0, 0, NOTHING, 0, 0, true },
    { "mov rax, [rbx]; nop", 0, CODE + 1, 0, EXECUTE(0), NOTHING, 0, 0, true },    /* not its first byte */
    { "mov rax, [rbx]; nop", 0, DATA, 0, EXECUTE(0), NOTHING, 0, 0, true },        /* data is not executed */
    { "nop; nop", FLAG_RF, CODE, 0, EXECUTE(0), NOTHING, 0, 0, true },             /* RF: not this one… */
    { "nop; nop", FLAG_RF, CODE + 1, 0, EXECUTE(0), VECTOR_DB, B0, 1, false },     /* …but the next */
    { "jmp 0x400000", FLAG_RF, CODE, 0, EXECUTE(0), VECTOR_DB, B0, 0, false },
    { "ud2", 0, CODE, 0, EXECUTE(0), VECTOR_DB, B0, 0, false },                    /* before its own fault */
    { "ud2", FLAG_RF, CODE, 0, EXECUTE(0), VECTOR_UD, 0, 0, true },
    { "mov rax, [r8]", 0, CODE, 0, EXECUTE(0), VECTOR_DB, B0, 0, false },
    { "jmp r8", 0, UNMAPPED, 0, EXECUTE(0), VECTOR_DB, B0, UNMAPPED - CODE, false }, /* before the fetch */
    { "syscall", 0, CODE, 0, EXECUTE(0), VECTOR_DB, B0, 0, false },
    { "rep stosb; nop", 0, CODE, 0, EXECUTE(0), VECTOR_DB, B0, 0, false },
    { "rep stosb; nop", FLAG_RF, CODE, 0, EXECUTE(0), NOTHING, 0, 0, true },       /* once, not once an iteration */
    { ".byte 0x8e, 0xd0; nop; nop; nop", 0, CODE + 2, 0, EXECUTE(0), NOTHING, 0, 0, true },  /* in the shadow */
    { ".byte 0x8e, 0xd0; nop; nop", 0, CODE + 3, 0, EXECUTE(0), VECTOR_DB, B0, 3, false },

    /* data: a trap behind */
    { "mov [rbx], rax; nop", 0, DATA, 0, WRITE(0, LEN8), VECTOR_DB, B0, 3, false },
    { "mov [rbx], rax; nop", 0, DATA, 0, ACCESS(0, LEN8), VECTOR_DB, B0, 3, false },
    { "mov rax, [rbx]; nop", 0, DATA, 0, ACCESS(0, LEN8), VECTOR_DB, B0, 3, false },
    { "mov rax, [rbx]; nop", 0, DATA, 0, WRITE(0, LEN8), NOTHING, 0, 0, true },
    { "mov [rbx], rax; nop", 0, DATA, 0, 0, NOTHING, 0, 0, true },
    { "mov [rbx], al; nop", 0, DATA + 1, 0, WRITE(0, LEN1), NOTHING, 0, 0, true },
    { "mov [rbx], ax; nop", 0, DATA + 1, 0, WRITE(0, LEN1), VECTOR_DB, B0, 3, false },
    { "mov [rbx+1], al; nop", 0, DATA, 0, WRITE(0, LEN1), NOTHING, 0, 0, true },
    { "mov [rbx+1], al; nop", 0, DATA, 0, WRITE(0, LEN2), VECTOR_DB, B0, 3, false },
    { "mov [rbx+2], al; nop", 0, DATA, 0, WRITE(0, LEN2), NOTHING, 0, 0, true },
    { "mov [rbx+3], al; nop", 0, DATA, 0, WRITE(0, LEN4), VECTOR_DB, B0, 3, false },
    { "mov [rbx+4], al; nop", 0, DATA, 0, WRITE(0, LEN4), NOTHING, 0, 0, true },
    { "mov [rbx+7], al; nop", 0, DATA, 0, WRITE(0, LEN8), VECTOR_DB, B0, 3, false },
    { "mov [rbx+8], al; nop", 0, DATA, 0, WRITE(0, LEN8), NOTHING, 0, 0, true },
    { "mov [rbx+1], al; nop", 0, DATA + 3, 0, WRITE(0, LEN4), VECTOR_DB, B0, 3, false }, /* low bits of DR0 do not count */
    { "mov [rbx], eax; nop", 0, DATA, DATA + 2, WRITE(0, LEN1) | WRITE(1, LEN2), VECTOR_DB, B0 | B1, 2, false },
    { "mov [rbx], eax; nop", 0, DATA, DATA + 4, WRITE(0, LEN1) | WRITE(1, LEN4), VECTOR_DB, B0, 2, false },
    { "add [rbx], eax; nop", 0, DATA, 0, WRITE(0, LEN4), VECTOR_DB, B0, 2, false },
    { "cmp [rbx], eax; nop", 0, DATA, 0, WRITE(0, LEN4), NOTHING, 0, 0, true },
    { "cmpxchg [rbx], ecx; nop", 0, DATA, 0, WRITE(0, LEN4), VECTOR_DB, B0, 3, false }, /* written though unequal */
    { "push rax; nop", 0, STACK_TOP - 8, 0, WRITE(0, LEN8), VECTOR_DB, B0, 1, false },
    { "push qword ptr [rbx]; nop", 0, DATA, STACK_TOP - 8, ACCESS(0, LEN8) | WRITE(1, LEN8), VECTOR_DB, B0 | B1, 2, false },
    { "call 0x400010", 0, STACK_TOP - 4, 0, WRITE(0, LEN4), VECTOR_DB, B0, 0x10, false },
    { "mov [r9], eax; nop", 0, DATA + 0x1000, 0, WRITE(0, LEN1), VECTOR_DB, B0, 3, false }, /* across two pages */
    { "mov [r9], eax; nop", 0, DATA + 0xffe, 0, WRITE(0, LEN1), VECTOR_DB, B0, 3, false },
    { "mov eax, [r9]; nop", 0, DATA + 0x1001, 0, ACCESS(0, LEN1), VECTOR_DB, B0, 3, false },
    { "lea rax, [rbx]; nop", 0, DATA, 0, ACCESS(0, LEN8), NOTHING, 0, 0, true },
    { "nop; nop", 0, CODE, 0, ACCESS(0, LEN8), NOTHING, 0, 0, true },               /* fetching is no access */
    { "mov [rbx], rax; ud2", FLAG_RF, DATA, 0, WRITE(0, LEN8), VECTOR_DB, B0, 3, false }, /* RF is for instructions */
    { "mov [rdx], rax", 0, READ_ONLY, 0, WRITE(0, LEN8), VECTOR_PF, 0, 0, true },   /* nothing was written */
    { "mov [rbx], rax; nop", 0, DATA, CODE + 3, WRITE(0, LEN8) | EXECUTE(1), VECTOR_DB, B0, 3, false }, /* traps come first */
    { "mov [rbx], rax; nop", FLAG_TF, DATA, 0, WRITE(0, LEN8), VECTOR_DB, B0 | BS, 3, false },
    /* an I/O breakpoint without CR4.DE */
    { "mov [rbx], rax; nop", 0, DATA, 0, ON(0) | UINT64_C(2) << 16, NOTHING, 0, 0, true },
    /* REP: behind the iteration, with RF, at the instruction; behind the last as behind any */
    { "rep stosb; nop", 0, DATA + 0x200, 0, WRITE(0, LEN1), VECTOR_DB, B0, 0, true },
    { "rep stosb; nop", 0, DATA + 0x201, 0, WRITE(0, LEN1), VECTOR_DB, B0, 0, true },
    { "rep stosb; nop", 0, DATA + 0x202, 0, WRITE(0, LEN1), VECTOR_DB, B0, 2, false },
    { "rep stosb; nop", 0, DATA + 0x203, 0, WRITE(0, LEN1), NOTHING, 0, 0, true },
    { "rep movsb; nop", 0, DATA + 0x101, 0, ACCESS(0, LEN1), VECTOR_DB, B0, 0, true },
    { "rep stosb; nop", FLAG_TF, 0, 0, 0, VECTOR_DB, BS, 0, true },
    { "rep stosb; nop", 0, CODE, DATA + 0x200, EXECUTE(0) | WRITE(1, LEN1), VECTOR_DB, B0, 0, false },
    { "rep stosb; nop", FLAG_RF, CODE, DATA + 0x200, EXECUTE(0) | WRITE(1, LEN1), VECTOR_DB, B1, 0, true },
    /* MOV SS holds back until behind the next instruction */
    { ".byte 0x8e, 0x53, 0x10; nop; nop", 0, DATA + 16, 0, ACCESS(0, LEN2), VECTOR_DB, B0, 4, false },
    { ".byte 0x8e, 0x53, 0x10; mov [rbx], al; nop", 0, DATA + 16, DATA, ACCESS(0, LEN2) | WRITE(1, LEN1), VECTOR_DB, B0 | B1, 5, false },

    /* single steps */
    { "nop; nop", FLAG_TF, 0, 0, 0, VECTOR_DB, BS, 1, false },
    { "nop; nop", FLAG_TF, CODE, 0, EXECUTE(0), VECTOR_DB, B0, 0, false },
    { "nop; nop", FLAG_TF, CODE + 1, 0, EXECUTE(0), VECTOR_DB, BS, 1, false },     /* the trap comes first */
    { ".byte 0x8e, 0xd0; nop; nop", FLAG_TF, 0, 0, 0, VECTOR_DB, BS, 3, false },
    { "popfq; nop; nop", 0, 0, 0, 0, VECTOR_DB, BS, 2, false },                    /* sets TF: behind the next */
    { "ud2", FLAG_TF, 0, 0, 0, VECTOR_UD, 0, 0, true },
    { "int3", FLAG_TF, 0, 0, 0, VECTOR_BP, 0, 1, false },
    { ".byte 0xf1", 0, 0, 0, 0, VECTOR_DB, 0, 1, false },                          /* int1: DR6 says nothing */
    { "int 0x80", 0, 0, 0, 0, VECTOR_GP, 0, 0, true },
    /* EFLAGS.AC without CR0.AM: seL4 leaves that clear */
    { "mov [rbx+1], rax; mov rax, [rbx+3]", FLAG_AC, 0, 0, 0, NOTHING, 0, 0, true },
};
/* clang-format on */

static word_t set_up(struct machine *m, const struct row *row)
{
    struct cpu *cpu = machine_cpu(m);
    word_t end = machine_asm(m, CODE, row->source);
    machine_asm(m, end, "ud2");
    cpu->rflags |= row->flags;
    cpu->reg[REG_RAX] = 0x33;
    cpu->reg[REG_RBX] = DATA;
    cpu->reg[REG_RCX] = 3;
    cpu->reg[REG_RDX] = READ_ONLY;
    cpu->reg[REG_RSI] = DATA + 0x100;
    cpu->reg[REG_RDI] = DATA + 0x200;
    cpu->reg[REG_R8] = UNMAPPED;
    cpu->reg[REG_R9] = DATA + 0xffe;
    cpu->dr[0] = row->dr0;
    cpu->dr[1] = row->dr1;
    cpu->dr[7] = 0x400 | row->dr7;
    machine_put_word(m, DATA + 16, 0x33);
    if (strncmp(row->source, "popfq", 5) == 0) {
        cpu->reg[REG_RSP] = STACK_TOP - 8;
        machine_put_word(m, STACK_TOP - 8, FLAG_FIXED | FLAG_TF);
    }
    return end;
}

static void check_row(const struct row *row, uint64_t budget, bool is_warm)
{
    struct machine *m = machine_new();
    word_t end = set_up(m, row);
    struct cpu *cpu = machine_cpu(m), before = *cpu;
    if (is_warm) { /* everything is cached already when the breakpoints come */
        cpu->dr[7] = 0x400;
        cpu->rflags &= ~(word_t)FLAG_TF;
        machine_run(m, 1000);
        *cpu = before;
        machine_put_word(m, DATA, 0);
    }
    struct trap trap = { .kind = TRAP_NONE };
    for (unsigned i = 0; i < 20 && !trap.kind; i++) trap = machine_run(m, budget);

    bool is_nothing = row->vector == NOTHING;
    uint32_t vector = is_nothing ? VECTOR_UD : row->vector;
    word_t rip = is_nothing ? end : CODE + row->rip;
    if (trap.kind != TRAP_EXCEPTION || trap.vector != vector || cpu->rip != rip ||
        cpu->dr[6] != (DR6_FIXED | row->dr6) || !(cpu->rflags & FLAG_RF) == row->rf)
        fail_msg("%s, row %u, budget %u: kind %u vector %u rip %#lx dr6 %#lx flags %#lx",
                 row->source, (unsigned)(row - rows), (unsigned)budget, trap.kind, trap.vector,
                 (unsigned long)cpu->rip, (unsigned long)cpu->dr[6], (unsigned long)cpu->rflags);
    machine_free(m);
}

static void each_debug_exception_is_exact_in_a_run(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) check_row(&rows[i], 1000, false);
}

static void each_debug_exception_is_exact_in_single_steps(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) check_row(&rows[i], 1, false);
}

static void each_debug_exception_is_exact_with_warm_caches(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) check_row(&rows[i], 1000, true);
}

/* --- what needs more than a row ------------------------------------------------------------------- */

static void assert_debug(struct machine *m, struct trap t, word_t rip, word_t dr6)
{
    assert_int_equal(t.kind, TRAP_EXCEPTION);
    assert_int_equal(t.vector, VECTOR_DB);
    assert_int_equal(cpu_at(&m->world)->rip, rip);
    assert_int_equal(cpu_at(&m->world)->dr[6], DR6_FIXED | dr6);
}

static void a_breakpoint_hits_again_until_rf_is_set_or_it_is_gone(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    word_t end = machine_asm(m, CODE, "nop; nop; ud2");
    machine_cpu(m)->dr[3] = CODE + 1;
    machine_cpu(m)->dr[7] = 0x400 | EXECUTE(3);
    assert_debug(m, machine_run(m, 1000), CODE + 1, B3);
    assert_debug(m, machine_run(m, 1000), CODE + 1, B3);
    assert_int_equal(cpu_at(&m->world)->retired, 1);

    machine_cpu(m)->rflags |= FLAG_RF;
    assert_int_equal(machine_run(m, 1000).vector, VECTOR_UD);
    assert_int_equal(cpu_at(&m->world)->rip, end - 2);
    machine_free(m);
}

static void watched_data_in_a_hot_loop_is_seen_each_time(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    word_t loop = machine_asm(m, CODE, "mov ecx, 1000");
    word_t behind = machine_asm(m, loop, "inc dword ptr [0x440004]; dec ecx");
    machine_asm(m, machine_asm(m, behind, "jnz 0x400005"), "ud2");
    assert_int_equal(loop, CODE + 5);
    machine_cpu(m)->dr[2] = DATA + 4;
    machine_cpu(m)->dr[7] = 0x400 | WRITE(2, LEN4);
    for (unsigned i = 1; i <= 1000; i++) {
        struct trap t = machine_run(m, 100000);
        assert_debug(m, t, behind - 2, B2);
        assert_int_equal((uint32_t)machine_word(m, DATA + 4), i);
    }
    assert_int_equal(machine_run(m, 1000).vector, VECTOR_UD);
    machine_free(m);
}

static void a_watch_that_is_gone_and_comes_back_is_seen(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    word_t code = machine_asm(m, CODE, "mov [0x440000], eax");
    for (unsigned i = 0; i < 6; i++) {
        machine_cpu(m)->rip = CODE;
        machine_cpu(m)->dr[0] = DATA;
        machine_cpu(m)->dr[7] = 0x400 | (i % 2 ? WRITE(0, LEN4) : 0);
        machine_asm(m, code, "ud2");
        if (i % 2)
            assert_debug(m, machine_run(m, 1000), code, B0);
        else
            assert_int_equal(machine_run(m, 1000).vector, VECTOR_UD);
    }
    machine_free(m);
}

static void a_watch_beside_running_code_leaves_the_code_running(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, machine_asm(m, CODE, "mov rax, [0x400800]; mov [0x400808], rax"), "ud2");
    machine_cpu(m)->dr[0] = CODE + 0x808;
    machine_cpu(m)->dr[7] = 0x400 | WRITE(0, LEN1);
    struct trap t = machine_run(m, 1000);
    assert_int_equal(t.vector, VECTOR_DB);
    assert_int_equal(machine_run(m, 1000).vector, VECTOR_UD);
    machine_free(m);
}

static void iretq_restores_rf(void **state)
{
    (void)state;
    for (unsigned has_rf = 0; has_rf < 2; has_rf++) {
        struct machine *m = machine_new();
        word_t target = machine_asm(m, CODE, "iretq");
        machine_asm(m, target, "nop; ud2");
        word_t frame[5] = { target, machine_cpu(m)->cs, FLAG_FIXED | (has_rf ? FLAG_RF : 0),
                            STACK_TOP, machine_cpu(m)->ss };
        machine_put(m, STACK_TOP - 64, frame, sizeof frame);
        machine_cpu(m)->reg[REG_RSP] = STACK_TOP - 64;
        machine_cpu(m)->dr[0] = target;
        machine_cpu(m)->dr[7] = 0x400 | EXECUTE(0);
        assert_int_equal(machine_run(m, 1000).vector, has_rf ? VECTOR_UD : VECTOR_DB);
        machine_free(m);
    }
}

static void bits_of_earlier_breakpoints_go_but_bs_stays(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "nop; nop");
    machine_cpu(m)->dr[0] = CODE;
    machine_cpu(m)->dr[6] = DR6_FIXED | B2 | BS;
    machine_cpu(m)->dr[7] = 0x400 | EXECUTE(0);
    assert_debug(m, machine_run(m, 1000), CODE, B0 | BS);
    machine_free(m);
}

static void what_is_pending_is_reported_before_the_first_instruction(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "nop; ud2");
    machine_cpu(m)->debug_pending = BS;
    assert_debug(m, machine_run(m, 1000), CODE, BS);
    assert_int_equal(cpu_at(&m->world)->retired, 0);
    assert_int_equal(machine_run(m, 1000).vector, VECTOR_UD);
    machine_free(m);
}

static void a_rep_stopped_in_the_middle_has_rf(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, machine_asm(m, CODE, "rep stosb"), "ud2");
    machine_cpu(m)->reg[REG_RCX] = 5000;
    machine_cpu(m)->reg[REG_RDI] = DATA;
    assert_int_equal(machine_run(m, 700).kind, TRAP_NONE);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RCX], 4300);
    assert_true(cpu_at(&m->world)->rflags & FLAG_RF);
    assert_int_equal(machine_run(m, 4300).kind, TRAP_NONE);
    assert_false(cpu_at(&m->world)->rflags & FLAG_RF);
    machine_free(m);
}

/* --- the same on the host's processor --------------------------------------------------------------- */

/* Where the host's process has the pages of the fixture: so far above. */
#define HOST UINT64_C(0x40000000)

/* Rows in which the host is not the last word. RF is left out of all #DB: Linux sets it for breakpoints
 * on instructions, and AMD's processors do not set it inside of REP. */
static const struct {
    const char *source, *reason;
} not_on_the_host[] = {
    { ".byte 0x8e, 0xd0; nop; nop; nop", "AMD's processors break in the shadow of MOV SS" },
    { ".byte 0xf1", "hypervisors report it at the instruction" },
    { "int 0x80", "a system call of Linux" },
    { "mov [rbx+1], rax; mov rax, [rbx+3]", "Linux sets CR0.AM" },
};

static const char *why_not_on_the_host(const struct row *row)
{
    for (unsigned i = 0; i < sizeof not_on_the_host / sizeof *not_on_the_host; i++)
        if (strcmp(row->source, not_on_the_host[i].source) == 0) return not_on_the_host[i].reason;
    return NULL;
}

static word_t on_host(word_t value)
{
    return value >= CODE ? value + HOST : value;
}

static struct debugged host_state(const struct row *row, const struct assembled *code)
{
    struct machine *m = machine_new();
    set_up(m, row);
    const struct cpu *cpu = cpu_at(&m->world);
    struct debugged d = { .pages = { { HOST + CODE, 0x2000, false },
                                     { HOST + DATA, 0x2000, false },
                                     { HOST + STACK, 0x1000, false },
                                     { HOST + READ_ONLY, 0x1000, true } },
                          .word = { { HOST + DATA + 16, debugged_stack_selector() },
                                    { HOST + STACK_TOP - 8, machine_word(m, STACK_TOP - 8) } },
                          .code = code->code,
                          .length = code->length,
                          .rip = HOST + CODE,
                          .rflags = cpu->rflags,
                          .dr = { on_host(row->dr0), on_host(row->dr1) },
                          .dr7 = row->dr7 };
    for (unsigned i = 0; i < REG_COUNT; i++) d.reg[i] = on_host(cpu->reg[i]);
    d.reg[REG_RAX] = debugged_stack_selector();
    machine_free(m);
    return d;
}

static int signal_of(uint32_t vector)
{
    if (vector == VECTOR_DB || vector == VECTOR_BP) return SIGTRAP;
    return vector == VECTOR_UD || vector == NOTHING ? SIGILL : SIGSEGV;
}

static bool host_agrees(const struct row *row)
{
    char source[256];
    snprintf(source, sizeof source, "%s; ud2", row->source);
    struct assembled code = assemble(source, CODE);
    struct debugged d = host_state(row, &code);
    struct debugged_stop stop;
    if (!debugged_run(&d, &stop)) return true; /* Linux refuses some of what is undefined */

    word_t rip = HOST + CODE + (row->vector == NOTHING ? code.length - 2 : row->rip);
    word_t dr6 = stop.dr6 & (DR6_BREAKPOINTS | BS);
    bool is_rf_right = row->vector == VECTOR_DB || !(stop.rflags & FLAG_RF) != row->rf;
    if (stop.signal == signal_of(row->vector) && stop.rip == rip && dr6 == row->dr6 && is_rf_right)
        return true;
    print_message("%s: the host has signal %d, rip %#lx, dr6 %#lx, flags %#lx\n", row->source,
                  stop.signal, (unsigned long)(stop.rip - HOST), (unsigned long)dr6,
                  (unsigned long)stop.rflags);
    return false;
}

static void each_debug_exception_is_as_on_the_host(void **state)
{
    (void)state;
    static const struct row probe = { "nop", 0, CODE, 0, EXECUTE(0), VECTOR_DB, B0, 0, false };
    struct assembled code = assemble(probe.source, CODE);
    struct debugged d = host_state(&probe, &code);
    if (!debugged_run(&d, &(struct debugged_stop){ 0 })) skip();
    bool all_agree = true;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *reason = why_not_on_the_host(&rows[i]);
        if (reason)
            print_message("skipped: %s (%s)\n", rows[i].source, reason);
        else
            all_agree = host_agrees(&rows[i]) && all_agree;
    }
    assert_true(all_agree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_debug_exception_is_exact_in_a_run),
        cmocka_unit_test(each_debug_exception_is_exact_in_single_steps),
        cmocka_unit_test(each_debug_exception_is_exact_with_warm_caches),
        cmocka_unit_test(each_debug_exception_is_as_on_the_host),
        cmocka_unit_test(a_breakpoint_hits_again_until_rf_is_set_or_it_is_gone),
        cmocka_unit_test(watched_data_in_a_hot_loop_is_seen_each_time),
        cmocka_unit_test(a_watch_that_is_gone_and_comes_back_is_seen),
        cmocka_unit_test(a_watch_beside_running_code_leaves_the_code_running),
        cmocka_unit_test(iretq_restores_rf),
        cmocka_unit_test(bits_of_earlier_breakpoints_go_but_bs_stays),
        cmocka_unit_test(what_is_pending_is_reported_before_the_first_instruction),
        cmocka_unit_test(a_rep_stopped_in_the_middle_has_rf),
    };
    return cmocka_run_group_tests_name("debug registers", tests, NULL, NULL);
}
