/* SPDX-License-Identifier: BSD-2-Clause */
/* The words that may stand as code in a lesson's text: commands and their keys, libsel4's words,
 * registers, names of the lesson's machine, and what stands in its scripts and programs. */
#ifndef FAULTLINE_COURSE_KNOWN_H
#define FAULTLINE_COURSE_KNOWN_H

#include "shell/shell.h"

struct known {
    char *text; /* words between blanks */
    size_t size;
    FILE *stream;
};

void known_begin(struct known *k);
void known_end(struct known *k);

/* Adds: what the program knows by itself; the names of a machine; every word of a file. */
void known_add_language(struct known *k, const struct world *w);
void known_add_machine(struct known *k, const struct world *w);
void known_add_file(struct known *k, const char *path);
void known_add(struct known *k, const char *words);

/* The first word of a piece of code that is not known, in `word`; false: all are. */
bool known_lacks(struct known *k, const char *code, size_t length, char *word, size_t size);

#endif
