/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files behind build.h offer each other: one invocation after another by the seat's thread,
 * until one is refused. */
#ifndef FAULTLINE_WORLD_BUILDER_H
#define FAULTLINE_WORLD_BUILDER_H

#include "world/build.h"
#include "world/inside.h"
#include "world/names.h"

enum { VSPACE_BITS_TABLE = 9, CSPACE_RADIX = 8, THREAD_PRIORITY = 254, NAME_OF_THREAD = 24 };

struct builder {
    struct session *s;
    struct world *w;
    struct build b; /* .ok: nothing was refused so far */
    paddr_t seat;
    struct cap root; /* the seat's root CNode, by the capability that lies in it */
    word_t root_cptr;
    word_t spare; /* index from which to look for slots that nobody needs a name for */
};

struct builder builder_start(struct session *s);
bool build_refused(struct builder *b); /* a problem was filled: nothing more is done */
bool build_call(struct builder *b, const char *function, word_t service, const word_t *arg,
                unsigned argc);
/* BUILD(b, "seL4_CNode_Delete", service, index, depth): at least one argument. */
#define BUILD(b, function, service, ...)                                                           \
    build_call(b, function, service, (const word_t[]){ __VA_ARGS__ },                              \
               sizeof((const word_t[]){ __VA_ARGS__ }) / sizeof(word_t))

/* A slot for what needs no name, 0 (refused) when the CNode is full. From the CNode's middle
 * upwards, so that people's slots and builders' do not mix. */
paddr_t build_spare_slot(struct builder *b);
/* The first empty slot, for what gets a name. */
paddr_t build_named_slot(struct builder *b);
word_t build_cptr(const struct builder *b, paddr_t slot);
/* Index and depth of a slot, as CNode operations on the seat's root take them. */
word_t build_index(const struct builder *b, paddr_t slot);
word_t build_depth(const struct builder *b);
/* A capability of a type in the seat's root CNode; 0 (refused, saying what is missing) when there is none. */
word_t build_need(struct builder *b, enum cap_type type, paddr_t object, const char *what);
bool build_retype(struct builder *b, const char *kind, word_t size_bits, paddr_t slot);
bool build_name(struct builder *b, paddr_t slot, const char *thread, const char *ending);
/* A new frame, mapped read and write; its slot in *slot, what it is in *frame. */
bool build_page(struct builder *b, word_t vspace, word_t address, paddr_t slot, paddr_t *frame);

#endif
