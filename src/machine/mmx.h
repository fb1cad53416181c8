/* SPDX-License-Identifier: BSD-2-Clause */
/* MMX, executed by the MMX of the host: its registers are x87's, live in the host's as x87.h says.
 *
 * An instruction on two registers or a register and memory is the host's with the source in memory.
 * The few with an immediate or a general register move 64 bits out, compute, and move them back. */
#ifndef FAULTLINE_MACHINE_MMX_H
#define FAULTLINE_MACHINE_MMX_H

#include "machine/x87.h"

struct instruction;

enum mmx_kind {
    MMX_NONE,
    MMX_RR,
    MMX_RM,      /* 64 bits */
    MMX_RM_HALF, /* 32 bits are read: PUNPCKL of memory */
    MMX_SHIFT,   /* by an immediate */
    MMX_STORE,
    MMX_STORE_HALF,
    MMX_LOAD_HALF,
    MMX_FROM_GENERAL,
    MMX_TO_GENERAL,
    MMX_SHUFFLE_RR,
    MMX_SHUFFLE_RM,
    MMX_ALIGN_RR,
    MMX_ALIGN_RM,
    MMX_INSERT_R,
    MMX_INSERT_M,
    MMX_EXTRACT,
    MMX_MASK,
    MMX_STORE_MASKED,
    MMX_KINDS,
};

/* An instruction with an MMX register, as it is encoded: 0F, 0F 38 or 0F 3A, and ModRM.reg. */
enum mmx_map { MMX_MAP_0F, MMX_MAP_0F38, MMX_MAP_0F3A };
struct mmx_encoding {
    enum mmx_map map;
    unsigned opcode, reg;
    bool is_wide;
};

/* Its kind, and the host's instruction for it, into `i`, whose operands are known. */
void mmx_take(struct instruction *i, const struct mmx_encoding *e);

/* While the state is live. */
void mmx_run(void *source, unsigned snippet);
word_t mmx_get(unsigned offset);
void mmx_set(unsigned offset, word_t value);

word_t mmx_shuffle(word_t source, unsigned choice);
word_t mmx_align(word_t high, word_t low, unsigned bytes);
word_t mmx_insert(word_t into, word_t value, unsigned lane);
word_t mmx_signs(word_t value);
word_t mmx_merge(word_t old, word_t value, word_t mask);

#endif
