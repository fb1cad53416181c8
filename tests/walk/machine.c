/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine of the walks: the prompt's, with four threads, endpoints, notifications, untyped memory,
 * interrupts and ports in the window. Threads have no programs: each stands behind a `syscall` on its
 * hand page and asks for an operation; typed is what a processor would do there. Nobody is passed over:
 * the scheduler is the real one. */
#include "walk/walk.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "kernel/internal.h"
#include "shell/shell.h"
#include "world/hand.h"

enum { MEMORY = 32 << 20, ENTRIES_AN_OP = 24, BUFFER_CAPS = 122, BUFFER_RECEIVE = 125 };
/* Where a thread asks for its next operation. */
enum { ASKS = HAND_PAGE + 2, PATIENCE = 4, ROOT_BITS = 10 };

/* clang-format off */
const char machine_setup[] =
    "new endpoint e0\nmove e0 0x30a\nnew endpoint e1\nmove e1 0x30b\n"
    "new notification n0\nmove n0 0x30c\nnew notification n1\nmove n1 0x30d\n"
    "new untyped u0 bits 16\nmove u0 0x30e\nnew untyped u1 bits 14\nmove u1 0x30f\n"
    "new untyped u2 bits 13\nmove u2 0x310\nnew untyped u3 bits 22\nmove u3 0x311\n"
    "seL4_IRQControl_GetIOAPIC(4, cspace, 0x312, 64, 0, 2, 0, 0, 2)\n"
    "seL4_IRQControl_GetIOAPIC(4, cspace, 0x313, 64, 0, 4, 0, 0, 4)\n"
    "seL4_IRQHandler_SetNotification(0x312, 0x30c)\nseL4_IRQHandler_SetNotification(0x313, 0x30d)\n"
    "seL4_X86_IOPortControl_Issue(7, 0x40, 0x43, cspace, 0x314, 64)\n"
    "seL4_X86_IOPortControl_Issue(7, 0x3f8, 0x3ff, cspace, 0x315, 64)\n"
    "seL4_X86_IOPort_Out8(0x315, 0x3f9, 1)\n"
    "new frame f0\nmove f0 0x316\nmint 0x30a 0x317 badge 5\nnew cnode k0 bits 4\nmove k0 0x318\n"
    "new untyped u4 bits 12\nmove u4 0x319\nnew pagetable pt\nmove pt 0x31a\n"
    "new pagedirectory pd\nmove pd 0x31b\nnew pdpt pp\nmove pp 0x31c\nnew vspace v0\nmove v0 0x31d\n"
    "new cnode k1 bits 9\nmove k1 0x31e\n"
    "new thread a\nseL4_TCB_SetSpace(a_tcb, 0x30a, cspace, 0, a_vspace, 0)\n"
    "new thread b\nseL4_TCB_SetSpace(b_tcb, 0x30a, cspace, 0, b_vspace, 0)\n"
    "new thread c\nseL4_TCB_SetSpace(c_tcb, 0x30b, cspace, 0, c_vspace, 0)\n"
    "new thread d\nseL4_TCB_SetSpace(d_tcb, 0, cspace, 0, d_vspace, 0)\n"
    "seL4_TCB_SetSchedParams(a_tcb, tcb, 255, 200)\nseL4_TCB_SetSchedParams(b_tcb, tcb, 200, 150)\n"
    "seL4_TCB_SetSchedParams(c_tcb, tcb, 150, 150)\nseL4_TCB_SetSchedParams(d_tcb, tcb, 100, 100)\n"
    "seL4_TCB_SetPriority(tcb, tcb, 50)\n"
    "move a_tcb 0x300\nmove b_tcb 0x301\nmove c_tcb 0x302\nmove d_tcb 0x303\n"
    "move a_vspace 0x304\nmove b_vspace 0x305\nmove c_vspace 0x306\nmove d_cspace 0x307\n"
    "move a_ipcbuf 0x308\nmove a_cspace 0x309\n";
/* clang-format on */

/* ---- From the prompt to the start of walks ---- */

static bool set_up(struct shell *sh)
{
    char *lines = strdup(machine_setup), *rest = lines;
    bool good = true;
    for (char *line; good && (line = strsep(&rest, "\n"));)
        good = shell_line(sh, line) == OUTCOME_DONE;
    free(lines);
    return good;
}

