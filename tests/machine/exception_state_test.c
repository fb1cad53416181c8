/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions of which a row of exception_test.c does not tell enough: they depend on stack, page tables, FPU or
 * flags, or leave something else behind. */
#include "machine_fixture.h"

static void check_trap(struct trap t, uint32_t vector, word_t code)
{
    assert_int_equal(t.kind, TRAP_EXCEPTION);
    assert_int_equal(t.vector, vector);
    assert_int_equal(t.error_code, code);
}

static void a_push_below_the_stack_faults_at_the_decremented_address(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "push rax");
    machine_cpu(m)->reg[REG_RSP] = STACK;

    check_trap(machine_run(m, 1000), VECTOR_PF, 6);

    assert_int_equal(cpu_at(&m->world)->cr2, STACK - 8);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RSP], STACK);
    machine_free(m);
}

static void stack_instructions_with_a_bad_stack_pointer_raise_ss(void **state)
{
    static const char *const sources[] = {
        "push rax", "push 5",      "push qword ptr [rbx]", "pop rax",
        "pushfq",   "popfq",       "call 0x400020",        "call rbx",
        "ret",      "enter 16, 0", "pop qword ptr [rbx]",  "mov [rsp], rax"
    };
    (void)state;
    for (unsigned i = 0; i < sizeof sources / sizeof *sources; i++) {
        struct machine *m = machine_new();
        machine_asm(m, CODE, sources[i]);
        machine_cpu(m)->reg[REG_RSP] = NON_CANONICAL;
        machine_cpu(m)->reg[REG_RBX] = DATA;
        struct trap t = machine_run(m, 1000);
        if (t.vector != VECTOR_SS || t.error_code != 0)
            fail_msg("%s: vector %u", sources[i], t.vector);
        assert_int_equal(cpu_at(&m->world)->rip, CODE);
        assert_int_equal(cpu_at(&m->world)->reg[REG_RSP], NON_CANONICAL);
        machine_free(m);
    }
}

static void a_jump_to_an_unmapped_page_faults_at_the_target(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "jmp rax");
    machine_cpu(m)->reg[REG_RAX] = UNMAPPED;

    check_trap(machine_run(m, 1000), VECTOR_PF, 4); /* no fetch bit without NX */

    assert_int_equal(cpu_at(&m->world)->rip, UNMAPPED);
    assert_int_equal(cpu_at(&m->world)->cr2, UNMAPPED);
    assert_true(cpu_at(&m->world)->rflags & FLAG_RF);
    machine_free(m);
}

static void with_nx_a_fetch_from_a_data_page_has_the_fetch_bit(void **state)
{
    (void)state;
    for (unsigned has_nx = 0; has_nx < 2; has_nx++) {
        struct machine *m = machine_new();
        word_t bits = ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER | UINT64_C(1) << 63;
        machine_map(m, DATA, machine_frame(DATA), bits);
        machine_asm(m, CODE, "mov rbx, [0x440000]; jmp 0x440000");
        machine_asm(m, DATA, "ud2");
        machine_cpu(m)->features = has_nx ? CPU_NX : 0;
        if (has_nx)
            check_trap(machine_run(m, 1000), VECTOR_PF, 0x15);
        else
            check_trap(machine_run(m, 1000), VECTOR_UD, 0);
        assert_int_equal(cpu_at(&m->world)->rip, DATA);
        machine_free(m);
    }
}

static void an_instruction_whose_tail_is_unmapped_faults_at_the_next_page(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_put(m, CODE + 0x1ffe, "\x48\xb8", 2); /* mov rax, imm64 */
    machine_cpu(m)->rip = CODE + 0x1ffe;

    check_trap(machine_run(m, 1000), VECTOR_PF, 4);

    assert_int_equal(cpu_at(&m->world)->rip, CODE + 0x1ffe);
    assert_int_equal(cpu_at(&m->world)->cr2, CODE + 0x2000);
    machine_free(m);
}

