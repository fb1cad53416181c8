/* SPDX-License-Identifier: BSD-2-Clause */
/* Paging, the door, self-modifying code, page crossings, and budgets: what the core remembers must never
 * show. */
#include "machine_fixture.h"

static const word_t ALL = ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER;

static uint8_t *mark_of(struct machine *m, word_t address)
{
    return &m->world.mark[(ARENA_MEMORY + machine_frame(address)) >> PAGE_BITS];
}

/* --- the walk ------------------------------------------------------------------------------------- */

static void the_walk_gives_physical_addresses_or_error_codes(void **state)
{
    static const struct {
        word_t address;
        uint64_t access, fault;
    } rows[] = {
        { CODE + 0x123, 0, 0 },
        { DATA, FAULT_WRITE, 0 },
        { READ_ONLY, 0, 0 },
        { READ_ONLY, FAULT_WRITE, 7 },
        { KERNEL_PAGE, 0, 5 },
        { KERNEL_PAGE, FAULT_WRITE, 7 },
        { UNMAPPED, 0, 4 },
        { UNMAPPED, FAULT_WRITE, 6 },
        { UNMAPPED, FAULT_FETCH, 4 },
        { CODE + 0x2000, 0, 4 },
        { UINT64_C(0x7f0000000000), 0, 4 },
    };
    (void)state;
    struct machine *m = machine_new();
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        paddr_t at = 1;
        assert_int_equal(page_walk(&m->world, ROOT, rows[i].address, rows[i].access, &at),
                         rows[i].fault);
        assert_int_equal(at, rows[i].fault ? 1 : machine_frame(rows[i].address));
    }
    machine_free(m);
}

static void rights_are_the_intersection_of_all_levels(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    paddr_t at;
    memory_set_word(&m->world, ROOT + PAGE_SIZE,
                    (ROOT + 2 * PAGE_SIZE) | ENTRY_PRESENT | ENTRY_USER);
    assert_int_equal(page_walk(&m->world, ROOT, DATA, FAULT_WRITE, &at), 7);
    memory_set_word(&m->world, ROOT + PAGE_SIZE,
                    (ROOT + 2 * PAGE_SIZE) | ENTRY_PRESENT | ENTRY_WRITE);
    assert_int_equal(page_walk(&m->world, ROOT, DATA, 0, &at), 5);
    machine_free(m);
}

static void large_pages_are_walked(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    paddr_t at = 0, pd = ROOT + 2 * PAGE_SIZE, pdpt = ROOT + PAGE_SIZE;
    memory_set_word(&m->world, pd + 8 * 5, 0x200000 | ALL | ENTRY_LARGE);
    memory_set_word(&m->world, pdpt + 8 * 3, 0 | ALL | ENTRY_LARGE);

    assert_int_equal(page_walk(&m->world, ROOT, 0xa12345, FAULT_WRITE, &at), 0);
    assert_int_equal(at, 0x212345);
    assert_int_equal(page_walk(&m->world, ROOT, 0xc0012345, 0, &at), 0);
    assert_int_equal(at, 0x12345);
    assert_int_equal(page_walk(&m->world, ROOT, 0xc0000000 + FIXTURE_MEMORY, 0, &at), 4);

    machine_asm(m, CODE,
                "mov rax, 0xa00000; mov qword ptr [rax+0x1238], 7; mov rbx, [rax+0x1238]; int3");
    machine_run(m, 100);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RBX], 7);
    assert_int_equal(memory_word(&m->world, 0x201238), 7);
    machine_free(m);
}

