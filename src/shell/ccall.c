/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of libsel4 as in C: the tutorial's line, with our names in it. Which arguments a call takes is
 * read from the tables of kernel/ and world/. */
#include "shell/ccall.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool arguments_cut(char *text, struct c_arguments *out, struct problem *p)
{
    int depth = 0;
    bool quoted = false;
    out->count = 0;
    while (isspace((unsigned char)*text)) text++;
    if (*text == '\0') return true;
    out->text[out->count++] = text;
    for (char *at = text; *at; at++) {
        if (*at == '"') quoted = !quoted;
        if (quoted) continue;
        depth += strchr("([{", *at) != NULL;
        depth -= strchr(")]}", *at) != NULL;
        if (*at != ',' || depth > 0) continue;
        if (out->count == C_ARGUMENTS_MAX)
            return problem_set(p, "", "more than %d arguments", C_ARGUMENTS_MAX);
        *at = '\0';
        out->text[out->count++] = at + 1;
    }
    for (unsigned i = 0; i < out->count; i++) {
        char *one = out->text[i];
        while (isspace((unsigned char)*one)) one++;
        size_t n = strlen(one);
        while (n > 0 && isspace((unsigned char)one[n - 1])) one[--n] = '\0';
        out->text[i] = one;
    }
    return true;
}

/* &NAME, or NULL and 0 for nothing; the name in *name. */
static bool read_target(struct c *c, const char *text, const char **name)
{
    *name = NULL;
    if (strcmp(text, "NULL") == 0 || strcmp(text, "0") == 0) return true;
    if (*text != '&')
        return problem_set(&c->a.problem, "&badge, or NULL", "`%.60s` is no place for a result",
                           text);
    *name = text + 1 + strspn(text + 1, " ");
    return context_is_known(c, *name) || c_may_assign(c, *name);
}

bool context_read(struct c *c, char *text, word_t context[USER_CONTEXT_FIELDS])
{
    char *open = strchr(text, '{');
    struct c_arguments fields;
    size_t length = strlen(text);
    if (*text == '&' && !open && context_is_known(c, text + 1)) {
        context_load(c, text + 1, context);
        return true;
    }
    if (*text != '&' || !open || text[length - 1] != '}')
        return problem_set(&c->a.problem, "`seL4_UserContext regs = {0};` declares one",
                           "there is no structure `%.40s`", text);
    text[length - 1] = '\0';
    if (!arguments_cut(open + 1, &fields, &c->a.problem)) return false;
    for (unsigned f = 0; f < fields.count; f++) {
        char *one = fields.text[f], *sign = strchr(one, '=');
        char field[16];
        unsigned i = 0;
        if (strcmp(one, "0") == 0 || !*one) continue;
        if (!sign || *one != '.')
            return problem_set(&c->a.problem, ".rip = 0x401000", "`%.40s` sets no register", one);
        snprintf(field, sizeof field, "%.*s", (int)strcspn(one + 1, " ="), one + 1);
        if (!context_field(c, field, &i)) return false;
        if (!expr_word(&c->a.sc, sign + 1, &context[i], &c->a.problem)) return false;
    }
    return true;
}

/* A name that means nothing yet, as a call's destination: the first empty slot, which is called so. */
static bool fill_new_name(struct c *c, const struct parameter *p, unsigned i, const char *service,
                          const char *text, struct c_call *out)
{
    char path[200];
    struct problem unused;
    word_t known, own = 0;
    const struct call *call = &out->call;
    bool is_place =
        strcmp(call->invocation->interface, "CNode") == 0 &&
        (strcmp(p[i].name, "dest_index") == 0 ||
         (strcmp(p[i].name, "index") == 0 && strcmp(call->invocation->method, "SaveCaller") == 0));
    if (!is_place || !name_is_identifier(text)) return false;
    if (scope_name(&c->a.sc, text, &known)) return false;
    bool is_own = scope_own(&c->a.sc, "cspace", &own, &unused) && own == call->service;
    snprintf(path, sizeof path, "%s%s%s", is_own ? "" : service, is_own ? "" : "/", text);
    return slot_resolve(&c->a.sc, path, true, &out->dest, &unused);
}

/* "seL4_CNode_Mint wants 8 arguments: _service, dest_index, …; there are 3." */
static bool refuse_count(struct c *c, const char *name, unsigned wanted, unsigned given,
                         const char *list)
{
    char tip[240];
    snprintf(tip, sizeof tip, "%s(%.180s)", name, list);
    return problem_set(&c->a.problem, tip, "%s takes %u arguments; here are %u", name, wanted,
                       given);
}

