/* SPDX-License-Identifier: BSD-2-Clause */
/* Segments, 32-bit code, alignment checks, and the bits that a walk sets: what the comparison with the
 * host leaves out, since it depends on the system or on what the vendor made. */
#include "machine_fixture.h"

enum { CODE_32 = 0x4b, KERNEL_CODE = 0x08, USER_CODE = 0x2b, USER_DATA = 0x33 };

static struct machine *machine_with_32_bit_code(void)
{
    struct machine *m = machine_new();
    machine_cpu(m)->gdt[CODE_32 / 8] = UINT64_C(0x00cffb000000ffff);
    machine_cpu(m)->gdt_limit = CODE_32 | 7;
    return m;
}

static void expect(struct machine *m, uint32_t vector, word_t error_code, word_t rip)
{
    struct trap t = machine_run(m, 1000);
    assert_int_equal(t.kind, TRAP_EXCEPTION);
    assert_int_equal(t.vector, vector);
    assert_int_equal(t.error_code, error_code);
    assert_int_equal(machine_cpu(m)->rip, rip);
}

static struct machine *machine_of_32_bits(const void *code, size_t size)
{
    struct machine *m = machine_with_32_bit_code();
    machine_put(m, CODE, code, size);
    machine_cpu(m)->cs = CODE_32;
    return m;
}

static void the_same_bytes_are_other_instructions_in_other_modes(void **state)
{
    (void)state;
    const uint8_t code[] = { 0x48, 0xff, 0xc0, 0xcc }; /* inc rax; or dec eax, inc eax */
    struct machine *m = machine_with_32_bit_code();
    machine_put(m, CODE, code, sizeof code);
    machine_cpu(m)->reg[REG_RAX] = 0xffffffff;
    expect(m, VECTOR_BP, 0, CODE + 4);
    assert_int_equal(machine_cpu(m)->reg[REG_RAX], UINT64_C(0x100000000));
    assert_int_equal(machine_cpu(m)->retired, 1 + 1);

    machine_cpu(m)->rip = CODE;
    machine_cpu(m)->cs = CODE_32;
    expect(m, VECTOR_BP, 0, CODE + 4);
    assert_int_equal(machine_cpu(m)->reg[REG_RAX], 0);
    assert_int_equal(machine_cpu(m)->retired, 2 + 3);

    machine_cpu(m)->rip = CODE; /* and what was decoded first still holds */
    machine_cpu(m)->cs = USER_CODE;
    machine_cpu(m)->reg[REG_RAX] = 0xffffffff;
    expect(m, VECTOR_BP, 0, CODE + 4);
    assert_int_equal(machine_cpu(m)->reg[REG_RAX], UINT64_C(0x100000000));
    machine_free(m);
}

static void stores_to_32_bit_code_are_seen_at_once(void **state)
{
    (void)state;
    /* mov byte [CODE + 7], 0x40; then dec eax becomes inc eax */
    const uint8_t code[] = { 0xc6, 0x05, 0x07, 0x00, 0x40, 0x00, 0x40, 0x48, 0xcc };
    struct machine *m = machine_of_32_bits(code, sizeof code);
    expect(m, VECTOR_BP, 0, CODE + sizeof code);
    assert_int_equal(machine_cpu(m)->reg[REG_RAX], 1);
    machine_free(m);
}

static void addresses_of_32_bit_code_wrap_at_4_gib(void **state)
{
    (void)state;
    /* mov ebx, -16; mov eax, [ebx + DATA + 16]; mov ecx, gs:[ebx + 16] */
    const uint8_t code[] = { 0xbb, 0xf0, 0xff, 0xff, 0xff, 0x8b, 0x83, 0x10,
                             0x00, 0x44, 0x00, 0x65, 0x8b, 0x4b, 0x10, 0xcc };
    struct machine *m = machine_of_32_bits(code, sizeof code);
    machine_put_word(m, DATA, 1234);
    machine_cpu(m)->gs_base = DATA;
    expect(m, VECTOR_BP, 0, CODE + sizeof code);
    assert_int_equal(machine_cpu(m)->reg[REG_RAX], 1234);
    assert_int_equal(machine_cpu(m)->reg[REG_RCX], 1234);
    machine_free(m);
}

static void system_calls_of_32_bit_code_are_undefined(void **state)
{
    (void)state;
    const uint8_t code[] = { 0x0f, 0x05 };
    struct machine *m = machine_of_32_bits(code, sizeof code);
    expect(m, VECTOR_UD, 0, CODE);
    machine_free(m);
}

