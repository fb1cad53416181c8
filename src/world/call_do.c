/* SPDX-License-Identifier: BSD-2-Clause */
/* A call on its way into one `syscall` instruction and back, as libsel4's stubs do it.
 * seL4: libsel4/sel4_arch_include/x86_64/sel4/sel4_arch/syscalls_syscall.h, libsel4/tools/syscall_stub_gen.py. */
#include <string.h>

#include "world/inside.h"

enum { USER_CONTEXT_WORDS = 20, WORD_BITS = 64 };

static void set(struct hand_act *act, enum reg reg, word_t value)
{
    act->set |= 1u << reg;
    act->reg[reg] = value;
}

/* Where the next parameter of so many bits goes: at a multiple of its own width. */
static void pack(struct hand_act *act, unsigned *used, unsigned bits, word_t value)
{
    *used = (*used + bits - 1) / bits * bits;
    word_t masked = bits < WORD_BITS ? value & (((word_t)1 << bits) - 1) : value;
    act->mr[*used / WORD_BITS] |= masked << *used % WORD_BITS;
    *used += bits;
}

static void pack_context(struct hand_act *act, unsigned *used, const struct call *call)
{
    for (unsigned i = 0; i < USER_CONTEXT_WORDS; i++) pack(act, used, WORD_BITS, call->context[i]);
}

/* Unused message registers are 0, as the generated stubs leave them. */
static bool encode_message(const struct call *call, struct hand_act *act, unsigned *words,
                           struct problem *p)
{
    struct parameter parameter[CALL_ARGS_MAX];
    unsigned count = parameters_of(call->invocation->parameters, parameter), used = 0;
    unsigned wanted = count;
    for (unsigned i = 0; i < count; i++) wanted -= parameter[i].bits == 0;
    if (call->argc < wanted || call->argc > count)
        return problem_set(p, "`help` shows the call",
                           "seL4_%s_%s takes %u arguments after the capability, not %u",
                           call->invocation->interface, call->invocation->method, count,
                           call->argc);
    for (unsigned i = 0; i < count; i++) {
        if (parameter[i].bits == 0)
            pack_context(act, &used, call);
        else if (!parameter[i].is_cap)
            pack(act, &used, parameter[i].bits, call->arg[i]);
        else if (act->cap_count < MESSAGE_MAX_CAPS)
            act->cap[act->cap_count++] = call->arg[i];
    }
    *words = (used + WORD_BITS - 1) / WORD_BITS;
    act->mr_count = *words < MESSAGE_REGISTERS ? MESSAGE_REGISTERS : *words;
    act->set_message = true;
    return true;
}

static bool encode_invocation(const struct world *w, const struct call *call, struct hand_act *act,
                              struct problem *p)
{
    word_t label = 0, number = 0;
    unsigned words = 0;
    if (!invocation_label(&kernel_at(w)->numbers, call->invocation->label, &label) ||
        !syscall_number(&kernel_at(w)->numbers, "Call", &number))
        return problem_set(p, "", "this kernel has no %s", call->invocation->label);
    if (!encode_message(call, act, &words, p)) return false;
    set(act, REG_RDX, number);
    set(act, REG_RDI, call->service);
    set(act, REG_RSI, message_info(label, 0, act->cap_count, words));
    return true;
}

static bool encode_syscall(const struct world *w, const struct call *call, struct hand_act *act,
                           struct problem *p)
{
    word_t number = 0;
    if (!call->syscall || !syscall_number(&kernel_at(w)->numbers, call->syscall->name, &number))
        return problem_set(p, "", "this kernel has no %s",
                           call->function ? call->function : "such call");
    bool is_message = call->syscall->direction != 0;
    set(act, REG_RDX, number);
    if (call->syscall->id != SYS_Reply && call->syscall->id != SYS_Yield)
        set(act, REG_RDI, call->service);
    if (!is_message || call->syscall->direction & SEND) set(act, REG_RSI, call->info);
    if (kernel_config(w)->mcs && call->syscall->direction & RECEIVE)
        set(act, REG_R12, call->arg[0]);
    if (call->syscall->id == SYS_DebugNameThread)
        memcpy(act->text, call->text, sizeof act->text - 1);
    return true;
}

