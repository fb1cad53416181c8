/* SPDX-License-Identifier: BSD-2-Clause */
/* DebugSnapshot: the whole text of a small world, put together from the real kernel's format strings;
 * and where the real kernel does not come through its own print. */
#include "kernel/kernel_fixture.h"
#include "kernel/vspace.h"

/* The page tables of the thread, one page each, and its identifier's pool. */
enum {
    PML4 = 0x50000,
    PDPT = 0x51000,
    PD = 0x52000,
    PT = 0x53000,
    POOL = 0x54000,
    LARGE_FRAME = 0x200000,
    ENDPOINT = 0x60000,
    NOTIFICATION = 0x60020,
};
enum { ASID = 7, BUFFER_VADDR = 0x500000, LARGE_VADDR = 0x800000 };
enum { IRQ = 0x30 };
enum { EP = 16, BADGED, NTFN, HANDLER, PORTS, SMALL, LARGE, TABLE, DIRECTORY, TOP, SPACE, EXTRA };

static struct cap cap_to(enum cap_type type, paddr_t object)
{
    struct cap cap = cap_new(type);
    cap.word[0] |= object;
    return cap;
}

static void put(struct fixture *f, word_t cptr, struct cap cap)
{
    slot_write_initial(&f->w, slot_of(cptr), cap);
}

static struct cap pml4_cap(void)
{
    struct cap cap = cap_to(CAP_PML4, PML4);
    cap_pml4_set_is_mapped(&cap, 1);
    cap_pml4_set_asid(&cap, ASID);
    return cap;
}

/* One page at 0x500000 for the buffer, and one of 2 MiB, read-only and not cached. */
static void make_vspace(struct fixture *f)
{
    struct world *w = &f->w;
    asid_install(w, 0, POOL);
    asid_assign(w, POOL, ASID, PML4);
    memory_set_word(w, PML4, entry_for_table(PDPT, 0));
    memory_set_word(w, PDPT, entry_for_table(PD, 0));
    memory_set_word(w, PD + 2 * 8, entry_for_table(PT, 0));
    memory_set_word(w, PD + 4 * 8, entry_for_page(LARGE_FRAME, LEVEL_PD, 2, VM_READ_ONLY));
    memory_set_word(w, PT + 256 * 8, entry_for_page(FIXTURE_BUFFER, LEVEL_PT, 0, VM_READ_WRITE));
    slot_write_initial(w, tcb_slot(FIXTURE_ROOT_TCB, TCB_VTABLE), pml4_cap());
    tcb_edit(w, FIXTURE_ROOT_TCB)->ipc_buffer = BUFFER_VADDR;
}

static struct cap frame_cap(paddr_t at, word_t size, word_t vaddr)
{
    struct cap cap = cap_to(CAP_FRAME, at);
    cap_frame_set_size(&cap, size);
    cap_frame_set_vm_rights(&cap, VM_READ_WRITE);
    cap_frame_set_is_mapped(&cap, vaddr != 0);
    cap_frame_set_asid(&cap, vaddr ? ASID : 0);
    cap_frame_set_address(&cap, vaddr);
    return cap;
}

static struct cap table_cap(enum cap_type type, paddr_t at, word_t vaddr)
{
    struct cap cap = cap_to(type, at);
    cap_table_set_is_mapped(&cap, 1);
    cap_table_set_asid(&cap, ASID);
    cap_table_set_address(&cap, vaddr);
    return cap;
}

static struct cap endpoint_cap(word_t badge, bool all)
{
    struct cap cap = cap_to(CAP_ENDPOINT, ENDPOINT);
    cap_endpoint_set_can_receive(&cap, all);
    cap_endpoint_set_can_send(&cap, true);
    cap_endpoint_set_can_grant(&cap, all);
    cap_endpoint_set_can_grant_reply(&cap, true);
    cap_endpoint_set_badge(&cap, badge);
    return cap;
}

static struct cap notification_cap(word_t badge)
{
    struct cap cap = cap_to(CAP_NOTIFICATION, NOTIFICATION);
    cap_notification_set_can_send(&cap, true);
    cap_notification_set_can_receive(&cap, true);
    cap_notification_set_badge(&cap, badge);
    return cap;
}

