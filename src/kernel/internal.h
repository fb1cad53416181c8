/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel's files offer each other; nobody outside kernel/ includes this.
 * Each block names the file that owns the functions and the seL4 file that it mirrors. */
#ifndef FAULTLINE_KERNEL_INTERNAL_H
#define FAULTLINE_KERNEL_INTERNAL_H

#include "kernel/kernel.h"

/* A rule that our own code must keep; guest input can never break it. On in every build. */
#define INVARIANT(condition)                                                                       \
    ((condition) ? (void)0 : invariant_broken(#condition, __FILE__, __LINE__))
__attribute__((noreturn, cold)) void invariant_broken(const char *what, const char *file, int line);

/* For the long way of a function whose short way is taken at every message: put into it, the long way
 * would make the short one save registers that it does not need. */
#define OUT_OF_LINE __attribute__((noinline))

/* ---- print.c: src/machine/io.c, include/api/failures.h, src/machine/debug.c ---- */
/* What the real kernel prints on the serial line: EVENT_KERNEL_PRINT, only with `printing`. */
__attribute__((format(printf, 2, 3))) void kernel_print(const struct world *w, const char *format,
                                                        ...);
/* "<<seL4(CPU 0) [where/line Tpointer "name" @ip]: text>>" in the name of the current thread; only in debug builds. */
__attribute__((format(printf, 3, 4))) void user_error(const struct world *w, const char *where,
                                                      const char *format, ...);
/* The print that belongs to a refusal, if it has one. */
void refusal_print(const struct world *w, const struct refusal *r);
void print_scheduler(const struct world *w); /* DebugDumpScheduler, exactly */
/* A kernel object's address as the real kernel prints it: in its physical memory window. */
static inline word_t kernel_pointer(paddr_t object)
{
    return UINT64_C(0xffffff8000000000) + object;
}

/* ---- cspace.c: src/kernel/cspace.c ---- */
/* All lookups emit EVENT_LOOKUP and its levels. Bits left over are ignored, as for invocations. */
/* lookupSlot, lookupCapAndSlot: the slot, or 0 and why, which is left alone otherwise. */
paddr_t lookup_slot(const struct world *w, paddr_t tcb, word_t cptr,
                    struct lookup_failure *failure);
struct resolved {
    struct lookup_failure failure;
    paddr_t slot;
    word_t bits_left;
};
struct resolved resolve_address_bits(const struct world *w, struct cap root, word_t cptr,
                                     word_t bits);
/* lookupSlotForCNodeOp: all bits must be used. SEL4_NoError, or a refusal without text. */
struct refusal lookup_slot_for_cnode_op(const struct world *w, bool is_source, struct cap root,
                                        word_t cptr, word_t depth, paddr_t *slot);

/* The words of a lookup failure in a message: its type, then what belongs to it. Returns how many. */
unsigned lookup_failure_words(struct lookup_failure failure, word_t word[4]);

/* ---- cap.c: src/object/objecttype.c, src/arch/x86/64/object/objecttype.c (what a capability is) ---- */
struct cap cap_mask_rights(struct cap cap, word_t rights);
struct cap cap_update_data(bool preserve, word_t data,
                           struct cap cap); /* CAP_NULL: would be invalid */
/* deriveCap: the copy that may be made; *out is CAP_NULL where none may. */
struct refusal cap_derive(const struct world *w, paddr_t slot, struct cap cap, struct cap *out);
bool cap_same_region_as(struct cap a, struct cap b);
bool cap_same_object_as(struct cap a, struct cap b);
bool cap_is_revocable(struct cap derived, struct cap source);
unsigned cap_object_size_bits(struct cap cap);
bool cap_has_cancel_send_rights(struct cap cap);
struct finalised {
    struct cap remainder; /* CAP_NULL, or the zombie that is left */
    struct cap
        cleanup; /* what has to be cleaned up after the slot is empty: an IRQ handler, I/O ports */
};
struct finalised cap_finalise(struct world *w, struct cap cap, bool final, bool exposed);
void cap_post_delete(struct world *w, struct cap cleanup);
/* createObject: makes the object in cleared memory and returns its capability. */
struct cap object_create(struct world *w, const struct object_desc *type, paddr_t at,
                         word_t user_size, bool is_device);
unsigned object_size_bits(const struct kernel_config *config, const struct object_desc *type,
                          word_t user_size);

/* ---- slot.c: src/object/cnode.c (what is done with slots) ---- */
void slot_insert(struct world *w, struct cap cap, paddr_t source,
                 paddr_t destination); /* cteInsert */
void slot_move(struct world *w, struct cap cap, paddr_t source, paddr_t destination); /* cteMove */
void slot_swap(struct world *w, struct cap a, paddr_t slot_a, struct cap b, paddr_t slot_b);
enum progress slot_delete(struct world *w, paddr_t slot, bool exposed);
enum progress slot_revoke(struct world *w, paddr_t slot);
void slot_delete_one(struct world *w, paddr_t slot); /* of capabilities that never become zombies */
bool slot_is_final(const struct world *w, paddr_t slot);
bool slot_has_children(const struct world *w, paddr_t slot);
bool slot_deletes_long(const struct world *w, paddr_t slot); /* slotCapLongRunningDelete */
void slot_insert_new(struct world *w, paddr_t parent, paddr_t slot,
                     struct cap cap);                             /* insertNewCap */
void slot_set_cap(struct world *w, paddr_t slot, struct cap cap); /* the only writer of cte.cap */
/* A capability that the boot code puts into an empty slot, without a parent. */
void slot_write_initial(struct world *w, paddr_t slot, struct cap cap);
void slot_setup_reply_master(struct world *w, paddr_t tcb);

/* ---- call.c: src/api/syscall.c handleInvocation ---- */
/* Reads the current thread's message, looks up, decodes, invokes, answers. Errors become faults or
 * replies as in the real one. PROGRESS_PREEMPTED: the system call is to be restarted. */
enum progress handle_invocation(struct world *w, bool call, bool blocking);
struct decoded decode_invocation(const struct world *w, const struct call_message *m);

/* ---- decode.c: src/object/objecttype.c decodeInvocation ---- */
/* Of capabilities that carry no messages, by type, then label. */
struct decoded decode_by_type(const struct world *w, const struct call_message *m);

/* ---- answer.c: src/object/endpoint.c replyFromKernel_* ---- */
/* Badge 0, and as many of the words as fit. */
void answer_words(struct world *w, paddr_t tcb, word_t label, const word_t *word, unsigned count);
/* Prints why, and answers with the error if the thread called. */
void answer_refusal(struct world *w, const struct call_message *m, const struct refusal *r);
/* Results of an invocation into its thread's message registers, if it called; the thread then is
 * running. For invocations that return PROGRESS_REPLIED, whether called or not. */
void reply_words(struct world *w, const struct invocation *i, const word_t *word, unsigned count);

/* ---- context.c: src/arch/x86/machine/registerset.c, c_traps.c: the saved context and the live registers ---- */
enum {
    SELECTOR_KERNEL_CODE = 0x08,
    SELECTOR_KERNEL_DATA = 0x10,
    SELECTOR_USER_CODE = 0x2b,
    SELECTOR_USER_DATA = 0x33,
    SELECTOR_SYSRET_CODE = 0x3b /* what the real kernel's STAR gives, 16 above its user code */
};
enum { FRAME_REGISTERS = 20 };
extern const uint8_t
    frame_register[FRAME_REGISTERS]; /* enum context_reg, in the order of seL4_UserContext */
static inline word_t tcb_reg(const struct world *w, paddr_t tcb, enum context_reg reg)
{
    return tcb_at(w, tcb)->context[reg];
}
static inline void tcb_set_reg(struct world *w, paddr_t tcb, enum context_reg reg, word_t value)
{
    tcb_edit(w, tcb)->context[reg] = value;
}
void context_init(struct world *w, paddr_t tcb);         /* Arch_initContext */
void context_save_syscall(struct world *w, paddr_t tcb); /* what the `syscall` entry saves */
void context_save_interrupt(struct world *w, paddr_t tcb, word_t error_code); /* everything */
/* Leaves the kernel: the current thread's context becomes the live registers, by sysret or iret. */
void context_restore(struct world *w);
word_t register_sanitise_special(enum context_reg reg, word_t value);
/* sanitiseRegister: what a thread may write into a register. */
static inline word_t register_sanitise(enum context_reg reg, word_t value)
{
    const word_t special = 1u << CTX_FAULT_IP | 1u << CTX_NEXT_IP | 1u << CTX_FS_BASE |
                           1u << CTX_GS_BASE | 1u << CTX_FLAGS;
    return special >> reg & 1 ? register_sanitise_special(reg, value) : value;
}

/* ---- fpu.c: src/machine/fpu.c ---- */

enum { FPU_BYTES = 512 };
extern const uint8_t fpu_initial[FPU_BYTES];
void fpu_restore(struct world *w,
                 paddr_t tcb); /* lazyFPURestore: for the thread that is switched to */
void fpu_release(struct world *w,
                 paddr_t tcb); /* its state is saved, and it owns the FPU no more */

/* ---- tcb.c: src/object/tcb.c ---- */
void tcb_create(struct world *w, paddr_t tcb); /* fields of a new TCB, debug list; memory is zero */
void tcb_destroy(struct world *w, paddr_t tcb);       /* leaves the debug list and all queues */
void tcb_sched_enqueue(struct world *w, paddr_t tcb); /* at the head */
void tcb_sched_append(struct world *w, paddr_t tcb);  /* at the tail */
void tcb_sched_dequeue(struct world *w, paddr_t tcb);
void tcb_set_name(struct world *w, paddr_t tcb, const char *name);
/* Physical address of a thread's IPC buffer, 0 where it has none that may be used so (lookupIPCBuffer). */
paddr_t tcb_ipc_buffer(const struct world *w, paddr_t tcb, bool is_receiver);
/* Message registers of a thread: registers first, then its buffer. setMR returns how many words fit. */
word_t tcb_get_mr(const struct world *w, paddr_t tcb, paddr_t buffer, unsigned i);
unsigned tcb_set_mr(struct world *w, paddr_t tcb, paddr_t buffer, unsigned i, word_t value);
/* `count` words from MR0 on; returns how many fit. */
unsigned tcb_set_mrs(struct world *w, paddr_t tcb, paddr_t buffer, const word_t *word,
                     unsigned count);
/* A thread's message info, its length cut to 120 (messageInfoFromWord). */
static inline word_t tcb_message_info(const struct world *w, paddr_t tcb)
{
    word_t info = tcb_reg(w, tcb, CTX_MSG_INFO);
    if (message_length(info) <= MESSAGE_MAX_LENGTH) return info;
    return (info & ~(word_t)127) | MESSAGE_MAX_LENGTH;
}
/* Else it lies in registers as a whole. */
static inline bool message_needs_buffer(word_t info)
{
    return message_length(info) > MESSAGE_REGISTERS || message_caps(info);
}
/* The slot that holds the capability to the frame of a thread's IPC buffer. */
paddr_t tcb_buffer_slot(const struct world *w, paddr_t tcb);
void tcb_setup_caller_cap(struct world *w, paddr_t sender, paddr_t receiver, bool can_grant);
void tcb_delete_caller_cap(struct world *w, paddr_t receiver);

/* ---- tcb_registers.c, tcb_configure.c, tcb_control.c: the invocations of src/object/tcb.c ---- */
/* A call on a TCB that was found good: what is common to all of them. */
static inline struct decoded tcb_accept(const struct call_message *m,
                                        enum progress (*invoke)(struct world *w,
                                                                const struct invocation *i))
{
    return (struct decoded){ .invocation = { .invoke = invoke,
                                             .thread = m->thread,
                                             .call = m->call,
                                             .blocking = m->blocking,
                                             .label = m->label,
                                             .target = cap_object(m->cap) } };
}

/* ---- thread.c, transfer.c: src/kernel/thread.c ---- */
static inline bool state_is_runnable(word_t state)
{
    return state == TCB_RUNNING || state == TCB_RESTART;
}
static inline void scheduler_action_set(struct world *w, paddr_t action)
{
    if (kernel_at(w)->scheduler_action != action) KERNEL_EDIT(w, scheduler_action) = action;
}
/* setThreadState; the only writer. The current thread cannot go on in a state in which nobody runs. */
static inline void tcb_set_state(struct world *w, paddr_t tcb, enum tcb_state to)
{
    word_t from = tcb_at(w, tcb)->state;
    if (from != to) {
        tcb_edit(w, tcb)->state = to;
        event_emit(w, EVENT_STATE, tcb, from, to);
    }
    const struct kernel *k = kernel_at(w);
    if (!state_is_runnable(to) && tcb == k->current &&
        k->scheduler_action == SCHEDULER_RESUME_CURRENT)
        scheduler_action_set(w, SCHEDULER_CHOOSE_NEW);
}
void tcb_set_priority(struct world *w, paddr_t tcb, word_t priority);
void tcb_set_mcp(struct world *w, paddr_t tcb, word_t mcp);
void tcb_set_domain(struct world *w, paddr_t tcb, word_t domain);
void thread_suspend(struct world *w, paddr_t tcb);
void thread_restart(struct world *w, paddr_t tcb);
void thread_configure_idle(struct world *w, paddr_t tcb);
void possible_switch_to(struct world *w, paddr_t tcb);
void reschedule_required(struct world *w);
void schedule(struct world *w);
void activate_thread(struct world *w);
void timer_tick(struct world *w);
void ipc_transfer(struct world *w, paddr_t sender, paddr_t endpoint, word_t badge, bool grant,
                  paddr_t receiver); /* doIPCTransfer */
void reply_transfer(struct world *w, paddr_t sender, paddr_t receiver, paddr_t slot,
                    bool grant);                   /* doReplyTransfer */
void nb_recv_failed(struct world *w, paddr_t tcb); /* doNBRecvFailedTransfer */

/* ---- endpoint.c, notification.c: src/object/endpoint.c, src/object/notification.c ---- */
struct ipc_send {
    bool blocking, call, can_grant, can_grant_reply;
    word_t badge;
};
void endpoint_send(struct world *w, paddr_t endpoint, paddr_t tcb,
                   struct ipc_send how);                                            /* sendIPC */
void endpoint_receive(struct world *w, paddr_t tcb, struct cap cap, bool blocking); /* receiveIPC */
void endpoint_cancel(struct world *w, paddr_t tcb);                                 /* cancelIPC */
void endpoint_cancel_all(struct world *w, paddr_t endpoint);
void endpoint_cancel_badged_sends(struct world *w, paddr_t endpoint, word_t badge);
void notification_signal(struct world *w, paddr_t notification, word_t badge);
void notification_receive(struct world *w, paddr_t tcb, struct cap cap, bool blocking);
void notification_complete(struct world *w, paddr_t notification, paddr_t tcb); /* completeSignal */
void notification_cancel(struct world *w, paddr_t tcb, paddr_t notification);
void notification_cancel_all(struct world *w, paddr_t notification);
void notification_bind(struct world *w, paddr_t tcb, paddr_t notification);
void notification_unbind_tcb(struct world *w, paddr_t tcb);            /* unbindNotification */
void notification_unbind_maybe(struct world *w, paddr_t notification); /* unbindMaybeNotification */

/* ---- fault.c: src/kernel/faulthandler.c, src/api/faults.c ---- */
void fault_handle(struct world *w, paddr_t tcb, struct fault fault,
                  struct lookup_failure failure); /* handleFault */
word_t fault_set_message(struct world *w, paddr_t sender, paddr_t receiver,
                         paddr_t receive_buffer); /* returns its length */
bool fault_take_reply(struct world *w, paddr_t receiver,
                      paddr_t sender); /* handleFaultReply: whether it resumes */
void fault_message_text(const struct world *w, const struct fault *f, paddr_t tcb, char *text,
                        size_t size); /* "vm fault on data at …" */

/* ---- breakpoint.c, debug_exception.c: src/arch/x86/machine/breakpoint.c; only with the hardware debug API ---- */
void breakpoint_init(struct world *w, paddr_t tcb);    /* Arch_initBreakpointContext */
void breakpoint_restore(struct world *w, paddr_t tcb); /* restore_user_debug_context */
void handle_debug_exception(struct world *w, word_t vector);
bool breakpoint_take_reply(struct world *w, paddr_t receiver, paddr_t sender);

/* ---- syscall.c: src/api/syscall.c; trap.c: src/arch/x86/64/c_traps.c, traps.S ---- */
void handle_syscall(struct world *w, enum syscall syscall);
void handle_unknown_syscall(struct world *w, word_t number);
/* debug.c: calls that come back to the thread at once, without a look at the scheduler. False: not one of them. */
bool handle_debug_syscall(struct world *w, enum syscall syscall, word_t number);
void handle_user_exception(struct world *w, word_t number, word_t code);
void handle_vm_fault(struct world *w, word_t address, word_t error_code);
void handle_interrupt(struct world *w);

/* ---- interrupt.c: src/object/interrupt.c, src/machine (the interrupt controller) ---- */
void interrupt_delete_handler(struct world *w, word_t irq); /* deletingIRQHandler */
void interrupt_deleted_handler(struct world *w, word_t irq);
void interrupt_set_state(struct world *w, word_t irq, enum irq_state state); /* setIRQState */
void interrupt_mask(struct world *w, word_t irq, bool masked);               /* maskInterrupt */

/* line.c */
void line_connect(struct world *w, word_t line, word_t irq, bool by_level);
void line_disconnect(struct world *w, word_t irq);
void line_edges_pass(struct world *w, word_t irq); /* heard or missed up to now */
word_t line_waiting_irq(const struct world *w);    /* the highest that is not masked, or IRQ_NONE */
static inline bool
line_waits(const struct world *w) /* whether there is one: asked at every entry */
{
    const struct kernel *k = kernel_at(w);
    word_t waiting = 0;
    for (unsigned i = 0; i < IRQ_COUNT / 64; i++) waiting |= k->irq_pending[i] & ~k->irq_masked[i];
    return waiting || (k->lines && line_waiting_irq(w) != IRQ_NONE);
}
word_t interrupt_active(const struct world *w); /* the timer's or that one (getActiveIRQ) */

/* ---- preemption.c: src/model/preemption.c ---- */
/* Counts a unit of long work; true when an interrupt waits and 100 units are done. */
bool preemption_point(struct world *w);

/* ---- vspace.c, asid.c: src/arch/x86/64/kernel/vspace.c, src/arch/x86/kernel/vspace.c ---- */
bool cap_is_valid_vtable_root(struct cap cap);
void vspace_switch_to(struct world *w, paddr_t tcb); /* setVMRoot: CR3 */
struct cap
vspace_finalise(struct world *w, struct cap cap,
                bool final); /* of frames, tables, PML4s, ASID pools; returns the remainder */
struct refusal vspace_derive(const struct world *w, paddr_t slot, struct cap cap,
                             struct cap *out); /* Arch_deriveCap */
struct cap frame_mask_rights(struct cap cap, word_t rights);
void frame_rights_print(const struct world *w, struct cap cap, word_t rights);
struct cap vspace_create(struct world *w, const struct object_desc *type, paddr_t at,
                         bool is_device);                            /* Arch_createObject */
struct refusal cap_check_ipc_buffer(word_t vaddr, struct cap frame); /* checkValidIPCBuffer */
void io_port_delete(struct world *w, word_t first, word_t last);
bool vspace_translate(const struct world *w, struct cap vtable, word_t vaddr, paddr_t *out);

#endif
