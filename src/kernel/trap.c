/* SPDX-License-Identifier: BSD-2-Clause */
/* The door of the kernel: what a trap means, between saving the thread that came and restoring the
 * thread that goes.
 * seL4: src/arch/x86/64/c_traps.c, src/arch/x86/c_traps.c, src/arch/x86/64/traps.S. */
#include "kernel/internal.h"

/* Interrupt vectors as the real kernel deals them out. */
enum { INT_TRAP_MIN = 0x9e, INT_SPURIOUS = 0xff };

/* SIMPLIFIED: nanoseconds that an entry costs, by kind of trap, whatever it does. */
static const word_t entry_charge[] = {
    [TRAP_NONE] = 0,       [TRAP_EXCEPTION] = 400, [TRAP_SYSCALL] = 300,
    [TRAP_SYSENTER] = 400, [TRAP_INTERRUPT] = 400, [TRAP_DEVICE] = 250,
};

static void enter_syscall(struct world *w)
{
    word_t number = tcb_reg(w, kernel_at(w)->current, CTX_RDX);
    const struct syscall_desc *row = syscall_row(&kernel_at(w)->numbers, number);
    if (row && row->id <= SYS_Yield) {
        handle_syscall(w, row->id);
    } else {
        handle_unknown_syscall(w, number);
    }
}

static void enter_exception(struct world *w, const struct trap *trap)
{
    if (trap->vector == VECTOR_PF) {
        handle_vm_fault(w, cpu_at(w)->cr2, trap->error_code);
    } else if (kernel_config(w)->hardware_debug_api &&
               (trap->vector == VECTOR_DB || trap->vector == VECTOR_BP)) {
        handle_debug_exception(w, trap->vector);
    } else {
        handle_user_exception(w, trap->vector, trap->error_code);
    }
}

/* `int n` through an open gate is taken for an unknown system call: the vector above 24 bits of EAX,
 * sign-extended; the IP goes back to the instruction. */
static void enter_software_interrupt(struct world *w, word_t vector)
{
    paddr_t thread = kernel_at(w)->current;
    if (vector < INT_TRAP_MIN || vector >= INT_SPURIOUS) return;
    tcb_set_reg(w, thread, CTX_FAULT_IP, tcb_reg(w, thread, CTX_FAULT_IP) - 2);
    uint32_t number = (uint32_t)vector << 24 | (uint32_t)(tcb_reg(w, thread, CTX_RAX) & 0xffffff);
    handle_unknown_syscall(w, (word_t)(int64_t)(int32_t)number);
}

static void enter(struct world *w, const struct trap *trap)
{
    switch (trap->kind) {
    case TRAP_SYSCALL: enter_syscall(w); break;
    case TRAP_EXCEPTION: enter_exception(w, trap); break;
    case TRAP_SYSENTER: handle_user_exception(w, VECTOR_GP, 0); break; /* its MSRs are never set */
    case TRAP_INTERRUPT: enter_software_interrupt(w, trap->vector); break;
    case TRAP_DEVICE:
        handle_interrupt(w);
        schedule(w);
        activate_thread(w);
        break;
    default: break;
    }
}

void kernel_entry(struct world *w, const struct trap *trap)
{
    const struct kernel *k = kernel_at(w);
    bool idle = k->current == k->idle;
    if (k->halted || trap->kind == TRAP_NONE || trap->kind > TRAP_DEVICE) return;
    if (idle && trap->kind != TRAP_DEVICE) return; /* the idle thread does nothing that traps */
    if (trap->kind == TRAP_SYSCALL) {
        context_save_syscall(w, k->current);
    } else if (!idle) {
        context_save_interrupt(w, k->current, trap->kind == TRAP_EXCEPTION ? trap->error_code : 0);
    }
    cpu_edit_but_fpu(w)->clock += entry_charge[trap->kind];
    event_emit(w, EVENT_TRAP, k->current, trap->kind, trap->vector, trap->error_code);
    enter(w, trap);
    if (!k->halted) context_restore(w);
}
