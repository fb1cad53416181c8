/* SPDX-License-Identifier: BSD-2-Clause */
/* Which function decodes a call: by the capability's type, then by the label.
 * seL4: src/object/objecttype.c decodeInvocation. */
#include "kernel/internal.h"

#include <inttypes.h>

static struct decoded refuse_cap(const struct call_message *m, const char *text)
{
    struct decoded d = refuse(SEL4_InvalidCapability, "decodeInvocation", text);
    d.refusal.text_word[0] = m->cptr;
    return d;
}

/* By row of invocation_table. */
static struct decoded (*const decoders[])(const struct world *w, const struct call_message *m) = {
#define INVOCATION(label, condition, on, interface, method, decode, parameters, results)           \
    decode_##decode,
#include "kernel/tables/invocations.def"
#undef INVOCATION
};

/* What the real kernel prints for a label that a type of object does not have; without a text it is silent. */
static const struct {
    const char *where, *text;
} illegal_operation[CAP_TYPE_COUNT] = {
    [CAP_UNTYPED] = { "decodeUntypedInvocation", "Untyped cap: Illegal operation attempted." },
    [CAP_THREAD] = { "decodeTCBInvocation", "TCB: Illegal operation." },
    [CAP_CNODE] = { "decodeCNodeInvocation", "CNodeCap: Illegal Operation attempted." },
    [CAP_IRQ_CONTROL] = { "Arch_decodeIRQControlInvocation", "IRQControl: Illegal operation" },
    [CAP_IRQ_HANDLER] = { "decodeIRQHandlerInvocation", "IRQHandler: Illegal operation." },
    [CAP_SCHED_CONTROL] = { "decodeSchedControlInvocation",
                            "SchedControl invocation: Illegal operation attempted." },
    [CAP_SCHED_CONTEXT] = { "decodeSchedContextInvocation",
                            "SchedContext invocation: Illegal operation attempted." },
    [CAP_PAGE_TABLE] = { "decodeX86PageTableInvocation", "X86PageTable: Illegal operation." },
    [CAP_PAGE_DIRECTORY] = { "decodeX64PageDirectoryInvocation",
                             "X64Directory: Illegal operation." },
    [CAP_PDPT] = { "decodeX64PDPTInvocation", "X86PDPT: Illegal operation." },
    [CAP_IO_PORT] = { "decodeX86PortInvocation", "IOPort: Unknown operation." },
    [CAP_IO_PORT_CONTROL] = { "decodeX86PortControlInvocation",
                              "IOPortControl: Unknown operation." },
};

static struct decoded decode_by_label(const struct world *w, const struct call_message *m)
{
    enum cap_type type = cap_type(m->cap);
    const struct invocation_desc *row = invocation_row(&kernel_at(w)->numbers, m->label);
    if (row && row->on == type) return decoders[row - invocation_table](w, m);
    return refuse(SEL4_IllegalOperation, illegal_operation[type].where,
                  illegal_operation[type].text);
}

struct decoded decode_by_type(const struct world *w, const struct call_message *m)
{
    switch (cap_type(m->cap)) {
    case CAP_NULL: return refuse_cap(m, "Attempted to invoke a null cap #%" PRIu64 ".");
    case CAP_ZOMBIE: return refuse_cap(m, "Attempted to invoke a zombie cap #%" PRIu64 ".");
    case CAP_ENDPOINT:
        return refuse_cap(m, "Attempted to invoke a read-only endpoint cap #%" PRIu64 ".");
    case CAP_NOTIFICATION:
        return refuse_cap(m, "Attempted to invoke a read-only notification cap #%" PRIu64 ".");
    case CAP_REPLY:
        /* SIMPLIFIED: reply objects cannot be invoked yet. */
        if (cap_reply_is_object(m->cap)) return decode_unmodelled(w, m);
        return refuse_cap(m, "Attempted to invoke an invalid reply cap #%" PRIu64 ".");
    default: return decode_by_label(w, m);
    }
}
