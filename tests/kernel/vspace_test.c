/* SPDX-License-Identifier: BSD-2-Clause */
/* Mapping and unmapping: order of checks, words of refusals, what becomes of mappings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "kernel/booted.h"
#include "kernel/vspace.h"
#include "world/world.h"

enum {
    SLOT_VSPACE = 3,
    SLOT_ASID_CONTROL = 5,
    SLOT_ASID_POOL = 6,
    SLOT_PORTS = 7,
    SLOT_BUFFER = 10
};
enum { FREE = 0x1000000 }; /* memory of an untyped of 16 MiB */
#define WHERE  UINT64_C(0x10000000)
#define DEVICE UINT64_C(0x40000000)

static struct world w;
static word_t next_slot, free_at;

static int boot(void **state)
{
    (void)state;
    next_slot = 0x1000;
    free_at = FREE;
    return booted_open(&w, UINT64_C(512) << 20, &kernel_config_default) ? 0 : -1;
}

static int close_world(void **state)
{
    (void)state;
    bool sound = kernel_check_invariants(&w) == NULL;
    world_close(&w);
    return sound ? 0 : -1;
}

static paddr_t untyped_slot(paddr_t at)
{
    for (word_t slot = 20 + BOOTED_PAGES;; slot++) {
        struct cap cap = booted_cap(&w, slot);
        if (cap_object(cap) == at) return booted_slot(&w, slot);
    }
}

/* A new object of a libsel4 type in the next slot; the slot's index. */
static word_t make(const char *name, bool is_device)
{
    word_t type, slot = next_slot++;
    assert_true(object_type(&kernel_at(&w)->numbers, name, &type));
    const struct object_desc *desc = object_row(&kernel_at(&w)->numbers, type);
    word_t size = UINT64_C(1) << desc->size_bits;
    free_at = (free_at + size - 1) & ~(size - 1);
    struct cap cap = vspace_create(&w, desc, is_device ? DEVICE : free_at, is_device);
    slot_insert_new(&w, untyped_slot(is_device ? DEVICE : FREE), booted_slot(&w, slot), cap);
    if (!is_device) free_at += size;
    return slot;
}

static struct call_message message(word_t slot, const char *label, word_t extra, unsigned length,
                                   const word_t *words)
{
    struct call_message m = {
        .thread = kernel_at(&w)->current,
        .slot = booted_slot(&w, slot),
        .cap = booted_cap(&w, slot),
        .length = length,
        .call = true,
    };
    assert_true(invocation_label(&kernel_at(&w)->numbers, label, &m.label));
    for (unsigned i = 0; i < length; i++) m.reg[i] = words[i];
    if (extra) {
        m.extra_slot[0] = booted_slot(&w, extra);
        m.extra[0] = booted_cap(&w, extra);
    }
    return m;
}

/* Decodes and, when it is good, carries it out. */
static struct refusal act(const struct call_message *m)
{
    struct decoded d = decode_invocation(&w, m);
    if (!d.refusal.error) d.invocation.invoke(&w, &d.invocation);
    return d.refusal;
}

#define INVOKE(slot, label, extra, ...)                                                            \
    do_invoke(slot, label, extra, sizeof((const word_t[]){ __VA_ARGS__ }) / sizeof(word_t),        \
              (const word_t[]){ __VA_ARGS__ })

static struct refusal do_invoke(word_t slot, const char *label, word_t extra, unsigned length,
                                const word_t *words)
{
    struct call_message m = message(slot, label, extra, length, words);
    return act(&m);
}

static struct refusal unmap(word_t slot, const char *label)
{
    struct call_message m = message(slot, label, 0, 0, NULL);
    return act(&m);
}

static struct refusal map_page(word_t frame, word_t vaddr, word_t rights)
{
    return INVOKE(frame, "X86PageMap", SLOT_VSPACE, vaddr, rights, 0);
}

static void expect(struct refusal r, enum sel4_error error, word_t word, const char *where,
                   const char *text)
{
    assert_int_equal(r.error, error);
    assert_int_equal(r.word[0], word);
    if (!text) assert_null(r.text);
    if (text) assert_string_equal(r.text, text);
    if (text) assert_string_equal(r.where, where);
}

static bool mapped_to(word_t vaddr, paddr_t frame)
{
    paddr_t at;
    return vspace_translate(&w, booted_cap(&w, SLOT_VSPACE), vaddr, &at) && at == frame;
}

static word_t entry_at(word_t vaddr, enum table_level level)
{
    paddr_t at;
    if (vspace_lookup(&w, cap_object(booted_cap(&w, SLOT_VSPACE)), vaddr, level, &at).type !=
        LOOKUP_OK)
        return 0;
    return memory_word(&w, at);
}

