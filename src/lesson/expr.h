/* SPDX-License-Identifier: BSD-2-Clause */
/* EXPR of the command language: C's operators and precedence on 64-bit words, with names, the TERMs
 * that look into the machine (faulter.state, message.badge, queue(ep), …), libsel4's functions that
 * only compute, and strings that can be compared. Changes nothing; bounded on any text. */
#ifndef FAULTLINE_LESSON_EXPR_H
#define FAULTLINE_LESSON_EXPR_H

#include "lesson/scope.h"

struct value {
    bool is_text;
    word_t word;
    char text[128];
};

/* Evaluates the whole text. */
bool expr_eval(const struct scope *sc, const char *text, struct value *out, struct problem *p);
/* The same where a word is wanted. */
bool expr_word(const struct scope *sc, const char *text, word_t *out, struct problem *p);
/* Reads the number at the start of `text` and sets *end behind it. 010 is refused with a tip. */
bool number_read(const char *text, const char **end, word_t *out, struct problem *p);

/* The TERMs (term.c). `subject` is what stands before the dot: a thread's name or "message". */
bool term_field(const struct scope *sc, const char *subject, const char *field, struct value *out,
                struct problem *p);
bool term_message_word(const struct scope *sc, word_t index, struct value *out, struct problem *p);
bool term_queue(const struct scope *sc, const char *slot, struct value *out, struct problem *p);
bool term_slot(const struct scope *sc, const char *slot, const char *field, struct value *out,
               struct problem *p);
word_t term_error(const struct session *s);
bool term_called(const struct session *s, struct value *out);
bool term_invariants(const struct scope *sc, struct value *out);

/* A register as a person types it. */
bool register_find(const char *name, enum context_reg *out);

/* libsel4's functions without an effect (builtin.c). */
enum { BUILTIN_ARGS_MAX = 4 };
struct builtin {
    const char *name;
    unsigned argc;
    word_t (*compute)(const struct scope *sc, const word_t *arg);
};
const struct builtin *builtin_find(const char *name);

/* What MR i of the seat's thread holds now: a register for the first four, else its IPC buffer. */
word_t message_register(const struct scope *sc, word_t i);

#endif
