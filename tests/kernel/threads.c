/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel by hand of threads.h. */
#include "kernel/threads.h"

#include <stdlib.h>

enum {
    TCBS = 0x10000,
    CNODE = 0x20000,
    CNODE_BITS = 8,
    BUFFERS = 0x30000,
    ENDPOINTS = 0x40000,
    NOTIFICATIONS = 0x40100,
    IRQ_NODE = 0x42000,
    BUFFER_VADDR = 0x500000,
    MEMORY = 0x400000,
    VM_RIGHTS_READ_WRITE = 3,
    PROGRAM = 0x400000, /* where thread n's program begins: PROGRAM + n * 0x1000 */
};

paddr_t thread_at(unsigned n)
{
    return TCBS + n * (1 << TCB_BITS) + TCB_OFFSET;
}
paddr_t buffer_at(unsigned n)
{
    return BUFFERS + n * PAGE_SIZE;
}
paddr_t slot_at(unsigned cptr)
{
    return CNODE + (cptr << SLOT_BITS);
}
paddr_t endpoint_address(void)
{
    return ENDPOINTS;
}
paddr_t notification_address(void)
{
    return NOTIFICATIONS;
}

static void hear(void *listener, const struct event *e)
{
    struct threads *t = listener;
    if (e->kind == EVENT_KERNEL_PRINT)
        strncat(t->printed, e->text, sizeof t->printed - strlen(t->printed) - 1);
    if (t->heard_count < HEARD_MAX) t->heard[t->heard_count++] = *e;
}

static struct cap cap_to(enum cap_type type, paddr_t object)
{
    struct cap cap = cap_new(type);
    cap.word[0] |= object;
    return cap;
}

static struct cap cnode_cap(void)
{
    struct cap cap = cap_to(CAP_CNODE, CNODE);
    cap_cnode_set_radix(&cap, CNODE_BITS);
    cap_cnode_set_guard_size(&cap, 64 - CNODE_BITS);
    return cap;
}

void endpoint_cap(struct threads *t, unsigned cptr, word_t rights, word_t badge)
{
    struct cap cap = cap_to(CAP_ENDPOINT, ENDPOINTS);
    cap_endpoint_set_can_send(&cap, rights & RIGHT_WRITE);
    cap_endpoint_set_can_receive(&cap, (rights & RIGHT_READ) != 0);
    cap_endpoint_set_can_grant(&cap, (rights & RIGHT_GRANT) != 0);
    cap_endpoint_set_can_grant_reply(&cap, (rights & RIGHT_GRANT_REPLY) != 0);
    cap_endpoint_set_badge(&cap, badge);
    slot_write_initial(&t->w, slot_at(cptr), cap);
}

static void make_capabilities(struct threads *t)
{
    endpoint_cap(t, ENDPOINT_SLOT, RIGHTS_ALL, 0);
    struct cap other = cap_to(CAP_ENDPOINT, ENDPOINTS + 16);
    cap_endpoint_set_can_send(&other, 1);
    cap_endpoint_set_can_receive(&other, 1);
    cap_endpoint_set_can_grant(&other, 1);
    cap_endpoint_set_can_grant_reply(&other, 1);
    slot_write_initial(&t->w, slot_at(OTHER_ENDPOINT_SLOT), other);
    struct cap notification = cap_to(CAP_NOTIFICATION, NOTIFICATIONS);
    cap_notification_set_can_send(&notification, 1);
    cap_notification_set_can_receive(&notification, 1);
    cap_notification_set_badge(&notification, 0x10);
    slot_write_initial(&t->w, slot_at(NOTIFICATION_SLOT), notification);
    slot_write_initial(&t->w, slot_at(CNODE_SLOT), cnode_cap());
}

int threads_open(void **state)
{
    struct threads *t = calloc(1, sizeof *t);
    t->w = (struct world){ .memory_size = MEMORY, .hear = hear, .listener = t };
    t->w.arena = calloc(1, arena_size(&t->w));
    t->w.mark = calloc(1, arena_size(&t->w) >> PAGE_BITS);
    KERNEL_EDIT(&t->w, config) = kernel_config_default;
    numbers_fill(&KERNEL_EDIT(&t->w, numbers), &kernel_config_default);
    KERNEL_EDIT(&t->w, irq_node) = IRQ_NODE;
    KERNEL_EDIT(&t->w, tick_due) = 2000000;
    make_capabilities(t);
    tcb_create(&t->w, thread_at(0));
    thread_configure_idle(&t->w, thread_at(0));
    tcb_set_name(&t->w, thread_at(0), "idle_thread");
    KERNEL_EDIT(&t->w, idle) = KERNEL_EDIT(&t->w, current) = thread_at(0);
    t->heard_count = 0;
    *state = t;
    return 0;
}

int threads_close(void **state)
{
    struct threads *t = *state;
    free(t->w.arena);
    free(t->w.mark);
    free(t);
    return 0;
}