static void add_tables(void)
{
    assert_false(
        INVOKE(make("X86_PageTableObject", false), "X86PageTableMap", SLOT_VSPACE, WHERE, 0).error);
}

static void a_page_is_mapped_and_unmapped(void **state)
{
    (void)state;
    word_t frame = make("X86_4K", false);
    paddr_t object = cap_object(booted_cap(&w, frame));
    add_tables();
    assert_false(map_page(frame, WHERE, 3).error);
    assert_true(mapped_to(WHERE + 8, object + 8));
    assert_int_equal(entry_at(WHERE, LEVEL_PT), object | 7);
    assert_false(unmap(frame, "X86PageUnmap").error);
    assert_false(mapped_to(WHERE, object));
    assert_false(cap_frame_is_mapped(booted_cap(&w, frame)));
    assert_false(unmap(frame, "X86PageUnmap").error);
}

static void rights_and_attributes_go_into_the_entry(void **state)
{
    (void)state;
    word_t frame = make("X86_4K", false);
    paddr_t object = cap_object(booted_cap(&w, frame));
    add_tables();
    map_page(frame, WHERE, 2);
    assert_int_equal(entry_at(WHERE, LEVEL_PT), object | 5);
    map_page(frame, WHERE, 1); /* write only is not supported: the kernel's alone */
    assert_int_equal(entry_at(WHERE, LEVEL_PT), object | 3);
    INVOKE(frame, "X86PageMap", SLOT_VSPACE, WHERE, 15, 7);
    assert_int_equal(entry_at(WHERE, LEVEL_PT), object | 7 | 8 | 16 | 128);
}

static void missing_tables_are_a_failed_lookup_with_the_bits_left(void **state)
{
    (void)state;
    static const struct {
        word_t vaddr, bits;
    } cases[] = { { WHERE, 21 }, { UINT64_C(1) << 30, 30 }, { UINT64_C(1) << 39, 39 } };
    word_t frame = make("X86_4K", false);
    for (unsigned i = 0; i < 3; i++) {
        struct refusal r = map_page(frame, cases[i].vaddr, 3);
        expect(r, SEL4_FailedLookup, 0, NULL, NULL);
        assert_int_equal(r.lookup.type, LOOKUP_MISSING_CAPABILITY);
        assert_int_equal(r.lookup.bits_left, cases[i].bits);
    }
}

static void refusals_of_page_map_come_in_the_kernels_order(void **state)
{
    (void)state;
    static const char f[] = "decodeX86FrameInvocation";
    word_t frame = make("X86_4K", false), other = make("X64_PML4Object", false);
    expect(INVOKE(frame, "X86PageMap", 0, WHERE, 3, 0), SEL4_TruncatedMessage, 0, f, NULL);
    expect(INVOKE(frame, "X86PageMap", SLOT_VSPACE, WHERE, 3), SEL4_TruncatedMessage, 0, f, NULL);
    expect(INVOKE(frame, "X86PageMap", other, WHERE + 1, 3, 0), SEL4_InvalidCapability, 1, f,
           "X86FrameMap: Attempting to map frame into invalid page directory cap.");
    expect(map_page(frame, USER_TOP + 2, 3), SEL4_InvalidArgument, 0, f,
           "X86Frame: Mapping address too high.");
    expect(map_page(frame, ~(word_t)0, 3), SEL4_InvalidArgument, 0, f,
           "X86Frame: Mapping address too high.");
    expect(map_page(frame, WHERE + 1, 3), SEL4_AlignmentError, 0, f, NULL);
    add_tables();
    assert_false(map_page(frame, WHERE, 3).error);
    expect(map_page(frame, WHERE + PAGE_SIZE, 3), SEL4_InvalidArgument, 0, f,
           "X86Frame: Attempting to map frame into multiple addresses");
    assert_false(INVOKE(SLOT_ASID_POOL, "X86ASIDPoolAssign", other, 0).error);
    expect(INVOKE(frame, "X86PageMap", other, WHERE, 3, 0), SEL4_InvalidCapability, 1, f, NULL);
}

