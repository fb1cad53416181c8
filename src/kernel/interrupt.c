/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts as objects: who gets a handler capability, which notification a
 * handler signals, and the preemption point that long work passes through.
 *
 * seL4: src/object/interrupt.c, src/arch/x86/object/interrupt.c,
 * src/plat/pc99/machine/ioapic.c (checks), src/model/preemption.c. The machine
 * is a PC with one I/O APIC of 24 pins; taking an interrupt: syscall.c. */
#include "kernel/internal.h"

#include <inttypes.h>

/* SIMPLIFIED: every unit of long work takes the same time, whatever it deletes or clears. */
enum {
    IO_APICS = 1,
    IO_APIC_PINS = LINE_COUNT,
    PCI_BUS_MAX = 255,
    PCI_DEVICE_MAX = 31,
    PCI_FUNCTION_MAX = 7,
};

/* ---- State ---- */

void interrupt_mask(struct world *w, word_t irq, bool masked)
{
    word_t bit = (word_t)1 << irq % 64;
    word_t *word = &KERNEL_EDIT(w, irq_masked)[irq / 64];
    if (!masked && *word & bit) line_edges_pass(w, irq);
    *word = masked ? *word | bit : *word & ~bit;
}

void interrupt_set_state(struct world *w, word_t irq, enum irq_state state)
{
    KERNEL_EDIT(w, irq_state)[irq] = (uint8_t)state;
    interrupt_mask(w, irq, state == IRQ_INACTIVE);
}

static paddr_t irq_slot(const struct world *w, word_t irq)
{
    return kernel_at(w)->irq_node + (irq << SLOT_BITS);
}

void interrupt_delete_handler(struct world *w, word_t irq)
{
    slot_delete_one(w, irq_slot(w, irq));
}

void interrupt_deleted_handler(struct world *w, word_t irq)
{
    interrupt_set_state(w, irq, IRQ_INACTIVE);
    line_disconnect(w, irq);
}

/* ---- IRQControl ---- */

static struct decoded refuse_range(const char *where, const char *text, word_t lowest,
                                   word_t highest)
{
    struct decoded d = refuse(SEL4_RangeError, where, text);
    d.refusal.word[0] = lowest;
    d.refusal.word[1] = highest;
    return d;
}

/* Handlers of the 16 lines of the old interrupt controller, which a kernel with an I/O APIC does
 * not give out (Arch_checkIRQ). */
struct decoded decode_irq_control_get(const struct world *w, const struct call_message *m)
{
    (void)w;
    if (m->length < 3 || !m->extra_slot[0]) return refuse(SEL4_TruncatedMessage, NULL, NULL);
    return refuse(SEL4_IllegalOperation, "Arch_checkIRQ", "IRQControl: Illegal operation");
}

/* SIMPLIFIED: the polarity of a pin is checked, but not kept: all lines here are driven high, and what an
 * inverted pin sees of them is a matter of a board's wiring. No device here sends messages in place of lines. */
enum { GET_IRQ, GET_LINE, GET_LEVEL };

static enum progress invoke_irq_control(struct world *w, const struct invocation *i)
{
    struct cap handler = cap_new(CAP_IRQ_HANDLER);
    cap_irq_handler_set_irq(&handler, i->arg[GET_IRQ]);
    if (i->arg[GET_LINE] < LINE_COUNT)
        line_connect(w, i->arg[GET_LINE], i->arg[GET_IRQ], i->arg[GET_LEVEL]);
    interrupt_set_state(w, i->arg[GET_IRQ], IRQ_SIGNAL);
    slot_insert(w, handler, i->slot[0], i->target);
    return PROGRESS_DONE;
}

/* Words 0 and 1 are the destination, 6 the interrupt. What both ways of getting a handler check first. */
static struct decoded decode_irq_target(const struct world *w, const struct call_message *m)
{
    static const char where[] = "Arch_decodeIRQControlInvocation";
    struct decoded d;
    if (m->length < 7 || !m->extra_slot[0])
        return refuse(SEL4_TruncatedMessage, where, "IRQControl: Truncated message");

    word_t irq = message_word(w, m, 6), last = IRQ_USER_MAX - IRQ_USER_MIN;
    if (irq > last) {
        d = refuse_range(where, "IRQControl: Invalid irq %" PRId64 " should be between 0-%" PRId64,
                         0, last);
        d.refusal.text_word[0] = irq;
        d.refusal.text_word[1] = last;
        return d;
    }
    irq += IRQ_USER_MIN;
    if (kernel_at(w)->irq_state[irq] != IRQ_INACTIVE) {
        d = refuse(SEL4_RevokeFirst, where, "IRQControl: IRQ %" PRIu64 " is already active.");
        d.refusal.text_word[0] = irq;
        return d;
    }
    paddr_t slot;
    struct refusal r = lookup_slot_for_cnode_op(w, false, m->extra[0], message_word(w, m, 0),
                                                message_word(w, m, 1), &slot);
    if (r.error != SEL4_NoError) return (struct decoded){ .refusal = r };
    if (cap_type(cte_at(w, slot)->cap) != CAP_NULL) return refuse(SEL4_DeleteFirst, NULL, NULL);
    return (
        struct decoded){ .invocation = { .invoke = invoke_irq_control,
                                         .target = slot,
                                         .slot = { m->slot },
                                         .arg = { [GET_IRQ] = irq, [GET_LINE] = LINE_COUNT } } };
}