/* Threads stand where they ask, and nobody is passed over. */
static void let_go(struct world *w)
{
    for (paddr_t tcb = kernel_at(w)->debug_tcbs; tcb; tcb = tcb_debug_at(w, tcb)->next) {
        kernel_pass_over(w, tcb, false);
        if (tcb == kernel_at(w)->idle || tcb == kernel_at(w)->current) continue;
        tcb_edit(w, tcb)->context[CTX_NEXT_IP] = tcb_edit(w, tcb)->context[CTX_FAULT_IP] = ASKS;
        tcb_set_state(w, tcb, TCB_RUNNING);
    }
    cpu_edit(w)->rip = ASKS;
    kernel_reschedule(w);
}

static void *map(size_t size)
{
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                    -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

static void keep_start(struct machine *m, const struct world *from)
{
    size_t pages = arena_size(from) >> PAGE_BITS;
    for (size_t page = 0; page < pages; page++) {
        m->start_used[page] = (from->mark[page] & MARK_USED) != 0;
        if (m->start_used[page])
            memcpy(m->start + (page << PAGE_BITS), from->arena + (page << PAGE_BITS), PAGE_SIZE);
        m->w.mark[page] = MARK_DIRTY;
    }
}

/* Counts what walks come to. */
static void hear(void *listener, const struct event *e)
{
    struct machine *m = listener;
    m->events[e->kind]++;
    if (e->kind == EVENT_ERROR) m->refused[m->last_row]++;
    if (e->kind != EVENT_CALL) return;
    const struct invocation_desc *row = invocation_row(&kernel_at(&m->w)->numbers, e->arg[0]);
    bool fits = row && (word_t)row->on == e->arg[3];
    m->last_row = fits ? (size_t)(row - invocation_table) : ROWS_MAX - 1;
    m->calls[m->last_row]++;
}

/* Whether a thread is left whose CSpace is the root CNode. */
static bool root_is_reached(const struct world *w)
{
    paddr_t tcb = kernel_at(w)->debug_tcbs;
    for (; tcb; tcb = tcb_debug_at(w, tcb)->next) {
        struct cap cap = cte_at(w, tcb_slot(tcb, TCB_CTABLE))->cap;
        if (cap_type(cap) == CAP_CNODE && cap_cnode_radix(cap) == ROOT_BITS) return true;
    }
    return false;
}

static const char *check_references(const struct world *w)
{
    return root_is_reached(w) ? kernel_check_references(w) : NULL;
}

const char *machine_check(struct machine *m, bool whole)
{
    const char *wrong = m->check(&m->w);
    return wrong || !whole || !m->check_seldom ? wrong : m->check_seldom(&m->w);
}

bool machine_open(struct machine *m, const struct kernel_config *config)
{
    struct kernel_config small = *config;
    struct problem p;
    char *said = NULL;
    size_t size = 0;
    small.root_cnode_bits = ROOT_BITS;
    *m = (struct machine){ .check = kernel_check_invariants, .check_seldom = check_references };
    for (size_t i = 0; i < invocation_rows && i < ROWS_MAX; i++)
        m->row[i].count = parameters_of(invocation_table[i].parameters, m->row[i].p);
    struct shell sh = { .width = 80, .top = "", .silent = true, .session = NULL };
    sh.out = sh.err = open_memstream(&said, &size);
    sh.session = session_open(&small, MEMORY, &p);
    bool good = sh.session && session_boot_prompt(sh.session, &p) && set_up(&sh);
    if (good) {
        struct world *w = session_world(sh.session);
        m->start = map(arena_size(w));
        m->start_used = map(arena_size(w) >> PAGE_BITS);
        good = m->start && m->start_used && world_open(&m->w, MEMORY);
        m->w.hear = hear;
        m->w.listener = m;
        m->w.deaf = UINT64_C(1) << EVENT_KERNEL_PRINT;
        let_go(w);
        if (good) keep_start(m, w);
    }
    if (sh.session) session_close(sh.session);
    fclose(sh.out);
    if (!good) fprintf(stderr, "walk: %s\n", said);
    free(said);
    if (good) machine_reset(m);
    return good;
}

void machine_close(struct machine *m)
{
    if (m->start) munmap(m->start, arena_size(&m->w));
    if (m->start_used) munmap(m->start_used, arena_size(&m->w) >> PAGE_BITS);
    world_close(&m->w);
}

void machine_reset(struct machine *m)
{
    size_t pages = arena_size(&m->w) >> PAGE_BITS;
    for (size_t page = 0; page < pages; page++) {
        if (!(m->w.mark[page] & MARK_DIRTY)) continue;
        uint8_t *to = m->w.arena + (page << PAGE_BITS);
        if (m->start_used[page])
            memcpy(to, m->start + (page << PAGE_BITS), PAGE_SIZE);
        else
            memset(to, 0, PAGE_SIZE);
        m->w.mark[page] = m->start_used[page] ? MARK_USED : 0;
    }
}

/* ---- Messages ---- */

static void pack(word_t *words, unsigned *used, unsigned bits, word_t value)
{
    *used = (*used + bits - 1) / bits * bits;
    word_t masked = bits < 64 ? value & (((word_t)1 << bits) - 1) : value;
    if (*used / 64 < OP_ARGS) words[*used / 64] |= masked << *used % 64;
    *used += bits;
}

/* Of a user context only the instruction pointer is said; its flags are those of any thread. */
static void pack_context(word_t *words, unsigned *used, word_t ip)
{
    const word_t frame[] = { ip, HAND_STACK + 0x800, FLAG_IF | FLAG_FIXED };
    for (unsigned i = 0; i < 3; i++) pack(words, used, 64, frame[i]);
}

struct op op_as_message(const struct machine *m, const struct op *op)
{
    struct op to = { .kind = OP_MESSAGE, .which = SYS_Call, .service = op->service };
    const struct parameters *row = &m->row[op->which];
    unsigned used = 0;
    for (unsigned i = 0; i < row->count; i++) {
        if (row->p[i].bits == 0)
            pack_context(to.arg, &used, op->arg[i]);
        else if (!row->p[i].is_cap)
            pack(to.arg, &used, row->p[i].bits, op->arg[i]);
        else if (to.caps < MESSAGE_MAX_CAPS)
            to.cap[to.caps++] = op->arg[i];
    }
    to.length = (uint8_t)((used + 63) / 64);
    invocation_label(&kernel_at(&m->w)->numbers, invocation_table[op->which].label, &to.label);
    return to;
}

/* ---- What fingers type ---- */

const char *syscall_name(unsigned id)
{
    for (size_t i = 0; i < syscall_rows; i++)
        if (syscall_table[i].id == id) return syscall_table[i].name;
    return "";
}

/* What is typed stands in registers that the kernel leaves alone: in RBP which instruction (0: syscall,
 * else enum op_fault and 1), in RBX its address. */
static void type_message(struct world *w, const struct op *op)
{
    static const enum reg register_of[MESSAGE_REGISTERS] = { REG_R10, REG_R8, REG_R9, REG_R15 };
    struct cpu *cpu = cpu_edit(w);
    paddr_t buffer = tcb_ipc_buffer(w, kernel_at(w)->current, true);
    word_t number = 0;
    for (unsigned i = 0; i < OP_ARGS; i++) {
        if (i < MESSAGE_REGISTERS)
            cpu->reg[register_of[i]] = op->arg[i];
        else if (buffer)
            memory_set_word(w, buffer + (1 + i) * sizeof(word_t), op->arg[i]);
    }
    for (unsigned i = 0; buffer && i < op->caps; i++)
        memory_set_word(w, buffer + (BUFFER_CAPS + i) * sizeof(word_t), op->cap[i]);
    syscall_number(&kernel_at(w)->numbers, syscall_name(op->which), &number);
    cpu->reg[REG_RDX] = number;
    cpu->reg[REG_RDI] = op->service;
    cpu->reg[REG_RSI] = message_info(op->label, 0, op->caps, op->length);
    cpu->reg[REG_RBP] = 0;
    cpu->rip = HAND_PAGE;
}

static void type_accept(struct world *w, const struct op *op)
{
    paddr_t buffer = tcb_ipc_buffer(w, kernel_at(w)->current, true);
    const word_t path[] = { SLOT_CNODE, op->service, 64 };
    for (unsigned i = 0; buffer && i < 3; i++)
        memory_set_word(w, buffer + (BUFFER_RECEIVE + i) * sizeof(word_t), path[i]);
}

static void type_fault(struct world *w, const struct op *op)
{
    struct cpu *cpu = cpu_edit(w);
    cpu->reg[REG_RBP] = op->which + 1u;
    cpu->reg[REG_RBX] = op->arg[0];
    if (op->which == FAULT_BY_SYSCALL) {
        cpu->reg[REG_RDX] = op->arg[0];
        cpu->reg[REG_RBP] = 0;
    }
    cpu->rip = HAND_PAGE;
}

static void type(struct machine *m, const struct op *op)
{
    struct op message;
    switch (op->kind) {
    case OP_INVOKE:
        message = op_as_message(m, op);
        type_message(&m->w, &message);
        break;
    case OP_MESSAGE: type_message(&m->w, op); break;
    case OP_ACCEPT: type_accept(&m->w, op); break;
    default: type_fault(&m->w, op); break;
    }
}

/* ---- What the processor does ---- */

static struct trap page_fault(struct world *w, word_t address, word_t error)
{
    cpu_edit(w)->cr2 = address;
    return (struct trap){ .kind = TRAP_EXCEPTION, .vector = VECTOR_PF, .error_code = error };
}

static struct trap trap_of_fault(struct world *w, word_t way, word_t address)
{
    struct trap trap = { .kind = TRAP_EXCEPTION };
    paddr_t at;
    switch (way) {
    case FAULT_BY_READ:
        if (page_walk(w, cpu_at(w)->cr3, address, 0, &at))
            return page_fault(w, address, FAULT_USER);
        cpu_edit(w)->rip = ASKS;
        trap.kind = TRAP_NONE;
        break;
    case FAULT_BY_INT3:
        cpu_edit(w)->rip = ASKS;
        trap.vector = VECTOR_BP;
        break;
    default: trap.vector = VECTOR_UD; break;
    }
    return trap;
}

/* The current thread's next instruction: it faults at the fetch, or is the one that was typed. */
static struct trap instruct(struct world *w)
{
    struct cpu *cpu = cpu_edit(w);
    paddr_t at;
    if (cpu->debug_pending) {
        cpu->dr[6] = cpu->debug_pending;
        cpu->debug_pending = 0;
        return (struct trap){ .kind = TRAP_EXCEPTION, .vector = VECTOR_DB };
    }
    if (page_walk(w, cpu->cr3, cpu->rip, FAULT_FETCH, &at))
        return page_fault(w, cpu->rip, FAULT_USER | (cpu->features & CPU_NX ? FAULT_FETCH : 0));
    if (cpu->rip != HAND_PAGE) return (struct trap){ .kind = TRAP_EXCEPTION, .vector = VECTOR_UD };
    if (cpu->reg[REG_RBP]) return trap_of_fault(w, cpu->reg[REG_RBP] - 1, cpu->reg[REG_RBX]);
    cpu->rip = cpu->reg[REG_RCX] = ASKS;
    cpu->reg[REG_R11] = cpu->rflags;
    return (struct trap){ .kind = TRAP_SYSCALL };
}

static bool asks(const struct world *w)
{
    paddr_t at;
    return kernel_at(w)->current != kernel_at(w)->idle && cpu_at(w)->rip == ASKS &&
           !cpu_at(w)->debug_pending && page_walk(w, cpu_at(w)->cr3, ASKS, FAULT_FETCH, &at) == 0;
}

bool machine_is_quiet(const struct machine *m)
{
    return !asks(&m->w);
}

/* The next thing that happens by itself; false: nothing does. */
static bool go_on(struct machine *m, unsigned *patience)
{
    struct world *w = &m->w;
    const struct kernel *k = kernel_at(w);
    struct trap trap = { .kind = TRAP_DEVICE };
    if (k->halted) return false;
    if (k->current == k->idle && !kernel_interrupt_due(w)) {
        if ((*patience)-- == 0) return false;
        cpu_edit(w)->clock = kernel_next_event(w);
    } else if (!kernel_interrupt_due(w)) {
        if (asks(w)) return false;
        trap = instruct(w);
    }
    m->entries += trap.kind != TRAP_NONE;
    if (trap.kind != TRAP_NONE) kernel_entry(w, &trap);
    return true;
}

const char *machine_do(struct machine *m, const struct op *op)
{
    struct world *w = &m->w;
    unsigned patience = PATIENCE;
    if (op->kind == OP_TIME)
        cpu_edit(w)->clock += op->arg[0];
    else if (op->kind == OP_BYTE && device_serial_has_room(w))
        device_serial_type(w, (uint8_t)op->arg[0]);
    else if (op->kind != OP_BYTE && asks(w))
        type(m, op);
    for (unsigned i = 0; i < ENTRIES_AN_OP && go_on(m, &patience); i++) {
        const char *wrong = machine_check(m, m->thorough || m->entries % SELDOM == 0);
        if (wrong) return wrong;
    }
    return NULL;
}
