/* SPDX-License-Identifier: BSD-2-Clause */
/* How a message gets from one thread to another: its words, its capabilities, the answer to a call
 * and the answer to a fault.
 * seL4: src/kernel/thread.c doIPCTransfer and below, src/object/tcb.c copyMRs, lookupExtraCaps,
 * src/object/cnode.c getReceiveSlots. */
#include "kernel/internal.h"

#include <string.h>

/* Words of an IPC buffer behind its tag and message: user data, capabilities or badges, where the
 * receiver wants a capability. */
enum {
    BUFFER_CAPS = MESSAGE_MAX_LENGTH + 2,
    BUFFER_RECEIVE_CNODE = BUFFER_CAPS + MESSAGE_MAX_CAPS,
    BUFFER_RECEIVE_INDEX,
    BUFFER_RECEIVE_DEPTH,
};

static word_t buffer_word(const struct world *w, paddr_t buffer, unsigned i)
{
    return memory_word(w, buffer + i * sizeof(word_t));
}

/* The slots of the capabilities that a message carries; none when one of them cannot be looked up. */
static unsigned lookup_extra_slots(const struct world *w, paddr_t sender, paddr_t buffer,
                                   word_t info, paddr_t slot[MESSAGE_MAX_CAPS])
{
    unsigned count = buffer ? (unsigned)message_caps(info) : 0;
    for (unsigned i = 0; i < count; i++) {
        word_t cptr = buffer_word(w, buffer, BUFFER_CAPS + i);
        struct lookup_failure failure;
        slot[i] = lookup_slot(w, sender, cptr, &failure);
        if (!slot[i]) return 0;
    }
    return count;
}

/* The empty slot that the receiver has named; 0 when there is none. */
static paddr_t receive_slot(const struct world *w, paddr_t receiver, paddr_t buffer)
{
    struct lookup_failure failure;
    word_t cnode = buffer_word(w, buffer, BUFFER_RECEIVE_CNODE);
    paddr_t root = lookup_slot(w, receiver, cnode, &failure), slot;
    if (!root) return 0;
    struct refusal r = lookup_slot_for_cnode_op(
        w, false, cte_at(w, root)->cap, buffer_word(w, buffer, BUFFER_RECEIVE_INDEX),
        buffer_word(w, buffer, BUFFER_RECEIVE_DEPTH), &slot);
    if (r.error != SEL4_NoError || cap_type(cte_at(w, slot)->cap) != CAP_NULL) return 0;
    return slot;
}

static bool insert_derived(struct world *w, paddr_t source, paddr_t destination)
{
    struct cap derived;
    if (!destination) return false;
    struct refusal r = cap_derive(w, source, cte_at(w, source)->cap, &derived);
    if (r.error != SEL4_NoError) {
        refusal_print(w, &r);
        return false;
    }
    if (cap_type(derived) == CAP_NULL) return false;
    slot_insert(w, derived, source, destination);
    return true;
}

/* A capability to the endpoint that the message goes through is unwrapped: its badge goes instead. */
static word_t transfer_caps(struct world *w, paddr_t sender, const paddr_t *source, unsigned count,
                            paddr_t endpoint, paddr_t receiver, paddr_t buffer)
{
    if (!count || !buffer) return 0;
    paddr_t destination = receive_slot(w, receiver, buffer);
    word_t unwrapped = 0;
    unsigned i;
    for (i = 0; i < count; i++) {
        struct cap cap = cte_at(w, source[i])->cap;
        if (cap_type(cap) == CAP_NULL) break;
        if (cap_type(cap) == CAP_ENDPOINT && cap_object(cap) == endpoint) {
            memory_set_word(w, buffer + (BUFFER_CAPS + i) * sizeof(word_t),
                            cap_endpoint_badge(cap));
            unwrapped |= (word_t)1 << i;
            event_emit(w, EVENT_CAP_TRANSFER, sender, receiver, source[i], i, 1);
            continue;
        }
        if (!insert_derived(w, source[i], destination)) break;
        event_emit(w, EVENT_CAP_TRANSFER, sender, receiver, destination, i, 0);
        destination = 0;
    }
    return message_info(0, unwrapped, i, 0);
}

static unsigned copy_words(struct world *w, paddr_t sender, paddr_t send_buffer, paddr_t receiver,
                           paddr_t receive_buffer, unsigned length)
{
    const word_t *from = &tcb_at(w, sender)->context[CTX_MR0];
    word_t *to = &tcb_edit(w, receiver)->context[CTX_MR0];
    unsigned i;
    for (i = 0; i < length && i < MESSAGE_REGISTERS; i++) to[i] = from[i];
    if (i == length || !send_buffer || !receive_buffer) return i;
    size_t offset = (1 + MESSAGE_REGISTERS) * sizeof(word_t),
           size = (length - MESSAGE_REGISTERS) * sizeof(word_t);
    memmove(memory_edit(w, receive_buffer + offset, size), memory_at(w, send_buffer + offset),
            size);
    return length;
}

