/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the files lie that the program needs at run time: include/, lessons/. In a build tree that
 * is the source tree, once installed PREFIX/share/faultline; both have the same layout. */
#ifndef FAULTLINE_WORLD_SHARE_H
#define FAULTLINE_WORLD_SHARE_H

#include <stdbool.h>
#include <stddef.h>

/* Looks at $FAULTLINE_SHARE, at and above the executable's own directory, and at the directory that
 * was given at build time. False: none of them has the headers. */
bool share_directory(char *path, size_t size);

#endif
