/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations that read and write the registers of threads: ReadRegisters, WriteRegisters,
 * CopyRegisters, SetTLSBase, SetFlags.
 * seL4: src/object/tcb.c, src/arch/x86/64/kernel/thread.c Mode_postModifyRegisters. */
#include "kernel/internal.h"

#include <inttypes.h>

/* Writing registers makes the thread return by iret, which restores them all; not the current
 * thread, which has to leave as it came. */
static void registers_modified(struct world *w, paddr_t tcb)
{
    if (tcb == kernel_at(w)->current) {
        reschedule_required(w);
    } else {
        tcb_set_reg(w, tcb, CTX_ERROR, 0);
    }
}

static struct decoded refuse_with(enum sel4_error error, const char *where, const char *text,
                                  word_t first, word_t second)
{
    struct decoded d = refuse(error, where, text);
    d.refusal.text_word[0] = first;
    d.refusal.text_word[1] = second;
    return d;
}

/* Bit 0 of the flags: the thread is suspended before, or resumed behind. */
static struct decoded accept_registers(const struct call_message *m,
                                       enum progress (*invoke)(struct world *,
                                                               const struct invocation *),
                                       word_t flags, word_t count)
{
    struct decoded d = tcb_accept(m, invoke);
    d.invocation.arg[0] = flags & 1;
    d.invocation.arg[1] = count;
    return d;
}

/* ---- ReadRegisters ---- */

static enum progress invoke_read_registers(struct world *w, const struct invocation *i)
{
    word_t word[FRAME_REGISTERS];
    unsigned count = (unsigned)i->arg[1];
    if (i->arg[0]) thread_suspend(w, i->target);
    for (unsigned n = 0; n < count; n++) word[n] = tcb_reg(w, i->target, frame_register[n]);
    reply_words(w, i, word, count);
    return PROGRESS_REPLIED;
}

struct decoded decode_tcb_read_registers(const struct world *w, const struct call_message *m)
{
    static const char where[] = "decodeReadRegisters";
    if (m->length < 2)
        return refuse(SEL4_TruncatedMessage, where, "TCB ReadRegisters: Truncated message.");
    word_t flags = message_word(w, m, 0), count = message_word(w, m, 1);
    if (count < 1 || count > FRAME_REGISTERS) {
        struct decoded d = refuse_with(
            SEL4_RangeError, where,
            "TCB ReadRegisters: Attempted to read an invalid number of registers (%" PRId64 ").",
            (word_t)(int64_t)(int32_t)count, 0);
        d.refusal.word[0] = 1;
        d.refusal.word[1] = FRAME_REGISTERS;
        return d;
    }
    if (cap_object(m->cap) == m->thread)
        return refuse(SEL4_IllegalOperation, where,
                      "TCB ReadRegisters: Attempted to read our own registers.");
    return accept_registers(m, invoke_read_registers, flags, count);
}

/* ---- WriteRegisters ---- */

static enum progress invoke_write_registers(struct world *w, const struct invocation *i)
{
    paddr_t buffer = tcb_ipc_buffer(w, i->thread, false);
    unsigned count = i->arg[1] < FRAME_REGISTERS ? (unsigned)i->arg[1] : FRAME_REGISTERS;
    for (unsigned n = 0; n < count; n++) {
        enum context_reg reg = frame_register[n];
        tcb_set_reg(w, i->target, reg,
                    register_sanitise(reg, tcb_get_mr(w, i->thread, buffer, n + 2)));
    }
    tcb_set_reg(w, i->target, CTX_NEXT_IP, tcb_reg(w, i->target, CTX_FAULT_IP));
    registers_modified(w, i->target);
    if (i->arg[0]) thread_restart(w, i->target);
    return PROGRESS_DONE;
}

struct decoded decode_tcb_write_registers(const struct world *w, const struct call_message *m)
{
    static const char where[] = "decodeWriteRegisters";
    if (m->length < 2)
        return refuse(SEL4_TruncatedMessage, where, "TCB WriteRegisters: Truncated message.");
    word_t flags = message_word(w, m, 0), count = message_word(w, m, 1);
    if (m->length - 2 < count)
        return refuse_with(
            SEL4_TruncatedMessage, where,
            "TCB WriteRegisters: Message too short for requested write size (%" PRId64 "/%" PRId64
            ").",
            m->length - 2, (word_t)(int64_t)(int32_t)count);
    if (cap_object(m->cap) == m->thread)
        return refuse(SEL4_IllegalOperation, where,
                      "TCB WriteRegisters: Attempted to write our own registers.");
    return accept_registers(m, invoke_write_registers, flags, count);
}

