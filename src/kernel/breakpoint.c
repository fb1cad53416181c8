/* SPDX-License-Identifier: BSD-2-Clause */
/* The hardware debug API: a thread's breakpoints and single steps, the debug exceptions that come of
 * them, and what a handler's answer says about the next step. A TCB keeps its own debug registers;
 * the processor has those of the thread that runs.
 * seL4: src/arch/x86/machine/breakpoint.c, src/object/tcb.c decodeSetBreakpoint and the functions
 * around it, include/arch/x86/arch/machine/debug.h. */
#include "kernel/internal.h"
#include "kernel/vspace.h"

#include <inttypes.h>

/* What calls and messages name. seL4: libsel4/include/sel4/constants.h. */
enum { DATA_BREAKPOINT, INSTRUCTION_BREAKPOINT, SINGLE_STEP, SOFTWARE_BREAK_REQUEST };
enum { BREAK_ON_READ, BREAK_ON_WRITE, BREAK_ON_READ_WRITE };
enum { BREAKPOINT_COUNT = 4 };

static const word_t DR6_NONE = 0xffff0ff0;
static const word_t DR7_GLOBAL = 0xaa; /* the bits by which the real kernel enables */

/* ---- DR7 ---- */

enum { DR7_INSTRUCTION, DR7_WRITE, DR7_READ_WRITE = 3 };
static const uint8_t dr7_length[4] = { 1, 2, 8, 4 };

static word_t enable_bit(unsigned number)
{
    return (word_t)2 << 2 * number;
}

static word_t dr7_fields(unsigned number, word_t type, word_t length)
{
    return type << (16 + 4 * number) | length << (18 + 4 * number);
}

static word_t dr7_type(word_t control, unsigned number)
{
    return control >> (16 + 4 * number) & 3;
}

static word_t dr7_size(word_t control, unsigned number)
{
    if (dr7_type(control, number) == DR7_INSTRUCTION) return 0;
    return dr7_length[control >> (18 + 4 * number) & 3];
}

static word_t type_of(word_t control, unsigned number)
{
    return dr7_type(control, number) == DR7_INSTRUCTION ? INSTRUCTION_BREAKPOINT : DATA_BREAKPOINT;
}

/* ---- a thread's debug registers ---- */

void breakpoint_init(struct world *w, paddr_t tcb)
{
    struct tcb *t = tcb_edit(w, tcb);
    t->breakpoint_control = cpu_at(w)->dr[7] & ~DR7_GLOBAL;
    for (unsigned n = 0; n < BREAKPOINT_COUNT; n++) t->breakpoint[n] = 0;
    t->steps_left = 0;
    t->breakpoints_used = t->is_stepping = 0;
}

/* A thread without breakpoints leaves DR0-3 and DR6 as they are. */
void breakpoint_restore(struct world *w, paddr_t tcb)
{
    const struct tcb *t = tcb_at(w, tcb);
    struct cpu *cpu = cpu_edit(w);
    cpu->dr[7] = t->breakpoint_control;
    if (t->breakpoints_used) {
        for (unsigned n = 0; n < BREAKPOINT_COUNT; n++) cpu->dr[n] = t->breakpoint[n];
        cpu->dr[6] = DR6_NONE;
    } else {
        cpu->dr[7] &= ~DR7_GLOBAL;
    }
    if (t->is_stepping) tcb_edit(w, tcb)->context[CTX_FLAGS] |= FLAG_TF;
}

static void single_step(struct world *w, paddr_t tcb, word_t instructions)
{
    struct tcb *t = tcb_edit(w, tcb);
    t->is_stepping = instructions != 0;
    t->steps_left = instructions;
    if (!instructions) t->context[CTX_FLAGS] &= ~(word_t)FLAG_TF;
}

/* As the real kernel's shift by a number that nobody checked comes out on x86. */
static uint32_t used_bit(word_t number)
{
    return (uint32_t)((word_t)1 << number % 64);
}

/* ---- exceptions ---- */

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
    cpu_edit(w)->dr[6] &= ~(word_t)DR6_SINGLE_STEP;
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
        cpu_edit(w)->dr[6] &= ~((word_t)1 << n);
        debug_fault_handle(w, debug_fault(type_of(t->breakpoint_control, n), t->breakpoint[n], n));
    } else if (status & DR6_SINGLE_STEP) {
        handle_single_step(w, thread);
    }
}

