/* SPDX-License-Identifier: BSD-2-Clause */
/* x87 where the host's processor is no oracle: which instructions wait for a pending exception, what a
 * fault leaves alone, what lies where in the images that FNSAVE and FXSAVE store. */
#include "machine_fixture.h"
#include "machine/x87.h"

enum {
    INVALID = 1,
    ZERO_DIVIDE = 4,
    STACK_FAULT = 1 << 6,
    PENDING = 1 << 7 | 1 << 15,
    C0 = 1 << 8,
    C1 = 1 << 9,
    C2 = 1 << 10,
    C3 = 1 << 14,
    CONDITIONS = C0 | C1 | C2 | C3,
};

/* fldcw from DATA: division by zero unmasked; 1 / 0 leaves it pending */
#define DIVIDES                                                                                    \
    "mov rbx, 0x440000; mov word ptr [rbx], 0x37b; fldcw word ptr [rbx]; fld1; fldz; fdivp "       \
    "st1, st0"

static uint16_t image_16(struct machine *m, unsigned at)
{
    uint16_t value;
    memcpy(&value, machine_cpu(m)->fpu + at, sizeof value);
    return value;
}

static word_t image_64(struct machine *m, unsigned at)
{
    word_t value;
    memcpy(&value, machine_cpu(m)->fpu + at, sizeof value);
    return value;
}

static unsigned status(struct machine *m)
{
    return image_16(m, 2);
}

static struct machine *machine_with(const char *source)
{
    struct machine *m = machine_new();
    machine_cpu(m)->reg[REG_RBX] = DATA;
    machine_cpu(m)->reg[REG_RCX] = UNMAPPED;
    machine_asm(m, CODE, source);
    return m;
}

static void run_to_int3(struct machine *m)
{
    struct trap t = machine_run(m, 1000);
    assert_int_equal(t.kind, TRAP_EXCEPTION);
    assert_int_equal(t.vector, VECTOR_BP);
}

static int skip_elsewhere(void **state)
{
    (void)state;
    if (!x87_is_available()) skip();
    return 0;
}

/* --- where the host has none ------------------------------------------------------------------------ */

static void without_a_hosts_x87_its_instructions_are_undefined_and_nothing_else(void **state)
{
    static const char *const refused[] = {
        "fld1",          "fninit",         "fnstcw [rsp-8]",    "emms",
        "movq mm0, rax", "paddb mm1, mm2", "cvtpi2ps xmm0, mm1"
    };
    (void)state;
    for (unsigned i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct machine *m = machine_new();
        machine_cpu(m)->features |= CPU_NO_X87;
        machine_asm(m, CODE, refused[i]);
        struct trap t = machine_run(m, 10);
        assert_int_equal(t.kind, TRAP_EXCEPTION);
        assert_int_equal(t.vector, VECTOR_UD);
        assert_int_equal(cpu_at(&m->world)->rip, CODE);
        machine_free(m);
    }
    struct machine *m = machine_new();
    machine_cpu(m)->features |= CPU_NO_X87;
    machine_asm(m, CODE, "mov eax, 1; cpuid; cvtsi2sd xmm1, rax; addsd xmm1, xmm1; int3");
    run_to_int3(m);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RDX] & (1 | 1 << 23), 0); /* FPU, MMX */
    assert_int_equal(cpu_at(&m->world)->reg[REG_RDX] & 7 << 24, 7 << 24); /* FXSR, SSE, SSE2 */
    machine_free(m);
}

/* --- #MF -------------------------------------------------------------------------------------------- */

/* Runs up to the instruction behind the division, in one go or step by step. */
static struct trap run_into(struct machine *m, const char *next, bool steps)
{
    char rest[64];
    word_t behind = machine_asm(m, CODE, DIVIDES);
    snprintf(rest, sizeof rest, "%s; int3", next);
    machine_asm(m, behind, rest);
    machine_cpu(m)->reg[REG_RCX] = UNMAPPED;
    struct trap t = { 0 };
    for (unsigned i = 0; i < 20 && !t.kind; i++) t = machine_run(m, steps ? 1 : 1000);
    machine_cpu(m)->reg[REG_RAX] = behind; /* for who asks where the fault was */
    return t;
}

