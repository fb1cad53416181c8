/* SPDX-License-Identifier: BSD-2-Clause */
/* What a NAME and a SLOT mean to a seat, and how its thread would reach them. */
#include "lesson/scope.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/expr.h"

struct scope scope_of_seat(const struct session *s)
{
    return (struct scope){ s, session_seat(s) };
}

struct scope scope_of_root(const struct session *s)
{
    return (struct scope){ s, kernel_at(session_world_at(s))->root_tcb };
}

/* The capability to the seat's root CNode; a null one when it has no CSpace. */
static struct cap root_cnode(const struct scope *sc)
{
    if (!sc->seat) return cap_new(CAP_NULL);
    struct cap cap = cte_at(scope_world(sc), tcb_slot(sc->seat, TCB_CTABLE))->cap;
    return cap_type(cap) == CAP_CNODE ? cap : cap_new(CAP_NULL);
}

static bool cap_is_own(const struct scope *sc, const char *which, struct cap cap)
{
    const struct world *w = scope_world(sc);
    if (strcmp(which, "tcb") == 0)
        return cap_type(cap) == CAP_THREAD && cap_object(cap) == sc->seat;
    bool cspace = strcmp(which, "cspace") == 0;
    struct cap mine = cte_at(w, tcb_slot(sc->seat, cspace ? TCB_CTABLE : TCB_VTABLE))->cap;
    return cap_type(mine) != CAP_NULL && cap_type(mine) == cap_type(cap) &&
           cap_object(mine) == cap_object(cap);
}

bool scope_own(const struct scope *sc, const char *which, word_t *cptr, struct problem *p)
{
    const struct world *w = scope_world(sc);
    struct cap root = root_cnode(sc);
    if (cap_type(root) == CAP_NULL)
        return problem_set(p, "`as rootserver` sits in a thread that has one", "%s has no CSpace",
                           thread_name(w, sc->seat));
    word_t count = (word_t)1 << cap_cnode_radix(root);
    for (word_t i = 1; i < count; i++) {
        paddr_t slot = cap_object(root) + (i << SLOT_BITS);
        if (!cap_is_own(sc, which, cte_at(w, slot)->cap)) continue;
        if (slot_cptr(w, sc->seat, slot, cptr)) return true;
    }
    return problem_set(p, "a thread can only do what it has capabilities for: `caps` lists them",
                       "%s has no capability to its own %s", thread_name(w, sc->seat), which);
}

static bool is_own_word(const char *name)
{
    return strcmp(name, "cspace") == 0 || strcmp(name, "vspace") == 0 || strcmp(name, "tcb") == 0;
}

bool scope_slot_name(const struct scope *sc, const char *name, word_t *cptr)
{
    const struct world *w = scope_world(sc);
    struct cap root = root_cnode(sc);
    if (cap_type(root) == CAP_NULL) return false;
    paddr_t slot = name_find(w, root, name);
    if (slot) return slot_cptr(w, sc->seat, slot, cptr);
    struct problem unused;
    return is_own_word(name) && scope_own(sc, name, cptr, &unused);
}

bool scope_name(const struct scope *sc, const char *name, word_t *out)
{
    return constant_find(scope_world(sc), name, out) || scope_slot_name(sc, name, out) ||
           variable_get(scope_world(sc), name, out) || scope_symbol(sc, name, out);
}

bool scope_name_is_free(const struct scope *sc, const char *name, struct problem *p)
{
    word_t value;
    if (!name_is_identifier(name))
        return problem_set(p, "letters, digits and _, at most 31 of them, no digit in front",
                           "`%.40s` is no name", name);
    if (constant_find(scope_world(sc), name, &value))
        return problem_set(p, "choose another name", "`%s` is a constant of libsel4: %llu", name,
                           (unsigned long long)value);
    if (scope_slot_name(sc, name, &value))
        return problem_set(p, "choose another name, or `caps` to see what lies there",
                           "`%s` is the name of slot %llu already", name,
                           (unsigned long long)value);
    if (scope_symbol(sc, name, &value))
        return problem_set(p, "choose another name", "`%s` is a symbol of this program", name);
    return true;
}

/* ---- SLOT ---- */

static bool take_new(const struct scope *sc, const char *name, struct slot_ref *out,
                     struct problem *p)
{
    const struct world *w = scope_world(sc);
    word_t value;
    if (out->is_own && !scope_name_is_free(sc, name, p)) return false;
    if (out->is_own && variable_get(w, name, &value))
        return problem_set(p, "choose another name", "`%s` is a variable already", name);
    out->slot = slot_first_empty(w, out->cnode);
    if (!out->slot) return problem_set(p, "`delete` makes room", "that CSpace is full");
    snprintf(out->new_name, sizeof out->new_name, "%s", name);
    return true;
}