/* Word 0 of the answer to a step: how many instructions to the next; without it, one. */
bool breakpoint_take_reply(struct world *w, paddr_t receiver, paddr_t sender)
{
    word_t info = tcb_message_info(w, sender);
    if (tcb_at(w, receiver)->fault.word[0] == SINGLE_STEP)
        single_step(w, receiver, message_length(info) ? tcb_get_mr(w, sender, 0, 0) : 1);
    return message_label(info) == 0;
}

/* ---- SetBreakpoint ---- */

enum { ARG_NUMBER, ARG_ADDRESS, ARG_TYPE, ARG_SIZE, ARG_RW };

static enum progress invoke_set_breakpoint(struct world *w, const struct invocation *i)
{
    struct tcb *t = tcb_edit(w, i->target);
    unsigned number = (unsigned)i->arg[ARG_NUMBER];
    word_t type = DR7_INSTRUCTION, length = 0;
    if (i->arg[ARG_TYPE] == DATA_BREAKPOINT) {
        type = i->arg[ARG_RW] == BREAK_ON_WRITE ? DR7_WRITE : DR7_READ_WRITE;
        while (dr7_length[length] != i->arg[ARG_SIZE]) length++;
    }
    t->breakpoint[number] = i->arg[ARG_ADDRESS];
    t->breakpoint_control &= ~dr7_fields(number, 3, 3);
    t->breakpoint_control |= dr7_fields(number, type, length) | enable_bit(number);
    t->breakpoints_used |= used_bit(number);
    return PROGRESS_DONE;
}

static struct decoded refuse_argument(const char *text, word_t argument, word_t text_word)
{
    struct decoded d = refuse(SEL4_InvalidArgument, "decodeSetBreakpoint", text);
    d.refusal.word[0] = argument;
    d.refusal.text_word[0] = text_word;
    return d;
}

static struct decoded refuse_number(const char *where, word_t number)
{
    struct decoded d = refuse(SEL4_RangeError, where, "Debug: invalid bp_num %" PRIu64 ".");
    d.refusal.word[1] = BREAKPOINT_COUNT - 1;
    d.refusal.text_word[0] = number;
    return d;
}

/* A breakpoint's number travels in 16 bits. */
static word_t message_number(const struct call_message *m)
{
    return m->reg[0] & 0xffff;
}

static struct decoded refuse_type_and_size(word_t type, word_t size, word_t rw)
{
    if (type != INSTRUCTION_BREAKPOINT && type != DATA_BREAKPOINT)
        return refuse_argument("Debug: Unknown breakpoint type %" PRIx64 ".", 2, type);
    if (type == INSTRUCTION_BREAKPOINT && size)
        return refuse_argument("Debug: Instruction bps must have size of 0.", 3, 0);
    if (type == INSTRUCTION_BREAKPOINT && rw != BREAK_ON_READ)
        return refuse_argument("Debug: Instruction bps must be break-on-read.", 4, 0);
    if (type == DATA_BREAKPOINT && !size)
        return refuse_argument("Debug: Data bps cannot have size of 0.", 3, 0);
    if (rw > BREAK_ON_READ_WRITE)
        return refuse_argument("Debug: Unknown access-type %" PRIu64 ".", 3, rw);
    if (size > 8 || size & (size - 1))
        return refuse_argument("Debug: Invalid size %" PRIu64 ".", 3, size);
    return (struct decoded){ .refusal.error = SEL4_NoError };
}

static struct decoded refuse_place(word_t number, word_t address, word_t size)
{
    if (size && address & (size - 1)) {
        struct decoded d = refuse(SEL4_AlignmentError, "decodeSetBreakpoint",
                                  "Debug: Unaligned data watchpoint address %" PRIx64
                                  " (size %" PRIx64 ") rejected.\n");
        d.refusal.text_word[0] = address;
        d.refusal.text_word[1] = size;
        return d;
    }
    if (number >= BREAKPOINT_COUNT) return refuse_number("Arch_decodeSetBreakpoint", number);
    if (size == 8) { /* the processor could, but the real kernel knows that of few models */
        struct decoded d =
            refuse_argument("Debug: 8-byte breakpoints/watchpoints unsupported on this CPU.", 3, 0);
        d.refusal.where = "Arch_decodeSetBreakpoint";
        return d;
    }
    return (struct decoded){ .refusal.error = SEL4_NoError };
}

