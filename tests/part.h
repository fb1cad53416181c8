/* SPDX-License-Identifier: BSD-2-Clause */
/* How much of many like cases this run tests: all of them, or with FAULTLINE_PART=K/N each Nth from the Kth
 * on. scripts/test gives a part to the builds after the first, which go through the same code again: what
 * one of them leaves out the first has seen. Nothing is left out altogether where there are N cases. */
#ifndef FAULTLINE_TESTS_PART_H
#define FAULTLINE_TESTS_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

struct part {
    unsigned first, every;
};

static inline struct part part_wanted(void)
{
    struct part part;
    const char *wish = getenv("FAULTLINE_PART");
    if (!wish) return (struct part){ 1, 1 };
    if (sscanf(wish, "%u/%u", &part.first, &part.every) != 2 || part.first < 1 ||
        part.first > part.every) {
        fprintf(stderr, "FAULTLINE_PART=%s: a part is K/N, as 2/4\n", wish);
        exit(1);
    }
    return part;
}

/* Whether the i-th case, from 0, is tested. */
static inline bool part_has(size_t i)
{
    struct part part = part_wanted();
    return i % part.every == part.first - 1;
}

/* So many rounds instead of `count`; one at least. */
static inline unsigned part_of(unsigned count)
{
    unsigned every = part_wanted().every;
    return count < every ? 1 : count / every;
}

/* Whether all is tested: for a single test that is slow and the same in every build. */
static inline bool part_is_whole(void)
{
    return part_wanted().every == 1;
}

#endif
