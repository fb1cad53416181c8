/* SPDX-License-Identifier: BSD-2-Clause */
/* The world of errors.h. */
#include "kernel/errors.h"
#include "kernel/vspace.h"

#include <inttypes.h>

/* Where the objects lie, 4 KiB each. */
enum {
    PAGES = 0x60000,
    TCBS = PAGES,
    IPC_OBJECTS = PAGES + 0x1000,
    CNODE = PAGES + 0x2000,
    POOL = PAGES + 0x3000,
    PML4 = PAGES + 0x4000,
    PDPT = PAGES + 0x5000,
    PD = PAGES + 0x6000,
    PT = PAGES + 0x7000,
    NEW_PML4 = PAGES + 0x8000,
    NEW_PDPT = PAGES + 0x9000,
    NEW_PD = PAGES + 0xa000,
    NEW_PT = PAGES + 0xb000,
    A_FRAME = PAGES + 0xc000,
    MAPPED_FRAME = PAGES + 0xd000,
    STALE_PML4 = PAGES + 0xe000,
    PARENT = PAGES + 0xf000,
    CHILD_PAGE = 0x71000,
    MEMORY_END = 0x72000,
    LARGE_PAGE = 0x200000,
    HUGE_PAGE = 0x40000000,
    DEVICE_PAGE = 0x60000000,
    DEVICE_UNTYPED = 0x20000000,
    ASID = 3,
    NOBODYS_ASID = 9,
};

static void put(struct fixture *f, word_t cptr, struct cap cap)
{
    slot_write_initial(&f->w, slot_of(cptr), cap);
}

static struct cap cap_to(enum cap_type type, paddr_t object)
{
    struct cap cap = cap_new(type);
    cap.word[0] |= object;
    return cap;
}

static struct cap endpoint(bool send, word_t badge)
{
    struct cap cap = cap_to(CAP_ENDPOINT, IPC_OBJECTS);
    cap_endpoint_set_can_send(&cap, send);
    cap_endpoint_set_can_receive(&cap, true);
    cap_endpoint_set_can_grant(&cap, send);
    cap_endpoint_set_can_grant_reply(&cap, send);
    cap_endpoint_set_badge(&cap, badge);
    return cap;
}

static struct cap notification(paddr_t at, bool send, bool receive, word_t badge)
{
    struct cap cap = cap_to(CAP_NOTIFICATION, at);
    cap_notification_set_can_send(&cap, send);
    cap_notification_set_can_receive(&cap, receive);
    cap_notification_set_badge(&cap, badge);
    return cap;
}

static void make_threads(struct fixture *f)
{
    static const paddr_t other = TCBS + TCB_OFFSET, bound = TCBS + (1 << TCB_BITS) + TCB_OFFSET;
    paddr_t to_bound = IPC_OBJECTS + 0x40;
    tcb_create(&f->w, other);
    tcb_create(&f->w, bound);
    put(f, OTHER_TCB, cap_to(CAP_THREAD, other));
    put(f, BOUND_TCB, cap_to(CAP_THREAD, bound));
    put(f, NTFN_BOUND, notification(to_bound, true, true, 0));
    notification_bind(&f->w, bound, to_bound);
    tcb_edit(&f->w, FIXTURE_ROOT_TCB)->mcp = 200;
}

static void make_ipc_objects(struct fixture *f)
{
    paddr_t ntfn = IPC_OBJECTS + 0x20;
    struct cap handler = cap_new(CAP_IRQ_HANDLER), master = cap_to(CAP_REPLY, FIXTURE_ROOT_TCB);
    cap_irq_handler_set_irq(&handler, IRQ_USER_MIN + 5);
    cap_reply_set_is_master(&master, true);
    put(f, EP, endpoint(true, 0));
    put(f, EP_BADGED, endpoint(true, 5));
    put(f, EP_RECEIVE_ONLY, endpoint(false, 0));
    put(f, NTFN, notification(ntfn, true, true, 0));
    put(f, NTFN_BADGED, notification(ntfn, true, true, 5));
    put(f, NTFN_SEND_ONLY, notification(ntfn, true, false, 0));
    put(f, NTFN_RECEIVE_ONLY, notification(ntfn, false, true, 0));
    put(f, SMALL_CNODE, cnode_cap(CNODE, 4, 0, 0));
    put(f, REPLY_MASTER, master);
    put(f, DOMAIN, cap_new(CAP_DOMAIN));
    put(f, IRQ_HANDLER, handler);
    interrupt_set_state(&f->w, IRQ_USER_MIN + 5, IRQ_SIGNAL);
}

