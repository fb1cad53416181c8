/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel objects and the kernel's globals, as they lie in the arena.
 * seL4: include/object/structures.h, include/model/statedata.h. Sizes and alignments are the real
 * kernel's, fixed-width and without padding. */
#ifndef FAULTLINE_KERNEL_OBJECT_H
#define FAULTLINE_KERNEL_OBJECT_H

#include "kernel/cap.h"
#include "kernel/config.h"
#include "kernel/numbers.h"
#include "machine/device.h"

/* The saved context. seL4: include/arch/x86/arch/64/mode/machine/registerset.h; the order is that
 * of the real context, stale words included. */
/* clang-format off */
enum context_reg {
    CTX_RDI, CTX_RSI, CTX_RAX, CTX_RBX, CTX_RBP, CTX_R12, CTX_R13, CTX_R14, CTX_RDX, CTX_R10,
    CTX_R8, CTX_R9, CTX_R15, CTX_FLAGS, CTX_NEXT_IP, CTX_ERROR, CTX_RSP, CTX_FAULT_IP, CTX_R11,
    CTX_RCX, CTX_CS, CTX_SS, CTX_FS_BASE, CTX_GS_BASE,
    CTX_COUNT,
    CTX_CAP = CTX_RDI, CTX_BADGE = CTX_RDI, CTX_MSG_INFO = CTX_RSI, CTX_REPLY = CTX_R12,
    CTX_MR0 = CTX_R10, /* and behind it the other message registers: R8, R9, R15 */
};
/* clang-format on */

/* Thread states: enum, the word of the scheduler dump, the glyph of a view. */
#define TCB_STATE_LIST(X)                                                                          \
    X(INACTIVE, "inactive", '.')                                                                   \
    X(RUNNING, "running", 'R')                                                                     \
    X(RESTART, "restart", 'r')                                                                     \
    X(BLOCKED_ON_RECEIVE, "blocked on recv", '<')                                                  \
    X(BLOCKED_ON_SEND, "blocked on send", '>')                                                     \
    X(BLOCKED_ON_REPLY, "blocked on reply", '?')                                                   \
    X(BLOCKED_ON_NOTIFICATION, "blocked on ntfn", '!')                                             \
    X(IDLE, "idle", 'z')

enum tcb_state {
#define X(id, name, glyph) TCB_##id,
    TCB_STATE_LIST(X)
#undef X
        TCB_STATE_COUNT
};

/* Kinds of fault as the kernel numbers them inside itself; labels of messages: tables/faults.def. */
/* clang-format off */
enum fault_kind {
    FAULT_NONE, FAULT_CAP, FAULT_UNKNOWN_SYSCALL, FAULT_USER_EXCEPTION, FAULT_VM,
    FAULT_DEBUG_EXCEPTION, FAULT_TIMEOUT,
    FAULT_KIND_COUNT
};
/* clang-format on */

/* A fault: its kind and the words that its message takes from it (order: tables/faults.def). */
struct fault {
    word_t kind;
    word_t word[4];
};

/* Why a lookup failed; types are numbered from 1 in messages (seL4_LookupFailureType). */
enum lookup_failure_type {
    LOOKUP_OK,
    LOOKUP_INVALID_ROOT,
    LOOKUP_MISSING_CAPABILITY,
    LOOKUP_DEPTH_MISMATCH,
    LOOKUP_GUARD_MISMATCH
};

struct lookup_failure {
    word_t type;
    word_t bits_left;
    word_t bits_found; /* depth mismatch: bits the level wants; guard mismatch: the guard's size */
    word_t guard_found;
};

/* Slots in front of a TCB. */
enum tcb_slot {
    TCB_CTABLE = 0,
    TCB_VTABLE = 1,
    TCB_REPLY = 2,  /* without MCS */
    TCB_CALLER = 3, /* without MCS */
    TCB_BUFFER = 4, /* without MCS */
    TCB_MCS_BUFFER = 2,
    TCB_MCS_FAULT_HANDLER = 3,
    TCB_MCS_TIMEOUT_HANDLER = 4,
    TCB_SLOT_COUNT = 5,
};

