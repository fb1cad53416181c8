/* SPDX-License-Identifier: BSD-2-Clause */
/* Names that people give: slots and prompt variables, in the arena, so that undo and replay have them
 * for free; and threads by the kernel's debug name. */
#include "world/names.h"

#include <ctype.h>
#include <string.h>

enum { INITIAL_CAPS = 16 }; /* seL4_NumInitialCaps */

static paddr_t cnode_end(struct cap cnode)
{
    return cap_cnode_object(cnode) + ((paddr_t)1 << (cap_cnode_radix(cnode) + SLOT_BITS));
}

bool name_is_identifier(const char *text)
{
    if (!isalpha((unsigned char)text[0]) && text[0] != '_') return false;
    for (const char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_') return false;
    return strlen(text) < NAME_SIZE;
}

static struct name *name_edit(struct world *w, word_t i)
{
    return arena_edit(w,
                      ARENA_WORLD + offsetof(struct world_state, names) + i * sizeof(struct name),
                      sizeof(struct name));
}

paddr_t name_find(const struct world *w, struct cap cnode, const char *text)
{
    const struct world_state *state = world_state_at(w);
    if (cap_type(cnode) != CAP_CNODE) return 0;
    for (word_t i = 0; i < state->names_used; i++) {
        const struct name *n = &state->names[i];
        if (n->slot >= cap_cnode_object(cnode) && n->slot < cnode_end(cnode) &&
            strcmp(n->text, text) == 0)
            return n->slot;
    }
    return 0;
}

static bool name_place(const struct world *w, paddr_t slot, word_t *place)
{
    const struct world_state *state = world_state_at(w);
    for (*place = 0; *place < state->names_used; ++*place)
        if (state->names[*place].slot == slot) return true;
    return false;
}

const char *name_of_slot(const struct world *w, paddr_t slot)
{
    word_t i;
    return name_place(w, slot, &i) ? world_state_at(w)->names[i].text : NULL;
}

bool name_set(struct world *w, paddr_t slot, const char *text)
{
    word_t i;
    if (!slot || !name_is_identifier(text)) return false;
    if (!name_place(w, slot, &i)) {
        if (i == NAMES_MAX) return false;
        WORLD_EDIT(w, names_used) = i + 1;
    }
    struct name *n = name_edit(w, i);
    *n = (struct name){ .slot = slot };
    strcpy(n->text, text);
    return true;
}

void names_forget(struct world *w, paddr_t from, paddr_t to)
{
    word_t kept = 0, used = world_state_at(w)->names_used;
    for (word_t i = 0; i < used; i++) {
        const struct name *n = &world_state_at(w)->names[i];
        if (n->slot >= from && n->slot < to) continue;
        if (kept != i) *name_edit(w, kept) = *n;
        kept++;
    }
    for (word_t i = kept; i < used; i++) *name_edit(w, i) = (struct name){ 0 };
    if (kept != used) WORLD_EDIT(w, names_used) = kept;
}

bool slot_is_free(const struct world *w, paddr_t slot)
{
    return cap_type(cte_at(w, slot)->cap) == CAP_NULL && !name_of_slot(w, slot);
}

/* The root task's first slots are its initial capabilities', whether this machine has them or not. */
static paddr_t first_choice(const struct world *w, struct cap cnode)
{
    paddr_t root = kernel_at(w)->root_tcb;
    struct cap initial = root ? cte_at(w, tcb_slot(root, TCB_CTABLE))->cap : cap_new(CAP_NULL);
    bool is_root =
        cap_type(initial) == CAP_CNODE && cap_cnode_object(initial) == cap_cnode_object(cnode);
    return cap_cnode_object(cnode) + ((is_root ? INITIAL_CAPS : (paddr_t)1) << SLOT_BITS);
}

paddr_t slot_first_empty(const struct world *w, struct cap cnode)
{
    if (cap_type(cnode) != CAP_CNODE) return 0;
    for (paddr_t slot = first_choice(w, cnode); slot < cnode_end(cnode); slot += 1 << SLOT_BITS)
        if (slot_is_free(w, slot)) return slot;
    return 0;
}

word_t slot_index(struct cap cnode, paddr_t slot)
{
    return (slot - cap_cnode_object(cnode)) >> SLOT_BITS;
}

bool slot_cptr(const struct world *w, paddr_t tcb, paddr_t slot, word_t *cptr)
{
    struct cap root = cte_at(w, tcb_slot(tcb, TCB_CTABLE))->cap;
    if (cap_type(root) != CAP_CNODE || slot < cap_cnode_object(root) || slot >= cnode_end(root))
        return false;
    unsigned radix = (unsigned)cap_cnode_radix(root);
    unsigned bits = radix + (unsigned)cap_cnode_guard_size(root);
    if (bits > 64) return false;
    word_t value = (radix < 64 ? cap_cnode_guard(root) << radix : 0) | slot_index(root, slot);
    *cptr = bits == 0 ? 0 : value << (64 - bits);
    return true;
}

static int variable_find(const struct world *w, const char *name)
{
    const struct world_state *state = world_state_at(w);
    for (word_t i = 0; i < state->variables_used; i++)
        if (strcmp(state->variables[i].name, name) == 0) return (int)i;
    return -1;
}

bool variable_get(const struct world *w, const char *name, word_t *value)
{
    int i = variable_find(w, name);
    if (i >= 0) *value = world_state_at(w)->variables[i].value;
    return i >= 0;
}

bool variable_set(struct world *w, const char *name, word_t value)
{
    int i = variable_find(w, name);
    if (i < 0) {
        if (!name_is_identifier(name) || world_state_at(w)->variables_used == VARIABLES_MAX)
            return false;
        i = (int)WORLD_EDIT(w, variables_used)++;
    }
    uint64_t at = ARENA_WORLD + offsetof(struct world_state, variables) +
                  (unsigned)i * sizeof(struct variable);
    struct variable *v = arena_edit(w, at, sizeof *v);
    memset(v->name, 0, sizeof v->name);
    strcpy(v->name, name);
    v->value = value;
    return true;
}

const char *thread_name(const struct world *w, paddr_t tcb)
{
    return tcb ? tcb_debug_at(w, tcb)->name : "";
}

paddr_t thread_find(const struct world *w, const char *name)
{
    for (paddr_t tcb = kernel_at(w)->debug_tcbs; tcb; tcb = tcb_debug_at(w, tcb)->next)
        if (strcmp(thread_name(w, tcb), name) == 0) return tcb;
    return 0;
}
