/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the files lie that the program needs at run time: include/, lessons/. In a build tree that
 * is the source tree, once installed PREFIX/share/faultline; both have the same layout, but that make
 * puts what it builds for lessons/ into build/lessons/. */
#ifndef FAULTLINE_WORLD_SHARE_H
#define FAULTLINE_WORLD_SHARE_H

#include <stdbool.h>
#include <stddef.h>

/* Finds one shared file, "lessons/02-cap-fault/faulter.elf": in $FAULTLINE_SHARE, in and above the
 * executable's own directory, in the directory that was given at build time. */
bool share_file(const char *name, char *path, size_t size);

/* The directory that has the headers, found in the same way. */
bool share_directory(char *path, size_t size);

#endif