static void garbage_in_cr3_or_tables_is_only_a_page_fault(void **state)
{
    static const word_t roots[] = { FIXTURE_MEMORY, UINT64_C(0xfffffffffffff000), 0x40000000,
                                    0x3fff000 };
    (void)state;
    for (unsigned i = 0; i < sizeof roots / sizeof *roots; i++) {
        struct machine *m = machine_new();
        machine_cpu(m)->cr3 = roots[i];
        struct trap t = machine_run(m, 1000);
        assert_int_equal(t.vector, VECTOR_PF);
        assert_int_equal(t.error_code, 4);
        assert_int_equal(cpu_at(&m->world)->cr2, CODE);
        machine_free(m);
    }
    struct machine *m = machine_new();
    memory_set_word(&m->world, ROOT + PAGE_SIZE, UINT64_C(0xffffffffff000) | ALL);
    assert_int_equal(machine_run(m, 1000).vector, VECTOR_PF);
    machine_free(m);
}

/* --- remembered translations ---------------------------------------------------------------------- */

static void unmapping_is_seen_by_the_next_access(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "mov rax, [0x440000]; mov [0x440000], rax; jmp 0x400000");
    assert_int_equal(machine_run(m, 1000).kind, TRAP_NONE);

    machine_map(m, DATA, machine_frame(DATA), ENTRY_PRESENT | ENTRY_USER);
    struct trap t = machine_run(m, 1000);
    assert_int_equal(t.vector, VECTOR_PF);
    assert_int_equal(t.error_code, 7);
    machine_map(m, DATA, 0, 0);
    t = machine_run(m, 1000);
    assert_int_equal(t.vector, VECTOR_PF);
    assert_int_equal(t.error_code, 6);
    machine_map(m, DATA, machine_frame(DATA), ALL);
    assert_int_equal(machine_run(m, 1000).kind, TRAP_NONE);
    machine_free(m);
}

static void remapping_code_is_seen_at_once(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "jmp 0x401000");
    machine_asm(m, CODE + 0x1000, "mov rbx, 1; jmp 0x400000");
    machine_asm(m, DATA, "mov rbx, 2; int3");
    assert_int_equal(machine_run(m, 1000).kind, TRAP_NONE);
    machine_map(m, CODE + 0x1000, machine_frame(DATA), ALL);
    assert_int_equal(machine_run(m, 1000).vector, VECTOR_BP);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RBX], 2);
    machine_free(m);
}

static void each_address_space_has_its_own_translations(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    paddr_t other = 0x300000;
    /* A second root with the same lower levels except the last two. */
    memcpy(memory_edit(&m->world, other, 4 * PAGE_SIZE), memory_at(&m->world, ROOT), 4 * PAGE_SIZE);
    for (unsigned level = 0; level < 3; level++)
        memory_set_word(&m->world, other + level * PAGE_SIZE + (level == 2 ? 2 * 8 : 0),
                        (other + (level + 1) * PAGE_SIZE) | ALL);
    memory_set_word(&m->world, other + 3 * PAGE_SIZE + (DATA >> 12 & 511) * 8, 0x310000 | ALL);
    memory_set_word(&m->world, 0x310000, 22);
    machine_put_word(m, DATA, 11);
    machine_asm(m, CODE, "mov rax, [0x440000]; jmp 0x400000");
    for (unsigned round = 0; round < 100; round++) {
        machine_cpu(m)->cr3 = round % 2 ? other : ROOT;
        machine_cpu(m)->rip = CODE;
        machine_run(m, 200);
        assert_int_equal(cpu_at(&m->world)->reg[REG_RAX], round % 2 ? 22 : 11);
    }
    machine_free(m);
}

static void more_spaces_than_the_core_keeps_still_work(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "mov rax, [0x440000]; int3");
    for (unsigned n = 0; n < 40; n++) {
        paddr_t root = 0x300000 + n % 20 * PAGE_SIZE;
        memory_set_word(&m->world, root, (ROOT + PAGE_SIZE) | ALL);
        machine_cpu(m)->cr3 = root;
        machine_cpu(m)->rip = CODE;
        machine_put_word(m, DATA, n);
        assert_int_equal(machine_run(m, 200).vector, VECTOR_BP);
        assert_int_equal(cpu_at(&m->world)->reg[REG_RAX], n);
    }
    machine_free(m);
}

/* --- the door ------------------------------------------------------------------------------------- */

