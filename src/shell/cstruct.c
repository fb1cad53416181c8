/* SPDX-License-Identifier: BSD-2-Clause */
/* seL4_UserContext at the prompt: the one structure that tutorials fill in. `seL4_UserContext regs` is
 * kept as one variable a register, regs_rip to regs_gs_base, so that undo and recordings know of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/ccall.h"

enum { FIELD_NAME = 2 * NAME_SIZE };

static void field_name(const char *name, unsigned field, char text[FIELD_NAME])
{
    snprintf(text, FIELD_NAME, "%.*s_%s", NAME_SIZE, name, user_context_field[field]);
}

bool context_is_known(struct c *c, const char *name)
{
    char text[FIELD_NAME];
    word_t value;
    field_name(name, 0, text);
    return variable_get(scope_world(&c->a.sc), text, &value);
}

bool context_store(struct c *c, const char *name, const word_t *value, unsigned count)
{
    char text[FIELD_NAME];
    if (c->skip) return true;
    act_begin(c->sh);
    for (unsigned i = 0; i < count && i < USER_CONTEXT_FIELDS; i++) {
        field_name(name, i, text);
        if (!variable_set(session_world(c->sh->session), text, value[i]))
            return problem_set(&c->a.problem, "a shorter name", "there is no room for `%.60s`",
                               text);
    }
    return true;
}

void context_load(struct c *c, const char *name, word_t value[USER_CONTEXT_FIELDS])
{
    char text[FIELD_NAME];
    for (unsigned i = 0; i < USER_CONTEXT_FIELDS; i++) {
        field_name(name, i, text);
        if (!variable_get(scope_world(&c->a.sc), text, &value[i])) value[i] = 0;
    }
}

bool context_field(struct c *c, const char *field, unsigned *number)
{
    for (*number = 0; *number < USER_CONTEXT_FIELDS; ++*number)
        if (strcmp(user_context_field[*number], field) == 0) return true;
    return problem_set(&c->a.problem, ".rip, .rsp, .rax …", "`%.40s` is no register", field);
}

/* NAME or NAME = { … }, one of a declaration. */
bool context_declare(struct c *c, char *text)
{
    word_t value[USER_CONTEXT_FIELDS] = { 0 };
    char *sign = strchr(text, '=');
    size_t length = strcspn(text, " =\t\n");
    char name[NAME_SIZE], initial[1024];
    if (length == 0 || length >= sizeof name)
        return problem_set(&c->a.problem, "", "`%.40s` is no name", text);
    snprintf(name, sizeof name, "%.*s", (int)length, text);
    if (sign) {
        snprintf(initial, sizeof initial, "&%s", sign + 1 + strspn(sign + 1, " \t\n"));
        if (!c->skip && !context_read(c, initial, value)) return false;
    }
    return context_store(c, name, value, USER_CONTEXT_FIELDS);
}

bool context_set(struct c *c, const char *name, const char *field, const char *text)
{
    word_t all[USER_CONTEXT_FIELDS];
    unsigned number;
    if (c->skip) return true;
    if (!context_is_known(c, name))
        return problem_set(&c->a.problem,
                           "`seL4_UserContext regs;` declares one; a thread's: writeregs X rip=…",
                           "there is no structure `%.40s`", name);
    context_load(c, name, all);
    return context_field(c, field, &number) &&
           expr_word(&c->a.sc, text, &all[number], &c->a.problem) &&
           context_store(c, name, all, USER_CONTEXT_FIELDS);
}

/* What libsel4utils has for the same on every architecture. */
bool context_function(struct c *c, const char *function, const struct c_arguments *args, bool *ok)
{
    static const char *const table[][2] = { { "sel4utils_set_instruction_pointer", "rip" },
                                            { "sel4utils_set_stack_pointer", "rsp" },
                                            { "sel4utils_set_arg0", "rdi" } };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i][0], function) != 0) continue;
        *ok = args->count == 2 && args->text[0][0] == '&'
                  ? context_set(c, args->text[0] + 1, table[i][1], args->text[1])
                  : problem_set(&c->a.problem, "sel4utils_set_instruction_pointer(&regs, 0x401000)",
                                "`%s` takes a structure and a word", function);
        return true;
    }
    return false;
}
