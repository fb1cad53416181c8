/* SPDX-License-Identifier: BSD-2-Clause */
/* The invocations that set and read a thread's breakpoints and single steps.
 * seL4: src/object/tcb.c decodeSetBreakpoint and the functions around it,
 * src/arch/x86/machine/breakpoint.c Arch_decodeSetBreakpoint. */
#include "kernel/breakpoint.h"
#include "kernel/vspace.h"

#include <inttypes.h>

/* As the real kernel's shift by a number that nobody checked comes out on x86. */
static uint32_t used_bit(word_t number)
{
    return (uint32_t)((word_t)1 << number % 64);
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
    t->breakpoint_control |= dr7_fields(number, type, length) | dr7_enable_bit(number);
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
    word_t word[] = { t->breakpoint[n], dr7_reason(control, n), dr7_size(control, n),
                      rw[dr7_type(control, n)], (control & dr7_enable_bit(n)) != 0 };
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
    t->breakpoint_control &= ~(dr7_enable_bit(n) | dr7_fields(n, 3, 3));
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
    breakpoint_step(w, i->target, i->arg[1]);
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
