/* SPDX-License-Identifier: BSD-2-Clause */
/* The invocation stubs of include/sel4/interfaces.h: parameters packed into message registers and
 * extra capabilities as kernel/tables/invocations.def says.
 * seL4: libsel4/tools/syscall_stub_gen.py (facts: packing, what lies in the IPC buffer afterwards). */
#include "view/sel4_headers.h"

#include <string.h>

#include "kernel/numbers.h"

enum { WORD = 64, PARAMETERS_MAX = 12, CONTEXT_WORDS = 20, REGISTERS = 4 };

/* Types that travel in message registers; every other type is a capability. */
static const struct value_type {
    const char *name;
    unsigned bits;
    const char *suffix; /* gets at the word */
} value_types[] = {
    { "seL4_Word", WORD, "" },
    { "seL4_Time", WORD, "" },
    { "seL4_Bool", 1, "" },
    { "seL4_Uint8", 8, "" },
    { "seL4_Uint16", 16, "" },
    { "seL4_Uint32", 32, "" },
    { "seL4_CapRights_t", WORD, ".words[0]" },
    { "seL4_X86_VMAttributes", WORD, "" },
    { "seL4_UserContext", CONTEXT_WORDS *WORD, "" },
};

struct parameter {
    char type[32], name[32];
    const struct value_type *value; /* NULL: a capability */
    unsigned word, bit;             /* where it travels */
};

struct parameters {
    unsigned count, words; /* words: of the message */
    unsigned caps;
    struct parameter p[PARAMETERS_MAX];
};

static const struct value_type *value_type_find(const char *name)
{
    for (size_t i = 0; i < sizeof value_types / sizeof *value_types; i++)
        if (strcmp(value_types[i].name, name) == 0) return &value_types[i];
    return NULL;
}

/* Splits "type name, type name" and gives every value its place. */
static struct parameters parameters_read(const char *text)
{
    struct parameters all = { 0 };
    unsigned used = 0;
    while (all.count < PARAMETERS_MAX) {
        struct parameter *p = &all.p[all.count];
        if (sscanf(text, "%31s %31[^,]", p->type, p->name) != 2) break;
        all.count++;
        p->value = value_type_find(p->type);
        if (p->value) {
            unsigned align = p->value->bits < WORD ? p->value->bits : WORD;
            used = (used + align - 1) / align * align;
            p->word = used / WORD;
            p->bit = used % WORD;
            used += p->value->bits;
        } else {
            p->word = all.caps++;
        }
        text += strcspn(text, ",");
        if (*text == ',') text += 2;
    }
    all.words = (used + WORD - 1) / WORD;
    return all;
}

static unsigned long long value_mask(const struct parameter *p)
{
    return (1ull << p->value->bits) - 1;
}

static bool is_context(const struct parameter *p)
{
    return p->value && p->value->bits > WORD;
}

/* The expression of one message register: the parameters that share it, or-ed together. */
static void write_word(FILE *out, const struct parameters *in, unsigned word)
{
    const char *between = "";
    for (unsigned i = 0; i < in->count; i++) {
        const struct parameter *p = &in->p[i];
        if (!p->value || is_context(p) || p->word != word) continue;
        if (p->value->bits == WORD)
            fprintf(out, "%s%s%s", between, p->name, p->value->suffix);
        else
            fprintf(out, "%s((seL4_Word)%s & %#llx)", between, p->name, value_mask(p));
        if (p->bit) fprintf(out, " << %u", p->bit);
        between = " | ";
    }
}

static const struct parameter *context_of(const struct parameters *all)
{
    for (unsigned i = 0; i < all->count; i++)
        if (is_context(&all->p[i])) return &all->p[i];
    return NULL;
}

static void write_marshalling(FILE *out, const struct parameters *in)
{
    const struct parameter *context = context_of(in);
    unsigned words = context ? context->word : in->words;
    for (unsigned i = 0; i < REGISTERS; i++) {
        fprintf(out, i ? ", mr%u = " : "    seL4_Word mr%u = ", i);
        if (i < words)
            write_word(out, in, i);
        else if (context)
            fprintf(out, "((const seL4_Word *)%s)[%u]", context->name, i - words);
        else
            fputc('0', out);
    }
    fputs(";\n", out);
    for (unsigned i = 0; i < in->count; i++)
        if (!in->p[i].value)
            fprintf(out, "    seL4_SetCap(%u, %s);\n", in->p[i].word, in->p[i].name);
    for (unsigned i = REGISTERS; i < words; i++) {
        fprintf(out, "    seL4_SetMR(%u, ", i);
        write_word(out, in, i);
        fputs(");\n", out);
    }
    if (!context) return;
    fprintf(out, "    const seL4_Word *from = (const seL4_Word *)%s;\n", context->name);
    fprintf(out, "    for (seL4_Word i = %u; i < count; i++) seL4_SetMR((int)i + %u, from[i]);\n",
            REGISTERS - words, words);
}

