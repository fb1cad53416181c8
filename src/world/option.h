/* SPDX-License-Identifier: BSD-2-Clause */
/* Options of the command line, as all of the program's commands read them. */
#ifndef FAULTLINE_WORLD_OPTION_H
#define FAULTLINE_WORLD_OPTION_H

#include <stdbool.h>
#include <stdint.h>

/* The value of an option, given as --name=value or --name value ("" when there is none); NULL when
 * argv[*i] is another one. */
const char *option_value(int argc, char **argv, int *i, const char *name);

/* A number; a size, which may have a unit K, M or G. */
bool option_number(const char *text, uint64_t *out);
bool option_size(const char *text, uint64_t *out);

/* Takes --plain and --color out, for verbs that say the same in any form. */
void options_drop_form(int *argc, char **argv);

#endif