static void a_small_page_replaces_what_is_there_and_a_large_one_no_table(void **state)
{
    (void)state;
    word_t one = make("X86_4K", false), two = make("X86_4K", false),
           large = make("X86_LargePageObject", false);
    add_tables();
    map_page(one, WHERE, 3);
    assert_false(map_page(two, WHERE, 3).error);
    assert_true(mapped_to(WHERE, cap_object(booted_cap(&w, two))));
    unmap(one, "X86PageUnmap"); /* not what is mapped there: stays */
    assert_true(mapped_to(WHERE, cap_object(booted_cap(&w, two))));
    expect(map_page(large, WHERE, 3), SEL4_DeleteFirst, 0, NULL, NULL);
    expect(map_page(large, WHERE + PAGE_SIZE, 3), SEL4_AlignmentError, 0, NULL, NULL);
    assert_false(map_page(large, WHERE + (1 << 21), 3).error);
    assert_true(
        mapped_to(WHERE + (1 << 21) + 0x12345, cap_object(booted_cap(&w, large)) + 0x12345));
    expect(INVOKE(make("X86_PageTableObject", false), "X86PageTableMap", SLOT_VSPACE,
                  WHERE + (1 << 21), 0),
           SEL4_DeleteFirst, 0, NULL, NULL);
    assert_false(unmap(large, "X86PageUnmap").error);
    assert_int_equal(entry_at(WHERE + (1 << 21), LEVEL_PD), 0);
}

static void a_huge_device_page_is_mapped_but_is_no_memory(void **state)
{
    (void)state;
    word_t huge = make("X64_HugePageObject", true);
    assert_false(map_page(huge, UINT64_C(1) << 30, 3).error);
    assert_int_equal(entry_at(UINT64_C(1) << 30, LEVEL_PDPT), DEVICE | 7 | 128);
    paddr_t at;
    assert_false(vspace_translate(&w, booted_cap(&w, SLOT_VSPACE), UINT64_C(1) << 30, &at));
}

static void tables_are_refused_as_the_kernel_does(void **state)
{
    (void)state;
    static const char f[] = "decodeX86PageTableInvocation";
    word_t table = make("X86_PageTableObject", false), other = make("X64_PML4Object", false);
    expect(INVOKE(table, "X86PageTableMap", SLOT_VSPACE, WHERE), SEL4_TruncatedMessage, 0, f,
           "X86PageTable: Truncated message.");
    expect(INVOKE(table, "X86PageTableMap", other, WHERE, 0), SEL4_InvalidCapability, 1, f, NULL);
    expect(INVOKE(table, "X86PageTableMap", SLOT_VSPACE, UINT64_C(1) << 47, 0),
           SEL4_InvalidArgument, 0, f, "X86PageTable: Mapping address too high.");
    expect(INVOKE(table, "X86PageTableMap", SLOT_VSPACE, BOOTED_VADDR, 0), SEL4_DeleteFirst, 0, f,
           NULL);
    assert_int_equal(
        INVOKE(table, "X86PageTableMap", SLOT_VSPACE, UINT64_C(1) << 39, 0).lookup.bits_left, 39);
    assert_false(INVOKE(table, "X86PageTableMap", SLOT_VSPACE, WHERE + 0x12345, 0).error);
    assert_int_equal(cap_table_address(booted_cap(&w, table)), WHERE);
    expect(INVOKE(table, "X86PageTableMap", SLOT_VSPACE, WHERE, 0), SEL4_InvalidCapability, 0, f,
           "X86PageTable: Page table is already mapped to a page directory.");
    expect(unmap(table, "X86PageMap"), SEL4_IllegalOperation, 0, f,
           "X86PageTable: Illegal operation.");
}

static void unmapping_a_table_clears_it_and_needs_the_last_capability(void **state)
{
    (void)state;
    word_t table = make("X86_PageTableObject", false), frame = make("X86_4K", false),
           copy = next_slot++;
    paddr_t object = cap_object(booted_cap(&w, table));
    INVOKE(table, "X86PageTableMap", SLOT_VSPACE, WHERE, 0);
    map_page(frame, WHERE, 3);
    slot_insert(&w, booted_cap(&w, table), booted_slot(&w, table), booted_slot(&w, copy));
    expect(unmap(table, "X86PageTableUnmap"), SEL4_RevokeFirst, 0, "decodeX86PageTableInvocation",
           "X86PageTable: Cannot unmap if more than one cap exists.");
    slot_delete(&w, booted_slot(&w, copy), true);
    assert_true(mapped_to(WHERE, cap_object(booted_cap(&w, frame))));
    assert_false(unmap(table, "X86PageTableUnmap").error);
    assert_int_equal(memory_word(&w, object), 0);
    assert_int_equal(entry_at(WHERE, LEVEL_PD), 0);
    assert_false(unmap(frame, "X86PageUnmap").error); /* its table is gone: nothing to do */
}

