/* SPDX-License-Identifier: BSD-2-Clause */
/* A place in the machine that somebody follows through time: a thread's register, bytes of memory, or
 * whatever an expression says. What stands there now, and who wrote it last. */
#ifndef FAULTLINE_WORLD_SPOT_H
#define FAULTLINE_WORLD_SPOT_H

#include "world/world.h"

struct session;

enum { SPOT_TEXT = 80 };

enum spot_kind { SPOT_NONE, SPOT_REGISTER, SPOT_MEMORY, SPOT_EXPRESSION };

/* What stands in a place: a word, or text (a thread's state). */
struct reading {
    word_t word;
    bool is_text;
    char text[48];
};

struct spot {
    enum spot_kind kind;
    paddr_t tcb; /* of a register: whose */
    enum context_reg reg;
    paddr_t at;           /* of memory: where, physically; */
    unsigned size;        /* 1 to 8 bytes, which lie in one page */
    char text[SPOT_TEXT]; /* as it was typed */
    /* Of an expression: what it says of the present; false: nothing can be said. */
    bool (*evaluate)(const struct session *s, const char *text, struct reading *out);
};

/* Makes one. Of memory at a thread's address, the physical bytes behind it now, cut at the page's end;
 * false: nothing is mapped there. Of a message word, a register or the IPC buffer; false: no buffer. */
struct spot spot_register(paddr_t tcb, enum context_reg reg);
bool spot_memory(const struct world *w, paddr_t tcb, word_t address, unsigned size,
                 struct spot *out);
bool spot_message_word(const struct world *w, paddr_t tcb, word_t i, struct spot *out);

void spot_read(const struct session *s, const struct spot *spot, struct reading *out);
bool reading_differs(const struct reading *a, const struct reading *b);

enum writer {
    WRITER_NOBODY,
    WRITER_INSTRUCTION,
    WRITER_KERNEL, /* during the entry whose events are [from, to) */
    WRITER_PERSON, /* at the prompt, by the command `line` */
};

/* One write. */
struct writing {
    enum writer by;
    word_t step;    /* where: the instruction or kernel entry that begins there */
    unsigned phase; /* of the entry: where it is seen first; 0: not before its end */
    paddr_t thread; /* who ran */
    word_t ip;      /* of an instruction */
    uint8_t code[15];
    size_t code_length;
    struct reading before, after;
    size_t from, to;
    const char *line; /* or NULL */
};

#endif
