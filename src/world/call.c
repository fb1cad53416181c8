/* SPDX-License-Identifier: BSD-2-Clause */
/* libsel4 calls by name, and what their tables say of parameters. */
#include "world/call.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
/* Functions of libsel4 that are no invocations. `syscall`: what they do without MCS; `mcs`: with. */
static const struct function {
    const char *name, *syscall, *mcs, *parameters;
    enum call_local local;
} functions[] = {
    { "seL4_Send",      "Send",      "Send",      "seL4_CPtr dest, seL4_MessageInfo_t info", CALL_ENTERS },
    { "seL4_NBSend",    "NBSend",    "NBSend",    "seL4_CPtr dest, seL4_MessageInfo_t info", CALL_ENTERS },
    { "seL4_Call",      "Call",      "Call",      "seL4_CPtr dest, seL4_MessageInfo_t info", CALL_ENTERS },
    { "seL4_Recv",      "Recv",      "Recv",      "seL4_CPtr src", CALL_ENTERS },
    { "seL4_NBRecv",    "NBRecv",    "NBRecv",    "seL4_CPtr src", CALL_ENTERS },
    { "seL4_Reply",     "Reply",     NULL,        "seL4_MessageInfo_t info", CALL_ENTERS },
    { "seL4_ReplyRecv", "ReplyRecv", "ReplyRecv", "seL4_CPtr src, seL4_MessageInfo_t info", CALL_ENTERS },
    { "seL4_Yield",     "Yield",     "Yield",     "", CALL_ENTERS },
    { "seL4_Signal",    "Send",      "Send",      "seL4_CPtr dest", CALL_ENTERS },
    { "seL4_Wait",      "Recv",      "Wait",      "seL4_CPtr src", CALL_ENTERS },
    { "seL4_Poll",      "NBRecv",    "NBWait",    "seL4_CPtr src", CALL_ENTERS },
    { "seL4_NBWait",    NULL,        "NBWait",    "seL4_CPtr src", CALL_ENTERS },
    { "seL4_DebugPutChar",       "DebugPutChar",       "DebugPutChar",       "char c", CALL_ENTERS },
    { "seL4_DebugDumpScheduler", "DebugDumpScheduler", "DebugDumpScheduler", "", CALL_ENTERS },
    { "seL4_DebugHalt",          "DebugHalt",          "DebugHalt",          "", CALL_ENTERS },
    { "seL4_DebugSnapshot",      "DebugSnapshot",      "DebugSnapshot",      "", CALL_ENTERS },
    { "seL4_DebugCapIdentify",   "DebugCapIdentify",   "DebugCapIdentify",   "seL4_CPtr cap", CALL_ENTERS },
    { "seL4_DebugNameThread",    "DebugNameThread",    "DebugNameThread",    "seL4_CPtr tcb, char name", CALL_ENTERS },
    { "seL4_SetTLSBase",         "SetTLSBase",         "SetTLSBase",         "seL4_Word tls_base", CALL_ENTERS },
    { "seL4_GetMR",    NULL, NULL, "seL4_Word i", CALL_GET_MR },
    { "seL4_SetMR",    NULL, NULL, "seL4_Word i, seL4_Word mr", CALL_SET_MR },
    { "seL4_GetCap",   NULL, NULL, "seL4_Word i", CALL_GET_CAP },
    { "seL4_SetCap",   NULL, NULL, "seL4_Word i, seL4_Word cptr", CALL_SET_CAP },
    { "seL4_GetBadge", NULL, NULL, "seL4_Word i", CALL_GET_BADGE },
    { "seL4_SetCapReceivePath", NULL, NULL, "seL4_Word receiveCNode, seL4_Word receiveIndex, seL4_Word receiveDepth", CALL_SET_RECEIVE_PATH },
};

