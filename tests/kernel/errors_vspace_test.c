/* SPDX-License-Identifier: BSD-2-Clause */
/* What calls on frames, page tables and address space identifiers are refused with, in the order in
 * which the real kernel checks. seL4: src/arch/x86/kernel/vspace.c, src/arch/x86/64/kernel/vspace.c. */
#include "kernel/errors.h"
#include "kernel/vspace.h"

enum { MISSING = LOOKUP_MISSING_CAPABILITY, ROOT = LOOKUP_INVALID_ROOT };
#define HIGH UINT64_C(0x800000000000)
#define LINE(where, text)                                                                          \
    "<<seL4(CPU 0) [" where "/0 T0xffffff8000010400 \"tester\" @0]: " text ">>\n"

/* clang-format off */
#define MAP(frame, vaddr, vspace) { frame, "X86PageMap", 3, { vaddr, RIGHTS_ALL, 0 }, 1, { vspace } }

static void a_frame_is_mapped_where_it_may_be(void **state)
{
    static const char where[] = "decodeX86FrameInvocation";
    static const struct error_row rows[] = {
        { { FRAME, "X86PageMap", 2, { 0 }, 1, { VSPACE } }, SEL4_TruncatedMessage, 0, { 0 }, NULL, NULL },
        { { FRAME, "X86PageMap", 3, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, NULL, NULL },
        { MAP(FRAME, HIGH + 1, VSPACE_NEW), SEL4_InvalidCapability, 1, { 1 }, where, "X86FrameMap: Attempting to map frame into invalid page directory cap." },
        { MAP(FRAME, HIGH + 1, EMPTY), SEL4_InvalidCapability, 1, { 1 }, where, "X86FrameMap: Attempting to map frame into invalid page directory cap." },
        { MAP(FRAME, HIGH + 1, VSPACE_NOBODY), SEL4_InvalidArgument, 1, { 0 }, where, "X86Frame: Mapping address too high." },
        { MAP(FRAME, HIGH - 0x1000, VSPACE), SEL4_InvalidArgument, 1, { 0 }, where, "X86Frame: Mapping address too high." },
        { MAP(FRAME, ~(word_t)0xfff, VSPACE), SEL4_InvalidArgument, 1, { 0 }, where, "X86Frame: Mapping address too high." },
        { MAP(FRAME, 0x1001, VSPACE_NOBODY), SEL4_FailedLookup, 2, { 0, ROOT }, NULL, NULL },
        { MAP(FRAME, 0x1001, VSPACE_STALE), SEL4_InvalidCapability, 1, { 1 }, NULL, NULL },
        { MAP(FRAME, 0x1001, VSPACE), SEL4_AlignmentError, 0, { 0 }, NULL, NULL },
        { MAP(FRAME_LARGE, 0x1000, VSPACE), SEL4_AlignmentError, 0, { 0 }, NULL, NULL },
        { MAP(FRAME, 0x200000, VSPACE), SEL4_FailedLookup, 3, { 0, MISSING, 21 }, NULL, NULL },
        { MAP(FRAME, 0x40000000, VSPACE), SEL4_FailedLookup, 3, { 0, MISSING, 30 }, NULL, NULL },
        { MAP(FRAME, 0x8000000000, VSPACE), SEL4_FailedLookup, 3, { 0, MISSING, 39 }, NULL, NULL },
        { MAP(FRAME_LARGE, 0x40000000, VSPACE), SEL4_FailedLookup, 3, { 0, MISSING, 30 }, NULL, NULL },
        { MAP(FRAME_LARGE, 0, VSPACE), SEL4_DeleteFirst, 0, { 0 }, NULL, NULL },
        { MAP(FRAME_HUGE, 0x8000000000, VSPACE), SEL4_FailedLookup, 3, { 0, MISSING, 39 }, NULL, NULL },
        { MAP(FRAME_HUGE, 0, VSPACE), SEL4_DeleteFirst, 0, { 0 }, NULL, NULL },
        { MAP(FRAME_MAPPED, 0x6000, VSPACE_NOBODY), SEL4_InvalidCapability, 1, { 1 }, NULL, NULL },
        { MAP(FRAME_MAPPED, 0x6000, VSPACE_STALE), SEL4_InvalidArgument, 1, { 0 }, where, "X86Frame: Attempting to map frame into multiple addresses" },
        { MAP(FRAME_MAPPED, 0x5000, VSPACE_STALE), SEL4_InvalidCapability, 1, { 1 }, NULL, NULL },
    };
    EXPECT_ERRORS(*state, rows);
}

#define TABLE_MAP(kind, table, vaddr, vspace) { table, "X86" kind "Map", 2, { vaddr, 0 }, 1, { vspace } }
#define TRUNCATED(kind, table) { table, "X86" kind "Map", 1, { 0 }, 1, { VSPACE } }

static void a_page_table_is_mapped_into_a_page_directory(void **state)
{
    static const char where[] = "decodeX86PageTableInvocation";
    static const struct error_row rows[] = {
        { { TABLE_MAPPED, "X86PageTableUnmap", 0, { 0 }, 0, { 0 } }, SEL4_RevokeFirst, 0, { 0 }, where, "X86PageTable: Cannot unmap if more than one cap exists." },
        { TRUNCATED("PageTable", TABLE_MAPPED), SEL4_TruncatedMessage, 0, { 0 }, where, "X86PageTable: Truncated message." },
        { { TABLE, "X86PageTableMap", 2, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, where, "X86PageTable: Truncated message." },
        { TABLE_MAP("PageTable", TABLE_MAPPED, HIGH, EMPTY), SEL4_InvalidCapability, 1, { 0 }, where, "X86PageTable: Page table is already mapped to a page directory." },
        { TABLE_MAP("PageTable", TABLE, HIGH, VSPACE_NEW), SEL4_InvalidCapability, 1, { 1 }, NULL, NULL },
        { TABLE_MAP("PageTable", TABLE, HIGH, VSPACE_NOBODY), SEL4_InvalidArgument, 1, { 0 }, where, "X86PageTable: Mapping address too high." },
        { TABLE_MAP("PageTable", TABLE, 0, VSPACE_NOBODY), SEL4_FailedLookup, 2, { 0, ROOT }, NULL, NULL },
        { TABLE_MAP("PageTable", TABLE, 0, VSPACE_STALE), SEL4_InvalidCapability, 1, { 1 }, NULL, NULL },
        { TABLE_MAP("PageTable", TABLE, 0x40000000, VSPACE), SEL4_FailedLookup, 3, { 0, MISSING, 30 }, NULL, NULL },
        { TABLE_MAP("PageTable", TABLE, 0x1fffff, VSPACE), SEL4_DeleteFirst, 0, { 0 }, NULL, NULL },
    };
    EXPECT_ERRORS(*state, rows);
}

static void a_page_directory_is_mapped_into_a_pdpt(void **state)
{
    static const char where[] = "decodeX64PageDirectoryInvocation";
    static const struct error_row rows[] = {
        { { DIRECTORY_MAPPED, "X86PageDirectoryUnmap", 0, { 0 }, 0, { 0 } }, SEL4_RevokeFirst, 0, { 0 }, where, "X86PageDirectory: Cannot unmap if more than one cap exist." },
        { TRUNCATED("PageDirectory", DIRECTORY_MAPPED), SEL4_TruncatedMessage, 0, { 0 }, where, "X64PageDirectory: Truncated message." },
        { TABLE_MAP("PageDirectory", DIRECTORY_MAPPED, HIGH, EMPTY), SEL4_InvalidCapability, 1, { 0 }, where, "X64PageDirectory: PD is already mapped to a PML4." },
        { TABLE_MAP("PageDirectory", DIRECTORY, HIGH, EMPTY), SEL4_InvalidCapability, 1, { 1 }, NULL, NULL },
        { TABLE_MAP("PageDirectory", DIRECTORY, HIGH, VSPACE_NOBODY), SEL4_InvalidArgument, 1, { 0 }, where, "X64PageDirectory: Mapping address too high." },
        { TABLE_MAP("PageDirectory", DIRECTORY, 0, VSPACE_NOBODY), SEL4_FailedLookup, 2, { 0, ROOT }, NULL, NULL },
        { TABLE_MAP("PageDirectory", DIRECTORY, 0, VSPACE_STALE), SEL4_InvalidCapability, 1, { 1 }, NULL, NULL },
        { TABLE_MAP("PageDirectory", DIRECTORY, 0x8000000000, VSPACE), SEL4_FailedLookup, 3, { 0, MISSING, 39 }, NULL, NULL },
        { TABLE_MAP("PageDirectory", DIRECTORY, 0x3fffffff, VSPACE), SEL4_DeleteFirst, 0, { 0 }, NULL, NULL },
    };
    EXPECT_ERRORS(*state, rows);
}

static void a_pdpt_is_mapped_into_a_pml4(void **state)
{
    static const char where[] = "decodeX64PDPTInvocation";
    static const struct error_row rows[] = {
        { { TOP_MAPPED, "X86PDPTUnmap", 0, { 0 }, 0, { 0 } }, SEL4_RevokeFirst, 0, { 0 }, where, "X86PDPT: Cannot unmap if more than one cap exist." },
        { TRUNCATED("PDPT", TOP_MAPPED), SEL4_TruncatedMessage, 0, { 0 }, where, "X64PDPT: Truncated message." },
        { TABLE_MAP("PDPT", TOP_MAPPED, HIGH, EMPTY), SEL4_InvalidCapability, 1, { 0 }, where, "X64PDPT: PDPT is already mapped to a PML4." },
        { TABLE_MAP("PDPT", TOP, HIGH, EMPTY), SEL4_InvalidCapability, 1, { 1 }, NULL, NULL },
        { TABLE_MAP("PDPT", TOP, HIGH, VSPACE_NOBODY), SEL4_InvalidArgument, 1, { 0 }, where, "X64PDPT: Mapping address too high." },
        { TABLE_MAP("PDPT", TOP, 0, VSPACE_NOBODY), SEL4_FailedLookup, 2, { 0, ROOT }, NULL, NULL },
        { TABLE_MAP("PDPT", TOP, 0, VSPACE_STALE), SEL4_InvalidCapability, 1, { 1 }, NULL, NULL },
        { TABLE_MAP("PDPT", TOP, 0x7fffffffff, VSPACE), SEL4_DeleteFirst, 0, { 0 }, NULL, NULL },
    };
    EXPECT_ERRORS(*state, rows);
}

#define MAKE_POOL(untyped, root, index, depth) \
    { ASID_CONTROL, "X86ASIDControlMakePool", 2, { index, depth }, 2, { untyped, root } }

static void pools_are_made_of_a_page_of_unused_memory(void **state)
{
    static const struct error_row rows[] = {
        { { ASID_CONTROL, "X86ASIDControlMakePool", 1, { 0 }, 2, { UNTYPED_PAGE, CPTR_CNODE } }, SEL4_TruncatedMessage, 0, { 0 }, NULL, NULL },
        { { ASID_CONTROL, "X86ASIDControlMakePool", 2, { 0 }, 1, { UNTYPED_PAGE } }, SEL4_TruncatedMessage, 0, { 0 }, NULL, NULL },
        { MAKE_POOL(EP, EP, EP, 0), SEL4_InvalidCapability, 1, { 1 }, NULL, NULL },
        { MAKE_POOL(CPTR_UNTYPED, EP, EP, 0), SEL4_InvalidCapability, 1, { 1 }, NULL, NULL },
        { MAKE_POOL(UNTYPED_DEVICE, EP, EP, 0), SEL4_InvalidCapability, 1, { 1 }, NULL, NULL },
        { MAKE_POOL(UNTYPED_PARENT, EP, EP, 0), SEL4_RevokeFirst, 0, { 0 }, NULL, NULL },
        { MAKE_POOL(UNTYPED_PAGE, EP, EP, 0), SEL4_FailedLookup, 2, { 0, ROOT }, NULL, NULL },
        { MAKE_POOL(UNTYPED_PAGE, CPTR_CNODE, EP, 0), SEL4_RangeError, 2, { 1, 64 }, NULL, NULL },
        { MAKE_POOL(UNTYPED_PAGE, CPTR_CNODE, EP, 64), SEL4_DeleteFirst, 0, { 0 }, NULL, NULL },
    };
    EXPECT_ERRORS(*state, rows);
}

static void all_pools_taken_is_told_before_anything_else(void **state)
{
    static const struct error_row rows[] = {
        { MAKE_POOL(EP, EP, EP, 0), SEL4_DeleteFirst, 0, { 0 }, "decodeX86MMUInvocation", "ASIDControlMakePool: No unallocated pools found." },
    };
    struct fixture *f = *state;
    for (word_t base = 512; base < 4096; base += 512) asid_install(&f->w, base, cap_object(cap_in(f, ASID_POOL)));
    EXPECT_ERRORS(f, rows);
    for (word_t base = 512; base < 4096; base += 512) asid_install(&f->w, base, 0);
}

#define ASSIGN(vspace) { ASID_POOL, "X86ASIDPoolAssign", 0, { 0 }, 1, { vspace } }

static void an_address_space_gets_one_identifier(void **state)
{
    static const char where[] = "decodeX86MMUInvocation", text[] = "X86ASIDPool: Invalid vspace root.";
    static const struct error_row rows[] = {
        { { ASID_POOL, "X86ASIDPoolAssign", 0, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, NULL, NULL },
        { ASSIGN(EP), SEL4_InvalidCapability, 1, { 1 }, where, text },
        { ASSIGN(TOP), SEL4_InvalidCapability, 1, { 1 }, where, text },
        { ASSIGN(VSPACE), SEL4_InvalidCapability, 1, { 1 }, where, text },
    };
    static const struct error_row gone[] = { { ASSIGN(VSPACE_NEW), SEL4_FailedLookup, 2, { 0, ROOT }, NULL, NULL } };
    static const struct error_row other[] = { { ASSIGN(VSPACE_NEW), SEL4_InvalidCapability, 1, { 0 }, NULL, NULL } };
    static const struct error_row full[] = { { ASSIGN(VSPACE_NEW), SEL4_DeleteFirst, 0, { 0 }, NULL, NULL } };
    struct fixture *f = *state;
    paddr_t pool = cap_object(cap_in(f, ASID_POOL)), vspace = cap_object(cap_in(f, VSPACE));
    EXPECT_ERRORS(f, rows);
    asid_install(&f->w, 0, 0);
    EXPECT_ERRORS(f, gone);
    asid_install(&f->w, 0, vspace);
    EXPECT_ERRORS(f, other);
    asid_install(&f->w, 0, pool);
    for (word_t asid = 1; asid < 512; asid++) asid_assign(&f->w, pool, asid, vspace);
    EXPECT_ERRORS(f, full);
}
/* clang-format on */

/* The warning comes with the rights, before the place is looked at. */
static void a_write_only_mapping_is_warned_of_even_if_it_fails(void **state)
{
    struct fixture *f = *state;
    static const char warning[] =
        LINE("maskVMRights", "Attempted to make unsupported write only mapping");
    struct message m = MAP(FRAME, 0x1001, VSPACE);
    m.word[1] = RIGHT_WRITE;
    assert_int_equal(call(f, m), SEL4_AlignmentError);
    assert_string_equal(f->print, warning);
    m.word[0] = 0x200000;
    assert_int_equal(call(f, m), SEL4_FailedLookup);
    assert_string_equal(f->print, warning);
    m.word[0] = 0x1000;
    assert_int_equal(call(f, m), SEL4_NoError);
    assert_string_equal(f->print, warning);
    m.cap[0] = VSPACE_STALE;
    assert_int_equal(call(f, m), SEL4_InvalidCapability);
    assert_string_equal(f->print, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ERRORS_TEST(a_frame_is_mapped_where_it_may_be),
        ERRORS_TEST(a_page_table_is_mapped_into_a_page_directory),
        ERRORS_TEST(a_page_directory_is_mapped_into_a_pdpt),
        ERRORS_TEST(a_pdpt_is_mapped_into_a_pml4),
        ERRORS_TEST(pools_are_made_of_a_page_of_unused_memory),
        ERRORS_TEST(all_pools_taken_is_told_before_anything_else),
        ERRORS_TEST(an_address_space_gets_one_identifier),
        ERRORS_TEST(a_write_only_mapping_is_warned_of_even_if_it_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
