/* SPDX-License-Identifier: BSD-2-Clause */
/* The cache of decoded instructions is bounded, and what it gives up never shows: guests with more code
 * than it holds, and what of theirs stays decoded. */
#include "machine_fixture.h"

#include "machine/core.h"

enum {
    CODE_SIZE = FIXTURE_MEMORY - 0x200000,
    LARGE = 0x800000, /* where the code lies, at physical 0x200000 */
    STUB = 7,         /* inc rax; jmp to the next */
    STUBS = CODE_SIZE / STUB - 8,
    HOT = CODE,
};

_Static_assert((int)STUBS > (int)BLOCKS, "more blocks than the cache holds");

static const word_t ALL = ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER;

static const uint8_t stub[STUB] = { 0x48, 0xff, 0xc0, 0xeb, 0x02, 0x0f, 0x0b };

/* A block every STUB bytes, counted in RAX; a page's edge cuts some in two. The last one goes to HOT. */
static struct machine *with_large_code(void)
{
    struct machine *m = machine_new();
    memory_set_word(&m->world, ROOT + 2 * PAGE_SIZE + 8 * (LARGE >> 21),
                    0x200000 | ALL | ENTRY_LARGE);
    uint8_t *code = memory_edit(&m->world, 0x200000, CODE_SIZE);
    for (unsigned i = 0; i < STUBS; i++) memcpy(code + i * STUB, stub, STUB);
    uint8_t *end = code + STUBS * STUB;
    int32_t to_hot = (int32_t)HOT - (int32_t)(LARGE + STUBS * STUB + 5);
    end[0] = 0xe9;
    memcpy(end + 1, &to_hot, sizeof to_hot);
    return m;
}

static void more_code_than_the_cache_holds_runs_right_each_time(void **state)
{
    /* dec rcx; jz 1f; mov edx, LARGE; jmp rdx; 1: int3 */
    static const uint8_t hot[] = { 0x48, 0xff, 0xc9, 0x74, 0x07, 0xba, 0,
                                   0,    0x80, 0,    0xff, 0xe2, 0xcc };
    (void)state;
    struct machine *m = with_large_code();
    machine_put(m, HOT, hot, sizeof hot);
    machine_cpu(m)->reg[REG_RAX] = 0;
    machine_cpu(m)->reg[REG_RCX] = 4;

    struct trap trap = machine_run(m, UINT64_MAX);

    assert_int_equal(trap.vector, VECTOR_BP);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RAX], 3 * STUBS);
    machine_free(m);
}

/* Each of the many blocks runs once, and between any 1000 of them all of a loop. */
static void what_is_used_stays_while_the_rest_passes_through(void **state)
{
    enum { TURN = 1000, LOOP = 200 };
    (void)state;
    struct machine *m = with_large_code();
    word_t runs = 0, built = 0;
    for (unsigned i = 0; i < LOOP; i++) machine_put(m, HOT + i * STUB, stub, STUB);
    machine_asm(m, HOT + LOOP * STUB, "int3");
    machine_cpu(m)->reg[REG_RAX] = 0;

    for (word_t next = LARGE; next < LARGE + (STUBS - TURN) * STUB; next += TURN * STUB, runs++) {
        machine_cpu(m)->rip = next;
        assert_int_equal(machine_run(m, 2 * TURN).kind, TRAP_NONE);
        machine_cpu(m)->rip = HOT;
        word_t before = m->core->blocks_built;
        assert_int_equal(machine_run(m, UINT64_MAX).vector, VECTOR_BP);
        built += m->core->blocks_built - before;
    }

    assert_int_equal(cpu_at(&m->world)->reg[REG_RAX], runs * (TURN + LOOP));
    assert_true(m->core->round > REGIONS);  /* there was something to be given up */
    assert_in_range(built, LOOP, LOOP + 2); /* once: it was always in use */
    machine_free(m);
}

static void code_that_is_written_to_for_ever_takes_no_more_room(void **state)
{
    enum { ROUNDS = 300000 };
    /* mov edi, CODE; 1: mov [rdi + 11], cl; add rax, IMMEDIATE at CODE + 11; dec rcx; jnz 1b; int3 */
    static const uint8_t code[] = { 0xbf, 0,    0,    0x40, 0,    0x88, 0x4f, 0x0b, 0x48,
                                    0x83, 0xc0, 0x01, 0x48, 0xff, 0xc9, 0x75, 0xf4, 0xcc };
    (void)state;
    struct machine *m = machine_new();
    machine_put(m, CODE, code, sizeof code);
    machine_cpu(m)->reg[REG_RAX] = 0;
    machine_cpu(m)->reg[REG_RCX] = ROUNDS;
    word_t sum = 0;
    for (unsigned i = 1; i <= ROUNDS; i++) sum += (word_t)(int8_t)(uint8_t)i;

    struct trap trap = machine_run(m, UINT64_MAX);

    assert_int_equal(trap.vector, VECTOR_BP);
    assert_int_equal(cpu_at(&m->world)->reg[REG_RAX], sum);
    assert_true(m->core->round > REGIONS);
    machine_free(m);
}

/* A page that a region given up had in common with another one is still watched. */
static void code_written_to_after_its_region_was_given_up_is_seen(void **state)
{
    (void)state;
    struct machine *m = with_large_code();
    machine_asm(m, HOT, "int3");
    machine_cpu(m)->rip = LARGE;
    machine_run(m, UINT64_MAX);
    uint8_t *first = memory_edit(&m->world, 0x200000, STUB);
    memcpy(first, "\x90\x90\x90", 3);
    machine_cpu(m)->rip = LARGE;
    machine_cpu(m)->reg[REG_RAX] = 0;

    machine_run(m, UINT64_MAX);

    assert_int_equal(cpu_at(&m->world)->reg[REG_RAX], STUBS - 1);
    machine_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_code_than_the_cache_holds_runs_right_each_time),
        cmocka_unit_test(what_is_used_stays_while_the_rest_passes_through),
        cmocka_unit_test(code_that_is_written_to_for_ever_takes_no_more_room),
        cmocka_unit_test(code_written_to_after_its_region_was_given_up_is_seen),
    };
    return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
