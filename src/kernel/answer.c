/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel itself answers to a call: words, or why it is refused.
 * seL4: src/object/endpoint.c replyFromKernel_*, src/object/tcb.c setMRs_syscall_error. */
#include "kernel/internal.h"

enum { ERROR_WORDS_MAX = 5 };

void answer_words(struct world *w, paddr_t tcb, word_t label, const word_t *word, unsigned count)
{
    paddr_t buffer = tcb_ipc_buffer(w, tcb, true);
    tcb_set_reg(w, tcb, CTX_BADGE, 0);
    unsigned length = tcb_set_mrs(w, tcb, buffer, word, count);
    tcb_set_reg(w, tcb, CTX_MSG_INFO, message_info(label, 0, 0, length));
}

void reply_words(struct world *w, const struct invocation *i, const word_t *word, unsigned count)
{
    if (i->call) answer_words(w, i->thread, SEL4_NoError, word, count);
    tcb_set_state(w, i->thread, TCB_RUNNING);
}

/* The message words that an error sets: setMRs_syscall_error. */
static unsigned error_words(const struct refusal *r, word_t word[ERROR_WORDS_MAX])
{
    word[0] = r->word[0];
    word[1] = r->word[1];
    switch (r->error) {
    case SEL4_InvalidArgument:
    case SEL4_InvalidCapability:
    case SEL4_NotEnoughMemory: return 1;
    case SEL4_RangeError: return 2;
    case SEL4_FailedLookup: return 1 + lookup_failure_words(r->lookup, &word[1]);
    default: return 0;
    }
}

void answer_refusal(struct world *w, const struct call_message *m, const struct refusal *r)
{
    word_t word[ERROR_WORDS_MAX] = { 0 };
    unsigned count = error_words(r, word);
    refusal_print(w, r);
    event_emit(w, EVENT_ERROR, m->thread, r->error, word[0], word[1], word[2], word[3]);
    if (m->call) answer_words(w, m->thread, r->error, word, count);
}
