/* SPDX-License-Identifier: BSD-2-Clause */
/* The system calls, the debug calls among them, and what else brings a thread into the kernel.
 * seL4: src/api/syscall.c, src/object/interrupt.c handleInterrupt. */
#include "kernel/internal.h"

#include <inttypes.h>
#include <string.h>

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
    paddr_t thread = current_thread(w), slot;
    word_t cptr = tcb_reg(w, thread, CTX_CAP);
    struct cap cap;
    struct lookup_failure failure = lookup_cap(w, thread, cptr, &cap, &slot);
    if (failure.type != LOOKUP_OK) {
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

/* ---- debug calls ---- */

static void halt(struct world *w, word_t number)
{
    kernel_print(w, "halting...");
    if (kernel_config(w)->debug_build)
        kernel_print(w, "\nKernel entry via Unknown syscall, word: %" PRIu64, number);
    KERNEL_EDIT(w, halted) = 1;
    event_emit(w, EVENT_HALT, current_thread(w));
}

static struct cap debug_cap(const struct world *w)
{
    struct cap cap;
    paddr_t slot;
    paddr_t thread = current_thread(w);
    struct lookup_failure failure = lookup_cap(w, thread, tcb_reg(w, thread, CTX_CAP), &cap, &slot);
    return failure.type == LOOKUP_OK ? cap : cap_new(CAP_NULL);
}

/* Whatever is wrong with the arguments halts the real kernel, too. SIMPLIFIED: without an IPC buffer the
 * real one reads address 8 and dies of it. */
static void debug_name_thread(struct world *w, word_t number)
{
    enum { NAME_MAX_BYTES = MESSAGE_MAX_LENGTH * sizeof(word_t) };
    struct cap cap = debug_cap(w);
    paddr_t buffer = tcb_ipc_buffer(w, current_thread(w), true);
    const char *name = buffer ? (const char *)memory_at(w, buffer + sizeof(word_t)) : NULL;
    const char *wrong = NULL;
    if (cap_type(cap) != CAP_THREAD) {
        wrong = "SysDebugNameThread: cap is not a TCB, halting";
    } else if (!name) {
        wrong = "SysDebugNameThread: Failed to lookup IPC buffer, halting";
    } else if (strnlen(name, NAME_MAX_BYTES) == NAME_MAX_BYTES) {
        wrong = "SysDebugNameThread: Name too long, halting";
    }
    if (wrong) {
        user_error(w, "handleUnknownSyscall", "%s", wrong);
        halt(w, number);
        return;
    }
    char copy[TCB_NAME_SIZE];
    size_t length = strnlen(name, sizeof copy - 1);
    memcpy(copy, name, length);
    copy[length] = 0;
    tcb_set_name(w, cap_object(cap), copy);
}

static void debug_announce(const struct world *w, const char *what)
{
    paddr_t thread = current_thread(w);
    kernel_print(w, "Debug %s syscall from user thread %#" PRIx64 " \"%s\"\n", what,
                 kernel_pointer(thread), tcb_debug_at(w, thread)->name);
}

/* Calls that come back to the thread at once, without a look at the scheduler. False: not one of them. */
static bool handle_debug_syscall(struct world *w, enum syscall syscall, word_t number)
{
    paddr_t thread = current_thread(w);
    switch (syscall) {
    case SYS_DebugPutChar:
        event_emit(w, EVENT_CONSOLE, thread, tcb_reg(w, thread, CTX_CAP) & 0xff);
        return true;
    case SYS_DebugDumpScheduler: print_scheduler(w); return true;
    case SYS_DebugHalt:
        debug_announce(w, "halt");
        halt(w, number);
        return true;
    case SYS_DebugSnapshot: /* SIMPLIFIED: the capDL text that follows is left out */
        debug_announce(w, "snapshot");
        return true;
    case SYS_DebugCapIdentify: tcb_set_reg(w, thread, CTX_CAP, cap_type(debug_cap(w))); return true;
    case SYS_DebugNameThread: debug_name_thread(w, number); return true;
    default: return false;
    }
}

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

/* The timer's vector is the highest, so it comes first. */
static word_t irq_active(const struct world *w)
{
    return cpu_at(w)->clock >= kernel_at(w)->tick_due ? IRQ_OF_TIMER : line_waiting_irq(w);
}

/* A trap of the instruction before comes first. */
bool kernel_interrupt_due(const struct world *w)
{
    if (cpu_at(w)->debug_pending && !cpu_at(w)->has_loaded_stack) return false;
    return !kernel_at(w)->halted && irq_active(w) != IRQ_NONE;
}

word_t kernel_next_event(const struct world *w)
{
    word_t edge = kernel_next_line(w), tick = kernel_at(w)->tick_due;
    if (kernel_at(w)->halted) return ~(word_t)0;
    return edge < tick ? edge : tick;
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
    word_t irq = irq_active(w);
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
