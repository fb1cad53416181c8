/* SPDX-License-Identifier: BSD-2-Clause */
/* The state in which the first thread begins: the root task's CSpace, address space, bootinfo and
 * untyped memory, at the addresses and in the slots where the real kernel has them on the machine of
 * the recordings (a PC whose memory ends 128 KiB below a round size).
 * seL4: src/kernel/boot.c, src/arch/x86/kernel/boot.c, src/arch/x86/64/kernel/vspace.c (boot code). */
#include "kernel/boot.h"

#include <string.h>

/* Physical memory of the recorded kernel. Its image is not modelled; a few of its globals are. */
enum {
    KERNEL_IRQ_NODE = 0xa02000,
    KERNEL_IDLE_TCB = 0xa12000,
    KERNEL_END = 0xa13000, /* the user image follows */
    SCHED_CONTEXT_BITS = 7,
    ROOT_ASID = 1,
};
#define RAM_TOP UINT64_C(0xc0000000) /* where a PC's devices begin */

/* Fixed slots of the root CNode. */
enum root_slot {
    SLOT_TCB = 1,
    SLOT_CNODE,
    SLOT_VSPACE,
    SLOT_IRQ_CONTROL,
    SLOT_ASID_CONTROL,
    SLOT_ASID_POOL,
    SLOT_IO_PORT_CONTROL,
    SLOT_IO_SPACE,
    SLOT_BOOTINFO,
    SLOT_IPC_BUFFER,
    SLOT_DOMAIN,
    SLOT_SMMU_SID,
    SLOT_SMMU_CB,
    SLOT_SCHED_CONTEXT,
    SLOT_SMC,
    SLOT_COUNT
};

paddr_t kernel_image_paddr(void)
{
    return KERNEL_END;
}

/* ---- The plan ---- */

static word_t round_down(word_t value, unsigned bits)
{
    return value & ~CAP_MASK(bits);
}

/* How many tables of this level's size it takes to cover the root task's addresses. */
static word_t tables_for(const struct boot *b, enum table_level level)
{
    unsigned bits = level_shift(level);
    return (round_down(b->end_vaddr + CAP_MASK(bits), bits) -
            round_down(b->image->image_vaddr, bits)) >>
           bits;
}

static bool plan_addresses(struct boot *b)
{
    const struct boot_image *image = b->image;
    if (image->image_pages == 0 || image->image_pages > b->w->memory_size >> PAGE_BITS)
        return false;
    if (image->image_vaddr % PAGE_SIZE || image->image_vaddr > USER_TOP) return false;
    b->ipc_buffer_vaddr = image->image_vaddr + (image->image_pages << PAGE_BITS);
    b->bootinfo_vaddr = b->ipc_buffer_vaddr + PAGE_SIZE;
    b->extra_vaddr = b->bootinfo_vaddr + PAGE_SIZE;
    b->end_vaddr = b->extra_vaddr + PAGE_SIZE;
    if (b->end_vaddr > USER_TOP) return false;
    b->paging_count =
        tables_for(b, LEVEL_PD) + tables_for(b, LEVEL_PDPT) + tables_for(b, LEVEL_PML4);
    return true;
}

static paddr_t take(paddr_t *at, word_t size)
{
    paddr_t taken = *at;
    *at += size;
    return taken;
}

/* seL4: create_rootserver_objects: one piece at the top of memory, aligned for the largest object;
 * in it the objects by falling size. */