static OUT_OF_LINE void normal_transfer(struct world *w, paddr_t sender, paddr_t send_buffer,
                                        paddr_t endpoint, word_t badge, bool grant,
                                        paddr_t receiver, paddr_t receive_buffer)
{
    word_t info = tcb_message_info(w, sender);
    paddr_t source[MESSAGE_MAX_CAPS];
    unsigned count = grant ? lookup_extra_slots(w, sender, send_buffer, info, source) : 0;
    unsigned length = copy_words(w, sender, send_buffer, receiver, receive_buffer,
                                 (unsigned)message_length(info));
    word_t caps = transfer_caps(w, sender, source, count, endpoint, receiver, receive_buffer);
    tcb_set_reg(w, receiver, CTX_MSG_INFO, message_info(message_label(info), 0, 0, length) | caps);
    tcb_set_reg(w, receiver, CTX_BADGE, badge);
}

/* A message that lies in registers. */
static inline void short_transfer(struct world *w, paddr_t sender, word_t info, word_t badge,
                                  paddr_t receiver)
{
    const word_t *from = &tcb_at(w, sender)->context[CTX_MR0];
    word_t *context = tcb_edit(w, receiver)->context, length = message_length(info);
    for (unsigned i = 0; i < length; i++) context[CTX_MR0 + i] = from[i];
    context[CTX_MSG_INFO] = message_info(message_label(info), 0, 0, length);
    context[CTX_BADGE] = badge;
}

static OUT_OF_LINE void fault_transfer(struct world *w, word_t badge, paddr_t sender,
                                       paddr_t receiver, paddr_t receive_buffer)
{
    word_t length = fault_set_message(w, sender, receiver, receive_buffer);
    word_t label = fault_label(kernel_config(w), (unsigned)tcb_at(w, sender)->fault.kind);
    tcb_set_reg(w, receiver, CTX_MSG_INFO, message_info(label, 0, 0, length));
    tcb_set_reg(w, receiver, CTX_BADGE, badge);
}

void ipc_transfer(struct world *w, paddr_t sender, paddr_t endpoint, word_t badge, bool grant,
                  paddr_t receiver)
{
    word_t fault_kind = tcb_at(w, sender)->fault.kind, info = tcb_message_info(w, sender);
    if (fault_kind != FAULT_NONE) {
        fault_transfer(w, badge, sender, receiver, tcb_ipc_buffer(w, receiver, true));
    } else if (message_needs_buffer(info)) {
        normal_transfer(w, sender, tcb_ipc_buffer(w, sender, false), endpoint, badge, grant,
                        receiver, tcb_ipc_buffer(w, receiver, true));
    } else {
        short_transfer(w, sender, info, badge, receiver);
    }
    if (!endpoint) return; /* an answer: EVENT_REPLY tells of it */
    info = tcb_reg(w, receiver, CTX_MSG_INFO);
    event_emit(w, EVENT_MESSAGE, sender, receiver, message_label(info), message_length(info), badge,
               endpoint, fault_kind);
}

static void fault_clear(struct world *w, paddr_t tcb)
{
    tcb_edit(w, tcb)->fault = (struct fault){ .kind = FAULT_NONE };
}

void reply_transfer(struct world *w, paddr_t sender, paddr_t receiver, paddr_t slot, bool grant)
{
    INVARIANT(tcb_at(w, receiver)->state == TCB_BLOCKED_ON_REPLY);
    word_t fault_kind = tcb_at(w, receiver)->fault.kind;
    word_t info = tcb_message_info(w, sender);
    bool resumes = true;
    if (fault_kind == FAULT_NONE) {
        ipc_transfer(w, sender, 0, 0, grant, receiver);
        slot_delete_one(w, slot);
    } else {
        slot_delete_one(w, slot);
        resumes = fault_take_reply(w, receiver, sender);
        fault_clear(w, receiver);
    }
    event_emit(w, EVENT_REPLY, sender, receiver, message_label(info), message_length(info),
               fault_kind, resumes);
    if (!resumes) {
        tcb_set_state(w, receiver, TCB_INACTIVE);
        return;
    }
    tcb_set_state(w, receiver, fault_kind == FAULT_NONE ? TCB_RUNNING : TCB_RESTART);
    possible_switch_to(w, receiver);
}

void nb_recv_failed(struct world *w, paddr_t tcb)
{
    tcb_set_reg(w, tcb, CTX_BADGE, 0);
}
