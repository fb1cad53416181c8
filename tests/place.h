/* SPDX-License-Identifier: BSD-2-Clause */
/* A folder of a test's own, with a name that no other process has: tests of several checkouts may run at
 * once. */
#ifndef FAULTLINE_TESTS_PLACE_H
#define FAULTLINE_TESTS_PLACE_H

#include <stdio.h>
#include <stdlib.h>

enum { PLACE_SIZE = 64 };

/* Makes it; 0, or -1. `name` is for people who find one that was left. */
static inline int place_make(char place[PLACE_SIZE], const char *name)
{
    snprintf(place, PLACE_SIZE, "/tmp/faultline-%.20s-XXXXXX", name);
    return mkdtemp(place) ? 0 : -1;
}

/* Removes it with all that lies in it; 0, or another number. */
static inline int place_remove(const char *place)
{
    char command[300];
    snprintf(command, sizeof command, "rm -rf %s", place);
    return system(command);
}

#endif