static void make_ports(struct fixture *f)
{
    struct cap ports = cap_new(CAP_IO_PORT);
    cap_io_port_set_first(&ports, 0x3f8);
    cap_io_port_set_last(&ports, 0x3ff);
    put(f, PORT_CONTROL, cap_new(CAP_IO_PORT_CONTROL));
    put(f, PORTS, ports);
    KERNEL_EDIT(&f->w, io_ports)[0x3f8 / 64] |= UINT64_C(0xff) << 0x3f8 % 64;
}

static struct cap vspace(paddr_t pml4, word_t asid)
{
    struct cap cap = cap_to(CAP_PML4, pml4);
    cap_pml4_set_is_mapped(&cap, asid != 0);
    cap_pml4_set_asid(&cap, asid);
    return cap;
}

static struct cap frame(paddr_t at, word_t size, bool is_device)
{
    struct cap cap = cap_to(CAP_FRAME, at);
    cap_frame_set_size(&cap, size);
    cap_frame_set_vm_rights(&cap, VM_READ_WRITE);
    cap_frame_set_is_device(&cap, is_device);
    return cap;
}

static void make_vspaces(struct fixture *f)
{
    struct world *w = &f->w;
    struct cap pool = cap_to(CAP_ASID_POOL, POOL), mapped = frame(MAPPED_FRAME, 0, false);
    asid_install(w, 0, POOL);
    asid_assign(w, POOL, ASID, PML4);
    put(f, ASID_CONTROL, cap_new(CAP_ASID_CONTROL));
    put(f, ASID_POOL, pool);
    put(f, VSPACE, vspace(PML4, ASID));
    put(f, VSPACE_NEW, vspace(NEW_PML4, 0));
    put(f, VSPACE_STALE, vspace(STALE_PML4, ASID));
    put(f, VSPACE_NOBODY, vspace(STALE_PML4, NOBODYS_ASID));
    memory_set_word(w, PML4, entry_for_table(PDPT, 0));
    memory_set_word(w, PDPT, entry_for_table(PD, 0));
    memory_set_word(w, PD, entry_for_table(PT, 0));
    memory_set_word(w, PT + 5 * 8, entry_for_page(MAPPED_FRAME, LEVEL_PT, 0, VM_READ_WRITE));
    cap_frame_set_is_mapped(&mapped, 1);
    cap_frame_set_asid(&mapped, ASID);
    cap_frame_set_address(&mapped, 0x5000);
    put(f, FRAME, frame(A_FRAME, 0, false));
    put(f, FRAME_MAPPED, mapped);
    put(f, FRAME_DEVICE, frame(DEVICE_PAGE, 0, true));
    put(f, FRAME_LARGE, frame(LARGE_PAGE, 1, false));
    put(f, FRAME_HUGE, frame(HUGE_PAGE, 2, true));
}

/* Two of each level: a new one, and the one in VSPACE with its copy. */
static void make_tables(struct fixture *f)
{
    static const struct {
        word_t fresh, mapped, copy;
        enum cap_type type;
        paddr_t at, at_mapped;
    } tables[] = { { TABLE, TABLE_MAPPED, TABLE_COPY, CAP_PAGE_TABLE, NEW_PT, PT },
                   { DIRECTORY, DIRECTORY_MAPPED, DIRECTORY_COPY, CAP_PAGE_DIRECTORY, NEW_PD, PD },
                   { TOP, TOP_MAPPED, TOP_COPY, CAP_PDPT, NEW_PDPT, PDPT } };
    for (unsigned i = 0; i < 3; i++) {
        struct cap mapped = cap_to(tables[i].type, tables[i].at_mapped);
        cap_table_set_is_mapped(&mapped, 1);
        cap_table_set_asid(&mapped, ASID);
        put(f, tables[i].fresh, cap_to(tables[i].type, tables[i].at));
        put(f, tables[i].mapped, mapped);
        slot_insert(&f->w, mapped, slot_of(tables[i].mapped), slot_of(tables[i].copy));
    }
}

