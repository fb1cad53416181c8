/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the tables, and the numbers that they have in a configuration.
 * System call numbers, invocation labels and object types are positional in the real kernel: a row
 * of labels or object types whose condition a configuration does not meet shifts those behind it;
 * system calls keep their numbers, but for MCS (tables/syscalls.def). */
#ifndef FAULTLINE_KERNEL_NUMBERS_H
#define FAULTLINE_KERNEL_NUMBERS_H

#include "kernel/cap.h"
#include "kernel/config.h"

/* seL4_Error. */
enum sel4_error {
#define ERROR(code, name, fields, meaning, tip) SEL4_##name = code,
#include "kernel/tables/errors.def"
#undef ERROR
    SEL4_ERROR_COUNT
};

struct error_desc {
    const char *name; /* "seL4_NoError" */
    const char *fields, *meaning, *tip;
};
extern const struct error_desc error_table[SEL4_ERROR_COUNT];

struct lookup_failure_desc {
    const char *name; /* "seL4_InvalidRoot" */
    const char *fields, *meaning;
};
extern const struct lookup_failure_desc lookup_failure_table[5];

/* System calls by name: rows of both configurations of the same name are one syscall. */
/* clang-format off */
enum syscall {
    SYS_NONE, SYS_Call, SYS_ReplyRecv, SYS_NBSendRecv, SYS_NBSendWait, SYS_Send, SYS_NBSend, SYS_Recv,
    SYS_Reply, SYS_NBRecv, SYS_Wait, SYS_NBWait, SYS_Yield, SYS_DebugPutChar, SYS_DebugDumpScheduler,
    SYS_DebugHalt, SYS_DebugCapIdentify, SYS_DebugSnapshot, SYS_DebugNameThread, SYS_SetTLSBase,
    SYS_COUNT
};
/* clang-format on */

enum { SEND = 1, RECEIVE = 2 };

struct syscall_desc {
    enum syscall id;
    const char *name; /* "Call" */
    enum condition condition;
    unsigned direction; /* SEND, RECEIVE */
    bool blocks;
};
extern const struct syscall_desc syscall_table[];
extern const size_t syscall_rows;

struct invocation_desc {
    const char *label;     /* "TCBSetSpace" */
    const char *interface; /* "TCB" */
    const char *method;    /* "SetSpace" */
    const char *parameters, *results;
    enum condition condition;
    enum cap_type on;
};
extern const struct invocation_desc invocation_table[];
extern const size_t invocation_rows;

struct object_desc {
    const char *name; /* "EndpointObject": seL4_EndpointObject */
    enum condition condition;
    enum cap_type cap;
    unsigned size_bits; /* 0: the caller says */
    const char *word, *meaning;
};
extern const struct object_desc object_table[];
extern const size_t object_rows;

enum { NUMBERS_SYSCALLS = 40, NUMBERS_LABELS = 96, NUMBERS_OBJECTS = 16 };

/* Row + 1 by number; 0: no such number (among system calls others may follow). syscall[n] is number -(n+1). Bytes, so that it can lie in
 * the arena. */
struct numbers {
    uint8_t syscall[NUMBERS_SYSCALLS];
    uint8_t label[NUMBERS_LABELS];
    uint8_t object[NUMBERS_OBJECTS];
};

void numbers_fill(struct numbers *n, const struct kernel_config *config);

/* The row of a number; NULL when the configuration has none such. */
const struct syscall_desc *syscall_row(const struct numbers *n, word_t number);
const struct invocation_desc *invocation_row(const struct numbers *n, word_t label);
const struct object_desc *object_row(const struct numbers *n, word_t type);

/* The number of a name ("Call", "TCBSetSpace", "EndpointObject"); false when there is none. */
bool syscall_number(const struct numbers *n, const char *name, word_t *out);
bool invocation_label(const struct numbers *n, const char *label, word_t *out);
bool object_type(const struct numbers *n, const char *name, word_t *out);

/* Fault messages. */
enum fault_word_from { NO_WORD, CONTEXT, FAULT_FIELD, LOOKUP };

struct fault_word_desc {
    const char *field; /* "FaultIP" */
    enum fault_word_from from;
    unsigned index;
    bool written_back;
    const char *meaning;
};

enum { FAULT_WORDS = 19 };

struct fault_desc {
    const char *name;   /* "VMFault" */
    const char *phrase; /* "VM fault" */
    unsigned label, mcs_label;
    struct fault_word_desc word[FAULT_WORDS + 1]; /* in order; behind the last one NO_WORD */
};
extern const struct fault_desc fault_table[]; /* by enum fault_kind; [0] is empty */

/* The label of a kind's message. */
word_t fault_label(const struct kernel_config *config, unsigned kind);

/* How many words a kind's message has; of a capability fault without those behind the lookup failure's type. */
unsigned fault_length(unsigned kind);

#endif
