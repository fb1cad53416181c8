/* SPDX-License-Identifier: BSD-2-Clause */
/* The system calls, and what else brings a thread into the kernel. Debug calls: debug.c.
 * seL4: src/api/syscall.c, src/object/interrupt.c handleInterrupt. */
#include "kernel/internal.h"

#include <inttypes.h>

static paddr_t current_thread(const struct world *w)
{
    return kernel_at(w)->current;
}

/* At the end of every entry: who runs next. */
static void leave(struct world *w)
{
    schedule(w);
    activate_thread(w);
}

/* ---- sending, receiving, answering ---- */

static void invoke(struct world *w, bool call, bool blocking)
{
    if (handle_invocation(w, call, blocking) == PROGRESS_PREEMPTED) handle_interrupt(w);
}

static void receive_fault(struct world *w, word_t cptr, struct lookup_failure failure)
{
    struct fault fault = { .kind = FAULT_CAP, .word = { cptr, 1 } };
    fault_handle(w, current_thread(w), fault, failure);
}

static bool may_wait_for(const struct world *w, struct cap cap)
{
    if (cap_type(cap) == CAP_ENDPOINT) return cap_endpoint_can_receive(cap);
    if (cap_type(cap) != CAP_NOTIFICATION) return false;
    paddr_t bound = notification_at(w, cap_object(cap))->bound_tcb;
    return cap_notification_can_receive(cap) && (!bound || bound == current_thread(w));
}

static void handle_receive(struct world *w, bool blocking)
{
    paddr_t thread = current_thread(w);
    word_t cptr = tcb_reg(w, thread, CTX_CAP);
    struct lookup_failure failure;
    paddr_t slot = lookup_slot(w, thread, cptr, &failure);
    struct cap cap = slot ? cte_at(w, slot)->cap : cap_new(CAP_NULL);
    if (!slot) {
        receive_fault(w, cptr, failure);
    } else if (!may_wait_for(w, cap)) {
        receive_fault(w, cptr, (struct lookup_failure){ .type = LOOKUP_MISSING_CAPABILITY });
    } else if (cap_type(cap) == CAP_NOTIFICATION) {
        notification_receive(w, thread, cap, blocking);
    } else {
        tcb_delete_caller_cap(w, thread);
        endpoint_receive(w, thread, cap, blocking);
    }
}

static void handle_reply(struct world *w)
{
    paddr_t thread = current_thread(w), slot = tcb_slot(thread, TCB_CALLER);
    struct cap caller = cte_at(w, slot)->cap;
    if (kernel_config(w)->mcs || cap_type(caller) != CAP_REPLY) {
        event_emit(w, EVENT_REPLY_NOBODY, thread);
        return;
    }
    reply_transfer(w, thread, cap_object(caller), slot, cap_reply_can_grant(caller));
}

static void handle_yield(struct world *w)
{
    tcb_sched_dequeue(w, current_thread(w));
    tcb_sched_append(w, current_thread(w));
    reschedule_required(w);
}

/* SIMPLIFIED: with MCS the sending half of ReplyRecv, NBSendRecv and NBSendWait, and reply objects,
 * are not modelled. */
void handle_syscall(struct world *w, enum syscall syscall)
{
    switch (syscall) {
    case SYS_Send: invoke(w, false, true); break;
    case SYS_NBSend: invoke(w, false, false); break;
    case SYS_Call: invoke(w, true, true); break;
    case SYS_Reply: handle_reply(w); break;
    case SYS_ReplyRecv:
        handle_reply(w);
        handle_receive(w, true);
        break;
    case SYS_NBSendRecv:
    case SYS_NBSendWait:
    case SYS_Wait:
    case SYS_Recv: handle_receive(w, true); break;
    case SYS_NBWait:
    case SYS_NBRecv: handle_receive(w, false); break;
    case SYS_Yield: handle_yield(w); break;
    default: break;
    }
    leave(w);
}

/* ---- calls that are none of these ---- */

void handle_unknown_syscall(struct world *w, word_t number)
{
    paddr_t thread = current_thread(w);
    const struct syscall_desc *row = syscall_row(&kernel_at(w)->numbers, number);
    if (row && handle_debug_syscall(w, row->id, number)) return;
    if (row && row->id == SYS_SetTLSBase) {
        word_t base = tcb_reg(w, thread, CTX_CAP);
        if (address_is_canonical(base)) tcb_set_reg(w, thread, CTX_FS_BASE, base);
        return;
    }
    struct fault fault = { .kind = FAULT_UNKNOWN_SYSCALL, .word = { number } };
    fault_handle(w, thread, fault, (struct lookup_failure){ .type = LOOKUP_OK });
    leave(w);
}

/* ---- exceptions ---- */

void handle_user_exception(struct world *w, word_t number, word_t code)
{
    struct fault fault = { .kind = FAULT_USER_EXCEPTION, .word = { number, code } };
    fault_handle(w, current_thread(w), fault, (struct lookup_failure){ .type = LOOKUP_OK });
    leave(w);
}

/* The kernel keeps five bits of the error code, and takes bit 4 for an instruction fetch. */
void handle_vm_fault(struct world *w, word_t address, word_t error_code)
{
    struct fault fault = { .kind = FAULT_VM,
                           .word = { address, error_code >> 4 & 1, error_code & 31 } };
    fault_handle(w, current_thread(w), fault, (struct lookup_failure){ .type = LOOKUP_OK });
    leave(w);
}

/* ---- interrupts ---- */

static word_t tick_length(const struct world *w)
{
    word_t ms = kernel_config(w)->timer_tick_ms;
    return (ms ? ms : 1) * 1000000;
}

/* Ticks that passed unheard are one interrupt. */
static void handle_timer(struct world *w)
{
    word_t late = cpu_at(w)->clock - kernel_at(w)->tick_due, tick = tick_length(w);
    KERNEL_EDIT(w, tick_due) += (late / tick + 1) * tick;
    timer_tick(w);
}

static void handle_signalling_irq(struct world *w, word_t irq)
{
    struct cap cap = cte_at(w, kernel_at(w)->irq_node + (irq << SLOT_BITS))->cap;
    if (cap_type(cap) == CAP_NOTIFICATION && cap_notification_can_send(cap)) {
        notification_signal(w, cap_object(cap), cap_notification_badge(cap));
    } else {
        kernel_print(w, "Undelivered IRQ: %" PRIu64 "\n", irq);
    }
    interrupt_mask(w, irq, true);
}

void handle_interrupt(struct world *w)
{
    word_t irq = interrupt_active(w);
    if (irq == IRQ_NONE) return;
    if (irq == IRQ_OF_TIMER) {
        handle_timer(w);
        return;
    }
    event_emit(w, EVENT_INTERRUPT, current_thread(w), irq);
    KERNEL_EDIT(w, irq_pending)[irq / 64] &= ~((word_t)1 << irq % 64);
    line_edges_pass(w, irq);
    switch (kernel_at(w)->irq_state[irq]) {
    case IRQ_SIGNAL: handle_signalling_irq(w, irq); break;
    case IRQ_INACTIVE:
        interrupt_mask(w, irq, true);
        kernel_print(w, "Received disabled IRQ: %" PRIu64 "\n", irq);
        break;
    default: break;
    }
}