static bool fill_invocation(struct c *c, const char *name, const struct c_arguments *args,
                            struct c_call *out)
{
    struct parameter p[CALL_ARGS_MAX], results[CALL_ARGS_MAX];
    struct call *call = &out->call;
    char list[400] = "_service";
    unsigned count = parameters_of(call->invocation->parameters, p);
    unsigned result_count = parameters_of(call->invocation->results, results);
    for (unsigned i = 0; i < count; i++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, ", %s", p[i].name);
    }
    bool counted = args->count >= count + 1 && args->count <= count + 1 + result_count;
    if (!counted) return refuse_count(c, name, count + 1, args->count, list);
    if (!expr_word(&c->a.sc, args->text[0], &call->service, &c->a.problem)) return false;
    call->argc = count;
    for (unsigned i = 0; i < count; i++) {
        bool context = strcmp(p[i].type, "seL4_UserContext") == 0;
        if (!context && fill_new_name(c, p, i, args->text[0], args->text[i + 1], out))
            call->arg[i] = out->dest.index;
        else if (context ? !context_read(c, args->text[i + 1], call->context)
                         : !expr_word(&c->a.sc, args->text[i + 1], &call->arg[i], &c->a.problem))
            return false;
    }
    for (unsigned i = count + 1; i < args->count; i++)
        if (!read_target(c, args->text[i], &out->target[i - count - 1])) return false;
    out->target_count = args->count - count - 1;
    return true;
}

/* One argument of a function that is no invocation: by its type it goes where the call wants it. */
static bool fill_argument(struct c *c, const struct parameter *p, unsigned i, const char *text,
                          struct c_call *out)
{
    struct call *call = &out->call;
    if (strcmp(p->type, "char") == 0 && call->local == CALL_ENTERS &&
        call->syscall->id == SYS_DebugNameThread) {
        if (*text != '"')
            return problem_set(&c->a.problem, "seL4_DebugNameThread(tcb, \"worker\")",
                               "`%.40s` is no name: a text in quotes is wanted", text);
        word_unquote(text, call->text, sizeof call->text);
        return true;
    }
    if (strcmp(p->type, "seL4_MessageInfo_t") == 0)
        return expr_word(&c->a.sc, text, &call->info, &c->a.problem);
    word_t *into = call->local != CALL_ENTERS ? &call->arg[i] : &call->service;
    call->argc = call->local != CALL_ENTERS ? i + 1 : 0;
    return expr_word(&c->a.sc, text, into, &c->a.problem);
}

static bool fill_function(struct c *c, const char *name, const struct c_arguments *args,
                          struct c_call *out)
{
    struct parameter p[CALL_ARGS_MAX];
    char list[120] = "";
    unsigned count = parameters_of(call_parameters(&out->call), p);
    bool badge = out->call.syscall && out->call.syscall->direction & RECEIVE &&
                 out->call.syscall->id != SYS_Call;
    for (unsigned i = 0; i < count; i++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", p[i].name);
    }
    if (badge) strncat(list, ", &badge", sizeof list - strlen(list) - 1);
    if (args->count != count + badge)
        return refuse_count(c, name, count + badge, args->count, list);
    for (unsigned i = 0; i < count; i++)
        if (!fill_argument(c, &p[i], i, args->text[i], out)) return false;
    return !badge || read_target(c, args->text[count], &out->badge);
}

/* The function whose name is nearest to what was typed. */
struct nearest {
    const char *typed;
    char name[96];
    unsigned distance;
};

static void compare_name(void *context, const char *name)
{
    struct nearest *n = context;
    const char *typed = n->typed + (strncmp(n->typed, "seL4_", 5) == 0 ? 5 : 0);
    unsigned distance = word_distance(typed, name + 5);
    if (distance >= n->distance) return;
    n->distance = distance;
    snprintf(n->name, sizeof n->name, "%s", name);
}

static bool refuse_function(struct c *c, const char *name)
{
    char tip[128] = "Tab completes: seL4_CNode_<Tab>";
    struct nearest n = { .typed = name, .distance = 4 };
    c_function_names(scope_world(&c->a.sc), compare_name, &n);
    if (*n.name) snprintf(tip, sizeof tip, "did you mean `%s`?", n.name);
    return problem_set(&c->a.problem, tip, "libsel4 has no function `%.80s` for this kernel", name);
}

bool c_fill(struct c *c, const char *name, const struct c_arguments *args, struct c_call *out)
{
    memset(out, 0, sizeof *out);
    if (!call_find(scope_world(&c->a.sc), name, &out->call)) return refuse_function(c, name);
    return out->call.invocation ? fill_invocation(c, name, args, out)
                                : fill_function(c, name, args, out);
}

void c_function_names(const struct world *w, void (*each)(void *context, const char *name),
                      void *context)
{
    char name[96];
    for (unsigned i = 0; call_function_name(i); i++) each(context, call_function_name(i));
    for (size_t i = 0; i < invocation_rows; i++) {
        if (!config_has(kernel_config(w), invocation_table[i].condition)) continue;
        snprintf(name, sizeof name, "seL4_%s_%s", invocation_table[i].interface,
                 invocation_table[i].method);
        each(context, name);
    }
}