static bool plan_memory(struct boot *b)
{
    unsigned cnode_bits = b->config->root_cnode_bits + SLOT_BITS;
    word_t top = b->w->memory_size < RAM_TOP ? b->w->memory_size : RAM_TOP;
    paddr_t image_end = b->image->image_paddr + (b->image->image_pages << PAGE_BITS);
    word_t size = (UINT64_C(1) << cnode_bits) + ((5 + b->paging_count) << PAGE_BITS) +
                  (1 << TCB_BITS) + (b->config->mcs ? 1 << SCHED_CONTEXT_BITS : 0);
    if (top < FIRMWARE_SIZE || top - FIRMWARE_SIZE < size || b->image->image_paddr < KERNEL_END)
        return false;
    b->ram = (struct memory_region){ RAM_START, round_down(top - FIRMWARE_SIZE, PAGE_BITS) };
    paddr_t at = round_down(b->ram.end - size, cnode_bits);
    if (at < image_end) return false;
    b->free_low = (struct memory_region){ image_end, at };
    b->free_high = (struct memory_region){ at + size, b->ram.end };
    b->cnode = take(&at, UINT64_C(1) << cnode_bits);
    b->vspace = take(&at, PAGE_SIZE);
    b->extra = take(&at, PAGE_SIZE);
    b->asid_pool = take(&at, PAGE_SIZE);
    b->ipc_buffer = take(&at, PAGE_SIZE);
    b->bootinfo = take(&at, PAGE_SIZE);
    b->paging = take(&at, b->paging_count << PAGE_BITS);
    b->tcb = take(&at, 1 << TCB_BITS) + TCB_OFFSET;
    b->sched_context = at;
    return true;
}

/* ---- Capabilities ---- */

static struct cap cap_of(enum cap_type type, paddr_t object)
{
    struct cap cap = cap_new(type);
    cap.word[0] |= object;
    return cap;
}

static void create_root_cnode(struct boot *b)
{
    struct cap cnode = cap_of(CAP_CNODE, b->cnode);
    cap_cnode_set_radix(&cnode, b->config->root_cnode_bits);
    cap_cnode_set_guard_size(&cnode, 64u - b->config->root_cnode_bits);
    slot_write_initial(b->w, root_slot(b, SLOT_CNODE), cnode);
    slot_write_initial(b->w, root_slot(b, SLOT_IO_PORT_CONTROL), cap_new(CAP_IO_PORT_CONTROL));
    slot_write_initial(b->w, root_slot(b, SLOT_DOMAIN), cap_new(CAP_DOMAIN));
    slot_write_initial(b->w, root_slot(b, SLOT_IRQ_CONTROL), cap_new(CAP_IRQ_CONTROL));
}

/* seL4: init_irqs, for the I/O APIC. */
static void init_irqs(struct boot *b)
{
    KERNEL_EDIT(b->w, irq_node) = KERNEL_IRQ_NODE;
    for (word_t irq = 0; irq < IRQ_COUNT; irq++) {
        bool user = irq >= IRQ_USER_MIN && irq <= IRQ_USER_MAX;
        interrupt_set_state(b->w, irq,
                            irq == IRQ_OF_TIMER ? IRQ_TIMER
                            : user              ? IRQ_INACTIVE
                                                : IRQ_RESERVED);
    }
}

/* Maps what is at `target`, a page of 4 KiB or a table, in the root task's address space. */
static void map_initial(struct boot *b, word_t vaddr, enum table_level level, word_t entry)
{
    paddr_t at;
    struct lookup_failure failure = vspace_lookup(b->w, b->vspace, vaddr, level, &at);
    INVARIANT(failure.type == LOOKUP_OK);
    memory_set_word(b->w, at, entry);
}

static void create_tables(struct boot *b, enum cap_type type, enum table_level level,
                          paddr_t *memory)
{
    unsigned bits = level_shift(level);
    for (word_t vaddr = round_down(b->image->image_vaddr, bits); vaddr < b->end_vaddr;
         vaddr += UINT64_C(1) << bits) {
        struct cap cap = cap_of(type, take(memory, PAGE_SIZE));
        cap_table_set_is_mapped(&cap, 1);
        cap_table_set_asid(&cap, ROOT_ASID);
        cap_table_set_address(&cap, vaddr);
        map_initial(b, vaddr, level, entry_for_table(cap_object(cap), 0));
        boot_provide(b, cap);
    }
}