static void make_capabilities(struct fixture *f)
{
    struct cap irq = cap_new(CAP_IRQ_HANDLER), ports = cap_new(CAP_IO_PORT);
    cap_irq_handler_set_irq(&irq, IRQ);
    cap_io_port_set_first(&ports, 0x3f8);
    cap_io_port_set_last(&ports, 0x3ff);
    put(f, EP, endpoint_cap(0, true));
    put(f, BADGED, endpoint_cap(77, false));
    put(f, NTFN, notification_cap(0));
    put(f, HANDLER, irq);
    put(f, PORTS, ports);
    put(f, SMALL, frame_cap(FIXTURE_BUFFER, 0, BUFFER_VADDR));
    put(f, LARGE, frame_cap(LARGE_FRAME, 1, LARGE_VADDR));
    put(f, TABLE, table_cap(CAP_PAGE_TABLE, PT, 0x400000));
    put(f, DIRECTORY, table_cap(CAP_PAGE_DIRECTORY, PD, 0));
    put(f, TOP, table_cap(CAP_PDPT, PDPT, 0));
    put(f, SPACE, pml4_cap());
    interrupt_set_state(&f->w, IRQ, IRQ_SIGNAL);
    slot_write_initial(&f->w, FIXTURE_IRQ_NODE + (IRQ << SLOT_BITS), notification_cap(5));
}

static int setup(void **state)
{
    fixture_setup(state);
    struct fixture *f = *state;
    make_vspace(f);
    return 0;
}

static void snapshot(struct fixture *f)
{
    f->print[0] = '\0';
    assert_true(handle_debug_syscall(&f->w, SYS_DebugSnapshot, (word_t)-24));
}

#define ANNOUNCEMENT                                                                               \
    "Debug snapshot syscall from user thread 0xffffff8000010400 \"tester\"\narch x86_64\n"
#define TCB_OBJECT                                                                                 \
    "0xffffff8000010400_tcb = tcb (addr: 0x500000, ip: 0x0, sp: 0x0, prio: 100, max_prio: 0, "     \
    "dom: 0)\n"
#define VSPACE_OBJECTS                                                                             \
    "0xffffff8000050000_pd = pml4\n"                                                               \
    "pdpt_0xffffff8000050000_0000 = pdpt\n"                                                        \
    "pd_0xffffff8000051000_0000 = pd\n"                                                            \
    "pt_0xffffff8000052010_0002 = pt\n"                                                            \
    "frame_0xffffff8000053800_0256 = frame (4k, paddr: 0x0x0000000000040000)\n"                    \
    "frame_0xffffff8000052020_0004 = frame (2M, paddr: 0x0x0000000000200000)\n"
#define VSPACE_CAPS                                                                                \
    "0xffffff8000050000_pd {\n"                                                                    \
    "0x0: pdpt_0xffffff8000050000_0000\n"                                                          \
    "}\n"                                                                                          \
    "pdpt_0xffffff8000050000_0000 {\n"                                                             \
    "0x0: pd_0xffffff8000051000_0000\n"                                                            \
    "}\n"                                                                                          \
    "pd_0xffffff8000051000_0000 {\n"                                                               \
    "0x2: pt_0xffffff8000052010_0002\n"                                                            \
    "0x4: frame_0xffffff8000052020_0004 (RX, uncached)\n"                                          \
    "}\n"                                                                                          \
    "pt_0xffffff8000052010_0002 {\n"                                                               \
    "0x100: frame_0xffffff8000053800_0256 (RWX)\n"                                                 \
    "}\n"
#define TCB_SLOTS_TO_REPLY                                                                         \
    "0xffffff8000010400_tcb {\n"                                                                   \
    "cspace: 0xffffff8000020000_cnode (guard: 0, guard_size: 56)\n"                                \
    "vspace: 0xffffff8000050000_pd\n"                                                              \
    "ipc_buffer_slot: frame_0xffffff8000053800_0256 (RWX)\n"                                       \
    "reply_slot: 0xffffff8000010400_reply\n"
#define CSPACE_CAPS                                                                                \
    "0xffffff8000020000_cnode {\n"                                                                 \
    "0x1: 0xffffff8000010400_tcb\n"                                                                \
    "0x2: 0xffffff8000020000_cnode (guard: 0, guard_size: 56)\n"                                   \
    "0x3: 0xffffff8000100000_untyped\n"                                                            \
    "0x4: irq_control\n"

