/* SPDX-License-Identifier: BSD-2-Clause */
/* What `faultline lesson WORD …` does besides opening a lesson: list, check, new, print, export, import. */
#ifndef FAULTLINE_COURSE_COURSE_H
#define FAULTLINE_COURSE_COURSE_H

#include <stdbool.h>

/* argv[0] is "lesson". False: the word is none of these; else *status is the exit status. */
bool course_main(int argc, char **argv, int *status);

#endif
