/* SPDX-License-Identifier: BSD-2-Clause */
/* Walks as lists, and cutting a failing one down: pieces of half the length, of a quarter, … are left
 * out as long as it goes wrong for the same reason (delta debugging); then words become 0 where that
 * changes nothing. What is left cannot lose an operation. */
#include <stdlib.h>
#include <string.h>

#include "walk/walk.h"

void walk_add(struct walk *walk, const struct op *op)
{
    if (walk->count == walk->room) {
        walk->room = walk->room ? 2 * walk->room : 256;
        walk->op = realloc(walk->op, walk->room * sizeof *walk->op);
        if (!walk->op) abort();
    }
    walk->op[walk->count++] = *op;
}

void walk_free(struct walk *walk)
{
    free(walk->op);
    *walk = (struct walk){ 0 };
}

size_t walk_play(struct machine *m, const struct walk *walk, const char **wrong)
{
    machine_reset(m);
    for (size_t i = 0; i < walk->count; i++)
        if ((*wrong = machine_do(m, &walk->op[i]))) return i;
    *wrong = NULL;
    return walk->count;
}

/* Reasons are texts of the one who checks. */
static bool goes_wrong(struct machine *m, const struct walk *walk, const char *reason)
{
    const char *wrong;
    walk_play(m, walk, &wrong);
    return wrong && strcmp(wrong, reason) == 0;
}

/* Leaves [from, from + count) out for good, if it still goes wrong without. */
static bool leave_out(struct machine *m, struct walk *walk, size_t from, size_t count,
                      const char *reason)
{
    struct walk less = { .op = malloc(walk->count * sizeof *less.op) };
    if (!less.op) abort();
    less.count = walk->count - count;
    memcpy(less.op, walk->op, from * sizeof *less.op);
    memcpy(less.op + from, walk->op + from + count, (less.count - from) * sizeof *less.op);
    bool wrong = goes_wrong(m, &less, reason);
    if (wrong) {
        memcpy(walk->op, less.op, less.count * sizeof *less.op);
        walk->count = less.count;
    }
    free(less.op);
    return wrong;
}

/* One round with pieces of this size; whether anything went. */
static bool cut(struct machine *m, struct walk *walk, size_t piece, const char *reason)
{
    bool any = false;
    for (size_t at = 0; at < walk->count;) {
        size_t count = piece < walk->count - at ? piece : walk->count - at;
        if (leave_out(m, walk, at, count, reason))
            any = true;
        else
            at += count;
    }
    return any;
}

static void try_zero(struct machine *m, struct walk *walk, word_t *word, const char *reason)
{
    word_t before = *word;
    if (!before) return;
    *word = 0;
    if (!goes_wrong(m, walk, reason)) *word = before;
}

static void make_plainer(struct machine *m, struct walk *walk, const char *reason)
{
    for (size_t i = 0; i < walk->count; i++) {
        struct op *op = &walk->op[i];
        if (op->kind == OP_MESSAGE && op->caps) {
            uint8_t caps = op->caps;
            op->caps = 0;
            if (!goes_wrong(m, walk, reason)) op->caps = caps;
        }
        for (unsigned a = 0; a < OP_ARGS; a++) try_zero(m, walk, &op->arg[a], reason);
        if (op->kind == OP_MESSAGE) try_zero(m, walk, &op->label, reason);
    }
}

void walk_shrink(struct machine *m, struct walk *walk, const char *reason)
{
    const char *wrong;
    m->thorough = true;
    size_t at = walk_play(m, walk, &wrong);
    if (!wrong || strcmp(wrong, reason) != 0) return;
    walk->count = at + 1;
    for (size_t piece = walk->count / 2; piece > 1; piece /= 2) cut(m, walk, piece, reason);
    while (cut(m, walk, 1, reason)) continue;
    make_plainer(m, walk, reason);
    while (cut(m, walk, 1, reason)) continue;
}
