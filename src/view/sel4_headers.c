/* SPDX-License-Identifier: BSD-2-Clause */
/* Enumerations of include/sel4/, from the tables of the kernel model. Rows that not every
 * configuration has stand between #ifdef and #endif, so that the compiler counts as the kernel does.
 * seL4: libsel4/include/sel4/{errors,objecttype,faults}.h, libsel4/tools/invocation_header_gen.py. */
#include "view/sel4_headers.h"

#include <ctype.h>
#include <string.h>

#include "kernel/numbers.h"
#include "kernel/object.h"

enum { BOOTINFO_UNTYPED_CAPS = 230 }; /* KernelMaxNumBootinfoUntypedCaps */

static void begin(FILE *out, const char *guard, const char *what, const char *table)
{
    fprintf(out,
            "/* SPDX-License-Identifier: BSD-2-Clause */\n"
            "/* %s\n"
            " * Generated from %s by `make headers`. */\n"
            "/* clang-format off */\n"
            "#ifndef SEL4_%s_H\n#define SEL4_%s_H\n\n",
            what, table, guard, guard);
}

static void end(FILE *out)
{
    fputs("\n#endif\n/* clang-format on */\n", out);
}

static const char *condition_line(enum condition condition)
{
    switch (condition) {
    case ALWAYS: return NULL;
    case IF_MCS: return "#ifdef CONFIG_KERNEL_MCS\n";
    case IF_NOT_MCS: return "#ifndef CONFIG_KERNEL_MCS\n";
    case IF_HARDWARE_DEBUG_API: return "#ifdef CONFIG_HARDWARE_DEBUG_API\n";
    case IF_DEBUG_BUILD: return "#ifdef CONFIG_DEBUG_BUILD\n";
    case IF_PRINTING: return "#ifdef CONFIG_PRINTING\n";
    case IF_SET_TLS_BASE_SELF: return "#ifdef CONFIG_SET_TLS_BASE_SELF\n";
    case NEVER: return "#if 0\n";
    }
    return NULL;
}

/* Goes from rows of condition `from` to rows of condition `to`. */
static void change_condition(FILE *out, enum condition from, enum condition to)
{
    if (from == to) return;
    if (condition_line(from)) fputs("#endif\n", out);
    if (condition_line(to)) fputs(condition_line(to), out);
}

static void write_config(FILE *out)
{
    const struct kernel_config *c = &kernel_config_default;
    begin(out, "CONFIG", "The kernel that a program is compiled for.", "kernel_config_default");
    fputs("/* Defined on the compiler's command line or not at all: CONFIG_KERNEL_MCS,\n"
          " * CONFIG_HARDWARE_DEBUG_API. */\n",
          out);
    fputs("#define CONFIG_ARCH_X86_64 1\n#define CONFIG_ARCH_X86 1\n#define CONFIG_WORD_SIZE 64\n"
          "#define CONFIG_PLAT_PC99 1\n#define CONFIG_SYSCALL 1\n#define CONFIG_HAVE_FPU 1\n"
          "#define CONFIG_HUGE_PAGE 1\n#define CONFIG_MAX_NUM_NODES 1\n"
          "#define CONFIG_LIB_SEL4_USE_THREAD_LOCALS 1\n",
          out);
    if (c->debug_build) fputs("#define CONFIG_DEBUG_BUILD 1\n", out);
    if (c->printing) fputs("#define CONFIG_PRINTING 1\n", out);
    if (c->set_tls_base_self) fputs("#define CONFIG_SET_TLS_BASE_SELF 1\n", out);
    fprintf(out, "#define CONFIG_NUM_PRIORITIES %d\n", PRIORITY_COUNT);
    fprintf(out, "#define CONFIG_NUM_DOMAINS %d\n", c->num_domains);
    fprintf(out, "#define CONFIG_ROOT_CNODE_SIZE_BITS %d\n", c->root_cnode_bits);
    fprintf(out, "#define CONFIG_RETYPE_FAN_OUT_LIMIT %u\n", c->retype_fan_out_limit);
    fprintf(out, "#define CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS %d\n", BOOTINFO_UNTYPED_CAPS);
    fprintf(out, "#ifndef CONFIG_KERNEL_MCS\n#define CONFIG_TIME_SLICE %d\n", c->time_slice);
    fprintf(out, "#define CONFIG_TIMER_TICK_MS %u\n#endif\n", c->timer_tick_ms);
    end(out);
}

