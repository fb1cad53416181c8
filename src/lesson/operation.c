/* SPDX-License-Identifier: BSD-2-Clause */
/* What C's binary operators compute on 64-bit words; texts can only be compared. */
#include "lesson/operation.h"

#include <string.h>

enum {
    OR,
    AND,
    BIT_OR,
    BIT_XOR,
    BIT_AND,
    EQ,
    NE,
    LE,
    GE,
    SHL,
    SHR,
    LT,
    GT,
    ADD,
    SUB,
    MUL,
    DIV,
    MOD
};

/* Longer spellings before their beginnings. */
static const struct operation operations[] = {
    { "||", 1, OR },    { "&&", 2, AND },    { "==", 6, EQ },     { "!=", 6, NE },
    { "<<", 8, SHL },   { ">>", 8, SHR },    { "<=", 7, LE },     { ">=", 7, GE },
    { "|", 3, BIT_OR }, { "^", 4, BIT_XOR }, { "&", 5, BIT_AND }, { "<", 7, LT },
    { ">", 7, GT },     { "+", 9, ADD },     { "-", 9, SUB },     { "*", 10, MUL },
    { "/", 10, DIV },   { "%", 10, MOD },
};

const struct operation *operation_at(const char *text)
{
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++)
        if (strncmp(text, operations[i].spelling, strlen(operations[i].spelling)) == 0)
            return &operations[i];
    return NULL;
}

bool operation_decides(const struct operation *o, word_t left)
{
    return o->id == AND ? !left : o->id == OR && left;
}

/* Division by zero does not come here. */
static word_t compute(unsigned id, word_t a, word_t b)
{
    switch (id) {
    case OR: return a || b;
    case AND: return a && b;
    case BIT_OR: return a | b;
    case BIT_XOR: return a ^ b;
    case BIT_AND: return a & b;
    case EQ: return a == b;
    case NE: return a != b;
    case LT: return a < b;
    case GT: return a > b;
    case LE: return a <= b;
    case GE: return a >= b;
    case SHL: return b < 64 ? a << b : 0;
    case SHR: return b < 64 ? a >> b : 0;
    case ADD: return a + b;
    case SUB: return a - b;
    case MUL: return a * b;
    case DIV: return a / b;
    default: return a % b;
    }
}

static bool set_word(struct value *out, word_t word)
{
    *out = (struct value){ .word = word };
    return true;
}

bool operation_apply(const struct operation *o, const struct value *a, const struct value *b,
                     bool skip, struct value *out, struct problem *p)
{
    bool any_text = a->is_text || b->is_text;
    bool by_zero = !any_text && (o->id == DIV || o->id == MOD) && b->word == 0;
    if (skip && (any_text || by_zero)) return set_word(out, 0);
    if (by_zero) return problem_set(p, "", "division by zero");
    if (!any_text) return set_word(out, compute(o->id, a->word, b->word));
    if (o->id != EQ && o->id != NE)
        return problem_set(p, "== and != compare text", "text has no such operator");
    if (a->is_text != b->is_text)
        return problem_set(p, "states, types and rights are text: \"blocked on recv\"",
                           "text and a number are compared: `%s` with %#llx",
                           a->is_text ? a->text : b->text,
                           (unsigned long long)(a->is_text ? b->word : a->word));
    return set_word(out, (strcmp(a->text, b->text) == 0) == (o->id == EQ));
}