/* clang-format off */
enum { TCB_BITS = 11, TCB_OFFSET = 1 << 10, ENDPOINT_BITS = 4, NOTIFICATION_BITS = 5, MCS_NOTIFICATION_BITS = 6,
       UNTYPED_MIN_BITS = 4, UNTYPED_MAX_BITS = 47, TCB_NAME_SIZE = 848, TCB_FLAG_FPU_DISABLED = 1, PRIORITY_COUNT = 256, MAX_DOMAINS = 16 };
/* clang-format on */

/* A TCB: 2 KiB. The first half holds its slots, and in debug builds its name and the list of all
 * TCBs; this is the second half, and what a paddr_t of a TCB names (slots: tcb - TCB_OFFSET). */
struct tcb {
    word_t context[CTX_COUNT];
    word_t state;           /* written by tcb_set_state() only */
    word_t blocking_object; /* endpoint or notification it waits on */
    word_t blocking_badge;
    uint8_t blocking_can_grant, blocking_can_grant_reply, blocking_is_call, in_ready_queue;
    uint8_t priority, mcp, domain, flags;
    struct fault fault;
    struct lookup_failure lookup_failure;
    word_t time_slice;
    word_t fault_handler; /* without MCS: a CPtr in the thread's own CSpace */
    word_t ipc_buffer;    /* virtual address */
    paddr_t bound_notification;
    paddr_t sched_next, sched_prev;
    paddr_t ep_next, ep_prev;
    paddr_t sched_context, yield_to, reply; /* MCS */
    /* Hardware debug API: DR0-3 and DR7; instructions to the step that is reported. */
    word_t breakpoint[4], breakpoint_control, steps_left;
    uint32_t breakpoints_used, is_stepping;
    uint32_t in_release_queue;
    uint32_t passed_over; /* driven by hand with nothing typed: world/hand.h */
    word_t fpu_is_used;   /* `fpu` is not fpu_initial */
    uint8_t fpu[512];     /* behind what every switch reads */
};
_Static_assert(sizeof(struct tcb) <= TCB_OFFSET, "a TCB and its slots are 2 KiB");

/* In the first half of a TCB, behind the slots. */
struct tcb_debug {
    paddr_t next, prev;
    char name[TCB_NAME_SIZE];
};
_Static_assert(sizeof(struct tcb_debug) == TCB_OFFSET - (TCB_SLOT_COUNT << SLOT_BITS),
               "a TCB's name fills its first half, as in the real kernel");

struct endpoint {
    paddr_t head;           /* of the queue of TCBs */
    paddr_t tail_and_state; /* state in the two lowest bits */
};

enum endpoint_state { ENDPOINT_IDLE, ENDPOINT_SEND, ENDPOINT_RECEIVE };

struct notification {
    paddr_t head, tail_and_state;
    word_t badge;
    paddr_t bound_tcb;
};

enum notification_state { NOTIFICATION_IDLE, NOTIFICATION_WAITING, NOTIFICATION_ACTIVE };

struct tcb_queue {
    paddr_t head, tail;
};

/* What schedule() is to do at the end of a kernel entry. Else the address of a TCB to switch to. */
enum { SCHEDULER_RESUME_CURRENT = 0, SCHEDULER_CHOOSE_NEW = 1 };

enum { IRQ_COUNT = 256, MAX_DOMAIN_SCHEDULE = 256, ASID_HIGH_COUNT = 8, CAPDL_SEEN = 256 };

/* What an interrupt is for; numbers as the real kernel's on a PC with an I/O APIC. */
enum irq_state { IRQ_INACTIVE, IRQ_SIGNAL, IRQ_TIMER, IRQ_RESERVED };
enum { IRQ_USER_MIN = 16, IRQ_USER_MAX = 123, IRQ_OF_TIMER = 125, IRQ_NONE = IRQ_COUNT };

struct domain_entry {
    word_t domain, length; /* ticks; 0 ends the schedule */
};