static const struct type {
    const char *name;
    unsigned bits;
    bool is_cap;
} types[] = {
    { "seL4_Bool", 1, false },            { "seL4_Uint8", 8, false },   { "seL4_Uint16", 16, false },
    { "seL4_Uint32", 32, false },         { "seL4_Word", 64, false },   { "seL4_Time", 64, false },
    { "seL4_CapRights_t", 64, false },    { "seL4_X86_VMAttributes", 64, false },
    { "seL4_UserContext", 0, false },     { "seL4_CPtr", 64, true },    { "seL4_CNode", 64, true },
    { "seL4_TCB", 64, true },             { "seL4_Untyped", 64, true }, { "seL4_X64_PML4", 64, true },
    { "seL4_SchedContext", 64, true },
};
/* clang-format on */

enum { FUNCTIONS = sizeof functions / sizeof functions[0], TYPES = sizeof types / sizeof types[0] };

const char *const user_context_field[USER_CONTEXT_FIELDS] = {
    "rip", "rsp", "rflags", "rax", "rbx", "rcx", "rdx", "rsi", "rdi",     "rbp",
    "r8",  "r9",  "r10",    "r11", "r12", "r13", "r14", "r15", "fs_base", "gs_base"
};

static struct parameter parameter_of(const char *text, size_t length)
{
    struct parameter p = { .bits = 64 };
    size_t type = strcspn(text, " ");
    snprintf(p.type, sizeof p.type, "%.*s", (int)type, text);
    if (type < length)
        snprintf(p.name, sizeof p.name, "%.*s", (int)(length - type - 1), text + type + 1);
    for (unsigned i = 0; i < TYPES; i++) {
        if (strcmp(types[i].name, p.type) != 0) continue;
        p.bits = types[i].bits;
        p.is_cap = types[i].is_cap;
    }
    return p;
}

unsigned parameters_of(const char *list, struct parameter parameter[CALL_ARGS_MAX])
{
    unsigned count = 0;
    while (*list && count < CALL_ARGS_MAX) {
        size_t length = strcspn(list, ",");
        parameter[count++] = parameter_of(list, length);
        list += length;
        list += strspn(list, ", ");
    }
    return count;
}

static const struct function *function_find(const char *name)
{
    for (unsigned i = 0; i < FUNCTIONS; i++)
        if (strcmp(functions[i].name, name) == 0) return &functions[i];
    return NULL;
}

static const struct syscall_desc *syscall_find(const struct kernel_config *config, const char *name)
{
    for (size_t i = 0; name && i < syscall_rows; i++)
        if (strcmp(syscall_table[i].name, name) == 0 &&
            config_has(config, syscall_table[i].condition))
            return &syscall_table[i];
    return NULL;
}

static const struct invocation_desc *invocation_find(const struct kernel_config *config,
                                                     const char *function)
{
    char name[64];
    for (size_t i = 0; i < invocation_rows; i++) {
        const struct invocation_desc *row = &invocation_table[i];
        snprintf(name, sizeof name, "seL4_%s_%s", row->interface, row->method);
        if (strcmp(name, function) == 0 && config_has(config, row->condition)) return row;
    }
    return NULL;
}

bool call_find(const struct world *w, const char *function, struct call *call)
{
    const struct kernel_config *config = kernel_config(w);
    const struct function *f = function_find(function);
    *call = (struct call){ 0 };
    if (!f) {
        call->invocation = invocation_find(config, function);
        return call->invocation != NULL;
    }
    call->function = f->name;
    call->local = f->local;
    call->syscall = syscall_find(config, config->mcs ? f->mcs : f->syscall);
    /* As libsel4 has it: a signal's message info says one word. */
    if (strcmp(f->name, "seL4_Signal") == 0) call->info = message_info(0, 0, 0, 1);
    return call->local != CALL_ENTERS || call->syscall;
}

const char *call_parameters(const struct call *call)
{
    if (call->invocation) return call->invocation->parameters;
    const struct function *f = call->function ? function_find(call->function) : NULL;
    return f ? f->parameters : "";
}

const char *call_function_name(unsigned i)
{
    return i < FUNCTIONS ? functions[i].name : NULL;
}
