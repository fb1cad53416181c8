/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations: looked up, then *decoded* (the world is const) into a refusal or a value, then
 * *invoked*, which cannot fail. So a person can be shown what a call would do without doing it.
 * seL4: src/object/objecttype.c decodeInvocation, and the decode and perform functions behind it. */
#ifndef FAULTLINE_KERNEL_INVOCATION_H
#define FAULTLINE_KERNEL_INVOCATION_H

#include "kernel/object.h"

enum { MESSAGE_REGISTERS = 4, MESSAGE_MAX_LENGTH = 120, MESSAGE_MAX_CAPS = 3 };

/* seL4_MessageInfo_t. */
static inline word_t message_info(word_t label, word_t unwrapped, word_t caps, word_t length)
{
    return label << 12 | (unwrapped & 7) << 9 | (caps & 3) << 7 | (length & 127);
}
static inline word_t message_label(word_t info)
{
    return info >> 12;
}
static inline word_t message_unwrapped(word_t info)
{
    return info >> 9 & 7;
}
static inline word_t message_caps(word_t info)
{
    return info >> 7 & 3;
}
static inline word_t message_length(word_t info)
{
    return info & 127;
}

/* The message of an invocation as decode sees it. Words are fetched with message_word(). */
struct call_message {
    paddr_t thread;       /* who invokes */
    word_t label, length; /* from the message info; length cut to what the thread can hold */
    word_t cptr;          /* of the capability invoked, as given */
    paddr_t slot;         /* that it was found in */
    struct cap cap;
    word_t reg[MESSAGE_REGISTERS]; /* MR0-3 */
    paddr_t buffer;                /* the thread's IPC buffer in physical memory; 0 without one */
    struct cap extra[MESSAGE_MAX_CAPS];
    paddr_t extra_slot[MESSAGE_MAX_CAPS]; /* 0: none */
    bool blocking, call;                  /* the system call was one that blocks; was seL4_Call */
};

static inline word_t message_word(const struct world *w, const struct call_message *m, unsigned i)
{
    if (i < MESSAGE_REGISTERS) return m->reg[i];
    return m->buffer ? memory_word(w, m->buffer + (1 + i) * sizeof(word_t)) : 0;
}

/* Why a call is refused: the error, the words that go with it, and what the real debug kernel
 * prints. `where` is the kernel function in whose name it prints; `text` a printf format whose
 * arguments are all word_t (`text_word`, in order: %" PRIu64 " and kin), NULL when it is silent. */
struct refusal {
    enum sel4_error error;
    word_t word
        [2]; /* InvalidArgument, InvalidCapability, NotEnoughMemory: 0; RangeError: 0-1; FailedLookup: 0 was_source */
    struct lookup_failure lookup; /* of FailedLookup */
    const char *where, *text;
    word_t text_word[4];
    const char *first_where,
        *first_text; /* printed before that, where the real kernel prints twice */
};

/* How an invocation ends: done; done and the reply has been written; or interrupted at a preemption
 * point, to be restarted. */
enum progress { PROGRESS_DONE, PROGRESS_REPLIED, PROGRESS_PREEMPTED };

/* A call that was found good: a value, and the function that carries it out. */
struct invocation {
    enum progress (*invoke)(struct world *w, const struct invocation *i);
    paddr_t thread; /* who invoked */
    bool call;      /* wants an answer */
    bool blocking;
    word_t label;
    paddr_t target; /* the object or slot that is worked on */
    paddr_t slot[4];
    struct cap cap[4];
    word_t arg[10];
};

struct decoded {
    struct refusal refusal; /* .error is SEL4_NoError when the invocation is good */
    struct invocation invocation;
};

/* Refusals in one expression: return refuse(SEL4_IllegalOperation, "decodeCNodeInvocation", "CNodeCap: …"). */
static inline struct decoded refuse(enum sel4_error error, const char *where, const char *text)
{
    return (struct decoded){ .refusal = { .error = error, .where = where, .text = text } };
}

/* The decode function of every row of tables/invocations.def. */
#define INVOCATION(label, condition, on, interface, method, decode, parameters, results)           \
    struct decoded decode_##decode(const struct world *w, const struct call_message *m);
#include "kernel/tables/invocations.def"
#undef INVOCATION

#endif
