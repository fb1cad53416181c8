/* SPDX-License-Identifier: BSD-2-Clause */
/* I/O ports: which are handed out, X86_IOPortControl_Issue, X86_IOPort_In and _Out.
 * What is sent over the serial port is heard as EVENT_CONSOLE. seL4: src/arch/x86/object/ioport.c. */
#include <inttypes.h>

#include "kernel/vspace.h"

static const char where_control[] = "decodeX86PortControlInvocation";
static const char where_port[] = "decodeX86PortInvocation";

static void ports_mark(struct world *w, word_t first, word_t last, bool taken)
{
    word_t *map = KERNEL_EDIT(w, io_ports);
    for (word_t port = first; port <= last; port++) {
        word_t bit = UINT64_C(1) << port % 64;
        map[port / 64] = taken ? map[port / 64] | bit : map[port / 64] & ~bit;
    }
}

static bool ports_are_free(const struct world *w, word_t first, word_t last)
{
    for (word_t port = first; port <= last; port++)
        if (kernel_at(w)->io_ports[port / 64] >> port % 64 & 1) return false;
    return true;
}

void io_port_delete(struct world *w, word_t first, word_t last)
{
    ports_mark(w, first, last, false);
}

static enum progress io_port_issue(struct world *w, const struct invocation *i)
{
    struct cap cap = cap_new(CAP_IO_PORT);
    cap_io_port_set_first(&cap, i->arg[0]);
    cap_io_port_set_last(&cap, i->arg[1]);
    ports_mark(w, i->arg[0], i->arg[1], true);
    slot_insert(w, cap, i->target, i->slot[0]);
    return PROGRESS_DONE;
}

/* The CPtr of the CNode that came along, as the caller gave it: behind the message, the tag and the
 * user data of its buffer. */
static word_t first_extra_cptr(const struct world *w, const struct call_message *m)
{
    return m->buffer ? memory_word(w, m->buffer + (MESSAGE_MAX_LENGTH + 2) * sizeof(word_t)) : 0;
}

static struct decoded refuse_slot(const struct world *w, const struct call_message *m,
                                  struct refusal r, const char *text)
{
    r.where = where_control;
    r.text = text;
    r.text_word[0] = first_extra_cptr(w, m);
    return refuse_with(r);
}

struct decoded decode_x86_io_port_control_issue(const struct world *w, const struct call_message *m)
{
    if (m->length < 4 || !m->extra_slot[0])
        return refuse(SEL4_TruncatedMessage, where_control, "IOPortControl: Truncated message.");
    word_t first = message_word(w, m, 0) & 0xffff, last = message_word(w, m, 1) & 0xffff;
    if (last < first) {
        struct decoded d = refuse(SEL4_InvalidArgument, where_control,
                                  "IOPortControl: Last port must be > first port.");
        d.refusal.word[0] = 1;
        return d;
    }
    if (!ports_are_free(w, first, last))
        return refuse(SEL4_RevokeFirst, where_control,
                      "IOPortControl: Some ports in range already in use.");
    paddr_t slot;
    struct refusal r = lookup_slot_for_cnode_op(w, false, m->extra[0], message_word(w, m, 2),
                                                message_word(w, m, 3), &slot);
    if (r.error)
        return refuse_slot(w, m, r, "Target slot for new IO Port cap invalid: cap %" PRIu64 ".");
    if (cap_type(cte_at(w, slot)->cap) != CAP_NULL)
        return refuse_slot(w, m, (struct refusal){ .error = SEL4_DeleteFirst },
                           "Target slot for new IO Port cap not empty: cap %" PRIu64 ".");
    return accept((struct invocation){
        .invoke = io_port_issue, .target = m->slot, .slot[0] = slot, .arg = { first, last } });
}

/* How many bytes an In or Out moves: 1, 2, 4, in the order of the three labels of each. */
static unsigned port_bytes(const struct world *w, word_t label)
{
    const char *method = invocation_row(&kernel_at(w)->numbers, label)->method;
    while (*method < '0' || *method > '9') method++;
    return *method == '8' ? 1 : *method == '1' ? 2 : 4;
}

/* seL4: ensurePortOperationAllowed. */
static struct refusal check_ports(struct cap cap, word_t port, unsigned bytes)
{
    word_t first = cap_io_port_first(cap), last = cap_io_port_last(cap), end = port + bytes - 1;
    if (port >= first && end <= last) return (struct refusal){ .error = SEL4_NoError };
    return (struct refusal){ .error = SEL4_IllegalOperation,
                             .where = "ensurePortOperationAllowed",
                             .text = "IOPort: Ports %" PRIu64 "--%" PRIu64
                                     " fall outside permitted range %" PRIu64 "--%" PRIu64 ".",
                             .text_word = { port, end, first, last } };
}

enum { ARG_PORT, ARG_BYTES, ARG_VALUE };

static enum progress io_port_in(struct world *w, const struct invocation *i)
{
    word_t value = device_port_read(w, i->arg[ARG_PORT], (unsigned)i->arg[ARG_BYTES]);
    reply_words(w, i, &value, 1);
    return PROGRESS_REPLIED;
}

static enum progress io_port_out(struct world *w, const struct invocation *i)
{
    int sent =
        device_port_write(w, i->arg[ARG_PORT], (unsigned)i->arg[ARG_BYTES], i->arg[ARG_VALUE]);
    if (sent >= 0) event_emit(w, EVENT_CONSOLE, kernel_at(w)->current, (word_t)sent);
    return PROGRESS_DONE;
}

/* What both ways have in common. */
static struct decoded decode_access(const struct world *w, const struct call_message *m,
                                    enum progress (*invoke)(struct world *,
                                                            const struct invocation *))
{
    word_t port = message_word(w, m, 0) & 0xffff;
    unsigned bytes = port_bytes(w, m->label);
    struct refusal r = check_ports(m->cap, port, bytes);
    if (r.error) return refuse_with(r);
    return accept((struct invocation){ .invoke = invoke, .arg = { port, bytes } });
}

struct decoded decode_x86_io_port_in(const struct world *w, const struct call_message *m)
{
    if (m->length < 1)
        return refuse(SEL4_TruncatedMessage, where_port, "IOPort: Truncated message.");
    return decode_access(w, m, io_port_in);
}

struct decoded decode_x86_io_port_out(const struct world *w, const struct call_message *m)
{
    if (m->length < 2)
        return refuse(SEL4_TruncatedMessage, where_port, "IOPort Out: Truncated message.");
    struct decoded d = decode_access(w, m, io_port_out);
    d.invocation.arg[ARG_VALUE] =
        message_word(w, m, 1) & CAP_MASK(8 * (unsigned)d.invocation.arg[ARG_BYTES]);
    return d;
}