static void a_store_marks_its_page_again_after_a_clean(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "mov [0x440000], rax; inc rax; jmp 0x400000");
    for (unsigned round = 0; round < 3; round++) {
        arena_clean(&m->world);
        assert_int_equal(*mark_of(m, DATA) & MARK_DIRTY, 0);
        machine_run(m, 3000);
        assert_int_equal(*mark_of(m, DATA) & (MARK_DIRTY | MARK_USED), MARK_DIRTY | MARK_USED);
        assert_int_equal(*mark_of(m, DATA + 0x1000) & MARK_DIRTY, 0);
    }
    machine_free(m);
}

static void a_load_marks_nothing(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "mov rax, [0x440000]; jmp 0x400000");
    arena_clean(&m->world);
    machine_run(m, 3000);
    assert_int_equal(*mark_of(m, DATA) & MARK_DIRTY, 0);
    machine_free(m);
}

/* --- code that changes ---------------------------------------------------------------------------- */

static void code_written_from_outside_is_seen(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "mov ebx, 1; jmp 0x400000");
    machine_run(m, 1000);
    machine_asm(m, CODE, "mov ebx, 2; jmp 0x400000");
    machine_run(m, 1000);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RBX], 2);
    machine_free(m);
}

static void code_that_changes_the_next_instruction_runs_the_new_one(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    /* The store changes the immediate of the MOV right behind it, twice. */
    word_t store = machine_asm(m, CODE, "xor ecx, ecx; inc ecx");
    word_t move = machine_asm(m, store, "mov [0x400020], ecx; jmp 0x40001f");
    assert_true(move < CODE + 0x1f);
    machine_asm(m, CODE + 0x1f,
                "mov ebx, 0x12345678; add edx, ebx; cmp ecx, 2; jne 0x400002; int3");
    assert_int_equal(machine_run(m, 1000).vector, VECTOR_BP);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RDX], 3);
    machine_free(m);
}

static void a_store_within_its_own_block_takes_effect_at_once(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    word_t next = machine_asm(m, CODE, "mov byte ptr [0x400009], 7"); /* 8 bytes */
    assert_int_equal(next, CODE + 8);
    machine_asm(m, next, "mov ebx, 1; int3");
    for (unsigned budget = 1; budget < 200; budget += 198) {
        machine_cpu(m)->rip = CODE;
        machine_cpu(m)->reg[REG_RBX] = 0;
        machine_put(m, next + 1, "\x01", 1);
        for (unsigned i = 0; i < 3; i++) machine_run(m, budget);
        assert_int_equal(cpu_at(&m->world)->reg[REG_RBX], 7);
    }
    machine_free(m);
}

static void code_changed_through_another_mapping_is_seen(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_map(m, DATA, machine_frame(CODE), ALL);
    word_t at = machine_asm(m, CODE, "mov byte ptr [0x440009], 9");
    machine_asm(m, at, "mov ebx, 1; jmp 0x400000");
    machine_run(m, 1000);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RBX], 9);
    machine_free(m);
}

static void data_beside_code_can_be_written(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "inc qword ptr [0x400800]; jmp 0x400000");
    machine_run(m, 2000);
    assert_int_equal(machine_word(m, CODE + 0x800), 1000);
    assert_true(*mark_of(m, CODE) & MARK_DIRTY);
    machine_free(m);
}

static void rep_stos_over_its_own_code_stops_being_itself(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE + 0x100, "rep stosb; nop; nop; nop");
    struct cpu *cpu = machine_cpu(m);
    cpu->rip = CODE + 0x100;
    cpu->reg[REG_RDI] = CODE + 0xf0;
    cpu->reg[REG_RCX] = 0x40;
    cpu->reg[REG_RAX] = 0xcc;
    assert_int_equal(machine_run(m, 1000).vector, VECTOR_BP);
    assert_int_equal(cpu->rip, CODE + 0x101);
    machine_free(m);
}

