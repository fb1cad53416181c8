/* SPDX-License-Identifier: BSD-2-Clause */
/* Debug exceptions: the faults that come of a thread's breakpoints and single steps, and what a handler's
 * answer says about the next step.
 * seL4: src/arch/x86/machine/breakpoint.c handleUserLevelDebugException and the functions around it,
 * src/api/faults.c handleFaultReply. */
#include "kernel/breakpoint.h"

static void debug_fault_handle(struct world *w, struct fault fault)
{
    fault_handle(w, kernel_at(w)->current, fault, (struct lookup_failure){ .type = LOOKUP_OK });
    schedule(w);
    activate_thread(w);
}

static struct fault debug_fault(word_t reason, word_t address, word_t number)
{
    return (struct fault){ .kind = FAULT_DEBUG_EXCEPTION, .word = { reason, address, number } };
}

/* The step that was asked for, or one on the way to it, of which nobody hears. */
static void handle_single_step(struct world *w, paddr_t thread)
{
    struct tcb *t = tcb_edit(w, thread);
    cpu_edit_but_fpu(w)->dr[6] &= ~(word_t)DR6_SINGLE_STEP;
    t->context[CTX_FLAGS] |= FLAG_RF;
    if (t->steps_left) t->steps_left--;
    if (t->steps_left) return;
    debug_fault_handle(w, debug_fault(SINGLE_STEP, t->context[CTX_FAULT_IP], 0));
}

/* One breakpoint is told of, the lowest. An exception of which DR6 says nothing is ignored. */
void handle_debug_exception(struct world *w, word_t vector)
{
    paddr_t thread = kernel_at(w)->current;
    const struct tcb *t = tcb_at(w, thread);
    word_t status = cpu_at(w)->dr[6];
    if (vector == VECTOR_BP) {
        debug_fault_handle(
            w, debug_fault(SOFTWARE_BREAK_REQUEST, tcb_reg(w, thread, CTX_FAULT_IP), 0));
    } else if (status & DR6_BREAKPOINTS) {
        unsigned n = (unsigned)__builtin_ctzll(status);
        cpu_edit_but_fpu(w)->dr[6] &= ~((word_t)1 << n);
        debug_fault_handle(w,
                           debug_fault(dr7_reason(t->breakpoint_control, n), t->breakpoint[n], n));
    } else if (status & DR6_SINGLE_STEP) {
        handle_single_step(w, thread);
    }
}

/* Word 0 of the answer to a step: how many instructions to the next; without it, one. */
bool breakpoint_take_reply(struct world *w, paddr_t receiver, paddr_t sender)
{
    word_t info = tcb_message_info(w, sender);
    if (tcb_at(w, receiver)->fault.word[0] == SINGLE_STEP)
        breakpoint_step(w, receiver, message_length(info) ? tcb_get_mr(w, sender, 0, 0) : 1);
    return message_label(info) == 0;
}
