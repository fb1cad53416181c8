/* SPDX-License-Identifier: BSD-2-Clause */
/* What `expect`, goals and their `if` lines say: EXPR, `now EXPR`, `once EVENT`, `never EVENT`,
 * `N times EVENT`, `at least N times EVENT`, where EVENT may be `printed "TEXT"`; several of them with
 * ` and ` between. And EVENT itself, as break and until take it. */
#ifndef FAULTLINE_LESSON_PREDICATE_H
#define FAULTLINE_LESSON_PREDICATE_H

#include "lesson/expr.h"

/* Whether a word begins an EVENT. */
bool is_event_word(const char *word);

/* EVENT from `count` words, all of which must belong to it. */
bool watch_parse(const struct scope *sc, char *const *word, unsigned count, struct watch *out,
                 struct problem *p);

/* Which word is the N of `N times EVENT` or `at least N times EVENT`; the count of words: it is neither. */
struct words;
unsigned predicate_number(const struct words *words);

enum { PREDICATE_SIZE = 2048 };

/* The first of the predicates that ` and ` joins, and where the next begins (NULL: there is none). */
bool predicate_first(const char *text, char one[PREDICATE_SIZE]);
const char *predicate_next(const char *text);

/* Whether the predicate holds, events counted from number `from`. False when it cannot be judged.
 * When it does not hold, p->text says what was found instead. */
bool predicate_judge(const struct scope *sc, const char *text, size_t from, bool *holds,
                     struct problem *p);

/* It will be asked for: its events are counted from now on as they happen. What names nothing yet is counted when
 * it is judged first. */
void predicate_prepare(const struct scope *sc, const char *text, size_t from);

#endif