static void write_errors(FILE *out)
{
    begin(out, "ERRORS", "Why an invocation was refused.", "kernel/tables/errors.def");
    fputs("typedef enum {\n", out);
    for (size_t i = 0; i < SEL4_ERROR_COUNT; i++)
        fprintf(out, "    %s = %zu, /* %s */\n", error_table[i].name, i, error_table[i].meaning);
    fputs("    seL4_NumErrors\n} seL4_Error;\n\n/* Why a lookup failed. */\n", out);
    fputs("typedef enum {\n    seL4_NoFailure = 0,\n", out);
    for (size_t i = LOOKUP_INVALID_ROOT; i <= LOOKUP_GUARD_MISMATCH; i++)
        fprintf(out, "    %s = %zu, /* %s */\n", lookup_failure_table[i].name, i,
                lookup_failure_table[i].meaning);
    fputs("} seL4_LookupFailureType;\n", out);
    end(out);
}

static void write_syscall_numbers(FILE *out, bool mcs)
{
    struct kernel_config config = kernel_config_default;
    struct numbers n;
    config.mcs = mcs;
    numbers_fill(&n, &config);
    for (word_t at = 0; at < NUMBERS_SYSCALLS; at++)
        if (n.syscall[at])
            fprintf(out, "    seL4_Sys%s = -%d,\n", syscall_table[n.syscall[at] - 1].name,
                    (int)at + 1);
}

static void write_syscalls(FILE *out)
{
    begin(out, "SYSCALL", "Numbers of the system calls: what RDX holds.",
          "kernel/tables/syscalls.def");
    fputs("typedef enum {\n#ifdef CONFIG_KERNEL_MCS\n", out);
    write_syscall_numbers(out, true);
    fputs("#else\n", out);
    write_syscall_numbers(out, false);
    fputs("#endif\n} seL4_Syscall_ID;\n", out);
    end(out);
}

static void write_invocations(FILE *out)
{
    begin(out, "INVOCATION", "Labels of the invocations.", "kernel/tables/invocations.def");
    fputs("enum invocation_label {\n    InvalidInvocation,\n", out);
    enum condition condition = ALWAYS;
    for (size_t i = 0; i < invocation_rows; i++) {
        change_condition(out, condition, invocation_table[i].condition);
        condition = invocation_table[i].condition;
        fprintf(out, "    %s,\n", invocation_table[i].label);
    }
    change_condition(out, condition, ALWAYS);
    fputs("    nArchInvocationLabels\n};\n", out);
    end(out);
}

static void write_objects(FILE *out)
{
    begin(out, "OBJECTTYPE", "What seL4_Untyped_Retype makes.", "kernel/tables/objects.def");
    fputs("typedef enum {\n", out);
    enum condition condition = ALWAYS;
    for (size_t i = 0; i < object_rows; i++) {
        change_condition(out, condition, object_table[i].condition);
        condition = object_table[i].condition;
        fprintf(out, "    seL4_%s, /* %s */\n", object_table[i].name, object_table[i].meaning);
    }
    change_condition(out, condition, ALWAYS);
    fputs("    seL4_ObjectTypeCount\n} seL4_ObjectType;\n", out);
    end(out);
}

static enum condition fault_condition(unsigned kind)
{
    if (kind == FAULT_DEBUG_EXCEPTION) return IF_HARDWARE_DEBUG_API;
    return fault_table[kind].label ? ALWAYS : IF_MCS;
}

static void write_fault_labels(FILE *out, bool mcs)
{
    for (unsigned kind = FAULT_NONE + 1; kind < FAULT_KIND_COUNT; kind++) {
        const struct fault_desc *f = &fault_table[kind];
        unsigned label = mcs ? f->mcs_label : f->label;
        if (label) fprintf(out, "    seL4_Fault_%s = %u,\n", f->name, label);
    }
}

/* The words behind LookupFailureType, as enumerators: which there are depends on the failure. */
static void write_lookup_words(FILE *out)
{
    fputs("    seL4_CapFault_BitsLeft,\n", out);
    for (size_t i = LOOKUP_INVALID_ROOT; i <= LOOKUP_GUARD_MISMATCH; i++) {
        const char *type = lookup_failure_table[i].name + strlen("seL4_");
        const char *field = strchr(lookup_failure_table[i].fields, ',');
        for (int at = 1; field; field = strchr(field + 2, ','), at++)
            fprintf(out, "    seL4_CapFault_%s_%.*s = seL4_CapFault_BitsLeft + %d,\n", type,
                    (int)strcspn(field + 2, ","), field + 2, at);
    }
}

static void write_fault_words(FILE *out, unsigned kind)
{
    const struct fault_desc *f = &fault_table[kind];
    unsigned length = fault_length(kind);
    change_condition(out, ALWAYS, fault_condition(kind));
    fprintf(out, "typedef enum {\n");
    for (unsigned i = 0; i < length; i++) {
        fprintf(out, "    seL4_%s_%s,", f->name, f->word[i].field);
        fprintf(out, *f->word[i].meaning ? " /* %s */\n" : "%s\n", f->word[i].meaning);
    }
    if (kind == FAULT_CAP)
        write_lookup_words(out);
    else
        fprintf(out, "    seL4_%s_Length,\n", f->name);
    fprintf(out, "} seL4_%s_Msg;\n", f->name);
    change_condition(out, fault_condition(kind), ALWAYS);
    fputc('\n', out);
}