static void an_instruction_across_two_pages_hangs_on_both(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    word_t at = CODE + 0x1000 - 3;
    machine_asm(m, at, "mov rbx, 0x1111111111111111");
    machine_asm(m, at + 10, "jmp 0x400ffd");
    machine_cpu(m)->rip = at;
    machine_run(m, 1000);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RBX], UINT64_C(0x1111111111111111));
    machine_put(m, CODE + 0x1006, "\x22", 1);
    machine_run(m, 1000);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RBX], UINT64_C(0x2211111111111111));
    machine_put(m, CODE + 0xfff, "\x33", 1);
    machine_run(m, 1000);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RBX], UINT64_C(0x2211111111111133));
    /* Another second page in this space: the same first bytes mean another instruction. */
    memcpy(memory_edit(&m->world, machine_frame(DATA), 0x20),
           memory_at(&m->world, machine_frame(CODE + 0x1000)), 0x20);
    machine_put(m, DATA + 6, "\x44", 1);
    machine_map(m, CODE + 0x1000, machine_frame(DATA), ALL);
    machine_run(m, 1000);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RBX], UINT64_C(0x4411111111111133));
    machine_free(m);
}

static void endless_new_code_stays_within_the_cache(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    /* Each round jumps to another byte of a slide of NOPs: a new block each time, and code changes. */
    for (unsigned i = 0; i < 0x1000; i++) machine_put(m, CODE + i, "\x90", 1);
    machine_asm(m, CODE + 0xff0, "ret");
    for (unsigned round = 0; round < 40; round++) {
        machine_put(m, CODE + 0xfff, "\x90", 1);
        for (unsigned i = 0; i < 0xff0; i += 3) {
            struct cpu *cpu = machine_cpu(m);
            cpu->rip = CODE + i;
            cpu->reg[REG_RSP] = STACK_TOP - 8;
            machine_run(m, 100);
        }
    }
    machine_cpu(m)->rip = CODE + 0xfe0;
    machine_cpu(m)->reg[REG_RSP] = STACK_TOP - 8;
    machine_put_word(m, STACK_TOP - 8, DATA);
    machine_asm(m, DATA, "int3");
    assert_int_equal(machine_run(m, 100).vector, VECTOR_BP);
    machine_free(m);
}

/* --- accesses across pages ------------------------------------------------------------------------ */

static void accesses_across_pages_are_whole(void **state)
{
    (void)state;
    for (unsigned budget = 1; budget < 200; budget += 198) {
        struct machine *m = machine_new();
        struct cpu *cpu = machine_cpu(m);
        machine_put_word(m, DATA + 0xffc, UINT64_C(0x1122334455667788));
        cpu->reg[REG_RBX] = DATA + 0xffc;
        cpu->reg[REG_RCX] = 1;
        machine_asm(m, CODE, "mov rax, [rbx]; add [rbx], rcx; xchg [rbx-2], rcx; int3");
        for (unsigned i = 0; i < 4; i++) machine_run(m, budget);
        assert_int_equal(cpu->reg[REG_RAX], UINT64_C(0x1122334455667788));
        assert_int_equal(cpu->reg[REG_RCX], UINT64_C(0x3344556677890000));
        assert_int_equal(machine_word(m, DATA + 0xffa), 1);
        machine_free(m);
    }
}

static void pages_beside_each_other_need_not_be_frames_beside_each_other(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_map(m, DATA + 0x1000, 0x300000, ALL);
    machine_asm(m, CODE, "mov [0x440ffc], rax; mov rbx, [0x440ffc]; int3");
    machine_cpu(m)->reg[REG_RAX] = UINT64_C(0x1122334455667788);
    machine_run(m, 100);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RBX], UINT64_C(0x1122334455667788));
    assert_int_equal((uint32_t)memory_word(&m->world, 0x300000), 0x11223344);
    machine_free(m);
}

/* --- budgets --------------------------------------------------------------------------------------- */