/* The kernel's globals. seL4: src/model/statedata.c, src/arch/x86/model/statedata.c. */
struct kernel {
    struct kernel_config config;
    struct numbers numbers; /* of this configuration */
    paddr_t current, idle, scheduler_action;
    word_t domain, domain_time, domain_index, domain_start;
    word_t work_units;  /* since the last look for interrupts: preemption points */
    word_t tick_due;    /* clock value of the next timer tick */
    paddr_t debug_tcbs; /* list of all TCBs, newest first */
    paddr_t fpu_owner;
    paddr_t irq_node;   /* 256 slots */
    paddr_t root_tcb;   /* the initial thread, for people's names only */
    word_t passed_over; /* how many TCBs are; 0: the scheduler is exactly the real one */
    word_t halted;      /* DebugHalt */
    uint8_t irq_state[IRQ_COUNT];
    word_t irq_pending[IRQ_COUNT / 64], irq_masked[IRQ_COUNT / 64];
    word_t lines;       /* bit n: line n of the I/O APIC brings the interrupt line_irq[n] */
    word_t level_lines; /* bit n: it does so as long as the line is high, not only when it rises */
    uint8_t line_irq[LINE_COUNT];
    paddr_t asid_table[ASID_HIGH_COUNT];
    word_t ready_level1[MAX_DOMAINS];
    word_t ready_level2[MAX_DOMAINS][PRIORITY_COUNT / 64];
    struct tcb_queue ready[MAX_DOMAINS][PRIORITY_COUNT];
    struct domain_entry domain_schedule[MAX_DOMAIN_SCHEDULE];
    word_t io_ports[65536 / 64]; /* which ports are allocated to I/O port capabilities */
    word_t seen_count;           /* DebugSnapshot keeps its list from one call to the next */
    struct cap seen[CAPDL_SEEN];
};
_Static_assert(sizeof(struct kernel) <= ARENA_WORLD - ARENA_KERNEL,
               "the kernel's globals have their place");

static inline const struct kernel *kernel_at(const struct world *w)
{
    return (const struct kernel *)arena_at(w, ARENA_KERNEL);
}

/* Marks the pages of the member that is changed: KERNEL_EDIT(w, current) = tcb. */
#define KERNEL_EDIT(w, member)                                                                     \
    (*(__typeof__(&((struct kernel *)0)->member))arena_edit(                                       \
        (w), ARENA_KERNEL + offsetof(struct kernel, member),                                       \
        sizeof(((struct kernel *)0)->member)))

static inline const struct kernel_config *kernel_config(const struct world *w)
{
    return &kernel_at(w)->config;
}

static inline const struct tcb *tcb_at(const struct world *w, paddr_t tcb)
{
    return (const struct tcb *)memory_at(w, tcb);
}

static inline struct tcb *tcb_edit(struct world *w, paddr_t tcb)
{
    return (struct tcb *)memory_edit_within(w, tcb);
}

static inline paddr_t tcb_slot(paddr_t tcb, enum tcb_slot slot)
{
    return tcb - TCB_OFFSET + ((paddr_t)slot << SLOT_BITS);
}

static inline const struct tcb_debug *tcb_debug_at(const struct world *w, paddr_t tcb)
{
    return (const struct tcb_debug *)memory_at(w, tcb_slot(tcb, TCB_SLOT_COUNT));
}

static inline const struct endpoint *endpoint_at(const struct world *w, paddr_t endpoint)
{
    return (const struct endpoint *)memory_at(w, endpoint);
}

static inline const struct notification *notification_at(const struct world *w,
                                                         paddr_t notification)
{
    return (const struct notification *)memory_at(w, notification);
}

static inline enum endpoint_state endpoint_state(const struct world *w, paddr_t endpoint)
{
    return (enum endpoint_state)(endpoint_at(w, endpoint)->tail_and_state & 3);
}

static inline enum notification_state notification_state(const struct world *w,
                                                         paddr_t notification)
{
    return (enum notification_state)(notification_at(w, notification)->tail_and_state & 3);
}

extern const char *tcb_state_name(word_t state); /* in the words of the scheduler dump */

#endif