static void a_small_world_is_printed_whole(void **state)
{
    struct fixture *f = *state;
    make_capabilities(f);
    snapshot(f);
    assert_string_equal(
        f->print, ANNOUNCEMENT
        "objects {\n" VSPACE_OBJECTS TCB_OBJECT "0xffffff8000020000_cnode = cnode (8 bits)\n"
        "0xffffff8000100000_16_untyped = ut (16 bits, paddr: 0xffffff8000100000) {}\n"
        "[unknown object 14]\n"
        "0xffffff8000060000_ep = ep\n"
        "0xffffff8000060000_ep = ep\n"
        "0xffffff8000060020_notification = notification\n"
        "0x0000000000000030_0_irq = irq\n"
        "0x00000000000003f80x00000000000003ff_io_port = io_port (ports: (1016, 1023))\n"
        "}\n"
        "caps {\n" CSPACE_CAPS "0x10: 0xffffff8000060000_ep (RWGP)\n"
        "0x11: 0xffffff8000060000_ep (WP, badge: 77)\n"
        "0x12: 0xffffff8000060020_notification (RW)\n"
        "0x13: 0x0000000000000030_0_irq\n"
        "0x14: 0x00000000000003f80x00000000000003ff_io_port\n"
        "0x15: frame_0xffffff8000053800_0256 (RWX)\n"
        "0x16: frame_0xffffff8000052020_0004 (RX, uncached)\n"
        "0x17: pt_0xffffff8000052010_0002 (asid: 7)\n"
        "0x18: pd_0xffffff8000051000_0000 (asid: 7)\n"
        "0x19: pdpt_0xffffff8000050000_0000 (asid: 7)\n"
        "0x1a: 0xffffff8000050000_pd (asid: 7)\n"
        "}\n"
        "0x30_0_irq {\n"
        "0x0: 0xffffff8000060020_notification (RW, badge: 5)\n"
        "}\n" VSPACE_CAPS TCB_SLOTS_TO_REPLY "}\n"
        "}\n"
        "irq maps {\n"
        "48: 0x30_0_irq\n"
        "}\n");
    assert_int_equal(kernel_at(&f->w)->halted, 0);
}

static void root_task_and_idle_thread_are_left_out(void **state)
{
    struct fixture *f = *state;
    tcb_set_name(&f->w, FIXTURE_ROOT_TCB, "rootserver");
    snapshot(f);
    assert_string_equal(
        f->print, "Debug snapshot syscall from user thread 0xffffff8000010400 \"rootserver\"\n"
                  "arch x86_64\nobjects {\n}\ncaps {\n}\nirq maps {\n}\n");
}

static void what_was_seen_is_remembered_until_the_next_capabilities(void **state)
{
    struct fixture *f = *state;
    snapshot(f);
    assert_prints(f, "objects {\n" VSPACE_OBJECTS);
    snapshot(f);
    assert_string_equal(f->print, ANNOUNCEMENT "objects {\n" TCB_OBJECT "}\n"
                                               "caps {\n" CSPACE_CAPS
                                               "}\n" VSPACE_CAPS TCB_SLOTS_TO_REPLY "}\n"
                                               "}\nirq maps {\n}\n");
}

static void assert_ends(const struct fixture *f, const char *end)
{
    size_t length = strlen(f->print), wanted = strlen(end);
    assert_true(length >= wanted);
    assert_string_equal(f->print + length - wanted, end);
    assert_int_equal(kernel_at(&f->w)->halted, 1);
    assert_int_equal(f->event[f->events - 1].kind, EVENT_HALT);
}

#define HALTING "halting...\nKernel entry via Unknown syscall, word: 18446744073709551592"

static void a_frame_without_a_mapping_fails_an_assertion(void **state)
{
    struct fixture *f = *state;
    put(f, EXTRA, frame_cap(FIXTURE_BUFFER, 0, 0));
    snapshot(f);
    assert_ends(f, "0x1b: seL4 failed assertion 'find_ret.status == EXCEPTION_NONE' at "
                   "src/arch/x86/64/machine/capdl.c:0 in function print_cap_arch\n" HALTING);
}

