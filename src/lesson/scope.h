/* SPDX-License-Identifier: BSD-2-Clause */
/* Names as a seat sees them. The word of a NAME is, in this order: a libsel4 constant, a slot of the
 * seat's CSpace, a prompt variable, a symbol of the seat's program. A seat knows the names of its own
 * CSpace only: nothing is reached without a capability. */
#ifndef FAULTLINE_LESSON_SCOPE_H
#define FAULTLINE_LESSON_SCOPE_H

#include "world/names.h"
#include "world/session.h"

struct scope {
    const struct session *session;
    paddr_t seat; /* TCB through whose CSpace names are seen */
};

/* The scope of the seat that is taken, and of the root task (for goals, whoever sits where). */
struct scope scope_of_seat(const struct session *s);
struct scope scope_of_root(const struct session *s);

static inline const struct world *scope_world(const struct scope *sc)
{
    return session_world_at(sc->session);
}

/* A slot, and how the seat's thread reaches it in an invocation. */
struct slot_ref {
    paddr_t slot;     /* physical address; 0: there is none there */
    struct cap cnode; /* the CNode capability through which it is named */
    bool is_own;      /* named in the seat's own CSpace: `index` is its CPtr */
    word_t root;      /* CPtr of that CNode capability, when it is not the seat's own */
    word_t index;
    uint8_t depth;
    char new_name[NAME_SIZE]; /* the name was new: `slot` is the first empty one */
};

/* Resolves SLOT: NAME | NUMBER | CNODE/NAME | CNODE/NUMBER. With may_be_new an unknown name takes the
 * first empty slot. */
bool slot_resolve(const struct scope *sc, const char *text, bool may_be_new, struct slot_ref *out,
                  struct problem *p);

/* The capability in a slot; a null one when there is no slot. */
struct cap scope_slot_cap(const struct scope *sc, const struct slot_ref *ref);

/* CPtr of the seat's own root CNode, VSpace or TCB ("cspace", "vspace", "tcb"). */
bool scope_own(const struct scope *sc, const char *which, word_t *cptr, struct problem *p);

/* Words of a NAME; each false when it is none of that sort. */
bool constant_find(const struct world *w, const char *name, word_t *out);
bool scope_slot_name(const struct scope *sc, const char *name, word_t *cptr);
bool scope_symbol(const struct scope *sc, const char *name, word_t *address);
bool scope_name(const struct scope *sc, const char *name, word_t *out);

/* Whether `name` may be given to a new thing: an identifier that means nothing else yet. */
bool scope_name_is_free(const struct scope *sc, const char *name, struct problem *p);

/* Calls `each` with every constant, for completion and suggestions. */
void constants_each(const struct world *w, void (*each)(void *context, const char *name),
                    void *context);

#endif
