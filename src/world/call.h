/* SPDX-License-Identifier: BSD-2-Clause */
/* libsel4 calls as values: what a person typed as C or as a verb, on its way into one instruction
 * and back. Which parameters a call has and how they travel is read from the kernel's tables. */
#ifndef FAULTLINE_WORLD_CALL_H
#define FAULTLINE_WORLD_CALL_H

#include "world/hand.h"

enum { CALL_ARGS_MAX = 16 };

/* A parameter of a call as the table writes it. */
struct parameter {
    char type[32]; /* "seL4_Word" */
    char name[32];
    unsigned bits; /* 1, 8, 16 or 64; of seL4_UserContext 0 */
    bool is_cap;
};

/* Splits a table's parameter list; returns how many there are. */
unsigned parameters_of(const char *list, struct parameter parameter[CALL_ARGS_MAX]);

/* Functions of libsel4 that look at the IPC buffer only and never enter the kernel. */
enum call_local {
    CALL_ENTERS,
    CALL_GET_MR,
    CALL_SET_MR,
    CALL_GET_CAP,
    CALL_SET_CAP,
    CALL_GET_BADGE,
    CALL_SET_RECEIVE_PATH
};

/* A system call that libsel4 offers as a function (seL4_Send, seL4_Signal, seL4_DebugPutChar, …),
 * or an invocation (seL4_CNode_Mint, …). */
struct call {
    const char *function; /* "seL4_Signal"; NULL: an invocation, its row says it */
    const struct invocation_desc *invocation; /* NULL: a system call */
    const struct syscall_desc *syscall;       /* NULL: an invocation, or local */
    enum call_local local;
    word_t service; /* CPtr; of a system call without a capability: its argument */
    word_t info;    /* of a system call: the message info */
    unsigned argc;
    word_t arg[CALL_ARGS_MAX]; /* of an invocation, in the table's order without outputs; of a
                                                 local one all; under MCS arg[0] of one that receives: the reply */
    word_t context[20];        /* of WriteRegisters: seL4_UserContext in libsel4's order */
    char text[128];            /* of DebugNameThread */
};

/* Finds "seL4_CNode_Mint" or "seL4_Send"; false for an unknown name. */
bool call_find(const struct world *w, const char *function, struct call *call);
/* Its parameters as C writes them, without an invocation's service and without outputs. */
const char *call_parameters(const struct call *call);
/* The names that call_find() knows of functions that are no invocations: NULL behind the last. */
const char *call_function_name(unsigned i);

/* The fields of seL4_UserContext in libsel4's order, which is that of call.context. */
enum { USER_CONTEXT_FIELDS = 20 };
extern const char *const user_context_field[USER_CONTEXT_FIELDS];

/* Results of a call that has ended. */
struct call_result {
    bool ended; /* else nothing below is known yet: the thread is blocked, or still in the kernel */
    enum sel4_error error;  /* of an invocation */
    struct refusal refusal; /* the kernel's words for it, as the message registers hold them */
    word_t info, badge;     /* of a system call that receives */
    unsigned word_count;
    word_t word[MESSAGE_MAX_LENGTH]; /* message registers after the call, or the outputs */
};

/* The instruction and message of a call, for the seat's thread. */
bool call_encode(const struct session *s, const struct call *call, struct hand_act *act,
                 struct problem *p);
/* What the call brought, from the thread's registers and buffer; only after it ended. */
void call_decode_result(const struct session *s, const struct call *call, paddr_t tcb,
                        struct call_result *r);
/* Message register i as it is now: in a register, or in the buffer; 0 where there is none. */
word_t thread_message_word(const struct world *w, paddr_t tcb, unsigned i);
/* What the kernel would find if the seat's thread did it, with the capability and message info in the
 * registers that `act` sets. Nothing changes. */
bool call_predict(struct session *s, const struct hand_act *act, struct decoded *out,
                  struct problem *p);
/* Both, in the seat's thread. *result is set when stop->kind is STOP_DONE. */
bool call_do(struct session *s, const struct call *call, struct stop *stop,
             struct call_result *result, struct problem *p);

#endif
