/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread's saved context and the live registers of the processor: two things. What is saved and
 * what is restored follows the real entry and exit paths, so words that a path skips stay stale.
 * seL4: src/arch/x86/64/traps.S, src/arch/x86/64/c_traps.c restore_user_context,
 * src/arch/x86/machine/registerset.c, src/arch/x86/64/machine/registerset.c. */
#include "kernel/internal.h"

#include <string.h>

/* clang-format off */
const uint8_t frame_register[FRAME_REGISTERS] = {
    CTX_FAULT_IP, CTX_RSP, CTX_FLAGS, CTX_RAX, CTX_RBX, CTX_RCX, CTX_RDX, CTX_RSI, CTX_RDI, CTX_RBP,
    CTX_R8, CTX_R9, CTX_R10, CTX_R11, CTX_R12, CTX_R13, CTX_R14, CTX_R15, CTX_FS_BASE, CTX_GS_BASE,
};

const uint8_t context_live[CTX_COUNT] = {
    [CTX_RDI] = REG_RDI, [CTX_RSI] = REG_RSI, [CTX_RAX] = REG_RAX, [CTX_RBX] = REG_RBX,
    [CTX_RBP] = REG_RBP, [CTX_R12] = REG_R12, [CTX_R13] = REG_R13, [CTX_R14] = REG_R14,
    [CTX_RDX] = REG_RDX, [CTX_R10] = REG_R10, [CTX_R8] = REG_R8,   [CTX_R9] = REG_R9,
    [CTX_R15] = REG_R15, [CTX_RSP] = REG_RSP, [CTX_R11] = REG_R11, [CTX_RCX] = REG_RCX,
    [CTX_FLAGS] = REG_COUNT, [CTX_NEXT_IP] = REG_COUNT, [CTX_ERROR] = REG_COUNT,
    [CTX_FAULT_IP] = REG_COUNT, [CTX_CS] = REG_COUNT, [CTX_SS] = REG_COUNT,
    [CTX_FS_BASE] = REG_COUNT, [CTX_GS_BASE] = REG_COUNT,
};
/* clang-format on */

/* What every path saves and restores: the context begins with these. */
enum { COMMON_REGISTERS = CTX_R15 + 1 };

static const word_t SYSRET_FLAGS = 0x3c7fd7; /* what sysret takes from R11 */
static const word_t ENTERED_BY_SYSCALL = ~(word_t)0;

enum context_reg context_saved(unsigned reg)
{
    unsigned saved = 0;
    while (saved < CTX_COUNT && context_live[saved] != reg) saved++;
    INVARIANT(saved < CTX_COUNT);
    return (enum context_reg)saved;
}

void context_init(struct world *w, paddr_t tcb)
{
    struct tcb *t = tcb_edit(w, tcb);
    memset(t->context, 0, sizeof t->context);
    t->context[CTX_FLAGS] = FLAG_IF | FLAG_FIXED;
    t->context[CTX_CS] = SELECTOR_USER_CODE;
    t->context[CTX_SS] = SELECTOR_USER_DATA;
    memcpy(t->fpu, fpu_initial, sizeof t->fpu);
    t->fpu_is_used = false;
    if (kernel_config(w)->hardware_debug_api) breakpoint_init(w, tcb);
}

/* The kernel's code selector in CS says that the live registers are nobody's until the exit. */
void context_save_syscall(struct world *w, paddr_t tcb)
{
    struct cpu *cpu = cpu_edit_but_fpu(w);
    word_t *context = tcb_edit(w, tcb)->context;
    for (unsigned i = 0; i < COMMON_REGISTERS; i++) context[i] = cpu->reg[context_live[i]];
    context[CTX_FLAGS] = cpu->reg[REG_R11];
    context[CTX_NEXT_IP] = cpu->reg[REG_RCX];
    context[CTX_ERROR] = ENTERED_BY_SYSCALL;
    context[CTX_FAULT_IP] = cpu->reg[REG_RCX] - 2;
    cpu->cs = SELECTOR_KERNEL_CODE;
}