static void create_address_space(struct boot *b)
{
    struct cap vspace = cap_of(CAP_PML4, b->vspace);
    cap_pml4_set_is_mapped(&vspace, 1);
    cap_pml4_set_asid(&vspace, ROOT_ASID);
    slot_write_initial(b->w, root_slot(b, SLOT_VSPACE), vspace);
    paddr_t memory = b->paging;
    b->paging_slots.start = b->slot_next;
    create_tables(b, CAP_PDPT, LEVEL_PML4, &memory);
    create_tables(b, CAP_PAGE_DIRECTORY, LEVEL_PDPT, &memory);
    create_tables(b, CAP_PAGE_TABLE, LEVEL_PD, &memory);
    b->paging_slots.end = b->slot_next;
}

static struct cap map_frame(struct boot *b, paddr_t frame, word_t vaddr)
{
    struct cap cap = cap_of(CAP_FRAME, frame);
    cap_frame_set_vm_rights(&cap, VM_READ_WRITE);
    cap_frame_set_is_mapped(&cap, 1);
    cap_frame_set_asid(&cap, ROOT_ASID);
    cap_frame_set_address(&cap, vaddr);
    map_initial(b, vaddr, LEVEL_PT, entry_for_page(frame, LEVEL_PT, 0, VM_READ_WRITE));
    return cap;
}

static void create_frames(struct boot *b)
{
    slot_write_initial(b->w, root_slot(b, SLOT_BOOTINFO),
                       map_frame(b, b->bootinfo, b->bootinfo_vaddr));
    b->extra_slots.start = b->slot_next;
    boot_provide(b, map_frame(b, b->extra, b->extra_vaddr));
    b->extra_slots.end = b->slot_next;
    slot_write_initial(b->w, root_slot(b, SLOT_IPC_BUFFER),
                       map_frame(b, b->ipc_buffer, b->ipc_buffer_vaddr));
    b->image_slots.start = b->slot_next;
    for (word_t page = 0; page < b->image->image_pages; page++)
        boot_provide(b, map_frame(b, b->image->image_paddr + (page << PAGE_BITS),
                                  b->image->image_vaddr + (page << PAGE_BITS)));
    b->image_slots.end = b->slot_next;
}

static void create_asid_pool(struct boot *b)
{
    slot_write_initial(b->w, root_slot(b, SLOT_ASID_POOL), cap_of(CAP_ASID_POOL, b->asid_pool));
    slot_write_initial(b->w, root_slot(b, SLOT_ASID_CONTROL), cap_new(CAP_ASID_CONTROL));
    asid_install(b->w, 0, b->asid_pool);
    asid_assign(b->w, b->asid_pool, ROOT_ASID, b->vspace);
}

/* ---- Threads ---- */

/* A copy of a root slot's capability into the initial thread's TCB, as TCB_Configure would put it. */
static void give_to_thread(struct boot *b, enum root_slot from, enum tcb_slot to)
{
    struct cap cap;
    struct refusal r =
        cap_derive(b->w, root_slot(b, from), cte_at(b->w, root_slot(b, from))->cap, &cap);
    INVARIANT(!r.error);
    slot_insert(b->w, cap, root_slot(b, from), tcb_slot(b->tcb, to));
}

