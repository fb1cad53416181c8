/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables, and the arithmetic of positional numbers. */
#include "kernel/numbers.h"

#include <string.h>

#include "kernel/object.h"

const struct kernel_config kernel_config_default = {
    .debug_build = 1,
    .printing = 1,
    .set_tls_base_self = 1,
    .root_cnode_bits = 13,
    .num_domains = 1,
    .time_slice = 5,
    .timer_tick_ms = 2,
    .retype_fan_out_limit = 256,
};

bool config_has(const struct kernel_config *config, enum condition condition)
{
    switch (condition) {
    case ALWAYS: return true;
    case IF_MCS: return config->mcs;
    case IF_NOT_MCS: return !config->mcs;
    case IF_HARDWARE_DEBUG_API: return config->hardware_debug_api;
    case IF_DEBUG_BUILD: return config->debug_build;
    case IF_PRINTING: return config->printing;
    case IF_SET_TLS_BASE_SELF: return config->set_tls_base_self;
    case NEVER: return false;
    }
    return false;
}

const struct error_desc error_table[SEL4_ERROR_COUNT] = {
#define ERROR(code, name, fields, meaning, tip) [code] = { "seL4_" #name, fields, meaning, tip },
#include "kernel/tables/errors.def"
#undef ERROR
};

const struct lookup_failure_desc lookup_failure_table[5] = {
#define LOOKUP_FAILURE(number, id, name, fields, meaning)                                          \
    [number] = { "seL4_" #name, fields, meaning },
#include "kernel/tables/lookup_failures.def"
#undef LOOKUP_FAILURE
};

const struct syscall_desc syscall_table[] = {
#define SYSCALL(name, condition, direction, blocks)                                                \
    { SYS_##name, #name, condition, direction, blocks },
#include "kernel/tables/syscalls.def"
#undef SYSCALL
};
const size_t syscall_rows = sizeof syscall_table / sizeof syscall_table[0];

const struct invocation_desc invocation_table[] = {
#define INVOCATION(label, condition, on, interface, method, decode, parameters, results)           \
    { #label, #interface, #method, parameters, results, condition, CAP_##on },
#include "kernel/tables/invocations.def"
#undef INVOCATION
};
const size_t invocation_rows = sizeof invocation_table / sizeof invocation_table[0];

const struct object_desc object_table[] = {
#define OBJECT(name, condition, cap, size_bits, word, meaning)                                     \
    { #name, condition, CAP_##cap, size_bits, #word, meaning },
#include "kernel/tables/objects.def"
#undef OBJECT
};
const size_t object_rows = sizeof object_table / sizeof object_table[0];

const char *cap_type_name(enum cap_type type)
{
    static const char *const name[CAP_TYPE_COUNT] = {
#define X(id, tag, name) [tag] = name,
        CAP_TYPE_LIST(X)
#undef X
    };
    return type < CAP_TYPE_COUNT && name[type] ? name[type] : "?";
}

const char *tcb_state_name(word_t state)
{
    static const char *const name[TCB_STATE_COUNT] = {
#define X(id, name, glyph) [TCB_##id] = name,
        TCB_STATE_LIST(X)
#undef X
    };
    return state < TCB_STATE_COUNT ? name[state] : "?";
}

/* clang-format off */
const struct fault_desc fault_table[FAULT_KIND_COUNT] = {
#define FAULT(kind, name_, label_, mcs_label_, phrase_) \
    [FAULT_##kind].name = #name_, [FAULT_##kind].label = label_, \
    [FAULT_##kind].mcs_label = mcs_label_, [FAULT_##kind].phrase = phrase_,
#define FAULT_WORD(kind, mr, field, from, index, written_back, meaning) \
    [FAULT_##kind].word[mr] = { #field, from, index, written_back, meaning },
#include "kernel/tables/faults.def"
};
/* clang-format on */

/* Numbers the rows of a configuration from 0 up into `number`, at most `room` of them. */
#define NUMBER_ROWS(table, rows, number, room)                                                     \
    for (size_t row = 0, at = 0; row < (rows); row++)                                              \
        if (config_has(config, (table)[row].condition) && at < (room))                             \
    (number)[at++] = (uint8_t)(row + 1)

/* seL4: libsel4/tools/syscall_header_gen.py numbers every system call but those of the other API. */
static void number_syscalls(struct numbers *n, const struct kernel_config *config)
{
    enum condition other = config->mcs ? IF_NOT_MCS : IF_MCS;
    for (size_t row = 0, at = 0; row < syscall_rows && at < NUMBERS_SYSCALLS; row++) {
        if (syscall_table[row].condition == other) continue;
        if (config_has(config, syscall_table[row].condition)) n->syscall[at] = (uint8_t)(row + 1);
        at++;
    }
}

void numbers_fill(struct numbers *n, const struct kernel_config *config)
{
    memset(n, 0, sizeof *n);
    number_syscalls(n, config);
    NUMBER_ROWS(invocation_table, invocation_rows, n->label + 1, NUMBERS_LABELS - 1);
    NUMBER_ROWS(object_table, object_rows, n->object, NUMBERS_OBJECTS);
}

const struct syscall_desc *syscall_row(const struct numbers *n, word_t number)
{
    word_t at = ~number; /* -1 is the first */
    return at < NUMBERS_SYSCALLS && n->syscall[at] ? &syscall_table[n->syscall[at] - 1] : NULL;
}

const struct invocation_desc *invocation_row(const struct numbers *n, word_t label)
{
    return label < NUMBERS_LABELS && n->label[label] ? &invocation_table[n->label[label] - 1]
                                                     : NULL;
}

const struct object_desc *object_row(const struct numbers *n, word_t type)
{
    return type < NUMBERS_OBJECTS && n->object[type] ? &object_table[n->object[type] - 1] : NULL;
}

bool syscall_number(const struct numbers *n, const char *name, word_t *out)
{
    for (word_t at = 0; at < NUMBERS_SYSCALLS; at++)
        if (n->syscall[at] && strcmp(syscall_table[n->syscall[at] - 1].name, name) == 0)
            return *out = ~at, true;
    return false;
}

bool invocation_label(const struct numbers *n, const char *label, word_t *out)
{
    for (word_t at = 1; at < NUMBERS_LABELS && n->label[at]; at++)
        if (strcmp(invocation_table[n->label[at] - 1].label, label) == 0) return *out = at, true;
    return false;
}

bool object_type(const struct numbers *n, const char *name, word_t *out)
{
    for (word_t at = 0; at < NUMBERS_OBJECTS && n->object[at]; at++)
        if (strcmp(object_table[n->object[at] - 1].name, name) == 0) return *out = at, true;
    return false;
}

word_t fault_label(const struct kernel_config *config, unsigned kind)
{
    return config->mcs ? fault_table[kind].mcs_label : fault_table[kind].label;
}

unsigned fault_length(unsigned kind)
{
    unsigned n = 0;
    while (n < FAULT_WORDS && fault_table[kind].word[n].field) n++;
    return n;
}