static void a_waiting_instruction_meets_the_pending_exception(void **state)
{
    (void)state;
    static const char *const next[] = {
        "fwait",
        "fnop",
        "fld1",
        "fldz",
        "fxch st1",
        "fadd st0, st1",
        "fcomi st0, st1",
        "fldcw word ptr [rbx]",
        "fldenv [rbx]",
        "frstor [rbx]",
        "fld dword ptr [rcx]", /* before its page fault */
        "fstp qword ptr [rcx]",
        "emms",
    };
    for (unsigned i = 0; i < 2 * sizeof next / sizeof next[0]; i++) {
        struct machine *m = machine_new();
        struct trap t = run_into(m, next[i / 2], i & 1);
        struct cpu *cpu = machine_cpu(m);
        if (t.kind != TRAP_EXCEPTION || t.vector != VECTOR_MF || t.error_code)
            fail_msg("%s: kind %u vector %u", next[i / 2], t.kind, t.vector);
        assert_int_equal(cpu->rip, cpu->reg[REG_RAX]);
        assert_true(cpu->rflags & FLAG_RF);
        assert_int_equal(status(m) & 0x80ff, PENDING | ZERO_DIVIDE);
        assert_int_equal(cpu->fpu[4], 0xc0); /* nothing was popped */
        machine_free(m);
    }
}

static void what_does_not_wait_passes_the_pending_exception(void **state)
{
    (void)state;
    static const char *const next[] = {
        "fnstsw ax",     "fnstsw word ptr [rbx]", "fnstcw word ptr [rbx]", "fnclex",
        "fninit",        "fnstenv [rbx]",         "fnsave [rbx]",          "fxsave [rbx]",
        "fxrstor [rbx]", "fninit; fld1; fwait",   "fnclex; fld1; fwait",   "nop",
    };
    for (unsigned i = 0; i < 2 * sizeof next / sizeof next[0]; i++) {
        struct machine *m = machine_new();
        struct trap t = run_into(m, next[i / 2], i & 1);
        if (t.vector != VECTOR_BP) fail_msg("%s: vector %u", next[i / 2], t.vector);
        machine_free(m);
    }
}

static void unmasking_a_flagged_exception_makes_it_pending(void **state)
{
    (void)state;
    struct machine *m = machine_with("fld1; fldz; fdivp st1, st0; mov word ptr [rbx], 0x37b; "
                                     "fldcw word ptr [rbx]; int3");
    run_to_int3(m);
    assert_int_equal(status(m) & 0x80ff, PENDING | ZERO_DIVIDE);
    machine_free(m);
}

static void an_unmasked_invalid_operation_changes_no_operand(void **state)
{
    (void)state;
    struct machine *m = machine_with("mov word ptr [rbx], 0x37e; fldcw word ptr [rbx]; "
                                     "mov dword ptr [rbx], 7; fstp dword ptr [rbx]; int3");
    run_to_int3(m);
    assert_int_equal(status(m), PENDING | STACK_FAULT | INVALID);
    assert_int_equal(machine_word(m, DATA), 7);
    machine_free(m);
}

/* --- the stack -------------------------------------------------------------------------------------- */

static void the_ninth_push_overflows(void **state)
{
    (void)state;
    struct machine *m = machine_with("fld1; fld1; fld1; fld1; fld1; fld1; fld1; fld1; fldz; int3");
    run_to_int3(m);
    assert_int_equal(status(m), 7 << 11 | C1 | STACK_FAULT | INVALID);
    assert_int_equal(machine_cpu(m)->fpu[4], 0xff);
    assert_int_equal(image_64(m, 32), UINT64_C(3) << 62); /* the indefinite number */
    assert_int_equal(image_16(m, 40), 0xffff);
    machine_free(m);
}

static void a_pop_of_nothing_underflows(void **state)
{
    (void)state;
    struct machine *m = machine_with("fstp dword ptr [rbx]; int3");
    run_to_int3(m);
    assert_int_equal(status(m), 1 << 11 | STACK_FAULT | INVALID);
    assert_int_equal((uint32_t)machine_word(m, DATA), 0xffc00000);
    machine_free(m);
}

