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

/* Removes it with all that lies in it; 0, or another number. Who is about to end may write into it still. */
static inline int place_remove(const char *place)
{
    char command[300];
    snprintf(command, sizeof command,
             "for i in 1 2 3 4 5 6 7 8 9; do rm -rf %s && exit 0; sleep 1; done; exit 1", place);
    return system(command);
}

#endif
