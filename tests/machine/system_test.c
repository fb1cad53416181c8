/* SPDX-License-Identifier: BSD-2-Clause */
/* What the host's processor cannot be asked: the model's identity, segments, returns from interrupts,
 * and the few instructions whose answer depends on the machine around. */
#include "machine_fixture.h"

static struct cpu *run(struct machine *m, const char *source)
{
    machine_asm(m, CODE, source);
    struct trap t = machine_run(m, 1000);
    if (t.kind != TRAP_EXCEPTION || t.vector != VECTOR_BP)
        fail_msg("%s: kind %u vector %u code %#lx", source, t.kind, t.vector,
                 (unsigned long)t.error_code);
    return machine_cpu(m);
}

static void cpuid_answers_as_a_nehalem(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    struct cpu *cpu = run(m, "xor eax, eax; cpuid; int3");
    assert_int_equal(cpu->reg[REG_RAX], 0xb);
    assert_int_equal(cpu->reg[REG_RBX], 0x756e6547); /* Genu */
    assert_int_equal(cpu->reg[REG_RDX], 0x49656e69); /* ineI */
    assert_int_equal(cpu->reg[REG_RCX], 0x6c65746e); /* ntel */

    cpu->rip = CODE;
    cpu = run(m, "mov rax, -1; mov eax, 1; cpuid; int3");
    const word_t sse42 = 1 << 20, popcnt = 1 << 23, cx16 = 1 << 13;
    const word_t avx = 1 << 28, xsave = 1 << 26, movbe = 1 << 22, fma = 1 << 12;
    assert_int_equal(cpu->reg[REG_RCX] & (sse42 | popcnt | cx16), sse42 | popcnt | cx16);
    assert_int_equal(cpu->reg[REG_RCX] & (avx | xsave | movbe | fma), 0);
    assert_int_equal(cpu->reg[REG_RAX], 0x106a3); /* family 6, model 26 */

    cpu->rip = CODE;
    cpu = run(m, "mov eax, 7; xor ecx, ecx; cpuid; int3");
    assert_int_equal(cpu->reg[REG_RBX], 0);
    cpu->rip = CODE;
    cpu = run(m, "mov eax, 0x12345678; cpuid; int3");
    assert_int_equal(cpu->reg[REG_RAX], 0);
    machine_free(m);
}

static void segment_bases_are_added_to_addresses(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_cpu(m)->fs_base = DATA;
    machine_cpu(m)->gs_base = DATA + 0x100;
    machine_put_word(m, DATA + 0x28, 11);
    machine_put_word(m, DATA + 0x128, 22);
    struct cpu *cpu =
        run(m, "mov ecx, 4; mov esi, 0x20; mov rax, fs:[0x28]; mov rbx, gs:[rsi+rcx*2]; "
               "mov qword ptr fs:[rsi], 33; .byte 0x64, 0x48, 0x8d, 0x16; int3");
    assert_int_equal(cpu->reg[REG_RAX], 11);
    assert_int_equal(cpu->reg[REG_RBX], 22);
    assert_int_equal(machine_word(m, DATA + 0x20), 33);
    assert_int_equal(cpu->reg[REG_RDX], 0x20); /* lea rdx, fs:[rsi] takes no base */
    machine_free(m);
}

static void addresses_of_32_bits_are_cut(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_put_word(m, DATA + 8, 44);
    machine_cpu(m)->fs_base = 8;
    struct cpu *cpu = run(m, "mov rbx, 0xff00440000; mov rax, [ebx+8]; mov rcx, fs:[ebx]; int3");
    assert_int_equal(cpu->reg[REG_RAX], 44);
    assert_int_equal(cpu->reg[REG_RCX], 44);
    machine_free(m);
}

static void null_selectors_and_the_stacks_own_can_be_loaded(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_cpu(m)->fs_base = DATA;
    struct cpu *cpu =
        run(m, "mov eax, ss; mov ds, ax; mov ss, ax; mov rbx, ds; mov ecx, cs; mov dx, ss; "
               "xor eax, eax; mov es, ax; mov fs, ax; push fs; pop r8; push 3; pop gs; int3");
    assert_int_equal(cpu->ds, cpu->ss);
    assert_int_equal(cpu->reg[REG_RBX], cpu->ss);
    assert_int_equal(cpu->reg[REG_RCX], cpu->cs);
    assert_int_equal(cpu->fs_base, 0); /* gone with the null selector */
    assert_int_equal(cpu->reg[REG_R8], 0);
    assert_int_equal(cpu->gs, 3);
    machine_free(m);
}

