/* SPDX-License-Identifier: BSD-2-Clause */
/* The programs of programs.h. */
#include "kernel/programs.h"
#include "kernel/vspace.h"

#include <stdlib.h>

/* Physical memory above what threads.c uses. */
enum {
    TABLES = 0x80000, /* of each address space four pages: PML4, PDPT, PD, PT */
    TABLES_OF_ONE = 0x4000,
    POOL = 0x90000,
    CODE_PAGES = 0xa0000,
    DATA_PAGES = 0xb0000,
    SHARED = 0xc0000,
    PROGRAM = 0x400000,
    DATA = 0x480000,
};

word_t code_of(unsigned n)
{
    return PROGRAM + n * PAGE_SIZE;
}
word_t data_of(unsigned n)
{
    return DATA + n * PAGE_SIZE;
}
paddr_t data_at(unsigned n)
{
    return DATA_PAGES + n * PAGE_SIZE;
}
paddr_t shared_at(void)
{
    return SHARED;
}

static paddr_t table_of(unsigned space, enum table_level level)
{
    return TABLES + space * TABLES_OF_ONE + (LEVEL_PML4 - level) * PAGE_SIZE;
}

paddr_t entry_in(unsigned space, word_t vaddr)
{
    return table_of(space, LEVEL_PT) + (vaddr >> PAGE_BITS) % TABLE_ENTRIES * sizeof(word_t);
}

static void map(struct threads *t, unsigned space, word_t vaddr, paddr_t at)
{
    memory_set_word(&t->w, entry_in(space, vaddr), entry_for_page(at, LEVEL_PT, 0, VM_READ_WRITE));
}

static struct cap space_cap(unsigned space)
{
    struct cap cap = cap_new(CAP_PML4);
    cap_pml4_set_object(&cap, table_of(space, LEVEL_PML4));
    cap_pml4_set_is_mapped(&cap, 1);
    cap_pml4_set_asid(&cap, space + 1);
    return cap;
}

static void space_make(struct threads *t, unsigned space)
{
    struct world *w = &t->w;
    if (memory_word(w, table_of(space, LEVEL_PML4))) return;
    asid_install(w, 0, POOL);
    asid_assign(w, POOL, space + 1, table_of(space, LEVEL_PML4));
    for (unsigned level = LEVEL_PML4; level > LEVEL_PT; level--) {
        word_t index = (word_t)PROGRAM >> level_shift((enum table_level)level);
        memory_set_word(w, table_of(space, (enum table_level)level) + index % TABLE_ENTRIES * 8,
                        entry_for_table(table_of(space, (enum table_level)(level - 1)), 0));
    }
    map(t, space, SHARED_PAGE, SHARED);
}

void thread_program(struct threads *t, unsigned n, unsigned space, const uint8_t *code, size_t size)
{
    space_make(t, space);
    paddr_t at = CODE_PAGES + n * PAGE_SIZE;
    memcpy(memory_edit(&t->w, at, size), code, size);
    map(t, space, code_of(n), at);
    map(t, space, data_of(n), data_at(n));
    slot_write_initial(&t->w, tcb_slot(thread_at(n), TCB_VTABLE), space_cap(space));
}

void thread_register_set(struct threads *t, unsigned n, enum context_reg reg, word_t value)
{
    tcb_set_reg(&t->w, thread_at(n), reg, value);
}

/* One for all tests of a program: it knows nothing that it does not check. */
static struct core *core_get(void)
{
    static void *memory;
    size_t size = (core_size() + PAGE_SIZE - 1) & ~(size_t)(PAGE_SIZE - 1);
    if (!memory) memory = aligned_alloc(PAGE_SIZE, size);
    assert_non_null(memory);
    return core_init(memory);
}

static bool has_program(const struct threads *t)
{
    paddr_t slot = tcb_slot(kernel_at(&t->w)->current, TCB_VTABLE);
    return cap_type(cte_at(&t->w, slot)->cap) == CAP_PML4;
}

word_t programs_run(struct threads *t, word_t instructions)
{
    static const struct trap device = { .kind = TRAP_DEVICE };
    struct core *core = core_get();
    word_t before = cpu_at(&t->w)->retired, done = 0;
    while (done < instructions && has_program(t) && !kernel_at(&t->w)->halted) {
        if (kernel_interrupt_due(&t->w)) {
            kernel_entry(&t->w, &device);
            continue;
        }
        word_t due = kernel_next_event(&t->w) - cpu_at(&t->w)->clock, left = instructions - done;
        struct trap trap = core_run(core, &t->w, left < due ? left : due);
        if (trap.kind != TRAP_NONE) kernel_entry(&t->w, &trap);
        assert_sound(t);
        done = cpu_at(&t->w)->retired - before;
    }
    return done;
}