static void make_untypeds(struct fixture *f)
{
    struct cap device = untyped_cap(DEVICE_UNTYPED, 12), child = untyped_cap(PARENT, 8),
               parent = untyped_cap(PARENT, 12);
    cap_untyped_set_free_index(&parent, 256 / 16);
    cap_untyped_set_is_device(&device, true);
    put(f, UNTYPED_PAGE, untyped_cap(CHILD_PAGE, 12));
    put(f, UNTYPED_DEVICE, device);
    put(f, UNTYPED_PARENT, parent);
    slot_insert_new(&f->w, slot_of(UNTYPED_PARENT), slot_of(UNTYPED_CHILD), child);
}

int errors_setup(void **state)
{
    if (fixture_setup(state) != 0) return -1;
    struct fixture *f = *state;
    make_threads(f);
    make_ipc_objects(f);
    make_ports(f);
    make_vspaces(f);
    make_tables(f);
    make_untypeds(f);
    f->events = 0;
    return 0;
}

/* ---- what a wrong call gets ---- */

enum { SLOTS_SIZE = 1 << (FIXTURE_CNODE_BITS + SLOT_BITS), OBJECTS_SIZE = MEMORY_END - PAGES };

/* All that a refused call must leave alone. */
struct kept {
    uint8_t slots[SLOTS_SIZE], objects[OBJECTS_SIZE], kernel[sizeof(struct kernel)];
};

static struct kept *keep(const struct fixture *f)
{
    struct kept *k = malloc(sizeof *k);
    memcpy(k->slots, memory_at(&f->w, FIXTURE_CNODE), SLOTS_SIZE);
    memcpy(k->objects, memory_at(&f->w, PAGES), OBJECTS_SIZE);
    memcpy(k->kernel, kernel_at(&f->w), sizeof(struct kernel));
    return k;
}

static void assert_kept(const struct fixture *f, struct kept *k)
{
    assert_memory_equal(memory_at(&f->w, FIXTURE_CNODE), k->slots, SLOTS_SIZE);
    assert_memory_equal(memory_at(&f->w, PAGES), k->objects, OBJECTS_SIZE);
    assert_memory_equal(kernel_at(&f->w), k->kernel, sizeof(struct kernel));
    free(k);
}

/* All that is wrong with an answer, or nothing. */
static void compare(const struct fixture *f, const struct error_row *row, enum sel4_error error,
                    char *wrong, size_t size)
{
    char print[512] = "";
    word_t words = message_length(tcb_at(&f->w, FIXTURE_ROOT_TCB)->context[CTX_MSG_INFO]);
    if (row->where)
        snprintf(print, sizeof print,
                 "<<seL4(CPU 0) [%s/0 T0xffffff8000010400 \"tester\" @0]: %s>>\n", row->where,
                 row->text);
    if (strcmp(print, f->print) != 0) {
        snprintf(wrong, size, "prints %.1000s instead of %s", f->print, print);
    } else if (error != row->error || words != row->words) {
        snprintf(wrong, size, "error %u with %u words instead of %u with %u", error,
                 (unsigned)words, row->error, row->words);
    }
    for (unsigned i = 0; i < row->words && !*wrong; i++)
        if (fixture_mr(f, i) != row->mr[i])
            snprintf(wrong, size, "word %u is %#" PRIx64 " instead of %#" PRIx64, i,
                     fixture_mr(f, i), row->mr[i]);
}

void expect_error(struct fixture *f, const struct error_row *row)
{
    char wrong[2048] = "";
    struct kept *kept = keep(f);
    compare(f, row, call(f, row->m), wrong, sizeof wrong);
    if (*wrong)
        fail_msg("%s on #%u: %s", row->m.label ? row->m.label : "a call", (unsigned)row->m.cptr,
                 wrong);
    assert_int_equal(tcb_at(&f->w, FIXTURE_ROOT_TCB)->state, TCB_RUNNING);
    assert_kept(f, kept);
}

void expect_errors(struct fixture *f, const struct error_row *row, size_t rows)
{
    for (size_t i = 0; i < rows; i++) expect_error(f, &row[i]);
}
