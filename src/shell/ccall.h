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
};

/* Cuts "a, b(c, d), e" at its commas. */
bool arguments_cut(char *text, struct c_arguments *out, struct problem *p);
/* A call of libsel4 from its name and arguments. */
bool c_fill(struct c *c, const char *name, const struct c_arguments *args, struct c_call *out);
/* Whether a variable may be called so. */
bool c_may_assign(struct c *c, const char *name);
/* Calls `each` with every function that can be typed. */
void c_function_names(const struct world *w, void (*each)(void *context, const char *name),
                      void *context);

#endif