static void a_disabled_fpu_raises_nm_before_anything_else(void **state)
{
    static const char *const sources[] = { "fld1", "movaps xmm0, xmm1",       "movups xmm0, [rcx]",
                                           "emms", "ldmxcsr dword ptr [rbx]", "fxsave [rbx]" };
    (void)state;
    for (unsigned i = 0; i < sizeof sources / sizeof *sources; i++) {
        struct machine *m = machine_new();
        machine_asm(m, CODE, sources[i]);
        machine_cpu(m)->features = CPU_FPU_DISABLED;
        machine_cpu(m)->reg[REG_RCX] = UNMAPPED;
        struct trap t = machine_run(m, 1000);
        if (t.vector != VECTOR_NM) fail_msg("%s: vector %u", sources[i], t.vector);
        assert_int_equal(cpu_at(&m->world)->rip, CODE);
        machine_free(m);
    }
}

static void tf_traps_behind_the_next_instruction(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    word_t nop = machine_asm(m, CODE, "push 0x302; popfq");
    machine_asm(m, nop, "nop; nop");

    check_trap(machine_run(m, 1000), VECTOR_DB, 0);

    const struct cpu *cpu = cpu_at(&m->world);
    assert_int_equal(cpu->rip, nop + 1);
    assert_int_equal(cpu->rflags & (FLAG_TF | FLAG_RF), FLAG_TF);
    assert_int_equal(cpu->dr[6] >> 14 & 1, 1);
    assert_int_equal(cpu->retired, 3);
    check_trap(machine_run(m, 1000), VECTOR_DB, 0); /* TF is still set */
    assert_int_equal(cpu->rip, nop + 2);
    machine_free(m);
}

static void a_fault_under_tf_is_the_fault_alone(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "ud2");
    machine_cpu(m)->rflags |= FLAG_TF;
    check_trap(machine_run(m, 1000), VECTOR_UD, 0);
    assert_int_equal(cpu_at(&m->world)->rip, CODE);
    machine_free(m);
}

static void popf_at_privilege_3_leaves_if_and_iopl(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "push -1; popfq; pushfq; pop rax; push 0; popfq; pushfq; pop rbx");
    machine_cpu(m)->rflags &= ~(word_t)FLAG_TF;
    struct trap t = machine_run(m, 2);
    assert_int_equal(t.kind, TRAP_NONE);
    assert_int_equal(cpu_at(&m->world)->rflags, 0x244fd7 | FLAG_FIXED);
    machine_cpu(m)->rflags &= ~(word_t)FLAG_TF;
    machine_run(m, 6);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RAX], (0x244fd7 | FLAG_FIXED) & ~FLAG_TF);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RBX], FLAG_FIXED | FLAG_IF);
    machine_free(m);
}

static void syscall_leaves_rip_behind_it_with_rcx_and_r11(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    word_t behind = machine_asm(m, CODE, "cmp rax, rax; syscall");

    struct trap t = machine_run(m, 1000);

    const struct cpu *cpu = cpu_at(&m->world);
    assert_int_equal(t.kind, TRAP_SYSCALL);
    assert_int_equal(cpu->rip, behind);
    assert_int_equal(cpu->reg[REG_RCX], behind);
    assert_int_equal(cpu->reg[REG_R11], FLAG_FIXED | FLAG_IF | FLAG_ZF | FLAG_PF);
    assert_int_equal(cpu->rflags, cpu->reg[REG_R11]);
    assert_int_equal(cpu->retired, 2);
    machine_free(m);
}

static void int_through_an_open_gate_traps_behind_it(void **state)
{
    (void)state;
    for (unsigned vector = 0x9e; vector < 256; vector += 97 - 36) {
        struct machine *m = machine_new();
        uint8_t code[2] = { 0xcd, (uint8_t)vector };
        machine_put(m, CODE, code, 2);
        struct trap t = machine_run(m, 1000);
        assert_int_equal(t.kind, TRAP_INTERRUPT);
        assert_int_equal(t.vector, vector);
        assert_int_equal(cpu_at(&m->world)->rip, CODE + 2);
        assert_int_equal(cpu_at(&m->world)->rflags & FLAG_RF, 0);
        machine_free(m);
    }
}

