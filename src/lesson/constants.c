/* SPDX-License-Identifier: BSD-2-Clause */
/* libsel4's constants: from the kernel's tables where a row already says them, else from
 * constants.def. Numbers that depend on the configuration are asked of the world's. */
#include "lesson/scope.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    word_t value;
} plain_constant[] = {
#define CONSTANT(name, value) { #name, value },
#include "lesson/constants.def"
#undef CONSTANT
};

/* Told of every constant; `true` ends the walk. */
typedef bool (*visit)(void *context, const char *name, word_t value);

static bool walk_objects(const struct world *w, visit each, void *context)
{
    char name[64];
    for (size_t i = 0; i < object_rows; i++) {
        word_t number;
        if (!object_type(&kernel_at(w)->numbers, object_table[i].name, &number)) continue;
        snprintf(name, sizeof name, "seL4_%s", object_table[i].name);
        if (each(context, name, number)) return true;
    }
    return false;
}

static bool walk_labels(const struct world *w, visit each, void *context)
{
    for (size_t i = 0; i < invocation_rows; i++) {
        word_t number;
        if (!invocation_label(&kernel_at(w)->numbers, invocation_table[i].label, &number)) continue;
        if (each(context, invocation_table[i].label, number)) return true;
    }
    return false;
}

static bool walk_fault(const struct world *w, unsigned kind, visit each, void *context)
{
    const struct fault_desc *f = &fault_table[kind];
    char name[96];
    snprintf(name, sizeof name, "seL4_Fault_%s", f->name);
    if (each(context, name, fault_label(kernel_config(w), kind))) return true;
    for (unsigned i = 0; i < FAULT_WORDS && f->word[i].field; i++) {
        snprintf(name, sizeof name, "seL4_%s_%s", f->name, f->word[i].field);
        if (each(context, name, i)) return true;
    }
    snprintf(name, sizeof name, "seL4_%s_Length", f->name);
    return each(context, name, fault_length(kind));
}

static bool walk_refusals(visit each, void *context)
{
    for (unsigned i = 0; i < SEL4_ERROR_COUNT; i++)
        if (each(context, error_table[i].name, i)) return true;
    for (unsigned i = LOOKUP_INVALID_ROOT; i <= LOOKUP_GUARD_MISMATCH; i++)
        if (each(context, lookup_failure_table[i].name, i)) return true;
    return false;
}

static bool walk(const struct world *w, visit each, void *context)
{
    for (size_t i = 0; i < sizeof plain_constant / sizeof plain_constant[0]; i++)
        if (each(context, plain_constant[i].name, plain_constant[i].value)) return true;
    if (walk_objects(w, each, context) || walk_refusals(each, context)) return true;
    for (unsigned kind = FAULT_NONE + 1; kind < FAULT_KIND_COUNT; kind++)
        if (walk_fault(w, kind, each, context)) return true;
    return walk_labels(w, each, context);
}

struct wanted {
    const char *name;
    word_t value;
};

static bool is_wanted(void *context, const char *name, word_t value)
{
    struct wanted *wanted = context;
    if (strcmp(name, wanted->name) != 0) return false;
    wanted->value = value;
    return true;
}

bool constant_find(const struct world *w, const char *name, word_t *out)
{
    struct wanted wanted = { .name = name };
    if (!walk(w, is_wanted, &wanted)) return false;
    *out = wanted.value;
    return true;
}

struct teller {
    void (*each)(void *context, const char *name);
    void *context;
};

static bool tell(void *context, const char *name, word_t value)
{
    const struct teller *teller = context;
    (void)value;
    teller->each(teller->context, name);
    return false;
}

void constants_each(const struct world *w, void (*each)(void *context, const char *name),
                    void *context)
{
    struct teller teller = { each, context };
    walk(w, tell, &teller);
}