struct decoded decode_tcb_set_breakpoint(const struct world *w, const struct call_message *m)
{
    word_t number = message_number(m), address = message_word(w, m, ARG_ADDRESS);
    word_t type = message_word(w, m, ARG_TYPE), size = message_word(w, m, ARG_SIZE);
    word_t rw = message_word(w, m, ARG_RW);
    if (address >= USER_TOP)
        return refuse_argument("Debug: Invalid address %" PRIx64
                               ": bp addresses must be userspace addresses.",
                               1, address);
    struct decoded d = refuse_type_and_size(type, size, rw);
    if (d.refusal.error == SEL4_NoError) d = refuse_place(number, address, size);
    if (d.refusal.error != SEL4_NoError) return d;
    d = tcb_accept(m, invoke_set_breakpoint);
    d.invocation.arg[ARG_NUMBER] = number;
    d.invocation.arg[ARG_ADDRESS] = address;
    d.invocation.arg[ARG_TYPE] = type;
    d.invocation.arg[ARG_SIZE] = size;
    d.invocation.arg[ARG_RW] = rw;
    return d;
}

/* ---- GetBreakpoint, UnsetBreakpoint ---- */

static struct decoded decode_number(const struct call_message *m, const char *where,
                                    enum progress (*invoke)(struct world *,
                                                            const struct invocation *))
{
    word_t number = message_number(m);
    if (number >= BREAKPOINT_COUNT) return refuse_number(where, number);
    struct decoded d = tcb_accept(m, invoke);
    d.invocation.arg[ARG_NUMBER] = number;
    return d;
}

static enum progress invoke_get_breakpoint(struct world *w, const struct invocation *i)
{
    static const uint8_t rw[4] = { BREAK_ON_READ, BREAK_ON_WRITE, BREAK_ON_READ_WRITE,
                                   BREAK_ON_READ_WRITE };
    const struct tcb *t = tcb_at(w, i->target);
    unsigned n = (unsigned)i->arg[ARG_NUMBER];
    word_t control = t->breakpoint_control;
    word_t word[] = { t->breakpoint[n], type_of(control, n), dr7_size(control, n),
                      rw[dr7_type(control, n)], (control & enable_bit(n)) != 0 };
    reply_words(w, i, word, sizeof word / sizeof word[0]);
    return PROGRESS_REPLIED;
}

struct decoded decode_tcb_get_breakpoint(const struct world *w, const struct call_message *m)
{
    (void)w;
    return decode_number(m, "Arch_decodeGetBreakpoint", invoke_get_breakpoint);
}

static enum progress invoke_unset_breakpoint(struct world *w, const struct invocation *i)
{
    struct tcb *t = tcb_edit(w, i->target);
    unsigned n = (unsigned)i->arg[ARG_NUMBER];
    t->breakpoint[n] = 0;
    t->breakpoint_control &= ~(enable_bit(n) | dr7_fields(n, 3, 3));
    t->breakpoints_used &= ~used_bit(n);
    return PROGRESS_DONE;
}

struct decoded decode_tcb_unset_breakpoint(const struct world *w, const struct call_message *m)
{
    (void)w;
    return decode_number(m, "Arch_decodeUnsetBreakpoint", invoke_unset_breakpoint);
}

/* ---- ConfigureSingleStepping ---- */

static enum progress invoke_configure_single_stepping(struct world *w, const struct invocation *i)
{
    static const word_t was_consumed = 0; /* stepping takes the trap flag, no breakpoint */
    uint32_t bit = used_bit(i->arg[0]);
    single_step(w, i->target, i->arg[1]);
    struct tcb *t = tcb_edit(w, i->target);
    t->breakpoints_used = i->arg[1] ? t->breakpoints_used | bit : t->breakpoints_used & ~bit;
    reply_words(w, i, &was_consumed, 1);
    return PROGRESS_REPLIED;
}

struct decoded decode_tcb_configure_single_stepping(const struct world *w,
                                                    const struct call_message *m)
{
    struct decoded d = tcb_accept(m, invoke_configure_single_stepping);
    d.invocation.arg[0] = message_number(m);
    d.invocation.arg[1] = message_word(w, m, 1);
    return d;
}