static void rf_goes_with_the_first_instruction(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "nop; nop");
    machine_cpu(m)->rflags |= FLAG_RF;
    machine_run(m, 1);
    assert_int_equal(cpu_at(&m->world)->rflags & FLAG_RF, 0);
    machine_free(m);
}

static void a_conditional_jump_to_a_bad_address_faults_only_when_taken(void **state)
{
    static const uint8_t code[] = { 0x0f, 0x84, 0x00, 0x00, 0x00, 0x40 }; /* jz +1 GiB */
    (void)state;
    for (unsigned zf = 0; zf < 2; zf++) {
        struct machine *m = machine_new();
        word_t page = UINT64_C(0x7ffffffff000);
        machine_map(m, page, machine_frame(CODE), ENTRY_PRESENT | ENTRY_USER);
        machine_put(m, CODE, code, sizeof code);
        machine_put(m, CODE + 6, "\x0f\x0b", 2);
        machine_cpu(m)->rip = page;
        machine_cpu(m)->rflags |= zf ? FLAG_ZF : 0;
        check_trap(machine_run(m, 1000), zf ? VECTOR_GP : VECTOR_UD, 0);
        assert_int_equal(cpu_at(&m->world)->rip, zf ? page : page + 6);
        assert_int_equal(cpu_at(&m->world)->retired, !zf);
        machine_free(m);
    }
}

static void running_into_the_end_of_the_user_half_is_gp(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    word_t page = UINT64_C(0x7ffffffff000);
    machine_map(m, page, machine_frame(CODE), ENTRY_PRESENT | ENTRY_USER);
    machine_put(m, CODE + 0xfff, "\x90", 1);
    machine_cpu(m)->rip = page + 0xfff;
    check_trap(machine_run(m, 1000), VECTOR_GP, 0);
    assert_int_equal(cpu_at(&m->world)->rip, UINT64_C(0x800000000000));
    assert_int_equal(cpu_at(&m->world)->retired, 1);
    machine_free(m);
}

static void a_faulting_rep_tells_how_far_it_came(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "rep stosb");
    struct cpu *cpu = machine_cpu(m);
    cpu->reg[REG_RDI] = DATA + 0x1ff0;
    cpu->reg[REG_RCX] = 0x20;
    cpu->reg[REG_RAX] = 0xaa;

    check_trap(machine_run(m, 1000), VECTOR_PF, 6);

    assert_int_equal(cpu->rip, CODE);
    assert_int_equal(cpu->cr2, DATA + 0x2000);
    assert_int_equal(cpu->reg[REG_RDI], DATA + 0x2000);
    assert_int_equal(cpu->reg[REG_RCX], 0x10);
    assert_int_equal(cpu->retired, 0x10);
    assert_int_equal(machine_word(m, DATA + 0x1ff8), UINT64_C(0xaaaaaaaaaaaaaaaa));
    machine_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_push_below_the_stack_faults_at_the_decremented_address),
        cmocka_unit_test(stack_instructions_with_a_bad_stack_pointer_raise_ss),
        cmocka_unit_test(a_jump_to_an_unmapped_page_faults_at_the_target),
        cmocka_unit_test(with_nx_a_fetch_from_a_data_page_has_the_fetch_bit),
        cmocka_unit_test(an_instruction_whose_tail_is_unmapped_faults_at_the_next_page),
        cmocka_unit_test(a_disabled_fpu_raises_nm_before_anything_else),
        cmocka_unit_test(tf_traps_behind_the_next_instruction),
        cmocka_unit_test(a_fault_under_tf_is_the_fault_alone),
        cmocka_unit_test(popf_at_privilege_3_leaves_if_and_iopl),
        cmocka_unit_test(syscall_leaves_rip_behind_it_with_rcx_and_r11),
        cmocka_unit_test(int_through_an_open_gate_traps_behind_it),
        cmocka_unit_test(rf_goes_with_the_first_instruction),
        cmocka_unit_test(a_conditional_jump_to_a_bad_address_faults_only_when_taken),
        cmocka_unit_test(running_into_the_end_of_the_user_half_is_gp),
        cmocka_unit_test(a_faulting_rep_tells_how_far_it_came),
    };
    return cmocka_run_group_tests_name("states of exceptions", tests, NULL, NULL);
}