/* The signature behind the name: the capability invoked first, whole contexts as pointers. */
static void write_signature(FILE *out, const struct invocation_desc *row,
                            const struct parameters *in, const struct parameters *results)
{
    fprintf(out, "seL4_%s_%s(seL4_%s _service", row->interface, row->method, row->interface);
    for (unsigned i = 0; i < in->count; i++)
        fprintf(out, ", %s %s%s", in->p[i].type, is_context(&in->p[i]) ? "*" : "", in->p[i].name);
    const struct parameter *context = context_of(results);
    if (context) fprintf(out, ", %s *%s", context->type, context->name);
    fputs(")\n", out);
}

static void write_call(FILE *out, const struct invocation_desc *row, const struct parameters *in)
{
    fprintf(out, "seL4_Invoke(_service, %s, %u, %u, &mr0, &mr1, &mr2, &mr3);\n", row->label,
            in->caps, in->words);
}

static void write_result(FILE *out, const struct parameter *p)
{
    char word[32];
    snprintf(word, sizeof word, p->word < REGISTERS ? "mr%u" : "seL4_GetMR(%u)", p->word);
    if (p->value->bits == WORD)
        fprintf(out, "    result.%s = %s;\n", p->name, word);
    else
        fprintf(out, "    result.%s = (%s)(%s >> %u & %#llx);\n", p->name, p->type, word, p->bit,
                value_mask(p));
}

/* A stub that gives values back: a struct of the error and them. */
static void write_struct_stub(FILE *out, const struct invocation_desc *row,
                              const struct parameters *in, const struct parameters *results)
{
    fprintf(out, "typedef struct seL4_%s_%s {\n    int error;\n", row->interface, row->method);
    for (unsigned i = 0; i < results->count; i++)
        fprintf(out, "    %s %s;\n", results->p[i].type, results->p[i].name);
    fprintf(out, "} seL4_%s_%s_t;\n", row->interface, row->method);
    fprintf(out, "static inline seL4_%s_%s_t\n", row->interface, row->method);
    write_signature(out, row, in, results);
    fputs("{\n", out);
    write_marshalling(out, in);
    fprintf(out, "    seL4_%s_%s_t result = { .error = 0 };\n    result.error = (int)",
            row->interface, row->method);
    write_call(out, row, in);
    fputs("    if (result.error != seL4_NoError) return result;\n", out);
    for (unsigned i = 0; i < results->count; i++) write_result(out, &results->p[i]);
    fputs("    return result;\n}\n", out);
}

static void write_plain_stub(FILE *out, const struct invocation_desc *row,
                             const struct parameters *in, const struct parameters *results)
{
    const struct parameter *context = context_of(results);
    fputs("static inline seL4_Error\n", out);
    write_signature(out, row, in, results);
    fputs("{\n", out);
    write_marshalling(out, in);
    if (!context) {
        fputs("    return ", out);
        write_call(out, row, in);
        fputs("}\n", out);
        return;
    }
    fputs("    seL4_Error error = ", out);
    write_call(out, row, in);
    fprintf(out,
            "    if (error != seL4_NoError) return error;\n"
            "    seL4_Word *to = (seL4_Word *)%s;\n"
            "    to[0] = mr0;\n    to[1] = mr1;\n    to[2] = mr2;\n    to[3] = mr3;\n"
            "    for (seL4_Word i = 4; i < count; i++) to[i] = seL4_GetMR((int)i);\n"
            "    return error;\n}\n",
            context->name);
}

void sel4_write_stubs(FILE *out)
{
    static const char *const guard[] = {
        [IF_MCS] = "#ifdef CONFIG_KERNEL_MCS\n",
        [IF_NOT_MCS] = "#ifndef CONFIG_KERNEL_MCS\n",
        [IF_HARDWARE_DEBUG_API] = "#ifdef CONFIG_HARDWARE_DEBUG_API\n",
    };
    fputs("#include <sel4/functions.h>\n#include <sel4/invocation.h>\n#include <sel4/syscalls.h>\n"
          "#include <sel4/types.h>\n",
          out);
    for (size_t i = 0; i < invocation_rows; i++) {
        const struct invocation_desc *row = &invocation_table[i];
        struct parameters in = parameters_read(row->parameters);
        struct parameters results = parameters_read(row->results);
        fputc('\n', out);
        if (row->condition != ALWAYS) fputs(guard[row->condition], out);
        if (results.count && !context_of(&results))
            write_struct_stub(out, row, &in, &results);
        else
            write_plain_stub(out, row, &in, &results);
        if (row->condition != ALWAYS) fputs("#endif\n", out);
    }
}
