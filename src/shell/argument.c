/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a command's arguments one after the other. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "shell/commands.h"

bool arg_more(const struct args *a)
{
    return a->at < a->count;
}

bool arg_key(struct args *a, const char *key)
{
    if (!arg_more(a) || strcmp(a->word[a->at], key) != 0) return false;
    a->at++;
    return true;
}

bool arg_text(struct args *a, const char *what, const char **text)
{
    *text = "";
    if (!arg_more(a)) return problem_set(&a->problem, "", "%s is missing", what);
    *text = a->word[a->at++];
    return true;
}

/* Names the argument in a problem of the evaluator that has no tip of its own. */
bool arg_word(struct args *a, const char *what, word_t *out)
{
    const char *text;
    return arg_text(a, what, &text) && expr_word(&a->sc, text, out, &a->problem);
}

bool arg_slot(struct args *a, const char *what, bool may_be_new, struct slot_ref *out)
{
    const char *text;
    return arg_text(a, what, &text) && slot_resolve(&a->sc, text, may_be_new, out, &a->problem);
}

bool arg_thread(struct args *a, paddr_t *tcb)
{
    const char *text;
    if (!arg_text(a, "a thread", &text)) return false;
    *tcb = thread_find(scope_world(&a->sc), text);
    return *tcb ||
           problem_set(&a->problem, "`threads` lists them", "no thread is called `%.60s`", text);
}

bool arg_tcb(struct args *a, word_t *cptr, const char **name)
{
    char slot[NAME_SIZE + 8];
    const struct world *w = scope_world(&a->sc);
    if (!arg_text(a, "a thread", name)) return false;
    snprintf(slot, sizeof slot, "%.*s_tcb", NAME_SIZE, *name);
    if (scope_slot_name(&a->sc, slot, cptr)) return true;
    paddr_t tcb = thread_find(w, *name);
    if (tcb && tcb == a->sc.seat) return scope_own(&a->sc, "tcb", cptr, &a->problem);
    struct slot_ref ref;
    struct problem unused;
    if (slot_resolve(&a->sc, *name, false, &ref, &unused) &&
        cap_type(scope_slot_cap(&a->sc, &ref)) == CAP_THREAD) {
        *cptr = ref.index;
        return ref.is_own || problem_set(&a->problem, "", "`%.60s` lies in another CSpace", *name);
    }
    if (!tcb)
        return problem_set(&a->problem, "`threads` lists them", "no thread is called `%.60s`",
                           *name);
    return problem_set(&a->problem, "a thread can only do what it has capabilities for: `caps`",
                       "%s has no capability to %s's TCB", thread_name(w, a->sc.seat), *name);
}

/* A word that means nothing was meant as letters. */
static bool rights_expression(struct args *a, const char *text, word_t *rights)
{
    if (expr_word(&a->sc, text, rights, &a->problem)) return true;
    return isalpha((unsigned char)*text)
               ? problem_set(&a->problem, "letters of r w g p, as rw; all; none",
                             "`%.60s` are no rights", text)
               : false;
}

bool arg_rights(struct args *a, word_t *rights)
{
    static const char letters[] = "wrgp"; /* in the order of the bits */
    const char *text;
    if (!arg_text(a, "rights", &text)) return false;
    *rights = RIGHTS_ALL;
    if (strcmp(text, "all") == 0) return true;
    *rights = 0;
    if (strcmp(text, "none") == 0) return true;
    for (const char *at = text; *at; at++) {
        const char *letter = strchr(letters, *at);
        if (!letter) return rights_expression(a, text, rights);
        *rights |= (word_t)1 << (letter - letters);
    }
    return true;
}

bool arg_end(struct args *a)
{
    if (!arg_more(a)) return true;
    return problem_set(&a->problem, "", "`%.60s` is too much", a->word[a->at]);
}

bool arg_expression(struct args *a, struct value *out)
{
    char text[2048];
    if (!arg_more(a)) return problem_set(&a->problem, "", "an expression is missing");
    words_join(a->word, a->at, a->count, text, sizeof text);
    a->at = a->count;
    return expr_eval(&a->sc, text, out, &a->problem);
}

bool slot_root(struct args *a, const struct slot_ref *ref, word_t *cptr)
{
    if (ref->is_own) return scope_own(&a->sc, "cspace", cptr, &a->problem);
    *cptr = ref->root;
    return true;
}