static void into_traps_through_an_open_gate_only(void **state)
{
    (void)state;
    const uint8_t code[] = { 0xb0, 0x7f, 0x04, 0x01, 0xce }; /* mov al, 127; add al, 1; into */
    struct machine *m = machine_of_32_bits(code, sizeof code);
    expect(m, VECTOR_GP, VECTOR_OF * 8 + 2, CODE + 4);
    machine_cpu(m)->rip = CODE;
    machine_cpu(m)->gate_open[0] |= 1 << VECTOR_OF;
    expect(m, VECTOR_OF, 0, CODE + 5);
    machine_free(m);
}

static void bound_raises_br_outside_its_limits(void **state)
{
    (void)state;
    const uint8_t code[] = { 0x62, 0x03, 0xcc }; /* bound eax, [ebx] */
    struct machine *m = machine_of_32_bits(code, sizeof code);
    machine_put_word(m, DATA, UINT64_C(7) << 32 | 0xfffffffe); /* -2 to 7 */
    machine_cpu(m)->reg[REG_RBX] = DATA;
    machine_cpu(m)->reg[REG_RAX] = 0xfffffffe;
    expect(m, VECTOR_BP, 0, CODE + 3);
    machine_cpu(m)->rip = CODE;
    machine_cpu(m)->reg[REG_RAX] = 8;
    expect(m, VECTOR_BR, 0, CODE);
    machine_free(m);
}

static void what_only_32_bit_code_has_is_undefined_in_64_bit_mode(void **state)
{
    (void)state;
    const uint8_t gone[] = { 0x06, 0x0e, 0x16, 0x1e, 0x07, 0x17, 0x1f, 0x27, 0x2f, 0x37,
                             0x3f, 0x60, 0x61, 0x62, 0x9a, 0xce, 0xd4, 0xd5, 0xd6, 0xea };
    for (unsigned i = 0; i < sizeof gone; i++) {
        struct machine *m = machine_new();
        machine_put(m, CODE, &gone[i], 1);
        expect(m, VECTOR_UD, 0, CODE);
        machine_free(m);
    }
}

/* --- segments ------------------------------------------------------------------------------------- */

static void selectors_are_checked_against_the_table(void **state)
{
    (void)state;
    static const struct {
        uint8_t code[2]; /* mov segment, ax */
        uint16_t selector;
        uint32_t vector;
        word_t error_code;
    } rows[] = {
        { { 0x8e, 0xd8 }, 0x33, VECTOR_BP, 0 },    /* ds: data */
        { { 0x8e, 0xe0 }, 0x3b, VECTOR_BP, 0 },    /* fs: data */
        { { 0x8e, 0xe8 }, 0x28, VECTOR_BP, 0 },    /* gs: code that may be read */
        { { 0x8e, 0xd8 }, 0x13, VECTOR_GP, 0x10 }, /* ds: the kernel's */
        { { 0x8e, 0xd8 }, 0x1b, VECTOR_GP, 0x18 }, /* ds: a task */
        { { 0x8e, 0xd8 }, 0x4b, VECTOR_GP, 0x48 }, /* ds: beyond the table */
        { { 0x8e, 0xd8 }, 0x37, VECTOR_GP, 0x34 }, /* ds: of the local table */
        { { 0x8e, 0xd0 }, 0x00, VECTOR_GP, 0 },    /* ss: null */
        { { 0x8e, 0xd0 }, 0x30, VECTOR_GP, 0x30 }, /* ss: of another privilege */
        { { 0x8e, 0xd0 }, 0x2b, VECTOR_GP, 0x28 }, /* ss: code */
        { { 0x8e, 0xc8 }, 0x2b, VECTOR_UD, 0 },    /* cs */
    };
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct machine *m = machine_new();
        const uint8_t stop = 0xcc;
        machine_put(m, CODE, rows[i].code, 2);
        machine_put(m, CODE + 2, &stop, 1);
        machine_cpu(m)->reg[REG_RAX] = rows[i].selector;
        bool stops = rows[i].vector == VECTOR_BP;
        expect(m, rows[i].vector, rows[i].error_code, stops ? CODE + 3 : CODE);
        machine_free(m);
    }
}

static void segments_that_are_not_present_have_vectors_of_their_own(void **state)
{
    (void)state;
    const uint8_t data[] = { 0x8e, 0xd8 }, stack[] = { 0x8e, 0xd0 };
    struct machine *m = machine_new();
    machine_cpu(m)->gdt[7] &= ~(UINT64_C(1) << 47);
    machine_cpu(m)->reg[REG_RAX] = 0x3b;
    machine_put(m, CODE, data, 2);
    expect(m, VECTOR_NP, 0x38, CODE);
    machine_put(m, CODE, stack, 2);
    expect(m, VECTOR_SS, 0x38, CODE);
    machine_free(m);
}