void thread_new(struct threads *t, unsigned n, unsigned priority)
{
    paddr_t tcb = thread_at(n);
    char name[] = "thread0";
    name[6] = (char)('0' + n);
    tcb_create(&t->w, tcb);
    tcb_set_name(&t->w, tcb, name);
    slot_insert(&t->w, cnode_cap(), slot_at(CNODE_SLOT), tcb_slot(tcb, TCB_CTABLE));
    struct cap frame = cap_to(CAP_FRAME, buffer_at(n));
    cap_frame_set_vm_rights(&frame, VM_RIGHTS_READ_WRITE);
    slot_write_initial(&t->w, tcb_slot(tcb, TCB_BUFFER), frame);
    slot_setup_reply_master(&t->w, tcb);
    slot_write_initial(&t->w, slot_at(THREAD_SLOT + n), cap_to(CAP_THREAD, tcb));
    struct tcb *edit = tcb_edit(&t->w, tcb);
    edit->ipc_buffer = BUFFER_VADDR;
    edit->fault_handler = ENDPOINT_SLOT;
    edit->priority = (uint8_t)priority;
    edit->mcp = PRIORITY_COUNT - 1;
    edit->context[CTX_NEXT_IP] = edit->context[CTX_FAULT_IP] = PROGRAM + n * PAGE_SIZE;
}

void thread_ready(struct threads *t, unsigned n)
{
    tcb_set_state(&t->w, thread_at(n), TCB_RUNNING);
    tcb_sched_append(&t->w, thread_at(n));
}

void threads_start(struct threads *t)
{
    kernel_reschedule(&t->w);
    t->heard_count = 0;
    t->printed[0] = 0;
}

unsigned current_number(const struct threads *t)
{
    return (unsigned)((kernel_at(&t->w)->current - TCBS) >> TCB_BITS);
}

void do_syscall_number(struct threads *t, word_t number)
{
    struct cpu *cpu = cpu_edit(&t->w);
    cpu->reg[REG_RDX] = number;
    cpu->rip += 2;
    cpu->reg[REG_RCX] = cpu->rip;
    cpu->reg[REG_R11] = cpu->rflags;
    kernel_entry(&t->w, &(struct trap){ .kind = TRAP_SYSCALL });
    assert_sound(t);
}

void do_syscall(struct threads *t, const char *name, word_t cptr, word_t info)
{
    word_t number;
    assert_true(syscall_number(&kernel_at(&t->w)->numbers, name, &number));
    cpu_edit(&t->w)->reg[REG_RDI] = cptr;
    cpu_edit(&t->w)->reg[REG_RSI] = info;
    do_syscall_number(t, number);
}

enum sel4_error do_invoke(struct threads *t, word_t cptr, struct call call)
{
    enum { BUFFER_CAPS = MESSAGE_MAX_LENGTH + 2 };
    unsigned caller = current_number(t);
    word_t label;
    assert_true(invocation_label(&kernel_at(&t->w)->numbers, call.label, &label));
    for (unsigned i = 0; i < 8; i++) set_mr(t, i, call.mr[i]);
    for (unsigned i = 0; i < call.caps; i++)
        memory_set_word(&t->w, buffer_at(caller) + (BUFFER_CAPS + i) * 8, call.cap[i]);
    do_syscall(t, "Call", cptr, message_info(label, 0, call.caps, call.length));
    return (enum sel4_error)message_label(info_of(t, caller));
}

void do_exception(struct threads *t, unsigned vector, word_t error_code)
{
    kernel_entry(&t->w, &(struct trap){
                            .kind = TRAP_EXCEPTION, .vector = vector, .error_code = error_code });
    assert_sound(t);
}

void do_tick(struct threads *t)
{
    cpu_edit(&t->w)->clock = kernel_next_event(&t->w);
    assert_true(kernel_interrupt_due(&t->w));
    kernel_entry(&t->w, &(struct trap){ .kind = TRAP_DEVICE });
    assert_sound(t);
}

void set_mr(struct threads *t, unsigned i, word_t value)
{
    static const enum reg live[] = { REG_R10, REG_R8, REG_R9, REG_R15 };
    if (i < 4) {
        cpu_edit(&t->w)->reg[live[i]] = value;
    } else {
        memory_set_word(&t->w, buffer_at(current_number(t)) + (i + 1) * 8, value);
    }
}

static word_t register_of(const struct threads *t, unsigned n, enum context_reg reg)
{
    return thread_register(&t->w, thread_at(n), reg);
}

word_t mr_of(const struct threads *t, unsigned n, unsigned i)
{
    if (i >= 4) return memory_word(&t->w, buffer_at(n) + (i + 1) * 8);
    return register_of(t, n, (enum context_reg)(CTX_R10 + i));
}

word_t info_of(const struct threads *t, unsigned n)
{
    return register_of(t, n, CTX_MSG_INFO);
}
word_t badge_of(const struct threads *t, unsigned n)
{
    return register_of(t, n, CTX_BADGE);
}
enum tcb_state state_of(const struct threads *t, unsigned n)
{
    return (enum tcb_state)tcb_at(&t->w, thread_at(n))->state;
}

unsigned heard(const struct threads *t, enum event_kind kind)
{
    unsigned count = 0;
    for (unsigned i = 0; i < t->heard_count; i++) count += t->heard[i].kind == kind;
    return count;
}

void assert_sound(const struct threads *t)
{
    const char *wrong = kernel_check_invariants(&t->w);
    if (wrong) fail_msg("%s", wrong);
}