/* ---- CopyRegisters ---- */

enum { COPY_SUSPEND_SOURCE = 1, COPY_RESUME_TARGET = 2, COPY_FRAME = 4, COPY_INTEGER = 8 };

static void copy_registers(struct world *w, paddr_t from, paddr_t to, unsigned first, unsigned end)
{
    for (unsigned n = first; n < end; n++)
        tcb_set_reg(w, to, frame_register[n], tcb_reg(w, from, frame_register[n]));
}

static enum progress invoke_copy_registers(struct world *w, const struct invocation *i)
{
    enum { INTEGER_FIRST = 18 }; /* on x86_64 "integer" is the two segment bases */
    paddr_t source = i->arg[1];
    if (i->arg[0] & COPY_SUSPEND_SOURCE) thread_suspend(w, source);
    if (i->arg[0] & COPY_RESUME_TARGET) thread_restart(w, i->target);
    if (i->arg[0] & COPY_FRAME) {
        copy_registers(w, source, i->target, 0, INTEGER_FIRST);
        tcb_set_reg(w, i->target, CTX_NEXT_IP, tcb_reg(w, i->target, CTX_FAULT_IP));
    }
    if (i->arg[0] & COPY_INTEGER)
        copy_registers(w, source, i->target, INTEGER_FIRST, FRAME_REGISTERS);
    registers_modified(w, i->target);
    return PROGRESS_DONE;
}

struct decoded decode_tcb_copy_registers(const struct world *w, const struct call_message *m)
{
    static const char where[] = "decodeCopyRegisters";
    if (m->length < 1 || !m->extra_slot[0])
        return refuse(SEL4_TruncatedMessage, where, "TCB CopyRegisters: Truncated message.");
    if (cap_type(m->extra[0]) != CAP_THREAD) {
        struct decoded d =
            refuse(SEL4_InvalidCapability, where, "TCB CopyRegisters: Invalid source TCB.");
        d.refusal.word[0] = 1;
        return d;
    }
    struct decoded d = tcb_accept(m, invoke_copy_registers);
    d.invocation.arg[0] = message_word(w, m, 0) & 15;
    d.invocation.arg[1] = cap_object(m->extra[0]);
    return d;
}

/* ---- SetTLSBase, SetFlags ---- */

static enum progress invoke_set_tls_base(struct world *w, const struct invocation *i)
{
    tcb_set_reg(w, i->target, CTX_FS_BASE, i->arg[0]);
    if (i->target == kernel_at(w)->current) reschedule_required(w);
    return PROGRESS_DONE;
}

struct decoded decode_tcb_set_tls_base(const struct world *w, const struct call_message *m)
{
    if (m->length < 1)
        return refuse(SEL4_TruncatedMessage, "decodeSetTLSBase",
                      "TCB SetTLSBase: Truncated message.");
    struct decoded d = tcb_accept(m, invoke_set_tls_base);
    d.invocation.arg[0] = message_word(w, m, 0);
    return d;
}

static enum progress invoke_set_flags(struct world *w, const struct invocation *i)
{
    word_t flags = (tcb_at(w, i->target)->flags & ~i->arg[0]) | (i->arg[1] & TCB_FLAG_FPU_DISABLED);
    tcb_edit(w, i->target)->flags = (uint8_t)flags;
    if (flags & TCB_FLAG_FPU_DISABLED) {
        fpu_release(w, i->target);
    } else if (i->target == kernel_at(w)->current) {
        fpu_restore(w, i->target);
    }
    reply_words(w, i, &flags, 1);
    return PROGRESS_REPLIED;
}

struct decoded decode_tcb_set_flags(const struct world *w, const struct call_message *m)
{
    if (m->length < 2)
        return refuse(SEL4_TruncatedMessage, "decodeSetFlags", "TCB SetFlags: Truncated message.");
    struct decoded d = tcb_accept(m, invoke_set_flags);
    d.invocation.arg[0] = message_word(w, m, 0);
    d.invocation.arg[1] = message_word(w, m, 1);
    return d;
}
