/* SPDX-License-Identifier: BSD-2-Clause */
/* Running: takes the processor's state out of the world, lets blocks run, puts it back. */
#include "machine/core.h"

#include <string.h>

const char *const reg_name[REG_COUNT] = { "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                          "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15" };

_Static_assert(ARENA_MACHINE + sizeof(struct cpu) <= ARENA_KERNEL, "the machine's globals fit");
_Static_assert(sizeof(struct cpu) % 8 == 0, "no padding at the end");

size_t core_size(void)
{
    return (sizeof(struct core) + PAGE_SIZE - 1) & ~(size_t)(PAGE_SIZE - 1);
}

struct core *core_init(void *memory)
{
    struct core *m = memory;
    /* The pools behind are written before they are read. */
    memset(m, 0, offsetof(struct core, block));
    m->spy.page = NO_PAGE;
    cache_empty(m);
    return m;
}

void core_spy(struct core *m, paddr_t at, unsigned size)
{
    paddr_t page = at & ~(paddr_t)(PAGE_SIZE - 1);
    m->spy.page = size ? page : NO_PAGE;
    m->spy.from = (unsigned)(at - page);
    m->spy.to = m->spy.from + size;
    m->spy.is_hit = false;
    spaces_drop(m);
}

bool core_spied(const struct core *m, word_t *rip)
{
    *rip = m->spy.rip;
    return m->spy.is_hit;
}

/* As seL4 sets it up: null; code and data of the kernel; its task, in two; code and data of the user; two
 * for the bases of FS and GS. */
static const word_t descriptors[] = {
    0,
    UINT64_C(0x00af9b000000ffff),
    UINT64_C(0x00cf93000000ffff),
    UINT64_C(0x80008b2000002067),
    UINT64_C(0x00000000ffffffff),
    UINT64_C(0x00affb000000ffff),
    UINT64_C(0x00cff3000000ffff),
    UINT64_C(0x00cff3000000ffff),
    UINT64_C(0x00cff3000000ffff),
};

_Static_assert(sizeof descriptors <= DESCRIPTORS * sizeof(word_t), "the table fits");

void cpu_reset(struct world *w)
{
    struct cpu *cpu = cpu_edit(w);
    *cpu = (struct cpu){ .rflags = FLAG_FIXED | FLAG_IF, .cs = 0x2b, .ss = 0x33 };
    if (!x87_is_available()) cpu->features = CPU_NO_X87;
    memcpy(cpu->gdt, descriptors, sizeof descriptors);
    cpu->gdt_limit = sizeof descriptors - 1;
    cpu->dr[6] = 0xffff0ff0;
    cpu->dr[7] = 0x400;
    cpu->fpu[0] = 0x7f; /* FCW 0x37f */
    cpu->fpu[1] = 0x03;
    cpu->fpu[24] = 0x80; /* MXCSR 0x1f80 */
    cpu->fpu[25] = 0x1f;
    cpu->fpu[28] = 0xff; /* MXCSR_MASK 0xffff */
    cpu->fpu[29] = 0xff;
}

/* --- entry and exit --------------------------------------------------------------------------------- */

static void core_attach(struct core *m, struct world *w)
{
    uint8_t *memory = w->arena + ARENA_MEMORY;
    if (m->world == w && m->memory == memory && m->memory_size == w->memory_size) return;
    m->world = NULL; /* marks of a world that is gone are no longer ours */
    cache_empty(m);
    m->world = w;
    m->cpu = cpu_edit_but_fpu(w);
    m->fpu = m->cpu->fpu;
    m->memory = memory;
    m->memory_size = w->memory_size;
    spaces_drop(m);
}

/* What was written to behind our back, or by the last instruction. */
static void core_refresh(struct core *m, paddr_t cr3)
{
    uint32_t stale = m->world->stale;
    if (stale & MARK_CODE) cache_drop_stale(m);
    if (stale & MARK_TABLE) spaces_drop(m);
    m->world->stale = 0;
    space_select(m, cr3);
}

static void core_load(struct core *m, struct cpu *cpu, uint64_t budget)
{
    memcpy(m->reg, cpu->reg, sizeof cpu->reg);
    m->reg[SLOT_ZERO] = 0;
    m->reg[SLOT_FS] = cpu->fs_base;
    m->reg[SLOT_GS] = cpu->gs_base;
    m->rip = cpu->rip;
    m->rflags = cpu->rflags & ~ARITHMETIC_FLAGS;
    m->result = flags_result(cpu->rflags);
    m->carry = flags_carry(cpu->rflags);
    if ((m->features ^ cpu->features) & CPU_NX) spaces_drop(m);
    m->features = cpu->features | (m->world->fpu_is_kept ? CORE_FPU_UNTOUCHED : 0);
    m->is_compat = segment_is_compat(m, cpu->cs);
    m->trap = (struct trap){ .kind = TRAP_NONE };
    m->is_fault = m->is_careful = m->has_met_device = false;
    m->spy.is_hit = false;
    m->pending = NULL;
    m->reserve = (int64_t)budget;
    m->clock_end = cpu->clock + budget;
}

/* `syscall` has gathered them in R11 already. */
static word_t flags_at_exit(const struct core *m)
{
    word_t flags = m->trap.kind == TRAP_SYSCALL ? m->reg[REG_R11]
                                                : m->rflags | flags_gather(m->result, m->carry);
    return flags | FLAG_FIXED | (m->is_fault ? FLAG_RF : 0);
}

static void core_store(struct core *m, struct cpu *cpu, uint64_t done)
{
    if (m->x87.is_live) x87_leave(m);
    memcpy(cpu->reg, m->reg, sizeof cpu->reg);
    cpu->fs_base = m->reg[SLOT_FS];
    cpu->gs_base = m->reg[SLOT_GS];
    cpu->rip = m->rip;
    cpu->rflags = flags_at_exit(m);
    cpu->has_loaded_stack = m->has_loaded_stack && !m->trap.kind;
    if (m->trap.kind) cpu->debug_pending = 0;
    cpu->retired += done;
    cpu->clock += done;
}

/* --- running ---------------------------------------------------------------------------------------- */

static inline void core_execute(struct core *m, const struct op *op)
{
    m->rip_high = m->rip >> 32 << 32;
    while (op) op = op->run(m, op, m->result, m->carry, m->left);
    m->reserve += m->left;
    m->left = 0;
}

/* Nothing has happened yet for which core_run() returns. */
static bool core_goes_on(const struct core *m)
{
    return m->reserve > 0 && !(m->trap.kind | m->has_met_device | m->spy.is_hit);
}

static bool is_aligning(const struct core *m)
{
    return (m->rflags & FLAG_AC) && (m->features & CPU_ALIGNMENT);
}

/* The instruction at core.rip alone, in the careful form. */
static void core_step(struct core *m, struct cpu *cpu)
{
    bool traces = m->rflags & FLAG_TF;
    if (m->debug.on_execute && debug_fault(m, cpu)) return;
    m->is_aligning = is_aligning(m);
    m->pending = NULL;
    m->is_careful = true;
    m->has_loaded_stack = false;
    m->rflags &= ~(word_t)FLAG_RF;
    m->debug.hits = 0;
    m->spy.is_met = false;
    m->spy.rip = m->rip;
    const struct op *op = block_find(m, true);
    if (op) {
        int64_t before = m->reserve;
        m->left = 1;
        m->reserve--;
        core_execute(m, op);
        if (!m->trap.kind) memory_commit(m);
        m->spy.is_hit = m->spy.is_met && !m->trap.kind;
        m->bounce_size = 0;
        m->bounce_device = 0;
        if (before != m->reserve && !m->trap.kind) debug_trap(m, cpu, traces);
    }
    m->is_careful = m->is_aligning = false;
}

/* The block at core.rip, remembered for jumps that lead there; the link that asked for it is set. */
static const struct op *core_find_block(struct core *m)
{
    struct jump *jump = core_jump(m, m->rip);
    struct link *link = m->pending;
    if (LIKELY(!link && jump->rip == m->rip && jump->stamp == m->stamp)) return jump->to;
    word_t high = m->rip_high, round = m->round;
    m->pending = NULL;
    bool is_known = jump->rip == m->rip && jump->stamp == m->stamp;
    const struct op *op = is_known ? jump->to : block_find(m, false);
    if (!op) return NULL;
    if (m->round != round) link = NULL; /* it may have been given up */
    if (link && high == m->rip >> 32 << 32) *link = (struct link){ .to = op, .stamp = m->stamp };
    if (!is_known) *jump = (struct jump){ .rip = m->rip, .stamp = m->stamp, .to = op };
    return op;
}

/* Blocks, until one has to be left for more than another block, or the slice is over. */
static void core_run_blocks(struct core *m)
{
    const struct op *op = core_find_block(m);
    if (!op) return;
    m->rflags &= ~(word_t)FLAG_RF;
    m->left = m->reserve < SLICE ? m->reserve : SLICE;
    m->reserve -= m->left;
    core_execute(m, op);
}

struct trap core_run(struct core *m, struct world *w, uint64_t budget)
{
    if (budget > INT64_MAX) budget = INT64_MAX;
    core_attach(m, w);
    struct cpu *cpu = cpu_edit_but_fpu(w);
    core_load(m, cpu, budget);
    if (!debug_is_idle(m, cpu)) {
        core_refresh(m, cpu->cr3);
        debug_load(m, cpu);
    }
    while (core_goes_on(m)) {
        if (w->stale || !space_is_chosen(m, cpu->cr3)) {
            core_refresh(m, cpu->cr3);
            debug_withhold(m);
        }
        if (m->is_compat) m->rip = (uint32_t)m->rip;
        if (m->is_careful) m->unrest = UNREST;
        bool steps = m->is_careful | m->debug.on_execute | m->has_loaded_stack ||
                     m->rflags & FLAG_TF || is_aligning(m) || m->reserve < BLOCK_INSTRUCTIONS;
        if (steps)
            core_step(m, cpu);
        else
            core_run_blocks(m);
    }
    if (m->is_compat) m->rip = (uint32_t)m->rip;
    core_store(m, cpu, budget - (uint64_t)m->reserve);
    return m->trap;
}