/* libsel4 names some fields of seL4_Fault_t otherwise than the words of the message. */
static const char *getter_name(unsigned kind, const char *field)
{
    if (kind == FAULT_UNKNOWN_SYSCALL && strcmp(field, "SP") == 0) return "RSP";
    if (kind == FAULT_USER_EXCEPTION && strcmp(field, "SP") == 0) return "Stack";
    if (kind == FAULT_TIMEOUT && strcmp(field, "Data") == 0) return "data";
    if (kind == FAULT_TIMEOUT && strcmp(field, "Consumed") == 0) return "consumed";
    return field;
}

static void write_fault_access(FILE *out, unsigned kind)
{
    const struct fault_desc *f = &fault_table[kind];
    change_condition(out, ALWAYS, fault_condition(kind));
    const char *test = kind == FAULT_TIMEOUT ? "TimeoutFault" : f->name;
    fprintf(out,
            "static inline seL4_Bool seL4_is%s_tag(seL4_MessageInfo_t tag)\n"
            "{ return seL4_MessageInfo_get_label(tag) == seL4_Fault_%s; }\n",
            test, f->name);
    for (unsigned i = 0; i < fault_length(kind); i++)
        fprintf(out,
                "static inline seL4_Word seL4_Fault_%s_get_%s(seL4_Fault_t fault)\n"
                "{ return fault.words[%u]; }\n",
                f->name, getter_name(kind, f->word[i].field), i + 1);
    for (unsigned i = 4; kind == FAULT_CAP && i < 7; i++)
        fprintf(out,
                "static inline seL4_Word seL4_Fault_CapFault_get_MR%u(seL4_Fault_t fault)\n"
                "{ return fault.words[%u]; }\n",
                i, i + 1);
    change_condition(out, fault_condition(kind), ALWAYS);
    fputc('\n', out);
}

static void write_faults(FILE *out)
{
    begin(out, "FAULTS", "Fault messages: labels, and which message register holds what.",
          "kernel/tables/faults.def");
    fputs("#include <sel4/functions.h>\n#include <sel4/types.h>\n\n"
          "typedef enum {\n    seL4_Fault_NullFault = 0,\n#ifdef CONFIG_KERNEL_MCS\n",
          out);
    write_fault_labels(out, true);
    fputs("#else\n", out);
    write_fault_labels(out, false);
    fputs("#endif\n} seL4_FaultType_t;\ntypedef seL4_FaultType_t seL4_Fault_tag_t;\n\n", out);
    for (unsigned kind = FAULT_NONE + 1; kind < FAULT_KIND_COUNT; kind++)
        write_fault_words(out, kind);
    fprintf(out,
            "/* A message taken out of the IPC buffer: its label, then its words. */\n"
            "typedef struct seL4_Fault {\n    seL4_Word words[%d];\n} seL4_Fault_t;\n\n"
            "static inline seL4_Fault_t seL4_getFault(seL4_MessageInfo_t tag)\n{\n"
            "    seL4_Fault_t fault = { { seL4_MessageInfo_get_label(tag) } };\n"
            "    for (int i = 0; i < %d; i++) fault.words[i + 1] = seL4_GetMR(i);\n"
            "    return fault;\n}\n\n"
            "static inline seL4_Word seL4_Fault_get_seL4_FaultType(seL4_Fault_t fault)\n"
            "{ return fault.words[0]; }\n"
            "static inline seL4_Bool seL4_isNullFault_tag(seL4_MessageInfo_t tag)\n"
            "{ return seL4_MessageInfo_get_label(tag) == seL4_Fault_NullFault; }\n\n",
            FAULT_WORDS + 1, FAULT_WORDS);
    for (unsigned kind = FAULT_NONE + 1; kind < FAULT_KIND_COUNT; kind++)
        write_fault_access(out, kind);
    end(out);
}

static void write_interfaces(FILE *out)
{
    begin(out, "INTERFACES", "The invocations as C functions.", "kernel/tables/invocations.def");
    sel4_write_stubs(out);
    end(out);
}

const struct sel4_header sel4_header_table[] = {
    { "config.h", write_config },         { "errors.h", write_errors },
    { "syscall.h", write_syscalls },      { "invocation.h", write_invocations },
    { "objecttype.h", write_objects },    { "faults.h", write_faults },
    { "interfaces.h", write_interfaces }, { NULL, NULL },
};