static void fxam_tells_the_classes(void **state)
{
    (void)state;
    static const struct {
        word_t significand;
        uint16_t high;
        unsigned class;
    } rows[] = {
        { UINT64_C(1) << 62, 0x3fff, 0 },       /* unsupported */
        { UINT64_C(3) << 62, 0x7fff, C0 },      /* no number */
        { UINT64_C(1) << 63, 0xbfff, C2 | C1 }, /* normal, negative */
        { UINT64_C(1) << 63, 0x7fff, C2 | C0 }, /* infinite */
        { 0, 0x8000, C3 | C1 },                 /* zero */
        { 1, 0, C3 | C2 },                      /* denormal */
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct machine *m = machine_with("fld tbyte ptr [rbx]; fxam; int3");
        machine_put_word(m, DATA, rows[i].significand);
        machine_put_word(m, DATA + 8, rows[i].high);
        run_to_int3(m);
        assert_int_equal(status(m) & CONDITIONS, rows[i].class);
        machine_free(m);
    }
    struct machine *m = machine_with("fxam; int3");
    run_to_int3(m);
    assert_int_equal(status(m) & (C0 | C2 | C3), C3 | C0); /* empty */
    machine_free(m);
}

/* --- faults ----------------------------------------------------------------------------------------- */

static void a_page_fault_leaves_the_stack_alone(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        word_t code, address;
    } rows[] = {
        { "fstp tbyte ptr [rcx]", 6, UNMAPPED },
        { "fadd dword ptr [rcx]", 4, UNMAPPED },
        { "fistp qword ptr [rbx+0x1ffc]", 6, DATA + 0x2000 },
        { "fbstp [rbx+0x1ffc]", 6, DATA + 0x2000 },
        { "fnsave [rbx+0x1ff0]", 6, DATA + 0x2000 },
        { "fnstenv [rbx+0x1ff0]", 6, DATA + 0x2000 },
        { "frstor [rbx+0x1ff0]", 4, DATA + 0x2000 },
        { "fxsave [rbx+0x1f00]", 6, DATA + 0x2000 },
        { "fxrstor [rbx+0x1f00]", 4, DATA + 0x2000 },
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct machine *m = machine_with("fld1");
        word_t at = CODE + 2;
        machine_asm(m, at, rows[i].source);
        machine_put_word(m, DATA + 0x1ff8, 99);
        struct trap t = machine_run(m, 1000);
        if (t.vector != VECTOR_PF || t.error_code != rows[i].code)
            fail_msg("%s: vector %u code %lu", rows[i].source, t.vector,
                     (unsigned long)t.error_code);
        assert_int_equal(machine_cpu(m)->cr2, rows[i].address);
        assert_int_equal(machine_cpu(m)->rip, at);
        assert_int_equal(status(m), 7 << 11);
        assert_int_equal(machine_cpu(m)->fpu[4], 0x80);
        assert_int_equal(image_64(m, 8), CODE); /* the last instruction is the one before */
        assert_int_equal(machine_word(m, DATA + 0x1ff8), 99);
        machine_free(m);
    }
}

static void fxsave_wants_an_address_of_16(void **state)
{
    (void)state;
    static const char *const sources[] = { "fxsave [rbx+8]", "fxrstor [rbx+8]" };
    for (unsigned i = 0; i < 2; i++) {
        struct machine *m = machine_with(sources[i]);
        struct trap t = machine_run(m, 10);
        assert_int_equal(t.vector, VECTOR_GP);
        assert_int_equal(t.error_code, 0);
        assert_int_equal(machine_cpu(m)->rip, CODE);
        machine_free(m);
    }
}

static void fxrstor_of_bad_mxcsr_bits_is_a_general_protection(void **state)
{
    (void)state;
    struct machine *m = machine_with("fxsave [rbx]; mov dword ptr [rbx+24], 0x10000; fld1; "
                                     "fxrstor [rbx]");
    struct trap t = machine_run(m, 10);
    assert_int_equal(t.vector, VECTOR_GP);
    assert_int_equal(machine_cpu(m)->fpu[4], 0x80);
    assert_int_equal(machine_cpu(m)->fpu[25], 0x1f);
    machine_free(m);
}

/* --- images ----------------------------------------------------------------------------------------- */

