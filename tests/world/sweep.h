/* SPDX-License-Identifier: BSD-2-Clause */
/* Going back to every event one by one and forward again: wherever one comes from, the machine there is the
 * same. What a sweep leaves out when there are many places is even in time; FAULTLINE_SWEEP=all leaves
 * out nothing. */
#ifndef FAULTLINE_TESTS_SWEEP_H
#define FAULTLINE_TESTS_SWEEP_H

#include "world/session.h"

/* A place and the machine as it was there. */
struct swept {
    struct position at;
    uint64_t hash;
};

/* Sweeps a session's events from `first` on, at most `most` places of them. Fails the test that calls it where a hash
 * differs. Returns how many places it went to. */
size_t sweep_events(struct session *s, size_t first, size_t most);
/* The same for places that are given, in order of time. */
void sweep_places(struct session *s, struct swept *list, size_t count);

bool sweep_is_whole(void);

#endif