static void a_run_stops_exactly_at_its_budget(void **state)
{
    (void)state;
    for (unsigned budget = 0; budget < 300; budget += 7) {
        struct machine *m = machine_new();
        machine_asm(m, CODE,
                    "inc rax; inc rax; inc rax; inc rax; test rax, 4; jz 0x400000; jmp 0x400000");
        struct machine *steps = machine_new();
        machine_asm(steps, CODE,
                    "inc rax; inc rax; inc rax; inc rax; test rax, 4; jz 0x400000; jmp 0x400000");
        assert_int_equal(machine_run(m, budget).kind, TRAP_NONE);
        for (unsigned i = 0; i < budget; i++) machine_run(steps, 1);
        assert_int_equal(cpu_at(&m->world)->retired, budget);
        assert_memory_equal(cpu_at(&m->world), cpu_at(&steps->world), sizeof(struct cpu));
        machine_free(m);
        machine_free(steps);
    }
}

static void a_repeated_instruction_stops_within_at_the_budget(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "rep stosb; int3");
    struct cpu *cpu = machine_cpu(m);
    cpu->reg[REG_RDI] = DATA;
    cpu->reg[REG_RCX] = 300;
    assert_int_equal(machine_run(m, 100).kind, TRAP_NONE);
    assert_int_equal(cpu->reg[REG_RCX], 200);
    assert_int_equal(cpu->rip, CODE);
    assert_int_equal(machine_run(m, 200).kind, TRAP_NONE);
    assert_int_equal(cpu->reg[REG_RCX], 0);
    assert_int_equal(cpu->rip, CODE + 2);
    assert_int_equal(cpu->retired, 300);
    machine_free(m);
}

static void a_repetition_of_none_counts_as_one(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "rep movsb; int3");
    assert_int_equal(machine_run(m, 1000).vector, VECTOR_BP);
    assert_int_equal(cpu_at(&m->world)->retired, 2);
    machine_free(m);
}

static void rdtsc_tells_the_clock_at_the_instruction(void **state)
{
    (void)state;
    struct machine *m = machine_new();
    machine_asm(m, CODE, "nop; nop; rdtsc; mov rbx, rax; nop; rdtsc; int3");
    machine_cpu(m)->clock = 1000;
    machine_run(m, 1000);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RBX], 1002);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RAX], 1005);
    assert_int_equal(cpu_at(&m->world)->clock, 1007);
    machine_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_walk_gives_physical_addresses_or_error_codes),
        cmocka_unit_test(rights_are_the_intersection_of_all_levels),
        cmocka_unit_test(large_pages_are_walked),
        cmocka_unit_test(garbage_in_cr3_or_tables_is_only_a_page_fault),
        cmocka_unit_test(unmapping_is_seen_by_the_next_access),
        cmocka_unit_test(remapping_code_is_seen_at_once),
        cmocka_unit_test(each_address_space_has_its_own_translations),
        cmocka_unit_test(more_spaces_than_the_core_keeps_still_work),
        cmocka_unit_test(a_store_marks_its_page_again_after_a_clean),
        cmocka_unit_test(a_load_marks_nothing),
        cmocka_unit_test(code_written_from_outside_is_seen),
        cmocka_unit_test(code_that_changes_the_next_instruction_runs_the_new_one),
        cmocka_unit_test(a_store_within_its_own_block_takes_effect_at_once),
        cmocka_unit_test(code_changed_through_another_mapping_is_seen),
        cmocka_unit_test(data_beside_code_can_be_written),
        cmocka_unit_test(rep_stos_over_its_own_code_stops_being_itself),
        cmocka_unit_test(an_instruction_across_two_pages_hangs_on_both),
        cmocka_unit_test(endless_new_code_stays_within_the_cache),
        cmocka_unit_test(accesses_across_pages_are_whole),
        cmocka_unit_test(pages_beside_each_other_need_not_be_frames_beside_each_other),
        cmocka_unit_test(a_run_stops_exactly_at_its_budget),
        cmocka_unit_test(a_repeated_instruction_stops_within_at_the_budget),
        cmocka_unit_test(a_repetition_of_none_counts_as_one),
        cmocka_unit_test(rdtsc_tells_the_clock_at_the_instruction),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
