/* SPDX-License-Identifier: BSD-2-Clause */
/* Verbs on threads and on address spaces: one invocation each, in the seat's name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/commands.h"

static enum outcome simple(struct shell *sh, struct args *a, const char *function, word_t service,
                           const word_t *arg, unsigned argc)
{
    struct call call;
    if (!arg_end(a) || !call_make(a, function, service, arg, argc, &call)) return OUTCOME_FAILED;
    return act_call(sh, a, &call);
}

/* A slot that the seat can name in one word. */
static bool own_slot(struct args *a, const char *what, word_t *cptr)
{
    struct slot_ref ref;
    if (!arg_slot(a, what, false, &ref)) return false;
    *cptr = ref.index;
    return ref.is_own || problem_set(&a->problem, "`copy` it here first",
                                     "that capability lies in another CSpace");
}

/* X_cspace, X_vspace: what `new thread` and `load` left. */
static bool belonging(struct args *a, const char *thread, const char *what, word_t *cptr)
{
    char name[2 * NAME_SIZE];
    snprintf(name, sizeof name, "%.*s_%s", NAME_SIZE, thread, what);
    if (scope_slot_name(&a->sc, name, cptr)) return true;
    return problem_set(&a->problem, "say which: setspace X fault_ep N cspace SLOT vspace SLOT",
                       "there is no slot `%s` here", name);
}

/* setspace X [fault_ep CPTR] [cspace SLOT] [vspace SLOT] */
enum outcome verb_setspace(struct shell *sh, struct args *a)
{
    word_t tcb, arg[5] = { 0 };
    const char *name;
    bool cspace = false, vspace = false;
    if (!arg_tcb(a, &tcb, &name)) return OUTCOME_FAILED;
    while (arg_more(a)) {
        bool ok = false;
        if (arg_key(a, "fault_ep"))
            ok = arg_word(a, "a CPtr", &arg[0]);
        else if (arg_key(a, "cspace"))
            ok = cspace = own_slot(a, "a CNode", &arg[1]);
        else if (arg_key(a, "vspace"))
            ok = vspace = own_slot(a, "a VSpace", &arg[3]);
        else
            arg_end(a);
        if (!ok) return OUTCOME_FAILED;
    }
    if (!cspace && !belonging(a, name, "cspace", &arg[1])) return OUTCOME_FAILED;
    if (!vspace && !belonging(a, name, "vspace", &arg[3])) return OUTCOME_FAILED;
    return simple(sh, a, "seL4_TCB_SetSpace", tcb, arg, 5);
}

enum outcome verb_setprio(struct shell *sh, struct args *a)
{
    word_t tcb, arg[2];
    const char *name;
    if (!arg_tcb(a, &tcb, &name) || !arg_word(a, "a priority", &arg[1]) ||
        !scope_own(&a->sc, "tcb", &arg[0], &a->problem))
        return OUTCOME_FAILED;
    return simple(sh, a, "seL4_TCB_SetPriority", tcb, arg, 2);
}

enum outcome verb_suspend(struct shell *sh, struct args *a)
{
    word_t tcb;
    const char *name;
    return arg_tcb(a, &tcb, &name) ? simple(sh, a, "seL4_TCB_Suspend", tcb, NULL, 0)
                                   : OUTCOME_FAILED;
}

enum outcome verb_resume(struct shell *sh, struct args *a)
{
    word_t tcb;
    const char *name;
    return arg_tcb(a, &tcb, &name) ? simple(sh, a, "seL4_TCB_Resume", tcb, NULL, 0)
                                   : OUTCOME_FAILED;
}

enum outcome verb_bind(struct shell *sh, struct args *a)
{
    word_t tcb, arg[1];
    const char *name;
    if (!arg_tcb(a, &tcb, &name) || !own_slot(a, "a notification", &arg[0])) return OUTCOME_FAILED;
    return simple(sh, a, "seL4_TCB_BindNotification", tcb, arg, 1);
}

enum outcome verb_unbind(struct shell *sh, struct args *a)
{
    word_t tcb;
    const char *name;
    return arg_tcb(a, &tcb, &name) ? simple(sh, a, "seL4_TCB_UnbindNotification", tcb, NULL, 0)
                                   : OUTCOME_FAILED;
}

/* ---- Registers of another thread ---- */

static bool set_context(struct args *a, word_t context[20])
{
    const char *word = a->word[a->at++], *sign = strchr(word, '=');
    for (unsigned i = 0; sign && i < USER_CONTEXT_FIELDS; i++) {
        size_t n = strlen(user_context_field[i]);
        if (n == (size_t)(sign - word) && strncmp(word, user_context_field[i], n) == 0)
            return expr_word(&a->sc, sign + 1, &context[i], &a->problem);
    }
    return problem_set(&a->problem, "writeregs X rip=0x401002 rax=0 [resume]",
                       "`%.60s` sets no register", word);
}

/* writeregs X REG=EXPR… [resume]: reads all registers, changes those named, writes all. */
enum outcome verb_writeregs(struct shell *sh, struct args *a)
{
    struct call read, write;
    struct stop stop;
    word_t tcb, resume = 0, read_arg[3] = { 0, 0, 20 };
    const char *name;
    if (!arg_tcb(a, &tcb, &name) ||
        !call_make(a, "seL4_TCB_ReadRegisters", tcb, read_arg, 3, &read))
        return OUTCOME_FAILED;
    struct call_result *r = calloc(1, sizeof *r);
    if (!r) return OUTCOME_FAILED;
    act_begin(sh);
    bool ok = call_do(sh->session, &read, &stop, r, &a->problem);
    if (ok && (stop.kind != STOP_DONE || r->error != SEL4_NoError))
        ok = problem_set(&a->problem, error_table[r->error].tip, "seL4_TCB_ReadRegisters: %s",
                         error_table[r->error].name);
    ok = ok && call_make(a, "seL4_TCB_WriteRegisters", tcb, NULL, 0, &write);
    if (ok) memcpy(write.context, r->word, sizeof write.context);
    free(r);
    while (ok && arg_more(a)) {
        if (arg_key(a, "resume"))
            resume = 1;
        else
            ok = set_context(a, write.context);
    }
    if (!ok) return OUTCOME_FAILED;
    write.argc = 4;
    write.arg[0] = resume;
    write.arg[2] = 20;
    return act_call(sh, a, &write);
}

/* ---- Address spaces ---- */

enum outcome verb_map(struct shell *sh, struct args *a)
{
    word_t frame, arg[4] = { 0, 0, RIGHT_READ | RIGHT_WRITE, 0 };
    if (!own_slot(a, "a frame", &frame) || !own_slot(a, "a VSpace", &arg[0]) ||
        !arg_word(a, "an address", &arg[1]))
        return OUTCOME_FAILED;
    if (arg_key(a, "rights") && !arg_rights(a, &arg[2])) return OUTCOME_FAILED;
    return simple(sh, a, "seL4_X86_Page_Map", frame, arg, 4);
}

enum outcome verb_unmap(struct shell *sh, struct args *a)
{
    word_t frame;
    return own_slot(a, "a frame", &frame) ? simple(sh, a, "seL4_X86_Page_Unmap", frame, NULL, 0)
                                          : OUTCOME_FAILED;
}