static void a_selector_brings_the_base_of_fs(void **state)
{
    (void)state;
    const uint8_t code[] = { 0x8e, 0xe0, 0xcc };
    struct machine *m = machine_new();
    machine_cpu(m)->gdt[7] |= UINT64_C(0x12000034) << 32 | UINT64_C(0x5678) << 16;
    machine_cpu(m)->reg[REG_RAX] = 0x3b;
    machine_put(m, CODE, code, sizeof code);
    expect(m, VECTOR_BP, 0, CODE + 3);
    assert_int_equal(machine_cpu(m)->fs_base, 0x12345678);
    assert_int_equal(machine_cpu(m)->fs, 0x3b);
    machine_free(m);
}

static void system_registers_can_be_read_at_user_level(void **state)
{
    (void)state;
    /* sgdt [rbx]; smsw rax; str ecx; sldt dx */
    const uint8_t code[] = { 0x0f, 0x01, 0x03, 0x48, 0x0f, 0x01, 0xe0, 0x0f,
                             0x00, 0xc9, 0x66, 0x0f, 0x00, 0xc2, 0xcc };
    struct machine *m = machine_new();
    struct cpu *cpu = machine_cpu(m);
    cpu->reg[REG_RBX] = DATA;
    cpu->reg[REG_RCX] = cpu->reg[REG_RDX] = ~UINT64_C(0);
    machine_put(m, CODE, code, sizeof code);
    expect(m, VECTOR_BP, 0, CODE + sizeof code);
    assert_int_equal(machine_word(m, DATA) & 0xffff, 71); /* nine descriptors */
    assert_true(machine_word(m, DATA + 2) >> 63);         /* the kernel's half */
    assert_int_equal(cpu->reg[REG_RAX], 0x80010033);
    assert_int_equal(cpu->reg[REG_RCX], 0x18);
    assert_int_equal(cpu->reg[REG_RDX], UINT64_C(0xffffffffffff0000));
    machine_free(m);
}

static void far_returns_to_the_kernels_code_are_gp_of_its_selector(void **state)
{
    (void)state;
    const uint8_t code[] = { 0x6a, KERNEL_CODE, 0x6a, 0, 0x48, 0xcb };
    struct machine *m = machine_new();
    machine_put(m, CODE, code, sizeof code);
    expect(m, VECTOR_GP, KERNEL_CODE, CODE + 4);
    assert_int_equal(machine_cpu(m)->reg[REG_RSP], STACK_TOP - 16);
    machine_free(m);
}

static void far_jumps_to_addresses_that_are_not_canonical_stay(void **state)
{
    (void)state;
    const uint8_t code[] = { 0x48, 0xff, 0x2b }; /* jmp far [rbx], 64 bits */
    struct machine *m = machine_new();
    machine_put_word(m, DATA, NON_CANONICAL);
    machine_put_word(m, DATA + 8, USER_CODE);
    machine_cpu(m)->reg[REG_RBX] = DATA;
    machine_put(m, CODE, code, sizeof code);
    expect(m, VECTOR_GP, 0, CODE);
    machine_put_word(m, DATA, CODE + 0x100);
    const uint8_t stop = 0xcc;
    machine_put(m, CODE + 0x100, &stop, 1);
    expect(m, VECTOR_BP, 0, CODE + 0x101);
    assert_int_equal(machine_cpu(m)->ss, USER_DATA);
    machine_free(m);
}

/* --- alignment -------------------------------------------------------------------------------------- */

static void misaligned_accesses_trap_where_both_sides_ask_for_it(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_cpu(m)->reg[REG_RBX] = DATA + 1;
    machine_asm(m, CODE, "mov rax, [rbx]; mov al, [rbx]; mov ax, [rbx+1]; int3");
    machine_cpu(m)->rflags |= FLAG_AC; /* the system does not */
    expect(m, VECTOR_BP, 0, CODE + 10);
    machine_cpu(m)->rip = CODE;
    machine_cpu(m)->features |= CPU_ALIGNMENT;
    expect(m, VECTOR_AC, 0, CODE);
    assert_true(machine_cpu(m)->rflags & FLAG_RF);
    machine_cpu(m)->rip = CODE + 3; /* bytes, and words that are aligned */
    expect(m, VECTOR_BP, 0, CODE + 10);
    machine_cpu(m)->rip = CODE;
    machine_cpu(m)->rflags &= ~(word_t)FLAG_AC;
    expect(m, VECTOR_BP, 0, CODE + 10);
    machine_free(m);
}