static void fnsave_stores_the_environment_and_registers_and_resets(void **state)
{
    (void)state;
    struct machine *m = machine_with("fld1; fldz; fadd qword ptr [rbx+0x200]; fnsave [rbx]; int3");
    run_to_int3(m);
    const word_t instruction = CODE + 4, opcode = 0x483; /* dc 83: fadd qword [rbx + disp32] */
    uint32_t field[7];
    for (unsigned i = 0; i < 7; i++) field[i] = (uint32_t)machine_word(m, DATA + 4 * i);
    assert_int_equal(field[0], 0xffff037f);
    assert_int_equal(field[1], 0xffff0000 | 6 << 11);
    assert_int_equal(field[2], 0xffff1fff); /* ST0 (6) is zero, ST1 (7) valid */
    assert_int_equal(field[3], instruction);
    assert_int_equal(field[4], opcode << 16);
    assert_int_equal(field[5], DATA + 0x200);
    assert_int_equal(field[6], 0xffff0000);
    assert_int_equal(machine_word(m, DATA + 28), 0);
    assert_int_equal(machine_word(m, DATA + 38), UINT64_C(1) << 63);
    assert_int_equal((uint16_t)machine_word(m, DATA + 46), 0x3fff);
    assert_int_equal(image_16(m, 0), 0x37f);
    assert_int_equal(status(m), 0);
    assert_int_equal(machine_cpu(m)->fpu[4], 0);
    assert_int_equal(image_64(m, 8), 0);
    machine_free(m);
}

static void short_environments_have_fields_of_two_bytes(void **state)
{
    (void)state;
    struct machine *m = machine_with("fld1; .byte 0x66, 0xd9, 0x33; int3"); /* fnstenv [rbx] */
    machine_put_word(m, DATA + 14, 99);
    run_to_int3(m);
    const uint16_t want[7] = { 0x37f, 7 << 11, 0x3fff, (uint16_t)CODE, 0, 0, 0 };
    assert_memory_equal(memory_at(&m->world, machine_frame(DATA)), want, sizeof want);
    assert_int_equal(machine_word(m, DATA + 14), 99);
    machine_free(m);
}

static void fnstenv_masks_all_exceptions(void **state)
{
    (void)state;
    struct machine *m = machine_with("mov word ptr [rbx], 0x340; fldcw word ptr [rbx]; "
                                     "fnstenv [rbx]; int3");
    run_to_int3(m);
    assert_int_equal((uint16_t)machine_word(m, DATA), 0x340);
    assert_int_equal(image_16(m, 0), 0x37f);
    machine_free(m);
}

static void fxsave_stores_addresses_of_the_width_asked_for(void **state)
{
    (void)state;
    struct machine *m = machine_with("fld1; .byte 0x48, 0x0f, 0xae, 0x03; " /* fxsave64 [rbx] */
                                     "mov r8, 0x123456789ab; mov [rbx+8], r8; mov [rbx+16], r8; "
                                     ".byte 0x48, 0x0f, 0xae, 0x0b; "       /* fxrstor64 [rbx] */
                                     ".byte 0x48, 0x0f, 0xae, 0x43, 0x40; " /* fxsave64 */
                                     "int3");
    run_to_int3(m);
    assert_int_equal((uint16_t)machine_word(m, DATA), 0x37f);
    assert_int_equal((uint16_t)machine_word(m, DATA + 2), 7 << 11);
    assert_int_equal((uint8_t)machine_word(m, DATA + 4), 0x80);
    assert_int_equal((uint16_t)machine_word(m, DATA + 6), 0x1e8); /* d9 e8: fld1 */
    assert_int_equal((uint32_t)machine_word(m, DATA + 24), 0x1f80);
    assert_int_equal((uint32_t)machine_word(m, DATA + 28), 0xffff);
    assert_int_equal(machine_word(m, DATA + 0x40 + 8), UINT64_C(0x123456789ab));
    assert_int_equal(machine_word(m, DATA + 0x40 + 16), UINT64_C(0x123456789ab));
    assert_int_equal(machine_word(m, DATA + 0x40 + 32), UINT64_C(1) << 63);
    assert_int_equal(machine_word(m, DATA + 0x40 + 40), 0x3fff);
    assert_int_equal(machine_word(m, DATA + 0x40 + 416), 0); /* nothing is written behind XMM15 */

    machine_cpu(m)->rip = CODE;
    machine_asm(m, CODE, "fxsave [rbx]; fxrstor [rbx]; int3");
    run_to_int3(m);
    assert_int_equal(machine_word(m, DATA + 8), 0x456789ab);
    assert_int_equal(machine_word(m, DATA + 16), 0x456789ab);
    assert_int_equal(image_64(m, 8), 0x456789ab);
    machine_free(m);
}