bool call_encode(const struct session *s, const struct call *call, struct hand_act *act,
                 struct problem *p)
{
    const struct world *w = session_world_at(s);
    *act = (struct hand_act){ .code = { 0x0f, 0x05 }, .length = 2, .is_stub = true };
    return call->invocation ? encode_invocation(w, call, act, p) : encode_syscall(w, call, act, p);
}

/* The kernel's words for an error, as errors.def and lookup_failures.def order them. */
static struct refusal refusal_of(enum sel4_error error, const word_t *mr)
{
    struct refusal r = { .error = error, .word = { mr[0], mr[1] } };
    if (error != SEL4_FailedLookup) return r;
    bool is_guard = mr[1] == LOOKUP_GUARD_MISMATCH;
    r.lookup = (struct lookup_failure){ .type = mr[1], .bits_left = mr[2] };
    if (is_guard) r.lookup.guard_found = mr[3];
    if (is_guard || mr[1] == LOOKUP_DEPTH_MISMATCH) r.lookup.bits_found = is_guard ? mr[4] : mr[3];
    return r;
}

static bool is_answered(const struct call *call)
{
    return call->invocation || (call->syscall && call->syscall->direction & RECEIVE);
}

void call_decode_result(const struct session *s, const struct call *call, paddr_t tcb,
                        struct call_result *r)
{
    const struct world *w = session_world_at(s);
    *r = (struct call_result){ .ended = true,
                               .info = thread_register(w, tcb, CTX_MSG_INFO),
                               .badge = thread_register(w, tcb, CTX_BADGE) };
    if (call->syscall && call->syscall->id == SYS_DebugCapIdentify) {
        r->word_count = 1;
        r->word[0] = r->badge;
    }
    if (!is_answered(call)) return;
    word_t length = message_length(r->info);
    r->word_count = length < MESSAGE_MAX_LENGTH ? (unsigned)length : MESSAGE_MAX_LENGTH;
    for (unsigned i = 0; i < MESSAGE_MAX_LENGTH && (i < r->word_count || i < 8); i++)
        r->word[i] = thread_message_word(w, tcb, i);
    word_t label = message_label(r->info);
    if (!call->invocation || label == SEL4_NoError) return;
    r->error = label < SEL4_ERROR_COUNT ? (enum sel4_error)label : SEL4_InvalidArgument;
    r->refusal = refusal_of(r->error, r->word);
}

static bool local_do(struct session *s, const struct call *call, struct stop *stop,
                     struct call_result *r, struct problem *p)
{
    const struct world *w = session_world_at(s);
    paddr_t seat = session_seat(s);
    *r = (struct call_result){ .ended = true, .word_count = 1 };
    *stop = (struct stop){ .kind = STOP_DONE, .thread = seat };
    if (call->local == CALL_GET_MR && call->arg[0] < MESSAGE_MAX_LENGTH)
        r->word[0] = thread_message_word(w, seat, (unsigned)call->arg[0]);
    else if ((call->local == CALL_GET_CAP || call->local == CALL_GET_BADGE) &&
             call->arg[0] < MESSAGE_MAX_CAPS)
        r->word[0] = thread_buffer(w, seat)
                         ? memory_word(w, thread_buffer(w, seat) +
                                              (BUFFER_CAPS + call->arg[0]) * sizeof(word_t))
                         : 0;
    else
        return fingers_set_local(s, call, p);
    return true;
}

bool call_do(struct session *s, const struct call *call, struct stop *stop,
             struct call_result *result, struct problem *p)
{
    struct hand_act act;
    paddr_t seat = session_seat(s);
    if (call->local != CALL_ENTERS) return local_do(s, call, stop, result, p);
    if (!call_encode(s, call, &act, p) || !hand_do(s, &act, stop, p)) return false;
    if (stop->kind == STOP_DONE) call_decode_result(s, call, seat, result);
    return true;
}
