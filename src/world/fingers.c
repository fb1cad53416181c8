/* SPDX-License-Identifier: BSD-2-Clause */
/* What a person's fingers do before a typed instruction runs: code on the hand page, registers, and
 * the words of a message. It is as though the thread had been interrupted there and its context
 * written: everything is as typed, and the next return to it is by iret.
 * SIMPLIFIED: see hand.h. */
#include <string.h>

#include "world/inside.h"
#include "world/names.h"

static const word_t RETURNS_BY_SYSRET = ~(word_t)0;

paddr_t thread_buffer(const struct world *w, paddr_t tcb)
{
    enum tcb_slot slot = kernel_config(w)->mcs ? TCB_MCS_BUFFER : TCB_BUFFER;
    struct cap frame = cte_at(w, tcb_slot(tcb, slot))->cap;
    if (cap_type(frame) != CAP_FRAME || cap_frame_is_device(frame)) return 0;
    word_t offset = tcb_at(w, tcb)->ipc_buffer & CAP_MASK(frame_size_bits(frame));
    paddr_t at = cap_frame_object(frame) + offset;
    return at % 8 == 0 && memory_holds(w, at, 1024) ? at : 0;
}

/* Registers that the way out would have left otherwise become those that the fingers see. */
static void context_make_whole(struct world *w, paddr_t tcb, bool keeps_stack)
{
    word_t *context = tcb_edit(w, tcb)->context;
    if (tcb == kernel_at(w)->current) {
        const word_t *reg = cpu_at(w)->reg;
        context[CTX_RSP] = reg[REG_RSP];
        context[CTX_RCX] = reg[REG_RCX];
        context[CTX_R11] = reg[REG_R11];
        cpu_edit(w)->rip = HAND_PAGE;
        return;
    }
    if (context[CTX_ERROR] == RETURNS_BY_SYSRET) {
        context[CTX_RCX] = hand_ip(w, tcb);
        context[CTX_R11] = context[CTX_FLAGS];
        if (!keeps_stack) context[CTX_RSP] = 0;
    }
    context[CTX_ERROR] = 0;
    context[CTX_NEXT_IP] = context[CTX_FAULT_IP] = HAND_PAGE;
}

static void set_register(struct world *w, paddr_t tcb, unsigned saved, word_t value)
{
    if (tcb == kernel_at(w)->current) cpu_edit(w)->reg[context_live[saved]] = value;
    tcb_edit(w, tcb)->context[saved] = value;
}

static bool needs_buffer(const struct hand_act *act)
{
    bool words = act->set_message && (act->mr_count > MESSAGE_REGISTERS || act->cap_count);
    return words || act->set_receive || act->text[0];
}

static void set_word(struct world *w, paddr_t buffer, unsigned i, word_t value)
{
    memory_set_word(w, buffer + i * sizeof(word_t), value);
}

static void set_buffer(struct world *w, paddr_t buffer, const struct hand_act *act)
{
    if (act->set_message) {
        for (unsigned i = MESSAGE_REGISTERS; i < act->mr_count && i < MESSAGE_MAX_LENGTH; i++)
            set_word(w, buffer, BUFFER_MESSAGE + i, act->mr[i]);
        for (unsigned i = 0; i < act->cap_count && i < MESSAGE_MAX_CAPS; i++)
            set_word(w, buffer, BUFFER_CAPS + i, act->cap[i]);
    }
    if (act->set_receive) {
        set_word(w, buffer, BUFFER_RECEIVE, act->receive_cnode);
        set_word(w, buffer, BUFFER_RECEIVE + 1, act->receive_index);
        set_word(w, buffer, BUFFER_RECEIVE + 2, act->receive_depth);
    }
    if (act->text[0])
        memcpy(memory_edit(w, buffer + 8, sizeof act->text), act->text, sizeof act->text);
}

bool fingers_type(struct session *s, paddr_t tcb, const struct hand_act *act, struct problem *p)
{
    struct world *w = &s->world;
    struct hand hand = world_state_at(w)->hands[hand_find(w, tcb)];
    paddr_t page, buffer = needs_buffer(act) ? thread_buffer(w, tcb) : 0;
    if (act->length > sizeof act->code)
        return problem_set(p, "type it in pieces", "no more than %zu bytes of code at once",
                           sizeof act->code);
    if (needs_buffer(act) && !buffer)
        return problem_set(
            p, "four words fit into registers; more words, capabilities and names need a buffer",
            "%s has no IPC buffer", thread_name(w, tcb));
    if (!kernel_translate(w, tcb, HAND_PAGE, &page) || page != hand.page)
        return problem_set(p, "`undo` what took it away",
                           "%s's hand page is no longer mapped at %#x", thread_name(w, tcb),
                           HAND_PAGE);
    journal_edit(s);
    memcpy(memory_edit(w, page, PAGE_SIZE), act->code, act->length);
    context_make_whole(w, tcb, hand.is_stub);
    hand.code_length = act->length;
    hand.is_stub = act->is_stub;
    *hand_edit(w, hand_find(w, tcb)) = hand;
    for (unsigned i = 0; act->set_message && i < act->mr_count && i < MESSAGE_REGISTERS; i++)
        set_register(w, tcb, CTX_MR0 + i, act->mr[i]);
    for (unsigned i = 0; i < REG_COUNT; i++)
        if (act->set & 1u << i) set_register(w, tcb, context_saved(i), act->reg[i]);
    if (buffer) set_buffer(w, buffer, act);
    return true;
}

word_t thread_message_word(const struct world *w, paddr_t tcb, unsigned i)
{
    if (i < MESSAGE_REGISTERS) return thread_register(w, tcb, CTX_MR0 + i);
    paddr_t buffer = thread_buffer(w, tcb);
    return buffer && i < MESSAGE_MAX_LENGTH
               ? memory_word(w, buffer + (BUFFER_MESSAGE + i) * sizeof(word_t))
               : 0;
}

bool fingers_set_local(struct session *s, const struct call *call, struct problem *p)
{
    struct world *w = &s->world;
    paddr_t seat = session_seat(s), buffer = thread_buffer(w, seat);
    bool is_path = call->local == CALL_SET_RECEIVE_PATH, is_mr = call->local == CALL_SET_MR;
    word_t i = call->arg[0];
    if (!hand_can_act(s, p)) return false;
    if (!is_path && i >= (is_mr ? MESSAGE_MAX_LENGTH : MESSAGE_MAX_CAPS))
        return problem_set(p, "they are counted from 0", "there are only %d %s",
                           is_mr ? MESSAGE_MAX_LENGTH : MESSAGE_MAX_CAPS,
                           is_mr ? "message registers" : "capabilities in a message");
    if (!buffer && !(is_mr && i < MESSAGE_REGISTERS))
        return problem_set(p, "", "%s has no IPC buffer", thread_name(w, seat));
    session_finish_phases(s);
    journal_edit(s);
    if (is_mr && i < MESSAGE_REGISTERS) {
        set_register(w, seat, CTX_MR0 + (unsigned)i, call->arg[1]);
    } else if (!is_path) {
        set_word(w, buffer, (is_mr ? BUFFER_MESSAGE : BUFFER_CAPS) + (unsigned)i, call->arg[1]);
    } else {
        for (unsigned n = 0; n < 3; n++) set_word(w, buffer, BUFFER_RECEIVE + n, call->arg[n]);
    }
    return true;
}
