/* SPDX-License-Identifier: BSD-2-Clause */
/* C at the prompt: what the parser of statements (cblock.c) and that of calls (ccall.c) share. */
#ifndef FAULTLINE_SHELL_CCALL_H
#define FAULTLINE_SHELL_CCALL_H

#include "shell/commands.h"

enum { C_ARGUMENTS_MAX = 24 };

/* A block of C that is being done. */
struct c {
    struct shell *sh;
    struct args a;        /* scope and problem */
    char *at;             /* the rest of the text */
    unsigned depth, skip; /* skip: this statement is read but not done */
    enum outcome outcome;
};

/* Arguments of a call as texts. */
struct c_arguments {
    unsigned count;
    char *text[C_ARGUMENTS_MAX];
};

/* A call with where its results go. */
struct c_call {
    struct call call;
    const char *badge; /* variable, or NULL */
    unsigned target_count;
    const char *target[CALL_ARGS_MAX]; /* of results, in order */
    struct slot_ref dest;              /* with a new name: what the call puts there is called so */
};

/* Cuts "a, b(c, d), e" at its commas. */
bool arguments_cut(char *text, struct c_arguments *out, struct problem *p);
/* A call of libsel4 from its name and arguments. */
bool c_fill(struct c *c, const char *name, const struct c_arguments *args, struct c_call *out);
/* cstruct.c: seL4_UserContext as variables of the prompt. */
bool context_is_known(struct c *c, const char *name);
bool context_declare(struct c *c, char *text);
bool context_set(struct c *c, const char *name, const char *field, const char *text);
bool context_store(struct c *c, const char *name, const word_t *value, unsigned count);
void context_load(struct c *c, const char *name, word_t value[USER_CONTEXT_FIELDS]);
bool context_field(struct c *c, const char *field, unsigned *number);
/* { .rip = 0x401000, … } behind &(seL4_UserContext), or &regs. */
bool context_read(struct c *c, char *text, word_t context[USER_CONTEXT_FIELDS]);
/* Whether libsel4utils has such a function of a context; *ok: it could be done. */
bool context_function(struct c *c, const char *function, const struct c_arguments *args, bool *ok);
/* Whether a variable may be called so. */
bool c_may_assign(struct c *c, const char *name);
/* Calls `each` with every function that can be typed. */
void c_function_names(const struct world *w, void (*each)(void *context, const char *name),
                      void *context);

#endif