/* A slot of the CNode behind out->cnode by name or number (a variable is one); its index in *index. */
static bool find_in_cnode(const struct scope *sc, const char *text, bool may_be_new,
                          struct slot_ref *out, word_t *index, struct problem *p)
{
    const struct world *w = scope_world(sc);
    word_t number;
    bool is_name = name_is_identifier(text);
    out->slot = is_name ? name_find(w, out->cnode, text) : 0;
    if (is_name && (out->slot || !variable_get(w, text, &number))) {
        if (!out->slot && !may_be_new)
            return problem_set(p, "`caps` lists the names that this seat knows",
                               "no slot is called `%s` there", text);
        if (!out->slot && !take_new(sc, text, out, p)) return false;
        *index = slot_index(out->cnode, out->slot);
        return true;
    }
    struct value value;
    if (!expr_word(sc, text, &value.word, p)) return false;
    *index = value.word;
    bool inside = *index >> cap_cnode_radix(out->cnode) == 0;
    out->slot = inside ? cap_object(out->cnode) + (*index << SLOT_BITS) : 0;
    return true;
}

static bool resolve_path(const struct scope *sc, const char *cnode, const char *text,
                         bool may_be_new, struct slot_ref *out, struct problem *p)
{
    struct slot_ref at;
    if (!slot_resolve(sc, cnode, false, &at, p)) return false;
    out->cnode = scope_slot_cap(sc, &at);
    if (cap_type(out->cnode) != CAP_CNODE)
        return problem_set(p, "CNODE/x is slot x of the CNode that CNODE is a capability to",
                           "`%.40s` holds no CNode capability but: %s", cnode,
                           cap_type_name(cap_type(out->cnode)));
    word_t index = 0;
    if (!find_in_cnode(sc, text, may_be_new, out, &index, p)) return false;
    unsigned radix = (unsigned)cap_cnode_radix(out->cnode);
    unsigned guard_size = (unsigned)cap_cnode_guard_size(out->cnode);
    if (radix < 64 && index >> radix) /* the kernel would take the lowest bits and say nothing */
        return problem_set(p, "slots are counted from 0", "`%.40s` has %llu slots: none is %llu",
                           cnode, 1ULL << radix, (unsigned long long)index);
    out->root = at.index;
    out->depth = (uint8_t)(radix + guard_size > 64 ? 64 : radix + guard_size);
    out->index = radix < 64 ? cap_cnode_guard(out->cnode) << radix | index : index;
    return true;
}

static bool resolve_number(const struct scope *sc, const char *text, struct slot_ref *out,
                           struct problem *p)
{
    if (!expr_word(sc, text, &out->index, p)) return false;
    struct lookup_failure failure =
        kernel_lookup_slot(scope_world(sc), sc->seat, out->index, &out->slot);
    if (failure.type != LOOKUP_OK) out->slot = 0;
    return true;
}

static bool resolve_name(const struct scope *sc, const char *text, bool may_be_new,
                         struct slot_ref *out, struct problem *p)
{
    if (scope_slot_name(sc, text, &out->index)) {
        kernel_lookup_slot(scope_world(sc), sc->seat, out->index, &out->slot);
        return true;
    }
    if (is_own_word(text)) return scope_own(sc, text, &out->index, p);
    word_t ignored;
    if (scope_name(sc, text, &ignored)) return resolve_number(sc, text, out, p);
    if (!may_be_new)
        return problem_set(p, "`caps` lists the names that this seat knows",
                           "%s knows no slot called `%s`", thread_name(scope_world(sc), sc->seat),
                           text);
    if (!take_new(sc, text, out, p)) return false;
    if (!slot_cptr(scope_world(sc), sc->seat, out->slot, &out->index))
        return problem_set(p, "`caps` shows its guard",
                           "this CSpace's slots have no 64-bit address");
    return true;
}

bool slot_resolve(const struct scope *sc, const char *text, bool may_be_new, struct slot_ref *out,
                  struct problem *p)
{
    *out = (struct slot_ref){ .cnode = root_cnode(sc), .is_own = true, .depth = 64 };
    if (cap_type(out->cnode) == CAP_NULL)
        return problem_set(p, "`as rootserver` sits in a thread that has one", "%s has no CSpace",
                           thread_name(scope_world(sc), sc->seat));
    const char *slash = strrchr(text, '/');
    if (slash && slash > text && text[0] != '(') {
        char cnode[128];
        if ((size_t)(slash - text) >= sizeof cnode)
            return problem_set(p, "give it a name with `name`", "that slot's name is too long");
        snprintf(cnode, sizeof cnode, "%.*s", (int)(slash - text), text);
        if (strchr(cnode, '/'))
            return problem_set(p, "CNODE/x goes one level: name the inner CNode first",
                               "`%.60s` has two levels", text);
        out->is_own = false;
        return resolve_path(sc, cnode, slash + 1, may_be_new, out, p);
    }
    if (name_is_identifier(text)) return resolve_name(sc, text, may_be_new, out, p);
    return resolve_number(sc, text, out, p);
}

struct cap scope_slot_cap(const struct scope *sc, const struct slot_ref *ref)
{
    return ref->slot ? cte_at(scope_world(sc), ref->slot)->cap : cap_new(CAP_NULL);
}