static void frstor_brings_back_what_fnsave_stored(void **state)
{
    (void)state;
    struct machine *m = machine_with("fldpi; fld1; fnsave [rbx]; fldz; frstor [rbx]; faddp st1, "
                                     "st0; fistp qword ptr [rbx]; int3");
    run_to_int3(m);
    assert_int_equal(machine_word(m, DATA), 4);
    assert_int_equal(status(m) & 0xb8ff, 1 << 5); /* inexact; the stack is empty */
    machine_free(m);
}

/* --- around ----------------------------------------------------------------------------------------- */

static void worlds_do_not_see_each_others_stacks(void **state)
{
    (void)state;
    struct machine *a = machine_with("fldpi; fld1; fistp dword ptr [rbx]; int3");
    struct machine *b = machine_with("fldz; fldz; int3");
    machine_run(a, 1);
    assert_int_equal(core_run(a->core, &b->world, 1000).vector, VECTOR_BP);
    run_to_int3(a);
    assert_int_equal((uint32_t)machine_word(a, DATA), 1);
    assert_int_equal(status(a), 7 << 11);
    assert_int_equal(status(b), 6 << 11);
    machine_free(a);
    machine_free(b);
}

static void the_hosts_own_control_word_comes_back(void **state)
{
    (void)state;
    struct machine *m = machine_with("mov word ptr [rbx], 0x40; fldcw word ptr [rbx]; fld1; fldpi; "
                                     "fsqrt; int3");
    x87_set_control(0x27f);
    run_to_int3(m);
    assert_int_equal(x87_control(), 0x27f);
    assert_int_equal(x87_status() & 0x3fff, 0);
    x87_set_control(0x37f);
    assert_int_equal(image_16(m, 0), 0x40);
    machine_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_hosts_x87_its_instructions_are_undefined_and_nothing_else),
        cmocka_unit_test_setup(a_waiting_instruction_meets_the_pending_exception, skip_elsewhere),
        cmocka_unit_test_setup(what_does_not_wait_passes_the_pending_exception, skip_elsewhere),
        cmocka_unit_test_setup(unmasking_a_flagged_exception_makes_it_pending, skip_elsewhere),
        cmocka_unit_test_setup(an_unmasked_invalid_operation_changes_no_operand, skip_elsewhere),
        cmocka_unit_test_setup(the_ninth_push_overflows, skip_elsewhere),
        cmocka_unit_test_setup(a_pop_of_nothing_underflows, skip_elsewhere),
        cmocka_unit_test_setup(fxam_tells_the_classes, skip_elsewhere),
        cmocka_unit_test_setup(a_page_fault_leaves_the_stack_alone, skip_elsewhere),
        cmocka_unit_test_setup(fxsave_wants_an_address_of_16, skip_elsewhere),
        cmocka_unit_test_setup(fxrstor_of_bad_mxcsr_bits_is_a_general_protection, skip_elsewhere),
        cmocka_unit_test_setup(fnsave_stores_the_environment_and_registers_and_resets,
                               skip_elsewhere),
        cmocka_unit_test_setup(short_environments_have_fields_of_two_bytes, skip_elsewhere),
        cmocka_unit_test_setup(fnstenv_masks_all_exceptions, skip_elsewhere),
        cmocka_unit_test_setup(fxsave_stores_addresses_of_the_width_asked_for, skip_elsewhere),
        cmocka_unit_test_setup(frstor_brings_back_what_fnsave_stored, skip_elsewhere),
        cmocka_unit_test_setup(worlds_do_not_see_each_others_stacks, skip_elsewhere),
        cmocka_unit_test_setup(the_hosts_own_control_word_comes_back, skip_elsewhere),
    };
    return cmocka_run_group_tests_name("x87", tests, NULL, NULL);
}
