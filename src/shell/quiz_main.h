/* SPDX-License-Identifier: BSD-2-Clause */
/* The quiz for whoever is asked: at the prompt (`quiz`, `answer`), or by `faultline quiz`. */
#ifndef FAULTLINE_SHELL_QUIZ_MAIN_H
#define FAULTLINE_SHELL_QUIZ_MAIN_H

#include "shell/quiz.h"

/* An answer to the open question of the quiz; false: there is none. */
bool quiz_answered(struct shell *sh, const char *text);
/* Of the next question, if none is given: each sitting of a person has a series of its own. */
uint64_t quiz_seed(const struct shell *sh);

/* argv[0] is "quiz". Returns the exit status. */
int quiz_main(int argc, char **argv);

#endif
