/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that are written whole or not at all: what was there stays until the new text is on the disk. */
#ifndef FAULTLINE_WORLD_WHOLE_H
#define FAULTLINE_WORLD_WHOLE_H

#include <stdbool.h>
#include <stdio.h>

struct whole {
    FILE *out;
    char path[1024], beside[1040]; /* beside: where it grows; "" when it is written in place */
};

/* Begins to write; false: errno says why not. Pipes, terminals and devices are written in place. */
bool whole_begin(struct whole *w, const char *path);
/* Ends; false: errno says why not, and what was there before is there still. */
bool whole_end(struct whole *w);

#endif
