/* SPDX-License-Identifier: BSD-2-Clause */
/* C's binary operators: spelling, precedence and what they compute (operation.c). */
#ifndef FAULTLINE_LESSON_OPERATION_H
#define FAULTLINE_LESSON_OPERATION_H

#include "lesson/expr.h"

/* A row of the table. */
struct operation {
    char spelling[3];
    uint8_t level; /* of precedence: higher ones bind tighter */
    uint8_t id;
};

/* The operator at the start of a text; NULL: there is none. */
const struct operation *operation_at(const char *text);
/* Whether the left side alone decides (&&, ||), so that the right one is not evaluated. */
bool operation_decides(const struct operation *o, word_t left);
/* Words, or texts by == and !=. With `skip` nothing can fail: the result is not used. */
bool operation_apply(const struct operation *o, const struct value *a, const struct value *b,
                     bool skip, struct value *out, struct problem *p);

#endif