/* --- accessed and dirty ----------------------------------------------------------------------------- */

static word_t *entry_of(struct machine *m, word_t address, unsigned level)
{
    paddr_t table = ROOT;
    for (unsigned n = 0, shift = 39;; n++, shift -= 9) {
        word_t *entry =
            (word_t *)(uintptr_t)memory_at(&m->world, table + (address >> shift & 511) * 8);
        if (n == level) return entry;
        table = *entry & ENTRY_ADDRESS;
    }
}

static void a_walk_sets_accessed_and_a_write_sets_dirty(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_cpu(m)->reg[REG_RBX] = DATA;
    machine_asm(m, CODE, "mov rax, [rbx]; int3; mov [rbx], rax; int3");
    assert_false(*entry_of(m, DATA, 3) & (ENTRY_ACCESSED | ENTRY_DIRTY));
    expect(m, VECTOR_BP, 0, CODE + 4);
    for (unsigned level = 0; level < 4; level++)
        assert_true(*entry_of(m, DATA, level) & ENTRY_ACCESSED);
    assert_false(*entry_of(m, DATA, 3) & ENTRY_DIRTY);
    expect(m, VECTOR_BP, 0, CODE + 8);
    assert_true(*entry_of(m, DATA, 3) & ENTRY_DIRTY);
    assert_false(*entry_of(m, DATA, 2) & ENTRY_DIRTY);
    assert_false(*entry_of(m, DATA + PAGE_SIZE, 3) & ENTRY_ACCESSED);
    assert_false(*entry_of(m, CODE, 3) & ENTRY_DIRTY);
    machine_free(m);
}

static void accesses_that_fault_set_no_bits_of_the_page(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_cpu(m)->reg[REG_RBX] = READ_ONLY;
    machine_asm(m, CODE, "mov [rbx], rax");
    expect(m, VECTOR_PF, FAULT_PRESENT | FAULT_WRITE | FAULT_USER, CODE);
    assert_false(*entry_of(m, READ_ONLY, 3) & (ENTRY_ACCESSED | ENTRY_DIRTY));
    machine_free(m);
}

/* The table is a page that the core watches: setting a bit of it must not make it forget. */
static void accessed_bits_drop_no_translations(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_cpu(m)->reg[REG_RBX] = DATA;
    machine_asm(m, CODE, "mov rax, [rbx]; mov rax, [rbx+0x1000]; int3");
    expect(m, VECTOR_BP, 0, CODE + 11);
    assert_int_equal(m->world.stale, 0);
    assert_true(m->world.mark[(ARENA_MEMORY + ROOT) >> PAGE_BITS] & MARK_TABLE);
    assert_true(m->world.mark[(ARENA_MEMORY + ROOT) >> PAGE_BITS] & MARK_DIRTY);
    machine_map(m, DATA, machine_frame(READ_ONLY), 0); /* and a change is still seen */
    machine_cpu(m)->rip = CODE;
    expect(m, VECTOR_PF, FAULT_USER, CODE);
    machine_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_bytes_are_other_instructions_in_other_modes),
        cmocka_unit_test(stores_to_32_bit_code_are_seen_at_once),
        cmocka_unit_test(addresses_of_32_bit_code_wrap_at_4_gib),
        cmocka_unit_test(system_calls_of_32_bit_code_are_undefined),
        cmocka_unit_test(into_traps_through_an_open_gate_only),
        cmocka_unit_test(bound_raises_br_outside_its_limits),
        cmocka_unit_test(what_only_32_bit_code_has_is_undefined_in_64_bit_mode),
        cmocka_unit_test(selectors_are_checked_against_the_table),
        cmocka_unit_test(segments_that_are_not_present_have_vectors_of_their_own),
        cmocka_unit_test(a_selector_brings_the_base_of_fs),
        cmocka_unit_test(system_registers_can_be_read_at_user_level),
        cmocka_unit_test(far_returns_to_the_kernels_code_are_gp_of_its_selector),
        cmocka_unit_test(far_jumps_to_addresses_that_are_not_canonical_stay),
        cmocka_unit_test(misaligned_accesses_trap_where_both_sides_ask_for_it),
        cmocka_unit_test(a_walk_sets_accessed_and_a_write_sets_dirty),
        cmocka_unit_test(accesses_that_fault_set_no_bits_of_the_page),
        cmocka_unit_test(accessed_bits_drop_no_translations),
    };
    return cmocka_run_group_tests_name("segments", tests, NULL, NULL);
}