static void all_levels_of_tables_can_be_built(void **state)
{
    (void)state;
    const word_t far = UINT64_C(5) << 39;
    word_t frame = make("X86_4K", false);
    assert_false(
        INVOKE(make("X86_PDPTObject", false), "X86PDPTMap", SLOT_VSPACE, far + 5, 0).error);
    assert_false(
        INVOKE(make("X86_PageDirectoryObject", false), "X86PageDirectoryMap", SLOT_VSPACE, far, 0)
            .error);
    assert_false(
        INVOKE(make("X86_PageTableObject", false), "X86PageTableMap", SLOT_VSPACE, far, 0).error);
    assert_false(map_page(frame, far, 3).error);
    assert_true(mapped_to(far, cap_object(booted_cap(&w, frame))));
}

static void deleting_a_capability_takes_its_mapping_along(void **state)
{
    (void)state;
    word_t frame = make("X86_4K", false), copy = next_slot++;
    paddr_t object = cap_object(booted_cap(&w, frame));
    add_tables();
    map_page(frame, WHERE, 3);
    struct cap derived;
    assert_false(cap_derive(&w, booted_slot(&w, frame), booted_cap(&w, frame), &derived).error);
    assert_false(cap_frame_is_mapped(derived));
    slot_insert(&w, derived, booted_slot(&w, frame), booted_slot(&w, copy));
    assert_false(map_page(copy, WHERE + PAGE_SIZE, 2).error);
    slot_delete(&w, booted_slot(&w, frame), true);
    assert_false(mapped_to(WHERE, object));
    assert_true(mapped_to(WHERE + PAGE_SIZE, object));
}

static void tables_without_a_place_cannot_be_copied(void **state)
{
    (void)state;
    static const struct {
        const char *type, *where, *text;
    } cases[] = {
        { "X86_PageTableObject", "Arch_deriveCap", "Deriving an unmapped PT cap" },
        { "X86_PageDirectoryObject", "Arch_deriveCap",
          "Deriving a PD cap without an assigned ASID" },
        { "X86_PDPTObject", "Mode_deriveCap", "Deriving an unmapped PTPD cap" },
        { "X64_PML4Object", "Mode_deriveCap", "Deriving a PML4 cap without an assigned ASID" },
    };
    for (unsigned i = 0; i < 4; i++) {
        word_t slot = make(cases[i].type, false);
        struct cap derived;
        struct refusal r = cap_derive(&w, booted_slot(&w, slot), booted_cap(&w, slot), &derived);
        expect(r, SEL4_IllegalOperation, 0, cases[i].where, cases[i].text);
        assert_int_equal(cap_type(derived), CAP_NULL);
    }
}

static void an_address_space_works_until_its_identifier_is_gone(void **state)
{
    (void)state;
    word_t vspace = make("X64_PML4Object", false), frame = make("X86_4K", false);
    assert_false(INVOKE(SLOT_ASID_POOL, "X86ASIDPoolAssign", vspace, 0).error);
    assert_int_equal(cap_pml4_asid(booted_cap(&w, vspace)), 2);
    expect(INVOKE(SLOT_ASID_POOL, "X86ASIDPoolAssign", vspace, 0), SEL4_InvalidCapability, 1,
           "decodeX86MMUInvocation", "X86ASIDPool: Invalid vspace root.");
    struct refusal r = INVOKE(frame, "X86PageMap", vspace, WHERE, 3, 0);
    assert_int_equal(r.lookup.bits_left, 39);
    slot_delete(&w, booted_slot(&w, SLOT_ASID_POOL), true);
    r = INVOKE(frame, "X86PageMap", vspace, WHERE, 3, 0);
    expect(r, SEL4_FailedLookup, 0, NULL, NULL);
    assert_int_equal(r.lookup.type, LOOKUP_INVALID_ROOT);
    assert_int_equal(cpu_at(&w)->cr3, KERNEL_VSPACE); /* the root task lost its own, too */
}

static void pools_are_made_of_4_kib_untypeds_until_the_table_is_full(void **state)
{
    (void)state;
    word_t type;
    assert_true(object_type(&kernel_at(&w)->numbers, "UntypedObject", &type));
    for (unsigned i = 0; i < ASID_HIGH_COUNT; i++) {
        word_t untyped = next_slot++, pool = next_slot++;
        struct cap cap = cap_new(CAP_UNTYPED);
        free_at = (free_at + 0xfff) & ~(word_t)0xfff;
        cap_untyped_set_object(&cap, free_at);
        cap_untyped_set_size_bits(&cap, 12);
        free_at += PAGE_SIZE;
        slot_insert_new(&w, untyped_slot(FREE), booted_slot(&w, untyped), cap);
        struct call_message m = message(SLOT_ASID_CONTROL, "X86ASIDControlMakePool", untyped, 2,
                                        (const word_t[]){ pool, 64 });
        m.extra_slot[1] = booted_slot(&w, 2);
        m.extra[1] = booted_cap(&w, 2);
        struct refusal r = act(&m);
        if (i == ASID_HIGH_COUNT - 1) {
            expect(r, SEL4_DeleteFirst, 0, "decodeX86MMUInvocation",
                   "ASIDControlMakePool: No unallocated pools found.");
            return;
        }
        assert_int_equal(r.error, SEL4_NoError);
        assert_int_equal(cap_asid_pool_base(booted_cap(&w, pool)), (i + 1) * 512);
    }
}