static void create_initial_thread(struct boot *b)
{
    struct world *w = b->w;
    tcb_create(w, b->tcb);
    give_to_thread(b, SLOT_CNODE, TCB_CTABLE);
    give_to_thread(b, SLOT_VSPACE, TCB_VTABLE);
    give_to_thread(b, SLOT_IPC_BUFFER, b->config->mcs ? TCB_MCS_BUFFER : TCB_BUFFER);
    struct tcb *tcb = tcb_edit(w, b->tcb);
    tcb->ipc_buffer = b->ipc_buffer_vaddr;
    tcb->context[CTX_CAP] = b->bootinfo_vaddr;
    tcb->context[CTX_NEXT_IP] = b->image->entry;
    tcb->priority = tcb->mcp = PRIORITY_COUNT - 1;
    tcb->time_slice = b->config->time_slice;
    slot_write_initial(w, root_slot(b, SLOT_TCB), cap_of(CAP_THREAD, b->tcb));
    if (b->config->mcs) {
        tcb->sched_context = b->sched_context;
        struct cap cap = cap_of(CAP_SCHED_CONTEXT, b->sched_context);
        cap_sched_context_set_size_bits(&cap, SCHED_CONTEXT_BITS);
        slot_write_initial(w, root_slot(b, SLOT_SCHED_CONTEXT), cap);
    } else {
        slot_setup_reply_master(w, b->tcb);
    }
    tcb_set_state(w, b->tcb, TCB_RUNNING);
    tcb_set_name(w, b->tcb, "rootserver");
    KERNEL_EDIT(w, root_tcb) = b->tcb;
}

static void create_idle_thread(struct boot *b)
{
    paddr_t idle = KERNEL_IDLE_TCB + TCB_OFFSET;
    tcb_create(b->w, idle);
    thread_configure_idle(b->w, idle);
    tcb_set_name(b->w, idle, "idle_thread");
    KERNEL_EDIT(b->w, idle) = idle;
}

/* ---- Processor and kernel globals ---- */

/* Gates that `int n` may go through: the breakpoint's, and all that are no interrupt lines. */
static void open_gates(struct world *w)
{
    struct cpu *cpu = cpu_edit(w);
    for (unsigned vector = 0; vector < 256; vector++)
        if (vector == VECTOR_BP || vector >= 0x9e)
            cpu->gate_open[vector / 64] |= UINT64_C(1) << vector % 64;
}

static void init_kernel_globals(struct boot *b)
{
    struct world *w = b->w;
    KERNEL_EDIT(w, config) = *b->config;
    numbers_fill(&KERNEL_EDIT(w, numbers), b->config);
    KERNEL_EDIT(w, domain_time) = UINT64_MAX >> 8;
    KERNEL_EDIT(w, domain_schedule)
    [0] = (struct domain_entry){ .domain = 0, .length = UINT64_MAX >> 8 };
    KERNEL_EDIT(w, tick_due) = cpu_at(w)->clock + (word_t)b->config->timer_tick_ms * 1000000;
}

/* The initial thread runs. seL4: the end of boot_sys: schedule(), activateThread(). */
static void start(struct boot *b)
{
    KERNEL_EDIT(b->w, current) = kernel_at(b->w)->idle;
    KERNEL_EDIT(b->w, scheduler_action) = b->tcb;
    kernel_reschedule(b->w);
}

bool kernel_boot(struct world *w, const struct kernel_config *config,
                 const struct boot_image *image)
{
    struct boot b = { .w = w, .config = config, .image = image, .slot_next = SLOT_COUNT };
    if (!plan_addresses(&b) || !plan_memory(&b)) return false;
    cpu_reset(w);
    open_gates(w);
    if (config->fsgsbase_inst) cpu_edit(w)->features |= CPU_FSGSBASE;
    init_kernel_globals(&b);
    create_root_cnode(&b);
    init_irqs(&b);
    firmware_write(w, b.ram.end);
    bootinfo_write_extra(&b);
    b.sched_control.start = b.slot_next;
    if (config->mcs) boot_provide(&b, cap_new(CAP_SCHED_CONTROL));
    b.sched_control.end = b.slot_next;
    create_address_space(&b);
    create_frames(&b);
    create_asid_pool(&b);
    create_initial_thread(&b);
    create_idle_thread(&b);
    bootinfo_create_untypeds(&b);
    bootinfo_write(&b);
    if (b.full) return false;
    start(&b);
    return true;
}