/* ioapic_decode_map_pin_to_vector. */
static struct decoded check_pin(word_t ioapic, word_t pin, word_t level, word_t polarity)
{
    static const char where[] = "ioapic_decode_map_pin_to_vector";
    struct decoded d = { .refusal = { .error = SEL4_NoError } };
    word_t shown = ioapic;
    if (ioapic >= IO_APICS) {
        d = refuse_range(where, "Invalid IOAPIC %" PRId64 ", only have 1", 0, IO_APICS - 1);
    } else if (pin >= IO_APIC_PINS) {
        d = refuse_range(where, "Invalid IOAPIC pin %" PRId64 ", there are 24 pins", 0,
                         IO_APIC_PINS - 1);
        shown = pin;
    } else if (level > 1) {
        d = refuse_range(where, "Level should be 0 or 1, not %" PRId64, 0, 1);
        shown = (word_t)(int64_t)(int32_t)(uint32_t)level;
    } else if (polarity > 1) {
        d = refuse_range(where, "Polarity should be 0 or 1, not %" PRId64, 0, 1);
        shown = (word_t)(int64_t)(int32_t)(uint32_t)polarity;
    }
    d.refusal.text_word[0] = shown;
    return d;
}

struct decoded decode_irq_control_get_ioapic(const struct world *w, const struct call_message *m)
{
    struct decoded d = decode_irq_target(w, m);
    if (d.refusal.error != SEL4_NoError) return d;
    struct decoded pin = check_pin(message_word(w, m, 2), message_word(w, m, 3),
                                   message_word(w, m, 4), message_word(w, m, 5));
    if (pin.refusal.error != SEL4_NoError) return pin;
    d.invocation.arg[GET_LINE] = message_word(w, m, 3);
    d.invocation.arg[GET_LEVEL] = message_word(w, m, 4);
    return d;
}

struct decoded decode_irq_control_get_msi(const struct world *w, const struct call_message *m)
{
    static const word_t highest[] = { PCI_BUS_MAX, PCI_DEVICE_MAX, PCI_FUNCTION_MAX };
    struct decoded d = decode_irq_target(w, m);
    if (d.refusal.error != SEL4_NoError) return d;
    for (unsigned i = 0; i < 3; i++)
        if (message_word(w, m, 2 + i) > highest[i]) return refuse_range(NULL, NULL, 0, highest[i]);
    return d;
}

/* ---- IRQHandler ---- */

static enum progress invoke_ack(struct world *w, const struct invocation *i)
{
    interrupt_mask(w, i->target, false);
    return PROGRESS_DONE;
}

struct decoded decode_irq_handler_ack(const struct world *w, const struct call_message *m)
{
    (void)w;
    return (struct decoded){ .invocation = { .invoke = invoke_ack,
                                             .target = cap_irq_handler_irq(m->cap) } };
}

static enum progress invoke_set_notification(struct world *w, const struct invocation *i)
{
    paddr_t slot = irq_slot(w, i->target);
    slot_delete_one(w, slot);
    slot_insert(w, i->cap[0], i->slot[0], slot);
    return PROGRESS_DONE;
}

struct decoded decode_irq_handler_set_notification(const struct world *w,
                                                   const struct call_message *m)
{
    static const char where[] = "decodeIRQHandlerInvocation";
    (void)w;
    if (!m->extra_slot[0]) return refuse(SEL4_TruncatedMessage, NULL, NULL);
    struct cap cap = m->extra[0];
    if (cap_type(cap) != CAP_NOTIFICATION)
        return refuse(SEL4_InvalidCapability, where,
                      "IRQSetHandler: provided cap is not an notification capability.");
    if (!cap_notification_can_send(cap))
        return refuse(SEL4_InvalidCapability, where,
                      "IRQSetHandler: caller does not have send rights on the endpoint.");
    return (struct decoded){ .invocation = { .invoke = invoke_set_notification,
                                             .target = cap_irq_handler_irq(m->cap),
                                             .slot = { m->extra_slot[0] },
                                             .cap = { cap } } };
}

static enum progress invoke_clear(struct world *w, const struct invocation *i)
{
    slot_delete_one(w, irq_slot(w, i->target));
    return PROGRESS_DONE;
}

struct decoded decode_irq_handler_clear(const struct world *w, const struct call_message *m)
{
    (void)w;
    return (struct decoded){ .invocation = { .invoke = invoke_clear,
                                             .target = cap_irq_handler_irq(m->cap) } };
}