static void ports_are_issued_once_and_read_as_ones(void **state)
{
    (void)state;
    static const char control[] = "decodeX86PortControlInvocation";
    word_t ports = next_slot++, more = next_slot++;
    expect(INVOKE(SLOT_PORTS, "X86IOPortControlIssue", 2, 9, 8, ports, 64), SEL4_InvalidArgument, 1,
           control, "IOPortControl: Last port must be > first port.");
    assert_false(INVOKE(SLOT_PORTS, "X86IOPortControlIssue", 2, 0x2f8, 0x2ff, ports, 64).error);
    expect(INVOKE(SLOT_PORTS, "X86IOPortControlIssue", 2, 0x2ff, 0x300, more, 64), SEL4_RevokeFirst,
           0, control, "IOPortControl: Some ports in range already in use.");
    assert_false(INVOKE(ports, "X86IOPortIn8", 0, 0x2f8).error);
    assert_int_equal(tcb_at(&w, kernel_at(&w)->current)->context[CTX_R10], 0xff);
    assert_false(INVOKE(ports, "X86IOPortIn16", 0, 0x2fe).error);
    assert_int_equal(tcb_at(&w, kernel_at(&w)->current)->context[CTX_R10], 0xffff);
    struct refusal r = INVOKE(ports, "X86IOPortIn16", 0, 0x2ff);
    assert_int_equal(r.error, SEL4_IllegalOperation);
    assert_string_equal(r.where, "ensurePortOperationAllowed");
    assert_false(INVOKE(ports, "X86IOPortOut32", 0, 0x2f8, 5).error);
    slot_delete(&w, booted_slot(&w, ports), true);
    assert_false(INVOKE(SLOT_PORTS, "X86IOPortControlIssue", 2, 0x2ff, 0x300, more, 64).error);
}

static void ipc_buffers_are_aligned_memory(void **state)
{
    (void)state;
    static const char f[] = "checkValidIPCBuffer";
    expect(cap_check_ipc_buffer(0x1000, booted_cap(&w, SLOT_VSPACE)), SEL4_IllegalOperation, 0, f,
           "IPC Buffer is an invalid cap.");
    word_t device = make("X86_4K", true);
    expect(cap_check_ipc_buffer(0x1000, booted_cap(&w, device)), SEL4_IllegalOperation, 0, f,
           "Specifying a device frame as an IPC buffer is not permitted.");
    assert_int_equal(cap_check_ipc_buffer(0x1200, booted_cap(&w, SLOT_BUFFER)).error,
                     SEL4_AlignmentError);
    assert_int_equal(cap_check_ipc_buffer(0x1400, booted_cap(&w, SLOT_BUFFER)).error, SEL4_NoError);
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, boot, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_page_is_mapped_and_unmapped),
        IN_A_WORLD(rights_and_attributes_go_into_the_entry),
        IN_A_WORLD(missing_tables_are_a_failed_lookup_with_the_bits_left),
        IN_A_WORLD(refusals_of_page_map_come_in_the_kernels_order),
        IN_A_WORLD(a_small_page_replaces_what_is_there_and_a_large_one_no_table),
        IN_A_WORLD(a_huge_device_page_is_mapped_but_is_no_memory),
        IN_A_WORLD(tables_are_refused_as_the_kernel_does),
        IN_A_WORLD(unmapping_a_table_clears_it_and_needs_the_last_capability),
        IN_A_WORLD(all_levels_of_tables_can_be_built),
        IN_A_WORLD(deleting_a_capability_takes_its_mapping_along),
        IN_A_WORLD(tables_without_a_place_cannot_be_copied),
        IN_A_WORLD(an_address_space_works_until_its_identifier_is_gone),
        IN_A_WORLD(pools_are_made_of_4_kib_untypeds_until_the_table_is_full),
        IN_A_WORLD(ports_are_issued_once_and_read_as_ones),
        IN_A_WORLD(ipc_buffers_are_aligned_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