static void fsgsbase_works_where_it_is_allowed(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_cpu(m)->features = CPU_FSGSBASE;
    struct cpu *cpu =
        run(m, "mov rax, 0x123456789a; wrfsbase rax; wrgsbase eax; rdfsbase rbx; rdgsbase rcx; "
               "rdfsbase edx; int3");
    assert_int_equal(cpu->fs_base, UINT64_C(0x123456789a));
    assert_int_equal(cpu->reg[REG_RBX], UINT64_C(0x123456789a));
    assert_int_equal(cpu->reg[REG_RCX], 0x3456789a);
    assert_int_equal(cpu->reg[REG_RDX], 0x3456789a);

    machine_asm(m, CODE, "mov rax, 0x800000000000; wrfsbase rax");
    cpu->rip = CODE;
    struct trap t = machine_run(m, 100);
    assert_int_equal(t.vector, VECTOR_GP);
    machine_free(m);
}

static void iretq_to_the_same_privilege_restores_all_five(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE + 0x100, "pushfq; pop rax; int3");
    struct cpu *cpu =
        run(m, "mov rbx, rsp; mov ecx, ss; push rcx; push rbx; push 0x4d5; mov ecx, cs; "
               "push rcx; push 0x400100; iretq");
    assert_int_equal(cpu->rip, CODE + 0x104 - 1);
    assert_int_equal(cpu->reg[REG_RAX], 0x4d5 | FLAG_FIXED | FLAG_IF); /* IF stays */
    assert_int_equal(cpu->reg[REG_RSP], cpu->reg[REG_RBX]);
    machine_free(m);
}

static void iretq_to_another_selector_is_gp_of_it(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "push 0; push 0; push 0; push 0x08; push 0; iretq");
    struct trap t = machine_run(m, 100);
    assert_int_equal(t.vector, VECTOR_GP);
    assert_int_equal(t.error_code, 8);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RSP], STACK_TOP - 40);
    machine_free(m);
}

static void rdtscp_names_processor_0(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_cpu(m)->clock = UINT64_C(0x500000000);
    struct cpu *cpu = run(m, "mov rcx, -1; rdtscp; int3");
    assert_int_equal(cpu->reg[REG_RDX], 5);
    assert_int_equal(cpu->reg[REG_RAX], 1);
    assert_int_equal(cpu->reg[REG_RCX], 0);
    machine_free(m);
}

static void extensions_of_later_processors_keep_their_old_meaning(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_cpu(m)->reg[REG_RBX] = 0x50;
    /* lzcnt and tzcnt eax, ebx; endbr64; rdsspq rcx; bndmk as NOP */
    struct cpu *cpu = run(m, ".byte 0xf3, 0x0f, 0xbd, 0xc3; .byte 0xf3, 0x0f, 0xbc, 0xd3; endbr64; "
                             ".byte 0xf3, 0x48, 0x0f, 0x1e, 0xc9; int3");
    assert_int_equal(cpu->reg[REG_RAX], 6); /* BSR */
    assert_int_equal(cpu->reg[REG_RDX], 4); /* BSF */
    assert_int_equal(cpu->reg[REG_RCX], 0);
    machine_free(m);
}

static void one_core_serves_many_worlds(void **state)
{
    (void)state;
    struct machine *a = machine_new(), *b = machine_new();
    machine_asm(a, CODE, "inc rax; jmp 0x400000");
    machine_asm(b, CODE, "dec rax; jmp 0x400000");
    for (unsigned i = 0; i < 10; i++) {
        core_run(a->core, &a->world, 1000);
        core_run(a->core, &b->world, 1000);
    }
    assert_int_equal(cpu_at(&a->world)->reg[REG_RAX], 5000);
    assert_int_equal(cpu_at(&b->world)->reg[REG_RAX], (word_t)-5000);
    machine_free(a);
    machine_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cpuid_answers_as_a_nehalem),
        cmocka_unit_test(segment_bases_are_added_to_addresses),
        cmocka_unit_test(addresses_of_32_bits_are_cut),
        cmocka_unit_test(null_selectors_and_the_stacks_own_can_be_loaded),
        cmocka_unit_test(fsgsbase_works_where_it_is_allowed),
        cmocka_unit_test(iretq_to_the_same_privilege_restores_all_five),
        cmocka_unit_test(iretq_to_another_selector_is_gp_of_it),
        cmocka_unit_test(rdtscp_names_processor_0),
        cmocka_unit_test(extensions_of_later_processors_keep_their_old_meaning),
        cmocka_unit_test(one_core_serves_many_worlds),
    };
    return cmocka_run_group_tests_name("system", tests, NULL, NULL);
}