static void a_buffer_that_is_not_mapped_fails_an_assertion(void **state)
{
    struct fixture *f = *state;
    tcb_edit(&f->w, FIXTURE_ROOT_TCB)->ipc_buffer = 0x600000;
    snapshot(f);
    assert_ends(f, "ipc_buffer_slot: seL4 failed assertion 'ptSlot.status == EXCEPTION_NONE && "
                   "pte_ptr_get_present(ptSlot.ptSlot)' at src/arch/x86/64/machine/capdl.c:0 in "
                   "function _cap_frame_print_attrs_vptr\n" HALTING);
}

static void a_thread_that_owes_a_reply_fails_an_assertion(void **state)
{
    struct fixture *f = *state;
    struct cap reply = cap_to(CAP_REPLY, FIXTURE_IDLE_TCB);
    slot_write_initial(&f->w, tcb_slot(FIXTURE_ROOT_TCB, TCB_CALLER), reply);
    snapshot(f);
    slot_set_cap(&f->w, tcb_slot(FIXTURE_ROOT_TCB, TCB_CALLER), cap_new(CAP_NULL));
    memset(cte_edit(&f->w, tcb_slot(FIXTURE_ROOT_TCB, TCB_CALLER)), 0, sizeof(struct cte));
    assert_ends(f, "reply_slot: 0xffffff8000010400_reply\n"
                   "seL4 failed assertion '((cap.words[0] >> 59) & 0x1f) == cap_thread_cap' at "
                   "generated/arch/object/structures_gen.h:0 in function "
                   "cap_thread_cap_get_capTCBPtr\n" HALTING);
}

static void a_page_table_without_a_mapping_is_a_fault_of_the_kernel(void **state)
{
    struct fixture *f = *state;
    put(f, EXTRA, cap_to(CAP_PAGE_TABLE, PT));
    snapshot(f);
    assert_ends(f, "0x1b: \n========== KERNEL EXCEPTION ==========\n"
                   "Vector:  0xe\nErrCode: 0x0\nCR2:     0x0 (page-fault address)\n"
                   "\nHalting...\n" HALTING);
}

static void other_tables_without_a_mapping_are_null_pointers(void **state)
{
    struct fixture *f = *state;
    put(f, EXTRA, cap_to(CAP_PDPT, PDPT));
    put(f, EXTRA + 1, cap_to(CAP_PML4, PML4));
    snapshot(f);
    assert_prints(f, "0x1b: pdpt_0000000000000000_0000\n0x1c: 0000000000000000_pd\n");
    assert_int_equal(kernel_at(&f->w)->halted, 0);
}

static void an_untyped_with_children_is_never_left(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(retype(f, "EndpointObject", 0, EXTRA, 1), SEL4_NoError);
    snapshot(f);
    assert_ends(f, "0xffffff8000100000_16_untyped = ut (16 bits, paddr: 0xffffff8000100000) {");
}

static void without_printing_nothing_is_said_or_remembered(void **state)
{
    struct fixture *f = *state;
    KERNEL_EDIT(&f->w, config).printing = false;
    snapshot(f);
    assert_string_equal(f->print, "");
    assert_int_equal(kernel_at(&f->w)->seen_count, 0);
}

static void it_does_the_same_when_nobody_listens(void **state)
{
    struct fixture *f = *state;
    put(f, EXTRA, frame_cap(FIXTURE_BUFFER, 0, 0));
    f->w.hear = NULL;
    snapshot(f);
    assert_int_equal(kernel_at(&f->w)->halted, 1);
    assert_int_equal(kernel_at(&f->w)->seen_count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_small_world_is_printed_whole),
        TEST(root_task_and_idle_thread_are_left_out),
        TEST(what_was_seen_is_remembered_until_the_next_capabilities),
        TEST(a_frame_without_a_mapping_fails_an_assertion),
        TEST(a_buffer_that_is_not_mapped_fails_an_assertion),
        TEST(a_thread_that_owes_a_reply_fails_an_assertion),
        TEST(a_page_table_without_a_mapping_is_a_fault_of_the_kernel),
        TEST(other_tables_without_a_mapping_are_null_pointers),
        TEST(an_untyped_with_children_is_never_left),
        TEST(without_printing_nothing_is_said_or_remembered),
        TEST(it_does_the_same_when_nobody_listens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
