/* SPDX-License-Identifier: BSD-2-Clause */
/* What the sorts of questions are made with. */
#ifndef FAULTLINE_SHELL_QUIZ_INSIDE_H
#define FAULTLINE_SHELL_QUIZ_INSIDE_H

#include "shell/quiz.h"

/* A question in the making: a machine, chance, and where its text goes. */
struct quiz {
    struct shell shell;
    uint64_t chance;
    FILE *text;
    struct quiz_question *question;
    bool failed; /* a command was refused: this question is none */
};

/* A number below `count`; and from `low` to `high`. */
word_t quiz_chance(struct quiz *q, word_t count);
word_t quiz_between(struct quiz *q, word_t low, word_t high);

/* Does a command in the quiz's machine, silently. What the kernel refuses is done, too; a command that
 * makes no sense fails the question. */
__attribute__((format(printf, 2, 3))) void quiz_do(struct quiz *q, const char *format, ...);
const struct world *quiz_world(const struct quiz *q);
/* Adds to the question's text. */
__attribute__((format(printf, 2, 3))) void quiz_say(struct quiz *q, const char *format, ...);
/* The answer, and why. */
__attribute__((format(printf, 3, 4))) void quiz_answer(struct quiz *q, const char *why,
                                                       const char *format, ...);

struct quiz_kind {
    const char *name;
    void (*make)(struct quiz *q);
};
extern const struct quiz_kind quiz_kinds[]; /* ended by a NULL name */

#endif
