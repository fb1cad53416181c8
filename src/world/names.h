/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of slots and prompt variables, in the arena. */
#ifndef FAULTLINE_WORLD_NAMES_H
#define FAULTLINE_WORLD_NAMES_H

#include "world/world.h"

/* The slot of `cnode` (a CNode capability) that has this name; 0 for none. */
paddr_t name_find(const struct world *w, struct cap cnode, const char *text);
/* The name of a slot; NULL when it has none. */
const char *name_of_slot(const struct world *w, paddr_t slot);
/* Whether text is a C identifier of < NAME_SIZE bytes, as every name is. */
bool name_is_identifier(const char *text);
/* Gives a slot a name; false when the table is full or the text is no such identifier. */
bool name_set(struct world *w, paddr_t slot, const char *text);
/* Forgets names of slots in [from, to): the memory is something else now. */
void names_forget(struct world *w, paddr_t from, paddr_t to);
/* Whether a slot is empty and has no name. */
bool slot_is_free(const struct world *w, paddr_t slot);
/* The first empty, unnamed slot of a CNode, never its slot 0, and none that the root task's initial
 * capabilities have; 0 when it is full. */
paddr_t slot_first_empty(const struct world *w, struct cap cnode);

/* The CPtr with which a thread reaches a slot of its root CNode; false when the slot lies elsewhere. */
bool slot_cptr(const struct world *w, paddr_t tcb, paddr_t slot, word_t *cptr);
/* The index of a slot in the CNode whose memory holds it. */
word_t slot_index(struct cap cnode, paddr_t slot);

/* Prompt variables (NAME = EXPR). */
bool variable_get(const struct world *w, const char *name, word_t *value);
bool variable_set(struct world *w, const char *name, word_t value);

/* Threads by the kernel's debug name; 0 for none. thread_name() is "" for a TCB without one. */
paddr_t thread_find(const struct world *w, const char *name);
const char *thread_name(const struct world *w, paddr_t tcb);

#endif