void context_save_interrupt(struct world *w, paddr_t tcb, word_t error_code)
{
    struct cpu *cpu = cpu_edit_but_fpu(w);
    word_t *context = tcb_edit(w, tcb)->context;
    for (unsigned i = 0; i < COMMON_REGISTERS; i++) context[i] = cpu->reg[context_live[i]];
    context[CTX_FLAGS] = cpu->rflags;
    context[CTX_NEXT_IP] = cpu->rip;
    context[CTX_ERROR] = error_code;
    context[CTX_RSP] = cpu->reg[REG_RSP];
    context[CTX_FAULT_IP] = cpu->rip;
    context[CTX_R11] = cpu->reg[REG_R11];
    context[CTX_RCX] = cpu->reg[REG_RCX];
    cpu->cs = SELECTOR_KERNEL_CODE;
}

void context_restore(struct world *w)
{
    paddr_t current = kernel_at(w)->current;
    if (kernel_config(w)->hardware_debug_api) breakpoint_restore(w, current);
    const word_t *context = tcb_at(w, current)->context;
    struct cpu *cpu = cpu_edit_but_fpu(w);
    bool by_sysret = context[CTX_ERROR] == ENTERED_BY_SYSCALL;
    for (unsigned i = 0; i < COMMON_REGISTERS; i++) cpu->reg[context_live[i]] = context[i];
    cpu->rip = context[CTX_NEXT_IP];
    if (by_sysret) { /* RSP is cleared so that nothing leaks; RCX and R11 are what sysret needs */
        cpu->reg[REG_R11] = context[CTX_FLAGS];
        cpu->reg[REG_RCX] = context[CTX_NEXT_IP];
        cpu->reg[REG_RSP] = 0;
        cpu->rflags = (context[CTX_FLAGS] & SYSRET_FLAGS) | FLAG_FIXED;
    } else {
        cpu->reg[REG_R11] = context[CTX_R11];
        cpu->reg[REG_RCX] = context[CTX_RCX];
        cpu->reg[REG_RSP] = context[CTX_RSP];
        cpu->rflags = context[CTX_FLAGS] | FLAG_FIXED;
    }
    /* With TF, sysret traps before the first instruction, as if `syscall` had been stepped. */
    cpu->debug_pending = by_sysret && cpu->rflags & FLAG_TF ? DR6_SINGLE_STEP : 0;
    cpu->has_loaded_stack = 0;
    cpu->fs_base = context[CTX_FS_BASE];
    cpu->gs_base = context[CTX_GS_BASE];
    cpu->cs = by_sysret ? SELECTOR_SYSRET_CODE : (uint16_t)context[CTX_CS];
    cpu->ss = (uint16_t)context[CTX_SS];
    event_emit(w, EVENT_EXIT, current, current, cpu->rip, by_sysret);
}

word_t register_sanitise_special(enum context_reg reg, word_t value)
{
    switch (reg) {
    case CTX_FAULT_IP:
    case CTX_NEXT_IP:
    case CTX_FS_BASE:
    case CTX_GS_BASE: return address_is_canonical(value) ? value : 0;
    case CTX_FLAGS: /* twelve bits; 3 and 5 are 0, interrupts on, no trap */
        return (((value | FLAG_FIXED) & ~(word_t)(1 << 3 | 1 << 5)) | FLAG_IF) & 0xfff &
               ~(word_t)FLAG_TF;
    default: return value;
    }
}

word_t thread_register(const struct world *w, paddr_t tcb, enum context_reg reg)
{
    const struct kernel *k = kernel_at(w);
    const struct cpu *cpu = cpu_at(w);
    if (tcb != k->current || tcb == k->idle || (cpu->cs & 3) != 3) return tcb_reg(w, tcb, reg);
    if (context_live[reg] != REG_COUNT) return cpu->reg[context_live[reg]];
    switch (reg) {
    case CTX_FLAGS: return cpu->rflags;
    case CTX_NEXT_IP:
    case CTX_FAULT_IP: return cpu->rip;
    case CTX_FS_BASE: return cpu->fs_base;
    case CTX_GS_BASE: return cpu->gs_base;
    default: return tcb_reg(w, tcb, reg);
    }
}
